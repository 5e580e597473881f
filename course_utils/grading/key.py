"""The key: what only the grader keeps, and how it is written and read.

key/key.json          course, lessons, exercises, the secret seed, the variants
key/notebooks/        the student notebooks as they were released
key/hidden/           the hidden checks
key/reference/        the course's answers, by cell id
"""

import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

FILE = "key.json"


@dataclass(frozen=True)
class Exercise:
    """One thing that earns points.

    Attributes:
        name: String, unique in the lesson.
        title: String, its heading.
        kind: `"exercise"`, `"assignment"` or `"text"`.
        points: Number, what it can earn.
        practice: Boolean; what it earns is shown and does not count.
        answers: List of strings, the ids of the cells that a student fills in.
        checks: List of strings, the ids of the check cells.
    """

    name: str
    title: str
    kind: str
    points: float
    practice: bool
    answers: list
    checks: list


@dataclass(frozen=True)
class Lesson:
    """What the key knows about one lesson.

    Attributes:
        name: String, such as `"04_dense_bottleneck"`.
        exercises: List of `Exercise`, in the order of the notebook.
        notebook: `Path` of the notebook as it was released, without variants.
        hidden: `Path` of the hidden checks, empty if there are none.
        reference: `Path` of the course's answers, a JSON dict by cell id.
    """

    name: str
    exercises: list
    notebook: Path
    hidden: Path
    reference: Path

    @property
    def points(self):
        """What the lesson can earn, practice apart."""
        return sum(each.points for each in self.exercises if not each.practice)


@dataclass(frozen=True)
class Key:
    """A whole key.

    Attributes:
        folder: `Path`.
        course: String, the name of the course.
        made: String, the day on which it was made.
        version: String, the version of the kit that made it.
        seed: String, 64 hexadecimal digits that nobody else knows.
        lessons: Dict from the name of a lesson to its `Lesson`.
        students: Dict from a student to a list of other names of that student; the
            first is the one for humans.
        variants: Dict from a student to a dict from a lesson to a dict of parameters.
    """

    folder: Path
    course: str
    made: str
    version: str
    seed: str
    lessons: dict
    students: dict
    variants: dict

    @classmethod
    def load(cls, folder):
        """Reads a key.

        Args:
            folder: `Path` or string.

        Returns:
            `Key`.

        Raises:
            ValueError: If the folder holds no key that can be read.
        """
        folder = Path(folder)
        try:
            stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
            lessons = {
                name: _lesson(folder, name, each)
                for name, each in stored.pop("lessons").items()
            }
            return cls(folder=folder, lessons=lessons, **stored)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"Expected the key that `assign` wrote. Received: {folder} ({error})"
            ) from None

    def save(self):
        """Writes `key.json` in one step; only its owner can read it."""
        stored = {name: getattr(self, name) for name in self.__dataclass_fields__}
        del stored["folder"]
        stored["lessons"] = {
            name: _stored(self.folder, each) for name, each in self.lessons.items()
        }
        half = self.folder / f".{FILE}.{os.getpid()}"
        half.touch(mode=0o600)
        half.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        os.replace(half, self.folder / FILE)

    def find(self, name):
        """Returns the student of the roster who has this name or number, or None.

        Args:
            name: String, what the roster calls the student in any of its columns.
        """
        if name in self.students:
            return name
        owners = [each for each, names in self.students.items() if name in names]
        return owners[0] if len(owners) == 1 else None

    def name(self, student):
        """Returns what a human calls a student: the roster's column `name`."""
        return next(iter(self.students[student]), student)

    def parameters(self, student, lesson):
        """Returns the parameters that a student was given in a lesson.

        Args:
            student: String, any name that `find` knows.
            lesson: String.

        Returns:
            Dict from names to numbers or strings; empty without a variant.
        """
        return dict(self.variants.get(self.find(student), {}).get(lesson, {}))

    def digest(self, *names):
        """Returns 32 bytes that only the seed and these names determine.

        Args:
            *names: Strings, such as student, lesson and exercise.
        """
        message = json.dumps(names).encode()
        return hmac.digest(bytes.fromhex(self.seed), message, hashlib.sha256)

    def rng(self, *names):
        """Returns a `numpy.random.Generator` seeded by `digest`."""
        return np.random.default_rng(int.from_bytes(self.digest(*names)))


def file_name(name):
    """Returns a name that every file system takes, a different one for each name.

    Args:
        name: String, whatever a student is called.
    """
    safe = quote(name, safe=" ").replace(".", "%2E").replace("~", "%7E")
    if len(safe) > 100:
        safe = f"{safe[:60]} {hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return safe or "%"


def _lesson(folder, name, stored):
    return Lesson(
        name=name,
        exercises=[Exercise(**each) for each in stored["exercises"]],
        notebook=folder / stored["notebook"],
        hidden=folder / stored["hidden"],
        reference=folder / stored["reference"],
    )


def _stored(folder, lesson):
    paths = {
        name: getattr(lesson, name).relative_to(folder).as_posix()
        for name in ("notebook", "hidden", "reference")
    }
    return {"exercises": [asdict(each) for each in lesson.exercises], **paths}

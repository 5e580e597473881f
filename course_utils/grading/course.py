"""What an instructor chose: a small TOML file, and the roster.

name = "Autoencoders, autumn"
count_public = false     # whether exercises whose answer the kit shows count

[lessons.06_denoising]
exercises = ["occlude", "restore"]      # by default all
points = { restore = 10 }

[[lessons.06_denoising.questions]]      # answered in words, marked by a human
name = "why_noise"
title = "Why does noise help?"
text = "Explain it in two sentences."
points = 2
"""

import csv
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

QUESTION = {"name": str, "title": str, "text": str, "points": (int, float)}
CHOICE = {
    "exercises": list,
    "points": dict,
    "questions": list,
    "count_public": bool,
}


@dataclass(frozen=True)
class Choice:
    """What was chosen for one lesson.

    Attributes:
        exercises: List of the names that count, or None for all.
        points: Dict from names to numbers, where they differ from the lesson's.
        questions: List of dicts with name, title, text and points.
        count_public: Boolean, whether exercises count whose answer is in the kit.
    """

    exercises: list | None = None
    points: dict = field(default_factory=dict)
    questions: list = field(default_factory=list)
    count_public: bool = False


@dataclass(frozen=True)
class Course:
    """What was chosen for a course.

    Attributes:
        name: String.
        lessons: Dict from the name of a lesson to its `Choice`.
        count_public: Boolean, for the lessons that do not say.
    """

    name: str = "Autoencoders"
    lessons: dict = field(default_factory=dict)
    count_public: bool = False

    def choice(self, lesson):
        """Returns the `Choice` for a lesson, chosen or by default."""
        return self.lessons.get(lesson, Choice(count_public=self.count_public))


def read(path):
    """Reads the TOML file.

    Args:
        path: `Path`.

    Returns:
        `Course`.

    Raises:
        ValueError: If a word or a type in it is not known.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"Expected TOML. Received: {path}: {error}") from None
    known = {"name": str, "count_public": bool, "lessons": dict}
    _expect(path, found, known)
    default = found.get("count_public", False)
    lessons = {}
    for name, chosen in found.pop("lessons", {}).items():
        _expect(path, chosen, CHOICE)
        for question in chosen.get("questions", []):
            _expect(path, question, QUESTION, all_of_them=True)
        for points in chosen.get("points", {}).values():
            _expect(path, {"points": points}, QUESTION)
        lessons[name] = Choice(**{"count_public": default} | chosen)
    return Course(**found, lessons=lessons)


def read_roster(path):
    """Reads the students of a course.

    Args:
        path: `Path` of a CSV file with a column `student`, and perhaps `name`. What
            stands in the other columns (number, e-mail) are other names of the same
            student, by which a submission or a gradebook is found.

    Returns:
        Dict from a student to the list of the other names, the human's first.

    Raises:
        ValueError: If the column is missing, or a student is there twice.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for row in rows:
        student = (row.pop("student", None) or "").strip()
        if not student or student in found:
            raise ValueError(
                "Expected a column 'student' with a different name in each row. "
                f"Received: {student!r} in {path}"
            )
        human = (row.pop("name", None) or "").strip() or student
        texts = [text.strip() for text in row.values() if isinstance(text, str)]
        found[student] = [human, *(text for text in texts if text)]
    return found


def resolve(name, folder):
    """Returns the full name of a lesson, given `06_denoising` or `06`.

    Args:
        name: String.
        folder: `Path` with the notebooks.

    Raises:
        ValueError: If there is no such lesson.
    """
    stem = Path(name).name.removesuffix(".ipynb")
    names = [path.stem for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]
    for found in names:
        if stem in (found, found[:2]):
            return found
    raise ValueError(f"Expected one of {', '.join(names)}. Received: {name}")


def _expect(path, found, known, all_of_them=False):
    if not isinstance(found, dict):
        raise ValueError(f"Expected a table in {path}. Received: {found!r}")
    for name, value in found.items():
        types = known.get(name)
        number = types == QUESTION["points"]
        bad = types is None or not isinstance(value, types)
        if bad or (number and (isinstance(value, bool) or not 0 <= value < 1e6)):
            raise ValueError(
                f"Expected {', '.join(known)} of the right kind in {path}. "
                f"Received: {name} = {value!r}"
            )
    if all_of_them and set(known) - set(found):
        missing = ", ".join(sorted(set(known) - set(found)))
        raise ValueError(f"Expected {missing} in each question of {path}.")

"""Results on disk: one file per student and lesson, whole or not there at all."""

import contextlib
import csv
import hashlib
import io
import json
import os
from importlib.metadata import version
from pathlib import Path

from course_utils.grading import lms
from course_utils.grading.key import file_name

COLUMNS = ("student", "name", "lesson", "state", "points", "out_of", "detail")


class Grades:
    """The folder that `grade` writes.

    Args:
        folder: `Path`.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def path(self, student, lesson):
        """Returns where the result of a student in a lesson stands."""
        return self.folder / "results" / file_name(student) / f"{lesson}.json"

    def feedback(self, student):
        """Returns where the page of a student stands."""
        return self.folder / "feedback" / f"{file_name(student)}.html"

    def read(self, student, lesson):
        """Returns a result, or None if there is none that can be read."""
        try:
            text = self.path(student, lesson).read_text(encoding="utf-8")
            return json.loads(text)
        except (OSError, ValueError):
            return None

    def write(self, result):
        """Writes a result in one step."""
        path = self.path(result["student"], result["lesson"])
        replace_file(path, json.dumps(result, indent=1, sort_keys=True) + "\n")

    def all(self):
        """Yields all results, by student and lesson."""
        for path in sorted((self.folder / "results").glob("*/*.json")):
            yield json.loads(path.read_text(encoding="utf-8"))

    def note_seconds(self, student, lesson, seconds):
        """Appends how long one result took; kept apart, for it never repeats."""
        with (self.folder / "seconds.csv").open("a", newline="") as file:
            csv.writer(file).writerow([lms.guarded(student), lesson, f"{seconds:.2f}"])

    def write_table(self, results):
        """Writes `table.csv`: a line for each student and lesson.

        Args:
            results: List of results.
        """
        rows = [[_cell(result[each]) for each in COLUMNS] for result in results]
        replace_file(self.folder / "table.csv", csv_text([COLUMNS, *rows]))


def replace_file(path, text):
    """Writes a file in one step: a reader sees the old one or the new one.

    Unlike `data.cache.write_atomically` it serves several threads, and what a kill
    leaves half done has one name, which the next run takes again.

    Args:
        path: `Path`; its folder is made.
        text: String.

    Raises:
        OSError: If it cannot be written; then nothing has changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    try:
        with half.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    except OSError:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise


def totals(exercises):
    """Returns what the exercises of a result add up to, practice apart.

    Args:
        exercises: List of dicts, as a result stores them.

    Returns:
        Dict with `points`, and with `pending`: how many answers wait for marks.
    """
    counted = [each["points"] for each in exercises if not each["practice"]]
    pending = sum(each.get("pending", False) for each in exercises)
    return {"points": round(sum(counted), 6), "pending": pending}


def _cell(value):
    return lms.guarded(value) if isinstance(value, str) else value


def csv_text(rows):
    """Returns rows as CSV."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def inputs(key, handed, lesson, isolation, limits):
    """Returns a digest of all that a result depends on.

    Args:
        key: `Key`.
        handed: `Handed`.
        lesson: `Lesson`.
        isolation: `Isolation`.
        limits: `Limits`.

    Returns:
        String; when it changes, the submission is graded anew.
    """
    files = [key.folder / "key.json", lesson.notebook, lesson.hidden]
    parts = [handed.data or b"", repr(limits).encode(), isolation.level.encode()]
    parts += [handed.problem.encode(), handed.note.encode()]
    parts += [version("autoencoder-course").encode()]
    parts += [path.read_bytes() for path in files]
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(digests).hexdigest()

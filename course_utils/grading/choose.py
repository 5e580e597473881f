"""Chooses which of a student's files is the notebook of a lesson."""

import json
from dataclasses import dataclass

from course_utils.grading import parse, variants
from course_utils.grading.names import names
from course_utils.grading.opening import UnreadableError


@dataclass(frozen=True)
class Handed:
    """What one student handed in for one lesson, read but not yet understood.

    Attributes:
        student: String that identifies the student.
        name: String, what a human calls the student.
        data: Bytes of the notebook, or None if there is none that can be read.
        problem: String, why there is none although there are files; or "".
        note: String, what a human should know; or "".
    """

    student: str
    name: str
    data: bytes | None = None
    problem: str = ""
    note: str = ""


def choose(submission, lesson, key):
    """Reads the newest copy of a student's notebook of a lesson.

    The file's name decides; if it names no lesson, the cells inside do.

    Args:
        submission: `Submission`.
        lesson: `Lesson` of the key.
        key: `Key`.

    Returns:
        `Handed`.
    """
    files = _of(lesson, submission.files, key)
    files.sort(key=lambda file: (file.copy, file.name))
    problems, others = [], len(files) - 1
    for file in reversed(files):
        try:
            data = file.read()
            parse.notebook(data)
        except UnreadableError as error:
            problems.append(f"{file.name}: {error}")
        else:
            notes = [f"of {others + 1} files, {file.name} counts"] if others else []
            return _handed(submission, data, note="; ".join(notes + problems))
    if not files and submission.files:
        problems = [f"{file.name}: {_why_not(file)}" for file in submission.files]
        problems = [each for each in problems if not each.endswith(": ")]
    return _handed(submission, None, problem="; ".join(problems[:3]))


def pristine(lesson, parameters):
    """Reads the notebook that a student was given.

    Args:
        lesson: `Lesson` of the key.
        parameters: Dict, the student's variant.

    Returns:
        Dict from the id of a cell to its `Cell`, in order.
    """
    stored = json.loads(lesson.notebook.read_text(encoding="utf-8"))
    given = json.dumps(variants.applied(stored, parameters)).encode()
    return {cell.id: cell for cell in parse.notebook(given)}


def _handed(submission, data, problem="", note=""):
    return Handed(submission.student, submission.name, data, problem, note)


def _of(lesson, files, key):
    notebooks = [file for file in files if file.is_notebook]
    named = [file for file in notebooks if lesson.name in file.name]
    if named:
        return named
    others = [name for name in key.lessons if name != lesson.name]
    nameless = [
        file for file in notebooks if not any(name in file.name for name in others)
    ]
    if not others:
        return nameless
    return [file for file in nameless if _best(file, key) in (lesson.name, None)]


def _best(file, key):
    """Returns the lesson whose cells a file holds, or None if it cannot be read."""
    try:
        cells = parse.notebook(file.read())
    except UnreadableError:
        return None
    ids = {cell.id for cell in cells}
    defined = {name for cell in cells for name in names(cell.source).defines}

    def likeness(lesson):
        own = {i for each in lesson.exercises for i in each.answers + each.checks}
        return len(own & ids) + len(defined & {e.name for e in lesson.exercises})

    scores = {name: likeness(lesson) for name, lesson in key.lessons.items()}
    best = max(scores, key=scores.get)
    return best if scores[best] else ""


def _why_not(file):
    """Says why a file is no notebook of any lesson, or "" if it is another's."""
    if file.is_notebook:
        return ""
    try:
        file.read()
    except UnreadableError as error:
        return str(error)
    return "expected a notebook (.ipynb)"

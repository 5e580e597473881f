"""Finds who handed in what, in the layouts that teachers download.

    submissions/jane/04_dense_bottleneck.ipynb                  a folder per student
    submissions/jane.zip                                        a zip per student
    submissions/doejane_123_456_04_dense_bottleneck-1.ipynb     Canvas
    submissions/Jane Doe_123_assignsubmission_file_/04_...      Moodle

or all of that in one zip. Names are only data: nothing is written where they point.
"""

import os
import re
import weakref
from dataclasses import dataclass
from pathlib import Path

from course_utils.grading import opening
from course_utils.grading.opening import UnreadableError

CANVAS = re.compile(
    r"(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)", re.S
)
MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_file_?(?P<file>.*)", re.S
)
COPY = re.compile(r"(?:-Copy|-| \()(\d{1,4})\)?\Z")
IGNORED = ("__MACOSX", "Thumbs.db", "desktop.ini")
DEPTH = 5


@dataclass(frozen=True)
class File:
    """One file that a student handed in.

    Attributes:
        name: String, its own name.
        read: Function without arguments that returns its bytes, or raises
            `UnreadableError`.
    """

    name: str
    read: object

    @property
    def is_notebook(self):
        """Whether it calls itself a notebook."""
        return self.name.lower().endswith(".ipynb")

    @property
    def copy(self):
        """The number that Canvas, Jupyter or a browser gave to a later copy."""
        match = COPY.search(self.name.rpartition(".")[0])
        return int(match[1]) if match else 0


@dataclass(frozen=True)
class Submission:
    """All that one student handed in.

    Attributes:
        student: String, the number or name that identifies the student.
        name: String, what a human calls the student.
        files: Tuple of `File`.
    """

    student: str
    name: str
    files: tuple


def collect(source, key=None):
    """Finds all students and their files, sorted; opens only zips.

    Args:
        source: `Path` of a folder or a zip.
        key: `Key`, whose roster says who is who and who handed in nothing, or None.

    Returns:
        List of `Submission`, one per student.

    Raises:
        ValueError: If there is no such folder or zip.
    """
    source = Path(source)
    entries = _folder(source) if source.is_dir() else _class_zip(source)
    found = {}
    for parts, read in entries:
        aliases, name, file = _owner([printable(part) for part in parts])
        student = _student(key, aliases)
        found.setdefault(student, (name, []))[1].extend(_files(file, read))
    for student in key.students if key else ():
        name = key.name(student)
        found[student] = name, found.get(student, (name, []))[1]
    return [
        Submission(student, name, tuple(sorted(files, key=lambda file: file.name)))
        for student, (name, files) in sorted(found.items())
    ]


def printable(name):
    """Returns a file name without the half characters that no text file can hold."""
    data = os.fsencode(name) if isinstance(name, str) else name
    return data.decode("utf-8", "backslashreplace")


def _student(key, aliases):
    """Returns what the roster calls a student, else the first alias."""
    known = [key.find(alias) for alias in aliases] if key else []
    return next((student for student in known if student is not None), aliases[0])


def _owner(parts):
    """Returns (names of the student, name for humans, the file's own name)."""
    first, last = parts[0], parts[-1]
    for layout in (MOODLE, CANVAS):
        match = layout.fullmatch(first)
        if match:
            file = last if len(parts) > 1 else match["file"]
            return [match["number"], match["name"]], match["name"], file
    if len(parts) > 1:
        return [first], first, last
    stem = first.removesuffix(".ipynb").removesuffix(".zip")
    return [stem], stem, first


def _files(name, read):
    """Returns the files of one entry: itself, or the members of a student's zip."""
    if not name.lower().endswith(".zip"):
        return [File(name, read)] if name else []
    try:
        archive = opening.Archive.of(read(opening.ZIP_BYTES))
    except UnreadableError as error:
        return [File(name, _refusing(str(error)))]
    return [
        File(_split(member)[-1], _member(archive, member))
        for member in archive.members
        if not _ignored(_split(member))
    ]


def _folder(root):
    """Yields (parts, read) of every file, and (parts, None) of empty folders."""
    waiting = [(root, ())]
    while waiting:
        folder, parts = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield (*parts, ""), _refusing(f"a folder that cannot be read: {error}")
            continue
        for entry in entries:
            inner = (*parts, entry.name)
            if _ignored(inner) or (not parts and _is_other_file(entry)):
                continue
            if entry.is_dir(follow_symlinks=False) and len(inner) <= DEPTH:
                waiting.append((Path(entry.path), inner))
                if not parts:
                    yield (*inner, ""), None
            else:
                yield inner, _on_disk(Path(entry.path))


def _is_other_file(entry):
    """Tells whether a file beside the students' is none of theirs, as a README."""
    ours = entry.name.lower().endswith((".ipynb", ".zip"))
    known = CANVAS.fullmatch(entry.name) or MOODLE.fullmatch(entry.name)
    return not (ours or known or entry.is_dir() or entry.is_symlink())


def _class_zip(path):
    try:
        file = opening.open_file(path)
        archive = opening.Archive(file, opening.CLASS_DIRECTORY_BYTES)
        weakref.finalize(archive, file.close)
    except UnreadableError as error:
        raise ValueError(
            f"Expected a folder or a zip with submissions. Received: {path} ({error})"
        ) from None
    names = {name: _split(name) for name in archive.members}
    names = {name: parts for name, parts in names.items() if not _ignored(parts)}
    roots = {parts[0] for parts in names.values()}
    skip = roots in ({"submissions"}, {path.stem})
    for name, parts in names.items():
        if parts[skip:]:
            yield parts[skip:], _member(archive, name)


def _split(name):
    return tuple(part for part in name.replace("\\", "/").split("/") if part) or ("?",)


def _ignored(parts):
    hidden = any(part.startswith(".") and part.strip(".") for part in parts)
    return hidden or any(part in IGNORED for part in parts)


def _on_disk(path):
    return lambda cap=opening.NOTEBOOK_BYTES: opening.read_file(path, cap)


def _member(archive, name):
    return lambda cap=opening.NOTEBOOK_BYTES: archive.read(name, cap)


def _refusing(why):
    def read(cap=None):
        raise UnreadableError(why)

    return read

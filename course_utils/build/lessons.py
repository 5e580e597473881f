"""Reads all lessons, and says which notebooks each should have."""

from dataclasses import dataclass
from pathlib import Path

from course_utils.build import exercises, notebooks, source, stubs


@dataclass(frozen=True)
class Folders:
    """Where the sources and solved notebooks are, and where the students' go.

    Attributes:
        solutions: `Path`.
        notebooks: `Path`.
        repository: String, where the course is published: lessons open on Google
            Colab from there. Without it, they have neither link nor set-up cell.
    """

    solutions: Path
    notebooks: Path
    repository: str = ""

    def sources(self):
        """Returns the paths of all sources, sorted."""
        return sorted(self.solutions.glob("[0-9][0-9]_*.py"))

    def pair(self, name):
        """Returns the paths of the student's and the solved notebook of a lesson."""
        return self.notebooks / f"{name}.ipynb", self.solutions / f"{name}.ipynb"


@dataclass(frozen=True)
class Lesson:
    """A lesson that was read without a mistake, and what should be built from it."""

    source: source.Source
    student: object
    solved: object

    @property
    def name(self):
        """The lesson, such as `"04_dense_bottleneck"`."""
        return self.source.name


def read(folders, wanted=(), known=None):
    """Reads the sources; those with a mistake are left out and named.

    Args:
        folders: `Folders`.
        wanted: Names or numbers of lessons; all if empty.
        known: Set of strings, the checks that exist, or None.

    Returns:
        Pair of a list of `Lesson` and a list of messages.
    """
    known = exercises.known_checks() if known is None else known
    lessons, problems, owners = [], [], {}
    paths = folders.sources()
    problems += [
        f"Expected the name of a lesson. Received: {name}"
        for name in wanted
        if not any(_is_wanted(path, [name]) for path in paths)
    ]
    for path in paths:
        try:
            lesson = _read_one(path, known, owners, folders.repository)
        except source.LessonError as error:
            if _is_wanted(path, wanted):
                problems.append(str(error))
        else:
            if _is_wanted(path, wanted):
                lessons.append(lesson)
    return lessons, problems


def _is_wanted(path, wanted):
    stems = [Path(name).name.removesuffix(".py") for name in wanted]
    return not stems or any(stem in (path.stem, path.stem[:2]) for stem in stems)


def _read_one(path, known, owners, repository):
    read = source.read(path)
    found = exercises.find(read, known)
    blanks = {}
    for exercise in found:
        for name in exercise.names:
            if name in owners:
                cell = read.cells[exercise.answers[0]]
                message = f"the exercise name {name} is used in {owners[name]} too"
                raise read.error(cell, cell.regions[0][0], message)
        owners.update(dict.fromkeys(exercise.names, path.name))
        blanks |= stubs.stub(read, exercise)
    student = notebooks.student(read, found, blanks, repository)
    return Lesson(read, student, notebooks.solved(read, found, repository))

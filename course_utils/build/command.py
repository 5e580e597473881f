"""Builds the notebooks that need it, or tells which do."""

import sys
import time

from course_utils.build import colab, execute, freshness, lessons, notebooks


def build(folders, wanted=(), *, force=False, known=None):
    """Writes both notebooks of each lesson; executes those whose code changed.

    A lesson that fails keeps its old notebooks and does not stop the others.

    Args:
        folders: `Folders`.
        wanted: Names or numbers of lessons; all if empty.
        force: Boolean, whether to execute again what did not change.
        known: Set of strings, the checks that exist; by default those of
            `course_utils.checks`.

    Returns:
        Integer exit code: 0 if all were built, 1 otherwise.
    """
    found, problems = lessons.read(folders, wanted, known)
    for lesson in found:
        try:
            _build(folders, lesson, force)
        except execute.CellFailedError as error:
            problems.append(_failure(lesson, error))
    return _report(problems)


def check(folders, wanted=(), *, known=None):
    """Tells which notebooks are stale, and executes nothing.

    Args:
        folders: `Folders`.
        wanted: Names or numbers of lessons; all if empty.
        known: Set of strings, the checks that exist; by default those of
            `course_utils.checks`.

    Returns:
        Integer exit code: 0 if everything is fresh, 1 otherwise.
    """
    found, problems = lessons.read(folders, wanted, known)
    for lesson in found:
        problems += freshness.stale(folders, lesson)
    if not wanted:
        problems += freshness.strays(folders)
    return _report(problems)


def _build(folders, lesson, force):
    student_path, solved_path = folders.pair(lesson.name)
    stored = notebooks.load(solved_path)
    if force or not freshness.has_outputs_of(stored, lesson.solved):
        done = _run(folders, lesson)
    else:
        done = _with_outputs(lesson.solved, stored)
    for path, notebook in ((solved_path, done), (student_path, lesson.student)):
        if not path.exists() or path.read_bytes() != notebooks.dumps(notebook):
            notebooks.save(path, notebook)


def _run(folders, lesson):
    name, total = lesson.name, len(lesson.solved.cells)
    live = sys.stdout.isatty()

    def progress(index):
        if live:
            print(f"\r{name}: cell {index + 1}/{total} ", end="", flush=True)

    begin = time.monotonic()
    try:
        done = execute.execute(lesson.solved, folders.solutions, progress)
    finally:
        print("\r\x1b[K" if live else "", end="")
    silent = execute.missing(done)
    if silent is not None:
        raise execute.CellFailedError(silent, "a compared cell shows nothing")
    print(f"{name}: {total} cells in {time.monotonic() - begin:.0f} s", flush=True)
    return done


def _with_outputs(expected, stored):
    pairs = zip(freshness.code_of(expected), freshness.code_of(stored), strict=True)
    for new, old in pairs:
        new.outputs = old.outputs
    return execute.clean(expected)


def _failure(lesson, error):
    if error.index is None:
        return f"{lesson.name}: {error.reason}"
    before = lesson.solved.cells[: error.index]
    index = sum(not colab.is_set_up(cell) for cell in before)
    cell = lesson.source.cells[index]
    where = f"cell {index + 1} of {len(lesson.source.cells)} failed"
    return str(lesson.source.error(cell, 0, f"{where}\n{error.reason}"))


def _report(problems):
    for problem in problems:
        print(problem)
    return 1 if problems else 0

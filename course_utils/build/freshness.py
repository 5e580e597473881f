"""Tells whether built notebooks are those that their source would give."""

import copy

from course_utils.build import colab, execute, notebooks


def stale(folders, lesson):
    """Compares the notebooks of a lesson with its source, without executing.

    Args:
        folders: `Folders`.
        lesson: `Lesson`.

    Returns:
        List of messages, empty if both are fresh.
    """
    student_path, solved_path = folders.pair(lesson.name)
    problems = []
    if not student_path.exists():
        problems.append(f"{_short(student_path)}: not built")
    elif student_path.read_bytes() != notebooks.dumps(lesson.student):
        problems.append(f"{_short(student_path)}: differs from its source")
    stored = notebooks.load(solved_path)
    if stored is None:
        problems.append(f"{_short(solved_path)}: not built, or not a notebook")
    elif notebooks.dumps(_bare(stored)) != notebooks.dumps(lesson.solved):
        problems.append(f"{_short(solved_path)}: differs from its source")
    elif execute.missing(stored) is not None:
        index = execute.missing(stored)
        problems.append(f"{_short(solved_path)}: outputs are missing, cell {index + 1}")
    return problems


def _bare(notebook):
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return bare


def strays(folders):
    """Finds notebooks without a source.

    Args:
        folders: `Folders`.

    Returns:
        List of messages.
    """
    lessons = {path.stem for path in folders.sources()}
    return [
        f"{_short(path)}: has no source solutions/{path.stem}.py"
        for folder in (folders.notebooks, folders.solutions)
        for path in sorted(folder.glob("*.ipynb"))
        if path.stem not in lessons and not path.name.startswith(".")
    ]


def has_outputs_of(stored, expected):
    """Tells whether a stored notebook has the outputs of an expected one.

    Args:
        stored: Executed notebook, or None.
        expected: Notebook from `notebooks.solved`.

    Returns:
        Boolean. Only code counts: prose, cell ids and what the builder adds may differ.
    """
    return (
        stored is not None
        and [cell.source for cell in code_of(stored)]
        == [cell.source for cell in code_of(expected)]
        and execute.missing(stored) is None
    )


def code_of(notebook):
    """Returns the code cells that come from the source of a lesson."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and not colab.is_set_up(cell)
    ]


def _short(path):
    return f"{path.parent.name}/{path.name}"

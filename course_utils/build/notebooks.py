"""Puts the two notebooks of a lesson together, the same bytes every time."""

import hashlib
import os

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from course_utils.build import colab

# Ours, which moves to where graders look; and jupytext's notes on blank lines.
NOT_KEPT = {"points", "lines_to_next_cell", "lines_to_end_of_cell_marker"}
NEW_CELL = {
    "code": new_code_cell,
    "markdown": new_markdown_cell,
    "raw": new_raw_cell,
}


def student(source, exercises, stubs, repository=""):
    """Makes the notebook that a student opens: blanks, and no outputs.

    Args:
        source: `Source`.
        exercises: List of `Exercise` of that source.
        stubs: Dict from the index of a cell to its text.
        repository: String, where the course is published, or "".

    Returns:
        Notebook of nbformat 4.5.
    """
    return _notebook(source, exercises, stubs, repository)


def solved(source, exercises, repository=""):
    """Makes the notebook with solutions, marks included, not executed yet.

    Its metadata store the hash of the source.

    Args:
        source: `Source`.
        exercises: List of `Exercise` of that source.
        repository: String, where the course is published, or "".

    Returns:
        Notebook of nbformat 4.5.
    """
    notebook = _notebook(source, exercises, {}, repository)
    notebook.metadata["course"] = {"source_sha256": source.sha256}
    return notebook


def dumps(notebook):
    """Returns the bytes of a notebook: keys sorted, LF, one newline at the end."""
    return (nbformat.v4.writes_json(notebook) + "\n").encode()


def load(path):
    """Reads a notebook.

    Args:
        path: `Path`.

    Returns:
        Notebook, or None if there is none or it cannot be read.
    """
    try:
        return nbformat.v4.reads_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None


def save(path, notebook):
    """Writes a notebook in one step: a reader sees the old one or the new one.

    Args:
        path: `Path`.
        notebook: Notebook of nbformat 4.5.
    """
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(dumps(notebook))
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)


def _notebook(source, exercises, stubs, repository):
    roles = _roles(exercises)
    counts, cells = {}, []
    for i, cell in enumerate(source.cells):
        if i in roles:
            role, name, metadata = roles[i]
            key = f"{role}:{name}"
        else:
            counts[cell.kind] = counts.get(cell.kind, 0) + 1
            key, metadata = f"{cell.kind}:{counts[cell.kind]}", {}
        plain = {k: v for k, v in cell.metadata.items() if k not in NOT_KEPT}
        made = NEW_CELL[cell.kind](stubs.get(i, cell.text), metadata=plain | metadata)
        made["id"] = _digest(f"{source.name}:{key}")
        cells.append(made)
    if repository:
        cells[0].source += f"\n\n{colab.link(repository, source.name)}"
        made = new_code_cell(colab.set_up(repository), metadata=colab.METADATA)
        made["id"] = _digest(f"{source.name}:{colab.TAG}")
        cells.insert(1, made)
    metadata = {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"file_extension": ".py", "name": "python"},
    }
    return new_notebook(cells=cells, metadata=metadata)


def _roles(exercises):
    """Returns (role, name, metadata) of every answer and check cell by its index."""
    roles = {}
    for exercise in exercises:
        name = exercise.name
        for number, index in enumerate(exercise.answers, 1):
            role = "answer" if number == 1 else f"answer-{number}"
            metadata = {
                "course": _course(exercise, name, exercise.points),
                "nbgrader": _nbgrader(f"{name}-{role}", solution=True),
            }
            roles[index] = role, name, metadata
        for check in exercise.checks:
            name = check.name
            metadata = {
                "course": _course(exercise, name, check.points),
                "nbgrader": _nbgrader(name, grade=True, points=check.points),
            }
            roles[check.index] = "check", name, metadata
    return roles


def _course(exercise, name, points):
    return {
        "kind": exercise.kind,
        "name": name,
        "points": points,
        "title": exercise.title,
    }


def _nbgrader(grade_id, *, solution=False, grade=False, **points):
    return {
        "cell_type": "code",
        "grade": grade,
        "grade_id": grade_id,
        "locked": grade,
        "schema_version": 3,
        "solution": solution,
        "task": False,
        **points,
    }


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]

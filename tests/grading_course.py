"""A tiny course without TensorFlow, its key, and notebooks that students hand in."""

import copy
import json

from course_utils.grading.key import Exercise, Key, Lesson

LESSON = "01_tiny"
CHECKS = """class checks:
    @staticmethod
    def double(answer):
        try:
            right = answer(3.0) == 6.0
        except Exception:
            right = False
        return answer if right else lambda x: 2 * x

    @staticmethod
    def total(answer):
        return lambda x: 2 * x.sum()
"""
DOUBLE = """def double(x):
    # YOUR CODE HERE
    raise NotImplementedError"""
TOTAL = """def total(x):
    # YOUR CODE HERE
    raise NotImplementedError"""
RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "total": "def total(x):\n    return np.sum(double(x))",
    "sizes": "sizes = [2, 4]",
    "why": "**Question 1**\n\nBecause two is enough.",
}
CELLS = [
    ("title", "markdown", "# Tiny"),
    ("import", "code", "import numpy as np"),
    ("checks", "code", CHECKS),
    ("training", "code", "raise RuntimeError('nobody needs this training')"),
    ("double", "code", DOUBLE),
    ("check-double", "code", "double = checks.double(double)"),
    ("total", "code", TOTAL),
    ("check-total", "code", "total = checks.total(total)"),
    ("sizes", "code", "sizes = None  # YOUR CODE HERE"),
    ("why", "markdown", "**Question 1**\n\n*Your answer*"),
]
HIDDEN = """
import numpy as np
from course_utils.grading.requirements import close, leaves_alone, requirement

@requirement("double", "doubles each number", weight=3)
def doubles(student, rng):
    x = rng.normal(size=(4, 3))
    return close(student("double", x, seconds=3), 2 * x, "twice as much")

@requirement("double", "leaves its input alone", weight=1)
def leaves(student, rng):
    return leaves_alone(student, "double", rng.normal(size=3))

@requirement("total", "adds the doubles")
def adds(student, rng):
    x = rng.normal(size=5)
    return close(student("total", x), 2 * x.sum(), "the sum of the doubles")

@requirement("sizes", "are the two sizes")
def sizes(student, rng):
    return close(student.get("sizes"), [2, 4], "count again")
"""
EXERCISES = [
    Exercise("double", "Exercise 1.1: double", "exercise", 4, False, ["double"],
             ["check-double"]),
    Exercise("total", "Exercise 1.2: total", "exercise", 2, False, ["total"],
             ["check-total"]),
    Exercise("sizes", "Exercise 1.3: sizes", "exercise", 1, True, ["sizes"], []),
    Exercise("why", "Question 1: why", "text", 3, False, ["why"], []),
]  # fmt: skip


def notebook(answers=None, **changes):
    """Returns the tiny notebook with some answers filled in.

    Args:
        answers: Dict from ids of cells to sources.
        **changes: Entries of the notebook to replace.

    Returns:
        Dict, as JSON has it.
    """
    answers = answers or {}
    cells = [cell(i, kind, answers.get(i, text)) for i, kind, text in CELLS]
    return {
        "cells": cells,
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    } | changes


def cell(identity, kind, source):
    """Returns one cell as JSON has it."""
    made = {"id": identity, "cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def hand_in(folder, student, answers=None, stored=None):
    """Puts a notebook into a folder of submissions.

    Args:
        folder: `Path`.
        student: String.
        answers: Dict from ids of cells to sources.
        stored: Dict to store instead of the tiny notebook.

    Returns:
        `Path` of the file.
    """
    path = folder / student / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(stored or notebook(answers)))
    return path


def make_key(folder, students=None):
    """Writes the key of the tiny course.

    Args:
        folder: `Path`.
        students: Dict of the roster.

    Returns:
        `Key`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("tiny.ipynb", "hidden.py", "reference.json")]
    for path, text in zip(paths, (json.dumps(notebook()), HIDDEN, "{}"), strict=True):
        path.write_text(text)
    given, hidden, reference = paths
    lesson = Lesson(LESSON, copy.deepcopy(EXERCISES), given, hidden, reference)
    key = Key(
        folder=folder,
        course="Tiny",
        made="2026-01-01",
        version="1.0.0",
        seed="5e" * 32,
        lessons={LESSON: lesson},
        students=students or {},
        variants={},
    )
    key.save()
    return key

"""A release holds nothing that it must not, and what cannot be hidden is named."""

import json
import re

import pytest

from course_utils.grading import course, leaks, material, release

LESSONS = sorted(path.stem for path in (material.ROOT / "notebooks").glob("*.ipynb"))
SOLVED = {
    "cells": [
        {
            "metadata": {"course": {"name": "hard"}},
            "source": "def hard(x):\n    # BEGIN SOLUTION\n    total = x.sum(axis=0)\n"
            "    return given_everywhere(total)\n    y = 1\n    # END SOLUTION\n",
        },
        {"metadata": {}, "source": ["z = 1\n", "return  given_everywhere(total)"]},
    ]
}
HIDDEN = "expected = np.maximum(values, 0)\n# only a comment that is long enough\n"


@pytest.fixture
def secret():
    """Returns the secret lines of a small lesson."""
    return leaks.secrets(SOLVED, HIDDEN, "01_tiny", leaks.given_lines(SOLVED))


def planted(folder, text):
    """Returns what is found in a release with one notebook around a text."""
    cells = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": []}]
    (folder / "01_tiny.ipynb").write_text(json.dumps({"cells": cells}))
    return leaks.find(folder, secret=leaks.secrets(SOLVED, HIDDEN, "01_tiny", set()))


def test_only_long_lines_that_are_not_given_are_secret(secret):
    assert set(secret) == {"total=x.sum(axis=0)", "expected=np.maximum(values,0)"}


@pytest.mark.parametrize(
    "text",
    [
        "total = x.sum(axis=0)",
        "a = 1\n        total=x.sum( axis = 0 )   # as in the book\n",
        ["a = 1\n", "total = x.sum(axis=0)\n"],
        ["total = x", ".sum(axis=0)"],
        {"hidden": ["deep", {"total = x.sum(axis=0)": 1}]},
    ],
)
def test_a_solution_line_is_found_wherever_it_stands(tmp_path, text):
    found = planted(tmp_path, text)
    assert found == ["01_tiny.ipynb holds the solution of hard in 01_tiny"]


def test_a_hidden_check_is_found_in_any_file(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "notes.txt").write_text("\nexpected = np.maximum(values, 0)\n")
    found = leaks.find(tmp_path, leaks.secrets(SOLVED, HIDDEN, "01_tiny", set()))
    assert found == ["deep/notes.txt holds a hidden check of 01_tiny"]


def test_what_is_no_secret_is_not_found(tmp_path, secret):
    (tmp_path / "a.txt").write_text("y = 1\nreturn given_everywhere(total)\n")
    assert leaks.find(tmp_path, secret) == []


def test_an_exercise_of_which_no_line_is_known_is_named():
    text = "# BEGIN SOLUTION\nhalf = 0.5\n# END SOLUTION\n"
    short = {"cells": [{"metadata": {"course": {"name": "half"}}, "source": text}]}
    assert leaks.unguarded(short, {}) == ["half"]
    assert leaks.unguarded(SOLVED, {"total=x.sum(axis=0)": ""}) == []


def test_public_answers_are_found_by_check_body_and_name():
    checks = ["@check(ours=_mine)\ndef first(a): ...\n@check()\ndef last(a): ...\n"]
    kit = {"kit.m": 'def second(x):\n    """Ours."""\n    return x + 1\ndef third(): 3'}
    reference = {
        "first": "first = 1",
        "second": "def second(x):\n    return x+1",
        "third": "def third(y):\n    return y",
        "last": "def last(x):\n    return 2",
    }
    found = leaks.public_answers(reference, checks, kit)
    assert found == {
        "first": "its check hands back _mine",
        "second": "it is kit.m.second",
        "third": "kit.m.third has its name",
    }


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_can_be_released(tmp_path, name):
    found = material.read(name)
    chosen = course.Course(count_public=True)
    _, problems = release.write(tmp_path / "r", tmp_path / "k", chosen, [found])
    assert problems == []


@pytest.mark.parametrize("name", LESSONS)
def test_every_solution_in_place_of_a_blank_is_a_leak(tmp_path, name):
    """The oracle: the solved notebook, whose every answer must be noticed."""
    found = material.read(name)
    given = leaks.given_lines(found.solved)
    secret = leaks.secrets(found.solved, "", name, given)
    assert leaks.unguarded(found.solved, secret) == []
    (tmp_path / f"{name}.ipynb").write_text(json.dumps(found.solved))
    noticed = {re.search(r"solution of (\w+)", each)[1] for each in
               leaks.find(tmp_path, secret)}  # fmt: skip
    names = {
        cell["metadata"]["course"]["name"]
        for cell in found.solved["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    assert noticed == names


def test_no_assignment_has_its_answer_in_the_kit():
    for name in LESSONS:
        found = material.read(name)
        assignments = {
            cell["metadata"]["course"]["name"]
            for cell in found.student["cells"]
            if cell["metadata"].get("course", {}).get("kind") == "assignment"
        }
        assert not assignments & set(found.public), found.public

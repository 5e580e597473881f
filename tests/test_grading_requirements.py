"""What a requirement says of values that nobody may trust."""

import numpy as np
import pytest

from course_utils.grading import requirements
from course_utils.grading.local import LocalStudent
from course_utils.grading.requirements import Missed, close, numbers

EXPECTED = np.array([1.0, 2.0, 3.0])
FORGED = {
    "a column, which would broadcast": EXPECTED[:, None],
    "one number, which would broadcast": np.float64(1.0),
    "a longer array": np.tile(EXPECTED, 2),
    "nan": np.array([1.0, np.nan, 3.0]),
    "infinity": np.array([1.0, np.inf, 3.0]),
    "text": "[1. 2. 3.]",
    "texts": ["1", "2", "3"],
    "complex numbers": EXPECTED + 1j,
    "nothing": None,
    "a ragged list": [[1.0], [2.0, 3.0]],
    "a dict": {"0": 1.0},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_what_is_not_the_numbers_is_missed(forged):
    assert close(forged, EXPECTED, "add them").hint == "add them"
    with pytest.raises(Missed):
        numbers(forged, (3,), "add them")


def test_ones_are_not_close_to_a_broadcast_one():
    assert close(1.0, np.ones(3), "one each")
    assert close(np.ones((1, 3)), np.ones(3), "one each")


@pytest.mark.parametrize("right", [EXPECTED, [1, 2, 3], (1.0, 2.0, 3.0)])
def test_the_numbers_are_taken_however_they_come(right):
    assert close(right, EXPECTED, "add them") is None
    assert numbers(right, (None,), "").tolist() == [1, 2, 3]


def test_a_usual_mistake_is_named():
    usual = [(EXPECTED / 3, "do not average")]
    assert close(EXPECTED / 3, EXPECTED, "add", usual=usual).hint == "do not average"
    assert close(EXPECTED + 1, EXPECTED, "add", usual=usual).hint == "add"


class Told(Exception):
    """Stands for the sandbox's error, whose text the student chooses."""

    def __init__(self, what, kind="raised"):
        self.what, self.kind = what, kind


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (Told("ZeroDivisionError: 0.25"), "it stopped with ZeroDivisionError"),
        (Told("Secret_0_25: x"), "it stopped with an error"),
        (Told("[0.25, 0.5] was the input"), "it stopped with an error"),
        (Told("NotImplementedError"), "not written yet"),
        (Told("no name x", kind="missing"), "there is nothing of that name"),
        (NotImplementedError(), "not written yet"),
        (ValueError("0.25"), "it stopped with an error"),
    ],
)
def test_no_hint_repeats_what_a_student_could_put_into_an_error(error, hint):
    def stop(student, rng):
        raise error

    asked = requirements.Requirement("sums", "adds", 1, stop)
    assert asked.judge(None, None).hint.startswith(hint)


def test_a_requirement_that_says_nothing_sensible_is_missed():
    for outcome in (True, False, "fine", np.ones(2)):
        asked = requirements.Requirement("s", "t", 1, lambda *_, said=outcome: said)
        assert isinstance(asked.judge(None, None), Missed)


def test_a_training_runs_once_for_all_requirements_and_so_does_its_error():
    runs = []

    def train():
        runs.append(1)
        if len(runs) > 1:
            raise ValueError
        return [len, len]

    student = LocalStudent({"train": train})
    for name in ("pair", "pair", "other", "other"):
        if name == "pair":
            student.keep_once(name, "train")
            assert student("pair.1", [1, 2, 3]) == 3
        else:
            with pytest.raises(ValueError):  # noqa: PT011
                student.keep_once(name, "train")
    assert len(runs) == 2


def test_a_change_in_place_is_seen_through_the_sandbox():
    def doubled(x, factor):
        x *= factor
        return x

    student = LocalStudent({"doubled": doubled, "fresh": lambda x, factor: factor * x})
    assert requirements.leaves_alone(student, "doubled", np.ones(3), 2)
    assert requirements.leaves_alone(student, "fresh", np.ones(3), 2) is None


def test_files_are_read_apart_from_each_other(tmp_path):
    text = """
from course_utils.grading.requirements import holds, requirement

INSIDE = "def probe_one(): return 1"

@requirement("first", "is {0}", weight=2)
def first(student, rng):
    return holds(student("probe_one") == {0}, "wrong")
"""
    for number in "12":
        (tmp_path / f"{number}.py").write_text(text.format(number))
    student = LocalStudent({}, requirements.inside(tmp_path / "1.py"))
    for number, met in ("1", True), ("2", False):
        (asked,) = requirements.load(tmp_path / f"{number}.py")["first"]
        assert (asked.title, asked.weight) == (f"is {number}", 2)
        assert (asked.judge(student, None) is None) == met

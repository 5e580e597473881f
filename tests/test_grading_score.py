"""Answers are scored from outside, in a real sandbox; no TensorFlow here."""

import json

import pytest

from course_utils.grading import choose, parse, submissions, unit
from course_utils.grading.isolation import probe
from course_utils.grading.limits import Limits
from course_utils.grading.reproduce import reproduces
from tests import grading_course as tiny


@pytest.fixture(scope="module")
def isolation():
    found = probe()
    if found.level == "C":
        pytest.skip("needs isolation: apt-get install bubblewrap")
    yield found
    unit.close_workshop()


@pytest.fixture
def grade(tmp_path, isolation):
    """Returns a function from answers to a result."""
    key = tiny.make_key(tmp_path / "key")

    def run(answers=None, stored=None, seconds=20):
        path = tiny.hand_in(tmp_path / "in", "jane", answers, stored)
        [jane] = submissions.collect(path.parents[1], key)
        handed = choose.choose(jane, key.lessons[tiny.LESSON], key)
        limits = Limits(wall=seconds, memory=1 << 30)
        return unit.grade_one(key, handed, tiny.LESSON, isolation, limits)

    return run


def points(result):
    return {each["name"]: each["points"] for each in result["exercises"]}


def hints(result, name):
    [exercise] = [each for each in result["exercises"] if each["name"] == name]
    return [each["hint"] for each in exercise["requirements"]]


def answer(**changed):
    return tiny.RIGHT | changed


def test_right_answers_earn_all_and_practice_counts_nothing(grade):
    result = grade(tiny.RIGHT)
    assert result["state"] == "graded"
    assert points(result) == {"double": 4, "total": 2, "sizes": 1, "why": 0}
    assert (result["points"], result["out_of"], result["pending"]) == (6, 9, 1)


def test_a_blank_earns_nothing_and_needs_no_sandbox(grade):
    result = grade()
    assert (result["state"], result["points"]) == ("graded", 0)
    assert hints(result, "double") == ["not written yet"] * 2


def test_a_partly_right_answer_earns_its_share(grade):
    result = grade(answer(double="def double(x):\n    x *= 2\n    return x"))
    assert points(result)["double"] == 3
    assert hints(result, "double") == ["", "work on a copy of what it is given"]


def test_an_answer_on_a_blank_one_gets_the_courses_version_of_that_one(grade):
    assert points(grade(answer(double=tiny.DOUBLE))) == {
        "double": 0, "total": 2, "sizes": 1, "why": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "borrowed",
    [
        "double = checks.double(None)",
        "def double(x):\n    return checks.double(None)(x)",
        "c = checks\ndouble = c.double(0)",
    ],
)
def test_the_courses_version_handed_back_earns_nothing(grade, borrowed):
    assert points(grade({"double": borrowed}))["double"] == 0


def test_an_error_in_one_cell_leaves_the_others_their_points(grade):
    result = grade(answer(sizes="sizes = [2, 4]\n1 / 0"))
    assert result["state"] == "crashed"
    assert "crashed at cell 9 (sizes): ZeroDivisionError" in result["detail"]
    assert points(result)["double"] == 4


def test_a_cell_that_kills_its_session_leaves_the_others_their_points(grade):
    result = grade(answer(sizes="import os\nos._exit(0)"))
    assert (result["state"], points(result)["double"]) == ("crashed", 4)
    assert "crashed at cell 9 (sizes)" in result["detail"]


def test_a_cell_without_end_times_out_and_leaves_the_others_their_points(grade):
    result = grade(answer(sizes="while True:\n    pass"), seconds=3)
    assert (result["state"], points(result)["double"]) == ("timed out", 4)


def test_a_call_without_end_times_out_and_leaves_the_others_their_points(grade):
    endless = "def double(x):\n    while True:\n        pass"
    result = grade(answer(double=endless), seconds=3)
    assert result["state"] == "timed out"
    assert hints(result, "double") == ["timed out", "not tried any more"]
    assert points(result)["sizes"] == 1


def test_memory_without_end_is_told_apart(grade):
    eater = "kept = []\nwhile True:\n    kept.append(bytearray(b'1') * 2**26)"
    result = grade(answer(sizes=eater))
    assert (result["state"], points(result)["double"]) == ("out of memory", 4)


def test_no_hint_tells_what_the_inputs_were(grade):
    leaks = "def double(x):\n    print(x)\n    raise ValueError(str(x))"
    result = grade(answer(double=leaks))
    assert hints(result, "double") == ["it stopped with ValueError"] * 2
    assert "[" not in str(result["detail"])


def test_the_same_submission_gets_the_same_result(grade):
    assert grade(tiny.RIGHT) == grade(tiny.RIGHT)


def test_pictures_that_an_answer_draws_come_along(grade):
    draws = "import matplotlib.pyplot as plt\nsizes = [2, 4]\nplt.plot(sizes)"
    [exercise] = [
        each
        for each in grade(answer(sizes=draws))["exercises"]
        if each["name"] == "sizes"
    ]
    assert exercise["points"] == 1
    assert len(exercise["pictures"]) == 1


@pytest.mark.parametrize(("stored", "expected"), [("4\n", True), ("5\n", False)])
def test_stored_outputs_are_compared_with_fresh_ones(grade, stored, expected):
    notebook = tiny.notebook(answer(sizes="sizes = [2, 4]\nprint(sizes[1])"))
    output = {"output_type": "stream", "name": "stdout", "text": stored}
    notebook["cells"][8]["outputs"] = [output]
    assert grade(stored=notebook)["reproduced"] is expected
    assert grade(tiny.RIGHT)["reproduced"] is None


def test_outputs_may_differ_in_time_and_a_little_in_numbers():
    assert reproduces([("loss 0.1234, 3 s\n", "\r 50 %\rloss 0.1235, 17 s\n")])
    assert not reproduces([("loss 0.1234\n", "loss 0.1334\n")])
    assert reproduces([(None, "x"), ("\n", "y")]) is None


def test_absent_and_unreadable_are_told_apart(tmp_path, isolation):
    key = tiny.make_key(tmp_path / "key")
    for data, problem, state in ((None, "", "absent"), (None, "why", "unreadable")):
        handed = choose.Handed("jane", "Jane", data, problem)
        result = unit.grade_one(key, handed, tiny.LESSON, isolation, Limits())
        assert result["state"] == state
        assert result["points"] == 0


def test_a_notebook_of_numpy_only_is_parsed_by_ours(tmp_path):
    data = json.dumps(tiny.notebook()).encode()
    assert [cell.number for cell in parse.notebook(data)] == list(range(1, 11))

"""The machine behind the checks, tried on a small exercise of its own."""

import warnings

import numpy as np
import pytest

from course_utils.checks import engine


def double(x):
    return 2 * x


@pytest.fixture
def exercise(monkeypatch):
    monkeypatch.setattr(engine, "CHECKS", {})
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)

    @engine.check(ours=double)
    def doubled(answer):
        mistakes = [(9.0, "double it, do not square it")]
        yield engine.equal(answer(0.0), 0.0)
        yield engine.equal(answer(3.0), 6.0, "think of 3 + 3", mistakes=mistakes)

    return doubled


def test_a_right_answer_is_handed_back(exercise, capsys):
    def mine(x):
        return x + x

    assert exercise(mine) is mine
    expected = "✓ doubled: all 2 checks pass; we go on with yours.\n"
    assert capsys.readouterr().out == expected


def test_a_known_mistake_gets_its_own_hint(exercise, capsys):
    handed_back = exercise(lambda x: x**2)
    assert handed_back(4) == 8
    expected = "✗ doubled: expected 6., got 9.. Hint: double it, do not square it\n"
    assert capsys.readouterr().out == expected


def test_an_unknown_mistake_gets_the_general_hint(exercise, capsys):
    exercise(lambda x: -x)
    assert "think of 3 + 3" in capsys.readouterr().out


def test_a_blank_goes_on_with_ours(exercise, capsys):
    def stub(x):
        raise NotImplementedError

    assert exercise(stub)(4) == 8
    expected = "… doubled: not written yet; we go on with the course's version.\n"
    assert capsys.readouterr().out == expected


def test_ours_is_never_taken_for_theirs(exercise, capsys):
    exercise(exercise(exercise(None)))
    assert capsys.readouterr().out.count("not written yet") == 3


def test_an_answer_that_crashes_is_wrong_and_says_how(exercise, capsys):
    exercise(lambda x: x / 0)
    assert "it stopped with ZeroDivisionError" in capsys.readouterr().out


def test_a_right_answer_that_warns_is_right(exercise, capsys):
    def mine(x):
        warnings.warn("old-fashioned", stacklevel=1)
        return 2 * x

    assert exercise(mine) is mine
    assert capsys.readouterr().err == ""


def test_a_grader_that_counts_errors_gets_one(exercise, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(engine.CheckFailedError, match="not written yet"):
        exercise(None)
    with pytest.raises(engine.CheckFailedError, match="do not square"):
        exercise(lambda x: x**2)
    exercise(lambda x: x + x)


def test_an_assignment_hands_back_what_it_got(monkeypatch, capsys):
    monkeypatch.setattr(engine, "CHECKS", {})

    @engine.check(ours=None)
    def tripled(answer):
        yield engine.equal(answer(2.0), 6.0)

    assert tripled(None) is None
    assert tripled(double) is double
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "… tripled: not written yet."
    assert said[1].startswith("✗ tripled: expected 6., got 4.")


def test_a_name_is_used_once(exercise):
    def doubled(answer):
        yield None

    with pytest.raises(ValueError, match="one check per exercise"):
        engine.check(ours=double)(doubled)


@pytest.mark.parametrize("value", [7, 0.5, "word", (1, 2), [1, 2], {"a": 1}, int])
def test_values_handed_back_are_recognised_but_equal_values_are_not(value):
    given = engine._mark(value)
    assert engine.is_ours(given)
    if not isinstance(value, type):
        assert given == value
    assert not engine.is_ours(value)


def test_equal_asks_for_the_same_shape():
    mistake = engine.equal(np.zeros((3, 1)), np.zeros(3))
    assert mistake.seen == "expected shape (3,), got (3, 1)."


def test_equal_refuses_what_is_no_number():
    assert engine.equal(None, 1.0).seen == "it returned None."
    assert engine.equal("six", 6.0).seen == "expected numbers, got str."
    assert engine.equal(np.nan, 1.0) is not None
    assert engine.equal([1, [2]], [1, 2]) is not None


def test_equal_is_not_fooled_by_an_object_that_equals_everything():
    class Everything:
        def __eq__(self, other):
            return True

    assert engine.equal(Everything(), 1.0) is not None


def test_holds_says_what_is_wrong_only_if_it_does_not_hold():
    assert engine.holds(True, "wrong") is None
    assert engine.holds(np.bool_(False), "wrong", "look").hint == "look"

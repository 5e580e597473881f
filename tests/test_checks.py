"""Every check takes right answers however written, and names the usual mistakes."""

import importlib
import pkgutil

import numpy as np
import pytest

import tests.answers
from course_utils import checks, data
from course_utils.checks import engine


def gather_answers():
    gathered = {}
    for module in pkgutil.iter_modules(tests.answers.__path__):
        found = importlib.import_module(f"tests.answers.{module.name}").ANSWERS
        assert not gathered.keys() & found.keys(), "an exercise has two tables"
        gathered.update(found)
    return gathered


ANSWERS = gather_answers()


def cases(kind):
    return [
        pytest.param(name, case, id=f"{name}-{i}", marks=marks_of(answers))
        for name, answers in ANSWERS.items()
        for i, case in enumerate(getattr(answers, kind))
    ]


def marks_of(answers):
    return [pytest.mark.slow] if answers.slow else []


def test_every_check_is_exported_under_its_name():
    assert set(checks.__all__) == set(engine.CHECKS)


def test_every_exercise_has_a_table_of_answers():
    assert ANSWERS.keys() == engine.CHECKS.keys()


@pytest.mark.parametrize("name", sorted(engine.CHECKS))
def test_every_table_is_long_enough(name):
    assert len(ANSWERS[name].right) >= 2
    assert len(ANSWERS[name].wrong) >= 3


@pytest.mark.parametrize(("name", "answer"), cases("right"))
def test_a_right_answer_passes(name, answer):
    verdict = engine.judge(name, answer)
    assert verdict.status == "right", str(verdict)


@pytest.mark.parametrize(("name", "case"), cases("wrong"))
def test_a_wrong_answer_is_rejected_with_the_hint_that_names_it(name, case):
    answer, hint = case
    verdict = engine.judge(name, answer)
    assert verdict.status == "wrong", str(verdict)
    assert hint in str(verdict)


@pytest.mark.parametrize("name", sorted(engine.CHECKS))
def test_a_blank_is_not_written_yet(name):
    def stub(*args, **kwargs):
        raise NotImplementedError

    for blank in (None, ..., stub):
        assert engine.judge(name, blank).status == "blank"


@pytest.mark.parametrize("name", sorted(engine.CHECKS))
def test_what_a_check_hands_back_is_still_blank(name, capsys):
    _, ours = engine.CHECKS[name]
    if ours is None:
        pytest.skip("an assignment hands nothing back")
    handed_back = getattr(checks, name)(None)
    again = getattr(checks, name)(handed_back)
    assert capsys.readouterr().out.count("not written yet") == 2
    assert engine.is_ours(again)


@pytest.mark.parametrize("name", sorted(engine.CHECKS))
def test_the_courses_own_answer_is_right(name):
    _, ours = engine.CHECKS[name]
    if ours is None:
        pytest.skip("the reference of an assignment is only in solutions/")
    verdict = engine.judge(name, ours)
    assert verdict.status == "right", str(verdict)


@pytest.mark.parametrize("height", [2, 3])
@pytest.mark.parametrize("direction", ["rows", "columns"])
def test_restore_draws_the_bar_of_the_variant(height, direction):
    """The oracle knows every clean digit, and finds it by what is not hidden."""
    truth = data.load_digits(n_train=0).x_test[-540:]
    asked = []

    def oracle(images):
        asked.append(images)
        return np.stack([
            truth[(np.abs(truth - image) * (image < 1)).sum((1, 2, 3)).argmin()]
            for image in images
        ])  # fmt: skip

    verdict = engine.judge("restore", oracle, height=height, direction=direction)
    assert verdict.status == "right"
    along = 2 if direction == "rows" else 1
    white = (asked[0] == 1).all(axis=(along, 3)).sum(axis=1)
    assert (white == height).all()

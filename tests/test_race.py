"""The races of `tests/benchmarks`: what counts as a victory, and how it is told."""

import dataclasses

import keras
import numpy as np

from tests.benchmarks.race import Ours, Recipe, Result, race, table


def tiny():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)])
    model.compile(optimizer="sgd", loss="mse")
    return model


def score(model, x):
    return float(model.evaluate(x, x, verbose=0))


RECIPE = Recipe("tiny", 4, tiny, 10, 8, score, final=1.0, provenance="made up")
OURS = Ours(4, lambda x: tiny(), score)
WON = Result("ours", RECIPE, OURS, 50.0, 1.0, "made up", 2.5, 0.9)


def test_twenty_times_faster_and_better_is_a_victory():
    assert WON.ratio == 20
    assert WON.problems == []


def test_slower_worse_and_larger_are_each_named():
    lost = dataclasses.replace(
        WON, our_seconds=6.0, our_final=1.1, ours=dataclasses.replace(OURS, code=5)
    )
    assert len(lost.problems) == 3
    assert "less than 10 times faster" in lost.problems


def test_a_race_times_both_and_says_where_the_final_loss_comes_from():
    x = np.random.default_rng(0).uniform(size=(32, 4)).astype("float32")
    short = race("ours", RECIPE, OURS, x, x)
    assert short.recipe_final == 1.0
    assert "made up; 4 epochs timed" in short.note
    full = race("ours", RECIPE, OURS, x, x, full=True)
    assert full.recipe_final != 1.0
    assert full.note == "all epochs run here"
    assert min(short.recipe_seconds, full.our_seconds) > 0
    assert table([short, full]).count("\n") == 3

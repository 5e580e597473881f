"""One quiet bar in a terminal, and Ctrl+C leaves a usable model."""

import re
import sys

import pexpect
import pytest

WIDTH = 60
BAR = re.compile(r"copy +\d+% \|[^|]*\| [\d:?]+ left, loss [\d.]+")
FIT = """
import keras
import numpy as np
from course_utils import training
x = np.random.default_rng(0).uniform(size=(20_000, 32)).astype("float32")
model = keras.Sequential([keras.Input((32,)), keras.layers.Dense(32)], name="copy")
training.fit(model, x, x, loss="mse", epochs={epochs})
print("usable:", model.predict(x[:5], verbose=0).shape)
"""


def in_a_terminal(code):
    return pexpect.spawn(
        sys.executable,
        ["-c", code],
        dimensions=(24, WIDTH),
        encoding="utf-8",
        timeout=90,
    )


def lines_left_on_the_screen(written):
    """Plays carriage returns: what comes after one covers what stood before."""
    left = []
    for line in written.replace("\r\n", "\n").split("\n"):
        shown = ""
        for part in line.split("\r"):
            shown = part + shown[len(part) :]
        left.append(shown.rstrip())
    return [line for line in left if line]


@pytest.mark.slow
def test_a_training_shows_one_bar_and_leaves_one_line():
    terminal = in_a_terminal(FIT.format(epochs=4))
    terminal.expect(pexpect.EOF)
    written = terminal.before
    assert BAR.search(written)
    assert max(map(len, re.split(r"[\r\n]+", written))) <= WIDTH
    fit, usable = lines_left_on_the_screen(written)
    assert re.fullmatch(r"copy: loss [\d.]+, \d+ s", fit)
    assert usable == "usable: (5, 32)"


@pytest.mark.slow
def test_an_interrupted_training_leaves_a_usable_model_and_says_so():
    terminal = in_a_terminal(FIT.format(epochs=2000))
    terminal.expect(BAR)
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    shown = lines_left_on_the_screen(terminal.before)
    assert "Traceback" not in terminal.before
    assert shown[-1] == "usable: (5, 32)"
    assert any(re.search(r"copy: stopped after \d+ of 314000 steps", s) for s in shown)

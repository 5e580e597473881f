"""Training shows one quiet bar, and the stop button leaves a usable model."""

import re

import pytest

from tests.browser.server import KEPT

MODEL = """import keras
import numpy as np
from course_utils import training
x = np.random.default_rng(0).uniform(size=(20_000, 32)).astype("float32")
model = keras.Sequential([keras.Input((32,)), keras.layers.Dense(32)], name="copy")"""
FIT = "history = training.fit(model, x, x, loss='mse', epochs={epochs})"
USE = (
    "print('usable:', model.predict(x[:5], verbose=0).shape, len(history['loss']) > 0)"
)


@pytest.fixture
def open_fit(lab, open_notebook):
    """Returns a function that opens a notebook with one training in it."""
    opened = []

    def made(epochs):
        cells = [MODEL, FIT.format(epochs=epochs), USE]
        opened.append(open_notebook(lab.write(f"fit{epochs}", cells)))
        return opened[-1]

    yield made
    for notebook in opened:
        notebook.page.close()
    lab.shut_kernels_down()


def output_of_the_fit(notebook):
    return notebook.page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea")


def test_the_stop_button_leaves_a_usable_model_and_says_so(open_fit):
    notebook = open_fit(epochs=2000)
    notebook.menu("Run", "Run All Cells")
    output = output_of_the_fit(notebook)
    output.get_by_text(re.compile(r"copy +\d+% .*left, loss [\d.]+")).wait_for()
    notebook.page.screenshot(path=KEPT / "bar.png")
    assert len(output.inner_text().strip().splitlines()) == 1
    notebook.page.locator(
        "[data-command='notebook:interrupt-kernel'], [title^='Interrupt the kernel']"
    ).first.click()
    notebook.wait_until(lambda state: state["left"] == 0 or state["errors"])
    notebook.page.screenshot(path=KEPT / "stopped.png")
    state = notebook.state()
    assert state["errors"] == []
    text = output.inner_text()
    assert re.search(r"copy: stopped after \d+ of 314000 steps; the model keeps", text)
    assert "%" not in text
    assert "usable: (5, 32) True" in "".join(state["prints"])


def test_a_training_that_ends_leaves_one_line(open_fit):
    notebook = open_fit(epochs=2)
    notebook.run_all()
    assert notebook.state()["errors"] == []
    shown = output_of_the_fit(notebook).inner_text()
    assert re.fullmatch(r"copy: loss [\d.]+, \d+ s", shown.strip())

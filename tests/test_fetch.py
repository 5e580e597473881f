"""`python -m course_utils fetch` says what is here, and never stops a lesson."""

import numpy as np
import pytest

from course_utils import __main__, data, fetch


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch):
    monkeypatch.setattr(data, "load_strokes", lambda: None)


def answer_with(monkeypatch, outcome):
    def fetch_mnist(network):
        if isinstance(outcome, Exception):
            raise outcome
        return np.zeros(1)

    monkeypatch.setattr(data, "fetch_mnist", fetch_mnist)


def test_it_says_that_mnist_is_here(monkeypatch, capsys):
    answer_with(monkeypatch, None)
    assert __main__.main(["fetch"]) == 0
    assert capsys.readouterr().out == "MNIST is here.\n"


@pytest.mark.parametrize("error", [ConnectionError("refused"), FileNotFoundError("x")])
def test_without_mnist_the_embedded_digits_serve(monkeypatch, capsys, error):
    answer_with(monkeypatch, error)
    assert __main__.main(["fetch"]) == 0
    assert "The embedded digits serve" in capsys.readouterr().out


def test_a_wrong_file_is_named_and_the_exit_code_tells(monkeypatch, capsys):
    answer_with(monkeypatch, ValueError("train.gz is not the original file"))
    assert __main__.main(["fetch", "--no-network"]) == 1
    assert "train.gz is not the original" in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        __main__.main(["frobnicate"])
    assert stopped.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_the_commands_have_the_two_functions_that_the_door_calls():
    assert callable(fetch.add_arguments)
    assert callable(fetch.main)

"""The digits that the lessons train on: MNIST if it is here, ours otherwise."""

import os

from course_utils.data.idx import Images, fetch_mnist
from course_utils.data.strokes import load_strokes


def load_digits(n_train=60_000, n_test=10_000):
    """Returns the digits of the lessons, without ever touching the network.

    MNIST when it is in the folder named by `COURSE_DATA` or in our cache, the
    embedded strokes otherwise. The environment variable `COURSE_DIGITS` decides
    it: `mnist` or `strokes`. One printed line says which it is.

    Args:
        n_train: Integer, how many to train on; fewer are the first of them.
        n_test: Integer, how many to test on.

    Returns:
        `Images`: `n_train` + `n_test` grey pictures of 28×28 with labels 0 to 9.

    Raises:
        FileNotFoundError: If `COURSE_DIGITS=mnist` and MNIST is not here.
        ValueError: If `COURSE_DIGITS` has another value, or if a file of MNIST
            is here but is not the original.
    """
    wish = os.environ.get("COURSE_DIGITS", "")
    if wish not in ("", "mnist", "strokes"):
        raise ValueError(f"Expected COURSE_DIGITS=mnist or strokes. Received: {wish!r}")
    digits = (
        None
        if wish == "strokes"
        else _mnist_if_here(n_train, n_test, must=wish == "mnist")
    )
    if digits is None:
        digits = _strokes(n_train, n_test)
    print(f"Digits: {digits.source}, {len(digits.x_train):,} to train on", end=" ")
    print(f"and {len(digits.x_test):,} to test on.")
    return digits


def _mnist_if_here(n_train, n_test, must):
    try:
        return fetch_mnist(network=False, n_train=n_train, n_test=n_test)
    except FileNotFoundError:
        if must:
            raise
        return None


def _strokes(n_train, n_test):
    drawn = load_strokes(n_train, n_test)
    return Images(
        drawn.x_train, drawn.y_train, drawn.x_test, drawn.y_test, source="strokes"
    )

"""The digits that the lessons train on: MNIST if it is here, ours otherwise."""

import os

from course_utils.data.idx import Images, fetch_mnist
from course_utils.data.strokes import load_strokes


def load_digits():
    """Returns the digits of the lessons, without ever touching the network.

    MNIST when it is in the folder named by `COURSE_DATA` or in our cache, the
    embedded strokes otherwise. The environment variable `COURSE_DIGITS` decides
    it: `mnist` or `strokes`. One printed line says which it is.

    Returns:
        `Images`: 60,000 + 10,000 grey pictures of 28×28 with labels 0 to 9.

    Raises:
        FileNotFoundError: If `COURSE_DIGITS=mnist` and MNIST is not here.
        ValueError: If `COURSE_DIGITS` has another value, or if a file of MNIST
            is here but is not the original.
    """
    wish = os.environ.get("COURSE_DIGITS", "")
    if wish not in ("", "mnist", "strokes"):
        raise ValueError(f"Expected COURSE_DIGITS=mnist or strokes. Received: {wish!r}")
    digits = None if wish == "strokes" else _mnist_if_here(must=wish == "mnist")
    if digits is None:
        digits = _strokes()
    print(f"Digits: {digits.source}, {len(digits.x_train):,} to train on", end=" ")
    print(f"and {len(digits.x_test):,} to test on.")
    return digits


def _mnist_if_here(must):
    try:
        return fetch_mnist(network=False)
    except FileNotFoundError:
        if must:
            raise
        return None


def _strokes():
    drawn = load_strokes()
    return Images(
        drawn.x_train, drawn.y_train, drawn.x_test, drawn.y_test, source="strokes"
    )

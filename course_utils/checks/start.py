"""Checks of lesson 00."""

import numpy as np

from course_utils.checks.engine import check, equal, holds


def _to_rows(images):
    return np.reshape(images, (len(images), -1))


def _difference(x, x_hat):
    return np.mean(np.abs(x - x_hat), axis=1)


@check(ours=_to_rows)
def to_rows(answer):
    images = np.arange(3 * 784, dtype="float32").reshape(3, 28, 28, 1)
    rows = np.asarray(answer(images))
    expected = images.reshape(3, 784)
    yield holds(
        rows.shape == (3, 784),
        f"expected shape (3, 784) for 3 pictures, got {rows.shape}.",
        "keep one row per picture, and all of its 784 pixels in it",
    )
    columns = images.transpose(0, 2, 1, 3).reshape(3, 784)
    yield equal(
        rows,
        expected,
        "the pixels are in another order; reshape alone is enough",
        mistakes=[(columns, "you went down the columns; go along the rows")],
    )
    one = np.shape(answer(images[:1]))
    yield holds(one == (1, 784), f"got shape {one} for one picture.", "any n will do")


@check(ours=_difference)
def difference(answer):
    x = np.array([[0.0, 0.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5]])
    x_hat = np.array([[0.0, 0.3, 0.8, 1.0], [0.0, 1.0, 0.0, 0.5]])
    signed, error = np.mean(x - x_hat, axis=1), np.abs(x - x_hat)
    expected = [0.125, 0.375]
    mistakes = [
        (np.abs(signed), "first the absolute value of each pixel, then the mean"),
        (signed, "take the absolute value, so that errors cannot cancel"),
        (error.sum(axis=1), "take the mean over the pixels, not the sum"),
        (np.mean(error**2, axis=1), "absolute difference, not squared"),
        (error.mean(), "one number per picture: average over axis 1 only"),
        (error.mean(axis=0), "average over the pixels (axis 1), not the pictures"),
    ]
    yield equal(answer(x, x_hat), expected, "mean of |x - x̂| in each row",
                mistakes=mistakes)  # fmt: skip
    yield equal(answer(x, x), [0.0, 0.0], "a perfect copy differs by nothing")
    yield holds(np.all(np.asarray(answer(x_hat, x)) >= 0), "a difference below zero.")

"""Hidden requirements of lesson 00."""

import numpy as np

from course_utils.grading.requirements import close, holds, numbers, requirement


def pictures(rng, n):
    return rng.uniform(size=(n, 28, 28, 1)).astype("float32")


@requirement("to_rows", "gives one row of 784 numbers for each picture")
def rows_have_784_numbers(student, rng):
    for n in 1, int(rng.integers(2, 9)):
        rows = student("to_rows", pictures(rng, n))
        numbers(rows, (n, 784), "one row per picture, all its pixels in it; any n")


@requirement("to_rows", "keeps the pixels in reading order", weight=2)
def rows_keep_the_order(student, rng):
    x = pictures(rng, int(rng.integers(3, 9)))
    usual = [
        (x.transpose(0, 2, 1, 3).reshape(len(x), -1), "go along the rows, not down"),
        (x.reshape(784, -1).T, "the pixels of the pictures are mixed up"),
    ]
    hint = "the pixels are in another order; reshape alone is enough"
    expected = x.reshape(len(x), -1)
    return close(student("to_rows", x), expected, hint, usual=usual)


def rows_and_copies(rng):
    n, pixels = rng.integers(3, 9), rng.integers(20, 90)
    return rng.uniform(size=(2, n, pixels))


@requirement("difference", "gives one number for each picture")
def one_difference_each(student, rng):
    x, x_hat = rows_and_copies(rng)
    hint = "one number per picture: average over axis 1 only"
    numbers(student("difference", x, x_hat), (len(x),), hint)


@requirement("difference", "averages the absolute differences", weight=2)
def differences_are_averaged(student, rng):
    x, x_hat = rows_and_copies(rng)
    error = np.abs(x - x_hat)
    usual = [
        (np.abs((x - x_hat).mean(axis=1)), "absolute value first, then the mean"),
        ((x - x_hat).mean(axis=1), "take the absolute value of each difference"),
        (error.sum(axis=1), "the mean over the pixels, not the sum"),
        ((error**2).mean(axis=1), "absolute difference, not squared"),
        (error.mean(axis=0), "average over the pixels, axis 1, not the pictures"),
    ]
    hint = "the mean of |x - x̂| in each row"
    return close(student("difference", x, x_hat), error.mean(axis=1), hint, usual=usual)


@requirement("difference", "is zero for a perfect copy, and never below")
def differences_are_a_distance(student, rng):
    x, x_hat = rows_and_copies(rng)
    there, back = (student("difference", *pair) for pair in ((x, x_hat), (x_hat, x)))
    hint = "a difference is the same both ways, and not below zero"
    there = numbers(there, (len(x),), hint)
    return (
        close(
            student("difference", x, x), np.zeros(len(x)), "a copy differs by nothing"
        )
        or holds(there.min() > 0, hint)
        or close(back, there, hint)
    )

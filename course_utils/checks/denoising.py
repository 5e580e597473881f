"""Checks of lesson 06."""

import contextlib
import functools
import io

import numpy as np

from course_utils import corruptions, data, metrics
from course_utils.checks.engine import Mistake, check, equal, holds

LEVEL = 0.1
# Decibels inside the bar above a straight line from the row above to the row below.
GAIN_INSIDE = 1.0
OUTSIDE = 30.0


def _training_pairs(x, corrupt):
    return corrupt(x), x


def _occlude(images, rng):
    occluded, _ = corruptions.occlude(images, rng)
    return occluded


@check(ours=corruptions.add_noise)
def add_noise(answer):
    x = np.full((60, 28, 28, 1), 0.5, "float32")
    noisy = np.asarray(answer(x, LEVEL, np.random.default_rng(0)))
    yield holds(
        noisy.shape == x.shape,
        f"expected shape {x.shape}, got {noisy.shape}.",
        "draw one number for each pixel: rng.normal(size=x.shape)",
    )
    yield _untouched(x, 0.5)
    w = noisy - 0.5
    yield holds(np.ptp(w) > 0, "nothing was added to the pictures.")
    yield holds(
        abs(w.mean()) < 0.005,
        f"the noise has a mean of {w.mean():.3f}, not 0.",
        _off_centre(w),
    )
    yield _right_spread(w.std())
    yield holds(
        np.ptp(w, axis=0).min() > 0 and np.ptp(w, axis=(1, 2)).min() > 0,
        "pixels share their noise.",
        "every pixel of every picture needs its own: size=x.shape",
    )
    beyond = np.mean(np.abs(w) > 2.5 * LEVEL)
    yield holds(0.005 < beyond < 0.03, "the noise is not Gaussian.", "rng.normal")
    black = np.zeros((20, 28, 28, 1), "float32")
    noisy = np.asarray(answer(black, 0.5, np.random.default_rng(0)))
    yield holds(
        noisy.min() >= 0 and np.asarray(answer(black + 1, 0.5, _rng())).max() <= 1,
        "some pixels lie outside [0, 1].",
        "clip the sum: np.clip(..., 0, 1)",
    )
    share = np.mean(noisy == 0)
    yield holds(
        0.45 < share < 0.55,
        f"{share:.0%} of the black pixels stayed black; half should, as half of the "
        "noise is negative.",
        "clip the sum x + w, not the noise",
    )
    yield from _seeded(lambda rng: answer(x, LEVEL, rng))


@check(ours=_training_pairs)
def training_pairs(answer):
    x = np.array([0, 0.2, 0.6, 1], "float32").reshape(2, 2, 1, 1)
    calls = []

    def corrupt(pictures):
        calls.append(1)
        return 1 - 0.5 * pictures / len(calls)

    pair = answer(x, corrupt)
    yield holds(
        isinstance(pair, (tuple, list)) and len(pair) == 2,
        f"expected two arrays, got {type(pair).__name__}.",
        "return inputs, targets",
    )
    inputs, targets = pair
    once, twice = 1 - 0.5 * x, 1 - 0.25 * x
    mistakes = [
        (once, _swapped_or_both(inputs, x)),
        (twice, "call corrupt once: only the input is corrupted"),
    ]
    hint = "the target is the clean picture"
    yield equal(targets, x, hint, mistakes=mistakes, what="as targets")
    clean = (x, "the input is still clean: that trains a vanilla autoencoder")
    yield equal(
        inputs, once, "the input is corrupt(x)", mistakes=[clean], what="as inputs"
    )


@check(ours=metrics.psnr)
def psnr(answer):
    x = np.zeros((2, 2, 2, 1), "float32")
    x_hat = x.copy()
    x_hat[0] = 0.1
    x_hat[1, 0, 0] = 0.2
    error = np.array([0.01, 0.01])
    x_hat[1, 1, 1] = 0.4
    error[1] = (0.04 + 0.16) / 4
    absolute = np.abs(x - x_hat).mean(axis=(1, 2, 3))
    decibels = -10 * np.log10(error)
    mistakes = [
        (-decibels, "the sign: a smaller error is a larger PSNR"),
        (-10 * np.log(error), "the logarithm to base 10: np.log10"),
        (2 * decibels, "10, not 20: the error is squared already"),
        (-np.log10(error), "decibels: ten times the logarithm"),
        (-10 * np.log10(4 * error), "mean over the pixels, not the sum"),
        (-10 * np.log10(absolute), "square the differences before the mean"),
        (-10 * np.log10(error.mean()), "one number per picture, not one for all"),
        (decibels.mean(), "one number per picture: do not average over the batch"),
        (20 * np.log10(255) + decibels, "the largest pixel here is 1, not 255"),
        (error, "that is the mean squared error; now the logarithm"),
    ]
    hint = "-10 log10 of the mean squared error of each picture"
    yield equal(answer(x, x_hat), decibels, hint, mistakes=mistakes)
    rows = answer(x.reshape(2, 4), x_hat.reshape(2, 4))
    yield equal(rows, decibels, "average over all axes but the first", what="for rows")
    white = np.ones((3, 5, 7, 1), "float32")
    yield equal(answer(white, 0 * white), [0, 0, 0], "black for white has 0 dB")


@check(ours=_occlude)
def occlude(answer):
    grey = _rng().uniform(0.1, 0.9, size=(2700, 28, 28, 1)).astype("float32")
    before = grey.copy()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        occluded = np.asarray(answer(grey, _rng()))
    yield holds(
        occluded.shape == grey.shape,
        f"expected shape {grey.shape}, got {occluded.shape}.",
        "return as many pictures as you were given, of the same shape",
    )
    yield _untouched(grey, before)
    hidden = (occluded == 1).all(axis=(2, 3))
    height = hidden.sum(axis=1)
    yield holds(
        (height == 2).all(),
        f"expected 2 white rows in each picture, got {height.min()} to {height.max()}.",
        "the bar must fit: its first row is 0 to 26, and it is two rows high",
    )
    kept = np.where(hidden[:, :, None, None], occluded, grey)
    yield holds((kept == occluded).all(), "pixels outside the bar have changed.")
    starts = hidden.argmax(axis=1)
    below = hidden[np.arange(len(hidden)), starts + 1]
    yield holds(below.all(), "the two white rows are not neighbours.")
    yield holds(
        np.ptp(starts),
        "every picture has its bar in the same place.",
        "draw a row for each picture",
    )
    yield from _every_row(np.bincount(starts, minlength=27))
    yield from _seeded(lambda rng: answer(grey, rng))
    yield holds(not printed.getvalue(), "it prints.", "leave the print out")
    yield _flattened(answer, grey)


@check()
def restore(answer, height=2, direction="rows"):
    truth, occluded, hidden = _held_out_bars(height, direction)
    restored = np.asarray(answer(_turn(occluded, direction).copy()), "float32")
    yield holds(
        restored.shape == truth.shape,
        f"expected shape {truth.shape}, got {restored.shape}.",
        "return one restored picture of 28×28×1 for each",
    )
    restored = _turn(restored, direction)
    yield holds(np.isfinite(restored).all(), "some pixels are not numbers.")
    left = np.mean((restored[hidden] > 0.9) & (truth[hidden] < 0.1))
    yield holds(left < 0.5, "the bar is still there.", "train on (occluded, clean)")
    last = hidden[:, -1, 0, 0]
    yield holds(
        restored[last, -height:].mean() < 0.3,
        f"bars over the last {direction[:-1]} stay white.",
        f"{direction[:-1]} 27 must be hidden in training too",
    )
    line = metrics.psnr_inside(truth, _straight_line(occluded, hidden), hidden)
    needed = line + GAIN_INSIDE
    inside = metrics.psnr_inside(truth, restored, hidden)
    yield holds(
        inside >= needed,
        f"{inside:.1f} dB inside the bar; {needed:.1f} are needed.",
        f"a straight line from one side to the other has {line:.1f}; "
        "what do digits look like there?",
    )
    outside = metrics.psnr_inside(truth, restored, ~hidden)
    yield holds(
        outside >= OUTSIDE,
        f"{outside:.1f} dB outside the bar; {OUTSIDE:.0f} are needed.",
        "outside the bar nothing was lost: keep those pixels",
    )
    one = np.asarray(answer(_turn(occluded[:1], direction).copy()))
    yield equal(
        one,
        _turn(restored[:1], direction),
        "a picture must not depend on the others",
        tolerance=0.01,
        what="for a single picture",
    )


def _rng():
    return np.random.default_rng(0)


def _untouched(x, before):
    return holds(
        np.all(x == before),
        "it changed the pictures that it was given.",
        "work on a copy",
    )


def _off_centre(w):
    if w.min() >= 0 and 0.45 < np.mean(w == 0) < 0.55:
        return "clip the sum x + w, not the noise"
    return "rng.normal has mean 0 (rng.random has not), and only the sum is clipped"


def _right_spread(spread):
    known = {
        LEVEL**0.5: "level is the standard deviation, not the variance",
        LEVEL**2: "level is the standard deviation: do not square it",
        LEVEL / 2: "do not multiply the noise by the picture",
        0.39: "multiply the noise by level",  # what clipping leaves of level 1
    }
    hints = [hint for wrong, hint in known.items() if abs(spread / wrong - 1) < 0.15]
    seen = f"the noise has a standard deviation of {spread:.3f}, not {LEVEL}."
    right = abs(spread / LEVEL - 1) < 0.03
    return holds(right, seen, hints[0] if hints else "rng.normal times level")


def _seeded(draw):
    first, again, other = (
        np.asarray(draw(np.random.default_rng(s))) for s in (0, 0, 1)
    )
    yield holds(
        np.array_equal(first, again),
        "the same seed gave two different results.",
        "draw from rng, not from random or np.random",
    )
    yield holds(
        not np.array_equal(first, other),
        "two seeds gave the same result.",
        "draw from the rng that you are given",
    )


def _swapped_or_both(inputs, x):
    if np.array_equal(np.asarray(inputs), x):
        return "swapped: the network sees the noisy picture and is asked for the clean"
    return "the target is noisy too: that teaches to copy noise"


def _every_row(counts):
    missing = np.flatnonzero(counts == 0)
    yield holds(
        26 not in missing,
        "the last row, 27, is never hidden.",
        "a bar may start at row 26, and rng.integers(27) stops before 27",
    )
    yield holds(
        not len(missing),
        f"no bar ever starts at row {missing[:1]}.",
        "all starts from 0 to 26",
    )
    yield holds(
        counts.max() < 2 * counts.mean(),
        "some rows are hidden far more often than others.",
        "every start with the same chance",
    )


def _flattened(answer, grey):
    rows = grey[:9].reshape(9, 784)
    hint = "for rows of 784: reshape to (-1, 28, 28, 1), and back at the end"
    try:
        occluded = np.asarray(answer(rows.copy(), _rng()))
    except Exception as error:
        seen = f"on pictures of shape (9, 784) it stopped with {type(error).__name__}."
        return Mistake(seen, hint)
    if occluded.shape != rows.shape:
        return Mistake(f"expected shape (9, 784), got {occluded.shape}.", hint)
    hidden = (occluded.reshape(9, 28, 28) == 1).all(axis=2).sum(axis=1)
    return holds((hidden == 2).all(), "in rows of 784 the bar is not two rows.", hint)


@functools.cache
def _held_out_bars(height, direction):
    """540 digits that nobody trains on, as often for each place of the bar.

    They are turned so that the bar lies in rows.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        truth = _turn(data.load_digits(n_train=0).x_test[-540:], direction)
    starts = np.arange(540) % (29 - height)
    return truth, *corruptions.cover_rows(truth, starts, height)


def _turn(pictures, direction):
    return pictures.swapaxes(1, 2) if direction == "columns" else pictures


def _straight_line(occluded, hidden):
    """Fills each bar with a straight line from the row above to the row below."""
    padded = np.pad(occluded, [(0, 0), (1, 1), (0, 0), (0, 0)])
    filled = occluded.copy()
    for picture, rows, into in zip(padded, hidden[:, :, 0, 0], filled, strict=True):
        start, height = rows.argmax(), rows.sum()
        above, below = picture[start], picture[start + height + 1]
        for row in range(height):
            share = (row + 1) / (height + 1)
            into[start + row] = (1 - share) * above + share * below
    return filled

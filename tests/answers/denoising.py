"""Answers to the exercises of lesson 06."""

import contextlib
import functools
import io
import random

import numpy as np
from scipy.ndimage import uniform_filter

from course_utils import corruptions, data, metrics
from tests.answers import Answers


def noise_by_pixel(x, level, rng):
    flat = [min(max(p + rng.normal(0, level), 0), 1) for p in x.ravel()]
    return np.array(flat).reshape(x.shape)


def noise_of_given_scale(x, level, rng):
    return (x + rng.normal(0, level, x.shape)).clip(0, 1)


def noise_in_place(x, level, rng):
    x += (level * rng.normal(size=x.shape)).astype("float32")
    return np.clip(x, 0, 1, out=x)


def shared_noise(x, level, rng):
    return np.clip(x + level * rng.normal(size=x.shape[1:]), 0, 1)


def noise_clipped_at_zero(x, level, rng):
    return np.clip(x + level * np.clip(rng.normal(size=x.shape), 0, None), 0, 1)


def psnr_by_picture(x, x_hat):
    return np.array(
        [-10 * np.log10(np.mean((a - b) ** 2)) for a, b in zip(x, x_hat, strict=True)]
    )


def psnr_of_rows(x, x_hat):
    error = np.square(np.subtract(x, x_hat)).reshape(len(x), -1).mean(axis=1)
    return 20 * np.log10(1 / np.sqrt(error))


def mean_over_pixels(function):
    axes = (1, 2, 3)
    return lambda x, x_hat: function(np.mean((x - x_hat) ** 2, axis=axes[: x.ndim - 1]))


def occlude_by_loop(images, rng):
    new = np.array(images).reshape(-1, 28, 28)
    for picture in new:
        start = rng.integers(27)
        picture[start : start + 2] = 1.0
    return new.reshape(images.shape)


def occlude_by_mask(images, rng):
    start = rng.integers(0, 26, size=len(images), endpoint=True)[:, None]
    distance = np.arange(28) - start
    bar = np.repeat((distance == 0) | (distance == 1), 28, axis=1)
    return np.maximum(images, bar.reshape(images.shape))


def lecture(images, rng):
    new = images.copy()
    for k in range(len(new)):
        x = random.randint(0, 25)
        new[k, x : x + 2, :] = 1.0
    return new


def occlude_with(draw, flatten=True, thickness=2, before=np.copy):
    """Makes an `occlude` that draws the first row of each bar in its own way."""

    def occlude(images, rng):
        new = before(images)
        pictures = new.reshape(-1, 28, 28) if flatten else new
        for picture in pictures:
            start = draw(rng)
            picture[start : start + thickness] = 1.0
        return new

    return occlude


def occlude_and_print(images, rng):
    print(images.shape)
    return occlude_by_loop(images, rng)


def same_bar(images, rng):
    start = rng.integers(27)
    new = images.copy().reshape(-1, 28, 28)
    new[:, start : start + 2] = 1.0
    return new.reshape(images.shape)


@functools.cache
def some_digits():
    with contextlib.redirect_stdout(io.StringIO()):
        return data.load_digits(10_000, 0).x_train.reshape(-1, 784)


@functools.cache
def statistics():
    rows = some_digits().astype("float64")
    return rows.mean(axis=0), np.cov(rows.T) + 1e-3 * np.eye(784)


def bars_of(images):
    return np.broadcast_to((images == 1).all(axis=(2, 3), keepdims=True), images.shape)


def expected_ink(images):
    """Fills each bar with what a Gaussian fitted to digits expects there."""
    mean, covariance = statistics()
    rows, bars = images.reshape(-1, 784).copy(), bars_of(images).reshape(-1, 784)
    for bar in np.unique(bars, axis=0):
        mine = (bars == bar).all(axis=1)
        given = covariance[np.ix_(~bar, ~bar)]
        weights = np.linalg.solve(given, covariance[np.ix_(~bar, bar)])
        seen = rows[np.ix_(mine, ~bar)]
        rows[np.ix_(mine, bar)] = mean[bar] + (seen - mean[~bar]) @ weights
    return rows.clip(0, 1).reshape(images.shape)


@functools.cache
def weights_of_neighbours(start):
    """Least squares from the three rows above and below a bar to its own two."""
    padded = np.pad(some_digits().reshape(-1, 28, 28), [(0, 0), (3, 3), (0, 0)])
    window = padded[:, start : start + 8]
    around = np.delete(window, [3, 4], axis=1).reshape(len(window), -1)
    gram = around.T @ around + np.eye(6 * 28)
    return np.linalg.solve(gram, around.T @ window[:, 3:5].reshape(-1, 56))


def from_neighbours(images):
    """Fills each bar with what the rows around it foretell, nothing else."""
    restored = []
    for image in images:
        start = int(np.argmax(image.min(axis=(1, 2)) == 1))
        rows = np.pad(image[..., 0], [(3, 3), (0, 0)])
        around = np.delete(rows[start : start + 8], [3, 4], axis=0).ravel()
        filled = image.copy()
        inside = around @ weights_of_neighbours(start)
        filled[start : start + 2] = inside.reshape(2, 28, 1).clip(0, 1)
        restored.append(filled)
    return restored


def never_the_last_row(images):
    restored = expected_ink(images)
    last = bars_of(images)[:, 27, 0, 0]
    restored[last] = images[last]
    return restored


def blurred_outside(images):
    blurred = uniform_filter(images, (1, 3, 3, 1))
    return np.where(bars_of(images), expected_ink(images), blurred)


def straight_line(images):
    restored = images.copy()
    for picture, bar in zip(restored, bars_of(images), strict=True):
        start = int(bar[:, 0, 0].argmax())
        above = picture[start - 1] if start else 0
        below = picture[start + 2] if start < 26 else 0
        picture[start] = 2 / 3 * above + 1 / 3 * below
        picture[start + 1] = 1 / 3 * above + 2 / 3 * below
    return restored


ANSWERS = {
    "add_noise": Answers(
        right=[
            noise_by_pixel,
            noise_of_given_scale,
            lambda x, level, rng: np.clip(
                rng.standard_normal(x.shape) * level + x, 0, 1
            ),
        ],
        wrong=[
            (lambda x, level, rng: x, "nothing was added"),
            (lambda x, level, rng: x + level * rng.normal(size=x.shape), "np.clip"),
            (
                lambda x, level, rng: np.clip(x + rng.normal(size=x.shape), 0, 1),
                "multiply the noise by level",
            ),
            (
                lambda x, level, rng: np.clip(
                    x + rng.normal(0, level**0.5, x.shape), 0, 1
                ),
                "not the variance",
            ),
            (
                lambda x, level, rng: np.clip(
                    x + rng.normal(0, level**2, x.shape), 0, 1
                ),
                "do not square it",
            ),
            (
                lambda x, level, rng: np.clip(
                    x * (1 + level * rng.normal(size=x.shape)), 0, 1
                ),
                "do not multiply the noise by the picture",
            ),
            (
                lambda x, level, rng: np.clip(x + level * rng.random(x.shape), 0, 1),
                "rng.random has not",
            ),
            (
                lambda x, level, rng: np.clip(
                    x + level * rng.uniform(-(3**0.5), 3**0.5, x.shape), 0, 1
                ),
                "not Gaussian",
            ),
            (
                lambda x, level, rng: np.clip(
                    x + level * np.random.default_rng().normal(size=x.shape), 0, 1
                ),
                "draw from rng, not from random",
            ),
            (
                lambda x, level, rng: np.clip(
                    x + level * np.random.default_rng(0).normal(size=x.shape), 0, 1
                ),
                "two seeds gave the same result",
            ),
            (shared_noise, "pixels share their noise"),
            (noise_in_place, "work on a copy"),
            (noise_clipped_at_zero, "clip the sum x + w, not the noise"),
            (
                lambda x, level, rng: (
                    x + np.clip(level * rng.normal(size=x.shape), 0, 1)
                ),
                "clip the sum x + w, not the noise",
            ),
            (
                lambda x, level, rng: np.clip(
                    x + level * rng.normal(1, size=x.shape), 0, 1
                ),
                "rng.normal has mean 0",
            ),
        ],
    ),
    "training_pairs": Answers(
        right=[
            lambda x, corrupt: (corrupt(x), x),
            lambda x, corrupt: [np.array(corrupt(x.copy())), x.copy()],
        ],
        wrong=[
            (lambda x, corrupt: (x, corrupt(x)), "swapped"),
            (lambda x, corrupt: (corrupt(x),) * 2, "teaches to copy noise"),
            (lambda x, corrupt: (x, x), "a vanilla autoencoder"),
            (lambda x, corrupt: (corrupt(x), corrupt(x)), "call corrupt once"),
            (lambda x, corrupt: corrupt(x), "return inputs, targets"),
        ],
    ),
    "psnr": Answers(
        right=[psnr_by_picture, psnr_of_rows, metrics.psnr],
        wrong=[
            (mean_over_pixels(lambda error: 10 * np.log10(error)), "the sign"),
            (mean_over_pixels(lambda error: -10 * np.log(error)), "np.log10"),
            (mean_over_pixels(lambda error: -20 * np.log10(error)), "10, not 20"),
            (mean_over_pixels(lambda error: error), "now the logarithm"),
            (mean_over_pixels(lambda error: -np.log10(error)), "ten times"),
            (
                mean_over_pixels(lambda error: 10 * np.log10(255**2 / error)),
                "is 1, not 255",
            ),
            (
                lambda x, x_hat: -10 * np.log10(((x - x_hat) ** 2).sum((1, 2, 3))),
                "not the sum",
            ),
            (
                lambda x, x_hat: -10 * np.log10(np.abs(x - x_hat).mean((1, 2, 3))),
                "square the differences",
            ),
            (
                lambda x, x_hat: -10 * np.log10(np.mean((x - x_hat) ** 2)),
                "not one for all",
            ),
            (
                lambda x, x_hat: psnr_by_picture(x, x_hat).mean(),
                "do not average over the batch",
            ),
            (
                mean_over_pixels(lambda error: -10 * np.log10(error.reshape(2, 1))),
                "expected shape (2,), got (2, 1)",
            ),
        ],
    ),
    "occlude": Answers(
        right=[
            occlude_by_loop,
            occlude_by_mask,
            lambda images, rng: corruptions.occlude(images, rng)[0],
        ],
        wrong=[
            (lambda images, rng: corruptions.occlude(images, rng), "shape"),
            (lambda images, rng: images, "expected 2 white rows"),
            (lecture, "the last row, 27, is never hidden"),
            (
                occlude_with(lambda rng: rng.integers(0, 26)),
                "the last row, 27, is never hidden",
            ),
            (occlude_with(lambda rng: rng.integers(1, 27)), "starts at row [0]"),
            (
                occlude_with(lambda rng: rng.integers(0, 28)),
                "got 1 to 2. Hint: the bar must fit",
            ),
            (occlude_with(lambda rng: rng.integers(26), thickness=3), "got 3 to 3"),
            (
                occlude_with(lambda rng: min(rng.integers(40), 26)),
                "some rows are hidden far more often",
            ),
            (
                occlude_with(lambda rng: random.randrange(27)),
                "draw from rng, not from random",
            ),
            (
                occlude_with(lambda rng: rng.integers(27), flatten=False),
                "for rows of 784: reshape",
            ),
            (
                occlude_with(lambda rng: rng.integers(27), before=np.asarray),
                "work on a copy",
            ),
            (occlude_and_print, "leave the print out"),
            (same_bar, "draw a row for each picture"),
        ],
    ),
    "restore": Answers(
        right=[expected_ink, from_neighbours],
        wrong=[
            (lambda images: images, "train on (occluded, clean)"),
            (lambda images: expected_ink(images).reshape(-1, 784), "expected shape"),
            (straight_line, "what do digits look like there?"),
            (lambda images: images * ~bars_of(images), "dB inside the bar"),
            (never_the_last_row, "row 27 must be hidden in training too"),
            (blurred_outside, "keep those pixels"),
            (
                lambda images: np.full_like(images, np.nan),
                "some pixels are not numbers",
            ),
        ],
        slow=True,
    ),
}

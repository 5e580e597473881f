"""The course's one chart: how much error is left at how many numbers in the code.

Each lesson adds its own curves, measured on the held-out digits. They are kept in
the cache, a small file for each lesson and each kind of digits, so that a later
lesson can show them beside its own.
"""

import json

import numpy as np

from course_utils import plots
from course_utils.data import cache


def add(curves, *, lesson, source):
    """Keeps the curves of a lesson, in place of those it kept before.

    A cache that cannot be written or read is no reason to stop: then the curves of
    this lesson are returned alone.

    Args:
        curves: Dict from a name to `(latent_dims, errors)`: two sequences of numbers
            of the same length, the errors averages of `losses.squared_error` over
            held-out digits, in nats per image.
        lesson: Integer, the number of the lesson that measured them.
        source: String, which digits: `Images.source`.

    Returns:
        Dict like `curves`, of this lesson and of the earlier ones that were run on
        the same digits, in the order of the lessons. Each name carries its
        lesson's number, such as `"PCA (02)"`. Later lessons are left out, so that
        a lesson looks the same whenever it is run.

    Raises:
        ValueError: If a curve is empty, if its two sequences differ in length, or
            if a number in them is not positive.
    """
    curves = {name: _as_curve(name, *curve) for name, curve in curves.items()}
    try:
        folder = cache.cache_folder() / "rate_distortion"
        folder.mkdir(exist_ok=True)
        text = json.dumps(curves, indent=1).encode()
        cache.write_atomically(_path(lesson, source), lambda file: file.write(text))
    except OSError as error:
        print(f"The chart could not be kept for later lessons: {error}")
    found = {}
    for number in range(lesson):
        found |= _numbered(_read(number, source), number)
    return found | _numbered(curves, lesson)


def chart(curves, *, alt, size=(7.4, 4)):
    """Draws curves of error against the size of the code, both logarithmic.

    Args:
        curves: Dict from a name to `(latent_dims, errors)`, as `add` returns it.
        alt: String, the text alternative.
        size: Pair of floats, in inches.

    Returns:
        `plots.Figure`.
    """
    figure, axis = plots.figure(alt, size=size)
    for i, (name, (latent_dims, errors)) in enumerate(curves.items()):
        # The second time round, a colour meets another marker.
        marker = plots.MARKERS[(i + i // len(plots.SERIES)) % len(plots.MARKERS)]
        style = {"color": plots.SERIES[i % len(plots.SERIES)], "markersize": 5}
        style["marker"] = marker if len(latent_dims) <= 30 else None
        style["linestyle"] = plots.LINES[i % len(plots.LINES)]
        axis.loglog(latent_dims, errors, label=name, **style)
    axis.set(xlabel="numbers in the code", ylabel="squared error, nats per image")
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _as_curve(name, latent_dims, errors):
    latent_dims, errors = np.atleast_1d(latent_dims), np.atleast_1d(errors)
    if latent_dims.shape != errors.shape or latent_dims.ndim != 1 or not errors.size:
        raise ValueError(
            "Expected (latent_dims, errors), two sequences of the same length. "
            f"Received: {name}, of shapes {latent_dims.shape} and {errors.shape}"
        )
    if not (np.all(latent_dims > 0) and np.all(errors > 0)):
        raise ValueError(
            "Expected positive sizes and errors, for axes that are logarithmic. "
            f"Received: {name}, {latent_dims} and {errors}"
        )
    return [latent_dims.tolist(), errors.astype(float).tolist()]


def _read(lesson, source):
    """Returns the curves that a lesson kept; none if there is no file, or no whole."""
    try:
        kept = json.loads(_path(lesson, source).read_text(encoding="utf-8"))
        return {name: _as_curve(name, *curve) for name, curve in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _path(lesson, source):
    return cache.cache_folder() / "rate_distortion" / f"{source}-{lesson:02}.json"


def _numbered(curves, lesson):
    return {f"{name} ({lesson:02})": tuple(curve) for name, curve in curves.items()}

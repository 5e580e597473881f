"""Fits digits into their box, and keeps their loops open."""

import numpy as np

from course_utils.data.pen import BOX

# Pixels from the middle of a loop that stay free of ink; the small loops of a 2 and
# a 3 are ornament, and may nearly close.
HOLE = np.array([0.7, 0.7, 0.0, 0.0, 0.7, 0.7, 0.7, 0.7, 0.8, 0.6])


def corners(starts, ends):
    """Finds how far the pen goes.

    Args:
        starts: Array of shape `(n, pieces, 2)`, (x, y) where each piece starts.
        ends: Array of the same shape, where it ends.

    Returns:
        The lowest and the highest (x, y) of each digit, arrays of shape `(n, 2)`.
    """
    return (
        np.minimum(starts.min(axis=1), ends.min(axis=1)),
        np.maximum(starts.max(axis=1), ends.max(axis=1)),
    )


def fit(starts, ends, loops, factors):
    """Chooses a scale so that the ink fits the box; thins it to keep loops open.

    Args:
        starts: Array of shape `(n, pieces, 2)`, (x, y) where each piece starts.
        ends: Array of the same shape, where it ends.
        loops: Booleans of shape `(n, 2, pieces)`, the pieces around each loop.
        factors: Dictionary, see `load_strokes`; its thickness is replaced.

    Returns:
        Float32 array of shape `(n,)`, pixels per unit.
    """
    low, high = corners(starts, ends)
    extent = (high - low).max(axis=1)
    room = BOX * factors["scale"]
    narrowest = _narrowest(starts, ends, loops)
    thickness, hole = factors["thickness"], HOLE[factors["label"]]
    for _ in range(2):
        scale = (room - thickness) / extent
        thickness = np.minimum(thickness, 2 * (narrowest * scale - hole))
        thickness = np.maximum(thickness, 1.2)
    factors["thickness"] = thickness
    return ((room - thickness) / extent).astype("float32")


def _narrowest(starts, ends, loops):
    """Half the width of the narrowest loop, taking each loop for an ellipse."""
    half = np.full(len(starts), np.inf)
    for which in range(2):
        inside = loops[:, which].astype("float32")
        count = inside.sum(axis=1)
        some = np.maximum(count, 1)
        middle = np.einsum("nk,nkc->nc", inside, starts) / some[:, None]
        a, b = starts - middle[:, None], ends - middle[:, None]
        cross = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
        product = np.abs((cross * inside).sum(axis=1)) / (2 * np.pi)
        length = np.hypot(*np.moveaxis(b - a, -1, 0))
        perimeter = (length * inside).sum(axis=1)
        squares = perimeter**2 / (2 * np.pi**2)
        minor = np.sqrt(squares + 2 * product) - np.sqrt(
            np.maximum(squares - 2 * product, 0)
        )
        half = np.minimum(half, np.where(count > 0, minor / 2, np.inf))
    return half

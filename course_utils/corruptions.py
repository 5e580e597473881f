"""Ways to damage pictures: noise, a bar that hides, and a page's long life.

Every function takes a `numpy.random.Generator` and leaves its input as it was.
"""

import numpy as np


def add_noise(x, level, rng):
    """Adds Gaussian noise to each pixel and clips the sum to [0, 1], as a camera does.

    Args:
        x: Float array of pictures, any shape, in [0, 1].
        level: Float, standard deviation of the noise before it is clipped; or an
            array that broadcasts against `x`, such as one level per picture.
        rng: `numpy.random.Generator`.

    Returns:
        Float32 array of the shape of `x`, in [0, 1].

    Raises:
        ValueError: If a level is below zero.
    """
    if np.any(np.asarray(level) < 0):
        raise ValueError(f"Expected a level of at least 0. Received: level={level}")
    x = np.asarray(x, "float32")
    w = rng.standard_normal(x.shape, dtype="float32")
    return np.clip(x + np.float32(level) * w, 0, 1)


def occlude(x, rng, thickness=2):
    """Hides a few neighbouring rows of each picture under a white bar.

    The bar starts at any row where it fits, each with the same chance: every row,
    the last one too, can be hidden.

    Args:
        x: Float array of shape `(n, height, width, channels)`, or `(n, 784)`, which
            is read as rows of 28 pixels.
        rng: `numpy.random.Generator`.
        thickness: Integer, rows that the bar is high.

    Returns:
        `(occluded, hidden)`: float32 array and boolean mask, both of the shape of
        `x`; `hidden` is true under the bar.

    Raises:
        ValueError: If `x` has another shape, or the bar is higher than the picture.
    """
    height = _as_pictures(x).shape[1]
    starts = rng.integers(0, max(height - thickness, 0) + 1, size=len(x))
    return cover_rows(x, starts, thickness)


def cover_rows(x, starts, thickness=2):
    """Hides given rows of each picture under a white bar.

    Args:
        x: Float array as `occlude` takes it.
        starts: Integer array of shape `(n,)`, the first hidden row of each picture;
            or one integer for all.
        thickness: Integer, rows that the bar is high.

    Returns:
        `(occluded, hidden)`, as `occlude` returns them.

    Raises:
        ValueError: If `x` has another shape, or a bar leaves the picture.
    """
    pictures = _as_pictures(x)
    height = pictures.shape[1]
    first = np.broadcast_to(starts, len(pictures))[:, None]
    if thickness < 1 or np.any(first < 0) or np.any(first + thickness > height):
        raise ValueError(
            f"Expected bars inside {height} rows. "
            f"Received: starts={starts}, thickness={thickness}"
        )
    row = np.arange(height)
    rows = (row >= first) & (row < first + thickness)
    hidden = np.broadcast_to(rows[:, :, None, None], pictures.shape)
    occluded = np.where(hidden, np.float32(1), pictures)
    return occluded.reshape(np.shape(x)), hidden.reshape(np.shape(x))


def damage_pages(pages, rng):
    """Ages pages of dark text on white paper: light, stains, creases, a poor scan.

    Args:
        pages: Float array of shape `(n, height, width, 1)`, 0 is ink, 1 is paper.
        rng: `numpy.random.Generator`.

    Returns:
        Float32 array of the same shape, in [0, 1]. Light and dirt darken paper and
        ink by the same factor; the scan fades the ink, blurs and adds noise.

    Raises:
        ValueError: If `pages` is not shaped like that.
    """
    if np.ndim(pages) != 4 or np.shape(pages)[-1] != 1:
        raise ValueError(
            "Expected pages of shape (n, height, width, 1). "
            f"Received: shape {np.shape(pages)}"
        )
    damaged = np.empty(np.shape(pages), "float32")
    for page, into in zip(pages, damaged, strict=True):
        shape = page.shape[:2]
        paper = uneven_light(shape, rng) * stains(shape, rng) * creases(shape, rng)
        into[..., 0] = _scan(page[..., 0], paper, rng)
    return damaged


def uneven_light(shape, rng):
    """Draws light that fades smoothly across a page.

    Args:
        shape: Pair of integers, height and width of the page.
        rng: `numpy.random.Generator`.

    Returns:
        Float array of shape `shape`, in (0, 1]: what the page is multiplied with.
    """
    darkest = rng.uniform(0.3, 1)
    return darkest + (1 - darkest) * _smooth(shape, rng, 3)


def stains(shape, rng):
    """Draws spilt drops: spots with a dark rim, as coffee leaves them.

    Args:
        shape: Pair of integers, height and width of the page.
        rng: `numpy.random.Generator`.

    Returns:
        Float array of shape `shape`, in (0, 1]: what the page is multiplied with.
    """
    height, width = shape
    y, x = np.mgrid[:height, :width]
    paper = np.ones(shape)
    for _ in range(rng.integers(0, 3)):
        down, right = rng.uniform(0, height), rng.uniform(0, width)
        radius, rim = rng.uniform(10, 50), rng.uniform(1.5, 5)
        wobble = radius * (0.85 + 0.3 * _smooth(shape, rng, 4))
        inside = wobble - np.hypot(y - down, x - right)
        spot = 1 / (1 + np.exp(-np.clip(inside / rim, -30, 30)))
        edge = np.exp(-((inside / rim) ** 2))
        paper *= 1 - rng.uniform(0.05, 0.3) * spot - rng.uniform(0, 0.3) * edge
    return paper


def creases(shape, rng):
    """Draws folds: light on one side of a line, shadow on the other.

    Args:
        shape: Pair of integers, height and width of the page.
        rng: `numpy.random.Generator`.

    Returns:
        Float array of shape `shape`, in (0, 1]: what the page is multiplied with.
    """
    height, width = shape
    y, x = np.mgrid[:height, :width]
    shade = np.zeros(shape)
    bend = 25 * _smooth(shape, rng, 5)
    for _ in range(rng.integers(0, 6)):
        angle = rng.uniform(0, np.pi)
        down, right = rng.uniform(0, height), rng.uniform(0, width)
        side = (y - down) * np.cos(angle) + (x - right) * np.sin(angle) + bend - 12.5
        width_of_fold, reach = rng.uniform(0.5, 3), rng.uniform(5, 30)
        fold = np.tanh(side / width_of_fold) * np.exp(-np.abs(side) / reach)
        shade += rng.uniform(0.05, 0.3) * fold
    return np.clip(1 - np.maximum(shade, 0) - 0.3 * np.maximum(-shade, 0), 0.3, 1)


def _scan(page, paper, rng):
    from scipy.ndimage import gaussian_filter

    ink = rng.uniform(0, 0.35)
    grain = 0.06 * rng.uniform() * (_smooth(page.shape, rng, 24) - 0.5)
    seen = gaussian_filter(paper * (ink + (1 - ink) * page), rng.uniform(0, 0.9))
    noise = rng.uniform(0, 0.03) * rng.standard_normal(page.shape)
    return np.clip(seen + grain + noise, 0, 1)


def _smooth(shape, rng, cells):
    """Returns a smooth random surface that spans [0, 1]."""
    from scipy.ndimage import zoom

    grid = rng.standard_normal((cells, cells))
    surface = zoom(grid, np.divide(shape, cells), order=3, mode="reflect")
    surface = surface[: shape[0], : shape[1]]
    return (surface - surface.min()) / (surface.max() - surface.min())


def _as_pictures(x):
    x = np.asarray(x, "float32")
    if x.ndim == 2 and x.shape[1] == 784:
        return x.reshape(-1, 28, 28, 1)
    if x.ndim != 4:
        raise ValueError(
            "Expected pictures of shape (n, height, width, channels) or (n, 784). "
            f"Received: shape {x.shape}"
        )
    return x

"""Bends pictures at random, as in a fairground mirror."""

import keras
import numpy as np
from keras import ops


def random_warp(pictures, amount=1.5, seed=None, cells=4):
    """Bends every picture a little, each in its own way.

    A coarse grid of random shifts is spread smoothly over the picture.

    Args:
        pictures: Float tensor of shape `(batch, size, size, channels)`.
        amount: Float, standard deviation of the shifts, in pixels.
        seed: Integer, `keras.random.SeedGenerator`, or None.
        cells: Integer, cells of the grid per side.

    Returns:
        Float tensor of the shape of `pictures`.
    """
    batch, size = ops.shape(pictures)[0], pictures.shape[1]
    at = np.linspace(0, cells, size)[:, None]
    spread = np.maximum(0, 1 - np.abs(at - np.arange(cells + 1))).astype("float32")
    grid = (batch, cells + 1, cells + 1, 2)
    shifts = amount * keras.random.normal(grid, seed=seed)
    shifts = ops.einsum("pi,bijc,qj->bpqc", spread, shifts, spread)
    steps = ops.arange(size, dtype="float32")
    rows = steps[None, :, None] + shifts[..., 0]
    columns = steps[None, None, :] + shifts[..., 1]
    return _between_pixels(pictures, rows, columns)


def _between_pixels(pictures, rows, columns):
    """Reads pictures at points between the pixels; beyond the border, at it."""
    size, channels = pictures.shape[1], pictures.shape[3]
    rows, columns = (ops.clip(at, 0, size - 1.001) for at in (rows, columns))
    row, column = ops.floor(rows), ops.floor(columns)
    down, right = (rows - row)[..., None], (columns - column)[..., None]
    first = ops.arange(ops.shape(pictures)[0])[:, None, None] * size**2
    corner = first + ops.cast(row * size + column, "int32")
    pixels = ops.reshape(pictures, (-1, channels))

    def mix(corner):
        left, beside = (ops.take(pixels, corner + step, axis=0) for step in (0, 1))
        return left + right * (beside - left)

    return mix(corner) + down * (mix(corner + size) - mix(corner))

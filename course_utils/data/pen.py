"""Inks curves into small grey pictures, thousands at once, in NumPy alone."""

import numpy as np

BOX = 20  # pixels; the digit and its ink fit into a box of this size
SIZE = 28  # pixels; the picture around it
SOFTNESS = 0.5  # pixels; how far neighbouring pieces of a stroke merge


def ink(starts, ends, radius, edge, grain):
    """Draws strokes, given as short straight pieces, with a round pen.

    The squared distance to the nearest piece is a soft minimum over Gaussians.
    A Gaussian is a product of a row and a column, so one matrix product per
    picture sums them all.

    Args:
        starts: Float32 array of shape `(n, pieces, 2)`, (x, y) in pixels of the box.
        ends: Float32 array of the same shape.
        radius: Float32 array of shape `(n, pieces)`, half the pen's width in pixels.
        edge: Float32 array of shape `(n,)`, pixels from full ink to none.
        grain: Float32 array of shape `(n, 20, 20)`, pixels by which the edge of the
            stroke is off its place.

    Returns:
        Float32 array of shape `(n, 20, 20)`, in [0, 1].
    """
    middle = (starts + ends) / 2
    length = np.hypot(*np.moveaxis(ends - starts, -1, 0))
    mean_radius = radius.mean(axis=1, keepdims=True)
    wider = (radius**2 - mean_radius**2) / (2 * SOFTNESS**2)
    weight = length * np.exp(wider) / (SOFTNESS * np.sqrt(np.float32(2 * np.pi)))
    centres = np.arange(BOX, dtype="float32") + np.float32(0.5)
    columns = _bell(middle[:, :, :1] - centres)
    rows = _bell(middle[:, :, 1:] - centres) * weight[:, :, None]
    near = np.matmul(np.swapaxes(rows, 1, 2), columns)
    squared = -2 * SOFTNESS**2 * np.log(np.maximum(near, np.float32(1e-30)))
    distance = np.sqrt(np.maximum(squared, 0))
    inside = (mean_radius[:, :, None] - distance + grain) / edge[:, None, None]
    return np.clip(inside + np.float32(0.5), 0, 1)


def _bell(offset):
    return np.exp(offset * offset * np.float32(-0.5 / SOFTNESS**2))


def centre_by_mass(boxes):
    """Places each box in a picture so that its ink balances in the middle.

    Args:
        boxes: Float32 array of shape `(n, 20, 20)`.

    Returns:
        Float32 array of shape `(n, 28, 28)`; the shifts are whole pixels, as
        MNIST's are.
    """
    along = np.arange(BOX, dtype="float32")
    mass = boxes.sum(axis=(1, 2))
    x = boxes.sum(axis=1) @ along / mass
    y = boxes.sum(axis=2) @ along / mass
    middle = SIZE / 2  # where the ink of MNIST balances, half a pixel off the centre
    left, top = (
        np.clip(np.rint(middle - v), 0, SIZE - BOX).astype(int)[:, None, None]
        for v in (x, y)
    )
    pictures = np.zeros((len(boxes), SIZE, SIZE), "float32")
    here = np.arange(BOX)
    each = np.arange(len(boxes))[:, None, None]
    pictures[each, top + here[:, None], left + here] = boxes
    return pictures

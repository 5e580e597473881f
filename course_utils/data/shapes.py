"""Shapes by their signed distance, painted without jagged edges, many at a time.

A distance is an array of shape `(n, height, width)`: negative inside the shape,
positive outside, in the unit of the coordinates. Numbers that describe a shape
are floats, or arrays of shape `(n, 1, 1)` where they differ between pictures.
"""

import numpy as np

SOFTNESS = 1.5  # pixels from full paint to none, as in a small photograph


class Canvas:
    """A stack of pictures to paint on.

    Args:
        n: Integer, number of pictures.
        size: Integer, pixels per side.
        colour: Three floats in [0, 1], the background.

    Attributes:
        x: Float32 array of shape `(1, 1, size)`, from -1 (left) to 1.
        y: Float32 array of shape `(1, size, 1)`, from -1 (top) to 1.
        pixels: Float32 array of shape `(3, n, size, size)`.
    """

    def __init__(self, n, size, colour):
        middles = ((np.arange(size) + 0.5) * (2 / size) - 1).astype("float32")
        self.x, self.y = middles[None, None, :], middles[None, :, None]
        self.edge = np.float32(size / 2 / SOFTNESS)
        self.pixels = np.empty((3, n, size, size), "float32")
        self.pixels[:] = np.reshape(colour, (3, 1, 1, 1))

    def paint(self, distance, colour, opacity=1.0):
        """Covers the inside of a shape with a colour.

        Args:
            distance: Float array that broadcasts to `(n, size, size)`.
            colour: Three floats in [0, 1].
            opacity: Float in [0, 1], or an array of shape `(n, 1, 1)`.
        """
        cover = self.coverage(distance) * np.float32(opacity)
        for channel, level in zip(self.pixels, colour, strict=True):
            channel += cover * (np.float32(level) - channel)

    def coverage(self, distance):
        """Returns how much of each pixel a shape covers, in [0, 1]."""
        return np.clip(np.float32(0.5) - distance * self.edge, 0, 1)


def ellipse(x, y, radius_x, radius_y):
    """Returns the distance to an ellipse around the origin, exact at its edge.

    Args:
        x: Float array of coordinates.
        y: Float array of coordinates.
        radius_x: Positive float or array of shape `(n, 1, 1)`.
        radius_y: Positive float or array of shape `(n, 1, 1)`.
    """
    u, v = x / radius_x, y / radius_y
    reach = np.sqrt(u * u + v * v) + np.float32(1e-6)
    slope = np.sqrt((u / radius_x) ** 2 + (v / radius_y) ** 2) + np.float32(1e-6)
    return reach * (reach - 1) / slope


def rounded_box(x, y, half_width, half_height, radius):
    """Returns the distance to a box around the origin with round corners.

    Args:
        x: Float array of coordinates.
        y: Float array of coordinates.
        half_width: Float or array of shape `(n, 1, 1)`, corners included.
        half_height: Float or array of shape `(n, 1, 1)`, corners included.
        radius: Float, of the corners.
    """
    u, v = np.abs(x) - (half_width - radius), np.abs(y) - (half_height - radius)
    outside = np.sqrt(np.maximum(u, 0) ** 2 + np.maximum(v, 0) ** 2)
    return outside + np.minimum(np.maximum(u, v), 0) - radius


def ring(distance, width):
    """Returns the distance to a line of that width along the edge of a shape."""
    return np.abs(distance) - width / 2

"""What the code of one sigmoid layer feels when its picture changes."""

import numpy as np
from keras import ops


def slopes(encoder, x):
    """Returns the Jacobian of one sigmoid layer at each picture, in closed form.

    Formula:

        h[j] * (1 - h[j]) * kernel[i, j]

    Args:
        encoder: `keras.Sequential` of a single sigmoid layer.
        x: Float array of shape `(batch, pixels)`.

    Returns:
        Float array of shape `(batch, units, pixels)`, one row per unit, as
        `autodiff.jacobian` gives it.
    """
    h, kernel = _code_and_kernel(encoder, x)
    return (h * (1 - h))[:, :, None] * kernel.T


def sensitivity(encoder, x, directions):
    """Measures how far a code moves when its picture takes a small step.

    Formula:

        root mean square of |J v|, divided by the spread of the codes of x

    The spread, the root mean squared distance of a code from the mean code, makes a
    code that is small altogether comparable with a large one.

    Args:
        encoder: `keras.Sequential` of a single sigmoid layer.
        x: Float array of shape `(batch, pixels)`.
        directions: Float array of shape `(batch, steps, pixels)`, steps from each
            picture; only their direction counts.

    Returns:
        Float, in spreads of the code per unit of input.
    """
    h, kernel = _code_and_kernel(encoder, x)
    lengths = np.linalg.norm(directions, axis=-1, keepdims=True)
    moved = (h * (1 - h))[:, None] * (directions / lengths @ kernel)
    spread = np.mean(np.sum((h - h.mean(axis=0)) ** 2, axis=-1))
    return float(np.sqrt(np.mean(np.sum(moved**2, axis=-1)) / spread))


def tangents(x_train, x, neighbours=10):
    """Finds the directions in which the data extend at each picture.

    They are the principal axes of the nearest training pictures: local PCA.

    Args:
        x_train: Float array of shape `(n, pixels)`.
        x: Float array of shape `(batch, pixels)`.
        neighbours: Integer, how many training pictures are near.

    Returns:
        Float array of shape `(batch, neighbours - 1, pixels)`: orthogonal directions
        of length one, the most varied first.
    """
    distance = np.sum(x_train**2, axis=1) - 2 * x @ x_train.T
    near = x_train[np.argpartition(distance, neighbours)[:, :neighbours]]
    centred = near - near.mean(axis=1, keepdims=True)
    return np.linalg.svd(centred, full_matrices=False)[2][:, : neighbours - 1]


def _code_and_kernel(encoder, x):
    (layer,) = encoder.layers
    return ops.convert_to_numpy(encoder(x)), ops.convert_to_numpy(layer.kernel)

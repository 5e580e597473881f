"""How far a copy is from its picture, in nats per image."""

from keras import ops

from course_utils.losses.shapes import require_same_shape, sum_inside


def squared_error(x, x_hat):
    """Measures the reconstruction error under a Gaussian of unit variance.

    Formula:

        0.5 * sum((x - x_hat)**2)

    Args:
        x: Float tensor of shape `(batch, ...)`.
        x_hat: Float tensor of the same shape.

    Returns:
        Float tensor of shape `(batch,)`, in nats per image, up to the constant
        `0.5 * log(2 * pi)` per pixel, which does not depend on the model.

    Raises:
        ValueError: If the shapes differ; broadcasting would hide the mistake.
    """
    require_same_shape(x, x_hat)
    return 0.5 * sum_inside(ops.square(x - x_hat))


def binary_crossentropy(x, x_hat):
    """Measures the reconstruction error of pixels seen as probabilities.

    Formula:

        -sum(x * log(x_hat) + (1 - x) * log(1 - x_hat))

    On grey pixels it does not reach zero: its floor is the entropy of `x`.

    Args:
        x: Float tensor of shape `(batch, ...)`, in [0, 1].
        x_hat: Float tensor of the same shape, in [0, 1]; kept 1e-7 away from
            0 and 1, as Keras does.

    Returns:
        Float tensor of shape `(batch,)`, in nats per image. Keras's own
        `"binary_crossentropy"` is a mean over the pixels: 784 times smaller
        for pictures of 28×28.

    Raises:
        ValueError: If the shapes differ; broadcasting would hide the mistake.
    """
    require_same_shape(x, x_hat)
    x_hat = ops.clip(x_hat, 1e-7, 1 - 1e-7)
    terms = x * ops.log(x_hat) + (1 - x) * ops.log(1 - x_hat)
    return -sum_inside(terms)


def entropy_floor(x):
    """Returns the smallest binary cross-entropy that `x` allows: its entropy.

    Args:
        x: Float tensor of shape `(batch, ...)`, in [0, 1].

    Returns:
        Float tensor of shape `(batch,)`, in nats per image. Zero exactly where
        every pixel is black or white.
    """
    return binary_crossentropy(x, x)

"""A fully convolutional autoencoder that cleans pictures of any size."""

import keras
from keras import layers, ops

FILTERS = (16, 32)


class Bridge(layers.Layer):
    """Joins what comes from below with what was handed over, cut to its size.

    A picture of 27 rows has 14 at half the size, which doubles to 28: one too many.
    """

    def call(self, inputs):
        below, beside = inputs
        height, width = ops.shape(beside)[1:3]
        return ops.concatenate([below[:, :height, :width], beside], axis=-1)

    def compute_output_shape(self, input_shape):
        below, beside = input_shape
        return (*beside[:-1], below[-1] + beside[-1])


def conv_denoiser(filters=FILTERS, kernel_size=4):
    """Builds an hourglass of convolutions with a bridge at every size.

    It has no narrow code: what the encoder sees at each size is handed over to the
    decoder, so fine detail need not pass the waist. Without noise on its input it
    would only learn to copy.

    Args:
        filters: Tuple of integers, the channels at each halving.
        kernel_size: Integer, side of the strided kernels; even, so that there is no
            checkerboard.

    Returns:
        `keras.Model` from pictures of shape `(batch, height, width, 1)`, any height
        and width, to pictures in [0, 1] of the same shape.

    Raises:
        ValueError: If there are no filters.

    Source:
        Ronneberger, Fischer & Brox, "U-Net" (2015), arXiv:1505.04597.
    """
    if not filters:
        raise ValueError(f"Expected at least one halving. Received: filters={filters}")
    strided = {"kernel_size": kernel_size, "strides": 2, "padding": "same"}
    x = keras.Input((None, None, 1))
    seen = [x]
    for n in filters:
        seen.append(layers.Conv2D(n, activation="relu", **strided)(seen[-1]))
    h = seen.pop()
    for n in filters[-2::-1]:
        h = layers.Conv2DTranspose(n, activation="relu", **strided)(h)
        h = Bridge()([h, seen.pop()])
    h = layers.Conv2DTranspose(1, **strided)(h)
    h = Bridge()([h, x])
    x_hat = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(h)
    return keras.Model(x, x_hat, name="conv_denoiser")

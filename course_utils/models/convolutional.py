"""Builders of small convolutional autoencoders with a dense code."""

import math

import keras
from keras import layers

SHAPE = (28, 28, 1)
FILTERS = (16, 32)


def conv_autoencoder(latent_dim, filters=FILTERS, shape=SHAPE, kernel_size=4):
    """Builds an autoencoder of strided and transposed convolutions.

    Its two halves are `model.get_layer("encoder")` and `model.get_layer("decoder")`.

    Args:
        latent_dim: Integer, how many numbers a code has.
        filters: Tuple of integers, the channels of the encoder's convolutions; the
            decoder has them in reverse.
        shape: Triple of integers, height, width and colours of a picture.
        kernel_size: Integer, side of the kernels.

    Returns:
        `keras.Model` from pictures, shape `(batch, *shape)`, to copies in [0, 1].

    Raises:
        ValueError: If a stride does not divide the picture evenly.
    """
    encoder = conv_encoder(latent_dim, filters, shape, kernel_size)
    decoder = conv_decoder(latent_dim, filters, shape, kernel_size)
    return keras.Sequential([keras.Input(shape), encoder, decoder], name="conv")


def conv_encoder(latent_dim, filters=FILTERS, shape=SHAPE, kernel_size=4):
    """Builds an encoder: each convolution of stride 2 halves the picture.

    Args:
        latent_dim: Integer, how many numbers a code has; the layer is linear.
        filters: Tuple of integers, the channels of the convolutions.
        shape: Triple of integers, height, width and colours of a picture.
        kernel_size: Integer, side of the kernels.

    Returns:
        `keras.Model` from pictures, shape `(batch, *shape)`, to codes of shape
        `(batch, latent_dim)`.

    Raises:
        ValueError: If a stride does not divide the picture evenly.
    """
    _smallest(shape, filters)
    halve = {"strides": 2, "padding": "same", "activation": "relu"}
    convolutions = [layers.Conv2D(n, kernel_size, **halve) for n in filters]
    code = [layers.Flatten(), layers.Dense(latent_dim, name="code")]
    return keras.Sequential([keras.Input(shape), *convolutions, *code], name="encoder")


def conv_decoder(latent_dim, filters=FILTERS, shape=SHAPE, kernel_size=4):
    """Builds a decoder: each transposed convolution of stride 2 doubles the picture.

    The kernel's side should be a multiple of the stride, 2. Otherwise neighbouring
    pixels receive different numbers of terms: a checkerboard.

    Args:
        latent_dim: Integer, how many numbers a code has.
        filters: Tuple of integers, the channels of the *encoder*; they are used in
            reverse.
        shape: Triple of integers, height, width and colours of a picture.
        kernel_size: Integer, side of the kernels.

    Returns:
        `keras.Model` from codes, shape `(batch, latent_dim)`, to pictures in [0, 1]
        of shape `(batch, *shape)`.

    Raises:
        ValueError: If a stride does not divide the picture evenly.

    Source:
        Odena, Dumoulin & Olah, "Deconvolution and Checkerboard Artifacts" (2016).
    """
    small = _smallest(shape, filters)
    double = {"strides": 2, "padding": "same"}
    channels = list(reversed(filters[:-1]))
    upwards = [
        layers.Conv2DTranspose(n, kernel_size, activation="relu", **double)
        for n in channels
    ]
    picture = layers.Conv2DTranspose(
        shape[-1], kernel_size, activation="sigmoid", **double
    )
    spread = [layers.Dense(math.prod(small), activation="relu"), layers.Reshape(small)]
    return keras.Sequential(
        [keras.Input((latent_dim,)), *spread, *upwards, picture], name="decoder"
    )


def _smallest(shape, filters):
    """Returns the shape after the last convolution of the encoder."""
    height, width, _ = shape
    factor = 2 ** len(filters)
    if not filters or height % factor or width % factor:
        raise ValueError(
            f"Expected filters, and a height and width divisible by {factor}. "
            f"Received: filters={filters}, shape={shape}"
        )
    return height // factor, width // factor, filters[-1]

"""Autoencoders of dense layers, with a linear code."""

import math

import keras
from keras import layers

SHAPE = (784,)


def dense_encoder(latent_dim, hidden=(256,), *, shape=SHAPE, code_activation=None):
    """Builds an encoder of dense relu layers.

    Args:
        latent_dim: Integer, how many numbers a code has.
        hidden: Tuple of integers, the widths of the layers before the code; may be
            empty.
        shape: Tuple of integers, the shape of one picture.
        code_activation: String, the activation of the code. None keeps it linear:
            no unit of it can die.

    Returns:
        `keras.Model` named `encoder`, from `(batch, *shape)` to
        `(batch, latent_dim)`.

    Raises:
        ValueError: If `latent_dim` is below one.
    """
    _require_code(latent_dim)
    x = keras.Input(shape)
    h = layers.Flatten()(x) if len(shape) > 1 else x
    for width in hidden:
        h = layers.Dense(width, "relu")(h)
    z = layers.Dense(latent_dim, code_activation, name="z")(h)
    return keras.Model(x, z, name="encoder")


def dense_decoder(latent_dim, hidden=(256,), *, shape=SHAPE):
    """Builds a decoder of dense relu layers that ends in sigmoid pixels.

    Args:
        latent_dim: Integer, how many numbers a code has.
        hidden: Tuple of integers, the widths of the layers after the code; may be
            empty.
        shape: Tuple of integers, the shape of one picture.

    Returns:
        `keras.Model` named `decoder`, from `(batch, latent_dim)` to
        `(batch, *shape)`, in [0, 1].

    Raises:
        ValueError: If `latent_dim` is below one.
    """
    _require_code(latent_dim)
    z = h = keras.Input((latent_dim,))
    for width in hidden:
        h = layers.Dense(width, "relu")(h)
    x_hat = layers.Dense(math.prod(shape), "sigmoid")(h)
    if len(shape) > 1:
        x_hat = layers.Reshape(shape)(x_hat)
    return keras.Model(z, x_hat, name="decoder")


def dense_autoencoder(latent_dim, hidden=(256,), *, shape=SHAPE, code_activation=None):
    """Builds an autoencoder whose decoder mirrors its encoder.

    Args:
        latent_dim: Integer, how many numbers a code has.
        hidden: Tuple of integers, the widths of the encoder's hidden layers; the
            decoder has them in reverse.
        shape: Tuple of integers, the shape of one picture.
        code_activation: String, the activation of the code, or None: linear.

    Returns:
        `keras.Sequential` of the two models `encoder` and `decoder`, which
        `get_layer` finds by these names.

    Raises:
        ValueError: If `latent_dim` is below one.
    """
    encoder = dense_encoder(
        latent_dim, hidden, shape=shape, code_activation=code_activation
    )
    decoder = dense_decoder(latent_dim, tuple(reversed(hidden)), shape=shape)
    return keras.Sequential([encoder, decoder], name="autoencoder")


def _require_code(latent_dim):
    if latent_dim < 1:
        raise ValueError(
            f"Expected a code of at least one number. Received: latent_dim={latent_dim}"
        )

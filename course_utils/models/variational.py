"""The variational autoencoder, and builders of its two networks."""

import math

import keras
from keras import ops

from course_utils import losses
from course_utils.layers import Sampling

SHAPE = (28, 28, 1)


class VariationalAutoencoder(keras.Model):
    """An encoder to a Gaussian, a decoder, and their loss in nats per image.

    It minimises reconstruction + beta * divergence: with `beta=1` and the default
    losses that is minus the ELBO. Compile it without a loss, and fit it on `x`
    alone. Called on pictures, it returns `(x_hat, z_mean, z_log_var)`.

    Args:
        encoder: `keras.Model` from x to the pair `(z_mean, z_log_var)`, each of
            shape `(batch, latent_dim)`.
        decoder: `keras.Model` from z, shape `(batch, latent_dim)`, to x_hat in [0, 1].
        beta: Float, the weight of the divergence; 1 is the ELBO's.
        noise: Boolean, whether z is drawn from the posterior. If false, z is its
            mean, which is no longer a variational autoencoder.
        reconstruction: Function of `(x, x_hat)` that returns nats per image.
        divergence: Function of `(z_mean, z_log_var)` that returns nats per image.
        seed: Integer that makes the noise repeatable, or None.
        **options: Arguments of `keras.Model`.

    Raises:
        ValueError: If `beta` is negative.

    Source:
        Kingma & Welling, "Auto-Encoding Variational Bayes" (2013), arXiv:1312.6114;
        beta: Higgins et al., "beta-VAE" (2017).
    """

    def __init__(
        self,
        encoder,
        decoder,
        *,
        beta=1.0,
        noise=True,
        reconstruction=losses.binary_crossentropy,
        divergence=losses.kl_divergence,
        seed=None,
        **options,
    ):
        super().__init__(**options)
        if not beta >= 0:
            raise ValueError(f"Expected beta of at least 0. Received: beta={beta}")
        self.encoder, self.decoder = encoder, decoder
        self.beta, self.noise = beta, noise
        self.reconstruction, self.divergence = reconstruction, divergence
        self.sampling = Sampling(seed)
        self.reconstruction_tracker = keras.metrics.Mean("reconstruction_loss")
        self.kl_tracker = keras.metrics.Mean("kl_divergence")

    def build(self, input_shape):
        self.built = True  # the two networks come built

    def call(self, x):
        z_mean, z_log_var = self.encoder(x)
        z = self.sampling([z_mean, z_log_var]) if self.noise else z_mean
        return self.decoder(z), z_mean, z_log_var

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        x_hat, z_mean, z_log_var = y_pred
        reconstruction_loss = self.reconstruction(x, x_hat)
        divergence = self.divergence(z_mean, z_log_var)
        self.reconstruction_tracker.update_state(reconstruction_loss)
        self.kl_tracker.update_state(divergence)
        return ops.mean(reconstruction_loss + self.beta * divergence)


def dense_vae(latent_dim, hidden=(512, 256), shape=SHAPE, **options):
    """Builds a variational autoencoder of dense layers.

    Args:
        latent_dim: Integer, how many numbers a code has.
        hidden: Tuple of integers, the widths of the encoder's hidden layers; the
            decoder has them in reverse.
        shape: Tuple of integers, the shape of one picture.
        **options: Arguments of `VariationalAutoencoder`.

    Returns:
        `VariationalAutoencoder`.
    """
    x = keras.Input(shape)
    h = keras.layers.Flatten()(x)
    for width in hidden:
        h = keras.layers.Dense(width, activation="relu")(h)
    z = keras.Input((latent_dim,))
    g = z
    for width in reversed(hidden):
        g = keras.layers.Dense(width, activation="relu")(g)
    g = keras.layers.Dense(math.prod(shape), activation="sigmoid")(g)
    x_hat = keras.layers.Reshape(shape)(g)
    return VariationalAutoencoder(
        _encoder(x, h, latent_dim), keras.Model(z, x_hat, name="decoder"), **options
    )


def conv_vae(latent_dim, filters=(32, 64), width=16, **options):
    """Builds a convolutional variational autoencoder for pictures of 28×28.

    Two convolutions of stride 2 go down to 7×7, two transposed ones back up.

    Args:
        latent_dim: Integer, how many numbers a code has.
        filters: Pair of integers, the channels of the two convolutions.
        width: Integer, units of the dense layer before the code.
        **options: Arguments of `VariationalAutoencoder`.

    Returns:
        `VariationalAutoencoder`.
    """
    same = {"strides": 2, "padding": "same", "activation": "relu"}
    x = h = keras.Input(SHAPE)
    for channels in filters:
        h = keras.layers.Conv2D(channels, 3, **same)(h)
    h = keras.layers.Flatten()(h)
    h = keras.layers.Dense(width, activation="relu")(h)
    z = keras.Input((latent_dim,))
    g = keras.layers.Dense(7 * 7 * filters[-1], activation="relu")(z)
    g = keras.layers.Reshape((7, 7, filters[-1]))(g)
    for channels in reversed(filters):
        g = keras.layers.Conv2DTranspose(channels, 3, **same)(g)
    x_hat = keras.layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(g)
    return VariationalAutoencoder(
        _encoder(x, h, latent_dim), keras.Model(z, x_hat, name="decoder"), **options
    )


def _encoder(x, h, latent_dim):
    z_mean = keras.layers.Dense(latent_dim, name="z_mean")(h)
    z_log_var = keras.layers.Dense(latent_dim, name="z_log_var")(h)
    return keras.Model(x, [z_mean, z_log_var], name="encoder")

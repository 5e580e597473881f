"""An overcomplete autoencoder of one hidden layer, and penalties on its code."""

import keras
import numpy as np
from keras import layers, ops

from course_utils import losses

PIXELS = 784


def overcomplete(units=1000, activation="relu", **options):
    """Builds an autoencoder with more hidden units than pixels.

    Each unit's row of the decoder's kernel, its atom, is kept at length one.
    Otherwise a code could be made small, and look sparse or insensitive, while the
    decoder makes up for it.

    Args:
        units: Integer, how many numbers the code has.
        activation: String, the activation of the code.
        **options: Arguments of the encoder's `keras.layers.Dense`, such as
            `activity_regularizer`.

    Returns:
        `keras.Sequential` of two models, `encoder` from `(batch, 784)` to
        `(batch, units)` and `decoder` back to `(batch, 784)` in [0, 1].

    Raises:
        ValueError: If `units` is below one.
    """
    if units < 1:
        raise ValueError(f"Expected at least one unit. Received: units={units}")
    code = layers.Dense(units, activation, **options)
    length_one = keras.constraints.UnitNorm(axis=1)
    pixels = layers.Dense(PIXELS, "sigmoid", kernel_constraint=length_one)
    encoder = keras.Sequential([keras.Input((PIXELS,)), code], name="encoder")
    decoder = keras.Sequential([keras.Input((units,)), pixels], name="decoder")
    return keras.Sequential([encoder, decoder], name="autoencoder")


def encode(autoencoder, x):
    """Returns the codes of pictures as a plain array.

    Args:
        autoencoder: What `overcomplete` builds.
        x: Float array of shape `(batch, 784)`.

    Returns:
        Float array of shape `(batch, units)`.
    """
    return ops.convert_to_numpy(autoencoder.get_layer("encoder")(x))


def atoms(autoencoder, units):
    """Returns what units paint, as pictures that can be shown.

    Args:
        autoencoder: What `overcomplete` builds.
        units: Sequence of integers.

    Returns:
        Float array of shape `(len(units), 784)` in [0, 1]: each unit's row of the
        decoder's kernel, scaled so that 0.5, grey, is nothing, lighter adds ink,
        darker takes ink away.
    """
    (pixels,) = autoencoder.get_layer("decoder").layers
    painted = ops.convert_to_numpy(pixels.kernel)[units]
    return 0.5 + 0.5 * painted / np.abs(painted).max(axis=1, keepdims=True)


class PenalisedAutoencoder(keras.Model):
    """An autoencoder that also pays for its code.

    It minimises reconstruction + weight * penalty(z), averaged over the batch, plus
    whatever Keras's own regularisers in its layers add. Compile it without a loss,
    and fit it on `x` alone. Called on pictures, it returns `(x_hat, z)`.

    Args:
        autoencoder: `keras.Sequential` of the models `encoder` and `decoder`.
        penalty: Function of the code z, shape `(batch, units)`, that returns one
            number per image or one per batch, such as `losses.l1_penalty`.
        weight: Float, lambda: nats per unit of the penalty.
        reconstruction: Function of `(x, x_hat)` that returns nats per image.
        **options: Arguments of `keras.Model`.

    Raises:
        ValueError: If `weight` is negative.
    """

    def __init__(
        self,
        autoencoder,
        penalty,
        weight,
        *,
        reconstruction=losses.binary_crossentropy,
        **options,
    ):
        super().__init__(**options)
        if not weight >= 0:
            raise ValueError(f"Expected weight of at least 0. Received: {weight}")
        self.encoder = autoencoder.get_layer("encoder")
        self.decoder = autoencoder.get_layer("decoder")
        self.penalty, self.weight = penalty, weight
        self.reconstruction = reconstruction

    def build(self, input_shape):
        self.built = True  # the two networks come built

    def call(self, x):
        z = self.encoder(x)
        return self.decoder(z), z

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        x_hat, z = y_pred
        error = ops.mean(self.reconstruction(x, x_hat))
        by_hand = self.weight * ops.mean(self.penalty(z))
        return error + by_hand + sum(self.losses)

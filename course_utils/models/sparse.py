"""An overcomplete autoencoder of one hidden layer, and penalties on its code."""

import keras
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


def atoms(autoencoder):
    """Returns what each unit paints: its row of the decoder's kernel.

    Args:
        autoencoder: What `overcomplete` builds.

    Returns:
        Float array of shape `(units, 784)`, each of length one once it is trained.
    """
    (pixels,) = autoencoder.get_layer("decoder").layers
    return ops.convert_to_numpy(pixels.kernel)


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
    (code,) = encoder.layers
    h = ops.convert_to_numpy(encoder(x))
    kernel = ops.convert_to_numpy(code.kernel)
    return (h * (1 - h))[:, :, None] * kernel.T


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

"""Layers that Keras does not have: drawing a code from its posterior."""

import keras
from keras import ops

LOG_VAR_RANGE = (-20.0, 10.0)  # sigma from 5e-5 to 150: exp stays finite in float32


def reparameterise(z_mean, z_log_var, epsilon):
    """Turns standard normal noise into a sample of the posterior q(z|x).

    Formula:

        z_mean + exp(0.5 * z_log_var) * epsilon

    All randomness is in `epsilon`, so that gradients flow to both parameters.

    Args:
        z_mean: Float tensor of shape `(batch, latent_dim)`.
        z_log_var: Float tensor of the same shape, natural log of the variance.
        epsilon: Float tensor that broadcasts against them, drawn from N(0, I).

    Returns:
        Float tensor of shape `(batch, latent_dim)`.

    Source:
        Kingma & Welling, "Auto-Encoding Variational Bayes" (2013), section 2.4,
        arXiv:1312.6114.
    """
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon


@keras.saving.register_keras_serializable("course_utils")
class Sampling(keras.layers.Layer):
    """Draws one code of each posterior: `layer([z_mean, z_log_var])`.

    The log of the variance is clipped to [-20, 10] before it is used, so that one
    bad step cannot make the code infinite. The divergence should see it unclipped:
    its gradient is what brings a runaway value back.

    Args:
        seed: Integer that makes the noise repeatable, or None.
        **options: Arguments of `keras.layers.Layer`.
    """

    def __init__(self, seed=None, **options):
        super().__init__(**options)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.seed_generator)
        return reparameterise(z_mean, ops.clip(z_log_var, *LOG_VAR_RANGE), epsilon)

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}

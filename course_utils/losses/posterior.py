"""The terms of a variational autoencoder's loss, in nats per image."""

import math

from keras import ops

from course_utils.losses.reconstruction import binary_crossentropy
from course_utils.losses.shapes import require_same_shape


def kl_divergence(z_mean, z_log_var):
    """Measures how far each posterior q(z|x) lies from the prior N(0, I).

    Formula:

        0.5 * sum(z_mean**2 + exp(z_log_var) - 1 - z_log_var, axis=-1)

    Args:
        z_mean: Float tensor of shape `(batch, latent_dim)`.
        z_log_var: Float tensor of shape `(batch, latent_dim)`, natural log of the
            variance (not of the standard deviation).

    Returns:
        Float tensor of shape `(batch,)`, in nats per image. Zero exactly where
        the posterior equals the prior, positive elsewhere.

    Raises:
        ValueError: If the shapes differ; broadcasting would hide the mistake.

    Source:
        Kingma & Welling, "Auto-Encoding Variational Bayes" (2013), arXiv:1312.6114.
    """
    require_same_shape(z_mean, z_log_var)
    return ops.sum(kl_per_latent(z_mean, z_log_var), axis=-1)


def kl_per_latent(z_mean, z_log_var):
    """Returns the terms of `kl_divergence` before they are summed.

    Args:
        z_mean: Float tensor of shape `(batch, latent_dim)`.
        z_log_var: Float tensor of the same shape, log of the variance.

    Returns:
        Float tensor of shape `(batch, latent_dim)`, in nats. A latent whose
        average over a data set is near zero is unused: it has collapsed.

    Raises:
        ValueError: If the shapes differ; broadcasting would hide the mistake.
    """
    require_same_shape(z_mean, z_log_var)
    return 0.5 * (ops.square(z_mean) + ops.exp(z_log_var) - 1 - z_log_var)


def gaussian_log_density(z, mean=0.0, log_var=0.0):
    """Returns the log density of a Gaussian with independent coordinates.

    Args:
        z: Float tensor of shape `(..., latent_dim)`.
        mean: Float tensor that broadcasts against `z`, or a number.
        log_var: Float tensor that broadcasts against `z`, or a number; log of the
            variance.

    Returns:
        Float tensor of shape `(...)`, in nats.
    """
    z = ops.convert_to_tensor(z)
    mean, log_var = ops.cast(mean, z.dtype), ops.cast(log_var, z.dtype)
    terms = ops.square(z - mean) * ops.exp(-log_var) + log_var + math.log(2 * math.pi)
    return -0.5 * ops.sum(terms, axis=-1)


def elbo(x, x_hat, z_mean, z_log_var):
    """Returns the evidence lower bound: less than log p(x), the larger the better.

    Formula:

        -binary_crossentropy(x, x_hat) - kl_divergence(z_mean, z_log_var)

    It is an estimate from one sample per image: `x_hat` must be decoded from a code
    drawn from q(z|x), not from its mean.

    Args:
        x: Float tensor of shape `(batch, ...)`, in [0, 1].
        x_hat: Float tensor of the same shape, in [0, 1].
        z_mean: Float tensor of shape `(batch, latent_dim)`.
        z_log_var: Float tensor of the same shape, log of the variance.

    Returns:
        Float tensor of shape `(batch,)`, in nats per image.

    Raises:
        ValueError: If the shapes of a pair differ.

    Source:
        Kingma & Welling, "Auto-Encoding Variational Bayes" (2013), equation 3,
        arXiv:1312.6114.
    """
    return -binary_crossentropy(x, x_hat) - kl_divergence(z_mean, z_log_var)


def importance_weighted_bound(log_weights):
    """Returns a bound on log p(x) that grows tighter with every sample.

    Formula:

        log(mean(exp(log_weights), axis=0))

    with `log_weights = log p(x|z) + log p(z) - log q(z|x)`, z drawn from q(z|x).
    One sample gives the ELBO, infinitely many give log p(x).

    Args:
        log_weights: Float tensor of shape `(samples, batch)`.

    Returns:
        Float tensor of shape `(batch,)`, in nats per image.

    Source:
        Burda, Grosse & Salakhutdinov, "Importance Weighted Autoencoders" (2015),
        equation 8, arXiv:1509.00519.
    """
    samples = log_weights.shape[0]
    return ops.logsumexp(log_weights, axis=0) - math.log(samples)

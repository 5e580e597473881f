"""Losses of autoencoders, in nats per image unless they say otherwise.

Every reconstruction loss and divergence returns one number per image, summed
inside the image. The average over the batch is left to the caller, and only
there is it taken. Penalties say their own unit.
"""

from course_utils.losses.penalties import (
    contractive_penalty,
    kl_sparsity,
    l1_penalty,
)
from course_utils.losses.posterior import (
    elbo,
    gaussian_log_density,
    importance_weighted_bound,
    kl_divergence,
    kl_per_latent,
)
from course_utils.losses.reconstruction import (
    binary_crossentropy,
    entropy_floor,
    squared_error,
)

__all__ = [
    "binary_crossentropy",
    "contractive_penalty",
    "elbo",
    "entropy_floor",
    "gaussian_log_density",
    "importance_weighted_bound",
    "kl_divergence",
    "kl_per_latent",
    "kl_sparsity",
    "l1_penalty",
    "squared_error",
]

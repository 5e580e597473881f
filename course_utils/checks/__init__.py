"""The exercise checks, one function per exercise: `answer = checks.name(answer)`."""

from course_utils.checks.convolutional import (
    conv_decoder,
    convolve,
    layer_sizes,
    poster_decoder,
    transposed_convolution,
)
from course_utils.checks.start import difference, to_rows
from course_utils.checks.variational import (
    elbo,
    kl_divergence,
    latent_grid,
    reparameterise,
    variational_autoencoder,
)

__all__ = [
    "conv_decoder",
    "convolve",
    "difference",
    "elbo",
    "kl_divergence",
    "latent_grid",
    "layer_sizes",
    "poster_decoder",
    "reparameterise",
    "to_rows",
    "transposed_convolution",
    "variational_autoencoder",
]

"""The exercise checks, one function per exercise: `answer = checks.name(answer)`."""

from course_utils.checks.start import difference, to_rows
from course_utils.checks.variational import (
    elbo,
    kl_divergence,
    latent_grid,
    reparameterise,
    variational_autoencoder,
)

__all__ = [
    "difference",
    "elbo",
    "kl_divergence",
    "latent_grid",
    "reparameterise",
    "to_rows",
    "variational_autoencoder",
]

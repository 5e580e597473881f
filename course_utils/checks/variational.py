"""Checks of lesson 10."""

import contextlib
import io

import numpy as np
from scipy.stats import norm

from course_utils import data, layers, losses
from course_utils.checks.engine import check, equal, holds

LATENT_LIMIT = 16
ELBO_BAR = -112.0  # nats per image, on the first 2,000 held-out digits


def _latent_grid(side):
    steps = norm.ppf((np.arange(side) + 0.5) / side)
    z0, z1 = np.meshgrid(steps, steps[::-1])
    return np.stack([z0.ravel(), z1.ravel()], axis=-1).astype("float32")


@check(ours=losses.kl_divergence)
def kl_divergence(answer):
    z_mean = np.array([[1, 2, 0], [0.5, -1, 3]], "float32")
    z_log_var = np.log(np.array([[4, 1, 0.5], [0.5, 3, 1]], "float32"))
    terms = z_mean**2 + np.exp(z_log_var) - 1 - z_log_var
    nats = 0.5 * terms.sum(axis=-1)
    log_sigma = z_mean**2 + np.exp(2 * z_log_var) - 1 - 2 * z_log_var
    half_log = z_mean**2 + np.exp(z_log_var) - 1 - 0.5 * z_log_var
    mistakes = [
        (0.5 * terms.mean(axis=-1), "mean instead of sum: sum over z, do not average"),
        (0.5 * terms.mean(), "mean instead of sum, and over the images too"),
        (2 * nats, "missing ½ in front of the sum"),
        (-nats, "the sign is wrong: a divergence is never below zero"),
        (0.5 * log_sigma.sum(-1), "z_log_var is log σ², you read it as log σ"),
        (0.5 * half_log.sum(-1), "log σ instead of log σ²: subtract z_log_var whole"),
        (nats.mean(), "one number per image: do not average over the batch"),
        (nats.sum(), "one number per image: sum over axis -1 only"),
        (0.5 * terms, "sum over z, the last axis"),
    ]
    hint = "½ Σ (μ² + σ² - 1 - log σ²) with σ² = exp(z_log_var)"
    yield equal(answer(z_mean, z_log_var), nats, hint, mistakes=mistakes)
    zeros = np.zeros((3, 2), "float32")
    same = "q(z|x) is the prior itself here: nothing to pay"
    yield equal(answer(zeros, zeros), np.zeros(3), same)
    one = np.array([[2.0]], "float32")
    yield equal(answer(one, 0 * one), [2.0], "a code of one latent has a KL too")


@check(ours=layers.reparameterise)
def reparameterise(answer):
    z_mean = np.array([[1, -2], [0.5, 3]], "float32")
    z_log_var = np.log(np.array([[4, 9], [0.25, 16]], "float32"))
    epsilon = np.array([[1, -1], [2, 0.5]], "float32")
    first = answer(z_mean, z_log_var, epsilon)
    again = np.asarray(answer(z_mean, z_log_var, epsilon))
    yield holds(
        np.allclose(first, again),
        "the same epsilon gave two different codes.",
        "draw nothing yourself: all the noise is in epsilon",
    )
    sigma = np.array([[2, 3], [0.5, 4]])
    mistakes = [
        (z_mean + sigma**2 * epsilon, "exp(z_log_var) is σ²; noise is scaled by σ"),
        (
            z_mean + z_log_var * epsilon,
            "take the exponential: z_log_var is a logarithm",
        ),
        (z_mean + sigma**4 * epsilon, "half of z_log_var, not twice"),
        (z_mean + epsilon, "the noise must be scaled by σ"),
        (z_mean, "the noise is missing"),
        (sigma * epsilon, "the mean is missing"),
        (sigma * (z_mean + epsilon), "only the noise is scaled by σ, not the mean"),
    ]
    expected = z_mean + sigma * epsilon
    yield equal(first, expected, "z = μ + σ ε, σ = exp(½ log σ²)", mistakes=mistakes)
    still = answer(z_mean, z_log_var, 0 * epsilon)
    yield equal(still, z_mean, "without noise the code is the mean")


@check(ours=losses.elbo)
def elbo(answer):
    x = np.array([[1, 0, 0.5, 1], [0, 0, 1, 1]], "float32").reshape(2, 2, 2, 1)
    x_hat = np.array([[0.5, 0.2, 0.5, 0.9], [0.1, 0.3, 0.8, 0.6]], "float32")
    x_hat = x_hat.reshape(x.shape)
    z_mean = np.array([[1, 2], [0, -1]], "float32")
    z_log_var = np.log(np.array([[1, 0.25], [0.5, 1]], "float32"))
    pixels = x * np.log(x_hat) + (1 - x) * np.log(1 - x_hat)
    error = -pixels.sum(axis=(1, 2, 3))
    kl = 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var).sum(axis=-1)
    bound = -error - kl
    mistakes = [
        (-bound, "that is the loss; the ELBO is minus the loss"),
        (-error + kl, "the KL is a price: subtract it"),
        (error - kl, "subtract the reconstruction loss too"),
        (-error, "the KL is missing"),
        (-kl, "the reconstruction loss is missing"),
        (-error / 4 - kl, "sum over the pixels, do not average"),
        (bound.mean(), "one number per image: do not average over the batch"),
        (bound.sum(), "one number per image: do not sum over the batch"),
        (-error.mean() - kl, "the reconstruction loss of each image, not their mean"),
    ]
    hint = "minus the reconstruction loss, minus the KL, both in nats per image"
    received = answer(x, x_hat, z_mean, z_log_var)
    yield equal(received, bound, hint, mistakes=mistakes)
    nothing = np.zeros((2, 3), "float32")
    black = np.round(x_hat)
    free = answer(black, black, nothing, nothing)
    yield equal(free, [0, 0], "a perfect copy of a free code: nothing to pay",
                tolerance=1e-3)  # fmt: skip


@check(ours=_latent_grid)
def latent_grid(answer):
    q = norm.ppf([1 / 6, 1 / 2, 5 / 6])
    expected = np.array([[a, b] for b in q[::-1] for a in q])
    slices, ends = norm.ppf([0.25, 0.5, 0.75]), norm.ppf([0, 0.5, 1])
    mistakes = [
        (
            expected[:, ::-1],
            "the two columns are swapped: z[0] changes along a row, "
            "z[1] from row to row",
        ),
        ([[a, b] for b in q for a in q], "z[1] is large at the top: turn its order"),
        ([[a, b] for a in q for b in q], "row by row: z[0] changes first"),
        (
            [[a, b] for b in slices[::-1] for a in slices],
            "the middle: (i + 0.5) / side",
        ),
        (
            [[a, b] for b in ends[::-1] for a in ends],
            "probability 0 and 1 are infinite",
        ),
        (expected.reshape(3, 3, 2), "one code per row: shape (side * side, 2)"),
        (norm.cdf(expected), "those are probabilities; norm.ppf makes codes of them"),
    ]
    mistakes += [
        ([[a, b] for b in (w, 0, -w) for a in (-w, 0, w)],
         "equal steps of z, not of probability: use norm.ppf")
        for w in (1, 1.5, 2, 2.5, 3, 4)
    ]  # fmt: skip
    hint = "norm.ppf((i + 0.5) / side) gives the steps of one coordinate"
    yield equal(answer(3), expected, hint, mistakes=mistakes)
    large = np.asarray(answer(20))
    yield equal(large.shape, (400, 2), "one code per row: shape (side * side, 2)")
    yield equal(
        np.histogram(large[:, 0], norm.ppf(np.linspace(0, 1, 5)))[0],
        [100] * 4,
        "each quarter of the probability holds a quarter of the columns",
    )


@check(ours=None)
def variational_autoencoder(answer):
    encode, decode = answer()
    with contextlib.redirect_stdout(io.StringIO()):
        x = data.load_digits(0, 2000).x_test
    z_mean, z_log_var = (np.asarray(part, "float32") for part in encode(x))
    yield holds(
        z_mean.ndim == 2 and z_mean.shape == z_log_var.shape and len(z_mean) == len(x),
        f"encode gave the shapes {z_mean.shape} and {z_log_var.shape}.",
        "encode(x) returns z_mean and z_log_var, each (batch, latent_dim)",
    )
    yield holds(
        z_mean.shape[1] <= LATENT_LIMIT,
        f"the code has {z_mean.shape[1]} latents.",
        f"at most {LATENT_LIMIT} are allowed",
    )
    epsilon = np.random.default_rng(0).normal(size=z_mean.shape).astype("float32")
    x_hat = np.asarray(decode(z_mean + np.exp(0.5 * z_log_var) * epsilon), "float32")
    yield holds(
        x_hat.size == x.size and len(x_hat) == len(x),
        f"decode gave the shape {x_hat.shape} for {len(x)} codes.",
        "decode(z) returns pictures, one per code, of 784 pixels each",
    )
    yield holds(
        np.all((x_hat >= 0) & (x_hat <= 1)),
        f"decode gave pixels from {x_hat.min():.2f} to {x_hat.max():.2f}.",
        "pixels are in [0, 1]: end the decoder in a sigmoid",
    )
    yield from _judge_bound(x, x_hat.reshape(x.shape), z_mean, z_log_var)


def _judge_bound(x, x_hat, z_mean, z_log_var):
    error = float(np.mean(losses.binary_crossentropy(x, x_hat)))
    kl = float(np.mean(losses.kl_divergence(z_mean, z_log_var)))
    seen = f"reconstruction {error:.1f} + KL {kl:.1f}: held-out ELBO {-error - kl:.1f}"
    seen += f" nats, the bar is {ELBO_BAR:.0f}."
    yield holds(
        kl > 1, seen, "the code is hardly used, it has collapsed: is beta too large?"
    )
    yield holds(
        kl < error,
        seen,
        "the KL is too dear: is it in the loss, with beta = 1, summed?",
    )
    yield holds(
        -error - kl >= ELBO_BAR, seen, "more epochs, wider layers, more latents"
    )

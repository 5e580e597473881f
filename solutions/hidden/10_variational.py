"""Hidden requirements of lesson 10."""

import numpy as np
from scipy.stats import norm

from course_utils.grading.held_out import digits, draws_from_the_code, pictures
from course_utils.grading.requirements import (
    Missed,
    close,
    holds,
    numbers,
    pair,
    requirement,
)

# The bar of the lesson, a nat lower: other digits are drawn for each submission.
LATENT_LIMIT, ELBO_BAR = 16, -113.0


def posterior(rng, latent_dim=None):
    n = int(rng.integers(4, 9))
    latent_dim = int(rng.integers(2, 7)) if latent_dim is None else latent_dim
    z_mean, z_log_var = rng.normal(size=(2, n, latent_dim))
    return z_mean.astype("float32"), z_log_var.astype("float32")


def divergence(z_mean, z_log_var):
    """KL(q || N(0, 1)) per latent, from its two Gaussians' entropies."""
    variance = np.exp(z_log_var.astype("float64"))
    return 0.5 * (z_mean.astype("float64") ** 2 + variance - 1 - z_log_var)


@requirement("reparameterise", "is mean plus scaled noise", weight=2)
def codes_are_drawn(student, rng):
    z_mean, z_log_var = posterior(rng)
    epsilon = rng.normal(size=z_mean.shape).astype("float32")
    sigma = np.exp(0.5 * z_log_var)
    usual = [
        (z_mean + sigma**2 * epsilon, "exp(z_log_var) is σ²; noise is scaled by σ"),
        (z_mean + z_log_var * epsilon, "z_log_var is a logarithm: take np.exp"),
        (z_mean + sigma**4 * epsilon, "half of z_log_var, not twice"),
        (z_mean + epsilon, "the noise must be scaled by σ"),
        (z_mean, "the noise is missing"),
        (sigma * epsilon, "the mean is missing"),
        (sigma * (z_mean + epsilon), "only the noise is scaled by σ, not the mean"),
    ]
    got = student("reparameterise", z_mean, z_log_var, epsilon)
    hint = "z = μ + σ ε, with σ = exp(½ log σ²)"
    return close(got, z_mean + sigma * epsilon, hint, usual=usual)


@requirement("reparameterise", "is the mean where there is no noise")
def codes_without_noise(student, rng):
    z_mean, z_log_var = posterior(rng)
    got = student("reparameterise", z_mean, z_log_var, 0 * z_mean)
    return close(got, z_mean, "without noise the code is the mean")


@requirement("reparameterise", "draws nothing itself")
def codes_are_repeatable(student, rng):
    z_mean, z_log_var = posterior(rng)
    epsilon = rng.normal(size=z_mean.shape).astype("float32")
    hint = "draw nothing yourself, and use the noise: it is all in epsilon"
    first, again, other = (
        numbers(student("reparameterise", z_mean, z_log_var, e), z_mean.shape, hint)
        for e in (epsilon, epsilon, -epsilon)
    )
    return close(again, first, hint) or holds(not np.allclose(first, other), hint)


@requirement("kl_divergence", "gives one number for each image")
def one_divergence_each(student, rng):
    for latent_dim in None, 1:
        z_mean, z_log_var = posterior(rng, latent_dim)
        hint = "one number per image: sum over z, the last axis, only"
        numbers(student("kl_divergence", z_mean, z_log_var), (len(z_mean),), hint)


@requirement("kl_divergence", "is the divergence from the prior, in nats", weight=2)
def divergence_from_the_prior(student, rng):
    z_mean, z_log_var = posterior(rng)
    terms = divergence(z_mean, z_log_var)
    nats = terms.sum(axis=-1)
    log_sigma = divergence(z_mean, 2 * z_log_var).sum(axis=-1)
    half_log = nats + 0.25 * z_log_var.sum(axis=-1)
    usual = [
        (terms.mean(axis=-1), "sum over z, do not average"),
        (2 * nats, "missing ½ in front of the sum"),
        (-nats, "the sign is wrong: a divergence is never below zero"),
        (log_sigma, "z_log_var is log σ², you read it as log σ"),
        (half_log, "log σ instead of log σ²: subtract z_log_var whole"),
    ]
    got = student("kl_divergence", z_mean, z_log_var)
    hint = "½ Σ (μ² + σ² - 1 - log σ²) with σ² = exp(z_log_var)"
    return close(got, nats, hint, usual=usual, tolerance=1e-3)


@requirement("kl_divergence", "is zero for the prior, and what one latent alone costs")
def divergence_of_the_prior(student, rng):
    zeros = np.zeros((int(rng.integers(3, 9)), 3), "float32")
    got = student("kl_divergence", zeros, zeros)
    missed = close(got, zeros[:, 0], "q(z|x) is the prior itself: nothing to pay")
    moved = zeros.copy()
    moved[:, 1] = rng.uniform(1, 3, len(zeros))
    got = student("kl_divergence", moved, zeros)
    return missed or close(got, moved[:, 1] ** 2 / 2, "a moved mean costs ½ μ²")


def pictures_and_codes(rng):
    n = int(rng.integers(3, 7))
    x = rng.uniform(size=(n, 28, 28, 1)).astype("float32")
    x_hat = rng.uniform(0.1, 0.9, size=x.shape).astype("float32")
    z_mean, z_log_var = rng.normal(size=(2, n, 5)).astype("float32") * 3
    return x, x_hat, z_mean, z_log_var


def crossentropy(x, x_hat):
    x = np.asarray(x, "float64").reshape(len(x), -1)
    x_hat = np.clip(x_hat, 1e-7, 1 - 1e-7).reshape(x.shape)
    return -(x * np.log(x_hat) + (1 - x) * np.log(1 - x_hat)).sum(axis=1)


@requirement("elbo", "gives one number for each image")
def one_bound_each(student, rng):
    given = pictures_and_codes(rng)
    hint = "one number per image: no sum and no average over the batch"
    numbers(student("elbo", *given), (len(given[0]),), hint)


@requirement("elbo", "is minus the reconstruction loss minus the KL", weight=2)
def bound_is_minus_both(student, rng):
    x, x_hat, *z = pictures_and_codes(rng)
    error, kl = crossentropy(x, x_hat), divergence(*z).sum(axis=1)
    bound = -error - kl
    usual = [
        (-bound, "that is the loss; the ELBO is minus the loss"),
        (-error + kl, "the KL is a price: subtract it"),
        (error - kl, "subtract the reconstruction loss too"),
        (-error, "the KL is missing"),
        (-kl, "the reconstruction loss is missing"),
        (-error / 784 - kl, "sum over the pixels, do not average"),
        (-error.mean() - kl, "the reconstruction loss of each image, not their mean"),
    ]
    hint = "minus the reconstruction loss, minus the KL, both in nats per image"
    return close(student("elbo", x, x_hat, *z), bound, hint, usual=usual)


@requirement("elbo", "is the KL alone where the copy is perfect")
def bound_of_a_perfect_copy(student, rng):
    x, _, *z = pictures_and_codes(rng)
    black = np.round(x)
    got = student("elbo", black, black, *z)
    hint = "a perfect copy of black and white costs only its code"
    return close(got, -divergence(*z).sum(axis=1), hint, tolerance=2e-3)


def quantiles(side):
    return norm.ppf((np.arange(side) + 0.5) / side)


def grid(student, side):
    got = student("latent_grid", side)
    return numbers(got, (side * side, 2), "one code per row: shape (side * side, 2)")


@requirement("latent_grid", "gives side times side codes of two numbers")
def grid_has_its_shape(student, rng):
    for side in 1, int(rng.integers(2, 9)):
        grid(student, side)


@requirement("latent_grid", "steps evenly in probability")
def grid_steps_evenly(student, rng):
    side = int(rng.integers(4, 12))
    codes, steps = (
        np.sort(grid(student, side), axis=0),
        np.repeat(quantiles(side), side),
    )
    usual = [(norm.cdf(steps), "those are probabilities; norm.ppf makes codes of them")]
    hint = "norm.ppf((i + 0.5) / side): equal steps of probability, not of z"
    for column in codes.T:
        missed = close(column, steps, hint, usual=usual)
        if missed:
            return missed
    return None


@requirement("latent_grid", "goes row by row, from the top left", weight=2)
def grid_goes_row_by_row(student, rng):
    side = int(rng.integers(3, 9))
    steps = quantiles(side)
    expected = np.array([(a, b) for b in steps[::-1] for a in steps])
    usual = [
        (expected[:, ::-1], "z[0] runs from left to right, z[1] from top to bottom"),
        ([(a, b) for b in steps for a in steps], "z[1] is large at the top"),
        ([(a, b) for a in steps for b in steps], "row by row: z[0] changes first"),
    ]
    hint = "the first row has the largest z[1], and z[0] grows along it"
    return close(grid(student, side), expected, hint, usual=usual)


def encode(student, x):
    student.keep_once("vae", "variational_autoencoder", seconds=600)
    got = student("vae.0", x, seconds=120)
    hint = "encode(x) returns z_mean and z_log_var, each (batch, latent_dim)"
    if isinstance(got, np.ndarray) and got.shape[:1] == (2,):
        got = list(got)
    z_mean, z_log_var = (
        numbers(part, (len(x), None), hint) for part in pair(got, hint)
    )
    if z_mean.shape != z_log_var.shape:
        raise Missed(hint)
    if not 0 < z_mean.shape[1] <= LATENT_LIMIT:
        raise Missed(f"a code has at most {LATENT_LIMIT} latents")
    return z_mean, z_log_var


def decode(student, z):
    got = student("vae.1", z.astype("float32"), seconds=120)
    hint = "decode(z) returns one picture of 784 pixels for each code"
    return pictures(got, len(z), hint)


def sample(rng, z_mean, z_log_var):
    return z_mean + np.exp(0.5 * z_log_var) * rng.normal(size=z_mean.shape)


@requirement("variational_autoencoder", "has a posterior over 16 latents at most")
def code_is_small(student, rng):
    x = digits(rng, 100)
    z_mean, z_log_var = encode(student, x)
    again = encode(student, x[::-1][:9].copy())
    hint = "the posterior of a picture must not depend on the others"
    return close(again[0], z_mean[::-1][:9], hint, tolerance=1e-2) or close(
        again[1], z_log_var[::-1][:9], hint, tolerance=1e-2
    )


@requirement("variational_autoencoder", "decodes codes to pictures in [0, 1]")
def pixels_are_in_range(student, rng):
    latent_dim = encode(student, digits(rng, 3))[0].shape[1]
    x_hat = decode(student, rng.normal(size=(50, latent_dim)))
    inside = x_hat.min() >= 0 and x_hat.max() <= 1
    return holds(inside, "pixels are in [0, 1]: end the decoder in a sigmoid")


@requirement("variational_autoencoder", "uses its code, at a fair price")
def code_is_used(student, rng):
    x = digits(rng, 500)
    q = encode(student, x)
    x_hat = decode(student, sample(rng, *q))
    kl, error = divergence(*q).sum(axis=1).mean(), crossentropy(x, x_hat).mean()
    shuffled = crossentropy(x, np.roll(x_hat, 1, axis=0)).mean()
    return (
        holds(kl > 1, "the code has collapsed: is beta too large?")
        or holds(kl < error, "the KL is too dear: in the loss, with beta = 1, summed?")
        or holds(error < shuffled - 10, "the pictures do not depend on the code")
    )


@requirement("variational_autoencoder", "decodes from the code alone")
def decoder_knows_the_code_alone(student, rng):
    return draws_from_the_code(
        lambda x: sample(rng, *encode(student, x)),
        lambda z: decode(student, z),
        digits(rng, 200),
        rng,
    )


@requirement("variational_autoencoder", "reaches the bound on unseen digits", weight=5)
def bound_is_reached(student, rng):
    x = digits(rng, 2000)
    q = encode(student, x)
    z = sample(rng, *q)
    order = rng.permutation(len(z))
    x_hat = np.empty((len(x), 784))
    x_hat[order] = decode(student, z[order]).clip(0, 1)
    kl, error = divergence(*q).sum(axis=1).mean(), crossentropy(x, x_hat).mean()
    hint = "the held-out ELBO is too low: more epochs, wider layers, more latents"
    reached = holds(-error - kl >= ELBO_BAR, hint)
    return reached or decoder_knows_the_code_alone.function(student, rng)

"""Answers to the exercises of lesson 10."""

import keras
import numpy as np
from keras import ops
from scipy import stats
from scipy.stats import norm

from course_utils import data, losses, training
from course_utils.models import variational
from tests.answers import Answers


def kl_with_numpy(z_mean, z_log_var):
    return np.sum(z_mean**2 + np.exp(z_log_var) - z_log_var - 1, axis=1) / 2


def kl_as_in_the_lecture(z_mean, z_log_var):
    inside = 1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
    return -0.5 * ops.sum(inside, axis=-1)


def kl_with_sigma(z_mean, z_log_var):
    sigma = ops.exp(z_log_var / 2)
    terms = (z_mean**2 + sigma**2) / 2 - ops.log(sigma) - 0.5
    return ops.sum(terms, axis=-1)


def kl_of_log_sigma(z_mean, z_log_var):
    terms = z_mean**2 + np.exp(2 * z_log_var) - 1 - 2 * z_log_var
    return 0.5 * np.sum(terms, axis=-1)


KL = Answers(
    right=[kl_with_numpy, kl_as_in_the_lecture, kl_with_sigma],
    wrong=[
        (lambda m, v: kl_with_numpy(m, v) / m.shape[-1], "mean instead of sum"),
        (kl_of_log_sigma, "log σ"),
        (lambda m, v: 2 * kl_with_numpy(m, v), "missing ½"),
        (lambda m, v: -kl_with_numpy(m, v), "never below zero"),
        (lambda m, v: ops.mean(kl_as_in_the_lecture(m, v)), "one number per image"),
        (lambda m, v: kl_with_numpy(m, v).sum(), "one number per image"),
        (lambda m, v: losses.kl_per_latent(m, v), "sum over z"),
        (
            lambda m, v: 0.5 * np.sum(m**2 + np.exp(v) - 1 - v / 2, axis=-1),
            "log σ instead of log σ²",
        ),
    ],
)


def sample_with_keras(z_mean, z_log_var, epsilon):
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon


def sample_with_root(z_mean, z_log_var, epsilon):
    return np.sqrt(np.exp(z_log_var)) * epsilon + z_mean


def sample_with_own_noise(z_mean, z_log_var, epsilon):
    return z_mean + np.exp(0.5 * z_log_var) * keras.random.normal(z_mean.shape)


REPARAMETERISE = Answers(
    right=[sample_with_keras, sample_with_root],
    wrong=[
        (lambda m, v, e: m + np.exp(v) * e, "exp(z_log_var) is σ²"),
        (lambda m, v, e: m + v * e, "z_log_var is a logarithm"),
        (lambda m, v, e: m + e, "must be scaled by σ"),
        (lambda m, v, e: m, "noise is missing"),
        (lambda m, v, e: np.exp(0.5 * v) * e, "mean is missing"),
        (lambda m, v, e: np.exp(0.5 * v) * (m + e), "not the mean"),
        (sample_with_own_noise, "draw nothing yourself"),
    ],
)


def elbo_by_parts(x, x_hat, z_mean, z_log_var):
    error = losses.binary_crossentropy(x, x_hat)
    return -(error + losses.kl_divergence(z_mean, z_log_var))


def elbo_with_numpy(x, x_hat, z_mean, z_log_var):
    x_hat = np.clip(x_hat, 1e-6, 1 - 1e-6)
    pixels = x * np.log(x_hat) + (1 - x) * np.log(1 - x_hat)
    likelihood = pixels.reshape(len(x), -1).sum(axis=1)
    return likelihood - kl_with_numpy(z_mean, z_log_var)


def elbo_per_pixel(x, x_hat, z_mean, z_log_var):
    error = keras.losses.binary_crossentropy(x, x_hat, axis=[1, 2, 3])
    return -error - losses.kl_divergence(z_mean, z_log_var)


ELBO = Answers(
    right=[elbo_by_parts, elbo_with_numpy],
    wrong=[
        (lambda *parts: -elbo_by_parts(*parts), "that is the loss"),
        (
            lambda x, y, m, v: (
                losses.kl_divergence(m, v) - losses.binary_crossentropy(x, y)
            ),
            "subtract it",
        ),
        (elbo_per_pixel, "sum over the pixels"),
        (lambda x, y, m, v: -losses.binary_crossentropy(x, y), "KL is missing"),
        (
            lambda x, y, m, v: -losses.kl_divergence(m, v),
            "reconstruction loss is missing",
        ),
        (lambda *parts: ops.mean(elbo_by_parts(*parts)), "over the batch"),
    ],
)


def grid_with_loops(side):
    steps = [norm.ppf((i + 0.5) / side) for i in range(side)]
    return np.array([(z0, z1) for z1 in reversed(steps) for z0 in steps])


def grid_with_repeat(side):
    steps = stats.norm.ppf(np.linspace(0.5 / side, 1 - 0.5 / side, side))
    return np.stack([np.tile(steps, side), np.repeat(steps[::-1], side)], axis=1)


def grid_of(steps, turned=True):
    columns, rows = np.meshgrid(steps, steps[::-1] if turned else steps)
    return np.stack([columns.ravel(), rows.ravel()], axis=-1)


def middles(side):
    return norm.ppf((np.arange(side) + 0.5) / side)


def grid_with_infinite_ends(side):
    return grid_of(norm.ppf(np.linspace(0, 1, side)))


LATENT_GRID = Answers(
    right=[grid_with_loops, grid_with_repeat],
    wrong=[
        (lambda side: grid_of(np.linspace(-2, 2, side)), "equal steps of z"),
        (lambda side: grid_of(middles(side), turned=False), "large at the top"),
        (lambda side: grid_with_loops(side)[:, ::-1], "columns are swapped"),
        (grid_with_infinite_ends, "infinite"),
        (
            lambda side: grid_of(norm.ppf(np.linspace(0, 1, side + 2)[1:-1])),
            "(i + 0.5)",
        ),
        (lambda side: grid_with_loops(side).reshape(side, side, 2), "side * side"),
        (lambda side: grid_of((np.arange(side) + 0.5) / side), "norm.ppf"),
    ],
)


def trained(latent_dim=16, n=40_000, epochs=4, hidden=(384, 256), **options):
    keras.utils.set_random_seed(1)
    model = variational.dense_vae(latent_dim, hidden, **options)
    x = data.load_digits(n, 0).x_train
    training.fit(model, x, epochs=epochs, verbose=False)
    return model


def dense_answer():
    model = trained()
    return model.encoder, model.decoder


def flat_answer():
    model = trained(12)

    def decode(z):
        return np.reshape(model.decoder(z), (-1, 784))

    return lambda x: [np.asarray(part) for part in model.encoder(x)], decode


def mean_digit():
    return data.load_digits().x_train.mean(axis=0)


def collapsed_answer():
    mean = mean_digit()
    zeros = np.zeros((2000, 2), "float32")
    return lambda x: (zeros, zeros), lambda z: np.repeat(mean[None], len(z), axis=0)


def wide_answer():
    """Hides every pixel in the code: not a bottleneck at all."""

    def encode(x):
        z = np.reshape(x, (len(x), 784))
        return z, np.full_like(z, -20)

    return encode, lambda z: np.clip(z, 0, 1)


def dear_answer():
    """A code of 16 pixels' means, sharp as a needle."""

    def encode(x):
        z = np.reshape(x, (-1, 4, 7, 4, 7)).mean(axis=(2, 4)).reshape(-1, 16)
        return 100 * z, np.full_like(z, -15)

    def decode(z):
        blocks = np.clip(np.reshape(z / 100, (-1, 4, 4, 1)), 0.01, 0.99)
        return blocks.repeat(7, axis=1).repeat(7, axis=2)

    return encode, decode


def weak_answer():
    """Every picture is the mean digit, told with a code that says something."""
    mean = mean_digit()

    def encode(x):
        z = np.asarray(x)[:, ::7, ::7, 0].reshape(-1, 16)
        return z, np.zeros_like(z) - 1

    return encode, lambda z: np.repeat(mean[None], len(z), axis=0)


def one_value_answer():
    return (lambda x: np.zeros((2, len(x), 2, 1))), lambda z: z


def logits_answer():
    def encode(x):
        return np.zeros((len(x), 2)), np.zeros((len(x), 2))

    return encode, lambda z: np.full((len(z), 784), -3.0)


ASSIGNMENT = Answers(
    right=[dense_answer, flat_answer],
    wrong=[
        (collapsed_answer, "collapsed"),
        (wide_answer, "at most 16"),
        (dear_answer, "KL is too dear"),
        (weak_answer, "more epochs"),
        (one_value_answer, "z_mean and z_log_var"),
        (logits_answer, "sigmoid"),
    ],
    slow=True,
)

ANSWERS = {
    "kl_divergence": KL,
    "reparameterise": REPARAMETERISE,
    "elbo": ELBO,
    "latent_grid": LATENT_GRID,
    "variational_autoencoder": ASSIGNMENT,
}

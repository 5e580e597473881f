"""Checks of lesson 04."""

import contextlib
import io

import keras
import numpy as np

from course_utils import data, losses, metrics
from course_utils.checks.engine import check, equal, holds
from course_utils.models import dense

PIXELS = 784
BITS_OF_A_PIXEL = 8
# The assignment: no more weights than 784-32-784 has, half its code, and an error
# below that of PCA with as many numbers.
WEIGHTS, CODE, SHARE_OF_PCA = 51_000, 16, 0.9


def _reconstruction_losses(x, x_hat):
    both = losses.squared_error(x, x_hat), losses.binary_crossentropy(x, x_hat)
    return tuple(np.asarray(loss) for loss in both)


def _compression_ratio(latent_dim, bits):
    return PIXELS * BITS_OF_A_PIXEL / (latent_dim * bits)


def _smallest_code(latent_dims, errors, target):
    pairs = zip(latent_dims, errors, strict=True)
    good = [latent_dim for latent_dim, error in pairs if error <= target]
    return min(good, default=None)


@check(ours=_reconstruction_losses)
def reconstruction_losses(answer):
    x = np.array([[0, 1, 1, 0.5], [0.25, 0, 0, 0]])
    x_hat = np.array([[0.2, 0.5, 0.9, 0.5], [0.5, 0.1, 0.1, 0.5]])
    got = answer(x, x_hat)
    yield holds(
        isinstance(got, tuple | list) and len(got) == 2,
        f"expected two results, got {type(got).__name__}.",
        "return the squared error and the cross-entropy, in this order",
    )
    squares, terms = (x - x_hat) ** 2, x * np.log(x_hat) + (1 - x) * np.log(1 - x_hat)
    yield _one_loss(got[0], 0.5 * squares, "of the squared error", [
        (squares.sum(axis=1), "the factor ½ in front of the squares is missing"),
        (np.abs(x - x_hat).sum(axis=1), "square the differences"),
    ])  # fmt: skip
    inked = -np.sum(x * np.log(x_hat), axis=1)
    bits = -np.sum(terms, axis=1) / np.log(2)
    yield _one_loss(got[1], -terms, "of the cross-entropy", [
        (terms.sum(axis=1), "the minus in front of the sum is missing"),
        (inked, "the second half is missing: (1 - x) · log(1 - x̂)"),
        (bits, "these are bits; nats use the natural logarithm, np.log"),
    ])  # fmt: skip
    wide = np.full((3, PIXELS), 0.5)
    both = [np.zeros(3), np.full(3, PIXELS * np.log(2))]
    yield equal(answer(wide, wide), both, "sum over however many pixels there are")


def _one_loss(received, terms, which, mistakes):
    pixels = terms.shape[1]
    averaging = [
        (terms.mean(axis=1), f"mean over the {pixels} pixels: sum inside an image"),
        (terms.mean(), "mean over pixels and images: one sum for each image"),
        (terms.sum(axis=0), "sum over the pixels (axis 1), not over the images"),
        (terms.sum(axis=1).mean(), "one number per image: do not average the images"),
        (terms.sum(), "one number per image: sum over axis 1 only"),
        (terms, "sum over the pixels of each image"),
        (2 * terms.mean(axis=1), f"mean over the {pixels} pixels, and no ½"),
        (2 * terms.mean(), "mean over pixels and images, and no ½"),
    ]
    hint = "one sum for each image, as in the formula"
    mistakes = averaging + mistakes
    return equal(received, terms.sum(axis=1), hint, mistakes=mistakes, what=which)


@check(ours=dense.dense_encoder)
def build_encoder(answer):
    x = np.random.default_rng(0).uniform(size=(40, PIXELS)).astype("float32")
    for latent_dim in (5, 2):
        encoder = answer(latent_dim)
        yield _is_model(encoder)
        shape = np.shape(encoder(x))
        yield holds(
            shape == (40, latent_dim),
            f"expected codes of shape (40, {latent_dim}), got {shape}.",
            "the last layer has latent_dim units",
        )
    yield _has_weights(encoder, PIXELS * 256 + 256 + 256 * 2 + 2)
    z = np.concatenate([np.asarray(answer(8)(100 * x)) for _ in range(3)])
    yield holds(z.min() < 0, "no number of the code is ever below zero.",
                "no relu and no sigmoid on the code: it is linear")  # fmt: skip
    yield holds(np.abs(z).max() > 1.5, "the code never leaves -1 to 1.",
                "no tanh on the code: it is linear")  # fmt: skip
    yield _bends(encoder, x)


@check(ours=dense.dense_decoder)
def build_decoder(answer):
    rng = np.random.default_rng(0)
    for latent_dim in (5, 2):
        decoder = answer(latent_dim)
        yield _is_model(decoder)
        z = rng.normal(size=(40, latent_dim)).astype("float32")
        shape = np.shape(decoder(z))
        yield holds(
            shape == (40, PIXELS),
            f"expected copies of shape (40, 784), got {shape}.",
            "the last layer has one unit for each of the 784 pixels",
        )
    yield _has_weights(decoder, 2 * 256 + 256 + 256 * PIXELS + PIXELS)
    x_hat = np.asarray(decoder(20 * z))
    yield holds(x_hat.min() >= 0 and x_hat.max() <= 1, "pixels leave [0, 1].",
                "the last layer needs a sigmoid")  # fmt: skip
    yield holds(
        not np.allclose(x_hat.sum(axis=1), 1, atol=1e-3),
        "the pixels of a copy sum to one.",
        "softmax makes the pixels compete for ink; take a sigmoid",
    )

    def before_sigmoid(z):
        x_hat = np.asarray(decoder(z), "float64")
        return np.log(x_hat / (1 - x_hat))

    yield _bends(before_sigmoid, z)


def _is_model(model):
    return holds(
        isinstance(model, keras.Model),
        f"expected a keras model, got {type(model).__name__}.",
        "return keras.Sequential([...]) or keras.Model(inputs, outputs)",
    )


def _has_weights(model, expected):
    return holds(
        model.count_params() == expected,
        f"expected {expected:,} weights for latent_dim=2, got "
        f"{model.count_params():,}.",
        "one hidden layer of 256 units, every Dense with its bias, nothing else",
    )


def _bends(function, inputs):
    """Requires that a function is not affine: f(a) + f(b) - f(0) != f(a + b)."""
    a, b = inputs[:20], -inputs[20:]
    parts = np.asarray(function(a)) + np.asarray(function(b))
    whole = np.asarray(function(a + b)) + np.asarray(function(0 * a))
    return holds(
        not np.allclose(parts, whole, atol=1e-3),
        "the two layers together are only linear.",
        "give the hidden layer of 256 units a relu",
    )


@check(ours=_compression_ratio)
def compression_ratio(answer):
    mistakes = [
        (24.5, "you counted numbers: a pixel has 8 bits, a number of the code `bits`"),
        (32 * 32 / 6272, "upside down: bits of the picture over bits of the code"),
        (196.0, "multiply the numbers of the code by the bits of each"),
    ]
    hint = "784 pixels of 8 bits, over latent_dim numbers of `bits` bits"
    yield equal(answer(32, 32), 6.125, hint, mistakes=mistakes, what="for (32, 32)")
    yield equal(answer(32, 8), 24.5, hint, what="for (32, 8)")
    yield equal(answer(784, 8), 1.0, hint, what="for (784, 8): nothing is gained")
    yield equal(answer(784, 32), 0.25, hint, what="for (784, 32): four times longer")


@check(ours=_smallest_code)
def smallest_code(answer):
    sizes, errors = [3, 5, 10, 32, 128], [20.0, 14.0, 10.0, 4.0, 2.0]
    mistakes = [
        (32, "an error equal to the target is good enough: use <="),
        (2, "return the size of the code, not its place in the list"),
        (10.0, "return the size of the code, not its error"),
        (128, "the smallest size that is good enough, not the best one"),
        (3, "smaller errors are better: look for error <= target"),
    ]
    hint = "the smallest size whose error is at most the target"
    yield equal(answer(sizes, errors, 10.0), 10, hint, mistakes=mistakes)
    closest = [(10, "at most the target, not nearest to it")]
    yield equal(answer(sizes, errors, 9.0), 32, hint, mistakes=closest)
    unsorted = [(128, "the sizes may come in any order: take the smallest of them")]
    got = answer([128, 3, 32], [2.0, 20.0, 4.0], 5.0)
    yield equal(got, 32, hint, mistakes=unsorted, what="for sizes 128, 3, 32")
    none = answer(sizes, errors, 1.0)
    yield holds(none is None, f"no error is below 1, but it returned {none}.",
                "return None where no size is good enough")  # fmt: skip


@check()
def compact_autoencoder(answer):
    x_train, x_test = _digits()
    pca = metrics.PCA(x_train).curve(x_test, [CODE])[0]  # an answer may spoil x_train
    with contextlib.redirect_stdout(io.StringIO()):
        pair = answer(x_train)
    yield holds(isinstance(pair, tuple | list) and len(pair) == 2,
                f"expected a pair, got {type(pair).__name__}.",
                "return encoder, decoder")  # fmt: skip
    encoder, decoder = pair
    yield _is_model(encoder)
    yield _is_model(decoder)
    weights = encoder.count_params() + decoder.count_params()
    yield holds(weights <= WEIGHTS,
                f"{weights:,} weights, {WEIGHTS:,} are allowed.",
                "narrow the hidden layers; each unit costs 784")  # fmt: skip
    z = encoder(x_test)
    yield holds(z.ndim == 2 and z.shape[1] <= CODE,
                f"expected codes of shape (n, {CODE}) or less, got {z.shape}.",
                "the code is what passes the door")  # fmt: skip
    x_hat = decoder(z)
    error = float(np.mean(losses.squared_error(x_test, x_hat)))
    yield holds(error <= SHARE_OF_PCA * pca,
                f"held-out error {error:.2f}, PCA {pca:.2f}; "
                f"at most {SHARE_OF_PCA * pca:.2f} is asked.",
                "a hidden relu layer on both sides, more epochs, "
                "smaller batches, a falling learning rate")  # fmt: skip


def _digits():
    """Returns 20,000 training and 5,000 held-out digits as rows, without a word."""
    with contextlib.redirect_stdout(io.StringIO()):
        digits = data.load_digits(20_000, 5_000)
    return digits.x_train.reshape(-1, PIXELS), digits.x_test.reshape(-1, PIXELS)

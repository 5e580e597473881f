"""Hidden requirements of lesson 04."""

import numpy as np
from scipy.special import expit

from course_utils import metrics
from course_utils.grading.held_out import digits, draws_from_the_code
from course_utils.grading.requirements import (
    Missed,
    close,
    holds,
    numbers,
    pair,
    requirement,
)

# The assignment: no more weights than 784-32-784 has, half its code, and an error
# below that of PCA with as many numbers.
PIXELS, WEIGHTS, CODE, SHARE_OF_PCA = 784, 51_000, 16, 0.9

INSIDE = '''
def probe_train_compact():
    """Trains the student's pair on the digits that everybody has."""
    import contextlib, io
    from course_utils import data

    with contextlib.redirect_stdout(io.StringIO()):
        x_train = data.load_digits(20_000, 0).x_train
    return compact_autoencoder(x_train.reshape(-1, 784))
'''

TWO = "return the squared error and the cross-entropy, in this order"


def rows_and_copies(rng):
    n, pixels = rng.integers(3, 8), rng.integers(10, 60)
    return rng.uniform(size=(n, pixels)), rng.uniform(0.05, 0.95, size=(n, pixels))


def averages(terms):
    return [
        (terms.mean(axis=1), "sum over the pixels inside an image, do not average"),
        (terms.mean(), "one sum for each image, no mean"),
        (terms.sum(axis=0), "sum over the pixels, axis 1, not over the images"),
        (terms.sum(axis=1).mean(), "one number per image: do not average the images"),
        (2 * terms.mean(axis=1), "sum over the pixels, and no mean"),
    ]


@requirement("reconstruction_losses", "gives two losses, one number for each image")
def two_losses(student, rng):
    x, x_hat = rows_and_copies(rng)
    both = pair(student("reconstruction_losses", x, x_hat), TWO)
    for loss in both:
        numbers(loss, (len(x),), "one number for each image: sum over axis 1 only")


@requirement("reconstruction_losses", "has half the squared error, summed")
def squared_errors(student, rng):
    x, x_hat = rows_and_copies(rng)
    terms = 0.5 * (x - x_hat) ** 2
    right = terms.sum(axis=1)
    usual = averages(terms) + [(2 * right, "the factor ½ is missing")]
    got = pair(student("reconstruction_losses", x, x_hat), TWO)[0]
    return close(got, right, "½ Σ (x - x̂)², over the pixels", usual=usual)


@requirement("reconstruction_losses", "has the cross-entropy in nats, summed")
def cross_entropies(student, rng):
    x, x_hat = rows_and_copies(rng)
    inked = -x * np.log(x_hat)
    terms = inked - (1 - x) * np.log(1 - x_hat)
    right = terms.sum(axis=1)
    usual = averages(terms) + [
        (-right, "the minus in front of the sum is missing"),
        (inked.sum(axis=1), "the second half is missing: (1 - x) · log(1 - x̂)"),
        (right / np.log(2), "these are bits; nats use the natural logarithm"),
    ]
    got = pair(student("reconstruction_losses", x, x_hat), TWO)[1]
    hint = "-Σ x log x̂ + (1 - x) log(1 - x̂), over the pixels"
    return close(got, right, hint, usual=usual)


def build(student, rng, name, sides):
    """Builds a network of some code size; returns the size, inputs and outputs."""
    latent_dim = int(rng.integers(2, 9))
    into, out = (latent_dim if side is None else side for side in sides)
    student.keep("built", name, latent_dim)
    x = rng.normal(size=(40, into)).astype("float32") * 3
    got = student("built.predict", x, verbose=0)
    hint = f"a keras model with an input of {sides[0] or 'latent_dim'} numbers, "
    hint += f"whose last layer has {sides[1] or 'latent_dim'} units"
    return x, numbers(got, (40, out), hint)


def weights_of(student, into, out):
    """Returns the four arrays of a network with one hidden layer of 256 units."""
    shapes = [(into, 256), (256,), (256, out), (out,)]
    hint = "one hidden layer of 256 units, every Dense with its bias, nothing else"
    got = student("built.get_weights")
    if not isinstance(got, list) or len(got) != 4:
        return holds(False, hint), None
    pairs = zip(got, shapes, strict=True)
    return None, [numbers(array, shape, hint) for array, shape in pairs]


ENCODER, DECODER = (PIXELS, None), (None, PIXELS)


@requirement("build_encoder", "is a model from 784 pixels to latent_dim numbers")
def encoder_has_its_shape(student, rng):
    for _ in range(2):
        build(student, rng, "build_encoder", ENCODER)


@requirement("build_encoder", "has one hidden layer of 256 units")
def encoder_has_its_weights(student, rng):
    _, z = build(student, rng, "build_encoder", ENCODER)
    return weights_of(student, PIXELS, z.shape[1])[0]


@requirement("build_encoder", "is relu inside, and linear at its end", weight=2)
def encoder_bends_once(student, rng):
    x, z = build(student, rng, "build_encoder", ENCODER)
    missed, weights = weights_of(student, PIXELS, z.shape[1])
    if missed:
        return missed
    into, bias, out, end = weights
    hidden = x @ into + bias
    code = np.maximum(hidden, 0) @ out + end
    usual = [
        (
            hidden @ out + end,
            "two linear layers are one: the hidden layer needs a relu",
        ),
        (np.maximum(code, 0), "no relu on the code: it is linear"),
        (expit(code), "no sigmoid on the code: it is linear"),
        (np.tanh(code), "no tanh on the code: it is linear"),
    ]
    return close(z, code, "relu inside, no activation on the code", usual=usual,
        tolerance=1e-3)  # fmt: skip


@requirement("build_decoder", "is a model from latent_dim numbers to 784 pixels")
def decoder_has_its_shape(student, rng):
    for _ in range(2):
        build(student, rng, "build_decoder", DECODER)


@requirement("build_decoder", "has one hidden layer of 256 units")
def decoder_has_its_weights(student, rng):
    z, _ = build(student, rng, "build_decoder", DECODER)
    return weights_of(student, z.shape[1], PIXELS)[0]


@requirement("build_decoder", "is relu inside, and a sigmoid at its end", weight=2)
def decoder_ends_in_a_sigmoid(student, rng):
    z, x_hat = build(student, rng, "build_decoder", DECODER)
    missed, weights = weights_of(student, z.shape[1], PIXELS)
    if missed:
        return missed
    into, bias, out, end = weights
    hidden = z @ into + bias
    ink = np.maximum(hidden, 0) @ out + end
    softmax = np.exp(ink) / np.exp(ink).sum(axis=1, keepdims=True)
    usual = [
        (expit(hidden @ out + end), "the hidden layer needs a relu"),
        (ink, "pixels leave [0, 1]: the last layer needs a sigmoid"),
        (np.maximum(ink, 0), "pixels leave [0, 1]: the last layer needs a sigmoid"),
        (softmax, "softmax makes the pixels compete for ink; take a sigmoid"),
    ]
    return close(x_hat, expit(ink), "relu inside, sigmoid at the end", usual=usual,
        tolerance=1e-3)  # fmt: skip


@requirement("smallest_code", "finds the smallest size that is good enough", weight=2)
def smallest_of_a_sweep(student, rng):
    sizes, errors = sweep(rng)
    i = int(rng.integers(1, 4))
    # a little less than an error: the nearest one, but it is not good enough
    target = errors[i - 1] - 0.1 * (errors[i - 1] - errors[i])
    usual = [
        (sizes[i - 1], "at most the target, not nearest to it"),
        (i, "return the size of the code, not its place in the list"),
        (errors[i], "return the size of the code, not its error"),
        (sizes[-1], "the smallest size that is good enough, not the best one"),
        (sizes[0], "smaller errors are better: look for error <= target"),
    ]
    hint = "the smallest size whose error is at most the target"
    got = student("smallest_code", sizes, errors, float(target))
    return close(got, sizes[i], hint, usual=usual)


def sweep(rng):
    sizes = np.sort(rng.choice(np.arange(12, 200), 6, replace=False))
    errors = 8 + 20 * np.sort(rng.uniform(size=6))[::-1]
    return sizes.tolist(), (errors - np.arange(6)).tolist()


@requirement("smallest_code", "takes an error equal to the target")
def smallest_with_an_equal_error(student, rng):
    sizes, errors = sweep(rng)
    i = int(rng.integers(1, 5))
    got = student("smallest_code", sizes, errors, errors[i])
    return close(got, sizes[i], "an error equal to the target is good enough: use <=")


@requirement("smallest_code", "takes the sizes in any order")
def smallest_in_any_order(student, rng):
    sizes, errors = sweep(rng)
    i = int(rng.integers(1, 4))
    got = student("smallest_code", sizes[::-1], errors[::-1], errors[i] + 0.01)
    return close(got, sizes[i], "the sizes may come in any order: take the smallest")


@requirement("smallest_code", "returns None where no size is good enough")
def smallest_of_none(student, rng):
    sizes, errors = sweep(rng)
    got = student("smallest_code", sizes, errors, errors[-1] - 1)
    return holds(got is None, "return None where no size is good enough")


@requirement("compression_ratio", "counts the bits of both", weight=2)
def bits_of_both(student, rng):
    latent_dim, bits = int(rng.integers(5, 90)), int(rng.choice([5, 12, 16, 24, 32]))
    ratio = PIXELS * 8 / (latent_dim * bits)
    usual = [
        (PIXELS / latent_dim, "a pixel has 8 bits, a number of the code has `bits`"),
        (1 / ratio, "upside down: bits of the picture over bits of the code"),
        (ratio * bits, "multiply the numbers of the code by the bits of each"),
        (np.floor(ratio), "a ratio is no whole number: / instead of //"),
    ]
    hint = "784 pixels of 8 bits, over latent_dim numbers of `bits` bits"
    return close(
        student("compression_ratio", latent_dim, bits), ratio, hint, usual=usual
    )


@requirement("compression_ratio", "is below one where the code is larger")
def larger_codes(student, rng):
    latent_dim = int(rng.integers(400, 900))
    got = student("compression_ratio", latent_dim, 32)
    hint = "a code may be larger than the picture: the ratio is then below 1"
    return close(got, PIXELS * 8 / (latent_dim * 32), hint)


def rows(rng, n):
    return digits(rng, n).reshape(-1, PIXELS)


def trained_pair(student):
    """Trains once, for all requirements."""
    student.keep_once("pair", "probe_train_compact", seconds=600)


def encode(student, x):
    trained_pair(student)
    got = student("pair.0.predict", x, batch_size=500, verbose=0, seconds=120)
    hint = f"return encoder, decoder; the code has {CODE} numbers at most"
    z = numbers(got, (len(x), None), hint)
    if z.shape[1] > CODE:
        raise Missed(hint)
    return z


def decode(student, z, batch_size=500):
    options = {"batch_size": batch_size, "verbose": 0, "seconds": 120}
    got = student("pair.1.predict", z.astype("float32"), **options)
    return numbers(got, (len(z), PIXELS), "the decoder gives rows of 784 pixels")


@requirement("compact_autoencoder", "has a code of 16 numbers at most")
def compact_code(student, rng):
    z = encode(student, rows(rng, 100))
    decode(student, z)
    return holds(z.std(axis=0).max() > 1e-6, "every picture has the same code")


@requirement("compact_autoencoder", "has 51,000 weights at most")
def compact_weights(student, rng):
    trained_pair(student)
    sizes = [np.size(w) for i in "01" for w in student(f"pair.{i}.get_weights")]
    counted = student("pair.0.count_params") + student("pair.1.count_params")
    hint = "narrow the hidden layers; each unit costs 784"
    return holds(0 < max(sum(sizes), counted) <= WEIGHTS, hint)


@requirement("compact_autoencoder", "draws from the code alone")
def compact_decoder_knows_the_code_alone(student, rng):
    return draws_from_the_code(
        lambda x: encode(student, x),
        lambda z: decode(student, z),
        rows(rng, 200),
        rng,
    )


@requirement("compact_autoencoder", "beats PCA on digits it has never seen", weight=4)
def compact_error(student, rng):
    trained_pair(student)
    held_out, others = np.split(rows(rng, 4000), [1000])
    z = encode(student, held_out)
    order = rng.permutation(len(z))
    x_hat = np.empty(held_out.shape)
    x_hat[order] = decode(student, z[order], batch_size=333)
    error = 0.5 * np.mean(np.sum((held_out - x_hat) ** 2, axis=1))
    pca = metrics.PCA(others).curve(held_out, [CODE])[0]
    hint = "a hidden relu layer on both sides, more epochs, smaller batches, a falling"
    beats = holds(error <= SHARE_OF_PCA * pca, hint + " learning rate")
    return beats or compact_decoder_knows_the_code_alone.function(student, rng)

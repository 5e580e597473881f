"""Answers to the exercises of lesson 04."""

import keras
import numpy as np
from keras import layers, ops

from course_utils import losses, training
from course_utils.models import dense
from tests.answers import Answers


def bce_terms(x, x_hat):
    return -(x * np.log(x_hat) + (1 - x) * np.log(1 - x_hat))


def squares(x, x_hat):
    return 0.5 * np.sum((x - x_hat) ** 2, axis=1)


def crossentropy(x, x_hat):
    return bce_terms(x, x_hat).sum(axis=1)


def losses_by_loop(x, x_hat):
    first = [sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) / 2
             for pair in zip(x, x_hat, strict=True)]  # fmt: skip
    return first, -np.sum(np.where(x > 0, x, 0) * np.log(x_hat), axis=1) - np.sum(
        (1 - x) * np.log1p(-x_hat), axis=1
    )


def losses_with_keras(x, x_hat):
    pixels = x.shape[1]
    return [
        0.5 * pixels * ops.mean(ops.square(x - x_hat), axis=-1),
        pixels * keras.losses.binary_crossentropy(x, x_hat),
    ]


def network(*stack):
    def build(latent_dim):
        made = [part(latent_dim) if callable(part) else part for part in stack]
        units = [layers.Dense(size, activation) for size, activation in made[1:]]
        return keras.Sequential([keras.Input((made[0],)), *units])

    return build


def as_code(activation=None):
    return lambda latent_dim: (latent_dim, activation)


def from_code(latent_dim):
    return latent_dim


def functional_encoder(latent_dim):
    x = keras.Input((784,))
    h = layers.ReLU()(layers.Dense(256)(x))
    return keras.Model(x, layers.Dense(latent_dim, activation="linear")(h))


def functional_decoder(latent_dim):
    z = keras.Input((latent_dim,))
    h = layers.Activation("relu")(layers.Dense(256)(z))
    return keras.Model(z, layers.Activation("sigmoid")(layers.Dense(784)(h)))


def trained(hidden, latent_dim, loss, peak):
    def compact(x_train):
        keras.utils.set_random_seed(7)
        model = dense.dense_autoencoder(latent_dim, hidden)
        training.fit(
            model, x_train, x_train, loss=loss, epochs=6, batch_size=50, peak=peak,
            verbose=False,
        )  # fmt: skip
        return model.get_layer("encoder"), model.get_layer("decoder")

    return compact


def untrained(hidden, latent_dim):
    def compact(x_train):
        pair = dense.dense_autoencoder(latent_dim, hidden)
        return pair.get_layer("encoder"), pair.get_layer("decoder")

    return compact


def pca_as_networks(x_train):
    mean = x_train.mean(axis=0)
    _, axes = np.linalg.eigh((x_train - mean).T @ (x_train - mean))
    axes = axes[:, -16:]
    encoder = keras.Sequential([keras.Input((784,)), layers.Dense(16)])
    encoder.set_weights([axes, -mean @ axes])
    decoder = keras.Sequential([keras.Input((16,)), layers.Dense(784)])
    decoder.set_weights([axes.T, mean])
    return encoder, decoder


ANSWERS = {
    "reconstruction_losses": Answers(
        right=[
            lambda x, x_hat: (squares(x, x_hat), crossentropy(x, x_hat)),
            losses_by_loop,
            losses_with_keras,
        ],
        wrong=[
            (
                lambda x, y: (0.5 * np.mean((x - y) ** 2, 1), crossentropy(x, y)),
                "mean over the 4 pixels: sum inside an image",
            ),
            (
                lambda x, y: (np.mean((x - y) ** 2, 1), bce_terms(x, y).mean(1)),
                "mean over the 4 pixels, and no ½",
            ),
            (
                lambda x, y: (squares(x, y), bce_terms(x, y).mean(axis=1)),
                "of the cross-entropy. Hint: mean over the 4 pixels",
            ),
            (lambda x, y: (squares(x, y), bce_terms(x, y).mean()), "and images"),
            (lambda x, y: (2 * squares(x, y), crossentropy(x, y)), "factor ½"),
            (lambda x, y: (squares(x, y), -crossentropy(x, y)), "the minus"),
            (
                lambda x, y: (squares(x, y), -np.sum(x * np.log(y), axis=1)),
                "second half is missing",
            ),
            (
                lambda x, y: (squares(x, y), crossentropy(x, y) / np.log(2)),
                "these are bits",
            ),
            (
                lambda x, y: (squares(x, y).mean(), crossentropy(x, y).mean()),
                "do not average the images",
            ),
            (lambda x, y: squares(x, y), "expected two results"),
            (
                lambda x, y: (0.5 * np.sum((x - y) ** 2, 0), crossentropy(x, y)),
                "not over the images",
            ),
        ],
    ),
    "build_encoder": Answers(
        right=[
            network(784, (256, "relu"), as_code()),
            functional_encoder,
        ],
        wrong=[
            (network(784, (256, "relu"), as_code("relu")), "no relu and no sigmoid"),
            (network(784, (256, "relu"), as_code("sigmoid")), "no relu and no sig"),
            (network(784, (256, "relu"), as_code("tanh")), "no tanh on the code"),
            (network(784, (256, None), as_code()), "only linear"),
            (network(784, (128, "relu"), as_code()), "hidden layer of 256 units"),
            (network(784, as_code()), "hidden layer of 256 units"),
            (network(784, (256, "relu"), (32, None)), "latent_dim units"),
            (lambda latent_dim: layers.Dense(latent_dim), "expected a keras model"),
        ],
    ),
    "build_decoder": Answers(
        right=[
            network(from_code, (256, "relu"), (784, "sigmoid")),
            functional_decoder,
        ],
        wrong=[
            (network(from_code, (256, "relu"), (784, None)), "needs a sigmoid"),
            (network(from_code, (256, "relu"), (784, "relu")), "needs a sigmoid"),
            (network(from_code, (256, "relu"), (784, "softmax")), "softmax makes"),
            (network(from_code, (256, None), (784, "sigmoid")), "only linear"),
            (network(from_code, (784, "sigmoid")), "hidden layer of 256 units"),
            (network(from_code, (256, "relu"), (28, "sigmoid")), "one unit for each"),
            (network(784, (256, "relu"), as_code()), "it stopped with"),
        ],
    ),
    "compression_ratio": Answers(
        right=[
            lambda latent_dim, bits: 784 * 8 / (latent_dim * bits),
            lambda latent_dim, bits: 28 * 28 / latent_dim * (8 / bits),
        ],
        wrong=[
            (lambda latent_dim, bits: 784 / latent_dim, "you counted numbers"),
            (lambda latent_dim, bits: 784 * bits / (latent_dim * bits), "a pixel has"),
            (lambda latent_dim, bits: latent_dim * bits / 6272, "upside down"),
            (lambda latent_dim, bits: 784 * 8 / latent_dim, "bits of each"),
            (lambda latent_dim, bits: 784 * 8 // (latent_dim * bits), "784 pixels of"),
        ],
    ),
    "smallest_code": Answers(
        right=[
            lambda sizes, errors, target: min(
                (s for s, e in zip(sizes, errors, strict=True) if e <= target),
                default=None,
            ),
            lambda sizes, errors, target: next(
                (s for s, e in sorted(zip(sizes, errors, strict=True)) if e <= target),
                None,
            ),
        ],
        wrong=[
            (
                lambda sizes, errors, target: min(
                    s for s, e in zip(sizes, errors, strict=True) if e < target
                ),
                "use <=",
            ),
            (
                lambda sizes, errors, target: next(
                    s for s, e in zip(sizes, errors, strict=True) if e <= target
                ),
                "any order",
            ),
            (
                lambda sizes, errors, target: min(
                    s for s, e in zip(sizes, errors, strict=True) if e <= target
                ),
                "it stopped with ValueError",
            ),
            (
                lambda sizes, errors, target: int(
                    np.argmax(np.array(errors) <= target)
                ),
                "not its place",
            ),
            (
                lambda sizes, errors, target: sizes[
                    int(np.argmin(np.abs(np.array(errors) - target)))
                ],
                "not nearest",
            ),
            (
                lambda sizes, errors, target: sizes[int(np.argmin(errors))],
                "not the best one",
            ),
        ],
    ),
    "compact_autoencoder": Answers(
        right=[
            trained((30,), 16, losses.squared_error, 0.006),
            trained((28,), 16, losses.binary_crossentropy, 0.006),
        ],
        wrong=[
            (untrained((64,), 16), "51,000 are allowed"),
            (untrained((), 32), "expected codes of shape (n, 16)"),
            (untrained((30,), 16), "held-out error"),
            (pca_as_networks, "a hidden relu layer on both sides"),
            (lambda x_train: dense.dense_autoencoder(16, (30,)), "expected a pair"),
            (
                lambda x_train: (np.asarray, np.asarray),
                "expected a keras model",
            ),
        ],
        slow=True,
    ),
}

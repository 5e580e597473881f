"""Published recipes against ours on MNIST: `python -m tests.benchmarks.recipes`.

Names choose among the races; `--full` runs every epoch of the recipes.
"""

import argparse
import sys

import keras
import numpy as np

from course_utils import data, losses, training
from course_utils.models import convolutional, dense, variational
from tests.benchmarks.race import Ours, Recipe, race, table


def keras_mean_score(model, x_test):
    """Returns a per-pixel Keras loss in nats per image: times the pixels."""
    return training.evaluate(model, x_test, x_test) * int(np.prod(x_test.shape[1:]))


def score_copies(model, x_test):
    """Returns the binary cross-entropy of copies, in nats per image."""
    x_hat = model.predict(x_test, batch_size=500, verbose=0)
    return float(np.mean(losses.binary_crossentropy(x_test, x_hat)))


def published_dense():
    x = keras.Input((784,))
    z = keras.layers.Dense(32, activation="relu")(x)
    model = keras.Model(x, keras.layers.Dense(784, activation="sigmoid")(z))
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy")
    return model


def our_dense(x):
    model = dense.dense_autoencoder(32, (256,))
    training.fit(
        model, x, x, loss=losses.binary_crossentropy, epochs=1, batch_size=75,
        peak=0.005, verbose=False,
    )  # fmt: skip
    return model


def dense_race(digits, full):
    recipe = Recipe(
        source="784-32-784 relu, Adam 1e-3, batch 256, 50 epochs",
        code=32,
        build=published_dense,
        epochs=50,
        batch_size=256,
        score=keras_mean_score,
        final=0.0928 * 784,
        provenance="published 0.0928 per pixel",
    )
    ours = Ours(code=32, train=our_dense, score=score_copies)
    x, x_test = (part.reshape(-1, 784) for part in (digits.x_train, digits.x_test))
    return race("784-256-32-256-784, one epoch", recipe, ours, x, x_test, full=full)


def published_convolutional():
    same = {"padding": "same", "activation": "relu"}
    x = h = keras.Input((28, 28, 1))
    for channels in 16, 8, 8:
        h = keras.layers.Conv2D(channels, 3, **same)(h)
        h = keras.layers.MaxPooling2D(2, padding="same")(h)
    for channels, padding in (8, "same"), (8, "same"), (16, "valid"):
        h = keras.layers.Conv2D(channels, 3, padding=padding, activation="relu")(h)
        h = keras.layers.UpSampling2D(2)(h)
    x_hat = keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")(h)
    model = keras.Model(x, x_hat)
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy")
    return model


def our_convolutional(x):
    model = convolutional.conv_autoencoder(32)
    training.fit(
        model, x, x, loss=losses.binary_crossentropy, epochs=1, batch_size=32,
        peak=0.007, verbose=False,
    )  # fmt: skip
    return model


def convolutional_race(digits, full):
    recipe = Recipe(
        source="Conv 16-8-8 with pooling, Adam 1e-3, batch 128, 50 epochs",
        code=4 * 4 * 8,
        build=published_convolutional,
        epochs=50,
        batch_size=128,
        score=keras_mean_score,
        final=0.094 * 784,
        provenance="published 0.094 per pixel",
    )
    ours = Ours(code=32, train=our_convolutional, score=score_copies)
    name = "Conv 16-32 with stride 2, dense 32, one epoch"
    return race(name, recipe, ours, digits.x_train, digits.x_test, full=full)


def published_variational():
    """The networks are those of `conv_vae`; without XLA, which slows convolutions."""
    model = variational.conv_vae(2, filters=(32, 64), width=16)
    model.compile(optimizer=keras.optimizers.Adam(1e-3), jit_compile=False)
    return model


def our_variational(x):
    model = variational.dense_vae(2, (512, 256))
    training.fit(model, x, epochs=5, verbose=False)
    return model


def variational_race(digits, full):
    recipe = Recipe(
        source="Convolutional VAE 32-64-16, Adam 1e-3, batch 128, 30 epochs",
        code=2,
        build=published_variational,
        epochs=30,
        batch_size=128,
        score=training.evaluate,
        final=152.66,
        provenance="measured after 26 of its 30 epochs; --full runs them all",
        targets=False,
    )
    ours = Ours(code=2, train=our_variational, score=training.evaluate)
    name = "Dense VAE 512-256, five epochs"
    return race(name, recipe, ours, digits.x_train, digits.x_test, full=full)


RACES = {
    "dense": dense_race,
    "convolutional": convolutional_race,
    "variational": variational_race,
}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(RACES))
    parser.add_argument("--full", action="store_true", help="run every epoch")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - RACES.keys()
    if unknown:
        parser.error(f"Expected names among {list(RACES)}. Received: {sorted(unknown)}")
    digits = data.fetch_mnist(network=False)
    names = options.names or list(RACES)
    results = [RACES[name](digits, options.full) for name in names]
    print(table(results))
    for result in results:
        for problem in result.problems:
            print(f"{result.name}: {problem}")
    return int(any(result.problems for result in results))


if __name__ == "__main__":
    sys.exit(main())

"""Published recipes against ours on MNIST: `python -m tests.benchmarks.recipes`.

Names choose among the races; `--full` runs every epoch of the recipes.
"""

import argparse
import sys

import keras
import numpy as np

from course_utils import data, losses, training
from course_utils.models import dense
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


RACES = {"dense": dense_race}


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

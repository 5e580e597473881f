"""How real is the embedded handwriting? Run: python -m tests.benchmarks.realism

Three numbers over three seeds, with MNIST as the judge: a small convolutional
classifier trained only on strokes reads MNIST, one trained on MNIST reads the
strokes, and the principal axes of the strokes serve MNIST nearly as well as its own.
"""

import sys

import keras
import numpy as np
from keras import layers

from course_utils import metrics, training
from course_utils.data import fetch_mnist, load_strokes

SEEDS = (0, 1, 2)
N_TRAIN = 30_000
LATENT_DIM = 32
# Name, bar, and which way is better.
BARS = (
    ("trained on strokes, reads MNIST (%)", 96.5, ">="),
    ("trained on MNIST, reads strokes (%)", 95.0, ">="),
    ("32 axes of strokes on MNIST: more error than its own (%)", 6.0, "<="),
)


def reader(x, y, seed):
    """Trains the small convolutional classifier (16 and 32 channels)."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    training.fit(model, x, y, loss=loss, epochs=6, peak=0.006, seed=seed, verbose=False)
    return model


def accuracy(model, x, y):
    """Returns the share of pictures that the model reads rightly, in percent."""
    scores = model.predict(x, batch_size=1000, verbose=0)
    return 100 * np.mean(scores.argmax(axis=1) == y)


def pca_error(x_fit, x):
    """Returns the squared error on x of the principal axes of x_fit."""
    copies = metrics.PCA(x_fit).copy(x, LATENT_DIM)
    return float(np.mean((x - np.reshape(copies, x.shape)) ** 2))


def realism(mnist, seed):
    """Returns the three numbers for one seed, in the order of `BARS`."""
    strokes = load_strokes(N_TRAIN, 10_000, seed=seed)
    x_mnist, y_mnist = mnist.x_train[:N_TRAIN], mnist.y_train[:N_TRAIN]
    of_strokes = reader(strokes.x_train, strokes.y_train, seed)
    of_mnist = reader(x_mnist, y_mnist, seed)
    own = pca_error(x_mnist, mnist.x_test)
    theirs = pca_error(strokes.x_train, mnist.x_test)
    return (
        accuracy(of_strokes, mnist.x_test, mnist.y_test),
        accuracy(of_mnist, strokes.x_test, strokes.y_test),
        100 * (theirs / own - 1),
    )


def main():
    """Prints the table; returns the exit code: 0 if every seed clears every bar."""
    try:
        mnist = fetch_mnist(network=False)
    except FileNotFoundError as error:
        print(f"This benchmark compares with MNIST, which is not here: {error}")
        return 1
    rows = np.array([realism(mnist, seed) for seed in SEEDS]).T
    print(f"{'':58}" + "".join(f"seed {s:<4}" for s in SEEDS) + "mean    worst   bar")
    passed = True
    for (name, bar, way), row in zip(BARS, rows, strict=True):
        worst = row.min() if way == ">=" else row.max()
        passed &= worst >= bar if way == ">=" else worst <= bar
        numbers = "".join(f"{value:<9.2f}" for value in row)
        print(f"{name:58}{numbers}{row.mean():<8.2f}{worst:<8.2f}{way} {bar}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())

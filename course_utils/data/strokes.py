"""The embedded handwriting: digits drawn by our own generator, always here."""

import warnings
import zipfile
from dataclasses import dataclass

import numpy as np

from course_utils.data.cache import cache_folder, write_atomically
from course_utils.data.handwriting import BLOCK, draw_block
from course_utils.progress import bar

VERSION = 6  # of the generator; a change in what it draws needs a new number
QUICK = 15  # blocks that are drawn in about two seconds: no progress bar


@dataclass(frozen=True)
class Strokes:
    """Digits drawn by our generator, and the factors they were drawn with.

    Attributes:
        x_train: Float32 array of shape `(n_train, 28, 28, 1)`, in [0, 1].
        y_train: Int64 array of shape `(n_train,)`, the digit.
        factors_train: Dictionary of arrays of shape `(n_train,)`:
            label: the digit, 0 to 9.
            variant: the nearest skeleton, counted within its digit.
            slant: degrees that the digit leans to the right, by its moments.
            rotation: degrees, clockwise, before it is sheared to its slant.
            aspect: how many times wider than the skeleton.
            thickness: width of the pen in pixels.
            scale: share of the 20-pixel box that the digit fills.
            edge: pixels from full ink to none.
            grain: how far the edge is off its place, as a share of the thickness.
            intensity: ink where it is full, in [0, 1].
            sloppiness: how far the pen strays; 1 is usual.
        x_test: Float32 array of shape `(n_test, 28, 28, 1)`, in [0, 1].
        y_test: Int64 array of shape `(n_test,)`.
        factors_test: Dictionary of arrays of shape `(n_test,)`.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    factors_train: dict
    x_test: np.ndarray
    y_test: np.ndarray
    factors_test: dict


def load_strokes(n_train=60_000, n_test=10_000, seed=0):
    """Returns handwritten digits that the kit draws itself, without any network.

    Laid out as MNIST is: ink 1 on paper 0, inside a box of 20 pixels, centred by
    mass, classes balanced at random. Drawn in blocks with a seed each, so that
    asking for fewer gives the same first images. Kept in the cache as bytes.
    Provenance: drawn by this code from hand-made skeletons; no picture of a data
    set went into them. The mean and the spread of each digit's slant are those of
    MNIST's training images, and we chose the skeletons by how well a classifier
    trained on them reads those images. Licence: that of the kit.

    Args:
        n_train: Integer, at least 0.
        n_test: Integer, at least 0; other digits than those to train on.
        seed: Integer, at least 0; another seed gives other digits.

    Returns:
        `Strokes`.

    Raises:
        ValueError: If an argument is not an integer or is negative.
    """
    for name, value in (("n_train", n_train), ("n_test", n_test), ("seed", seed)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or value < 0:
            raise ValueError(
                f"Expected {name} to be an integer >= 0. Received: {value!r}"
            )
    return Strokes(*_split("train", n_train, seed), *_split("test", n_test, seed))


def _split(name, n, seed):
    pixels, factors = _cached(name, n, seed)
    x = pixels[:n, ..., None].astype("float32")
    x /= 255
    factors = {key: values[:n] for key, values in factors.items()}
    return x, factors["label"].copy(), factors


def _cached(name, n, seed):
    """Returns at least n digits, from the cache if it holds as many."""
    file = f"strokes-{VERSION}-seed{seed}-{name}.npz"
    try:
        path = cache_folder() / file
        kept = _read(path)
    except OSError:
        path = kept = None
    if kept is not None and len(kept[0]) >= n:
        return kept
    drawn = _draw(name, n, seed)
    _keep(path, *drawn)
    return drawn


def _read(path):
    """Returns pixels and factors, or None if the file is missing or broken."""
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            factors = {key: kept[key] for key in kept.files}
        pixels = factors.pop("pixels")
        if any(len(values) != len(pixels) for values in factors.values()):
            raise ValueError("columns of different length")
        return pixels, factors
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        print(f"{path.name} in the cache is broken ({error}); it is drawn again.")
        return None


def _draw(name, n, seed):
    blocks = range(max(1, -(-n // BLOCK)))
    if len(blocks) > QUICK:
        blocks = bar(blocks, label=f"drawing digits ({name})")
    drawn = [draw_block(seed, ("train", "test").index(name), k) for k in blocks]
    pixels = np.concatenate([pixels for pixels, _ in drawn])
    columns = drawn[0][1]
    return pixels, {c: np.concatenate([f[c] for _, f in drawn]) for c in columns}


def _keep(path, pixels, factors):
    """Writes the cache; a full disk costs no more than the cache."""
    try:
        if path is None:
            raise OSError("there is no cache folder")
        write_atomically(path, lambda file: np.savez(file, pixels=pixels, **factors))
    except OSError as error:
        warnings.warn(f"The digits are not kept in the cache: {error}", stacklevel=5)

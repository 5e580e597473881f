"""Digits that nobody has seen, and what keeps a trained pair from looking them up."""

import numpy as np

from course_utils.data.handwriting import BLOCK, draw_block
from course_utils.grading.requirements import Missed, close, holds, numbers


def digits(rng, n):
    """Draws digits from a seed that nobody knows before.

    Args:
        rng: `numpy.random.Generator`.
        n: Integer, how many.

    Returns:
        Float32 array of shape `(n, 28, 28, 1)`, in [0, 1]. Drawn as
        `data.load_digits` draws its own, but never the same.
    """
    seed = int(rng.integers(2**31))
    blocks = [draw_block(seed, 1, block)[0] for block in range(-(-n // BLOCK))]
    return np.concatenate(blocks)[:n, ..., None].astype("float32") / 255


def draws_from_the_code(encode, decode, x, rng):
    """Requires of a decoder that it knows nothing but the code.

    A pair of functions could hand the pictures over behind the code's back: the
    encoder keeps what it sees, the decoder looks it up by its code. Then the picture
    of a code depends on what else was encoded, or stays the same next to it.

    Args:
        encode: Function from pictures to float codes of shape `(n, latent_dim)`.
        decode: Function from codes to float pictures of shape `(n, ...)`.
        x: Float array of at least 40 pictures.
        rng: `numpy.random.Generator`.

    Returns:
        None or a `Missed`.
    """
    mixed = rng.permuted(encode(x[:20]), axis=0)
    before = decode(mixed)
    z = encode(x[20:])
    whole, after, some = decode(z), decode(mixed), decode(z[::-1][:7])
    step = z.std(axis=0) * rng.normal(size=z.shape)
    near, far = decode(z + 1e-3 * step), decode(z + 0.5 * step)
    hint = "the same code must give the same picture: in any batch, at any time"
    return (
        close(after, before, hint, tolerance=1e-3)
        or close(some, whole[::-1][:7], hint, tolerance=1e-3)
        or holds(_moved(near, whole) < 0.1, "like codes have unlike pictures")
        or holds(_moved(far, whole) > 0.01, "the pictures do not depend on the code")
    )


def pictures(received, n, hint):
    """Returns pictures of 784 pixels as rows, from rows or squares, or misses."""
    shapes = (n, 784), (n, 28, 28, 1), (n, 28, 28)
    if np.shape(received) not in shapes:
        raise Missed(hint)
    return numbers(received, np.shape(received), hint).reshape(n, 784)


def _moved(some, others):
    return np.median(np.abs(some - others).reshape(len(some), -1).max(axis=1))

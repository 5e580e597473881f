"""What all losses need: sums inside an image, and shapes that agree."""

import itertools

from keras import ops


def sum_inside(terms):
    """Returns the sum of all terms of each row of a batch."""
    return ops.sum(terms, axis=tuple(range(1, len(terms.shape))))


def require_same_shape(first, second):
    """Raises ValueError if two shapes differ; None fits any size."""
    pairs = itertools.zip_longest(first.shape, second.shape, fillvalue=-1)
    if any(a != b and None not in (a, b) for a, b in pairs):
        raise ValueError(
            "Expected two tensors of the same shape. "
            f"Received: {tuple(first.shape)} and {tuple(second.shape)}"
        )

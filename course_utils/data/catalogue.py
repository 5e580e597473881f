"""Every skeleton of every digit, in arrays from which thousands are drawn at once."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from course_utils.data.curves import SAMPLES, read_families
from course_utils.data.skeletons import SKELETONS

SHARPNESS = 20  # of a blend: the larger, the nearer it is to a single variant


@dataclass(frozen=True)
class Catalogue:
    """All families, one a row, padded to the largest.

    Attributes:
        first: Integers of shape `(10,)`, the row of each digit's first family.
        shares: Ten arrays, the cumulative share of each digit's families.
        before: Integers of shape `(families,)`, variants of the same digit before.
        count: Integers of shape `(families,)`, variants of the family.
        holes: Integers of shape `(families,)`, loops that stay open.
        variants: Array of shape `(families, variants, points, 2)`, in [-1, 1].
        strokes: Integers of shape `(families, points)`.
        starts: Array of shape `(families, SAMPLES, points)`, see `Family`.
        ends: Array of the same shape.
        loops: Booleans of shape `(families, 2, SAMPLES)`.
    """

    first: np.ndarray
    shares: list
    before: np.ndarray
    count: np.ndarray
    holes: np.ndarray
    variants: np.ndarray
    strokes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    loops: np.ndarray


@cache
def catalogue():
    """Returns the `Catalogue`, made at the first call."""
    digits = [read_families(text) for text in SKELETONS.values()]
    families = [family for each in digits for _, family in each]
    shares = [np.array([share for share, _ in each]) for each in digits]
    counts = [[len(family.variants) for _, family in each] for each in digits]
    points = max(f.variants.shape[1] for f in families)
    most = max(len(f.variants) for f in families)
    loops = np.array([f.loops for f in families])
    return Catalogue(
        first=np.cumsum([0] + [len(each) for each in digits])[:-1],
        shares=[np.cumsum(each) / each.sum() for each in shares],
        before=np.concatenate([np.cumsum([0, *each])[:-1] for each in counts]),
        count=np.concatenate(counts),
        holes=loops.any(axis=2).sum(axis=1),
        variants=_pad([(f.variants - 50) / 50 for f in families], (most, points, 2)),
        strokes=_pad([f.strokes for f in families], (points,)),
        starts=_pad([f.starts for f in families], (SAMPLES, points)),
        ends=_pad([f.ends for f in families], (SAMPLES, points)),
        loops=loops,
    )


def _pad(arrays, shape):
    padded = np.zeros((len(arrays), *shape), arrays[0].dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[tuple(slice(n) for n in array.shape)] = array
    return padded


def choose(rng, n):
    """Chooses digits and families at random and blends the variants of each.

    Args:
        rng: `numpy.random.Generator`.
        n: Integer, how many.

    Returns:
        Integers `label`, `variant` (the heaviest in the blend, counted within its
        digit) and `family` of shape `(n,)`, and the control points of the blend,
        of shape `(n, points, 2)`, in [-1, 1].
    """
    known = catalogue()
    label = np.floor(rng.random(n) * 10).astype("int64")
    u = rng.random(n)
    family = np.empty(n, int)
    for digit, shares in enumerate(known.shares):
        mine = label == digit
        family[mine] = known.first[digit] + np.searchsorted(shares, u[mine], "right")
    weight = rng.random((n, known.variants.shape[1])) ** SHARPNESS
    weight *= np.arange(weight.shape[1]) < known.count[family][:, None]
    weight /= weight.sum(axis=1, keepdims=True)
    control = np.einsum("nv,nvpc->npc", weight, known.variants[family])
    variant = known.before[family] + weight.argmax(axis=1)
    return label, variant, family, control

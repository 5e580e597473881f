"""Draws blocks of digits by hand movements: skeleton, bend, pen."""

import numpy as np

from course_utils.data.curves import make_family
from course_utils.data.pen import BOX, centre_by_mass, ink
from course_utils.data.skeletons import FAMILIES

BLOCK = 1000  # digits that share one seed
HOLE = 0.75  # pixels from the middle of a loop that stay free of ink

_CATALOGUE = None


def draw_block(seed, split, block):
    """Draws one block of digits from its own seed.

    Args:
        seed: Integer, at least 0.
        split: Integer, 0 for training and 1 for test.
        block: Integer, number of the block.

    Returns:
        Uint8 array of shape `(1000, 28, 28)` and the factors, a dictionary of
        arrays of shape `(1000,)` (see `load_strokes`).
    """
    rng = np.random.Generator(np.random.PCG64([seed, split, block]))
    catalogue = _catalogue()
    factors, family, control = _choose_skeletons(rng, catalogue)
    factors |= _choose_style(rng)
    control = _bend(rng, control, factors)
    control = _pose(control, factors)
    starts = (catalogue["starts"][family] @ control).astype("float32")
    ends = (catalogue["ends"][family] @ control).astype("float32")
    scale = _fit(starts, ends, catalogue["loops"][family], factors)
    middle = (starts.min(axis=1) + starts.max(axis=1)) / 2
    starts, ends = (
        (p - middle[:, None]) * scale[:, None, None] + np.float32(BOX / 2)
        for p in (starts, ends)
    )
    radius = _pressure(rng, factors["thickness"] / 2, starts.shape[1])
    boxes = ink(starts, ends, radius, factors["edge"].astype("float32"))
    boxes *= factors["intensity"].astype("float32")[:, None, None]
    pictures = np.rint(centre_by_mass(boxes) * 255).astype("uint8")
    return pictures, factors


def _bell(rng, *shape):
    """Bell-shaped numbers of unit variance with light tails: none beyond 3."""
    return 2 * (rng.random((*shape, 3)).sum(axis=-1) - 1.5)


def _catalogue():
    """Every family of every digit, padded to arrays that can be indexed at once."""
    global _CATALOGUE
    if _CATALOGUE is None:
        _CATALOGUE = _make_catalogue()
    return _CATALOGUE


def _make_catalogue():
    families = [make_family(texts) for each in FAMILIES.values() for _, texts in each]
    shares = [[share for share, _ in each] for each in FAMILIES.values()]
    points = max(f.variants.shape[1] for f in families)
    variants = max(len(f.variants) for f in families)
    first = np.cumsum([0] + [len(s) for s in shares])[:-1]
    before = [
        sum(len(texts) for _, texts in each[:k])
        for each in FAMILIES.values()
        for k in range(len(each))
    ]
    return {
        "first": first,
        "shares": [np.cumsum(s) / np.sum(s) for s in shares],
        "before": np.array(before),
        "count": np.array([len(f.variants) for f in families]),
        "variants": _pad([f.variants for f in families], (variants, points, 2)),
        "strokes": _pad([f.strokes for f in families], (points,)),
        "starts": _pad([f.starts for f in families], (len(families[0].starts), points)),
        "ends": _pad([f.ends for f in families], (len(families[0].starts), points)),
        "loops": np.array([f.loops for f in families]),
    }


def _pad(arrays, shape):
    padded = np.zeros((len(arrays), *shape), arrays[0].dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[tuple(slice(n) for n in array.shape)] = array
    return padded


def _choose_skeletons(rng, catalogue):
    """Chooses digit and family, and blends the family's variants."""
    label = np.floor(rng.random(BLOCK) * 10).astype("int64")
    u = rng.random(BLOCK)
    family = np.empty(BLOCK, int)
    for digit, (first, shares) in enumerate(
        zip(catalogue["first"], catalogue["shares"], strict=True)
    ):
        of_digit = label == digit
        family[of_digit] = first + np.searchsorted(shares, u[of_digit], side="right")
    n_variants = catalogue["variants"].shape[1]
    share = rng.random((BLOCK, n_variants)) ** 3
    share *= np.arange(n_variants) < catalogue["count"][family][:, None]
    share /= share.sum(axis=1, keepdims=True)
    control = np.einsum("nv,nvpc->npc", share, catalogue["variants"][family])
    offset = _bell(rng, BLOCK, 4, 2) * OFFSET
    control = (control - 50) / 50
    control += np.take_along_axis(offset, catalogue["strokes"][family][..., None], 1)
    variant = catalogue["before"][family] + share.argmax(axis=1)
    return {"label": label, "variant": variant}, family, control


OFFSET = 0.05
JITTER = 0.07
WARP = 0.09


def _choose_style(rng):
    """Chooses how the writer holds the pen: see `load_strokes` for the units."""
    bell = _bell(rng, 8, BLOCK)
    return {
        "slant": 8 + 14 * bell[0],
        "rotation": 4 * bell[1],
        "aspect": np.exp(0.19 * bell[2]),
        "thickness": np.clip(2.9 * np.exp(0.26 * bell[3]), 1.4, 5.2),
        "scale": 1 - 0.05 * rng.random(BLOCK) ** 2,
        "edge": 1.15 + 0.15 * bell[5],
        "intensity": 1 - 0.05 * rng.random(BLOCK) ** 2,
        "sloppiness": 1 + 0.25 * bell[6],
    }


def _bend(rng, control, factors):
    """Moves the control points: each a little by itself, all by smooth waves."""
    waves = 3
    angle = 2 * np.pi * rng.random((BLOCK, waves, 1))
    pitch = 0.8 + 1.6 * rng.random((BLOCK, waves, 1))
    phase = 2 * np.pi * rng.random((BLOCK, waves, 1))
    height = _bell(rng, BLOCK, waves, 2) * WARP
    x, y = np.moveaxis(control[:, None], -1, 0)
    wave = np.sin(pitch * (np.cos(angle) * x + np.sin(angle) * y) + phase)
    moved = np.einsum("nwp,nwc->npc", wave, height)
    moved += _bell(rng, *control.shape) * JITTER
    return control + moved * factors["sloppiness"][:, None, None]


def _pose(control, factors):
    """Stretches, slants and turns."""
    x, y = np.moveaxis(control, -1, 0)
    x = x * factors["aspect"][:, None]
    x = x - np.tan(np.radians(factors["slant"]))[:, None] * y
    turn = np.radians(factors["rotation"])[:, None]
    cos, sin = np.cos(turn), np.sin(turn)
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def _fit(starts, ends, loops, factors):
    """Chooses pixels per unit so that ink fits the box; thins it where a loop closes."""
    extent = (starts.max(axis=1) - starts.min(axis=1)).max(axis=1)
    room = BOX * factors["scale"] - 0.2 * factors["edge"]
    narrowest = _narrowest(starts, ends, loops)
    thickness = factors["thickness"]
    for _ in range(2):
        scale = (room - thickness) / extent
        thickness = np.minimum(thickness, 2 * (narrowest * scale - HOLE))
        thickness = np.maximum(thickness, 1.2)
    factors["thickness"] = thickness
    return ((room - thickness) / extent).astype("float32")


def _narrowest(starts, ends, loops):
    """Half the width of the narrowest loop, taking each loop for an ellipse."""
    half = np.full(len(starts), np.inf)
    for which in range(2):
        inside = loops[:, which].astype("float32")
        count = inside.sum(axis=1)
        some = np.maximum(count, 1)
        middle = np.einsum("nk,nkc->nc", inside, starts) / some[:, None]
        a, b = starts - middle[:, None], ends - middle[:, None]
        cross = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
        product = np.abs((cross * inside).sum(axis=1)) / (2 * np.pi)
        length = np.hypot(*np.moveaxis(b - a, -1, 0))
        perimeter = (length * inside).sum(axis=1)
        squares = perimeter**2 / (2 * np.pi**2)
        minor = np.sqrt(squares + 2 * product) - np.sqrt(
            np.maximum(squares - 2 * product, 0)
        )
        half = np.minimum(half, np.where(count > 0, minor / 2, np.inf))
    return half


def _pressure(rng, radius, pieces):
    """Lets the pen's radius swell and shrink slowly along the digit."""
    along = np.linspace(0, 2 * np.pi, pieces)
    phase = 2 * np.pi * rng.random((len(radius), 1))
    swell = 0.07 * _bell(rng, len(radius), 1) * np.sin(along + phase)
    return (radius[:, None] * (1 + swell)).astype("float32")

"""Draws blocks of digits by hand movements: skeleton, bend, pen."""

import numpy as np

from course_utils.data.catalogue import catalogue, choose
from course_utils.data.fitting import corners, fit
from course_utils.data.pen import BOX, centre_by_mass, ink

BLOCK = 1000  # digits that share one seed
# What is usual for each digit: degrees it leans to the right and how much that
# spreads, how many times wider than its skeleton it is drawn.
SLANT = np.array([11.9, 12.3, 5.1, 3.0, 3.0, 11.4, 1.4, 1.4, 9.6, 0.0])
SPREAD = np.array([11.4, 13.9, 14.5, 13.4, 15.5, 15.5, 12.2, 13.9, 13.2, 13.4])
ASPECT = np.array([1.1, 1.0, 1.08, 1.05, 1.0, 1.12, 1.0, 1.02, 1.02, 0.95])
STRAY = np.where(np.arange(10) == 1, 0.5, 1)  # a 1 is drawn straight
# Standard deviations of how far the pen strays, where a digit is 2 high.
OFFSET = 0.06  # a whole stroke
JITTER = 0.07  # a control point by itself
WARP = 0.10  # a smooth wave
GRAIN = 0.08  # of the pen's width; how rough its edge is, at most


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
    known = catalogue()
    rng = np.random.Generator(np.random.PCG64([seed, split, block]))
    label, variant, family, control = choose(rng, BLOCK)
    factors = {"label": label, "variant": variant} | _choose_style(rng, label)
    control = _shift_strokes(rng, control, family)
    control = _bend(rng, control, factors)
    control = _pose(control, known.starts[family], factors)
    starts = (known.starts[family] @ control).astype("float32")
    ends = (known.ends[family] @ control).astype("float32")
    scale = fit(starts, ends, known.loops[family], factors)
    middle = sum(corners(starts, ends)) / 2
    starts, ends = (
        (p - middle[:, None]) * scale[:, None, None] + np.float32(BOX / 2)
        for p in (starts, ends)
    )
    radius = _pressure(rng, factors["thickness"] / 2, starts.shape[1])
    grain = (factors["grain"] * factors["thickness"])[:, None, None]
    grain = grain * _bell(rng, BLOCK, BOX, BOX)
    edge = factors["edge"].astype("float32")
    boxes = ink(starts, ends, radius, edge, grain.astype("float32"))
    boxes *= factors["intensity"].astype("float32")[:, None, None]
    pictures = np.rint(centre_by_mass(boxes) * 255).astype("uint8")
    return pictures, factors


def _bell(rng, *shape):
    """Bell-shaped numbers of unit variance with light tails: none beyond 3."""
    return 2 * (rng.random((*shape, 3)).sum(axis=-1) - 1.5)


def _choose_style(rng, label):
    """Chooses how the writer holds the pen: see `load_strokes` for the units."""
    bell = _bell(rng, 8, BLOCK)
    return {
        "slant": SLANT[label] + SPREAD[label] * bell[0],
        "rotation": 4 * bell[1],
        "aspect": ASPECT[label] * np.exp(0.21 * bell[2]),
        "thickness": np.clip(2.9 * np.exp(0.26 * bell[3]), 1.4, 4.9),
        "scale": 1 - 0.05 * rng.random(BLOCK) ** 4,
        "edge": 1.15 + 0.15 * bell[5],
        "grain": GRAIN * rng.random(BLOCK),
        "intensity": 1 - 0.05 * rng.random(BLOCK) ** 2,
        "sloppiness": STRAY[label] * (1 + 0.3 * bell[6]),
    }


def _shift_strokes(rng, control, family):
    """Sets each stroke down a little off its place."""
    offset = OFFSET * _bell(rng, BLOCK, 4, 2)
    stroke = catalogue().strokes[family][..., None]
    return control + np.take_along_axis(offset, stroke, axis=1)


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


def _pose(control, along, factors):
    """Stretches and turns, then shears until the stroke leans by the slant."""
    x, y = np.moveaxis(control, -1, 0)
    x = x * factors["aspect"][:, None]
    turn = np.radians(factors["rotation"])[:, None]
    cos, sin = np.cos(turn), np.sin(turn)
    x, y = cos * x - sin * y, sin * x + cos * y
    pen = along @ np.stack([x, y], axis=-1)
    pen -= pen.mean(axis=1, keepdims=True)
    lean = (pen[..., 0] * pen[..., 1]).sum(axis=1) / (pen[..., 1] ** 2).sum(axis=1)
    shear = np.tan(np.radians(factors["slant"])) + lean
    return np.stack([x - shear[:, None] * y, y], axis=-1)


def _pressure(rng, radius, pieces):
    """Lets the pen's radius swell and shrink slowly along the digit."""
    along = np.linspace(0, 2 * np.pi, pieces)
    phase = 2 * np.pi * rng.random((len(radius), 1))
    swell = 0.07 * _bell(rng, len(radius), 1) * np.sin(along + phase)
    return (radius[:, None] * (1 + swell)).astype("float32")

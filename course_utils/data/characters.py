"""Two drawn characters that share their poses and differ in who they are."""

from dataclasses import dataclass

import numpy as np

from course_utils.data.faces import IDENTITIES, draw

BLOCK = 32  # pictures drawn at once: few enough to stay in the processor's cache

# Lowest, usual and highest value of each factor.
FACTORS = {
    "yaw": (-20.0, 0.0, 20.0),
    "pitch": (-12.0, 0.0, 12.0),
    "mouth": (0.0, 0.3, 1.0),
    "smile": (-1.0, 0.6, 1.0),
    "blink": (0.0, 0.0, 1.0),
    "gaze": (-1.0, 0.0, 1.0),
    "brightness": (0.7, 1.0, 1.0),
}


@dataclass(frozen=True)
class Characters:
    """Pictures of two characters, and the factors they were drawn with.

    The pictures of A and of B show different poses: there are no pairs to train
    on. Only the test pictures are pairs.

    Attributes:
        pairs: Float32 array of shape `(n, 2, size, size, 3)`, in [0, 1]: a picture
            of A and one of B side by side, as `models.face_swap` takes them; their
            poses differ.
        a: Its pictures of A, of shape `(n, size, size, 3)`, without a copy.
        b: Its pictures of B.
        factors_a: Dict from the name of each factor to an array of shape `(n,)`,
            as `draw_character` takes it.
        factors_b: Dict of the same form.
        test_a: Float32 array of shape `(n_test, size, size, 3)`, held out.
        test_b: Float32 array of the same shape: picture i is B in the pose of
            picture i of `test_a`.
        test_factors: Dict of arrays of shape `(n_test,)`, the shared poses.
    """

    pairs: np.ndarray
    factors_a: dict
    factors_b: dict
    test_a: np.ndarray
    test_b: np.ndarray
    test_factors: dict

    @property
    def a(self):
        return self.pairs[:, 0]

    @property
    def b(self):
        return self.pairs[:, 1]


def load_characters(n=4000, size=48, seed=0, n_test=500):
    """Returns pictures of two drawn characters in random poses.

    Every factor is drawn evenly between its bounds, apart from the others. Asking
    for fewer pictures gives the first of them. Provenance: drawn by this code from
    geometric shapes; they show nobody. Licence: that of the kit.

    Args:
        n: Integer, pictures of each character to train on.
        size: Integer, pixels per side.
        seed: Integer, at least 0; another seed gives other poses.
        n_test: Integer, held-out pairs.

    Returns:
        `Characters`.

    Raises:
        ValueError: If an argument is not an integer, or is out of range.
    """
    least = {"n": 1, "size": 8, "seed": 0, "n_test": 1}
    for name, value in {"n": n, "size": size, "seed": seed, "n_test": n_test}.items():
        if not isinstance(value, int | np.integer) or value < least[name]:
            raise ValueError(
                f"Expected {name} to be an integer >= {least[name]}. "
                f"Received: {value!r}"
            )
    factors_a, factors_b, shared = (
        random_factors(count, (seed, stream))
        for stream, count in enumerate((n, n, n_test))
    )
    pairs = np.empty((n, 2, size, size, 3), "float32")
    pairs[:, 0] = draw_character("a", factors_a, size)
    pairs[:, 1] = draw_character("b", factors_b, size)
    return Characters(
        pairs=pairs,
        factors_a=factors_a,
        factors_b=factors_b,
        test_a=draw_character("a", shared, size),
        test_b=draw_character("b", shared, size),
        test_factors=shared,
    )


def draw_character(identity, factors, size=64):
    """Draws one of the two characters in any pose.

    Args:
        identity: `"a"` or `"b"`.
        factors: Dict from names to numbers or arrays of shape `(n,)`; a factor
            that is missing has its usual value.
            yaw: degrees that the head turns to the right of the picture, ±20.
            pitch: degrees that it looks down, ±12.
            mouth: how far it is open, from 0 to 1.
            smile: from -1, sad, to 1, happy.
            blink: how far the lids are closed, from 0 to 1.
            gaze: where the eyes look, from -1, left, to 1, right.
            brightness: of the light, from 0.7 to 1.
        size: Integer, pixels per side.

    Returns:
        Float32 array of shape `(n, size, size, 3)`, in [0, 1]; n is 1 if all
        factors are numbers.

    Raises:
        ValueError: If the identity or a factor is unknown, a value is outside its
            bounds, or the arrays differ in length.
    """
    if identity not in IDENTITIES:
        raise ValueError(f"Expected identity 'a' or 'b'. Received: {identity!r}")
    pose = _complete(factors)
    n = len(pose["yaw"])
    pictures = np.empty((n, size, size, 3), "float32")
    for start in range(0, n, BLOCK):
        rows = slice(start, start + BLOCK)
        block = {name: values[rows, None, None] for name, values in pose.items()}
        pictures[rows] = draw(IDENTITIES[identity], block, size)
    return pictures


def random_factors(n, seed=0):
    """Returns n random poses, every factor even between its bounds.

    Args:
        n: Integer.
        seed: Integer, or a tuple of integers.

    Returns:
        Dict from the name of each factor to a float32 array of shape `(n,)`.
    """
    low, _, high = np.array(list(FACTORS.values())).T
    shares = np.random.default_rng(seed).random((n, len(FACTORS)))
    values = (low + (high - low) * shares).astype("float32")
    return dict(zip(FACTORS, values.T.copy(), strict=True))


def _complete(factors):
    """Returns all factors as float32 arrays of one length, in bounds."""
    unknown = sorted(set(factors) - set(FACTORS))
    if unknown:
        names = ", ".join(FACTORS)
        raise ValueError(f"Expected factors among {names}. Received: {unknown}")
    pose = {name: usual for name, (_, usual, _) in FACTORS.items()} | dict(factors)
    pose = {name: np.ravel(np.float32(values)) for name, values in pose.items()}
    lengths = {name: len(values) for name, values in pose.items()}
    n = max(lengths.values())
    if set(lengths.values()) - {1, n}:
        raise ValueError(f"Expected factors of one length. Received: {lengths}")
    for name, values in pose.items():
        low, _, high = np.float32(FACTORS[name])
        if not np.all((values >= low) & (values <= high)):
            seen = f"{values.min():g} to {values.max():g}"
            raise ValueError(
                f"Expected {name} from {low:g} to {high:g}. Received: {seen}"
            )
    return {name: np.broadcast_to(values, n) for name, values in pose.items()}

"""Do the outputs that a student stored come out again? Numbers may differ a little."""

import math
import re

NUMBER = re.compile(r"[-+]?(?:\d[\d_,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
SECONDS = re.compile(r"\b\d+(?:\.\d+)?\s*(?:ms|s|seconds?|minutes?)\b")
TOLERANCE = 0.02


def reproduces(pairs):
    """Compares stored with fresh outputs.

    Args:
        pairs: Iterable of pairs (stored text or None, text of the fresh run).

    Returns:
        True if each stored line is printed again, False if one is not, None where
        nothing was stored.
    """
    compared = [(lines(old), lines(new)) for old, new in pairs if old and lines(old)]
    if not compared:
        return None
    return all(
        any(alike(line, other) for other in new)
        for old, new in compared
        for line in old
    )


def lines(text):
    """Returns the lines of an output without bars, blanks and times."""
    whole = [line.rpartition("\r")[2] for line in text.splitlines()]
    plain = [" ".join(SECONDS.sub("", line).split()) for line in whole]
    return [line for line in plain if line]


def alike(line, other):
    """Tells whether two lines are equal but for numbers 2 % apart."""
    if NUMBER.sub("#", line) != NUMBER.sub("#", other):
        return False
    pairs = zip(NUMBER.findall(line), NUMBER.findall(other), strict=True)
    return all(
        math.isclose(_number(a), _number(b), rel_tol=TOLERANCE, abs_tol=1e-6)
        for a, b in pairs
    )


def _number(text):
    return float(text.replace(",", "").replace("_", "") or "nan")

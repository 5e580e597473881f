"""Checks of lesson 01."""

import itertools
import re

import numpy as np

from course_utils.checks.engine import Mistake, check, equal, holds

THREE_PIXELS = (0.5, 0.2, 0.35, 0.35 / 3, 0.25)


def _encode(text):
    runs = itertools.groupby(text)
    return "".join(f"{len(list(run))}{letter}" for letter, run in runs)


def _decode(code):
    pairs = re.findall(r"([0-9]+)([^0-9])", code)
    return "".join(int(count) * letter for count, letter in pairs)


def _surviving_dimensions(a, b):
    identity = np.eye(a.shape[1])
    return len(identity) - np.linalg.matrix_rank(b @ a - identity, tol=1e-6)


def _count_words(codes):
    bits = np.round(codes).astype(int)
    return np.array([len({tuple(word) for word in net}) for net in bits])


@check(ours=_encode)
def encode(answer):
    yield _same_text(answer("AAAABBBBB"), "4A5B", "for AAAABBBBB", [
        ("4A", "the last run is missing: it ends with the text, not with a change"),
        ("A4B5", "the count comes before the letter"),
        ("4 A's, 5 B's", "only counts and letters: 4A5B"),
        ("3A4B", "a run begins with one letter, not with none"),
    ], "a count and a letter for each run")  # fmt: skip
    yield _same_text(answer("ABB"), "1A2B", "for ABB", [
        ("A2B", "write the 1, too: 1A2B"),
    ], "a letter alone is a run of one")  # fmt: skip
    yield _same_text(answer("AABAA"), "2A1B2A", "for AABAA", [
        ("4A1B", "count runs, not letters: the order would be lost"),
    ], "a letter may come back in a new run")  # fmt: skip
    yield _same_text(answer("A" * 12), "12A", "for twelve A", [
        ("9A3A", "a count may have two digits: 12A"),
        ("2A", "a count may have two digits: 12A"),
    ], "one run, one count, however long")  # fmt: skip
    yield _same_text(answer(""), "", "for the empty text", [], "no runs, no code")
    for text in _random_texts():
        yield _same_text(answer(text), _encode(text), f"for {_short(text)}", [],
            "run after run, from the first letter to the last")  # fmt: skip


@check(ours=_decode)
def decode(answer):
    yield _same_text(answer("4A5B"), "AAAABBBBB", "for 4A5B", [
        ("AB", "repeat each letter as often as its count says"),
        ("AAAA", "there is a second pair behind the first"),
        ("BBBBBAAAA", "from left to right"),
        ("A" * 4 + "B" * 45, "start each count anew: forget the one before"),
    ], "4A means AAAA")  # fmt: skip
    tens = "a count may have several digits: read on until a letter comes"
    yield _same_text(answer("12A"), "A" * 12, "for 12A", [
        ("AA", tens), ("2", tens), ("AAA", tens), ("", tens), ("1A2A", tens),
    ], tens)  # fmt: skip
    yield _same_text(answer("10A1B10A"), "A" * 10 + "B" + "A" * 10, "for 10A1B10A",
        [], "a 0 is a digit like any other")  # fmt: skip
    yield _same_text(answer(""), "", "for the empty code", [], "no pairs, no text")
    for text in _random_texts():
        code = _encode(text)
        yield _same_text(answer(code), text, f"for {_short(code)}", [],
            "one pair of count and letter after the other")  # fmt: skip


@check(ours=_surviving_dimensions)
def surviving_dimensions(answer):
    half, eye = np.eye(3) / 2, np.eye(3)
    yield equal(answer(half, 4 * half), 3, "z = 0.5 x, x_hat = 2 z: all x survive",
        what="for B A = I", mistakes=[(0, "count what survives, not what is lost"),
        (1, "count the dimensions")])  # fmt: skip
    line = np.array([[0.6, 0.8]])
    yield equal(answer(line, line.T), 1, "all x on one line survive: one dimension",
        what="for one row of length 1", mistakes=[(0, "not all x survive, but "
        "those on a line do"), (2, "two numbers cannot pass through one")])  # fmt: skip
    tied = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    yield equal(answer(tied, tied.T), 1, "solve (B A - I) x = 0",
        what="for W = [1 1 0, 0 0 1]", mistakes=[(2, "the rank of B A counts what is "
        "not lost altogether; does it come back unchanged?"),
        (3, "a trace is no count: B A maps (1, 1, 0) to (2, 2, 0)")])  # fmt: skip
    trade = np.diag([2.0, 0.0, 1.0])
    yield equal(answer(trade, eye), 1, "solve (B A - I) x = 0",
        what="for B A = diag(2, 0, 1)",
        mistakes=[(3, "a trace adds 2 and 0 and 1: only the 1 is a survivor"),
                  (2, "the rank counts the 2, which does not come back unchanged")],
    )  # fmt: skip
    shear = np.array([[1.0, 1.0], [0.0, 1.0]])
    yield equal(answer(np.eye(2), shear), 1, "x = (0, 1) comes back as (1, 1)",
        what="for B A = [1 1, 0 1]", mistakes=[(2, "ones on the diagonal, or an "
        "eigenvalue 1 counted twice: (0, 1) comes back as (1, 1)")])  # fmt: skip
    yield from _random_codes(answer)


def _random_codes(answer):
    rng = np.random.default_rng(0)
    for k, n in [(5, 3), (2, 4), (4, 4), (3, 6)]:
        a = rng.normal(size=(k, n))
        yield equal(answer(a, np.linalg.pinv(a)), min(k, n), "x has n numbers, z has k"
            f"; here n = {n}, k = {k}", what=f"for A of {k}×{n} and B its "
            "pseudoinverse", mistakes=[(k, "dimensions of x, not of z"),
            (0, "rounding errors count as rank: matrix_rank(..., tol=1e-6)")],
        )  # fmt: skip
        yield equal(answer(a, rng.normal(size=(n, k))), 0, "B does not undo A at all",
            what=f"for random A of {k}×{n} and B of {n}×{k}", mistakes=[
            (min(k, n), "the rank of B A is not it: nothing comes back unchanged"),
            (n - k, "x and z have different sizes: B A is n×n")])  # fmt: skip


@check(ours=THREE_PIXELS)
def three_pixels(answer):
    numbers = list(answer() if callable(answer) else answer)
    yield holds(len(numbers) == 5, f"expected five numbers, got {len(numbers)}.",
        "one for each line of the list, a to e")  # fmt: skip
    usual = [
        [(0.5**0.5, "that is the norm; square it"), (1.0, "square each difference"),
         (0.5 / 3, "a sum, not a mean"), (0.25, "no factor ½ here"),
         (0.0, "square each difference before you add")],
        [(0.2**0.5, "that is the norm; square it"), (0.6, "square each difference"),
         (0.2 / 3, "a sum, not a mean"), (0.1, "no factor ½ here"),
         (0.04, "two pixels differ, not one")],
        [(0.7, "divide by N = 2 pictures"), (0.35 / 3, "divide by the pictures only"),
         (0.7 / 3, "divide by the pictures, not by the pixels")],
        [(0.35, "divide by the three pixels, too"), (0.7 / 3, "and by the pictures"),
         (0.5 / 3, "a mean over both pictures")],
        [(0.5, "half of the sum"), (0.25 / 3, "a sum over the pixels, not a mean"),
         (0.175, "of the first picture only"), (0.1, "of the first picture")],
    ]  # fmt: skip
    for letter, got, expected, mistakes in zip(
        "abcde", numbers, THREE_PIXELS, usual, strict=True
    ):
        yield equal(got, expected, "write the three differences down, square, add",
            mistakes=mistakes, what=f"in {letter}", tolerance=2e-3)  # fmt: skip


@check(ours=_count_words)
def count_words(answer):
    corners = np.array(list(itertools.product([0.1, 0.9], repeat=3)))
    twins = corners.copy()
    twins[7] = corners[0] + 0.05
    same = np.full((8, 3), 0.4) + np.linspace(0, 0.05, 8)[:, None]
    codes = np.stack([corners, twins, same])
    got = answer(codes)
    yield holds(np.shape(got) == (3,), f"expected shape (3,) for three networks, got "
        f"{np.shape(got)}.", "one count for each network, not one for all")  # fmt: skip
    yield equal(got, [8, 7, 1], "round, then count the different rows of each network",
        mistakes=[([8, 8, 8], "round first: 0.1 and 0.15 are both 0"),
            ([4, 3, 1], "adding the three bits is not enough: 011 and 101 differ"),
            ([7, 6, 1], "two different words got the same number: weigh the bits "
             "with 1, 2, 4"),
            ([2, 2, 1], "count words, rows of three bits, not bits")])  # fmt: skip
    rng = np.random.default_rng(0)
    for shape in (6, 8, 3), (5, 8, 2), (4, 8, 1):
        codes = rng.uniform(size=shape)
        yield equal(answer(codes), _count_words(codes), "a word has as many bits as "
            "there are hidden units", what=f"for codes of shape {shape}")  # fmt: skip


def _random_texts():
    """Texts with few letters, so that runs are long and short."""
    rng = np.random.default_rng(0)
    for letters in ("A", "AB", "abcXYZ "):
        for length in (1, 2, 5, 20):
            chosen = rng.integers(0, len(letters), length)
            times = rng.choice([1, 2, 11, 130], length)
            yield "".join(
                letters[i] * n for i, n in zip(chosen, times, strict=True)
            )  # fmt: skip


def _same_text(received, expected, what, mistakes, hint):
    if received == expected and isinstance(received, str):
        return None
    if not isinstance(received, str):
        kind = type(received).__name__
        return Mistake(f"expected a string, got {kind} {what}.", "return a string")
    hints = [text for wrong, text in mistakes if received == wrong]
    seen = f"expected {_short(expected)}, got {_short(received)} {what}."
    return Mistake(seen, hints[0] if hints else hint)


def _short(text):
    return repr(text) if len(text) <= 24 else repr(text[:20] + "…")

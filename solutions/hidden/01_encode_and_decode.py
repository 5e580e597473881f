"""Hidden requirements of lesson 01."""

import itertools

import numpy as np

from course_utils.grading.requirements import (
    Missed,
    close,
    holds,
    numbers,
    requirement,
)

SIGNS = "ABCDxyz .,-!"


def runs(rng, lengths):
    """Draws runs of these lengths; neighbours have different letters."""
    letters = [rng.integers(len(SIGNS))]
    for _ in lengths[1:]:
        step = rng.integers(1, len(SIGNS))
        letters.append((letters[-1] + step) % len(SIGNS))
    return [(int(n), SIGNS[i]) for n, i in zip(lengths, letters, strict=True)]


def text_of(pairs):
    return "".join(n * letter for n, letter in pairs)


def code_of(pairs):
    return "".join(f"{n}{letter}" for n, letter in pairs)


def same_text(received, expected, hint, usual=()):
    if not isinstance(received, str):
        return Missed("return a string")
    hints = [text for wrong, text in usual if received == wrong]
    return holds(received == expected, hints[0] if hints else hint)


def encodes(student, rng, lengths, hint):
    pairs = runs(rng, lengths)
    totals = {letter: 0 for _, letter in pairs}
    for n, letter in pairs:
        totals[letter] += n
    usual = [
        (code_of(pairs[:-1]), "the last run is missing"),
        ("".join(f"{letter}{n}" for n, letter in pairs), "the count comes first"),
        (
            code_of((n, letter) for letter, n in totals.items()),
            "count runs, not letters",
        ),
        (code_of(pairs).replace("1", ""), "write the 1, too"),
    ]
    got = student("encode", text_of(pairs))
    return same_text(got, code_of(pairs), hint, usual)


@requirement("encode", "writes the length and the letter of each run")
def encodes_runs(student, rng):
    hint = "a count and a letter for each run, and nothing else"
    return encodes(student, rng, rng.integers(2, 10, 8), hint)


@requirement("encode", "writes the 1 of a letter that stands alone")
def encodes_single_letters(student, rng):
    hint = "a letter alone is a run of one"
    return encodes(student, rng, [1, 3, 1, 1, 2, 1], hint)


@requirement("encode", "writes counts of several digits")
def encodes_long_runs(student, rng):
    hint = "one run, one count, however long it is"
    return encodes(student, rng, rng.integers(10, 250, 5), hint)


@requirement("encode", "comes back to a letter in a new run, and takes any text")
def encodes_any_text(student, rng):
    one, other = rng.choice(list("abQR?"), 2, replace=False)
    pairs = [(2, str(one)), (3, str(other)), (2, str(one))]
    got = student("encode", text_of(pairs))
    return same_text(student("encode", ""), "", "no runs, no code") or same_text(
        got, code_of(pairs), "count runs, not letters, and keep the letters as they are"
    )


def decodes(student, pairs, hint):
    usual = [
        (text_of(pairs[:1]), "there is more than one pair"),
        ("".join(letter for _, letter in pairs), "repeat each letter"),
    ]
    return same_text(student("decode", code_of(pairs)), text_of(pairs), hint, usual)


@requirement("decode", "repeats each letter as its count says")
def decodes_pairs(student, rng):
    hint = "4A means AAAA, and each count starts anew"
    return decodes(student, runs(rng, rng.integers(2, 10, 6)), hint)


@requirement("decode", "reads counts of several digits", weight=2)
def decodes_long_counts(student, rng):
    hint = "a count may have several digits: read on until a letter comes"
    lengths = np.concatenate([rng.integers(11, 20, 2), rng.integers(111, 200, 2)])
    return decodes(student, runs(rng, rng.permutation(lengths)), hint)


@requirement("decode", "reads a 0 inside a count, and the empty code")
def decodes_zeros(student, rng):
    hint = "a 0 is a digit like any other"
    pairs = runs(rng, rng.permutation([10, 100, 20, 105]))
    empty = same_text(student("decode", ""), "", "no pairs, no text")
    return empty or decodes(student, pairs, hint)


def orthonormal(rng, n):
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


def undone(student, rng, values, ones_above=0):
    """Asks about an encoder of full rank, and a decoder that leaves `values` of it."""
    n = len(values)
    a = rng.normal(size=(n + int(rng.integers(1, 4)), n))
    kept = np.diag(values) + 0.0
    for i in range(ones_above):
        kept[2 * i, 2 * i + 1] = 1
    turn = orthonormal(rng, n)
    return student("surviving_dimensions", a, turn @ kept @ turn.T @ np.linalg.pinv(a))


@requirement("surviving_dimensions", "counts what a pseudoinverse brings back")
def survivors_of_the_pseudoinverse(student, rng):
    n = int(rng.integers(3, 6))
    for k in n + 2, n - 1:
        a = rng.normal(size=(k, n))
        got = student("surviving_dimensions", a, np.linalg.pinv(a))
        usual = [
            (0, "rounding errors count as rank: matrix_rank(..., tol=1e-6)"),
            (k, "dimensions of x, not of z"),
            (n - min(k, n), "count what survives, not what is lost"),
        ]
        missed = close(got, min(k, n), "solve (B A - I) x = 0", usual=usual)
        if missed:
            return missed
    return None


@requirement("surviving_dimensions", "is zero where the decoder undoes nothing")
def survivors_of_chance(student, rng):
    k, n = rng.integers(2, 6, 2)
    a, b = rng.normal(size=(k, n)), rng.normal(size=(n, k))
    usual = [(min(k, n), "the rank of B A is not it: nothing comes back unchanged")]
    hint = "a B drawn at random brings nothing back"
    return close(student("surviving_dimensions", a, b), 0, hint, usual=usual)


@requirement("surviving_dimensions", "leaves out what comes back longer or shorter")
def survivors_unchanged_only(student, rng):
    ones = int(rng.integers(2, 4))
    values = [1.0] * ones + list(rng.choice([0.5, 2.0, 3.0], 2))
    usual = [
        (ones + 2, "the rank of B A counts what does not come back unchanged, too"),
        (sum(values), "a trace is no count"),
        (0, "not all x survive, but some do"),
    ]
    hint = "solve (B A - I) x = 0"
    return close(undone(student, rng, values), ones, hint, usual=usual)


@requirement("surviving_dimensions", "sees through a shear")
def survivors_of_a_shear(student, rng):
    n = int(rng.integers(3, 6))
    hint = "an eigenvalue 1 may be counted twice: count the x that come back unchanged"
    return close(undone(student, rng, np.ones(n), ones_above=1), n - 1, hint)


def one_of_three_pixels(student, place, expected, usual):
    got = numbers(student("probe_value", "three_pixels"), (5,), "five numbers, a to e")
    hint = "write the three differences down, square, add"
    return close(got[place], expected, hint, usual=usual, tolerance=2e-3)


@requirement("three_pixels", "has the squared distances of both pictures (a, b)")
def three_pixels_a_b(student, rng):
    usual = [(0.5**0.5, "that is the norm; square it"), (1.0, "square each difference")]
    usual += [(0.5 / 3, "a sum, not a mean"), (0.25, "no factor ½ here")]
    other = [(0.2**0.5, "that is the norm; square it"), (0.6, "square each difference")]
    other += [(0.2 / 3, "a sum, not a mean"), (0.1, "no factor ½ here")]
    a = one_of_three_pixels(student, 0, 0.5, usual)
    return a or one_of_three_pixels(student, 1, 0.2, other)


@requirement("three_pixels", "has the lecture's mean squared error (c)")
def three_pixels_c(student, rng):
    usual = [(0.7, "divide by N = 2 pictures"), (0.35 / 3, "by the pictures only")]
    return one_of_three_pixels(student, 2, 0.35, usual)


@requirement("three_pixels", "has Keras's mean squared error (d)")
def three_pixels_d(student, rng):
    usual = [
        (0.35, "divide by the three pixels, too"),
        (0.7 / 3, "and by the pictures"),
    ]
    return one_of_three_pixels(student, 3, 0.35 / 3, usual)


@requirement("three_pixels", "has this course's nats (e)")
def three_pixels_e(student, rng):
    usual = [(0.5, "half of the sum"), (0.25 / 3, "a sum over the pixels, not a mean")]
    return one_of_three_pixels(student, 4, 0.25, usual)


def networks(rng, nets, bits):
    """Draws codes of 2**bits inputs, and counts the words of each network."""
    corners = np.array(list(itertools.product([0, 1], repeat=bits)))
    chosen = [corners] + [
        corners[rng.integers(0, len(corners), len(corners))] for _ in range(nets - 1)
    ]
    words = np.stack([rng.permutation(net) for net in chosen])
    codes = np.where(words, 1, 0) + np.where(words, -1, 1) * rng.uniform(
        0.02, 0.45, words.shape
    )
    return codes, [len({tuple(word) for word in net}) for net in words.tolist()]


def count_words(student, rng, nets, bits, hint):
    codes, expected = networks(rng, nets, bits)
    usual = [
        ([2**bits] * nets, "round first: codes on the same side are the same word"),
        ([2] * nets, "count words, rows of bits, not bits"),
    ]
    return close(student("count_words", codes), expected, hint, usual=usual)


@requirement("count_words", "gives one count for each network")
def words_of_each_network(student, rng):
    nets = int(rng.integers(3, 7))
    codes, _ = networks(rng, nets, 3)
    hint = "one count for each network, not one for all"
    numbers(student("count_words", codes), (nets,), hint)


@requirement("count_words", "counts the different words of three bits", weight=2)
def words_of_three_bits(student, rng):
    hint = "two different words, such as 011 and 101 or 110 and 001, count as two"
    return count_words(student, rng, 6, 3, hint)


@requirement("count_words", "counts words of any length")
def words_of_other_lengths(student, rng):
    hint = "a word has as many bits as there are hidden units"
    return count_words(student, rng, 5, 4, hint) or count_words(
        student, rng, 4, 2, hint
    )

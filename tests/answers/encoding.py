"""Answers to the exercises of lesson 01."""

import collections
import re

import numpy as np

from tests.answers import Answers


def encode_by_hand(text):
    code, i = "", 0
    while i < len(text):
        j = i
        while j < len(text) and text[j] == text[i]:
            j += 1
        code += str(j - i) + text[i]
        i = j
    return code


def encode_by_regex(text):
    runs = re.finditer(r"(.)\1*", text, re.DOTALL)
    return "".join(f"{len(run[0])}{run[1]}" for run in runs)


def encode_without_the_end(text):
    code, count = "", 0
    for i, letter in enumerate(text):
        if i and letter != text[i - 1]:
            code, count = code + f"{count}{text[i - 1]}", 0
        count += 1
    return code


def encode_letters(text):
    counts = collections.Counter(text)
    return "".join(f"{n}{letter}" for letter, n in counts.items())


def encode_nine_at_most(text):
    runs = re.finditer(r"(.)\1{,8}", text)
    return "".join(f"{len(run[0])}{run[1]}" for run in runs)


def encode_not_empty(text):
    return encode_by_regex(text) if text else "0" + text[0]


def swapped(text):
    return re.sub(r"(\d+)(\D)", r"\2\1", encode_by_hand(text))


def decode_by_hand(code):
    text, count = "", ""
    for sign in code:
        if sign in "0123456789":
            count += sign
        else:
            text, count = text + sign * int(count), ""
    return text


def decode_by_substitution(code):
    return re.sub(r"(\d+)(\D)", lambda pair: int(pair[1]) * pair[2], code)


def decode_pairs(code):
    return "".join(int(n) * c for n, c in zip(code[::2], code[1::2], strict=False))


def decode_one_digit(code):
    return "".join(int(n) * c for n, c in re.findall(r"(\d)(\D)", code))


def decode_and_remember(code):
    text, count = "", ""
    for sign in code:
        if sign.isdigit():
            count += sign
        else:
            text += sign * int(count)
    return text


def decode_without_count(code):
    return re.sub(r"\d", "", code)


def decode_nonzero_digits(code):
    pairs = re.findall(r"([1-9]+)(\D)", code)
    return "".join(int(n) * c for n, c in pairs)


def survivors_by_singular_values(a, b):
    lost = np.linalg.svd(b @ a - np.eye(len(b)), compute_uv=False)
    return int(np.sum(lost < 1e-8))


def survivors_among_codes(a, b):
    """z survives A B as often as x survives B A."""
    return len(a) - np.linalg.matrix_rank(a @ b - np.eye(len(a)), tol=1e-6)


def survivors_and_rounding_errors(a, b):
    return len(b) - np.linalg.matrix_rank(b @ a - np.eye(len(b)))


def survivors_by_rank(a, b):
    return np.linalg.matrix_rank(b @ a)


def survivors_all_or_none(a, b):
    return a.shape[1] if np.allclose(b @ a, np.eye(a.shape[1])) else 0


def survivors_by_eigenvalues(a, b):
    return np.sum(np.isclose(np.linalg.eigvals(b @ a), 1))


def survivors_on_the_diagonal(a, b):
    return np.sum(np.isclose(np.diag(b @ a), 1))


def words_by_number(codes):
    numbers = (codes > 0.5) @ 2 ** np.arange(codes.shape[-1])
    return [len(set(net)) for net in numbers.tolist()]


def words_by_unique(codes):
    return np.array([len(np.unique(net.round(), axis=0)) for net in codes])


def words_by_sum(codes):
    return [len(set(net)) for net in codes.round().sum(-1).tolist()]


def words_not_rounded(codes):
    return [len(np.unique(net, axis=0)) for net in codes]


def words_by_wrong_weights(codes):
    numbers = codes.round() @ np.arange(1, codes.shape[-1] + 1)
    return [len(set(net)) for net in numbers.tolist()]


ANSWERS = {
    "encode": Answers(
        right=[encode_by_hand, encode_by_regex],
        wrong=[
            (encode_without_the_end, "the last run is missing"),
            (lambda text: encode_by_hand(text).replace("1", ""), "write the 1, too"),
            (encode_letters, "count runs, not letters"),
            (encode_nine_at_most, "two digits"),
            (swapped, "before the letter"),
            (lambda text: list(encode_by_hand(text)), "return a string"),
            (encode_not_empty, "it stopped with IndexError"),
            (lambda text: encode_by_hand(text).upper(), "run after run"),
        ],
    ),
    "decode": Answers(
        right=[decode_by_hand, decode_by_substitution],
        wrong=[
            (decode_one_digit, "several digits"),
            (decode_pairs, "several digits"),
            (decode_and_remember, "start each count anew"),
            (decode_nonzero_digits, "a 0 is a digit"),
            (decode_without_count, "repeat each letter"),
            (lambda code: decode_by_hand(code[:2]), "a second pair"),
            (lambda code: decode_by_hand(code).encode(), "return a string"),
        ],
    ),
    "surviving_dimensions": Answers(
        right=[survivors_by_singular_values, survivors_among_codes],
        wrong=[
            (survivors_by_rank, "rank of B A counts"),
            (survivors_all_or_none, "those on a line"),
            (survivors_and_rounding_errors, "rounding errors"),
            (lambda a, b: np.trace(b @ a), "a trace is no count"),
            (lambda a, b: min(a.shape), "the rank of B A"),
            (lambda a, b: np.linalg.matrix_rank(b @ a - np.eye(len(b))), "not what is"),
            (survivors_by_eigenvalues, "eigenvalue 1 counted twice"),
            (survivors_on_the_diagonal, "those on a line"),
            (lambda a, b: np.allclose(b @ a, np.eye(len(b))), "count the dimensions"),
        ],
    ),
    "three_pixels": Answers(
        right=[[0.5, 0.2, 0.35, 0.1167, 0.25],
               np.array((0.5, 0.2, 0.35, 7 / 60, 0.25))],
        wrong=[
            ((1.0, 0.6, 0.8, 0.8 / 3, 0.5), "square each difference"),
            ((0.5 / 3, 0.2 / 3, 0.35 / 3, 0.35 / 9, 0.25 / 3), "a sum, not a mean"),
            ((0.5**0.5, 0.2**0.5, 0.35, 0.1167, 0.25), "that is the norm"),
            ((0.5, 0.2, 0.7, 0.35, 0.25), "divide by N = 2"),
            ((0.5, 0.2, 0.35, 0.35, 0.25), "three pixels, too"),
            ((0.5, 0.2, 0.35, 0.35 / 3, 0.5), "half of the sum"),
            ((0.5, 0.2), "expected five numbers"),
        ],
    ),
    "count_words": Answers(
        right=[words_by_number, words_by_unique],
        wrong=[
            (words_not_rounded, "round first"),
            (words_by_sum, "011 and 101 differ"),
            (words_by_wrong_weights, "1, 2, 4"),
            (lambda codes: len(np.unique(codes.round())), "one count for each network"),
            (lambda codes: [len(np.unique(net.round())) for net in codes],
             "rows of three bits"),
        ],
    ),
}  # fmt: skip

"""Answers to the exercises of lesson 14."""

import numpy as np

from course_utils.data import draw_character, load_characters
from tests.answers import Answers


def true_swap(pictures):
    """A cheat that knows the truth: what a perfect swap would return."""
    held_out = load_characters(n=1, seed=140, n_test=150)
    return held_out.test_b[: len(pictures)]


def nearly_true_swap(pictures):
    return np.clip(true_swap(pictures) + 0.02, 0, 1)


def nearest_by_loop(x, gallery):
    best = [np.argmin([np.sum((one - other) ** 2) for other in gallery]) for one in x]
    return np.array(best)


def nearest_by_norm(x, gallery):
    rows = gallery.reshape(len(gallery), -1)
    return [np.linalg.norm(rows - one.ravel(), axis=1).argmin() for one in x]


def nearest_by_product(x, gallery):
    norms = np.sum(gallery.astype("float64") ** 2, axis=(1, 2, 3))
    return np.argmax(2 * np.einsum("ihwc,jhwc->ij", x, gallery) - norms, axis=1)


def nearest_by_slices(x, gallery):
    parts = [x[i : i + 4, None] - gallery for i in range(0, len(x), 4)]
    return np.concatenate([np.sum(d**2, axis=(2, 3, 4)).argmin(1) for d in parts])


def nearest_of_all_at_once(x, gallery):
    differences = x[:, None] - gallery[None]
    return np.linalg.norm(
        differences.reshape(*differences.shape[:2], -1), axis=2
    ).argmin(1)


def both_by_steps(a, b, encoder, decoder_a, decoder_b):
    z_a, z_b = encoder(a), encoder(b)
    return [decoder_a(z_a), decoder_b(z_b)]


def swap_by_steps(a, b, encoder, decoder_a, decoder_b):
    codes = {"a": encoder(a), "b": encoder(b)}
    return decoder_b(codes["a"]), decoder_a(codes["b"])


def first_dip(swapped):
    for epoch in range(len(swapped) - 1):
        if swapped[epoch + 1] < swapped[epoch]:
            return epoch
    return len(swapped) - 1


ANSWERS = {
    "reconstruct_both": Answers(
        right=[lambda a, b, e, da, db: (da(e(a)), db(e(b))), both_by_steps],
        wrong=[
            (lambda a, b, e, da, db: (db(e(a)), da(e(b))), "no swap yet"),
            (lambda a, b, e, da, db: (da(e(a)), da(e(b))), "decoder B draws B"),
            (lambda a, b, e, da, db: (da(e(a)), db(b)), "the encoder sees both"),
            (lambda a, b, e, da, db: (e(a), e(b)), "a decoder is missing"),
            (lambda a, b, e, da, db: (db(e(b)), da(e(a))), "first A, then B"),
            (lambda a, b, e, da, db: da(e(a)), "expected two results"),
        ],
    ),
    "swap_faces": Answers(
        right=[lambda a, b, e, da, db: (db(e(a)), da(e(b))), swap_by_steps],
        wrong=[
            (lambda a, b, e, da, db: (da(e(a)), db(e(b))), "that is A again"),
            (lambda a, b, e, da, db: (db(e(a)), db(e(b))), "that is B again"),
            (lambda a, b, e, da, db: (da(e(b)), db(e(a))), "then the other way round"),
            (lambda a, b, e, da, db: (db(a), da(b)), "the encoder comes first"),
            (lambda a, b, e, da, db: (db(e(da(e(a)))), da(e(b))), "encode twice"),
            (lambda a, b, e, da, db: db(e(a)), "expected two results"),
        ],
    ),
    "nearest_picture": Answers(
        right=[nearest_by_loop, nearest_by_norm, nearest_by_product],
        wrong=[
            (nearest_of_all_at_once, "mind the memory"),
            (nearest_by_slices, "mind the memory"),
            (
                lambda x, g: ((x[:, None] - g) ** 2).sum((2, 3, 4)).argmin(1),
                "mind the memory",
            ),
            (lambda x, g: ((x[:, None] - g) ** 2).sum((2, 3, 4)).argmax(1), "largest"),
            (lambda x, g: ((x[:, None] - g) ** 2).sum((2, 3, 4)).min(1), "distance"),
            (lambda x, g: np.abs((x[:, None] - g).sum((2, 3, 4))).argmin(1), "square"),
            (lambda x, g: ((x[:, None] - g) ** 2).sum((2, 3, 4)).argmin(0), "of x"),
            (lambda x, g: g[nearest_by_loop(x, g)], "numbers of the pictures"),
        ],
    ),
    "stop_at": Answers(
        right=[np.argmax, lambda s: max(range(len(s)), key=lambda i: s[i])],
        wrong=[
            (lambda s: len(s) - 1, "last epoch is not the best"),
            (np.argmin, "the larger the better"),
            (max, "not its score"),
            (lambda s: int(np.argmax(s)) + 1, "count epochs from 0"),
            (first_dip, "a small dip"),
        ],
    ),
    "better_swap": Answers(
        right=[true_swap, nearly_true_swap],
        wrong=[
            (lambda x: x, "these are pictures of A"),
            (lambda x: x[:1], "one picture of B for every picture"),
            (lambda x: 1.2 * true_swap(x), "between 0 and 1"),
            (lambda x: np.repeat(draw_character("b", {}, 48), len(x), 0), "are wanted"),
        ],
    ),
}

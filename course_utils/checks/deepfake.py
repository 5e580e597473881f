"""Checks of lesson 14."""

import tracemalloc

import numpy as np

from course_utils.checks.engine import Mistake, check, equal, holds
from course_utils.data import load_characters
from course_utils.metrics import psnr, ssim

# The assignment's bars, on held-out pairs that the lesson does not show.
BETTER_PSNR, BETTER_SSIM = 28.2, 0.945


def _reconstruct_both(a, b, encoder, decoder_a, decoder_b):
    return decoder_a(encoder(a)), decoder_b(encoder(b))


def _swap_faces(a, b, encoder, decoder_a, decoder_b):
    return decoder_b(encoder(a)), decoder_a(encoder(b))


def _nearest_picture(x, gallery):
    rows, others = x.reshape(len(x), -1), gallery.reshape(len(gallery), -1)
    squares = (rows**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)
    return np.argmin(squares - 2 * rows @ others.T, axis=1)


def _stop_at(swapped):
    return int(np.argmax(swapped))


def _toys():
    """An encoder and two decoders of numbers, all told apart by what they do."""
    return (lambda x: 2 * x), (lambda z: z + 1), (lambda z: z + 10)


def _pair(answer, expected, mistakes, hint):
    """Checks a function of (a, b, encoder, decoder_a, decoder_b), on toys."""
    a, b = np.array([[1.0, 2.0]]), np.array([[3.0, 5.0], [7.0, 9.0]])
    got = answer(a, b, *_toys())
    if not isinstance(got, tuple | list) or len(got) != 2:
        seen = f"expected two results, got {type(got).__name__}."
        yield Mistake(seen, "return both pictures, divided by a comma")
        return
    for name, received, right, wrong in zip(
        ("first", "second"), got, expected, mistakes, strict=True
    ):
        where = f"in the {name} result, with toy models"
        yield equal(received, right, hint, mistakes=wrong, what=where)


@check(ours=_reconstruct_both)
def reconstruct_both(answer):
    expected = [[3.0, 5.0]], [[16.0, 20.0], [24.0, 28.0]]
    other = "in training, each decoder draws its own face: no swap yet"
    mistakes = (
        [([[12.0, 14.0]], other), ([[2.0, 4.0]], "a decoder is missing: that is z"),
         ([[2.0, 3.0]], "a decoder takes a code: the encoder comes first"),
         (expected[1], "first A, then B")],
        [([[7.0, 11.0], [15.0, 19.0]], "decoder B draws B, decoder A never sees it"),
         ([[13.0, 15.0], [17.0, 19.0]], "the encoder sees both faces, B too"),
         ([[6.0, 10.0], [14.0, 18.0]], "a decoder is missing: that is z"),
         ([[12.0, 14.0]], "the second result is B's own face")],
    )  # fmt: skip
    yield from _pair(answer, expected, mistakes, "x̂ = decoder(encoder(x)), for each")


@check(ours=_swap_faces)
def swap_faces(answer):
    expected = [[12.0, 14.0]], [[7.0, 11.0], [15.0, 19.0]]
    order = "first the pose of A with the face of B, then the other way round"
    mistakes = (
        [([[3.0, 5.0]], "that is A again: the face comes from the decoder"),
         ([[2.0, 4.0]], "a decoder is missing: that is z"),
         ([[11.0, 12.0]], "a decoder takes a code: the encoder comes first"),
         ([[16.0, 20.0]], "do not encode twice: the code goes straight to decoder B"),
         (expected[1], order), ([[16.0, 20.0], [24.0, 28.0]], order)],
        [([[16.0, 20.0], [24.0, 28.0]], "that is B again: use decoder A"),
         ([[6.0, 10.0], [14.0, 18.0]], "a decoder is missing: that is z")],
    )  # fmt: skip
    hint = "the pose comes from the encoded picture, the face from the decoder"
    yield from _pair(answer, expected, mistakes, hint)


@check(ours=_nearest_picture)
def nearest_picture(answer):
    gallery = np.zeros((3, 2, 2, 3), "float32")
    gallery[1], gallery[2, 0] = 0.4, 1.0
    x = np.stack([gallery[2] * 0.9, gallery[0] + 0.1, gallery[1] + 0.05, gallery[2]])
    expected = [2, 0, 1, 2]
    distance = ((x[:, None] - gallery) ** 2).sum(axis=(2, 3, 4))
    signed = np.abs((x[:, None] - gallery).sum(axis=(2, 3, 4)))
    mistakes = [
        (distance.argmax(axis=1), "the smallest distance, not the largest"),
        (signed.argmin(axis=1), "square the differences before you add them up"),
        (distance.min(axis=1), "the number of the picture, not its distance"),
        (distance.argmin(axis=0), "one number for every picture of x, not of gallery"),
        (gallery[expected], "return the numbers of the pictures, not the pictures"),
    ]
    hint = "for each picture of x: sum (x - gallery)**2 over pixels and colours, "
    hint += "take the smallest"
    yield equal(answer(x, gallery), expected, hint, mistakes=mistakes)
    rng = np.random.default_rng(0)
    gallery = rng.random((400, 16, 16, 3), dtype="float32")
    order = rng.permutation(400)[:40]
    numbers, held = _memory_of(answer, gallery[order], gallery)
    yield equal(numbers, order, "a picture is next to itself")
    all_at_once = len(order) * gallery.nbytes
    yield holds(
        held < all_at_once / 3,
        f"it held {held / 1e6:.0f} MB for 40 small pictures against 400; in the next "
        "cell, all differences at once take 25 GB.",
        "mind the memory: for each picture of x in turn, or ‖x‖² - 2x·g + ‖g‖²",
    )


def _memory_of(function, *arguments):
    """Returns what a function returns, and how many bytes NumPy held at most."""
    traced = tracemalloc.is_tracing()
    if not traced:
        tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        result = function(*arguments)
        return result, tracemalloc.get_traced_memory()[1] - before
    finally:
        if not traced:
            tracemalloc.stop()


@check(ours=_stop_at)
def stop_at(answer):
    swapped = [18.0, 21.5, 23.0, 24.5, 24.1, 23.8]
    mistakes = [
        (5, "the last epoch is not the best one"),
        (0, "decibels: the larger the better"),
        (24.5, "the epoch, not its score"),
        (4, "count epochs from 0, as Python does"),
    ]
    yield equal(answer(swapped), 3, "the epoch with the best swap", mistakes=mistakes)
    yield equal(
        answer([20.0, 22.0, 21.9, 22.6, 22.5]),
        3,
        "look at all epochs",
        mistakes=[(1, "a small dip is not the end: look at all epochs")],
    )
    yield equal(answer(np.array([19.0, 20.0, 21.0])), 2, "the last may be the best")


@check()
def better_swap(answer):
    held_out = load_characters(n=1, seed=140, n_test=150)
    made = np.asarray(answer(held_out.test_a), "float32")
    expected = held_out.test_b.shape
    yield holds(
        made.shape == expected,
        f"expected shape {expected}, got {made.shape}.",
        "one picture of B for every picture of A",
    )
    yield holds(
        made.min() >= 0 and made.max() <= 1,
        f"colours from {made.min():.2f} to {made.max():.2f}.",
        "keep them between 0 and 1",
    )
    decibels = np.mean(psnr(held_out.test_b, made))
    as_a = np.mean(psnr(held_out.test_a, made))
    yield holds(
        decibels > as_a, "these are pictures of A.", "decode with the decoder of B"
    )
    yield holds(
        decibels >= BETTER_PSNR,
        f"{decibels:.2f} dB on 150 held-out pairs; {BETTER_PSNR} dB are wanted.",
        "train longer, with mirrored pictures too, or average several swaps",
    )
    alike = np.mean(ssim(held_out.test_b, made))
    yield holds(
        alike >= BETTER_SSIM,
        f"SSIM {alike:.3f} on 150 held-out pairs; {BETTER_SSIM} are wanted.",
        "too soft: train longer; averaging a few swaps is fine, averaging many "
        "pictures of B is not",
    )

"""Hidden requirements of lesson 14."""

import numpy as np
from scipy.spatial.distance import cdist

from course_utils import metrics
from course_utils.data import draw_character
from course_utils.data.characters import random_factors
from course_utils.grading.requirements import (
    close,
    holds,
    numbers,
    pair,
    requirement,
)

# The lesson's bars, on twice as many pairs: the lesson's own swap stays below them.
BETTER_PSNR, BETTER_SSIM, PAIRS = 28.2, 0.945, 300

INSIDE = '''
def probe_with_toys(name, a, b, scale, shift_a, shift_b):
    """Calls with an encoder and two decoders of numbers, told apart by what they do."""
    return globals()[name](
        a, b, lambda x: scale * x, lambda z: z + shift_a, lambda z: z + shift_b
    )
'''


class Toys:
    """Draws toys, and says what each way of wiring them gives."""

    def __init__(self, rng):
        self.a, self.b = rng.normal(size=(4, 3)), rng.normal(size=(6, 3))
        self.scale, self.shift_a, self.shift_b = (
            float(rng.uniform(*bounds)) for bounds in ((2, 3), (5, 6), (10, 12))
        )

    def ask(self, student, name):
        given = self.a, self.b, self.scale, self.shift_a, self.shift_b
        hint = "return both pictures, divided by a comma"
        return pair(student("probe_with_toys", name, *given), hint)

    def by_a(self, x):
        return self.scale * x + self.shift_a

    def by_b(self, x):
        return self.scale * x + self.shift_b

    def usual(self, x, own_shift):
        return [
            (self.scale * x, "a decoder is missing: that is z"),
            (x + own_shift, "a decoder takes a code: the encoder comes first"),
        ]


@requirement("reconstruct_both", "copies A with decoder A")
def copy_of_a(student, rng):
    toys = Toys(rng)
    usual = toys.usual(toys.a, toys.shift_a)
    usual += [(toys.by_b(toys.a), "each decoder draws its own face: no swap yet")]
    usual += [(toys.by_b(toys.b), "first A, then B")]
    got = toys.ask(student, "reconstruct_both")[0]
    return close(
        got, toys.by_a(toys.a), "x̂ = decoder(encoder(x)), for each", usual=usual
    )


@requirement("reconstruct_both", "copies B with decoder B")
def copy_of_b(student, rng):
    toys = Toys(rng)
    usual = toys.usual(toys.b, toys.shift_b)
    usual += [(toys.by_a(toys.b), "decoder B draws B, decoder A never sees it")]
    usual += [(toys.by_a(toys.a), "the second result is B's own face")]
    got = toys.ask(student, "reconstruct_both")[1]
    return close(
        got, toys.by_b(toys.b), "x̂ = decoder(encoder(x)), for each", usual=usual
    )


SWAP = "the pose comes from the encoded picture, the face from the decoder"


@requirement("swap_faces", "gives A the face of B")
def swap_of_a(student, rng):
    toys = Toys(rng)
    usual = toys.usual(toys.a, toys.shift_b)
    usual += [(toys.by_a(toys.a), "that is A again: the face comes from the decoder")]
    usual += [(toys.by_a(toys.b), "first the pose of A with the face of B")]
    got = toys.ask(student, "swap_faces")[0]
    return close(got, toys.by_b(toys.a), SWAP, usual=usual)


@requirement("swap_faces", "gives B the face of A")
def swap_of_b(student, rng):
    toys = Toys(rng)
    usual = toys.usual(toys.b, toys.shift_a)
    usual += [(toys.by_b(toys.b), "that is B again: use decoder A")]
    got = toys.ask(student, "swap_faces")[1]
    return close(got, toys.by_a(toys.b), SWAP, usual=usual)


def gallery_of(rng):
    gallery = rng.uniform(size=(30, 6, 5, 3)).astype("float32")
    x = rng.uniform(size=(12, 6, 5, 3)).astype("float32")
    rows, others = x.reshape(12, -1), gallery.reshape(30, -1)
    return x, gallery, cdist(rows, others, "sqeuclidean")


@requirement("nearest_picture", "gives one number for each picture")
def one_number_each(student, rng):
    x, gallery, _ = gallery_of(rng)
    hint = "one number for every picture of x, from 0 to m - 1: not its distance"
    got = numbers(student("nearest_picture", x, gallery), (len(x),), hint)
    whole = (got == np.round(got)).all() and got.min() >= 0 and got.max() < 30
    return holds(whole, hint)


@requirement("nearest_picture", "finds the smallest squared distance", weight=2)
def smallest_distance(student, rng):
    x, gallery, distance = gallery_of(rng)
    signed = np.abs((x[:, None] - gallery).sum(axis=(2, 3, 4)))
    usual = [
        (distance.argmax(axis=1), "the smallest distance, not the largest"),
        (signed.argmin(axis=1), "square the differences before you add them up"),
    ]
    hint = "sum (x - gallery)**2 over pixels and colours, take the smallest"
    got = student("nearest_picture", x, gallery)
    return close(got, distance.argmin(axis=1), hint, usual=usual)


@requirement("nearest_picture", "finds a picture itself, even in noise")
def picture_finds_itself(student, rng):
    _, gallery, _ = gallery_of(rng)
    order = rng.permutation(30)[:9]
    x = gallery[order] + 0.01 * rng.normal(size=(9, 6, 5, 3)).astype("float32")
    got = student("nearest_picture", x, gallery)
    return close(got, order, "a picture is next to itself")


def stops(student, swapped, best, hint):
    usual = [
        (len(swapped) - 1, "the last epoch is not always the best one"),
        (int(np.argmin(swapped)), "decibels: the larger the better"),
        (max(swapped), "the epoch, not its score"),
        (best + 1, "count epochs from 0, as Python does"),
    ]
    return close(student("stop_at", swapped), best, hint, usual=usual)


@requirement("stop_at", "stops at the best swap, which is not the last")
def stop_before_the_end(student, rng):
    rising = np.sort(rng.uniform(15, 24, int(rng.integers(4, 9))))
    swapped = [*rising.tolist(), *rng.uniform(13, 14, 3).tolist()]
    return stops(student, swapped, len(rising) - 1, "the epoch with the best swap")


@requirement("stop_at", "looks beyond a small dip")
def stop_after_a_dip(student, rng):
    swapped = (20 + rng.uniform(size=5)).tolist()
    swapped[1] = swapped[0] + 1
    swapped[2] = swapped[1] - 0.1
    swapped.insert(4, 23.0)
    return stops(student, swapped, 4, "a small dip is not the end: look at all epochs")


@requirement("stop_at", "takes the last epoch where it is the best")
def stop_at_the_end(student, rng):
    swapped = np.sort(rng.uniform(15, 24, 7)).tolist()
    return close(student("stop_at", swapped), 6, "the last epoch may be the best")


def held_out(rng, n):
    """Draws both characters in poses that nobody has seen."""
    poses = random_factors(n, int(rng.integers(2**63)))
    return draw_character("a", poses, 48), draw_character("b", poses, 48)


def swapped(student, rng, n):
    a, b = held_out(rng, n)
    got = student("better_swap", a, seconds=180)
    hint = "one picture of B for every picture of A, of the same shape"
    return a, b, numbers(got, b.shape, hint).astype("float32")


@requirement("better_swap", "draws B, with colours in [0, 1]")
def swap_is_b(student, rng):
    a, b, made = swapped(student, rng, 40)
    nearer = metrics.psnr(b, made).mean() > metrics.psnr(a, made).mean() + 3
    return holds(
        made.min() >= 0 and made.max() <= 1, "keep colours in [0, 1]"
    ) or holds(nearer, "these are not pictures of B: decode with the decoder of B")


@requirement("better_swap", "takes the pose from A, one picture at a time")
def swap_has_the_pose(student, rng):
    a, b, made = swapped(student, rng, 40)
    order = rng.permutation(40)
    alone = student("better_swap", a[order[:5]], seconds=180)
    other = metrics.psnr(b, made[order[::-1]][np.argsort(order)]).mean()
    hint = "a picture must not depend on the others, nor on their order"
    return close(alone, made[order[:5]], hint, tolerance=0.02) or holds(
        metrics.psnr(b, made).mean() > other + 3,
        "the pose comes from the picture of A: a mean of B has none",
    )


@requirement("better_swap", "reaches the decibels on unseen poses", weight=2)
def swap_in_decibels(student, rng):
    _, b, made = swapped(student, rng, PAIRS)
    hint = "train longer, with mirrored pictures too, or average several swaps"
    return holds(metrics.psnr(b, made).mean() >= BETTER_PSNR, hint)


@requirement("better_swap", "reaches the likeness (SSIM) on unseen poses", weight=2)
def swap_in_likeness(student, rng):
    _, b, made = swapped(student, rng, PAIRS)
    hint = "the picture is too soft: averages of many pictures blur the edges"
    return holds(metrics.ssim(b, made).mean() >= BETTER_SSIM, hint)

"""Hidden requirements of lesson 06."""

import numpy as np

from course_utils import metrics
from course_utils.grading.held_out import digits
from course_utils.grading.requirements import (
    close,
    holds,
    numbers,
    pair,
    parts,
    requirement,
)

# Decibels inside the bar above a straight line from one side of it to the other.
GAIN_INSIDE, OUTSIDE = 1.0, 30.0

INSIDE = '''
def probe_add_noise(x, level, seed):
    """Returns the noisy pictures, and what is left of those that were given."""
    import numpy as np

    return [add_noise(x, level, np.random.default_rng(seed)), x]


def probe_training_pairs(x, scale, shift):
    """Hands over a function that spoils pictures, each time it is called more."""
    calls = []

    def corrupt(pictures):
        calls.append(1)
        return scale * pictures + shift * len(calls)

    return training_pairs(x, corrupt)


def probe_occlude(images, seed):
    """Returns the pictures with bars, how much was printed, and what was given."""
    import contextlib, io
    import numpy as np

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        made = occlude(images, np.random.default_rng(seed))
    return [made, len(printed.getvalue()), images]
'''


def seed_of(rng):
    return int(rng.integers(2**31))


def noisy(student, x, level, seed):
    made, given = pair(student("probe_add_noise", x, level, seed), "return one array")
    return numbers(made, x.shape, "one number for each pixel: size=x.shape"), given


def grey(n):
    return np.full((n, 28, 28, 1), 0.5, "float32")


@requirement("add_noise", "adds Gaussian noise of the asked level", weight=2)
def noise_is_gaussian(student, rng):
    level = float(rng.uniform(0.06, 0.1))
    w = noisy(student, grey(60), level, seed_of(rng))[0] - 0.5
    spreads = {
        level**0.5: "level is the standard deviation, not the variance",
        level**2: "level is the standard deviation: do not square it",
        level / 2: "do not multiply the noise by the picture",
        0.39: "multiply the noise by level",
    }
    near = [text for wrong, text in spreads.items() if abs(w.std() / wrong - 1) < 0.15]
    beyond = np.mean(np.abs(w) > 2.5 * level)
    return (
        holds(abs(w.mean()) < level / 20, "the noise has mean 0: rng.normal")
        or holds(
            abs(w.std() / level - 1) < 0.03, (near or ["rng.normal times level"])[0]
        )
        or holds(0.005 < beyond < 0.03, "the noise is not Gaussian: rng.normal")
    )


@requirement("add_noise", "gives every pixel its own noise")
def noise_is_not_shared(student, rng):
    w = noisy(student, grey(30), 0.1, seed_of(rng))[0] - 0.5
    between = np.corrcoef(w.reshape(30, -1))[np.triu_indices(30, 1)]
    hint = "every pixel of every picture needs its own number: size=x.shape"
    return holds(np.ptp(w) > 0 and np.abs(between).max() < 0.3, hint) or holds(
        np.ptp(w, axis=0).min() > 0 and np.ptp(w, axis=(1, 2)).min() > 0, hint
    )


@requirement("add_noise", "clips the sum to [0, 1]")
def noise_is_clipped(student, rng):
    black = noisy(student, 0 * grey(20), 0.5, seed_of(rng))[0]
    white = noisy(student, 2 * grey(20), 0.5, seed_of(rng))[0]
    inside = min(black.min(), white.min()) >= 0 and max(black.max(), white.max()) <= 1
    return holds(inside, "clip the sum: np.clip(..., 0, 1)") or holds(
        0.45 < np.mean(black == 0) < 0.55, "clip the sum x + w, not the noise"
    )


@requirement("add_noise", "draws from the generator that it is given")
def noise_is_seeded(student, rng):
    seed = seed_of(rng)
    first, again, other = (
        noisy(student, grey(3), 0.1, s)[0] for s in (seed, seed, seed + 1)
    )
    hint = "draw from rng, not from random or np.random"
    return close(again, first, hint) or holds(
        not np.allclose(other, first), "two seeds gave the same noise: draw from rng"
    )


@requirement("add_noise", "leaves the pictures as they are")
def noise_leaves_the_pictures(student, rng):
    x = rng.uniform(size=(3, 28, 28, 1)).astype("float32")
    return close(noisy(student, x, 0.1, seed_of(rng))[1], x, "work on a copy")


def pairs_of(student, rng):
    x = rng.uniform(size=(4, 6, 5, 1)).astype("float32")
    scale, shift = rng.uniform(0.2, 0.6, 2)
    got = student("probe_training_pairs", x, float(scale), float(shift))
    return x, scale * x + shift, pair(got, "return two arrays: inputs, targets")


@requirement("training_pairs", "hands the network spoilt pictures")
def inputs_are_spoilt(student, rng):
    x, spoilt, (inputs, _) = pairs_of(student, rng)
    usual = [(x, "the input is still clean: that trains a vanilla autoencoder")]
    return close(inputs, spoilt, "the input is corrupt(x), once", usual=usual)


@requirement("training_pairs", "asks for the clean pictures")
def targets_are_clean(student, rng):
    x, spoilt, (_, targets) = pairs_of(student, rng)
    usual = [(spoilt, "the target is noisy too: that teaches to copy noise")]
    return close(targets, x, "the target is the clean picture", usual=usual)


def copies(rng, *shape):
    x = rng.uniform(size=shape).astype("float32")
    spread = rng.uniform(0.02, 0.3, (shape[0], *[1] * (len(shape) - 1)))
    x_hat = x + spread * rng.normal(size=shape)
    return x, x_hat.clip(0, 1).astype("float32")


def decibels(x, x_hat):
    squares = (x.astype("float64") - x_hat) ** 2
    return -10 * np.log10(squares.reshape(len(x), -1).mean(axis=1))


@requirement("psnr", "gives one number for each picture")
def one_psnr_each(student, rng):
    x, x_hat = copies(rng, int(rng.integers(3, 8)), 6, 7, 1)
    hint = "one number per picture: average over all axes but the first"
    numbers(student("psnr", x, x_hat), (len(x),), hint)


@requirement("psnr", "is -10 log10 of the mean squared error", weight=2)
def psnr_in_decibels(student, rng):
    x, x_hat = copies(rng, int(rng.integers(3, 8)), 6, 7, 1)
    right = decibels(x, x_hat)
    error = 10 ** (-right / 10)
    absolute = np.abs(x - x_hat).mean(axis=(1, 2, 3))
    usual = [
        (-right, "the sign: a smaller error is a larger PSNR"),
        (-10 * np.log(error), "the logarithm to base 10: np.log10"),
        (2 * right, "10, not 20: the error is squared already"),
        (right / 10, "decibels: ten times the logarithm"),
        (right - 10 * np.log10(42), "mean over the pixels, not the sum"),
        (-10 * np.log10(absolute), "square the differences before the mean"),
        (right + 20 * np.log10(255), "the largest pixel here is 1, not 255"),
        (error, "that is the mean squared error; now the logarithm"),
    ]
    hint = "-10 log10 of the mean squared error of each picture"
    got = student("psnr", x, x_hat)
    return close(got, right, hint, usual=usual, tolerance=1e-3)


@requirement("psnr", "takes rows, and colours, too")
def psnr_of_any_pictures(student, rng):
    hint = "average over all axes but the first, however many there are"
    for shape in (5, 90), (3, 8, 6, 3):
        x, x_hat = copies(rng, *shape)
        got = student("psnr", x, x_hat)
        missed = close(got, decibels(x, x_hat), hint, tolerance=1e-3)
        if missed:
            return missed
    return None


def barred(student, rng, n, shape=(28, 28, 1), seed=None):
    """Returns the first row of each bar; each must be two white rows, no more."""
    x = rng.uniform(0.05, 0.95, size=(n, *shape)).astype("float32")
    hint = "return an array: as many pictures as you were given, of the same shape"
    seed = seed_of(rng) if seed is None else seed
    made, printed, given = parts(student("probe_occlude", x, seed), 3, hint)
    made = numbers(made, x.shape, hint).astype("float32").reshape(n, 28, 28)
    hidden = (made == 1).all(axis=2)
    starts = hidden.argmax(axis=1)
    two = np.arange(28) - starts[:, None]
    whole = (hidden == ((two == 0) | (two == 1))).all() and starts.max() < 27
    kept = (made == x.reshape(made.shape))[~hidden].all()
    return x, starts, whole, kept, printed, given


@requirement("occlude", "hides two neighbouring rows, and nothing else")
def bars_are_two_rows(student, rng):
    _, _, whole, kept, *_ = barred(student, rng, 60)
    hint = "two white rows, neighbours, that fit: the first one is from 0 to 26"
    return holds(whole, hint) or holds(kept, "pixels outside the bar have changed")


@requirement("occlude", "starts at every row from 0 to 26, each as likely", weight=2)
def bars_start_anywhere(student, rng):
    _, starts, whole, *_ = barred(student, rng, 1350)
    counts = np.bincount(starts, minlength=28)[:27]
    return (
        holds(whole, "the bar must fit, and be two rows high")
        or holds((counts > 0).sum() > 1, "draw a row for each picture")
        or holds(counts[26], "row 27 is never hidden: rng.integers(27) ends at 26")
        or holds(counts.all(), "all starts from 0 to 26 must come")
        or holds(counts.max() < 2 * counts.mean(), "every start with the same chance")
    )


@requirement("occlude", "takes flattened pictures, too")
def bars_on_rows(student, rng):
    hint = "for rows of 784: reshape to (-1, 28, 28, 1), and back at the end"
    _, _, whole, kept, *_ = barred(student, rng, 9, shape=(784,))
    return holds(whole and kept, hint)


@requirement("occlude", "draws from the generator that it is given")
def bars_are_seeded(student, rng):
    seed = seed_of(rng)
    first, again, other = (
        barred(student, rng, 40, seed=s)[1] for s in (seed, seed, seed + 1)
    )
    same = np.array_equal(first, again) and not np.array_equal(first, other)
    return holds(same, "draw from rng, not from random or np.random")


@requirement("occlude", "is quiet, and leaves the pictures as they are")
def bars_are_quiet(student, rng):
    x, _, _, _, printed, given = barred(student, rng, 5)
    return holds(printed == 0, "leave the print out") or close(
        given, x, "it changed the pictures that it was given: work on a copy"
    )


def held_out_bars(student, rng, n):
    """Draws digits that nobody has seen, with bars in all places.

    The bars of this student's variant: so many rows high, or as many columns wide.
    """
    height = student.parameters.get("bar_height", 2)
    across = student.parameters.get("bar_direction", "rows") == "columns"
    truth = digits(rng, n)
    starts = np.arange(n) % (29 - height)
    place = np.arange(28) - starts[:, None]
    rows = (place >= 0) & (place < height)
    hidden = np.broadcast_to(rows[:, :, None, None], truth.shape)
    if across:
        hidden = hidden.swapaxes(1, 2)
    return truth, hidden, starts, height, across


def restored(student, rng, n):
    truth, hidden, starts, height, across = held_out_bars(student, rng, n)
    got = student("restore", np.where(hidden, np.float32(1), truth), seconds=120)
    made = numbers(got, truth.shape, "one restored picture of 28×28×1 for each")
    turn = (lambda x: x.swapaxes(1, 2)) if across else (lambda x: x)
    return *(turn(x) for x in (truth, made.astype("float32"), hidden)), starts, height


def straight_line(truth, starts, height):
    """Fills each bar with a straight line between the rows beside it."""
    padded = np.pad(truth, [(0, 0), (1, 1), (0, 0), (0, 0)])
    filled = truth.copy()
    share = (np.arange(1, height + 1) / (height + 1))[:, None, None]
    for picture, start, into in zip(padded, starts, filled, strict=True):
        above, below = picture[start], picture[start + height + 1]
        into[start : start + height] = (1 - share) * above + share * below
    return filled


@requirement("restore", "beats a straight line inside the bar", weight=2)
def restored_inside(student, rng):
    truth, made, hidden, starts, height = restored(student, rng, 540)
    left = np.mean((made[hidden] > 0.9) & (truth[hidden] < 0.1))
    line = metrics.psnr_inside(truth, straight_line(truth, starts, height), hidden)
    inside = metrics.psnr_inside(truth, made, hidden)
    return holds(
        left < 0.5, "the bar is still there: train on (occluded, clean)"
    ) or holds(
        inside >= line + GAIN_INSIDE,
        "1 dB more than a straight line has: what do digits look like there?",
    )


@requirement("restore", "keeps what lies outside the bar")
def restored_outside(student, rng):
    truth, made, hidden, *_ = restored(student, rng, 270)
    outside = metrics.psnr_inside(truth, made, ~hidden)
    gone = np.mean((made[hidden] > 0.9) & (truth[hidden] < 0.1)) < 0.5
    hint = "outside the bar nothing was lost: keep those pixels, and only those"
    return holds(outside >= OUTSIDE and gone, hint)


@requirement("restore", "removes a bar over the last rows, too")
def restored_at_the_edge(student, rng):
    _, made, _, starts, height = restored(student, rng, 540)
    last = starts == 28 - height
    hint = "bars over the last row stay white: they must be hidden in training too"
    return holds(made[last, 28 - height :].mean() < 0.3, hint)


@requirement("restore", "does not let pictures depend on each other")
def restored_alone(student, rng):
    truth, hidden, *_ = held_out_bars(student, rng, 60)
    occluded = np.where(hidden, np.float32(1), truth)
    shape, hint = occluded.shape, "one restored picture of 28×28×1 for each"
    whole = numbers(student("restore", occluded, seconds=120), shape, hint)
    order = rng.permutation(60)[:5]
    some = student("restore", occluded[order], seconds=120)
    hint = "a picture must not depend on the others, nor on their order"
    changed = np.abs(whole - occluded)[hidden].mean() > 0.2
    return close(some, whole[order], hint, tolerance=0.01) or holds(
        changed, "the bar is still there"
    )

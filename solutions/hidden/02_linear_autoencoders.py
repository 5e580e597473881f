"""Hidden requirements of lesson 02."""

import numpy as np

from course_utils.grading.requirements import (
    close,
    holds,
    leaves_alone,
    numbers,
    pair,
    requirement,
)

TWO = "return the mean and the axes, in this order"


def orthonormal(rng, features, k):
    return np.linalg.qr(rng.normal(size=(features, k)))[0]


def cloud(rng, n, features):
    """Draws points far from the origin, more varied in some directions."""
    turn = orthonormal(rng, features, features)
    spread = np.linspace(3, 0.5, features)
    middle = rng.uniform(2, 5) * turn[0] - rng.uniform(2, 5) * turn[-1]
    return rng.normal(size=(n, features)) * spread @ turn + middle


def towards(columns, like):
    """Turns columns round where they point away: the sign of an axis is free."""
    return columns * np.where(np.sum(columns * like, axis=0) < 0, -1, 1)


def are_the_axes(student, x, k):
    """Compares the axes with the eigenvectors of the covariance matrix."""
    shape = (x.shape[1], k)
    hint = "one axis in each column: shape (features, latent_dim)"
    got = numbers(pair(student("principal_axes", x, k), TWO)[1], shape, hint)
    vectors = np.linalg.eigh(np.cov(x.T))[1]
    raw = np.linalg.eigh(x.T @ x)[1][:, ::-1]
    scaled = np.linalg.eigh(np.corrcoef(x.T))[1][:, ::-1]
    axes = vectors[:, ::-1]
    rows = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2]
    usual = [
        (raw[:, :k], "subtract the mean before the SVD"),
        (vectors[:, :k], "the axes with the largest singular values come first"),
        (axes[:, :k][:, ::-1], "the most varied axis comes first"),
        (scaled[:, :k], "only subtract the mean, do not divide by the deviation"),
    ]
    usual += [(rows[:, :k], "take rows of numpy's Wᵀ, then transpose")] * (
        rows[:, :k].shape == shape
    )
    usual = [(towards(wrong, got), text) for wrong, text in usual]
    hint = "the first columns of W, of length 1, in X - mean = U Σ Wᵀ"
    return close(got, towards(axes[:, :k], got), hint, usual=usual)


@requirement("principal_axes", "gives the mean of each feature")
def mean_of_each_feature(student, rng):
    x = cloud(rng, int(rng.integers(20, 60)), int(rng.integers(4, 9)))
    got = pair(student("principal_axes", x, 2), TWO)[0]
    usual = [(x.mean(), "one mean for each feature: average over axis 0 only")]
    return close(
        got, x.mean(axis=0), "average each feature over the points", usual=usual
    )


@requirement("principal_axes", "gives the axes, the most varied first", weight=2)
def axes_in_order(student, rng):
    x = cloud(rng, int(rng.integers(60, 90)), int(rng.integers(6, 10)))
    return are_the_axes(student, x, int(rng.integers(2, 5)))


@requirement("principal_axes", "works with fewer points than features")
def axes_of_few_points(student, rng):
    n = int(rng.integers(5, 8))
    return are_the_axes(student, cloud(rng, n, n + 4), 2)


@requirement("principal_axes", "leaves the points as they are")
def points_stay(student, rng):
    hint = "x - mean makes a new array; x -= mean changes the caller's"
    return leaves_alone(student, "principal_axes", cloud(rng, 20, 5), 2, hint=hint)


def values_and_bound(rng, k):
    s = np.sort(rng.uniform(0.5, 9, int(rng.integers(k + 3, k + 7))))[::-1].copy()
    n = int(rng.integers(20, 90))
    return s, n, 0.5 * sum(value**2 for value in s[k:]) / n


@requirement("pca_bound", "adds up what the code leaves out", weight=2)
def bound_of_what_is_left_out(student, rng):
    k = int(rng.integers(2, 5))
    s, n, bound = values_and_bound(rng, k)
    squares = s**2
    usual = [
        (2 * bound, "the factor ½ is missing"),
        (n * bound, "divide by n: the average over the points"),
        (2 * n * bound, "the factor ½ is missing, and the division by n"),
        (0.5 * s[k:].sum() / n, "square the singular values"),
        (0.5 * squares[:k].sum() / n, "that is what the code keeps"),
        (0.5 * squares[k + 1 :].sum() / n, "one too few is left out"),
        (0.5 * squares[k - 1 :].sum() / n, "one too many is left out"),
        (bound * n / (n - 1), "divide by n, not by n - 1"),
        (bound / (len(s) - k), "sum over what is left out, do not average"),
        (0.5 * np.sqrt(squares[k:].sum()) / n, "no square root"),
    ]
    hint = "½ of the squared singular values that are left out, over n"
    return close(student("pca_bound", s, n, k), bound, hint, usual=usual)


@requirement("pca_bound", "leaves out all with no numbers, and nothing with all axes")
def bound_at_both_ends(student, rng):
    s, n, bound = values_and_bound(rng, 0)
    nothing = close(
        student("pca_bound", s, n, 0), bound, "a code of no numbers leaves out all"
    )
    all_axes = student("pca_bound", s, n, len(s))
    return nothing or close(all_axes, 0.0, "with all axes nothing is left out")


@requirement("pca_bound", "is the error of PCA on real points")
def bound_of_points(student, rng):
    x = cloud(rng, 50, 7)
    x -= x.mean(axis=0)
    _, s, rows = np.linalg.svd(x, full_matrices=False)
    k = int(rng.integers(1, 6))
    left = x - x @ rows[:k].T @ rows[:k]
    error = 0.5 * (left**2).sum(axis=1).mean()
    hint = "the average over the points of 0.5 * sum((x - x_hat)**2)"
    return close(student("pca_bound", s, len(x), k), error, hint)


def two_subspaces(rng, features, k):
    """Draws orthonormal bases of subspaces that open by drawn angles."""
    both = orthonormal(rng, features, 2 * k)
    angles = np.sort(rng.uniform(0.15, 1.4, k))
    return (
        both[:, :k],
        both[:, :k] * np.cos(angles) + both[:, k:] * np.sin(angles),
        np.degrees(angles),
    )


def same_angles(got, expected, hint):
    got = np.sort(numbers(got, expected.shape, "one angle for each of the k columns"))
    usual = [
        (np.sort(np.radians(expected)), "these are radians; np.degrees turns them"),
        (np.sort(np.cos(np.radians(expected))), "these are the cosines"),
        (np.sort(90 - expected), "arccos, not arcsin"),
    ]
    return close(got, expected, hint, usual=usual, tolerance=1e-3)


@requirement("principal_angles", "gives the angles of orthonormal bases, in degrees")
def angles_of_orthonormal_bases(student, rng):
    a, b, angles = two_subspaces(rng, int(rng.integers(8, 15)), 3)
    hint = "the singular values of the two bases' product are the cosines"
    return same_angles(student("principal_angles", a, b), angles, hint)


@requirement("principal_angles", "does not depend on the columns", weight=2)
def angles_of_any_columns(student, rng):
    a, b, angles = two_subspaces(rng, int(rng.integers(8, 15)), 3)
    for columns in 1 + rng.uniform(size=(2, 3)), rng.normal(size=(2, 3, 3)):
        mixed = [c if c.ndim == 2 else np.diag(c) for c in columns]
        got = student("principal_angles", a @ mixed[0], b @ mixed[1])
        hint = "orthonormalise both first (np.linalg.qr): lengths are not enough"
        missed = same_angles(got, angles, hint)
        if missed:
            return missed
    return None


@requirement("principal_angles", "is zero, not nan, for a subspace and itself")
def angles_with_itself(student, rng):
    a = rng.normal(size=(50, 10))
    for _ in range(8):
        got = student("principal_angles", a, a @ rng.normal(size=(10, 10)))
        hint = "rounding lifts cosines a hair above 1: np.clip them before arccos"
        angles = numbers(got, (10,), hint)
        missed = holds(np.abs(angles).max() < 0.1, "orthonormalise both bases")
        if missed:
            return missed
    return None


def mixed_decoder(rng, off):
    """Draws axes, and a decoder that mixes them and lies `off` their subspace."""
    features, k = int(rng.integers(15, 30)), int(rng.integers(2, 5))
    axes = orthonormal(rng, features, k)
    stretch = rng.uniform(0.5, 2, k) * rng.choice([-1, 1], k)
    mix = orthonormal(rng, k, k) * stretch @ orthonormal(rng, k, k)
    away = off * rng.normal(size=axes.shape)
    return axes @ mix + away - axes @ (axes.T @ away), axes, mix


@requirement("unmix", "undoes any mix, not only a rotation", weight=2)
def any_mix_is_undone(student, rng):
    decoder, axes, mix = mixed_decoder(rng, 0)
    usual = [
        (decoder @ mix.T, "a transpose undoes a rotation only: take the inverse"),
        (decoder @ mix, "that mixes once more: use the inverse"),
        (decoder, "that is still the mix"),
        (decoder @ np.linalg.inv(mix).T, "the mix is axesᵀ decoder, not its transpose"),
        (mix, "that is the mix; multiply the decoder by its inverse"),
        (np.linalg.inv(mix), "that is the inverse; multiply the decoder by it"),
    ]
    hint = "decoder = axes @ mix: find the mix first"
    return close(
        student("unmix", decoder, axes), axes, hint, usual=usual, tolerance=3e-3
    )


@requirement("unmix", "makes the columns from the decoder, not from the axes")
def columns_come_from_the_decoder(student, rng):
    decoder, axes, mix = mixed_decoder(rng, 0.01)
    hint = "start from the decoder, which lies a little off the axes' subspace"
    expected = decoder @ np.linalg.inv(mix)
    got = student("unmix", decoder, axes)
    return close(got, expected, hint, tolerance=3e-3)

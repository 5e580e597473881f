"""Checks of lesson 02."""

import numpy as np

from course_utils.checks.engine import check, equal, holds


def _principal_axes(x, latent_dim):
    mean = np.mean(x, axis=0)
    _, _, rows = np.linalg.svd(x - mean, full_matrices=False)
    return mean, rows[:latent_dim].T


def _pca_bound(singular_values, n, latent_dim):
    return 0.5 * float(np.sum(np.square(singular_values[latent_dim:]))) / n


def _principal_angles(a, b):
    q_a, q_b = np.linalg.qr(a)[0], np.linalg.qr(b)[0]
    cosines = np.linalg.svd(q_a.T @ q_b, compute_uv=False)
    return np.degrees(np.arccos(np.clip(cosines, -1, 1)))


def _unmix(decoder, axes):
    return decoder @ np.linalg.inv(axes.T @ decoder)


@check(ours=_principal_axes)
def principal_axes(answer):
    for n, features, latent_dim in (40, 6, 3), (5, 8, 2), (30, 4, 4):
        x = _cloud(n, features)
        given = x.copy()
        got = answer(x, latent_dim)
        yield holds(np.array_equal(x, given), "x is no longer what it was.",
            "x - mean makes a new array; x -= mean changes the caller's")  # fmt: skip
        yield holds(
            isinstance(got, tuple | list) and len(got) == 2,
            f"expected two results, got {type(got).__name__}.",
            "return the mean and the axes, in this order",
        )
        mean = x.mean(axis=0)
        yield equal(got[0], mean, "the average of each feature over the points",
        mistakes=[
            (x.mean(), "one mean for each feature: average over axis 0 only"),
            (x.mean(axis=1), "one mean for each feature: average over axis 0"),
        ], what="for the mean")  # fmt: skip
        yield _are_axes(got[1], x, latent_dim)


def _cloud(n, features):
    """Returns points far from the origin, more varied in some directions."""
    rng = np.random.default_rng(n)
    turn = np.linalg.qr(rng.normal(size=(features, features)))[0]
    spread = np.linspace(3, 0.5, features)
    return rng.normal(size=(n, features)) * spread @ turn + 4 * turn[0] - 3 * turn[-1]


def _are_axes(got, x, latent_dim):
    centred = x - x.mean(axis=0)
    u, s, rows = np.linalg.svd(centred, full_matrices=False)
    axes, k = rows.T, latent_dim
    raw = np.linalg.svd(x, full_matrices=False)[2].T
    scaled = np.linalg.svd(centred / x.std(axis=0), full_matrices=False)[2].T
    rows_are = "numpy's svd returns Wᵀ, whose *rows* are the axes"
    mistakes = [
        (raw[:, :k], "subtract the mean before the SVD"),
        (rows[:, :k], f"{rows_are}: take rows, then transpose"),
        (rows[:k], f"one axis in each column: {rows_are}, so transpose"),
        (u[:, :k], "these are columns of U; the axes are in W"),
        (centred @ axes[:, :k], "these are the codes UΣ; the axes are in W"),
        (axes[:, ::-1][:, :k], "the axes with the *largest* singular values first"),
        (axes[:, :k][:, ::-1], "the right axes, but the most varied comes first"),
        (axes[:, :k] * s[:k], "axes of length 1: leave out the singular values"),
        (scaled[:, :k], "only subtract the mean, do not divide by the deviation"),
        (axes, f"keep {k} columns only"),
    ]
    mistakes = [(_turned(wrong, got), hint) for wrong, hint in mistakes]
    what = f"for {len(x)} points with {x.shape[1]} features"
    hint = "the first columns of W, in X - mean = U Σ Wᵀ"
    return equal(got, _turned(axes[:, :k], got), hint, mistakes=mistakes, what=what)


def _turned(columns, like):
    """Turns columns round where they point away: the sign of an axis is free."""
    if np.shape(like) != columns.shape:
        return columns
    return columns * np.where(np.sum(columns * np.asarray(like), axis=0) < 0, -1, 1)


@check(ours=_pca_bound)
def pca_bound(answer):
    s = np.array([4.0, 3.0, 2.0, 1.0])
    got = answer(s, 5, 1)
    yield equal(got, 1.4, "0.5 * (3² + 2² + 1²) / 5: what the first axis leaves over",
        mistakes=[
            (2.8, "the factor ½ is missing"),
            (7.0, "divide by n: the average over the points"),
            (14.0, "the factor ½ is missing, and the division by n"),
            (0.6, "square the singular values"),
            (1.6, "that is what the code keeps; add up what it leaves out"),
            (0.5, "one too few: a code of 1 number leaves out the 2nd, 3rd, ..."),
            (3.0, "one too many: a code of 1 number keeps the first"),
            (1.75, "divide by n, not by n - 1: an average over the points"),
            (1.4 / 3, "sum over what is left out, do not average"),
            (0.1 * np.sqrt(14), "no square root: squares are added, and stay squares"),
        ], what="for singular values 4, 3, 2, 1, n = 5, latent_dim = 1")  # fmt: skip
    yield equal(answer(s, 5, 0), 3.0, "a code of no numbers leaves out everything",
        what="for latent_dim = 0")  # fmt: skip
    yield equal(answer(s, 5, 4), 0.0, "with all axes nothing is left out",
        what="for latent_dim = 4")  # fmt: skip
    x = _cloud(50, 7)
    centred = x - x.mean(axis=0)
    _, s, rows = np.linalg.svd(centred, full_matrices=False)
    for k in 2, 5:
        left = centred - centred @ rows[:k].T @ rows[:k]
        expected = np.mean(0.5 * np.sum(left**2, axis=1))
        yield equal(answer(s, 50, k), expected, "the average over the points of "
            "0.5 * sum((x - x_hat)**2)", what=f"for latent_dim = {k}")  # fmt: skip


@check(ours=_principal_angles)
def principal_angles(answer):
    a = np.eye(4)[:, :2]
    b = np.array([[1, 0], [0, np.cos(0.5)], [0, np.sin(0.5)], [0, 0]])
    what = "for two planes that share one direction and open by half a radian"
    yield _same_angles(answer(a, b), [0, np.degrees(0.5)], a, b, what)
    slow = 3 * b @ [[1, 0], [0, 2]]
    what = "for the same planes, with columns of other lengths"
    yield _same_angles(answer(a, slow), [0, np.degrees(0.5)], a, slow, what)
    rng = np.random.default_rng(0)
    for features, k in (6, 2), (20, 3):
        a, b = rng.normal(size=(2, features, k))
        what = f"for {k} random columns of {features} numbers each"
        yield _same_angles(answer(a, b), _principal_angles(a, b), a, b, what)
    a = rng.normal(size=(50, 10))
    same = [answer(a, a @ rng.normal(size=(10, 10))) for _ in range(20)]
    yield holds(
        np.all(np.isfinite(same)),
        "nan for a subspace and itself.",
        "rounding lifts cosines a hair above 1: np.clip them before arccos",
    )
    yield holds(
        np.max(np.abs(same)) < 0.1,
        f"{np.max(np.abs(same)):.3g}° between a subspace and itself, columns mixed.",
        "orthonormalise both: the angles must not depend on the columns",
    )


def _same_angles(got, expected, a, b, what):
    q_a, q_b = np.linalg.qr(a)[0], np.linalg.qr(b)[0]
    cosines = np.cos(np.radians(expected))
    unit_a, unit_b = (y / np.linalg.norm(y, axis=0) for y in (a, b))
    columns = "dividing by the lengths is not enough: make the columns orthogonal"
    pairs = "that compares column with column; take the singular values"
    with np.errstate(invalid="ignore"):
        mistakes = [
            (np.radians(expected), "these are radians; np.degrees turns them"),
            (cosines, "these are the cosines; np.arccos makes angles of them"),
            (_angles(a.T @ b), "orthonormalise both first (np.linalg.qr)"),
            (_angles(np.clip(_values(a.T @ b), -1, 1)),
             "orthonormalise both first (np.linalg.qr), then multiply"),
            (_angles(unit_a.T @ unit_b), columns),
            (_angles(np.clip(_values(unit_a.T @ unit_b), -1, 1)), columns),
            (_angles(np.clip(np.diag(q_a.T @ q_b), -1, 1)), pairs),
            (_angles(np.clip(np.diag(unit_a.T @ unit_b), -1, 1)), pairs),
            (90 - np.asarray(expected), "arccos, not arcsin"),
        ]  # fmt: skip
    mistakes = [(np.sort(wrong), hint) for wrong, hint in mistakes]
    got = np.sort(got) if np.ndim(got) == 1 else got
    hint = "the singular values of the two bases' product are the cosines"
    return equal(got, np.sort(expected), hint, mistakes=mistakes, tolerance=1e-3,
        what=what)  # fmt: skip


def _values(product):
    return np.linalg.svd(product, compute_uv=False)


def _angles(product):
    values = _values(product) if np.ndim(product) == 2 else product
    return np.degrees(np.arccos(values))


@check(ours=_unmix)
def unmix(answer):
    rng = np.random.default_rng(0)
    for features, k in (5, 2), (30, 4):
        axes = np.linalg.qr(rng.normal(size=(features, k)))[0]
        mixing = rng.normal(size=(k, k)) + 2 * np.eye(k)[::-1]
        for off in 0.0, 0.01:  # a trained decoder lies a little off PCA's subspace
            away = off * rng.normal(size=(features, k))
            away -= axes @ axes.T @ away
            decoder = axes @ mixing + away
            what = f"for {k} columns" + (", a little off the subspace" if off else "")
            yield _is_unmixed(answer(decoder, axes), decoder, axes, what)


def _is_unmixed(got, decoder, axes, what):
    mixing = axes.T @ decoder
    inverse = np.linalg.inv(mixing)
    rotation = "its transpose undoes a rotation only; this mix needs the inverse"
    mistakes = [
        (decoder @ mixing.T, rotation),
        (decoder @ mixing, "that mixes once more: use the inverse"),
        (decoder @ inverse.T, "decoderᵀ axes is the transpose of the mix: axesᵀ "
         "decoder"),
        (mixing, "that is the mix; multiply the decoder by its inverse"),
        (inverse, "that is the inverse; multiply the decoder by it"),
        (axes @ inverse, "start from the decoder: it is what we unmix"),
        (decoder, "that is still the mix"),
    ]  # fmt: skip
    if not np.allclose(decoder, axes @ mixing):
        mistakes.append((axes, "these are PCA's axes themselves; make them from the "
            "decoder"))  # fmt: skip
    hint = "decoder = axes @ mix, and the axes are orthonormal: find the mix first"
    return equal(got, decoder @ inverse, hint, mistakes=mistakes, tolerance=3e-3,
        what=what)  # fmt: skip

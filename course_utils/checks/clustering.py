"""Checks of lesson 03."""

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import binom

from course_utils import data, metrics
from course_utils.checks.engine import Mistake, check, equal, holds

# The assignment: people, places and populations of each data set; its bar.
WORLDS = ((200, 1000, 2), (200, 1000, 3), (200, 1000, 3))
BAR = 0.05
TWO_COPIES = "a person has two copies: 2 - g of them lack the variant"


def _assign(x, p):
    distances = (x**2).sum(axis=1, keepdims=True) - 2 * x @ p.T + (p**2).sum(axis=1)
    return np.eye(len(p))[distances.argmin(axis=1)]


def _update(x, q, p):
    users = q.sum(axis=0)[:, None]
    return np.where(users > 0, q.T @ x / np.where(users > 0, users, 1), p)


def _responsibilities(scores):
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _log_likelihood(g, q, p):
    h = q @ p
    terms = g * np.log(h) + (2 - g) * np.log(1 - h) + np.log(2) * (g == 1)
    return terms.sum(axis=1)


def _admixture_step(g, q, p):
    h = q @ p
    with_variant, without = g / h, (2 - g) / (1 - h)
    q_new = q * (with_variant @ p.T + without @ (1 - p).T) / (2 * g.shape[1])
    carry, lack = p * (q.T @ with_variant), (1 - p) * (q.T @ without)
    return q_new, carry / (carry + lack)


@check(ours=_assign)
def assign(answer):
    x = np.array([[1.0, 0], [8, 4], [3, 3], [18, 21], [7, 2]])
    p = np.array([[0.0, 0], [8, 3], [20, 20]])
    nearest, farthest = [0, 1, 0, 2, 1], [2, 2, 2, 0, 2]
    got = np.asarray(answer(x, p))
    rows = got.shape == (5, 3)
    yield holds(
        not rows or not _soft(got),
        "Q holds shares between 0 and 1.",
        "these are soft choices; k-means' Q is one-hot: a single 1 in each row",
    )
    one_hot = np.eye(3)
    right = one_hot[nearest]
    yield equal(got, right, "a 1 in the column of the nearest centroid", mistakes=[
        (nearest, "these are the numbers of the clusters; Q has a row of 0s and a 1"),
        (right.T, "one row per example, one column per centroid: transpose it"),
        (one_hot[farthest], "these are the farthest centroids: argmin, not argmax"),
        (one_hot[[2] * 5], "the largest product is not the smallest distance"),
        (one_hot[[0, 1, 1, 2, 1]], "square the differences, do not take their size"),
    ])  # fmt: skip
    rng = np.random.default_rng(0)
    x, p = rng.uniform(size=(300, 784)), rng.uniform(size=(10, 784))
    expected = np.eye(10)[cdist(x, p).argmin(axis=1)]
    yield equal(answer(x, p), expected, "sum over all columns of x", what="for digits")


@check(ours=_update)
def update(answer):
    x = np.array([[0.0, 0], [2, 4], [10, 0], [4, 2]])
    q = np.eye(3)[[0, 0, 1, 0]]
    p = np.array([[9.0, 9], [9, 9], [7, 5]])
    before = p.copy()
    got = np.asarray(answer(x, q, p), float)
    yield holds(
        got.shape != p.shape or np.isfinite(got).all(),
        "the row of a code that nobody uses is not a number.",
        "0 / 0: where a column of q sums to 0, keep the old row of p",
    )
    sums, empty = q.T @ x, np.array([[6.0, 6], [10, 0], [0, 0]])
    means = np.array([[2.0, 2], [10, 0], [7, 5]])
    kept = np.array([[1.0], [1], [0]])
    yield equal(got, means, "the mean of the rows of x that chose it", mistakes=[
        (means * kept, "a code that nobody uses keeps its old row of p"),
        (empty, "these are sums; divide by how many chose the code"),
        (np.where(kept > 0, empty, p), "these are sums; divide by how many chose it"),
        (sums / 4, "divide by how many chose the code, not by all rows of x"),
        (np.where(kept > 0, sums / 4, p), "divide by how many chose the code"),
        (means.T, "one row per code: q.T @ x, not x.T @ q"),
        (p, "p has not moved: return the new table"),
    ])  # fmt: skip
    yield holds((p == before).all(), "it changed the old p.", "work on a copy")
    soft = np.array([[1, 0, 0], [0.5, 0.5, 0], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]])
    middle = soft.T @ x / soft.sum(axis=0)[:, None]
    hard = np.eye(3)[soft.argmax(axis=1)]
    counted = soft.T @ x / (soft > 0).sum(axis=0)[:, None]
    yield equal(
        answer(x, soft, p), middle, "a mean weighted by the shares", mistakes=[
            (_update(x, hard, p), "q may be soft: weigh each row by its share"),
            (counted, "divide by the sum of the shares, not by how many have one"),
        ], what="for soft q",
    )  # fmt: skip


@check(ours=_responsibilities)
def responsibilities(answer):
    scores = np.log([[1.0, 2, 5], [3, 1, 1]])
    before = scores.copy()
    shares = np.array([[1, 2, 5], [4.8, 1.6, 1.6]]) / 8
    weights = np.exp(scores)
    one_hot = np.eye(3)[[2, 0]]
    hint = "exp of the scores, divided by their sum along the row"
    yield equal(answer(scores), shares, hint, mistakes=[
        (one_hot, "that is k-means' one-hot Q; soft Q has shares that sum to one"),
        (weights, "the shares of each row must sum to one: divide by their sum"),
        (weights / weights.sum(axis=0), "sum along each row: axis=1, keepdims=True"),
        (weights / weights.sum(), "each row sums to one, not all rows together"),
        (np.log(shares), "these are logarithms of shares; take np.exp of them"),
        (1 / weights / (1 / weights).sum(axis=1, keepdims=True),
         "a larger score is a larger share: no minus"),
    ])  # fmt: skip
    yield holds((scores == before).all(), "it changed the scores.", "work on a copy")
    far = np.array([[1000, 1000 + np.log(3)], [-2000, -2000], [0, -np.inf]])
    got = np.asarray(answer(far), float)
    hint = "subtract the largest score of each row before np.exp"
    yield holds(
        np.isfinite(got).all(),
        "scores such as 1000 or -2000 gave something that is not a number.",
        f"{hint}: the shares stay the same, and nothing overflows",
    )
    expected = [[0.25, 0.75], [0.5, 0.5], [1, 0]]
    yield equal(got, expected, f"do not clip: {hint}", what="for large scores")


@check(ours=_log_likelihood)
def log_likelihood(answer):
    g = np.array([[0, 1, 2], [1, 1, 0]], "uint8")
    q = np.array([[0.5, 0.5], [1, 0]])
    p = np.array([[0.2, 0.5, 0.9], [0.6, 0.5, 0.7]])
    h = q @ p
    right = binom.logpmf(g, 2, h)
    plain = g * np.log(h) + (2.0 - g) * np.log(1 - h)
    got = np.asarray(answer(g, q, p), float)
    yield holds(
        np.isfinite(got).all(),
        "it is not a number.",
        "the frequency of the variant is QP; 2QP, the mean of g, can be above 1",
    )
    hint = "sum over the SNPs of g log h + (2 - g) log(1 - h), plus log 2 where g = 1"
    total = right.sum(axis=1)
    yield equal(got, total, hint, mistakes=[
        (plain.sum(axis=1), "g = 1 can happen in two ways: add log 2 for each"),
        (plain.sum(axis=1) + 3 * np.log(2), "log 2 only where g = 1"),
        (-total, "that is the loss; the log-likelihood has no minus"),
        (total.sum(), "one number per person: sum over the SNPs only"),
        (right.mean(axis=1), "sum over the SNPs, do not average"),
        (right.sum(axis=0), "one number per person, not per SNP: axis=1"),
        (right, "sum over the SNPs: one number per person"),
        (total / np.log(2), "nats use the natural logarithm, np.log"),
        ((g * np.log(h)).sum(axis=1), "the copies without the variant are missing"),
        ((g * np.log(h) + np.log(2) * (g == 1)).sum(axis=1),
         "the copies without the variant are missing: (2 - g) log(1 - h)"),
        ((g * np.log(h) + (1.0 - g) * np.log(1 - h)).sum(axis=1), TWO_COPIES),
        ((right - np.log(1 - h)).sum(axis=1), TWO_COPIES),
        (np.exp(total), "the logarithm of the probability"),
    ])  # fmt: skip
    people = data.simulate_genotypes(30, 400, 3, seed=5)
    expected = binom.logpmf(people.g, 2, people.q @ people.p).sum(axis=1)
    got = answer(people.g, people.q, people.p)
    yield equal(got, expected, hint, what="for 400 SNPs")


@check(ours=_admixture_step)
def admixture_step(answer):
    people = data.simulate_genotypes(12, 9, 2, seed=1)
    rng = np.random.default_rng(0)
    g, q = people.g, rng.dirichlet([1, 1, 1], 12)
    p = rng.uniform(0.1, 0.9, (3, 9))
    before = q.copy(), p.copy()
    pair = answer(g, q, p)
    yield holds(
        isinstance(pair, tuple | list) and len(pair) == 2,
        f"expected two arrays, got {type(pair).__name__}.",
        "return q_new, p_new",
    )
    yield holds(
        (q == before[0]).all() and (p == before[1]).all(),
        "it changed the old q or p.",
        "work on copies",
    )
    q_new, p_new = pair
    yield holds(
        np.shape(q_new) != p.shape or np.shape(p_new) != q.shape,
        "the two tables are swapped.",
        "first q_new of shape (n, k), then p_new of shape (k, snps)",
    )
    carried, lacking = _origins(g, q, p)
    mine = (carried + lacking).sum(axis=2)
    right_q, right_p = mine / 18, _share(carried, lacking)
    mixed, parts = q @ p, q[:, :, None] * p
    fused = (g[:, None] * parts / mixed[:, None]).sum(axis=2)
    yield equal(q_new, right_q, "the mean of both kinds of origin", mistakes=[
        (mine, "divide by the number of copies, 2 · snps"),
        (mine / 9, "each person has two copies of each SNP: divide by 2 · snps"),
        (right_q / q, "the old q stands in front: q · (...)"),
        (fused / 18, "the copies without the variant count too: (2 - g) / (1 - h)"),
        (_origins_of_q(g, q, right_p), "use the old p, not p_new"),
        (q, "q has not moved"),
    ], what="as q_new")  # fmt: skip
    later = _share(*_origins(g, right_q, p))
    yield equal(p_new, right_p, "carried / (carried + lacking)", mistakes=[
        (later, "use the old q, not q_new"),
        (1 - right_p, "that is the share without the variant"),
        (carried.sum(axis=0), "divide by carried + lacking"),
        (carried.sum(axis=0) / lacking.sum(axis=0), "divide by carried + lacking"),
        (carried.sum(axis=0) / 24, "divide by the copies that came from k, not by all"),
        (p, "p has not moved"),
    ], what="as p_new")  # fmt: skip


@check()
def recover_ancestry(answer):
    for world, (n, snps, populations) in enumerate(WORLDS):
        g, q = _held_out_people(n, snps, populations, seed=100 + world)
        got = answer(g, populations)
        yield _table(got, q, snps)
        q_hat = np.asarray(got, float)
        yield holds(np.isfinite(q_hat).all(), "some shares are not numbers.")
        yield holds(
            q_hat.min() >= -1e-6 and np.allclose(q_hat.sum(axis=1), 1, atol=1e-3),
            "the rows do not sum to one, or a share is negative.",
            "Q lives on the simplex: divide each row by its sum",
        )
        error = metrics.ancestry_error(q, q_hat)
        seen = (
            f"the mean absolute error is {error:.3f} for {populations} populations; "
            f"at most {BAR} is asked."
        )
        yield holds(error <= BAR, seen, _why_far(q_hat))


def _soft(q):
    return bool(np.any((np.abs(q) > 1e-6) & (np.abs(q - 1) > 1e-6) & (q < 1)))


def _origins(g, q, p):
    """Returns how many copies with and without the variant came from where.

    Both have shape `(n, k, snps)`: each copy is split by the responsibilities of
    the populations for it.
    """
    parts, others = q[:, :, None] * p, q[:, :, None] * (1 - p)
    carried = g[:, None] * parts / parts.sum(axis=1, keepdims=True)
    lacking = (2.0 - g)[:, None] * others / others.sum(axis=1, keepdims=True)
    return carried, lacking


def _origins_of_q(g, q, p):
    return sum(_origins(g, q, p)).sum(axis=2) / (2 * g.shape[1])


def _share(carried, lacking):
    return carried.sum(axis=0) / (carried + lacking).sum(axis=0)


def _held_out_people(n, snps, populations, seed):
    """Returns genotypes with gaps, -1, more of them in some people than in others."""
    people = data.simulate_genotypes(n, snps, populations, seed=seed)
    rng = np.random.default_rng(seed)
    gaps = rng.uniform(size=people.g.shape) < rng.uniform(0, 0.5, size=(n, 1))
    return np.where(gaps, -1, people.g).astype("int8"), people.q


def _table(got, q, snps):
    shape = np.shape(got)
    hints = {
        q.shape[::-1]: "one row per person: transpose it",
        (q.shape[1], snps): "that is P; return Q, a row of shares for each person",
        (q.shape[0],): "shares of each population, not the number of one",
    }
    if shape == q.shape:
        return None
    hint = hints.get(shape, "one row per person, one column per population")
    return Mistake(f"expected shape {q.shape}, got {shape}.", hint)


def _why_far(q_hat):
    if np.ptp(q_hat, axis=0).max() < 1e-6:
        return "everybody has the same shares: what do the genotypes say?"
    if not _soft(q_hat):
        return "one-hot rows: people have ancestors in several populations"
    return (
        "step until the likelihood stops rising, several hundred times; and a gap is "
        "not a genotype: leave it out of every sum, or fill it with what q and p expect"
    )

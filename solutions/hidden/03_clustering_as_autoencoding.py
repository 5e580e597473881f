"""Hidden requirements of lesson 03."""

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import softmax
from scipy.stats import binom

from course_utils import data, metrics
from course_utils.grading.requirements import (
    close,
    holds,
    leaves_alone,
    numbers,
    pair,
    requirement,
)

BAR = 0.05


@requirement("assign", "gives one-hot rows")
def rows_are_one_hot(student, rng):
    x, p = rng.normal(size=(30, 4)), rng.normal(size=(int(rng.integers(5, 9)), 4))
    hint = "one row per example, one column per centroid"
    q = numbers(student("assign", x, p), (30, len(p)), hint)
    one_hot = np.isin(q, (0, 1)).all() and (q.sum(axis=1) == 1).all()
    return holds(one_hot, "k-means' Q is one-hot: a single 1 in each row, no shares")


def nearest(student, x, p):
    near, one_hot = cdist(x, p), np.eye(len(p))
    usual = [
        (one_hot[near.argmax(axis=1)], "these are the farthest: argmin, not argmax"),
        (one_hot[(x @ p.T).argmax(axis=1)], "a large product is no small distance"),
        (one_hot[cdist(x, p, "cityblock").argmin(axis=1)], "square the differences"),
        (near.argmin(axis=1), "Q has a row of 0s and a 1, not the cluster's number"),
    ]
    hint = "a 1 in the column of the nearest centroid"
    return close(
        student("assign", x, p), one_hot[near.argmin(axis=1)], hint, usual=usual
    )


@requirement("assign", "chooses the nearest centroid", weight=2)
def nearest_is_chosen(student, rng):
    x, p = rng.normal(size=(200, 3)), rng.normal(size=(int(rng.integers(4, 9)), 3))
    return nearest(student, 3 * x + 1, 3 * p)


@requirement("assign", "chooses the nearest of digits")
def nearest_of_digits(student, rng):
    return nearest(student, rng.uniform(size=(100, 784)), rng.uniform(size=(10, 784)))


def examples(rng, k=4):
    x, p = rng.normal(size=(40, 6)), rng.normal(size=(k, 6))
    q = np.eye(k)[np.concatenate([np.arange(k), rng.integers(0, k, 40 - k)])]
    return x, q, p


def weighted(x, q):
    return np.stack([np.average(x, axis=0, weights=shares) for shares in q.T])


@requirement("update", "is the mean of the examples that chose a code")
def means_of_the_examples(student, rng):
    x, q, p = examples(rng)
    usual = [
        (q.T @ x, "these are sums; divide by how many chose the code"),
        (q.T @ x / len(x), "divide by how many chose the code, not by all rows"),
        (weighted(x, q).T, "one row per code: q.T @ x, not x.T @ q"),
        (p, "p has not moved"),
    ]
    hint = "the mean of the rows of x that chose it"
    return close(student("update", x, q, p), weighted(x, q), hint, usual=usual)


@requirement("update", "keeps the row of a code that nobody uses")
def unused_codes_stay(student, rng):
    x, q, p = examples(rng)
    q = np.insert(q, 2, 0, axis=1)
    kept = np.insert(p, 2, rng.normal(size=6), axis=0)
    expected = np.insert(weighted(x, np.delete(q, 2, axis=1)), 2, kept[2], axis=0)
    hint = "0 / 0: where a column of q sums to 0, keep the old row of p"
    return close(student("update", x, q, kept), expected, hint)


@requirement("update", "weighs the examples by soft shares")
def shares_are_weights(student, rng):
    x, _, p = examples(rng)
    q = rng.dirichlet([0.7] * 4, 40)
    q[rng.integers(0, 40, 10), 1] = 0
    hint = "q may be soft: weigh by the shares, divide by their sum"
    return close(student("update", x, q, p), weighted(x, q), hint)


@requirement("update", "leaves its arguments as they are")
def tables_stay(student, rng):
    return leaves_alone(student, "update", *examples(rng), hint="work on a copy of p")


@requirement("responsibilities", "shares out each row", weight=2)
def shares_of_each_row(student, rng):
    scores = rng.normal(size=(int(rng.integers(3, 9)), 5))
    weights = np.exp(scores)
    usual = [
        (weights, "the shares of each row must sum to one: divide by their sum"),
        (softmax(scores, axis=0), "sum along each row: axis=1, keepdims=True"),
        (softmax(scores), "each row sums to one, not all rows together"),
        (softmax(-scores, axis=1), "a larger score is a larger share: no minus"),
        (np.log(softmax(scores, axis=1)), "these are logarithms of shares"),
    ]
    hint = "exp of the scores, divided by their sum along the row"
    got = student("responsibilities", scores)
    return close(got, softmax(scores, axis=1), hint, usual=usual)


@requirement("responsibilities", "takes scores of any size")
def scores_of_any_size(student, rng):
    scores = rng.normal(size=(4, 3)) + np.array([[1500], [-2500], [0], [900]])
    scores[2, 1] = -np.inf
    hint = "subtract the largest score of each row before np.exp; do not clip"
    return close(student("responsibilities", scores), softmax(scores, axis=1), hint)


@requirement("responsibilities", "leaves the scores as they are")
def scores_stay(student, rng):
    return leaves_alone(student, "responsibilities", rng.normal(size=(5, 3)))


def people(rng, n, snps, k=3):
    made = data.simulate_genotypes(n, snps, k, seed=int(rng.integers(2**31)))
    return made.g, made.q, made.p


@requirement("log_likelihood", "gives one number for each person")
def one_likelihood_each(student, rng):
    g, q, p = people(rng, int(rng.integers(4, 9)), 20)
    hint = "one number per person: sum over the SNPs, axis 1, only"
    numbers(student("log_likelihood", g, q, p), (len(g),), hint)


def likelihoods(student, rng, snps):
    g, q, p = people(rng, 7, snps)
    h = q @ p
    terms = binom.logpmf(g, 2, h)
    right, lost = terms.sum(axis=1), (2.0 - g) * np.log(1 - h)
    usual = [
        (right - np.log(2) * (g == 1).sum(axis=1), "g = 1 can happen in two ways"),
        (right + np.log(2) * (g != 1).sum(axis=1), "log 2 only where g = 1"),
        (-right, "that is the loss; the log-likelihood has no minus"),
        (terms.mean(axis=1), "sum over the SNPs, do not average"),
        (np.exp(right), "the logarithm of the probability"),
        (right / np.log(2), "nats use the natural logarithm"),
        (right - lost.sum(axis=1), "the copies without the variant are missing"),
        (right - np.log(1 - h).sum(axis=1), "a person has two copies: 2 - g lack it"),
    ]
    hint = "the sum of g log h + (2 - g) log(1 - h), plus log 2 where g = 1; h = QP"
    return close(student("log_likelihood", g, q, p), right, hint, usual=usual)


@requirement("log_likelihood", "is the binomial log-probability", weight=2)
def likelihood_is_binomial(student, rng):
    return likelihoods(student, rng, int(rng.integers(5, 12)))


@requirement("log_likelihood", "sums over hundreds of SNPs")
def likelihood_of_many_snps(student, rng):
    return likelihoods(student, rng, 500)


def step_of(rng):
    """Draws a step: what goes in, and the expected copies with and without."""
    g, _, _ = people(rng, 12, 9)
    q, p = rng.dirichlet([1, 1, 1], 12), rng.uniform(0.1, 0.9, (3, 9))
    parts, others = q[:, :, None] * p, q[:, :, None] * (1 - p)
    carried = g[:, None] * parts / parts.sum(axis=1, keepdims=True)
    lacking = (2.0 - g)[:, None] * others / others.sum(axis=1, keepdims=True)
    return g, q, p, carried, lacking


TABLES = "return q_new, p_new, of the shapes of q and p"


@requirement("admixture_step", "gives both tables, in this order")
def two_tables(student, rng):
    g, q, p, *_ = step_of(rng)
    q_new, p_new = pair(student("admixture_step", g, q, p), TABLES)
    numbers(q_new, q.shape, TABLES)
    numbers(p_new, p.shape, TABLES)


@requirement("admixture_step", "improves Q with the old P")
def step_of_q(student, rng):
    g, q, p, carried, lacking = step_of(rng)
    mine = (carried + lacking).sum(axis=2)
    right = mine / (2 * g.shape[1])
    usual = [
        (mine, "divide by the number of copies, 2 · snps"),
        (2 * right, "each person has two copies of each SNP"),
        (right / q, "the old q stands in front"),
        (
            carried.sum(axis=2) / (2 * g.shape[1]),
            "copies without the variant count too",
        ),
        (q, "q has not moved"),
    ]
    got = pair(student("admixture_step", g, q, p), TABLES)[0]
    return close(
        got, right, "the mean origin of all copies, with the old p", usual=usual
    )


@requirement("admixture_step", "improves P with the old Q")
def step_of_p(student, rng):
    g, q, p, carried, lacking = step_of(rng)
    carry, lack = carried.sum(axis=0), lacking.sum(axis=0)
    right = carry / (carry + lack)
    usual = [
        (1 - right, "that is the share without the variant"),
        (carry, "divide by carried + lacking"),
        (carry / lack, "divide by carried + lacking"),
        (carry / (2 * len(g)), "divide by the copies that came from k, not by all"),
        (p, "p has not moved"),
    ]
    got = pair(student("admixture_step", g, q, p), TABLES)[1]
    hint = "carried / (carried + lacking), both with the old q"
    return close(got, right, hint, usual=usual)


@requirement("admixture_step", "leaves the old tables as they are")
def old_tables_stay(student, rng):
    return leaves_alone(student, "admixture_step", *step_of(rng)[:3])


def ancestry(student, rng, n, snps, populations, gaps):
    """Returns the truth, and the shares that are recovered from genotypes with gaps."""
    g, q, _ = people(rng, n, snps, populations)
    missing = rng.uniform(size=g.shape) < rng.uniform(*gaps, size=(n, 1))
    g = np.where(missing, -1, g).astype("int8")
    got = student("recover_ancestry", g, populations, seconds=60)
    hint = "Q: one row per person, one column of shares per population"
    return q, numbers(got, q.shape, hint)


def near_the_truth(q, q_hat):
    error = metrics.ancestry_error(q, q_hat)
    if np.ptp(q_hat, axis=0).max() < 1e-6:
        hint = "everybody has the same shares: what do the genotypes say?"
    elif np.isclose(q_hat, np.round(q_hat)).all():
        hint = "one-hot rows: people have ancestors in several populations"
    else:
        hint = "step until the likelihood stops rising, and leave gaps out of every sum"
    return holds(error <= BAR, hint)


@requirement("recover_ancestry", "gives shares that sum to one, and differ")
def ancestry_is_a_table_of_shares(student, rng):
    _, q_hat = ancestry(student, rng, 60, 300, 2, (0, 0.5))
    whole = np.allclose(q_hat.sum(axis=1), 1, atol=1e-3) and q_hat.min() >= -1e-6
    return holds(whole, "Q lives on the simplex: divide each row by its sum") or holds(
        np.ptp(q_hat, axis=0).max() > 0.1, "everybody has the same shares"
    )


@requirement("recover_ancestry", "recovers two populations", weight=2)
def ancestry_of_two(student, rng):
    return near_the_truth(*ancestry(student, rng, 200, 1000, 2, (0, 0.5)))


@requirement("recover_ancestry", "recovers three populations", weight=2)
def ancestry_of_three(student, rng):
    return near_the_truth(*ancestry(student, rng, 200, 1000, 3, (0, 0.5)))


@requirement("recover_ancestry", "is not pulled by gaps")
def ancestry_with_gaps(student, rng):
    return near_the_truth(*ancestry(student, rng, 200, 1000, 3, (0.3, 0.5)))

"""Answers to the exercises of lesson 03."""

import numpy as np
from scipy.special import logsumexp, softmax
from scipy.stats import binom
from sklearn.cluster import KMeans

from tests.answers import Answers


def assign_by_loop(x, p):
    q = np.zeros((len(x), len(p)))
    for i, row in enumerate(x):
        q[i, np.argmin([np.linalg.norm(row - centroid) for centroid in p])] = 1
    return q


def assign_by_broadcast(x, p):
    nearest = np.square(x[:, None] - p).sum(axis=-1).argmin(axis=1)
    return nearest[:, None] == np.arange(len(p))


def soft_assign(x, p):
    return softmax(-np.square(x[:, None] - p).sum(axis=-1) / 100, axis=1)


def update_by_loop(x, q, p):
    new = p.copy()
    for k in range(len(p)):
        if q[:, k].sum() > 0:
            new[k] = np.average(x, axis=0, weights=q[:, k])
    return new


def update_where_used(x, q, p):
    users = q.sum(axis=0)
    new, used = np.array(p, float), users > 0
    new[used] = (q[:, used].T @ x) / users[used, None]
    return new


def update_by_label(x, q, p):
    chosen = q.argmax(axis=1)
    rows = [x[chosen == k].mean(axis=0) if np.any(chosen == k) else p[k]
            for k in range(len(p))]  # fmt: skip
    return np.array(rows)


def update_by_count(x, q, p):
    users = (q > 0).sum(axis=0)[:, None]
    return np.where(users > 0, q.T @ x / np.maximum(users, 1), p)


def update_in_place(x, q, p):
    p[:] = update_by_loop(x, q, p)
    return p


def unguarded(x, q, p):
    with np.errstate(invalid="ignore"):
        return q.T @ x / q.sum(axis=0)[:, None]


def naive(scores):
    with np.errstate(over="ignore", invalid="ignore"):
        weights = np.exp(scores)
        return weights / weights.sum(axis=1, keepdims=True)


def clipped(scores):
    return naive(np.clip(scores, -700, 700))


def shift_all(scores):
    return naive(scores - scores.max())


def shift_in_place(scores):
    scores -= scores.max(axis=1, keepdims=True)
    return naive(scores)


def divide_by(axis):
    return lambda scores: np.exp(scores) / np.exp(scores).sum(axis=axis, keepdims=True)


def likelihood_by_person(g, q, p):
    return [binom.logpmf(person, 2, shares @ p).sum()
            for person, shares in zip(g, q, strict=True)]  # fmt: skip


def likelihood_of_three_cases(g, q, p):
    h = np.einsum("ik,kj->ij", q, p)
    chances = np.stack([(1 - h) ** 2, 2 * h * (1 - h), h**2])
    return np.log(np.take_along_axis(chances, g[None].astype(int), axis=0)[0]).sum(1)


def plain_terms(g, q, p):
    h = q @ p
    return g * np.log(h) + (2 - g) * np.log(1 - h)


def twice_as_frequent(g, q, p):
    h = 2 * q @ p
    with np.errstate(invalid="ignore"):
        return (g * np.log(h) + (2 - g) * np.log(1 - h)).sum(axis=1)


def one_copy(g, q, p):
    h = q @ p
    terms = g * np.log(h) + (1.0 - g) * np.log(1 - h) + np.log(2) * (g == 1)
    return terms.sum(axis=1)


def step_by_loop(g, q, p):
    q_new, carried, lacking = np.zeros(q.shape), np.zeros(p.shape), np.zeros(p.shape)
    for i, j in np.ndindex(g.shape):
        copies = int(g[i, j]), 2 - int(g[i, j])
        origin = q[i] * p[:, j] / (q[i] @ p[:, j]) * copies[0]
        other = q[i] * (1 - p[:, j]) / (q[i] @ (1 - p[:, j])) * copies[1]
        q_new[i] += (origin + other) / (2 * g.shape[1])
        carried[:, j] += origin
        lacking[:, j] += other
    return q_new, carried / (carried + lacking)


def step_by_einsum(g, q, p):
    h = np.einsum("ik,kj->ij", q, p)
    a = np.einsum("ij,ik,kj->ikj", g / h, q, p)
    b = np.einsum("ij,ik,kj->ikj", (2 - g) / (1 - h), q, 1 - p)
    return (a + b).mean(axis=2) / 2, a.sum(axis=0) / (a + b).sum(axis=0)


def change_step(q_of, p_of=lambda q_new, p_new: p_new):
    """Makes a wrong step out of the right one."""

    def step(g, q, p):
        q_new, p_new = step_by_einsum(g, q, p)
        return q_of(g, q, q_new), p_of(q_new, p_new)

    return step


def p_after_q(g, q, p):
    q_new, _ = step_by_einsum(g, q, p)
    return q_new, step_by_einsum(g, q_new, p)[1]


def q_after_p(g, q, p):
    _, p_new = step_by_einsum(g, q, p)
    return step_by_einsum(g, q, p_new)[0], p_new


def only_carriers(g, q, p):
    _, p_new = step_by_einsum(g, q, p)
    return q * (g / (q @ p) @ p.T) / (2 * g.shape[1]), p_new


def step_in_place(g, q, p):
    q_new, p_new = step_by_einsum(g, q, p)
    q[:] = q_new
    return q, p_new


def start(g, populations, seed):
    rng = np.random.default_rng(seed)
    read = g >= 0
    mean = np.where(read, g, 0).sum(axis=0) / (2 * read.sum(axis=0))
    p = mean + rng.uniform(-0.1, 0.1, size=(populations, g.shape[1]))
    return rng.dirichlet(np.ones(populations), len(g)), p.clip(0.01, 0.99), mean


def expectation_maximisation(g, populations, steps=300, fill=None):
    """Steps that leave gaps out, or fill them first with what `fill` says."""
    q, p, mean = start(g, populations, seed=0)
    read = g >= 0
    if fill:
        g, read = np.where(read, g, fill(mean)), np.full(g.shape, True)
    for _ in range(steps):
        h = (q @ p).clip(1e-6, 1 - 1e-6)
        a, b = np.where(read, g / h, 0), np.where(read, (2.0 - g) / (1 - h), 0)
        carried, lacking = p * (q.T @ a), (1 - p) * (q.T @ b)
        q = q * (a @ p.T + b @ (1 - p).T)
        q /= q.sum(axis=1, keepdims=True)
        p = (carried / (carried + lacking)).clip(1e-3, 1 - 1e-3)
    return q


def gradient_ascent(g, populations, steps=300):
    """Climbs the likelihood of a softmax code and a sigmoid table with Adam."""
    q, p, _ = start(g, populations, seed=1)
    read = g >= 0
    tables = [np.log(q + 0.05), np.log(p / (1 - p))]
    momenta, sizes = [0, 0], [0, 0]
    for step in range(1, steps + 1):
        q, p = softmax(tables[0], axis=1), 1 / (1 + np.exp(-tables[1]))
        h = (q @ p).clip(1e-6, 1 - 1e-6)
        slope = np.where(read, g / h - (2.0 - g) / (1 - h), 0)
        towards = slope @ p.T
        slopes = (
            q * (towards - (q * towards).sum(axis=1, keepdims=True)),
            (p * (1 - p) * (q.T @ slope)),
        )
        for t, grad in enumerate(slopes):
            momenta[t] = 0.9 * momenta[t] + 0.1 * grad
            sizes[t] = 0.99 * sizes[t] + 0.01 * grad**2
            mean, size = momenta[t] / (1 - 0.9**step), sizes[t] / (1 - 0.99**step)
            tables[t] = tables[t] + 0.05 * mean / (np.sqrt(size) + 1e-8)
    return softmax(tables[0], axis=1)


def one_hot_k_means(g, populations):
    labels = KMeans(populations, n_init=3, random_state=0).fit_predict(g)
    return np.eye(populations)[labels]


def frequencies(g, populations):
    return np.full((populations, g.shape[1]), 0.5)


def not_normalised(g, populations):
    return 2 * expectation_maximisation(g, populations, steps=3)


ANSWERS = {
    "assign": Answers(
        right=[assign_by_loop, assign_by_broadcast],
        wrong=[
            (soft_assign, "k-means' Q is one-hot"),
            (lambda x, p: assign_by_loop(x, p).argmax(axis=1), "numbers of the clust"),
            (lambda x, p: assign_by_loop(x, p).T, "transpose it"),
            (lambda x, p: np.eye(len(p))[(x @ p.T).argmax(axis=1)], "largest product"),
            (
                lambda x, p: np.eye(len(p))[
                    np.square(x[:, None] - p).sum(axis=-1).argmax(axis=1)
                ],
                "argmin, not argmax",
            ),
            (
                lambda x, p: np.eye(len(p))[
                    np.abs(x[:, None] - p).sum(axis=-1).argmin(axis=1)
                ],
                "square the differences",
            ),
            (
                lambda x, p: assign_by_loop(x[:, :2], p[:, :2]),
                "sum over all columns of x",
            ),
        ],
    ),
    "update": Answers(
        right=[update_by_loop, update_where_used],
        wrong=[
            (unguarded, "keep the old row of p"),
            (lambda x, q, p: np.nan_to_num(unguarded(x, q, p)), "keeps its old row"),
            (lambda x, q, p: q.T @ x, "these are sums"),
            (lambda x, q, p: q.T @ x / len(x), "not by all rows of x"),
            (lambda x, q, p: update_by_loop(x, q, p).T, "not x.T @ q"),
            (lambda x, q, p: p, "p has not moved"),
            (update_in_place, "it changed the old p"),
            (update_by_label, "q may be soft"),
            (update_by_count, "divide by the sum of the shares"),
        ],
    ),
    "responsibilities": Answers(
        right=[
            lambda scores: softmax(scores, axis=1),
            lambda scores: np.exp(scores - logsumexp(scores, axis=1)[:, None]),
            lambda scores: np.array([softmax(row) for row in scores]),
        ],
        wrong=[
            (naive, "subtract the largest score of each row"),
            (shift_all, "subtract the largest score of each row"),
            (clipped, "do not clip"),
            (lambda s: np.eye(s.shape[1])[s.argmax(axis=1)], "k-means' one-hot Q"),
            (np.exp, "divide by their sum"),
            (divide_by(0), "sum along each row: axis=1"),
            (divide_by(None), "not all rows together"),
            (lambda scores: naive(-scores), "no minus"),
            (lambda scores: np.log(naive(scores)), "logarithms of shares"),
            (shift_in_place, "it changed the scores"),
        ],
    ),
    "log_likelihood": Answers(
        right=[likelihood_by_person, likelihood_of_three_cases],
        wrong=[
            (lambda g, q, p: plain_terms(g, q, p).sum(axis=1), "happen in two ways"),
            (
                lambda g, q, p: (
                    plain_terms(g, q, p).sum(axis=1) + g.shape[1] * np.log(2)
                ),
                "log 2 only where g = 1",
            ),
            (lambda g, q, p: np.sum(likelihood_by_person(g, q, p)), "one number per"),
            (
                lambda g, q, p: np.divide(likelihood_by_person(g, q, p), g.shape[1]),
                "do not average",
            ),
            (
                lambda g, q, p: binom.logpmf(g, 2, q @ p).sum(axis=0),
                "not per SNP: axis=1",
            ),
            (lambda g, q, p: np.negative(likelihood_by_person(g, q, p)), "no minus"),
            (twice_as_frequent, "can be above 1"),
            (one_copy, "a person has two copies"),
            (
                lambda g, q, p: (g * np.log(q @ p)).sum(axis=1),
                "copies without the variant are missing",
            ),
            (
                lambda g, q, p: np.exp(likelihood_by_person(g, q, p)),
                "the logarithm of the probability",
            ),
        ],
    ),
    "admixture_step": Answers(
        right=[step_by_loop, step_by_einsum],
        wrong=[
            (lambda g, q, p: step_by_einsum(g, q, p)[0], "return q_new, p_new"),
            (lambda g, q, p: step_by_einsum(g, q, p)[::-1], "tables are swapped"),
            (
                change_step(lambda g, q, q_new: 2 * q_new),
                "each person has two copies",
            ),
            (
                change_step(lambda g, q, q_new: 2 * g.shape[1] * q_new),
                "divide by the number of copies",
            ),
            (change_step(lambda g, q, q_new: q_new / q), "the old q stands in front"),
            (change_step(lambda g, q, q_new: q), "q has not moved"),
            (only_carriers, "copies without the variant count too"),
            (q_after_p, "use the old p"),
            (p_after_q, "use the old q"),
            (
                change_step(lambda g, q, q_new: q_new, lambda q_new, p_new: 1 - p_new),
                "the share without the variant",
            ),
            (step_in_place, "work on copies"),
        ],
    ),
    "recover_ancestry": Answers(
        right=[expectation_maximisation, gradient_ascent],
        wrong=[
            (one_hot_k_means, "people have ancestors in several populations"),
            (
                lambda g, populations: np.full((len(g), populations), 1 / populations),
                "everybody has the same shares",
            ),
            (not_normalised, "divide each row by its sum"),
            (frequencies, "that is P; return Q"),
            (
                lambda g, populations: one_hot_k_means(g, populations).T,
                "transpose it",
            ),
            (
                lambda g, populations: one_hot_k_means(g, populations).argmax(axis=1),
                "not the number of one",
            ),
            (
                lambda g, populations: expectation_maximisation(g, populations, 20),
                "several hundred times",
            ),
            (
                lambda g, populations: expectation_maximisation(
                    g, populations, fill=np.zeros_like
                ),
                "a gap is not a genotype",
            ),
            (
                lambda g, populations: expectation_maximisation(
                    g, populations, fill=lambda mean: 2 * mean
                ),
                "a gap is not a genotype",
            ),
            (
                lambda g, populations: np.full((len(g), populations), np.nan),
                "not numbers",
            ),
        ],
        slow=True,
    ),
}

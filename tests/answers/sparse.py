"""Answers to the exercises of lesson 08."""

import numpy as np
from keras import ops

from course_utils import losses
from tests.answers import Answers


def coins(first, second):
    return first * ops.log(first / second) + (1 - first) * ops.log(
        (1 - first) / (1 - second)
    )


def activity(z):
    return ops.clip(ops.mean(z, axis=0), 1e-7, 1 - 1e-7)


def kl_with_numpy(z, rho):
    rho_hat = np.clip(np.asarray(z).mean(axis=0), 1e-6, 1 - 1e-6)
    heads = rho * (np.log(rho) - np.log(rho_hat))
    tails = (1 - rho) * (np.log(1 - rho) - np.log(1 - rho_hat))
    return np.sum(heads + tails)


def kl_as_crossentropy_minus_entropy(z, rho):
    rho_hat = activity(z)
    crossentropy = -rho * ops.log(rho_hat) - (1 - rho) * ops.log(1 - rho_hat)
    entropy = -rho * np.log(rho) - (1 - rho) * np.log(1 - rho)
    return ops.sum(crossentropy - entropy)


def kl_unclipped(z, rho):
    with np.errstate(all="ignore"):
        rho_hat = z.mean(axis=0)
        terms = rho * np.log(rho / rho_hat)
        return np.sum(terms + (1 - rho) * np.log((1 - rho) / (1 - rho_hat)))


KL_SPARSITY = Answers(
    right=[kl_with_numpy, kl_as_crossentropy_minus_entropy],
    wrong=[
        (lambda z, rho: ops.sum(coins(activity(z), rho)), "reversed"),
        (lambda z, rho: ops.mean(coins(rho, activity(z))), "mean over the units"),
        (
            lambda z, rho: ops.sum(rho * ops.log(rho / activity(z))),
            "second term is missing",
        ),
        (lambda z, rho: ops.sum(coins(rho, ops.mean(z, axis=1))), "over the batch"),
        (lambda z, rho: coins(rho, ops.mean(z)), "one ρ̂ for each unit"),
        (lambda z, rho: ops.sum(coins(rho, z)), "mean over the batch first"),
        (lambda z, rho: coins(rho, activity(z)), "sum over the units"),
        (lambda z, rho: -kl_with_numpy(z, rho), "never below zero"),
        (lambda z, rho: kl_with_numpy(z, rho) / len(z), "do not divide"),
        (kl_unclipped, "keep ρ̂ off 0 and 1"),
    ],
)


def size(z):
    return ops.cast(ops.shape(z)[0], "float32")


def regulariser_with_sum(z, weight):
    """The sum over the batch of ones counts its pictures."""
    return weight * losses.kl_sparsity(z) * ops.sum(ops.ones_like(z[:, 0]))


def regulariser_by_size(z, weight):
    pictures = ops.size(z) / z.shape[1]
    return ops.cast(pictures, "float32") * losses.kl_sparsity(z) * weight


SPARSITY_REGULARISER = Answers(
    right=[
        lambda z, weight: weight * size(z) * losses.kl_sparsity(z),
        regulariser_with_sum,
        regulariser_by_size,
    ],
    wrong=[
        (lambda z, w: w * losses.kl_sparsity(z), "multiply by its size"),
        (lambda z, w: losses.kl_sparsity(z), "weight and batch size are missing"),
        (lambda z, w: size(z) * losses.kl_sparsity(z), "weight is missing"),
        (lambda z, w: w * size(z) ** 2 * losses.kl_sparsity(z), "once, not twice"),
        (lambda z, w: w * z.shape[1] * losses.kl_sparsity(z), "not the units"),
        (lambda z, w: w * 2 * losses.kl_sparsity(z), "for 6 pictures"),
    ],
)


def selectivity_with_loops(z, labels):
    scores = []
    for unit in np.asarray(z).T:
        means = [unit[labels == label].mean() for label in range(10)]
        best = int(np.argmax(means))
        others = np.mean(means[:best] + means[best + 1 :])
        total = means[best] + others
        scores.append((means[best] - others) / total if total > 0 else 0.0)
    return np.array(scores)


def selectivity_sorted(z, labels):
    chosen = np.eye(10)[labels]
    means = np.sort(chosen.T @ z / chosen.sum(axis=0)[:, None], axis=0)
    most, others = means[-1], means[:-1].mean(axis=0)
    return (most - others) / np.maximum(most + others, 1e-9)


def class_means(z, labels):
    return np.stack([z[labels == label].mean(axis=0) for label in range(10)])


def contrast(most, others):
    return (most - others) / (most + others + 1e-9)


def against_all_ten(z, labels):
    means = class_means(z, labels)
    return contrast(means.max(axis=0), means.mean(axis=0))


def against_the_second(z, labels):
    means = np.sort(class_means(z, labels), axis=0)
    return contrast(means[-1], means[-2])


def undivided(z, labels):
    means = np.sort(class_means(z, labels), axis=0)
    return means[-1] - means[:-1].mean(axis=0)


def of_sums(z, labels):
    sums = np.sort(np.eye(10)[labels].T @ z, axis=0)
    return contrast(sums[-1], sums[:-1].mean(axis=0))


def without_care_for_the_dead(z, labels):
    means = np.sort(class_means(z, labels), axis=0)
    most, others = means[-1], means[:-1].mean(axis=0)
    with np.errstate(all="ignore"):
        return (most - others) / (most + others)


CLASS_SELECTIVITY = Answers(
    right=[selectivity_with_loops, selectivity_sorted],
    wrong=[
        (against_all_ten, "leave the favourite out"),
        (against_the_second, "not the second best"),
        (undivided, "divide by the sum"),
        (lambda z, labels: class_means(z, labels).argmax(axis=0), "how selectively"),
        (of_sums, "means per digit, not sums"),
        (lambda z, y: selectivity_with_loops(z, y).mean(), "one number per unit"),
        (without_care_for_the_dead, "add 1e-9"),
    ],
)


def norm_from_the_jacobian(h, kernel):
    jacobian = (h * (1 - h))[:, :, None] * np.asarray(kernel).T
    return np.sum(jacobian**2, axis=(1, 2))


def norm_as_a_product(h, kernel):
    weights = ops.sum(ops.square(kernel), axis=0)
    return ops.matmul(ops.square(h - ops.square(h)), weights)


JACOBIAN_NORM = Answers(
    right=[norm_from_the_jacobian, norm_as_a_product],
    wrong=[
        (lambda h, w: (h * (1 - h)) @ (w**2).sum(axis=0), "inside the square"),
        (lambda h, w: h**2 @ (w**2).sum(axis=0), "h (1 - h)"),
        (lambda h, w: np.full(len(h), (w**2).sum()), "slope h (1 - h) is missing"),
        (lambda h, w: (h * (1 - h)) ** 2 @ w.sum(axis=0), "W², not W"),
        (lambda h, w: (h * (1 - h)) ** 2 @ w.sum(axis=0) ** 2, "then sum them"),
        (lambda h, w: (1 - h**2) ** 2 @ (w**2).sum(axis=0), "tanh"),
        (lambda h, w: np.sqrt(norm_from_the_jacobian(h, w)), "no root"),
        (lambda h, w: norm_from_the_jacobian(h, w).mean(), "over the batch"),
        (lambda h, w: norm_from_the_jacobian(h, w) / 3, "do not average"),
        (lambda h, w: (h * (1 - h)) ** 2 * (w**2).sum(axis=0), "the last axis"),
        (lambda h, w: (h * (1 - h)) ** 2 @ (w**2).sum(axis=1), "sum over axis 0"),
    ],
)

ANSWERS = {
    "kl_sparsity": KL_SPARSITY,
    "sparsity_regulariser": SPARSITY_REGULARISER,
    "class_selectivity": CLASS_SELECTIVITY,
    "jacobian_norm": JACOBIAN_NORM,
}

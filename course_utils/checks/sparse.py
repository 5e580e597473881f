"""Checks of lesson 08."""

import numpy as np
from keras import layers, ops

from course_utils import losses
from course_utils.checks.engine import check, equal, holds


def _sparsity_regulariser(z, weight):
    batch = ops.cast(ops.shape(z)[0], z.dtype)
    return weight * batch * losses.kl_sparsity(z)


def _class_selectivity(z, labels):
    means = np.stack([z[labels == label].mean(axis=0) for label in range(10)])
    most = means.max(axis=0)
    others = (means.sum(axis=0) - most) / 9
    return (most - others) / (most + others + 1e-9)


@check(ours=losses.kl_sparsity)
def kl_sparsity(answer):
    z = np.array([[0.1, 0.3, 0.5], [0.3, 0.9, 0.7]], "float32")
    rho, seen = 0.1, z.mean(axis=0)
    on, off = rho * np.log(rho / seen), (1 - rho) * np.log((1 - rho) / (1 - seen))
    nats = (on + off).sum()
    mistakes = [
        ((on + off).mean(), "mean over the units: sum over them"),
        (on + off, "one number in all: sum over the units"),
        (_coins(seen, rho).sum(), "the arguments are reversed: KL(ρ‖ρ̂), ρ in front"),
        (_coins(seen, rho).mean(), "the arguments are reversed, and sum over units"),
        (on.sum(), "the second term is missing: a coin also shows tails"),
        (off.sum(), "the first term is missing: ρ log(ρ / ρ̂)"),
        (on.mean(), "the second term is missing, and sum over the units"),
        (_coins(rho, z.mean(axis=1)).sum(), "ρ̂ averages over the batch, axis 0"),
        (_coins(rho, z.mean()), "one ρ̂ for each unit: average over axis 0 only"),
        (_coins(rho, z).sum(), "ρ̂ is an average: take the mean over the batch first"),
        (_coins(rho, z).sum(axis=1), "ρ̂ averages over the batch, axis 0"),
        (_coins(rho, z).mean(axis=0).sum(), "average first, then the logarithm"),
        (-nats, "the sign is wrong: a divergence is never below zero"),
        (nats / 2, "do not divide by the batch: ρ̂ is an average already"),
        (nats / np.log(2), "nats: use the natural logarithm"),
    ]
    hint = "ρ log(ρ/ρ̂) + (1 - ρ) log((1 - ρ)/(1 - ρ̂)), summed over the units"
    yield equal(answer(z, rho), nats, hint, mistakes=mistakes, what="for ρ = 0.1")
    target = "every unit is active 5 % of the time: nothing to pay for ρ = 0.05"
    yield equal(answer(np.full((4, 3), 0.05, "float32"), 0.05), 0.0, target)
    dead = np.array(answer(np.array([[0.0, 0.5], [0.0, 0.5]], "float32"), 0.5))
    yield holds(
        np.isfinite(dead),
        f"a unit that is never active gave {dead}.",
        "keep ρ̂ off 0 and 1: ops.clip(rho_hat, 1e-7, 1 - 1e-7)",
    )


def _coins(first, second):
    off = (1 - first) * np.log((1 - first) / (1 - second))
    return first * np.log(first / second) + off


@check(ours=_sparsity_regulariser)
def sparsity_regulariser(answer):
    z = np.array([[0.1, 0.3, 0.5], [0.3, 0.9, 0.7]], "float32")
    nats = float(losses.kl_sparsity(z))
    known = [
        (1.5 * nats / 2, "Keras divides by the batch: multiply by its size"),
        (nats, "the weight is missing"),
        (nats / 2, "weight and batch size are missing: Keras divides by the batch"),
        (1.5 * nats * 2, "multiply by the batch size once, not twice"),
        (1.5 * nats * 3 / 2, "the batch size is ops.shape(z)[0], not the units"),
    ]
    hint = "return weight × batch size × KL"
    for copies in (1, 3):
        batch = np.tile(z, (copies, 1))
        added = _added_by_keras(answer, batch)
        what = f"from Keras for {len(batch)} pictures"
        mistakes = known if copies == 1 else ()
        yield equal(added, 1.5 * nats, hint, mistakes=mistakes, what=what)


def _added_by_keras(answer, z):
    """Returns what a layer with this regulariser adds to a model's loss."""
    identity = layers.Activation("linear")
    identity.activity_regularizer = lambda z: answer(z, 1.5)
    identity(z)
    return np.asarray(sum(identity.losses))


@check(ours=_class_selectivity)
def class_selectivity(answer):
    labels = np.array([2] * 3 + [d for d in range(10) if d != 2])
    z = np.zeros((12, 4), "float32")
    z[:, 0] = np.where(labels == 2, 3.0, 1.0)  # three against one
    z[:, 1] = np.where(labels == 7, 2.0, 0.0)  # sevens only
    z[:, 2] = 0.5  # all alike
    z[:3, 3], z[3, 3] = (0, 0, 3), 2  # digit 0: two; digit 2: one on average
    means = np.stack([z[labels == label].mean(axis=0) for label in range(10)])
    expected = _class_selectivity(z, labels)
    most, all_ten = means.max(axis=0), means.mean(axis=0)
    second = np.sort(means, axis=0)[-2]
    others = (means.sum(axis=0) - most) / 9
    counted = np.stack([z[labels == label].sum(axis=0) for label in range(10)])
    summed = (counted.sum(axis=0) - counted.max(axis=0)) / 9
    mistakes = [
        (_contrast(most, all_ten), "the nine others: leave the favourite out"),
        (_contrast(most, second), "the mean of the nine others, not the second best"),
        (_contrast(most, 9 * others), "the mean of the nine others, not their sum"),
        (most - others, "divide by the sum of the two"),
        (means.argmax(axis=0), "that is which digit; asked is how selectively"),
        (most / (most + others + 1e-9), "subtract the others in the numerator"),
        ((most - others) / (most + 1e-9), "divide by the sum of the two"),
        (_contrast(counted.max(axis=0), summed), "means per digit, not sums"),
        (_contrast(z.max(axis=0), z.mean(axis=0)), "average inside each digit first"),
        (expected.mean(), "one number per unit: do not average over the units"),
    ]
    got = answer(z, labels)
    yield equal(got, expected, "(most - others) / (most + others)", mistakes=mistakes)
    silent = np.asarray(answer(np.zeros_like(z), labels))
    yield equal(
        silent,
        np.zeros(4),
        "a dead unit has 0/0: add 1e-9 to the denominator",
        what="for units that are never active",
    )


def _contrast(most, others):
    return (most - others) / (most + others + 1e-9)


@check(ours=losses.contractive_penalty)
def jacobian_norm(answer):
    h = np.array([[0.5, 0.9, 0.3], [0.2, 0.5, 0.6]], "float32")
    kernel = np.array([[1, 2, 0], [-3, 0.5, 4], [2, 1, -1]], "float32")
    slope, weights = h * (1 - h), np.sum(kernel**2, axis=0)
    lying = np.sum(kernel**2, axis=1)
    norm = np.sum(slope**2 * weights, axis=1)
    mistakes = [
        (np.sum(slope * weights, axis=1), "h (1 - h) belongs inside the square"),
        (np.sum(h**2 * weights, axis=1), "the slope of a sigmoid is h (1 - h)"),
        (np.sum((1 - h) ** 2 * weights, axis=1), "the slope of a sigmoid is h (1 - h)"),
        (np.sum((1 - h**2) ** 2 * weights, axis=1), "1 - h² is the slope of tanh"),
        (np.full(2, weights.sum()), "the slope h (1 - h) is missing"),
        (weights.sum(), "the slope h (1 - h) is missing"),
        (
            np.sum(slope**2 * kernel.sum(axis=0), axis=1),
            "square the weights: W², not W",
        ),
        (
            np.sum(slope**2 * kernel.sum(axis=0) ** 2, axis=1),
            "square the weights first, then sum them",
        ),
        (np.sum(slope**2 * np.abs(kernel).sum(axis=0), axis=1), "square the weights"),
        (np.sum(slope**2, axis=1), "the weights are missing"),
        (np.sqrt(norm), "the squared norm: no root at the end"),
        (norm.sum(), "one number per picture: do not sum over the batch"),
        (norm.mean(), "one number per picture: do not average over the batch"),
        (norm / 3, "sum over units and pixels, do not average"),
        (slope**2 @ lying, "a unit's weights are a column: sum over axis 0"),
        (slope**2 * weights, "sum over the units, the last axis"),
        (np.sum(slope**2 * weights, axis=0), "sum over the units, not the pictures"),
    ]
    hint = "Σ over units of (h (1 - h))² times the sum of the unit's squared weights"
    yield equal(answer(h, kernel), norm, hint, mistakes=mistakes)
    wide = np.array([[1, 2], [0, 1], [3, 0]], "float32")
    got = answer(np.full((1, 2), 0.5, "float32"), wide)
    yield equal(got, [15 / 16], hint, what="for 3 pixels and 2 units")
    flat = answer(np.array([[0.0, 1.0]], "float32"), wide)
    yield equal(flat, [0.0], "a saturated unit, h = 0 or 1, feels nothing")

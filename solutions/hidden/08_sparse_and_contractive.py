"""Hidden requirements of lesson 08."""

import numpy as np

from course_utils.grading.requirements import close, holds, numbers, requirement

INSIDE = '''
def probe_added_by_keras(z, weight):
    """Returns what a layer with this regulariser adds to a model's loss."""
    import numpy as np
    from keras import layers

    identity = layers.Activation("linear")
    identity.activity_regularizer = lambda z: sparsity_regulariser(z, weight)
    identity(z)
    return np.asarray(sum(identity.losses))
'''


def activations(rng, n=None):
    n = int(rng.integers(4, 9)) if n is None else n
    return rng.uniform(0.05, 0.95, size=(n, int(rng.integers(10, 14)))).astype(
        "float32"
    )


def coins(first, second):
    first, second = np.asarray(first, "float64"), np.asarray(second, "float64")
    heads = first * np.log(first / second)
    return heads + (1 - first) * np.log((1 - first) / (1 - second))


def divergence(z, rho=0.05):
    return coins(rho, z.mean(axis=0, dtype="float64")).sum()


@requirement(
    "kl_sparsity", "is the divergence of the coins, summed over units", weight=2
)
def divergence_of_coins(student, rng):
    z, rho = activations(rng), float(rng.uniform(0.05, 0.3))
    seen = z.mean(axis=0)
    terms, right = coins(rho, seen), divergence(z, rho)
    usual = [
        (terms.mean(), "mean over the units: sum over them"),
        (terms, "one number in all: sum over the units"),
        (coins(seen, rho).sum(), "the arguments are reversed: KL(ρ‖ρ̂), ρ in front"),
        ((rho * np.log(rho / seen)).sum(), "the second term is missing"),
        (coins(rho, z.mean(axis=1)).sum(), "ρ̂ averages over the batch, axis 0"),
        (coins(rho, z.mean()), "one ρ̂ for each unit: average over axis 0 only"),
        (coins(rho, z).sum(), "take the mean over the batch first"),
        (-right, "the sign is wrong: a divergence is never below zero"),
        (right / len(z), "do not divide by the batch: ρ̂ is an average already"),
        (right / np.log(2), "nats: use the natural logarithm"),
    ]
    hint = "ρ log(ρ/ρ̂) + (1 - ρ) log((1 - ρ)/(1 - ρ̂)), summed over the units"
    got = student("kl_sparsity", z, rho)
    return close(got, right, hint, usual=usual, tolerance=1e-3)


@requirement("kl_sparsity", "is zero where every unit meets the target")
def divergence_of_equal_coins(student, rng):
    rho = float(rng.uniform(0.05, 0.4))
    z = np.full((6, 5), rho, "float32")
    z[:3] += 0.04
    z[3:] -= 0.04
    hint = "every unit is active as often as asked: nothing to pay"
    return close(student("kl_sparsity", z, rho), 0.0, hint)


@requirement("kl_sparsity", "is a number for dead and for saturated units")
def divergence_of_the_dead(student, rng):
    z = activations(rng)
    z[:, 0], z[:, 1] = 0, 1
    hint = "keep ρ̂ off 0 and 1: ops.clip(rho_hat, 1e-7, 1 - 1e-7)"
    got = numbers(student("kl_sparsity", z, 0.3), (), hint)
    return holds(divergence(z[:, 2:], 0.3) + 1 < got < 1000, hint)


def added(student, rng, n, weight):
    z = activations(rng, n)
    right = weight * divergence(z)
    usual = [
        (right / n, "Keras divides by the batch: multiply by its size"),
        (right / weight, "the weight is missing"),
        (right / weight / n, "weight and batch size are missing"),
        (right * n, "multiply by the batch size once, not twice"),
        (right * z.shape[1] / n, "the batch size is ops.shape(z)[0], not the units"),
    ]
    got = student("probe_added_by_keras", z, weight)
    hint = "return weight × batch size × KL"
    return close(got, right, hint, usual=usual, tolerance=1e-3)


@requirement("sparsity_regulariser", "adds weight times KL to a model's loss", weight=2)
def loss_of_a_layer(student, rng):
    n = int(rng.integers(5, 9))
    return added(student, rng, n, float(rng.uniform(1.5, 4)))


@requirement("sparsity_regulariser", "adds the same for batches of any size")
def loss_of_any_batch(student, rng):
    for n in rng.permutation([1, 3, 30]):
        missed = added(student, rng, int(n), 0.5)
        if missed:
            return missed
    return None


def units_and_labels(rng):
    labels = rng.permutation(np.concatenate([np.arange(10), rng.integers(0, 10, 60)]))
    z = rng.gamma(0.5, 1, size=(70, int(rng.integers(5, 9)))).astype("float32")
    return z, labels


def contrast(most, others):
    return (most - others) / (most + others + 1e-9)


def means_of(z, labels):
    return np.sort([z[labels == i].mean(axis=0) for i in range(10)], axis=0)


@requirement("class_selectivity", "gives one number for each unit")
def one_selectivity_each(student, rng):
    z, labels = units_and_labels(rng)
    hint = "one number per unit: do not average over the units"
    got = numbers(student("class_selectivity", z, labels), (z.shape[1],), hint)
    return holds(
        got.min() >= 0 and got.max() <= 1, "between 0 and 1: divide by the sum"
    )


@requirement(
    "class_selectivity", "compares the favourite with the nine others", weight=2
)
def favourite_against_others(student, rng):
    z, labels = units_and_labels(rng)
    means = means_of(z, labels)
    most, others = means[-1], means[:-1].mean(axis=0)
    sums = np.sort([z[labels == i].sum(axis=0) for i in range(10)], axis=0)
    usual = [
        (contrast(most, means.mean(axis=0)), "leave the favourite out of the others"),
        (contrast(most, means[-2]), "the mean of the nine others, not the second best"),
        (contrast(most, 9 * others), "the mean of the nine others, not their sum"),
        (most - others, "divide by the sum of the two"),
        (contrast(sums[-1], sums[:-1].mean(axis=0)), "means per digit, not sums"),
        (contrast(z.max(axis=0), z.mean(axis=0)), "average inside each digit first"),
    ]
    hint = "(most - others) / (most + others), with means per digit"
    got = student("class_selectivity", z, labels)
    return close(got, contrast(most, others), hint, usual=usual, tolerance=1e-3)


@requirement("class_selectivity", "is zero for units that are never active")
def selectivity_of_the_dead(student, rng):
    z, labels = units_and_labels(rng)
    z[:, 1] = 0
    z[:, 2] = np.where(labels == rng.integers(10), 1, 0)
    means = means_of(z, labels)
    expected = contrast(means[-1], means[:-1].mean(axis=0))
    hint = "a dead unit has 0/0: add 1e-9 to the denominator"
    got = student("class_selectivity", z, labels)
    return close(got, expected, hint, tolerance=1e-3)


def layer(rng):
    h = rng.uniform(0.05, 0.95, size=(int(rng.integers(4, 8)), 3)).astype("float32")
    return h, rng.normal(size=(int(rng.integers(9, 14)), 3)).astype("float32")


@requirement("jacobian_norm", "gives one number for each picture")
def one_norm_each(student, rng):
    h, kernel = layer(rng)
    hint = "one number per picture: sum over the units, the last axis, only"
    numbers(student("jacobian_norm", h, kernel), (len(h),), hint)


@requirement("jacobian_norm", "is the squared norm of the Jacobian", weight=2)
def norm_of_the_jacobian(student, rng):
    h, kernel = layer(rng)
    jacobian = (h * (1 - h))[:, :, None] * kernel.T
    norm = (jacobian**2).sum(axis=(1, 2))
    slope, weights = h * (1 - h), (kernel**2).sum(axis=0)
    usual = [
        (slope @ weights, "h (1 - h) belongs inside the square"),
        (h**2 @ weights, "the slope of a sigmoid is h (1 - h)"),
        ((1 - h**2) ** 2 @ weights, "1 - h² is the slope of tanh"),
        (np.full(len(h), weights.sum()), "the slope h (1 - h) is missing"),
        (slope**2 @ kernel.sum(axis=0), "square the weights: W², not W"),
        (slope**2 @ kernel.sum(axis=0) ** 2, "square the weights first, then sum them"),
        (np.sqrt(norm), "the squared norm: no root at the end"),
        ((slope**2).sum(axis=1), "the weights are missing"),
    ]
    hint = "Σ over units of (h (1 - h))² times the sum of the unit's squared weights"
    got = student("jacobian_norm", h, kernel)
    return close(got, norm, hint, usual=usual, tolerance=1e-3)


@requirement("jacobian_norm", "is zero for saturated units")
def norm_of_the_saturated(student, rng):
    h, kernel = layer(rng)
    h[0] = rng.integers(0, 2, 3)
    h[1] = 0.5
    expected = (h * (1 - h)) ** 2 @ (kernel**2).sum(axis=0)
    hint = "a saturated unit, h = 0 or 1, feels nothing; one at ½ feels most"
    got = student("jacobian_norm", h, kernel)
    return close(got, expected, hint, tolerance=1e-3)

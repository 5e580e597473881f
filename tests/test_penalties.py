"""Penalties against hand values, scipy, Keras, and two kinds of differentiation."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.stats import entropy

from course_utils import autodiff, losses


def activations(n=6, units=4, seed=0):
    return np.random.default_rng(seed).uniform(0.02, 0.98, (n, units)).astype("float32")


def sigmoid_layer(pixels=7, units=4, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(pixels, units)).astype("float32"), rng.normal(size=units)


def test_l1_penalty_by_hand():
    z = np.array([[1.0, -2.0, 0.0], [0.5, 0.0, 0.0]])
    np.testing.assert_allclose(losses.l1_penalty(z), [3.0, 0.5])


def test_l1_penalty_is_what_keras_adds_times_the_batch():
    z = activations()
    regularizer = keras.regularizers.L1(0.25)
    expected = 0.25 * np.sum(losses.l1_penalty(z))
    np.testing.assert_allclose(regularizer(z), expected, rtol=1e-5)


def test_kl_sparsity_by_hand():
    z = np.array([[0.0, 0.4], [1.0, 0.6]])  # both units are active half the time
    one = 0.25 * np.log(0.25 / 0.5) + 0.75 * np.log(0.75 / 0.5)
    np.testing.assert_allclose(losses.kl_sparsity(z, 0.25), 2 * one, rtol=1e-6)


@pytest.mark.parametrize("rho", [0.05, 0.5, 0.9])
def test_kl_sparsity_agrees_with_scipys_relative_entropy(rho):
    z = activations()
    rho_hat = z.mean(axis=0)
    coins = np.stack([rho_hat, 1 - rho_hat])
    target = np.array([[rho], [1 - rho]]) * np.ones_like(coins)
    expected = entropy(target, coins, axis=0).sum()
    np.testing.assert_allclose(losses.kl_sparsity(z, rho), expected, rtol=1e-5)


def test_kl_sparsity_is_zero_on_target_and_positive_beside_it():
    assert float(losses.kl_sparsity(np.full((3, 5), 0.05), 0.05)) < 1e-9
    for activity in (0.0, 0.04, 0.06, 1.0):
        got = float(losses.kl_sparsity(np.full((3, 5), activity), 0.05))
        assert 0 < got < np.inf


def test_kl_sparsity_does_not_depend_on_how_often_the_images_are_repeated():
    z = activations()
    twice = np.concatenate([z, z])
    np.testing.assert_allclose(
        losses.kl_sparsity(twice), losses.kl_sparsity(z), rtol=1e-5
    )


def test_kl_sparsity_refuses_a_target_that_is_no_probability():
    with pytest.raises(ValueError, match="Received: rho=5"):
        losses.kl_sparsity(activations(), rho=5)


def test_contractive_penalty_by_hand():
    h = np.array([[0.5, 0.5], [0.5, 1.0]])
    kernel = np.array([[4.0, 0.0], [0.0, 8.0]])
    np.testing.assert_allclose(losses.contractive_penalty(h, kernel), [5.0, 1.0])


def test_contractive_penalty_agrees_with_automatic_differentiation():
    kernel, bias = sigmoid_layer()
    x = activations(units=7, seed=1)

    def layer(x):
        return ops.sigmoid(ops.matmul(x, kernel) + ops.cast(bias, "float32"))

    slopes = np.asarray(autodiff.jacobian(layer, x))
    expected = np.sum(slopes**2, axis=(1, 2))
    got = losses.contractive_penalty(layer(x), kernel)
    np.testing.assert_allclose(got, expected, rtol=1e-5)


def test_contractive_penalty_agrees_with_finite_differences():
    kernel, bias = sigmoid_layer()
    x = activations(units=7, seed=1).astype("float64")

    def layer(x):
        return 1 / (1 + np.exp(-x @ kernel - bias))

    step = 1e-5
    rises = [(layer(x + e) - layer(x - e)) / (2 * step) for e in step * np.eye(7)]
    expected = np.sum(np.square(rises), axis=(0, 2))
    got = losses.contractive_penalty(layer(x), kernel.astype("float64"))
    np.testing.assert_allclose(got, expected, rtol=1e-5)


def test_contractive_penalty_refuses_a_kernel_that_lies_on_its_side():
    with pytest.raises(ValueError, match="columns of the kernel"):
        losses.contractive_penalty(activations(), np.ones((4, 7), "float32"))

"""Gradients by automatic differentiation against calculus and finite differences."""

import keras
import numpy as np
import pytest
from keras import ops

from course_utils import autodiff


def test_gradient_by_hand():
    x = np.array([[1.0, -2.0], [3.0, 0.5]], "float32")
    slope = autodiff.gradient(lambda x: ops.sum(x**3, axis=-1), x)
    np.testing.assert_allclose(slope, 3 * x**2, rtol=1e-6)


def test_gradient_treats_the_rows_of_a_batch_apart():
    x = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    together = autodiff.gradient(lambda x: ops.prod(ops.sin(x), axis=-1), x)
    for row, slope in zip(x, together, strict=True):
        alone = autodiff.gradient(lambda x: ops.prod(ops.sin(x), axis=-1), row[None])
        np.testing.assert_allclose(slope, alone[0], rtol=1e-6)


def test_gradient_agrees_with_finite_differences():
    keras.utils.set_random_seed(0)
    network = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(1)]
    )
    x = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    slope = np.asarray(autodiff.gradient(network, x))
    for j, step in enumerate(1e-2 * np.eye(3, dtype="float32")):
        rise = np.asarray(network(x + step) - network(x - step))[:, 0]
        np.testing.assert_allclose(slope[:, j], rise / 2e-2, atol=2e-3)


def test_gradient_refuses_a_function_without_a_path_back():
    with pytest.raises(ValueError, match="no path"):
        autodiff.gradient(lambda x: ops.ones((2, 2)), np.zeros((2, 2), "float32"))


def test_gradient_of_weights_by_hand_and_zero_where_unconnected():
    used, unused = keras.Variable([2.0, 3.0]), keras.Variable([1.0])
    slopes = autodiff.gradient_of_weights(lambda: ops.sum(used**2), [used, unused])
    np.testing.assert_allclose(slopes[0], [4.0, 6.0])
    np.testing.assert_allclose(slopes[1], [0.0])


def test_gradient_of_weights_of_a_model_points_uphill():
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    x = np.array([[1.0, 2.0]], "float32")
    slopes = autodiff.gradient_of_weights(
        lambda: ops.sum(network(x)), network.trainable_variables
    )
    np.testing.assert_allclose(slopes[0], [[1.0], [2.0]])
    np.testing.assert_allclose(slopes[1], [1.0])


def test_jacobian_of_a_linear_map_is_its_matrix():
    matrix = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0]], "float32")
    x = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    slopes = autodiff.jacobian(lambda x: x @ ops.transpose(matrix), x)
    assert slopes.shape == (5, 2, 3)
    np.testing.assert_allclose(slopes, np.broadcast_to(matrix, (5, 2, 3)))


def test_jacobian_of_a_sigmoid_layer_is_its_closed_form():
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(3, 4)).astype("float32")
    x = rng.normal(size=(6, 3)).astype("float32")
    h = 1 / (1 + np.exp(-x @ weights))
    expected = (h * (1 - h))[:, :, None] * weights.T
    slopes = autodiff.jacobian(lambda x: ops.sigmoid(x @ weights), x)
    np.testing.assert_allclose(slopes, expected, atol=1e-5)


def test_jacobian_is_zero_where_the_function_does_not_depend_on_x():
    slopes = autodiff.jacobian(lambda x: ops.ones((2, 4)), np.zeros((2, 3), "float32"))
    np.testing.assert_array_equal(slopes, np.zeros((2, 4, 3)))

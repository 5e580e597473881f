"""Slopes against automatic differentiation, sensitivities against small steps."""

import keras
import numpy as np

from course_utils import autodiff
from course_utils.models import contractive


def sigmoid_layer(pixels=6, units=4, gain=1.0):
    keras.utils.set_random_seed(0)
    layer = keras.layers.Dense(units, "sigmoid", bias_initializer="random_normal")
    encoder = keras.Sequential([keras.Input((pixels,)), layer])
    layer.kernel.assign(gain * layer.kernel)
    return encoder


def pictures(n=5, pixels=6, seed=0):
    return np.random.default_rng(seed).uniform(size=(n, pixels)).astype("float32")


def test_slopes_agree_with_automatic_differentiation():
    encoder, x = sigmoid_layer(), pictures()
    expected = autodiff.jacobian(encoder, x)
    np.testing.assert_allclose(contractive.slopes(encoder, x), expected, atol=1e-6)


def test_sensitivity_agrees_with_small_steps():
    encoder, x = sigmoid_layer(), pictures()
    steps = np.random.default_rng(1).normal(size=(5, 3, 6)).astype("float32")
    h, moved = np.asarray(encoder(x)), []
    for k in range(3):
        length = np.linalg.norm(steps[:, k], axis=1, keepdims=True)
        v = 1e-2 * steps[:, k] / length
        moved.append(np.asarray(encoder(x + v) - encoder(x - v)) / 2e-2)
    spread = np.mean(np.sum((h - h.mean(axis=0)) ** 2, axis=1))
    expected = np.sqrt(np.mean(np.sum(np.square(moved), axis=-1)) / spread)
    got = contractive.sensitivity(encoder, x, steps)
    np.testing.assert_allclose(got, expected, rtol=1e-3)


def test_sensitivity_does_not_depend_on_the_length_of_a_step():
    encoder, x = sigmoid_layer(), pictures()
    steps = np.random.default_rng(1).normal(size=(5, 3, 6)).astype("float32")
    once, twice = (contractive.sensitivity(encoder, x, a * steps) for a in (1, 2))
    np.testing.assert_allclose(once, twice, rtol=1e-5)


def test_a_layer_feels_nothing_where_it_has_no_weights():
    encoder, x = sigmoid_layer(), pictures()
    (layer,) = encoder.layers
    layer.kernel.assign(np.asarray(layer.kernel) * (np.arange(6) < 3)[:, None])
    steps = np.zeros((5, 1, 6), "float32")
    steps[:, :, 4] = 1.0
    assert contractive.sensitivity(encoder, x, steps) == 0


def test_tangents_span_the_plane_that_data_lie_in():
    rng = np.random.default_rng(0)
    plane = np.linalg.qr(rng.normal(size=(6, 2)))[0]
    x_train = (rng.normal(size=(500, 2)) @ plane.T).astype("float32")
    found = contractive.tangents(x_train, x_train[:4])
    for axes in found[:, :2]:
        np.testing.assert_allclose(axes @ plane @ plane.T, axes, atol=1e-4)


def test_tangents_follow_a_curve():
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype("float32")
    found = contractive.tangents(circle, circle[::40], neighbours=5)[:, 0]
    along = np.stack([-circle[::40, 1], circle[::40, 0]], axis=1)
    np.testing.assert_allclose(np.abs(np.sum(found * along, axis=1)), 1, atol=1e-3)

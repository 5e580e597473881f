"""The sampling layer: the right distribution, repeatable, and gradients through it."""

import keras
import numpy as np
from keras import ops

from course_utils import autodiff, layers


def wide(value, n=20_000):
    return np.full((n, 2), value, "float32")


def test_reparameterise_by_hand():
    z_log_var = np.log(np.array([[4.0, 9.0]]))
    z = layers.reparameterise(np.array([[1.0, -1.0]]), z_log_var, np.array([[1.0, 2]]))
    np.testing.assert_allclose(z, [[3.0, 5.0]])


def test_sampling_has_the_mean_and_the_deviation_it_was_given():
    z = np.asarray(layers.Sampling(seed=0)([wide(1.0), wide(np.log(9.0))]))
    np.testing.assert_allclose(z.mean(axis=0), 1, atol=0.1)
    np.testing.assert_allclose(z.std(axis=0), 3, rtol=0.03)
    assert abs(np.corrcoef(z.T)[0, 1]) < 0.03


def test_sampling_repeats_with_its_seed_and_differs_between_calls():
    first, second = layers.Sampling(seed=7), layers.Sampling(seed=7)
    inputs = [wide(0.0, 5), wide(0.0, 5)]
    drawn = np.asarray(first(inputs))
    np.testing.assert_array_equal(drawn, second(inputs))
    assert not np.allclose(drawn, first(inputs))


def test_sampling_stays_finite_for_any_log_variance():
    layer = layers.Sampling(seed=0)
    assert np.isfinite(np.asarray(layer([wide(0.0), wide(1e6)]))).all()
    still = np.asarray(layer([wide(0.5), wide(-1e6)]))
    np.testing.assert_allclose(still, 0.5, atol=1e-3)


def test_gradients_flow_through_the_sample_to_both_parameters():
    """dz/dz_mean = 1 and dz/dz_log_var = (z - z_mean) / 2."""
    z_mean, z_log_var = wide(0.3, 4), wide(-0.7, 4)
    layer = layers.Sampling(seed=3)
    z = np.asarray(layers.Sampling(seed=3)([z_mean, z_log_var]))
    slope = autodiff.gradient(lambda m: layer([m, z_log_var]), z_mean)
    np.testing.assert_allclose(slope, 1.0)
    layer = layers.Sampling(seed=3)
    slope = autodiff.gradient(lambda v: layer([z_mean, v]), z_log_var)
    np.testing.assert_allclose(slope, (z - z_mean) / 2, rtol=1e-5, atol=1e-6)


def test_sampling_works_with_symbolic_shapes_and_survives_its_config():
    z_mean, z_log_var = keras.Input((3,)), keras.Input((3,))
    assert layers.Sampling()([z_mean, z_log_var]).shape == (None, 3)
    copy = layers.Sampling.from_config(
        layers.Sampling(seed=5, name="draw").get_config()
    )
    assert (copy.seed, copy.name) == (5, "draw")
    assert ops.shape(copy([wide(0.0, 2), wide(0.0, 2)])) == (2, 2)

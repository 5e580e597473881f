"""The fully convolutional denoiser: sizes, bridges, and that it learns to clean."""

import keras
import numpy as np
import pytest

from course_utils import corruptions, losses, metrics, training
from course_utils.models import denoising


@pytest.mark.parametrize("shape", [(28, 28), (27, 41), (5, 6), (96, 64)])
def test_a_picture_of_any_size_keeps_its_size(shape):
    model = denoising.conv_denoiser((4, 6, 8))
    x_hat = np.asarray(model(np.zeros((2, *shape, 1), "float32")))
    assert x_hat.shape == (2, *shape, 1)
    assert x_hat.min() >= 0
    assert x_hat.max() <= 1


def test_its_weights_do_not_depend_on_the_size_and_can_be_counted_by_hand():
    down = 16 * 4 + 4 + 16 * 4 * 6 + 6
    up = 16 * 6 * 4 + 4 + 16 * (4 + 4) + 1
    last = 9 * 2 + 1
    assert denoising.conv_denoiser((4, 6)).count_params() == down + up + last


def test_one_halving_is_enough_and_none_is_refused():
    assert denoising.conv_denoiser((4,))(np.zeros((1, 8, 8, 1))).shape == (1, 8, 8, 1)
    with pytest.raises(ValueError, match=r"Received: filters=\(\)"):
        denoising.conv_denoiser(())


def test_a_pixel_moves_only_what_is_near_it():
    """Fully convolutional: the reach is bounded, whatever the size."""
    keras.utils.set_random_seed(0)
    model = denoising.conv_denoiser((4, 6))
    x = np.full((1, 96, 96, 1), 0.5, "float32")
    other = x.copy()
    other[0, 48, 48] = 1
    moved = np.abs(np.asarray(model(x)) - np.asarray(model(other)))[0, ..., 0] > 0
    assert moved[48, 48]
    assert not moved[:32].any()
    assert not moved[64:].any()


def test_a_bridge_cuts_what_comes_from_below_to_the_size_beside_it():
    below, beside = np.zeros((1, 8, 6, 3)), np.ones((1, 7, 5, 2))
    joined = np.asarray(denoising.Bridge()([below, beside]))
    assert joined.shape == (1, 7, 5, 5)
    np.testing.assert_array_equal(joined.sum(axis=-1), 2)


@pytest.mark.slow
def test_it_learns_to_remove_noise_from_stripes():
    rng = np.random.default_rng(0)
    phase = rng.integers(0, 8, size=(2000, 1, 1, 1))
    x = ((np.arange(16)[:, None] + np.arange(16) + phase[:, 0]) % 8 < 4)[..., None]
    x = x.astype("float32")
    noisy = corruptions.add_noise(x, 0.4, rng)
    model = denoising.conv_denoiser((8, 16))
    training.fit(
        model,
        noisy[:1500],
        x[:1500],
        loss=losses.binary_crossentropy,
        epochs=5,
        batch_size=32,
        peak=0.01,
        seed=0,
        verbose=False,
    )
    cleaned = np.asarray(model(noisy[1500:]))
    gain = metrics.psnr(x[1500:], cleaned) - metrics.psnr(x[1500:], noisy[1500:])
    assert gain.mean() > 5

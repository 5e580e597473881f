"""Scores against hand values and scikit-learn, at both ends."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from course_utils import metrics


@pytest.fixture
def pictures():
    return np.random.default_rng(0).uniform(size=(4, 28, 28, 1)).astype("float32")


def test_psnr_of_an_error_of_a_tenth_is_twenty_decibels():
    x = np.full((3, 8, 8, 1), 0.5)
    np.testing.assert_allclose(metrics.psnr(x, x + 0.1), [20, 20, 20], rtol=1e-4)


def test_psnr_scores_each_picture_by_itself_and_stays_finite(pictures):
    worse = pictures.copy()
    worse[1] = 1 - worse[1]
    scores = metrics.psnr(pictures, worse)
    assert scores.shape == (4,)
    assert scores[1] < 10
    np.testing.assert_allclose(scores[[0, 2, 3]], 100)


def test_psnr_of_black_against_white_is_zero():
    assert metrics.psnr(np.zeros((1, 4, 4)), np.ones((1, 4, 4)))[0] == 0


def test_psnr_inside_a_mask_sees_nothing_else(pictures):
    mask = np.zeros(pictures.shape, bool)
    mask[:, 3:5] = True
    off_by_a_tenth = np.where(mask, pictures + 0.1, 1 - pictures)
    scores = [metrics.psnr_inside(pictures, off_by_a_tenth, m) for m in (mask, ~mask)]
    assert scores[0] == pytest.approx(20, abs=1e-3)
    assert scores[1] < 10
    assert metrics.psnr_inside(pictures, pictures, mask) == pytest.approx(100)


def test_psnr_inside_pools_the_pixels_of_all_pictures():
    x, x_hat = np.zeros((2, 2, 2)), np.zeros((2, 2, 2))
    x_hat[1] = 0.2
    score = metrics.psnr_inside(x, x_hat, np.ones(x.shape, bool))
    assert score == pytest.approx(-10 * np.log10(0.02), abs=1e-4)


@pytest.mark.parametrize("mask", [np.zeros((4, 28, 28, 1)), np.ones((4, 28, 28))])
def test_psnr_inside_refuses_a_mask_that_hides_nothing_or_broadcasts(pictures, mask):
    with pytest.raises(ValueError, match="Expected a mask of shape"):
        metrics.psnr_inside(pictures, pictures, mask)


def test_ssim_is_one_for_equal_pictures_and_near_zero_for_noise(pictures):
    other = np.random.default_rng(1).uniform(size=pictures.shape)
    np.testing.assert_allclose(metrics.ssim(pictures, pictures), 1, atol=1e-5)
    assert np.abs(metrics.ssim(pictures, other)).max() < 0.1


def test_ssim_takes_colour_and_pictures_without_channels(pictures):
    grey = metrics.ssim(pictures[..., 0], pictures[::-1, ..., 0])
    np.testing.assert_allclose(metrics.ssim(pictures, pictures[::-1]), grey, atol=1e-5)
    colour = np.repeat(pictures, 3, axis=-1)
    np.testing.assert_allclose(metrics.ssim(colour, colour[::-1]), grey, atol=1e-5)


@pytest.mark.parametrize("score", [metrics.psnr, metrics.ssim])
def test_scores_refuse_to_broadcast(score, pictures):
    with pytest.raises(ValueError, match=r"same shape. Received: \(4, 28, 28, 1\)"):
        score(pictures, pictures[:1])


def test_ssim_refuses_rows():
    rows = np.zeros((2, 784))
    with pytest.raises(ValueError, match=r"Received: shape \(2, 784\)"):
        metrics.ssim(rows, rows)


def test_pca_agrees_with_scikit_learn():
    rng = np.random.default_rng(2)
    mixing = rng.normal(size=(12, 12))
    x_train, x = rng.normal(size=(300, 12)) @ mixing + 3, rng.normal(size=(20, 12))
    fitted = PCA(5).fit(x_train)
    expected = fitted.inverse_transform(fitted.transform(x))
    pca = metrics.PCA(x_train)
    np.testing.assert_allclose(pca.copy(x, 5), expected, rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(
        pca.variances[:5], fitted.explained_variance_ * 299 / 300, rtol=1e-4
    )
    error = 0.5 * np.sum((x - expected) ** 2, axis=1).mean()
    assert pca.curve(x, [5])[0] == pytest.approx(error, rel=1e-3)


def test_pca_at_both_ends(pictures):
    pca = metrics.PCA(pictures)
    mean = pictures.mean(axis=0, keepdims=True)
    np.testing.assert_allclose(
        pca.copy(pictures, 0),
        np.broadcast_to(mean, pictures.shape),
        rtol=1e-5,
    )
    none, some, all_of_it = pca.curve(pictures, [0, 2, 784])
    assert none > some > all_of_it
    assert all_of_it < 1e-6


def test_a_linear_probe_reads_codes_that_tell_and_guesses_at_those_that_do_not():
    rng = np.random.default_rng(3)
    y = np.arange(2000) % 10
    telling = np.eye(10)[y] + 0.05 * rng.normal(size=(2000, 10))
    silent = rng.normal(size=(2000, 10))
    halves = [slice(0, 1000), slice(1000, 2000)]

    def accuracy(z):
        learn, read = halves
        return metrics.linear_probe_accuracy(z[learn], y[learn], z[read], y[read])

    assert accuracy(telling) == 1
    assert accuracy(1000 * telling + 7) == 1
    assert accuracy(silent) < 0.2

"""Losses against hand values, Keras, and their definitions by Monte Carlo."""

import keras
import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm

from course_utils import losses

PAIRS = [losses.squared_error, losses.binary_crossentropy, losses.kl_divergence]


def pictures(n=5, seed=0):
    return np.random.default_rng(seed).uniform(size=(n, 28, 28, 1)).astype("float32")


def posteriors(n=4, latent_dim=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, n, latent_dim)).astype("float32")


def test_squared_error_by_hand():
    x, x_hat = np.array([[0.0, 0.5, 1.0]]), np.array([[1.0, 0.5, 0.0]])
    np.testing.assert_allclose(losses.squared_error(x, x_hat), [1.0])


def test_squared_error_is_a_gaussian_of_unit_variance():
    x, x_hat = pictures(seed=0), pictures(seed=1)
    log_density = norm.logpdf(x, x_hat).sum(axis=(1, 2, 3))
    expected = -log_density - 784 * 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(losses.squared_error(x, x_hat), expected, rtol=1e-4)


def test_binary_crossentropy_by_hand():
    x, x_hat = np.array([[1.0, 0.0, 0.5]]), np.array([[0.5, 0.25, 0.5]])
    expected = np.log(2) - np.log(0.75) + np.log(2)
    np.testing.assert_allclose(losses.binary_crossentropy(x, x_hat), [expected])


def test_binary_crossentropy_is_784_times_the_mean_of_keras():
    x, x_hat = pictures(seed=0), pictures(seed=1)
    per_pixel = keras.losses.binary_crossentropy(x, x_hat, axis=[1, 2, 3])
    nats = losses.binary_crossentropy(x, x_hat)
    np.testing.assert_allclose(nats, 784 * np.asarray(per_pixel), rtol=1e-4)


def test_binary_crossentropy_stays_finite_at_certainty():
    x, x_hat = np.array([[1.0, 0.0]]), np.array([[0.0, 0.0]])
    nats = losses.binary_crossentropy(x, x_hat)
    np.testing.assert_allclose(nats, [-np.log(1e-7)], rtol=1e-3)


def test_reconstruction_losses_do_not_depend_on_the_layout_of_the_pixels():
    x, x_hat = pictures(seed=0), pictures(seed=1)
    for loss in (losses.squared_error, losses.binary_crossentropy):
        flat = loss(x.reshape(5, 784), x_hat.reshape(5, 784))
        assert flat.shape == (5,)
        np.testing.assert_allclose(loss(x, x_hat), flat, rtol=1e-5)


def test_entropy_floor_is_zero_for_black_and_white():
    x = (pictures() > 0.5).astype("float32")
    np.testing.assert_allclose(losses.entropy_floor(x), 0, atol=1e-3)


def test_entropy_floor_of_grey_is_the_least_crossentropy():
    x = np.full((1, 2), 0.3)
    best = min(
        float(losses.binary_crossentropy(x, np.full((1, 2), p))[0])
        for p in np.linspace(0.01, 0.99, 99)
    )
    np.testing.assert_allclose(losses.entropy_floor(x), [best], rtol=1e-6)


def test_kl_divergence_by_hand():
    z_mean = np.array([[0.0, 0.0], [1.0, 2.0], [0.0, 0.0]])
    z_log_var = np.array([[0.0, 0.0], [0.0, 0.0], [np.log(4), np.log(4)]])
    expected = [0.0, 2.5, 4 - 1 - np.log(4)]
    nats = losses.kl_divergence(z_mean, z_log_var)
    np.testing.assert_allclose(nats, expected, atol=1e-12)


def test_kl_divergence_agrees_with_its_definition():
    """E_q[log q(z) - log p(z)], estimated from 100,000 samples of q."""
    z_mean, z_log_var = posteriors()
    sigma = np.exp(0.5 * z_log_var)
    z = z_mean + sigma * np.random.default_rng(1).normal(size=(100_000, 4, 3))
    log_ratio = norm.logpdf(z, z_mean, sigma) - norm.logpdf(z)
    expected = log_ratio.sum(axis=-1).mean(axis=0)
    nats = losses.kl_divergence(z_mean, z_log_var)
    np.testing.assert_allclose(nats, expected, rtol=0.02)


def test_kl_per_latent_sums_to_the_divergence_and_is_never_negative():
    z_mean, z_log_var = posteriors(n=100)
    terms = np.asarray(losses.kl_per_latent(z_mean, z_log_var))
    assert terms.min() >= 0
    nats = losses.kl_divergence(z_mean, z_log_var)
    np.testing.assert_allclose(terms.sum(axis=-1), nats, rtol=1e-5)


def test_gaussian_log_density_agrees_with_scipy():
    mean, log_var = posteriors()
    z = np.random.default_rng(2).normal(size=(7, 4, 3))
    expected = norm.logpdf(z, mean, np.exp(0.5 * log_var)).sum(axis=-1)
    density = losses.gaussian_log_density(z, mean, log_var)
    np.testing.assert_allclose(density, expected, rtol=1e-5)


def test_gaussian_log_density_has_the_prior_as_its_default():
    z = np.random.default_rng(3).normal(size=(6, 2))
    expected = multivariate_normal(np.zeros(2)).logpdf(z)
    np.testing.assert_allclose(losses.gaussian_log_density(z), expected, rtol=1e-6)


def test_elbo_by_hand():
    x, x_hat = np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]])
    z_mean, z_log_var = np.array([[2.0]]), np.array([[0.0]])
    bound = losses.elbo(x, x_hat, z_mean, z_log_var)
    np.testing.assert_allclose(bound, [-2 * np.log(2) - 2.0])


def test_importance_weighted_bound_by_hand():
    log_weights = np.log(np.array([[0.1, 0.5], [0.3, 0.5]]))
    bound = losses.importance_weighted_bound(log_weights)
    np.testing.assert_allclose(bound, np.log([0.2, 0.5]))


def test_importance_weighted_bound_survives_weights_that_underflow():
    log_weights = np.array([[-1000.0], [-1001.0]])
    bound = losses.importance_weighted_bound(log_weights)
    np.testing.assert_allclose(bound, logsumexp(log_weights, axis=0) - np.log(2))


def test_bounds_tighten_towards_the_known_evidence_of_a_linear_model():
    """x = z + noise with z, noise ~ N(0, 1): p(x) = N(0, 2) is known exactly."""
    x, rng = 1.5, np.random.default_rng(0)
    mean, log_var = np.array([0.3]), np.array([np.log(0.8)])  # not the true posterior
    z = mean + np.exp(0.5 * log_var) * rng.normal(size=(64, 20_000, 1))
    log_weights = (
        norm.logpdf(x, z[..., 0])
        + np.asarray(losses.gaussian_log_density(z))
        - np.asarray(losses.gaussian_log_density(z, mean, log_var))
    )
    evidence = norm.logpdf(x, 0, np.sqrt(2))
    bounds = [
        float(np.mean(losses.importance_weighted_bound(log_weights[:k])))
        for k in (1, 8, 64)
    ]
    assert bounds[0] < bounds[1] < bounds[2] < evidence
    assert evidence - bounds[0] > 0.1
    assert evidence - bounds[2] < 0.02
    divergence = float(losses.kl_divergence(mean[None], log_var[None])[0])
    expected_log_likelihood = norm.logpdf(x, 0.3) - 0.5 * 0.8
    assert bounds[0] == pytest.approx(expected_log_likelihood - divergence, abs=0.02)


@pytest.mark.parametrize("loss", PAIRS)
def test_losses_refuse_to_broadcast(loss):
    with pytest.raises(ValueError, match=r"Received: \(4, 3\) and \(1, 3\)"):
        loss(np.zeros((4, 3)), np.zeros((1, 3)))


def test_elbo_refuses_to_broadcast():
    x, z = np.zeros((4, 3)), np.zeros((4, 2))
    with pytest.raises(ValueError, match="same shape"):
        losses.elbo(x, x[:1], z, z)
    with pytest.raises(ValueError, match="same shape"):
        losses.elbo(x, x, z, z[:, :1])

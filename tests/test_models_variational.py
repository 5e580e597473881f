"""The variational autoencoder: its loss is minus the ELBO, and it learns."""

import keras
import numpy as np
import pytest
from keras import ops

from course_utils import losses, training
from course_utils.models import variational


def pictures(n=6, seed=0):
    return np.random.default_rng(seed).uniform(size=(n, 28, 28, 1)).astype("float32")


def blobs(n=256):
    """Pictures with one factor: a bright square whose column varies."""
    x = np.zeros((n, 28, 28, 1), "float32")
    for picture, column in zip(x, np.arange(n) % 20, strict=True):
        picture[10:18, column : column + 8] = 1
    return x


def loss_of(model, x):
    outputs = model(x)
    return float(model.compute_loss(x=x, y_pred=outputs)), outputs


@pytest.mark.parametrize(
    "build", [variational.dense_vae, variational.conv_vae], ids=["dense", "conv"]
)
def test_builders_keep_the_shape_of_the_pictures(build):
    model = build(3)
    x_hat, z_mean, z_log_var = model(pictures())
    assert x_hat.shape == (6, 28, 28, 1)
    assert z_mean.shape == z_log_var.shape == (6, 3)
    assert 0 <= float(ops.min(x_hat)) <= float(ops.max(x_hat)) <= 1
    assert model.decoder(np.zeros((2, 3), "float32")).shape == (2, 28, 28, 1)


def test_dense_builder_takes_flat_pictures():
    model = variational.dense_vae(2, hidden=(8,), shape=(784,))
    assert model(pictures().reshape(6, 784))[0].shape == (6, 784)


def test_conv_builder_has_the_published_number_of_parameters():
    """By hand: (9 + 1) * 32, (9 * 32 + 1) * 64, 3136 * 16 + 16, twice 16 * 2 + 2."""
    encoder = 320 + 18_496 + 50_192 + 2 * 34
    decoder = (2 * 3136 + 3136) + (9 * 64 + 1) * 64 + (9 * 64 + 1) * 32 + 9 * 32 + 1
    model = variational.conv_vae(2)
    assert model.encoder.count_params() == encoder
    assert model.decoder.count_params() == decoder


def test_loss_is_minus_the_elbo():
    model, x = variational.dense_vae(2, hidden=(8,), seed=0), pictures()
    loss, (x_hat, z_mean, z_log_var) = loss_of(model, x)
    elbo = losses.elbo(x, x_hat, z_mean, z_log_var)
    assert loss == pytest.approx(-float(ops.mean(elbo)), rel=1e-5)


def test_beta_weighs_the_divergence_and_the_trackers_do_not():
    model, x = variational.dense_vae(2, hidden=(8,), beta=3.0), pictures()
    loss, (x_hat, *posterior) = loss_of(model, x)
    error = float(ops.mean(losses.binary_crossentropy(x, x_hat)))
    divergence = float(ops.mean(losses.kl_divergence(*posterior)))
    assert loss == pytest.approx(error + 3 * divergence, rel=1e-5)
    assert float(model.reconstruction_tracker.result()) == pytest.approx(
        error, rel=1e-5
    )
    assert float(model.kl_tracker.result()) == pytest.approx(divergence, rel=1e-5)


def test_losses_can_be_replaced():
    def nothing(z_mean, z_log_var):
        return ops.zeros(ops.shape(z_mean)[:1])

    model = variational.dense_vae(
        2, hidden=(8,), reconstruction=losses.squared_error, divergence=nothing
    )
    x = pictures()
    loss, (x_hat, _, _) = loss_of(model, x)
    expected = float(ops.mean(losses.squared_error(x, x_hat)))
    assert loss == pytest.approx(expected, rel=1e-5)


def test_without_noise_the_code_is_the_mean():
    model, x = variational.dense_vae(2, hidden=(8,), noise=False), pictures()
    x_hat, z_mean, _ = model(x)
    np.testing.assert_array_equal(x_hat, model.decoder(z_mean))
    noisy = variational.dense_vae(2, hidden=(8,))
    assert not np.allclose(noisy(x)[0], noisy(x)[0], atol=1e-7)


def test_a_negative_beta_is_refused():
    with pytest.raises(ValueError, match="beta=-1"):
        variational.dense_vae(2, beta=-1)


@pytest.mark.slow
@pytest.mark.parametrize("jit", [True, False])
def test_training_reports_its_terms_and_beats_a_constant_picture(jit):
    keras.utils.set_random_seed(0)
    x = blobs()
    model = variational.dense_vae(2, hidden=(64,))
    kept = training.fit(
        model, x, epochs=40, batch_size=32, peak=0.01, validation_data=(x,),
        jit_compile=jit, verbose=False,
    )  # fmt: skip
    report = model.evaluate(x, batch_size=128, verbose=0, return_dict=True)
    assert set(report) == {"loss", "reconstruction_loss", "kl_divergence"}
    terms = report["reconstruction_loss"] + report["kl_divergence"]
    assert report["loss"] == pytest.approx(terms, rel=1e-4)
    constant = np.broadcast_to(x.mean(axis=0), x.shape)
    assert kept["val_loss"] < 0.6 * float(
        np.mean(losses.binary_crossentropy(x, constant))
    )
    assert report["kl_divergence"] > 1

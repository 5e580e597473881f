"""Dense autoencoders: their shapes, their sizes, and that they learn."""

import keras
import numpy as np
import pytest

from course_utils import losses, metrics, training
from course_utils.models import dense


@pytest.mark.parametrize("shape", [(784,), (28, 28, 1), (6, 5, 3)])
@pytest.mark.parametrize("hidden", [(), (16,), (16, 8)])
def test_copies_have_the_shape_of_the_pictures_and_lie_between_0_and_1(shape, hidden):
    autoencoder = dense.dense_autoencoder(3, hidden, shape=shape)
    x = np.random.default_rng(0).uniform(size=(2, *shape)).astype("float32")
    z = keras.ops.convert_to_numpy(autoencoder.get_layer("encoder")(x))
    x_hat = keras.ops.convert_to_numpy(autoencoder.get_layer("decoder")(z))
    assert z.shape == (2, 3)
    assert x_hat.shape == x.shape
    assert x_hat.min() >= 0
    assert x_hat.max() <= 1
    np.testing.assert_allclose(autoencoder(x), x_hat, rtol=1e-5)


def test_the_number_of_weights_is_the_one_worked_by_hand():
    expected = (784 * 32 + 32) + (32 * 784 + 784)
    assert dense.dense_autoencoder(32, ()).count_params() == expected
    expected = (784 * 9 + 9) + (9 * 2 + 2) + (2 * 9 + 9) + (9 * 784 + 784)
    assert dense.dense_autoencoder(2, (9,)).count_params() == expected


def test_the_decoder_mirrors_the_encoder():
    autoencoder = dense.dense_autoencoder(2, (16, 8))
    widths = [
        layer.units
        for half in ("encoder", "decoder")
        for layer in autoencoder.get_layer(half).layers
        if isinstance(layer, keras.layers.Dense)
    ]
    assert widths == [16, 8, 2, 8, 16, 784]


def test_a_linear_code_takes_both_signs_and_a_relu_code_does_not():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).uniform(size=(50, 784)).astype("float32")
    linear = dense.dense_encoder(8, ())(x)
    relu = dense.dense_encoder(8, (), code_activation="relu")(x)
    assert np.min(linear) < 0 < np.max(linear)
    assert np.min(relu) == 0


@pytest.mark.parametrize("build", [dense.dense_encoder, dense.dense_decoder])
def test_a_code_needs_at_least_one_number(build):
    with pytest.raises(ValueError, match="Received: latent_dim=0"):
        build(0)


def test_it_learns_pictures_that_two_numbers_describe():
    """A bright column whose place and width vary: PCA with two axes cannot follow."""
    rng = np.random.default_rng(0)
    place, width = rng.uniform(6, 22, (2000, 1)), rng.uniform(1, 4, (2000, 1))
    column = np.exp(-(((np.arange(28) - place) / width) ** 2))
    x = np.tile(column, 4).astype("float32")
    autoencoder = dense.dense_autoencoder(2, (64,), shape=(112,))
    history = training.fit(
        autoencoder, x, x, loss=losses.squared_error, epochs=20, batch_size=50,
        peak=0.01, validation_data=(x, x), seed=0, verbose=False,
    )  # fmt: skip
    assert history["val_loss"] < metrics.PCA(x).curve(x, [2])[0] / 2

"""Convolutional autoencoders: shapes, weights by hand, and that they learn."""

import keras
import numpy as np
import pytest
from keras import ops

from course_utils import losses, training
from course_utils.models import convolutional


def pictures(n=4, shape=(28, 28, 1), seed=0):
    return np.random.default_rng(seed).uniform(size=(n, *shape)).astype("float32")


@pytest.mark.parametrize("shape", [(28, 28, 1), (48, 32, 3)])
def test_an_autoencoder_keeps_the_shape_and_the_range_of_its_pictures(shape):
    model = convolutional.conv_autoencoder(5, shape=shape)
    x_hat = model(pictures(shape=shape))
    assert x_hat.shape == (4, *shape)
    assert 0 <= float(ops.min(x_hat)) <= float(ops.max(x_hat)) <= 1


def test_the_two_halves_are_reached_by_name_and_make_the_whole():
    model, x = convolutional.conv_autoencoder(5), pictures()
    encoder, decoder = model.get_layer("encoder"), model.get_layer("decoder")
    assert encoder(x).shape == (4, 5)
    np.testing.assert_allclose(decoder(encoder(x)), model(x), atol=1e-6)


def test_an_autoencoder_has_the_weights_counted_by_hand():
    """Kernel cells times channels in, plus one bias, times channels out."""
    down = (16 + 1) * 16 + (16 * 16 + 1) * 32
    code = (7 * 7 * 32 + 1) * 10
    back = (10 + 1) * 7 * 7 * 32
    up = (16 * 32 + 1) * 16 + (16 * 16 + 1) * 1
    model = convolutional.conv_autoencoder(10)
    assert model.count_params() == down + code + back + up


def test_filters_decide_how_often_the_picture_is_halved():
    encoder = convolutional.conv_encoder(3, filters=(4, 8, 16), shape=(32, 32, 1))
    assert encoder.layers[2].output.shape == (None, 4, 4, 16)
    decoder = convolutional.conv_decoder(3, filters=(4, 8, 16), shape=(32, 32, 1))
    assert decoder.layers[1].output.shape == (None, 4, 4, 16)
    assert decoder.output_shape == (None, 32, 32, 1)


def test_the_code_is_linear_and_not_cut_at_zero():
    codes = convolutional.conv_encoder(50)(pictures())
    assert float(ops.min(codes)) < 0 < float(ops.max(codes))


@pytest.mark.parametrize("build", ["conv_encoder", "conv_decoder", "conv_autoencoder"])
@pytest.mark.parametrize(
    "options", [{"shape": (30, 28, 1)}, {"filters": ()}, {"filters": (4, 4, 4)}]
)
def test_a_picture_that_cannot_be_halved_is_refused(build, options):
    with pytest.raises(ValueError, match="Received: filters="):
        getattr(convolutional, build)(2, **options)


@pytest.mark.parametrize(("kernel_size", "smooth"), [(3, False), (4, True), (2, True)])
def test_a_kernel_that_the_stride_divides_leaves_no_checkerboard(kernel_size, smooth):
    """With equal weights and no bias, a pixel tells how many stamps lie on it."""
    decoder = convolutional.conv_decoder(1, (1,), (16, 16, 1), kernel_size)
    layer = decoder.layers[-1]
    layer.kernel.assign(np.full(layer.kernel.shape, 0.1))
    stamps = layer(np.ones((1, 8, 8, 1)))
    inside = ops.convert_to_numpy(stamps)[0, 2:-2, 2:-2, 0]
    assert (np.ptp(inside) < 1e-5) == smooth


@pytest.mark.slow
def test_it_learns_where_a_square_stands():
    keras.utils.set_random_seed(0)
    x = np.zeros((400, 28, 28, 1), "float32")
    for i, picture in enumerate(x):
        row, column = divmod(i, 20)
        picture[row : row + 8, column : column + 8] = 1
    order = np.random.default_rng(0).permutation(400)
    train, test = x[order[:320]], x[order[320:]]
    run = training.fit(
        convolutional.conv_autoencoder(8), train, train, epochs=30, batch_size=32,
        loss=losses.binary_crossentropy, peak=0.005, validation_data=(test, test),
        verbose=False,
    )  # fmt: skip
    mean = np.broadcast_to(train.mean(axis=0), test.shape)
    lazy = float(ops.mean(losses.binary_crossentropy(test, mean)))
    assert run["val_loss"] < 0.3 * lazy

"""The overcomplete autoencoder and its penalties, by hand and against Keras."""

import keras
import numpy as np
import pytest

from course_utils import losses, training
from course_utils.models import sparse


def pictures(n=8, seed=0):
    return np.random.default_rng(seed).uniform(size=(n, 784)).astype("float32")


def built(units=20, seed=0, **options):
    keras.utils.set_random_seed(seed)
    return sparse.overcomplete(units, **options)


def trained(model):
    x = pictures(64)
    training.fit(model, x, epochs=2, batch_size=16, peak=0.01, verbose=False)
    return model


def test_shapes_and_range():
    model = built()
    x_hat = np.asarray(model(pictures()))
    assert x_hat.shape == (8, 784)
    assert 0 <= x_hat.min() <= x_hat.max() <= 1
    assert sparse.encode(model, pictures()).shape == (8, 20)


def test_atoms_keep_length_one_in_training():
    model = built()
    trained(sparse.PenalisedAutoencoder(model, losses.l1_penalty, 0.1))
    kernel = np.asarray(model.get_layer("decoder").layers[0].kernel)
    np.testing.assert_allclose(np.linalg.norm(kernel, axis=1), 1, rtol=1e-4)


def test_an_atom_is_what_a_unit_adds_to_the_picture():
    model = built()
    silent, one = np.zeros((2, 1, 20), "float32")
    one[0, 7] = 0.01
    decoder = model.get_layer("decoder")
    change = np.asarray(decoder(one) - decoder(silent))[0]
    (atom,) = sparse.atoms(model, [7])
    assert np.corrcoef(change, atom)[0, 1] > 0.999
    assert {atom.min(), atom.max()} & {0.0, 1.0}
    assert np.all(np.sign(change) == np.sign(atom - 0.5))


def test_the_loss_by_hand():
    model = sparse.PenalisedAutoencoder(built(), losses.l1_penalty, 0.5)
    x = pictures()
    x_hat, z = model(x)
    error = np.mean(losses.binary_crossentropy(x, x_hat))
    busy = np.abs(z).sum(axis=1).mean()
    loss = model.compute_loss(x=x, y_pred=(x_hat, z))
    np.testing.assert_allclose(loss, error + 0.5 * busy, rtol=1e-5)


def test_a_penalty_makes_the_code_smaller():
    plain, frugal = built(activation="sigmoid"), built(activation="sigmoid")
    trained(sparse.PenalisedAutoencoder(plain, losses.l1_penalty, 0))
    trained(sparse.PenalisedAutoencoder(frugal, losses.l1_penalty, 30))
    z, smaller = (model.get_layer("encoder")(pictures()) for model in (plain, frugal))
    assert np.mean(smaller) < 0.8 * np.mean(z)


def test_training_with_keras_regulariser_is_training_with_the_penalty():
    by_hand = built(activation="sigmoid")
    trained(sparse.PenalisedAutoencoder(by_hand, losses.l1_penalty, 0.5))
    regularizer = keras.regularizers.L1(0.5)
    by_keras = built(activation="sigmoid", activity_regularizer=regularizer)
    trained(sparse.PenalisedAutoencoder(by_keras, losses.l1_penalty, 0))
    for ours, theirs in zip(by_hand.weights, by_keras.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_what_keras_adds_is_the_penalty_per_image():
    """True since Keras 3.14, and in Keras 2; not in 3.0 to 3.13."""
    model = built(activity_regularizer=keras.regularizers.L1(0.5))
    x = pictures()
    z = model.get_layer("encoder")(x)
    (added,) = model.get_layer("encoder").losses
    np.testing.assert_allclose(added, 0.5 * np.mean(losses.l1_penalty(z)), rtol=1e-5)


def test_a_negative_weight_and_an_empty_code_are_refused():
    with pytest.raises(ValueError, match="Received: -1"):
        sparse.PenalisedAutoencoder(built(), losses.l1_penalty, -1)
    with pytest.raises(ValueError, match="units=0"):
        sparse.overcomplete(0)

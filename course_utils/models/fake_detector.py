"""Tells swapped pictures from real ones, and shows where it looks."""

import keras
import numpy as np
from keras import layers, ops

from course_utils import autodiff


def fake_detector(size=48, channels=3):
    """Builds a small convolutional classifier of pictures.

    Like the tools of forensics it looks at the grain: every pixel against the average
    of its neighbourhood.

    Args:
        size: Integer, pixels per side, a multiple of 4.
        channels: Integer, colours.

    Returns:
        `keras.Model` from `(batch, size, size, channels)` to `(batch, 1)`, the
        logit that a picture is synthetic: positive for "swapped".
    """
    inputs = keras.Input((size, size, channels))
    around = layers.AveragePooling2D(3, strides=1, padding="same")(inputs)
    x = layers.Rescaling(10.0)(inputs - around)
    x = layers.Conv2D(16, 4, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(32, 4, strides=2, padding="same", activation="relu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(1)(x), name="detector")


def saliency(model, pictures):
    """Returns how much each pixel moves the output of a model.

    Args:
        model: `keras.Model` from pictures to one number each.
        pictures: Float array of shape `(n, height, width, channels)`.

    Returns:
        Float array of shape `(n, height, width)`: the largest absolute gradient
        over the colours, divided by the largest of its picture.
    """
    slope = autodiff.gradient(lambda x: model(x, training=False), pictures)
    strength = ops.convert_to_numpy(ops.max(ops.abs(slope), axis=-1))
    return strength / np.maximum(strength.max(axis=(1, 2), keepdims=True), 1e-12)

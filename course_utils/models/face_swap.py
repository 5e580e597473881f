"""One encoder for two faces, a decoder for each: the deep fake of the lecture."""

import keras
import numpy as np
from keras import layers, ops

from course_utils.metrics import psnr
from course_utils.models.random_warp import random_warp

GAIN = 3.0  # of what the encoder sees: differences from a mean face are small


def face_encoder(shape=(48, 48, 3), code=32, features=512, name="encoder"):
    """Builds the encoder of a face swap.

    After the bottleneck come layers that unpack the code. They belong to the
    encoder, because both faces share them: what a code means is settled once.

    Args:
        shape: Tuple of three integers, height, width and colours of a picture.
        code: Integer, length of the bottleneck.
        features: Integer, length of the unpacked code.
        name: String.

    Returns:
        `keras.Model` from `(batch, *shape)` to `(batch, features)`.
    """
    x = inputs = keras.Input(shape)
    x = layers.Flatten()(x)
    for units in (256, 128):
        x = layers.Dense(units, activation="relu")(x)
    x = layers.Dense(code, name="bottleneck")(x)
    for units in (256, features):
        x = layers.Dense(units, activation="relu")(x)
    return keras.Model(inputs, x, name=name)


def face_decoder(shape=(48, 48, 3), features=512, name="decoder"):
    """Builds a decoder of a face swap: one layer, a picture for every feature.

    Args:
        shape: Tuple of three integers, height, width and colours of a picture.
        features: Integer, length of the unpacked code.
        name: String.

    Returns:
        `keras.Model` from `(batch, features)` to `(batch, *shape)`, without bounds:
        what differs from the mean face.
    """
    inputs = keras.Input((features,))
    x = layers.Dense(int(np.prod(shape)))(inputs)
    return keras.Model(inputs, layers.Reshape(shape)(x), name=name)


class FaceSwap(keras.Model):
    """An encoder for both faces and a decoder for each, trained side by side.

    The input is a pair of pictures, one of A and one of B, that need not show the
    same pose. Decoder A draws only A, decoder B only B; the encoder sees both. What
    a decoder draws is added to the mean picture of its face.

    Args:
        mean_a: Float array of shape `(height, width, colours)`, the mean of A.
        mean_b: Float array of the same shape, the mean of B.
        code: Integer, length of the bottleneck.
        disguise: Boolean; true shows the encoder, in grey, how a picture differs
            from the mean of its face; false the picture itself, which says at once
            who it is.
        warp: Float, how far the input is bent, in pixels; the target never is.
        shared: Boolean; false gives each face its own encoder, to see it fail.
        seed: Integer, of the random warps.

    Attributes:
        encoder_a, encoder_b: `keras.Model`; the same one if `shared`.
        decoder_a, decoder_b: `keras.Model`.
    """

    def __init__(
        self, mean_a, mean_b, code=32, *, disguise=True, warp=0.0, shared=True, seed=0
    ):
        super().__init__(name="face_swap")
        self.mean_a, self.mean_b = np.float32(mean_a), np.float32(mean_b)
        shape = self.mean_a.shape
        seen = (*shape[:2], 1) if disguise else shape
        self.encoder_a = face_encoder(seen, code, name="encoder")
        self.encoder_b = self.encoder_a if shared else face_encoder(seen, code)
        self.decoder_a = face_decoder(shape, name="decoder_a")
        self.decoder_b = face_decoder(shape, name="decoder_b")
        self.disguise, self.warp = disguise, warp
        self.seeds = keras.random.SeedGenerator(seed)

    def call(self, pair, training=False):
        a, b = pair[:, 0], pair[:, 1]
        if training and self.warp:
            a, b = (random_warp(x, self.warp, self.seeds) for x in (a, b))
        return ops.stack(
            [self.draw_a(self.encode_a(a)), self.draw_b(self.encode_b(b))], axis=1
        )

    def encode_a(self, pictures):
        """Returns the unpacked codes of pictures of A, shape `(n, features)`."""
        return self.encoder_a(self._look(pictures, self.mean_a))

    def encode_b(self, pictures):
        """Returns the unpacked codes of pictures of B, shape `(n, features)`."""
        return self.encoder_b(self._look(pictures, self.mean_b))

    def draw_a(self, z):
        """Returns pictures of A, `(n, height, width, colours)`, not quite bounded."""
        return self.mean_a + self.decoder_a(z)

    def draw_b(self, z):
        """Returns pictures of B, `(n, height, width, colours)`, not quite bounded."""
        return self.mean_b + self.decoder_b(z)

    def a_to_b(self, pictures):
        """Returns B with the pose of A, `(n, height, width, colours)` in [0, 1]."""
        return _in_blocks(lambda x: self.draw_b(self.encode_a(x)), pictures)

    def b_to_b(self, pictures):
        """Returns B as its own decoder draws it back, in [0, 1]."""
        return _in_blocks(lambda x: self.draw_b(self.encode_b(x)), pictures)

    def _look(self, pictures, mean):
        return disguise(pictures, mean) if self.disguise else pictures


def disguise(pictures, mean):
    """Hides who is on pictures: grey, and without the mean of the face.

    Args:
        pictures: Float array or tensor of shape `(n, height, width, colours)`.
        mean: Float array of shape `(height, width, colours)`.

    Returns:
        Float tensor of shape `(n, height, width, 1)`: differences, times `GAIN`.
    """
    return GAIN * ops.mean(pictures - mean, axis=-1, keepdims=True)


def without_identity(people):
    """Takes the mean picture of each person away: pose, smile and light are left.

    Args:
        people: Sequence of float arrays of shape `(n, height, width, colours)`, the
            pictures of one person each.

    Returns:
        Float array of shape `(all n, height, width, colours)`, of either sign. Both
        faces of a `FaceSwap` with black mean pictures.
    """
    return np.concatenate([pictures - pictures.mean(axis=0) for pictures in people])


class WatchSwap(keras.callbacks.Callback):
    """Scores a `FaceSwap` on held-out pictures at the end of every epoch.

    Args:
        a: Float array of shape `(n, size, size, channels)`, pictures of A.
        b: Float array of the same shape: B in the same poses, the truth.

    Attributes:
        swapped: List of floats: how close A → B comes to B, in decibels, per epoch.
        copied: List of floats: how close B → B comes to B.
    """

    def __init__(self, a, b):
        super().__init__()
        self.a, self.b = a, b
        self.swapped, self.copied = [], []

    def on_epoch_end(self, epoch, logs=None):
        for scores, made in (
            (self.swapped, self.model.a_to_b(self.a)),
            (self.copied, self.model.b_to_b(self.b)),
        ):
            scores.append(float(np.mean(psnr(self.b, made))))

    def on_train_end(self, logs=None):
        self.set_model(None)  # the curves stay, the model may go


def _in_blocks(function, pictures, block=500):
    starts = range(0, len(pictures), block)
    parts = [function(pictures[start : start + block]) for start in starts]
    return np.clip(np.concatenate([ops.convert_to_numpy(x) for x in parts]), 0, 1)

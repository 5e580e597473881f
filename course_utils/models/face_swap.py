"""One encoder for two faces, a decoder for each: the deep fake of the lecture."""

import keras
import numpy as np
from keras import layers, ops

from course_utils.metrics import psnr


def face_encoder(size=48, channels=3, code=32, width=64, name="encoder"):
    """Builds the encoder of a face swap.

    The first convolution looks at patches of 4×4 pixels, each once, which makes a
    step several times cheaper than small overlapping ones. After the bottleneck
    the code is spread over a coarse map, so that *where* things are is said in the
    same way for both faces.

    Args:
        size: Integer, pixels per side, a multiple of 8.
        channels: Integer, colours of a picture.
        code: Integer, length of the bottleneck.
        width: Integer, channels of the map.
        name: String.

    Returns:
        `keras.Model` from `(batch, size, size, channels)` to
        `(batch, size / 8, size / 8, width)`.
    """
    x = inputs = keras.Input((size, size, channels))
    x = layers.Conv2D(32, 4, strides=4, activation="relu")(x)
    x = layers.Conv2D(64, 3, 2, padding="same", activation="relu")(x)
    x = layers.Dense(code, name="bottleneck")(layers.Flatten()(x))
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense((size // 8) ** 2 * width, activation="relu")(x)
    x = layers.Reshape((size // 8, size // 8, width))(x)
    return keras.Model(inputs, x, name=name)


def face_decoder(size=48, channels=3, width=64, name="decoder"):
    """Builds a decoder of a face swap: only convolutions, the same everywhere.

    Args:
        size: Integer, pixels per side, a multiple of 8.
        channels: Integer, colours of a picture.
        width: Integer, channels of the map.
        name: String.

    Returns:
        `keras.Model` from `(batch, size / 8, size / 8, width)` to
        `(batch, size, size, channels)`, in [0, 1].
    """
    x = inputs = keras.Input((size // 8, size // 8, width))
    x = layers.Conv2DTranspose(48, 4, 2, padding="same", activation="relu")(x)
    x = layers.Conv2D(48, 3, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(channels, 4, strides=4, activation="sigmoid")(x)
    return keras.Model(inputs, x, name=name)


class FaceSwap(keras.Model):
    """An encoder for both faces and a decoder for each, trained side by side.

    The input is a pair of pictures, one of A and one of B, that need not show the
    same pose. Decoder A draws only A, decoder B only B; the encoder sees both.

    Args:
        size: Integer, pixels per side, a multiple of 8.
        channels: Integer, colours of a picture.
        code: Integer, length of the bottleneck.
        warp: Float, how far the input is bent, in pixels; the target never is.
        match: Float, weight of the penalty on codes of A and of B whose means and
            spreads differ.
        shared: Boolean; false gives each face its own encoder, to see it fail.
        seed: Integer, of the random warps.

    Attributes:
        encoder_a, encoder_b: `keras.Model`; the same one if `shared`.
        decoder_a, decoder_b: `keras.Model`.
    """

    def __init__(
        self, size=48, channels=3, code=32, *, warp=0.0, match=0.0, shared=True, seed=0
    ):
        super().__init__(name="face_swap")
        self.encoder_a = face_encoder(size, channels, code, name="encoder")
        self.encoder_b = (
            self.encoder_a if shared else face_encoder(size, channels, code)
        )
        self.decoder_a = face_decoder(size, channels, name="decoder_a")
        self.decoder_b = face_decoder(size, channels, name="decoder_b")
        self.warp, self.match = warp, match
        self.seeds = keras.random.SeedGenerator(seed)

    def call(self, pair, training=False):
        a, b = pair[:, 0], pair[:, 1]
        if training and self.warp:
            a, b = (random_warp(x, self.warp, self.seeds) for x in (a, b))
        z_a, z_b = self.encoder_a(a), self.encoder_b(b)
        if training and self.match:
            self.add_loss(self.match * code_distance(z_a, z_b))
        return ops.stack([self.decoder_a(z_a), self.decoder_b(z_b)], axis=1)

    def a_to_b(self, pictures):
        """Returns B with the pose of A, array of shape `(n, size, size, channels)`."""
        return _in_blocks(lambda x: self.decoder_b(self.encoder_a(x)), pictures)

    def b_to_b(self, pictures):
        """Returns B as its own decoder draws it back."""
        return _in_blocks(lambda x: self.decoder_b(self.encoder_b(x)), pictures)


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


def code_distance(z_a, z_b):
    """Measures how differently two batches of codes are spread.

    Args:
        z_a: Float tensor of shape `(batch, ...)`.
        z_b: Float tensor of the same shape.

    Returns:
        Scalar tensor: squared differences of means and standard deviations over the
        average variance, averaged over the code. Zero for equal moments.
    """
    means = ops.square(ops.mean(z_a, axis=0) - ops.mean(z_b, axis=0))
    # The root of zero has no slope: a unit that is always off would spoil training.
    spread_a, spread_b = (ops.sqrt(ops.var(z, axis=0) + 1e-6) for z in (z_a, z_b))
    size = ops.mean(ops.square(spread_a) + ops.square(spread_b))
    differences = ops.mean(means + ops.square(spread_a - spread_b))
    return differences / (ops.stop_gradient(size) + 1e-3)


def random_warp(pictures, amount=1.5, seed=None, cells=4):
    """Bends every picture a little, each in its own way.

    A coarse grid of random shifts is spread smoothly over the picture.

    Args:
        pictures: Float tensor of shape `(batch, size, size, channels)`.
        amount: Float, standard deviation of the shifts, in pixels.
        seed: Integer, `keras.random.SeedGenerator`, or None.
        cells: Integer, cells of the grid per side.

    Returns:
        Float tensor of the shape of `pictures`.
    """
    batch, size = ops.shape(pictures)[0], pictures.shape[1]
    at = np.linspace(0, cells, size)[:, None]
    spread = np.maximum(0, 1 - np.abs(at - np.arange(cells + 1))).astype("float32")
    grid = (batch, cells + 1, cells + 1, 2)
    shifts = amount * keras.random.normal(grid, seed=seed)
    shifts = ops.einsum("pi,bijc,qj->bpqc", spread, shifts, spread)
    steps = ops.arange(size, dtype="float32")
    rows = steps[None, :, None] + shifts[..., 0]
    columns = steps[None, None, :] + shifts[..., 1]
    return _between_pixels(pictures, rows, columns)


def _between_pixels(pictures, rows, columns):
    """Reads pictures at points between the pixels; beyond the border, at it."""
    size, channels = pictures.shape[1], pictures.shape[3]
    rows, columns = (ops.clip(at, 0, size - 1.001) for at in (rows, columns))
    row, column = ops.floor(rows), ops.floor(columns)
    down, right = (rows - row)[..., None], (columns - column)[..., None]
    first = ops.arange(ops.shape(pictures)[0])[:, None, None] * size**2
    corner = first + ops.cast(row * size + column, "int32")
    pixels = ops.reshape(pictures, (-1, channels))

    def mix(corner):
        left, beside = (ops.take(pixels, corner + step, axis=0) for step in (0, 1))
        return left + right * (beside - left)

    return mix(corner) + down * (mix(corner + size) - mix(corner))


def _in_blocks(function, pictures, block=500):
    starts = range(0, len(pictures), block)
    parts = [function(pictures[start : start + block]) for start in starts]
    return np.concatenate([ops.convert_to_numpy(part) for part in parts])

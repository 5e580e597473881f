"""Answers to the exercises of lesson 05."""

import keras
import numpy as np
from keras import layers

from course_utils.models import convolutional
from tests.answers import Answers


def convolve_cell_by_cell(x, kernel, stride):
    (h, w), (k, q) = x.shape, kernel.shape
    rows, columns = range(0, h - k + 1, stride), range(0, w - q + 1, stride)
    return [[(x[i : i + k, j : j + q] * kernel).sum() for j in columns] for i in rows]


def convolve_by_shifts(x, kernel, stride):
    (h, w), (k, q) = x.shape, kernel.shape
    total = np.zeros((h - k + 1, w - q + 1))
    for i, j in np.ndindex(k, q):
        total += kernel[i, j] * x[i : i + h - k + 1, j : j + w - q + 1]
    return total[::stride, ::stride]


def convolve_one_apart(x, kernel, stride):
    return convolve_by_shifts(x, kernel, 1)


def convolve_rows_only(x, kernel, stride):
    return convolve_by_shifts(x, kernel, 1)[::stride]


def convolve_turned(x, kernel, stride):
    return convolve_by_shifts(x, kernel[::-1, ::-1], stride)


def convolve_one_short(x, kernel, stride):
    (h, w), k = x.shape, len(kernel)
    rows, columns = range(0, max(h - k, 1), stride), range(0, max(w - k, 1), stride)
    windows = [[x[i : i + k, j : j + k] for j in columns] for i in rows]
    return np.array([[np.sum(a * kernel) for a in line] for line in windows])


def convolve_squares(x, kernel, stride):
    return convolve_cell_by_cell(x, np.ones((3, 3)) * kernel[:3, :3], stride)


def transpose_by_stamps(x, kernel, stride):
    (m, n), (k, q) = x.shape, kernel.shape
    total = np.zeros((stride * (m - 1) + k, stride * (n - 1) + q))
    for i in range(m):
        for j in range(n):
            total[stride * i : stride * i + k, stride * j : stride * j + q] += (
                x[i, j] * kernel
            )
    return total


def transpose_by_spreading(x, kernel, stride):
    k, q = kernel.shape
    spread = np.zeros([stride * (m - 1) + 1 for m in x.shape])
    spread[::stride, ::stride] = x
    border = np.pad(spread, [(k - 1, k - 1), (q - 1, q - 1)])
    return convolve_by_shifts(border, kernel[::-1, ::-1], 1)


def transpose_by_keras(x, kernel, stride):
    x, kernel = x[None, :, :, None], kernel[:, :, None, None]
    return keras.ops.conv_transpose(x, kernel, stride)[0, :, :, 0]


def transpose_pasted(x, kernel, stride):
    total = np.zeros_like(transpose_by_stamps(x, kernel, stride))
    for i, j in np.ndindex(x.shape):
        rows = slice(stride * i, stride * i + len(kernel))
        columns = slice(stride * j, stride * j + len(kernel))
        total[rows, columns] = x[i, j] * kernel
    return total


def transpose_turned(x, kernel, stride):
    return transpose_by_stamps(x, kernel[::-1, ::-1], stride)


def transpose_one_apart(x, kernel, stride):
    return transpose_by_stamps(x, kernel, 1)


def transpose_cut(x, kernel, stride):
    m, n = (max(stride * m, 5) for m in x.shape)
    return transpose_by_stamps(x, kernel, stride)[:m, :n]


def decoder(
    latent_dim, side=7, width=32, channels=16, kernel=4, last="sigmoid", colours=1
):
    same = {"strides": 2, "padding": "same"}
    z = keras.Input((latent_dim,))
    h = layers.Dense(side * side * width, activation="relu")(z)
    h = layers.Reshape((side, side, width))(h)
    h = layers.Conv2DTranspose(channels, kernel, activation="relu", **same)(h)
    x_hat = layers.Conv2DTranspose(colours, kernel, activation=last, **same)(h)
    return keras.Model(z, x_hat)


def upsampling_decoder(latent_dim):
    z = keras.Input((latent_dim,))
    h = layers.Reshape((7, 7, 32))(layers.Dense(7 * 7 * 32, activation="relu")(z))
    h = layers.UpSampling2D()(layers.Conv2D(16, 4, padding="same")(h))
    h = layers.UpSampling2D()(h)
    return keras.Model(z, layers.Conv2D(1, 4, padding="same", activation="sigmoid")(h))


def poster(start, paddings, kernel=4, colours=3, last="sigmoid", end=()):
    grow = [
        layers.Conv2DTranspose(n, kernel, 2, padding, activation=activation)
        for n, padding, activation in zip(
            (16, colours), paddings, ("relu", last), strict=True
        )
    ]
    first = layers.Dense(start[0] * start[1] * 8, activation="relu")
    reshape = layers.Reshape((*start, 8))
    return keras.Sequential([keras.Input((16,)), first, reshape, *grow, *end])


def poster_of_dense():
    dense = layers.Dense(50 * 38 * 3, activation="sigmoid")
    return keras.Sequential([keras.Input((16,)), dense, layers.Reshape((50, 38, 3))])


def poster_too_large():
    grow = [layers.Conv2DTranspose(64, 4, 2, "same", activation="relu")]
    grow += [layers.Conv2DTranspose(3, 4, 2, activation="sigmoid")]
    first = [layers.Dense(12 * 9 * 64), layers.Reshape((12, 9, 64))]
    return keras.Sequential([keras.Input((16,)), *first, *grow])


ANSWERS = {
    "convolve": Answers(
        right=[convolve_cell_by_cell, convolve_by_shifts],
        wrong=[
            (convolve_one_apart, "`stride` cells apart, not one"),
            (convolve_rows_only, "to the right, too"),
            (convolve_turned, "upside down"),
            (lambda x, kernel, s: convolve_by_shifts(x, kernel.T, s), "rows first"),
            (convolve_one_short, "starts at row stride * i"),
            (lambda x, kernel, s: np.sum(x[:3, :3] * kernel), "got ()"),
            (convolve_squares, "it stopped with"),
        ],
    ),
    "transposed_convolution": Answers(
        right=[transpose_by_stamps, transpose_by_spreading, transpose_by_keras],
        wrong=[
            (transpose_pasted, "+= instead of ="),
            (transpose_turned, "not upside down"),
            (transpose_one_apart, "`stride` cells apart"),
            (transpose_cut, "the whole of the last stamp"),
            (convolve_by_shifts, "one stamp of the kernel"),
        ],
    ),
    "layer_sizes": Answers(
        right=[[14, 6, 4, 6, 14, 28], np.array([14, 6, 4, 6, 14, 28])],
        wrong=[
            ((14, 7, 5, 7, 16, 32), "that is `same`"),
            ((14, 6, 6, 6, 14, 28), "without a border"),
            ((14, 6, 4, 2, 6, 12), "a transposed convolution grows"),
            ((14, 6, 4, 6, 12, 24), "`valid` keeps both ends"),
            ((14, 6, 4, 6, 14, 29), "that is `valid`"),
            ((14, 6, 4, 6, 14, 27), "one row more"),
            ((13, 6, 4, 6, 14, 28), "ceil(28 / 2)"),
            ((14, 6, 4), "expected six numbers"),
        ],
    ),
    "conv_decoder": Answers(
        right=[decoder, lambda latent_dim: convolutional.conv_decoder(latent_dim)],
        wrong=[
            (lambda latent_dim: decoder(32), "code of 5 numbers"),
            (lambda latent_dim: decoder(5), "code of 32 numbers"),
            (lambda latent_dim: decoder(latent_dim, kernel=3), "checkerboard"),
            (lambda latent_dim: decoder(latent_dim, last=None), "sigmoid"),
            (lambda latent_dim: decoder(latent_dim, side=14), "7, 14, 28"),
            (lambda latent_dim: decoder(latent_dim, width=16), "Dense 7*7*32"),
            (upsampling_decoder, "expected two Conv2DTranspose"),
            (lambda latent_dim: decoder(latent_dim).output, "return the model"),
        ],
    ),
    "poster_decoder": Answers(
        right=[
            lambda: poster((12, 9), ("same", "valid")),
            lambda: poster((11, 8), ("valid", "valid")),
            lambda: poster(
                (12, 9), ("same", "same"),
                end=[layers.Conv2DTranspose(3, 3, activation="sigmoid")],
            ),
        ],
        wrong=[
            (lambda: poster((12, 9), ("same", "same")), "`same` only doubles"),
            (lambda: poster((13, 10), ("same", "same")), "`same` only doubles"),
            (lambda: poster((9, 12), ("same", "valid")), "height first"),
            (lambda: poster((12, 9), ("same", "valid"), colours=1), "three colours"),
            (lambda: poster((12, 9), ("same", "valid"), last=None), "sigmoid"),
            (lambda: poster((13, 10), ("same", "same"),
                end=[layers.Cropping2D(1)]), "nothing is cut"),
            (poster_of_dense, "at least two transposed"),
            (poster_too_large, "at most 30,000"),
        ],
    ),
}  # fmt: skip

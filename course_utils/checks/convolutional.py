"""Checks of lesson 05."""

import keras
import numpy as np
from scipy.signal import convolve2d, correlate2d

from course_utils.checks.engine import check, equal, holds
from course_utils.models import convolutional

EDGE = np.array([[1, 1, 1], [-1, -1, -1], [0, 0, 0]], "float32")
QUESTION = np.array([[1, 2, 1], [0, 1, 0], [1, -1, 1]], "float32")
UNEVEN = np.array([[1, 2, 0], [3, 5, -1], [0, 7, 4]], "float32")
TRANSPOSED = keras.layers.Conv2DTranspose
SIZES = (14, 6, 4, 6, 14, 28)


def _convolve(x, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows[::stride, ::stride], kernel)


def _transposed_convolution(x, kernel, stride):
    size = [stride * (m - 1) + k for m, k in zip(x.shape, kernel.shape, strict=True)]
    total = np.zeros(size)
    for (i, j), value in np.ndenumerate(x):
        rows = slice(stride * i, stride * i + kernel.shape[0])
        columns = slice(stride * j, stride * j + kernel.shape[1])
        total[rows, columns] += value * kernel
    return total


def _pasted(x, kernel, stride):
    """The usual mistake: each stamp wipes out what was below it."""
    total = np.zeros_like(_transposed_convolution(x, kernel, stride))
    for (i, j), value in np.ndenumerate(x):
        place = total[stride * i :, stride * j :]
        place[: kernel.shape[0], : kernel.shape[1]] = value * kernel
    return total


@check(ours=_convolve)
def convolve(answer):
    flip = "you turned the kernel upside down; Conv2D does not"
    x = np.random.default_rng(0).integers(-3, 4, (7, 9)).astype("float32")
    for stride in (1, 2, 3):
        whole = correlate2d(x, UNEVEN, "valid")
        mistakes = [
            (whole, "the windows lie `stride` cells apart, not one"),
            (whole[::stride], "move `stride` cells to the right, too"),
            (whole[:, ::stride], "move `stride` cells down, too"),
            (convolve2d(x, UNEVEN, "valid")[::stride, ::stride], flip),
            (correlate2d(x, UNEVEN.T, "valid")[::stride, ::stride], "rows first"),
        ]
        got, expected = answer(x, UNEVEN, stride), whole[::stride, ::stride]
        yield equal(got, expected, "the window at row i, column j of the result "
            "starts at row stride * i, column stride * j of x",
            mistakes=mistakes, what=f"for stride {stride}")  # fmt: skip
    yield equal(answer(QUESTION, EDGE, 1), [[3]], "one window, one number")
    x, kernel = x[:6, :6], np.ones((2, 3), "float32")
    got, expected = np.shape(answer(x, kernel, 2)), (3, 2)
    yield holds(got == expected, f"expected shape {expected} for 6×6, a 2×3 kernel and "
        f"stride 2, got {got}.", "(n - k) // stride + 1, rows and columns")  # fmt: skip


@check(ours=_transposed_convolution)
def transposed_convolution(answer):
    one = np.zeros((3, 3), "float32")
    one[0, 0] = 1
    stamped = np.pad(EDGE, [(0, 2), (0, 2)])
    paste = "where stamps overlap, add: += instead of ="
    upside_down = np.pad(EDGE[::-1, ::-1], [(0, 2), (0, 2)])
    yield equal(
        answer(one, EDGE, 1),
        stamped,
        "a single 1 leaves one stamp of the kernel in a picture of 5×5 zeros",
        mistakes=[
            (_pasted(one, EDGE, 1), paste),
            (upside_down, "stamp the kernel as it is, not upside down"),
        ],
    )
    wide = np.random.default_rng(0).integers(1, 4, (3, 4)).astype("float32")
    for x, kernel, stride in (QUESTION, EDGE, 1), (wide, UNEVEN, 2), (wide, UNEVEN, 3):
        spread = np.zeros([stride * (m - 1) + 1 for m in x.shape])
        spread[::stride, ::stride] = x
        expected = convolve2d(spread, kernel, "full")
        m, n = (stride * m for m in x.shape)
        mistakes = [
            (_pasted(x, kernel, stride), paste),
            (correlate2d(spread, kernel, "full"), "stamp it as it is, not upside down"),
            (convolve2d(x, kernel, "full"), "the stamps lie `stride` cells apart"),
            (expected[:m, :n], "keep the whole of the last stamp: s(M-1)+k cells"),
        ]
        yield equal(answer(x, kernel, stride), expected,
            "add x[i, j] * kernel at row stride * i, column stride * j",
            mistakes=mistakes, what=f"for stride {stride}")  # fmt: skip


@check(ours=SIZES)
def layer_sizes(answer):
    sizes = list(answer() if callable(answer) else answer)
    yield holds(len(sizes) == 6, f"expected six numbers, got {len(sizes)}.")
    hints = [
        {28: "stride 2 halves", 13: "that is `valid`; `same` gives ceil(28 / 2)"},
        {7: "that is `same`; `valid` has no border: (14 - 3) // 2 + 1",
         5: "do not forget the + 1", 6.5: "the last half window does not fit"},
        {6: "that is `same`; without a border two cells are lost"},
        {4: "that is `same`; M = 4, s = 1, k = 3, p = 0 in the formula",
         2: "a transposed convolution grows: s(M - 1) + k - 2p"},
        {12: "that is `same`; `valid` keeps both ends: s(M - 1) + k",
         15: "M - 1, not M", 16: "M - 1, not M"},
        {29: "that is `valid`; `same` makes it s * M", 27: "that is p = 1; `same` keeps"
         " one row more", 14: "a transposed convolution of stride 2 doubles"},
    ]  # fmt: skip
    for i, (got, expected) in enumerate(zip(sizes, SIZES, strict=True)):
        hint = hints[i].get(got, "start from the size before it in the table")
        seen = f"layer {i + 1} does not make {got} of {(28, *SIZES)[i]}."
        yield holds(got == expected, seen, hint)


@check(ours=convolutional.conv_decoder)
def conv_decoder(answer):
    model = answer(5)
    yield _is_model(model)
    yield _takes(model, 5)
    yield _gives(model, (28, 28, 1))
    grow = [layer for layer in _layers(model) if isinstance(layer, TRANSPOSED)]
    yield holds(len(grow) == 2, f"expected two Conv2DTranspose, got {len(grow)}.",
        "7 to 14, and 14 to 28")  # fmt: skip
    yield _no_checkerboard(grow)
    expected = (5 + 1) * 1568 + (16 * 32 + 1) * 16 + 16 * 16 + 1
    got = model.count_params()
    yield holds(got == expected, f"expected {expected} parameters, got {got}.",
        "Dense 7*7*32, then 16 channels, then 1; all kernels 4×4")  # fmt: skip
    yield _in_range(model, 5)
    yield _takes(answer(32), 32)


@check(ours=None)
def poster_decoder(answer):
    model = answer()
    yield _is_model(model)
    yield _takes(model, 16)
    shape = tuple(model.output_shape[1:])
    hints = {
        (38, 50, 3): "height first: 50 rows of 38 pixels",
        (50, 38, 1): "three colours are three channels",
        (48, 36, 3): "`same` only doubles; what does `valid` make of 24 and 18?",
        (52, 40, 3): "`same` only doubles; what does `valid` make of 24 and 18?",
    }
    formula = "go backwards from 50 and 38 with N = s(M - 1) + k - 2p"
    yield _gives(model, (50, 38, 3), hints.get(shape, formula))
    cuts = [type(a).__name__ for a in _layers(model) if _is_shortcut(a)]
    yield holds(not cuts, f"found {', '.join(cuts)}.",
        "choose kernels and padding so that nothing is cut or resized")  # fmt: skip
    grow = [
        a for a in _layers(model) if isinstance(a, TRANSPOSED) and max(a.strides) > 1
    ]
    yield holds(len(grow) >= 2, f"found {len(grow)} Conv2DTranspose with a stride.",
        "at least two transposed convolutions of stride 2 or more")  # fmt: skip
    yield _no_checkerboard(grow)
    size = model.count_params()
    yield holds(size <= 30_000, f"{size:,} parameters, at most 30,000 are allowed.",
        "a smaller dense layer; let the convolutions grow the picture")  # fmt: skip
    yield _in_range(model, 16)


def _is_model(model):
    kind = type(model).__name__
    return holds(isinstance(model, keras.Model), f"expected a keras.Model, got {kind}.",
        "return the model itself")  # fmt: skip


def _takes(model, latent_dim):
    got, expected = tuple(model.input_shape), (None, latent_dim)
    return holds(got == expected, f"expected input {expected}, got {got}.",
        f"keras.Input with a code of {latent_dim} numbers")  # fmt: skip


def _gives(model, shape, hint="use `same` and stride 2: 7, 14, 28"):
    got = tuple(model.output_shape[1:])
    return holds(got == shape, f"expected pictures of {shape}, got {got}.", hint)


def _in_range(model, latent_dim):
    z = 100 * np.random.default_rng(0).normal(size=(64, latent_dim))
    x_hat = keras.ops.convert_to_numpy(model(z.astype("float32"), training=False))
    spread = x_hat.min() < 0.4 and x_hat.max() > 0.6
    inside = x_hat.min() >= 0 and x_hat.max() <= 1 and spread
    return holds(inside, f"pixels from {x_hat.min():.3g} to {x_hat.max():.3g}.",
        "end with a sigmoid, so that pixels lie between 0 and 1")  # fmt: skip


def _no_checkerboard(grow):
    for layer in grow:
        sides = zip(layer.kernel_size, layer.strides, strict=True)
        if any(kernel % stride for kernel, stride in sides):
            seen = f"kernel {layer.kernel_size} with stride {layer.strides}."
            return holds(False, seen, "a checkerboard: the stride must divide it")
    return None


def _is_shortcut(layer):
    kinds = keras.layers
    return isinstance(layer, (kinds.Cropping2D, kinds.Resizing, kinds.UpSampling2D,
        kinds.ZeroPadding2D, kinds.Lambda))  # fmt: skip


def _layers(model):
    return model._flatten_layers(include_self=False)

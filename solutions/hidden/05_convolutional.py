"""Hidden requirements of lesson 05."""

import numpy as np
from scipy.signal import convolve2d, correlate2d
from scipy.special import expit

from course_utils.grading.requirements import close, holds, numbers, parts, requirement

INSIDE = '''
def probe_poster_layers():
    """Lists the layers of the poster: kinds, kernel and stride where they have one."""
    import keras

    cuts = (keras.layers.Cropping2D, keras.layers.Resizing, keras.layers.UpSampling2D,
            keras.layers.ZeroPadding2D, keras.layers.Lambda)
    found = []
    for layer in poster_decoder()._flatten_layers(include_self=False):
        if isinstance(layer, keras.layers.Conv2DTranspose):
            found.append(["transposed", list(layer.kernel_size), list(layer.strides)])
        else:
            found.append(["shortcut" if isinstance(layer, cuts) else "other", [], []])
    return found
'''


def whole_numbers(rng, *shape):
    return rng.integers(1, 5, shape).astype("float32") * rng.choice([-1, 1], shape)


def convolves(student, rng, size, kernel_size, stride):
    x = whole_numbers(rng, *size).astype("float32")
    kernel = whole_numbers(rng, *kernel_size).astype("float32")
    every = correlate2d(x, kernel, "valid")
    turned = convolve2d(x, kernel, "valid")[::stride, ::stride]
    usual = [
        (turned, "you turned the kernel upside down; Conv2D does not"),
        (every, "the windows lie `stride` cells apart, not one"),
        (every[::stride], "move `stride` cells to the right, too"),
        (every[:, ::stride], "move `stride` cells down, too"),
    ]
    if kernel.shape[0] == kernel.shape[1]:
        other = correlate2d(x, kernel.T, "valid")[::stride, ::stride]
        usual.append((other, "rows of the kernel first, then columns"))
    hint = "(n - k) // stride + 1 windows; each starts at stride * i, stride * j"
    got = student("convolve", x, kernel, stride)
    return close(got, every[::stride, ::stride], hint, usual=usual)


@requirement("convolve", "multiplies and adds in every window")
def convolves_with_stride_one(student, rng):
    return convolves(student, rng, rng.integers(6, 10, 2), (3, 3), 1)


@requirement("convolve", "moves the window by the stride, both ways")
def convolves_with_strides(student, rng):
    sizes = rng.integers(8, 13, (2, 2))
    return convolves(student, rng, sizes[0], (3, 3), 2) or convolves(
        student, rng, sizes[1], (3, 3), 3
    )


@requirement("convolve", "takes kernels that are not square, or fill the picture")
def convolves_with_any_kernel(student, rng):
    size = rng.integers(6, 10, 2)
    return convolves(student, rng, size, (2, 3), 2) or convolves(
        student, rng, (4, 3), (4, 3), 1
    )


def stamps(student, rng, size, kernel_size, stride):
    x = np.abs(whole_numbers(rng, *size)).astype("float32")
    kernel = whole_numbers(rng, *kernel_size).astype("float32")
    spread = np.zeros([stride * (m - 1) + 1 for m in x.shape])
    spread[::stride, ::stride] = x
    expected = convolve2d(spread, kernel, "full")
    pasted = np.zeros_like(expected)
    for (i, j), value in np.ndenumerate(x):
        below = pasted[stride * i :, stride * j :]
        below[: kernel.shape[0], : kernel.shape[1]] = value * kernel
    turned = correlate2d(spread, kernel, "full")
    usual = [
        (pasted, "where stamps overlap, add: += instead of ="),
        (turned, "stamp the kernel as it is, not upside down"),
        (convolve2d(x, kernel, "full"), "the stamps lie `stride` cells apart"),
    ]
    hint = "add x[i, j] * kernel at row stride * i, column stride * j; keep all of the "
    hint += "last stamp: s(M - 1) + k cells"
    got = student("transposed_convolution", x, kernel, stride)
    return close(got, expected, hint, usual=usual)


@requirement("transposed_convolution", "stamps the kernel as it is")
def one_stamp(student, rng):
    x = np.zeros((3, 4), "float32")
    i, j = rng.integers(0, 3, 2)
    x[i, j] = 1
    kernel = whole_numbers(rng, 3, 3).astype("float32")
    expected = np.zeros((5, 6))
    expected[i : i + 3, j : j + 3] = kernel
    upside_down = np.zeros((5, 6))
    upside_down[i : i + 3, j : j + 3] = kernel[::-1, ::-1]
    usual = [(upside_down, "stamp the kernel as it is, not upside down")]
    got = student("transposed_convolution", x, kernel, 1)
    return close(got, expected, "a single 1 leaves one stamp", usual=usual)


@requirement("transposed_convolution", "adds stamps where they overlap")
def overlapping_stamps(student, rng):
    return stamps(student, rng, rng.integers(3, 6, 2), (3, 3), 1)


@requirement("transposed_convolution", "lays the stamps a stride apart", weight=2)
def stamps_apart(student, rng):
    sizes = rng.integers(3, 6, (3, 2))
    return (
        stamps(student, rng, sizes[0], (3, 3), 2)
        or stamps(student, rng, sizes[1], (3, 3), 3)
        or stamps(student, rng, sizes[2], (4, 3), 2)
    )


def layer_sizes(student, places, hint):
    expected = np.array([14, 6, 4, 6, 14, 28])
    got = numbers(student("probe_value", "layer_sizes"), (6,), "six whole numbers")
    return close(got[places], expected[places], hint, tolerance=1e-9)


@requirement("layer_sizes", "knows a strided convolution with `same`")
def size_of_same(student, rng):
    return layer_sizes(student, [0], "`same` gives the ceiling of n / s")


@requirement("layer_sizes", "knows convolutions with `valid`")
def sizes_of_valid(student, rng):
    return layer_sizes(student, [1, 2], "`valid` has no border: (n - k) // s + 1")


@requirement("layer_sizes", "knows transposed convolutions with `valid`")
def sizes_of_transposed(student, rng):
    return layer_sizes(student, [3, 4], "s(M - 1) + k - 2p, with p = 0 for `valid`")


@requirement("layer_sizes", "knows a transposed convolution with `same`")
def size_of_transposed_same(student, rng):
    return layer_sizes(student, [5], "a transposed convolution with `same`: s * M")


def grown(x, kernel, bias):
    """A transposed convolution of kernel 4, stride 2 and `same`, in NumPy."""
    n, rows, columns, _ = x.shape
    total = np.zeros((n, 2 * rows + 2, 2 * columns + 2, kernel.shape[2]))
    for i, j in np.ndindex(4, 4):
        stamp = np.einsum("nrcf,of->nrco", x, kernel[i, j])
        total[:, i : i + 2 * rows : 2, j : j + 2 * columns : 2] += stamp
    return total[:, 1:-1, 1:-1] + bias


def built_decoder(student, rng):
    latent_dim = int(rng.integers(3, 12))
    student.keep("built", "conv_decoder", latent_dim)
    z = 3 * rng.normal(size=(8, latent_dim)).astype("float32")
    got = student("built.predict", z, verbose=0)
    hint = "a keras model from latent_dim numbers to 28×28×1: 7, 14, 28"
    return z, numbers(got, (8, 28, 28, 1), hint)


def decoder_weights(student, latent_dim):
    shapes = [(latent_dim, 1568), (1568,), (4, 4, 16, 32), (16,), (4, 4, 1, 16), (1,)]
    hint = "Dense 7*7*32, then 16 channels, then 1; both transposed, kernels 4×4"
    got = parts(student("built.get_weights"), 6, hint)
    return [numbers(w, shape, hint) for w, shape in zip(got, shapes, strict=True)]


@requirement("conv_decoder", "is a model from a code of any size to pictures")
def decoder_makes_pictures(student, rng):
    for _ in range(2):
        built_decoder(student, rng)


@requirement("conv_decoder", "has the layers that were described", weight=2)
def decoder_has_its_layers(student, rng):
    z, _ = built_decoder(student, rng)
    decoder_weights(student, z.shape[1])


@requirement("conv_decoder", "computes what its layers say", weight=2)
def decoder_computes(student, rng):
    z, x_hat = built_decoder(student, rng)
    into, bias, first, first_bias, second, second_bias = decoder_weights(
        student, z.shape[1]
    )
    h = np.maximum(z @ into + bias, 0).reshape(-1, 7, 7, 32)
    ink = grown(np.maximum(grown(h, first, first_bias), 0), second, second_bias)
    usual = [(ink, "end with a sigmoid, so that pixels lie between 0 and 1")]
    hint = "stride 2 and `same` in both, relu inside, a sigmoid at the end"
    return close(x_hat, expit(ink), hint, usual=usual, tolerance=1e-3)


def poster(student, rng):
    student.keep("poster", "poster_decoder")
    z = 30 * rng.normal(size=(32, 16)).astype("float32")
    hint = "a keras model from 16 numbers to pictures: 50 rows of 38 pixels, 3 colours"
    got = student("poster.predict", z, verbose=0)
    return numbers(got, (32, 50, 38, 3), hint)


def poster_layers(student):
    found = student("probe_poster_layers")
    return [parts(layer, 3, "return a keras model") for layer in found]


@requirement("poster_decoder", "makes pictures of 50 by 38 in three colours", weight=2)
def poster_size(student, rng):
    poster(student, rng)


@requirement("poster_decoder", "keeps the pixels in [0, 1]")
def poster_range(student, rng):
    x_hat = poster(student, rng)
    inside = x_hat.min() >= 0 and x_hat.max() <= 1
    spread = x_hat.min() < 0.4 and x_hat.max() > 0.6
    return holds(inside and spread, "end with a sigmoid: pixels lie between 0 and 1")


@requirement("poster_decoder", "grows by transposed convolutions alone")
def poster_grows(student, rng):
    layers = poster_layers(student)
    grow = [strides for kind, _, strides in layers if kind == "transposed"]
    strided = [strides for strides in grow if max(strides) > 1]
    return holds(
        len(strided) >= 2, "two transposed convolutions with a stride"
    ) or holds(
        all(kind != "shortcut" for kind, *_ in layers),
        "choose kernels and padding so that nothing is cut, padded or resized",
    )


@requirement("poster_decoder", "has no checkerboard")
def poster_is_smooth(student, rng):
    grow = [layer for layer in poster_layers(student) if layer[0] == "transposed"]
    even = [
        kernel % stride == 0
        for _, kernels, strides in grow
        for kernel, stride in zip(kernels, strides, strict=True)
        if max(strides) > 1
    ]
    return holds(
        even and all(even), "a checkerboard: the stride must divide the kernel"
    )


@requirement("poster_decoder", "has 30,000 weights at most")
def poster_weights(student, rng):
    student.keep("poster", "poster_decoder")
    sizes = [np.size(w) for w in student("poster.get_weights")]
    hint = "a smaller dense layer; let the convolutions grow the picture"
    return holds(sizes and sum(sizes) <= 30_000, hint)

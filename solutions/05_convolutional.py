# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 · Convolutional autoencoders
#
# *How do we go back up?*
#
# **You will** shrink and grow pictures by hand, predict the size of any layer, and
# race a convolutional autoencoder against a dense one.
#
# **You need** lesson 04 and NumPy's slices.
#
# **Time** 75 minutes of yours, about one of the computer's.
#
# Follows lecture 4 (*Convolution / Transposed convolution*) and lecture 0
# (*Original, dense, convolutional*).

# %%
import time

import keras
import numpy as np
from keras import layers, ops

from course_utils import checks, data, losses, plots, rate_distortion, training, widgets
from course_utils.models import dense

keras.utils.set_random_seed(0)

# %% [markdown]
# ## Down: a convolution with a stride
#
# A **kernel** is a small table of numbers. Lay it on a window of the picture,
# multiply cell by cell, add everything: one number. Then move on by `stride` cells
# and do it again.
#
# $$y_{ij} = \sum_{a,b} k_{ab}\; x_{si+a,\; sj+b}$$
#
# Here $x$ is the picture (`x`), $k$ the kernel (`kernel`), $s$ the stride (`stride`)
# and $y$ the result. With a stride of 2, it has about half as many rows and columns.

# %%
digits = data.load_digits(n_train=240 * 128)  # half of them is enough
x_train, x_test = digits.x_train, digits.x_test
kernel = np.array([[1, 1, 1], [-1, -1, -1], [0, 0, 0]], "float32")
print("pictures", x_train.shape, "and the lecture's kernel")
print(kernel)

# %% [markdown]
# ## Exercise 5.1: a strided convolution
#
# Write the formula above in NumPy, for one grey picture and one kernel. Only windows
# that lie wholly inside the picture count (Keras calls this `valid`).
#
# A height of `n` and a kernel of height `k` give `(n - k) // stride + 1` rows, and
# columns likewise. Two loops are fine.


# %%
def convolve(x, kernel, stride):
    """Returns a picture shrunk by a strided convolution, without a border.

    Args:
        x: Float array of shape `(height, width)`.
        kernel: Float array of shape `(k_rows, k_columns)`.
        stride: Integer, how many cells the window moves, both ways.

    Returns:
        Float array of shape `((height - k_rows) // stride + 1,
        (width - k_columns) // stride + 1)`.
    """
    # BEGIN SOLUTION
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], kernel)
    # END SOLUTION


# %% tags=["nbval-check-output"]
convolve = checks.convolve(convolve)

# %%
x = x_test[:8, :, :, 0]
shrunk = np.stack([convolve(picture, kernel, 2) for picture in x])
plots.images(
    {"28×28": x, "13×13": 0.5 + shrunk / 4},
    alt="Eight digits, and below them their 13×13 convolutions: lower edges light, "
    "upper edges dark, everything else grey",
)

# %% [markdown]
# The kernel subtracts a row from the row above it: light where a stroke ends below,
# dark where one begins, grey where nothing changes. A network learns such kernels
# by itself.
#
# Does Keras do the same? Its kernels have four axes: rows, columns, channels **in**,
# channels **out**. Mathematicians turn the kernel upside down before they call it
# *convolution*. Keras does not: this is a *cross-correlation*.

# %%
theirs = ops.conv(x[..., None], kernel[:, :, None, None], strides=2, padding="valid")
assert np.allclose(theirs[..., 0], shrunk, atol=1e-5)
turned = np.stack([convolve(picture, kernel[::-1, ::-1], 2) for picture in x])
assert not np.allclose(theirs[..., 0], turned, atol=1e-2)
print("Keras agrees with ours, and not with the kernel turned upside down.")

# %% [markdown]
# ## Exercise 5.2: up, a transposed convolution
#
# A convolution *reads* a window; its transpose *stamps* one. Multiply the whole kernel
# by `x[i, j]`. Lay that stamp on a result of zeros, its upper left corner at row
# `stride * i`, column `stride * j`. Where stamps overlap, **add**.
#
# The result has `stride * (m - 1) + k` rows for `m` rows of input and `k` of kernel,
# and columns likewise.


# %%
def transposed_convolution(x, kernel, stride):
    """Returns the sum of stamps of a kernel, one for each cell of the input.

    Args:
        x: Float array of shape `(rows, columns)`.
        kernel: Float array of shape `(k_rows, k_columns)`.
        stride: Integer, how far apart the stamps lie, both ways.

    Returns:
        Float array of shape `(stride * (rows - 1) + k_rows,
        stride * (columns - 1) + k_columns)`.
    """
    # BEGIN SOLUTION
    rows, columns = kernel.shape
    height = stride * (x.shape[0] - 1) + rows
    width = stride * (x.shape[1] - 1) + columns
    total = np.zeros((height, width))
    for (i, j), value in np.ndenumerate(x):
        top, left = stride * i, stride * j
        total[top : top + rows, left : left + columns] += value * kernel
    return total
    # END SOLUTION


# %% tags=["nbval-check-output"]
transposed_convolution = checks.transposed_convolution(transposed_convolution)

# %% [markdown]
# The lecture asks: *please complete the example when the input is 1 2 1 / 0 1 0 /
# 1 −1 1.* Do it on paper first. Then run this.

# %%
question = np.array([[1, 2, 1], [0, 1, 0], [1, -1, 1]], "float32")
answer = transposed_convolution(question, kernel, stride=1)
print(answer.astype(int))
theirs = ops.conv_transpose(question[None, :, :, None], kernel[:, :, None, None], 1)
assert np.allclose(theirs[0, :, :, 0], answer)

# %% [markdown]
# Five by five, and Keras agrees. Its kernel axes, though, are now rows, columns,
# channels **out**, channels **in**. No slip: it is the kernel of the convolution that
# goes the *other* way. You will see why.
#
# **Play with it.** Move through the input, cell by cell. With stride 2, which cells
# of the result get only one stamp, and which get four?


# %%
def show_table(axis, table, title, corner, size):
    axis.imshow(table, cmap="PuOr", vmin=-8, vmax=8)
    for (i, j), value in np.ndenumerate(table):
        axis.text(j, i, f"{value:.0f}", ha="center", va="center", in_layout=False)
    top, left = corner[0] - 0.5, corner[1] - 0.5
    down, right = top + size, left + size
    columns, rows = [left, right, right, left, left], [top, top, down, down, top]
    axis.plot(columns, rows, color="#009E73", linewidth=4, clip_on=False)
    axis.set(title=title, xticks=[], yticks=[])


# %%
def step(cell, stride):
    seen = np.where(np.arange(9).reshape(3, 3) < cell, question, 0)
    total = transposed_convolution(seen, kernel, stride)
    i, j = divmod(cell - 1, 3)
    value, place = question[i, j], (stride * i, stride * j)
    alt = f"Cell {cell} of 9 holds {value:.0f}. Its stamp is added at row {place[0]}, "
    alt += f"column {place[1]}. Sum so far: {total.astype(int).tolist()}"
    figure, axes = plots.figure(alt, 1, 3, (9, 4), width_ratios=[3, 3, len(total)])
    show_table(axes[0], question, f"input, cell {cell}", (i, j), 1)
    show_table(axes[1], value * kernel + 0.0, f"stamp: {value:.0f} × kernel", (0, 0), 3)
    show_table(axes[2], total, "sum so far", place, 3)
    return figure


# %%
widgets.Explorer(
    step,
    cell=widgets.slider("input cell", 1, 9, value=5),
    stride=widgets.choice("stride", [1, 2, 3]),
)

# %% [markdown]
# The frame is where the stamp has just been added. With stride 1 stamps overlap nearly
# everywhere, with stride 2 at their edges, with stride 3 nowhere.
#
# ## How large is the result?
#
# $$N = s\,(M - 1) + k - 2p$$
#
# `M` is the input's size; the **padding** `p` is what is cut off at *each* end, 0 for
# Keras's `valid`.
#
# **Before you run on:** Keras's `same` promises $N = s\,M$. Which $p$ makes it so for
# $k = 3$, $s = 2$?


# %%
def transposed_size(m, kernel_size, stride, padding, output_padding=None):
    layer = layers.Conv2DTranspose(
        1, kernel_size, stride, padding, output_padding=output_padding
    )
    return layer.compute_output_shape((None, m, m, 1))[1]


for k in 2, 3, 4, 5:
    p = (k - 2) / 2
    print(f"kernel {k}, stride 2: 2 (7 - 1) + {k} - 2p = 14 for p = {p}")
    assert transposed_size(7, k, 2, "valid") == 2 * (7 - 1) + k
    assert transposed_size(7, k, 2, "same") == 2 * (7 - 1) + k - 2 * p == 14

# %% [markdown]
# Half a cell at each end! Nobody can cut that, so `same` cuts one end only. In the
# formula: cut $p = 1$ at both ends, which leaves 13, and put $o = 1$ back, the **output
# padding**:
#
# $$N = s\,(M - 1) + k - 2p + o$$
#
# Why a choice? Going down with $p = 1$, 13 *and* 14 both shrink to 7. Coming back, 7
# alone cannot say which it was.

# %%
assert transposed_size(7, 3, 2, "same", output_padding=0) == 2 * 6 + 3 - 2 == 13
assert transposed_size(7, 3, 2, "same", output_padding=1) == 2 * 6 + 3 - 2 + 1 == 14
small, stamp = np.ones((1, 7, 7, 1)), np.ones((3, 3, 1, 1))
whole = ops.conv_transpose(small, stamp, 2, padding="valid")
same = ops.conv_transpose(small, stamp, 2, padding="same")
assert np.array_equal(same, whole[:, :-1, :-1])
print(f"valid: {whole.shape[1:3]}; same, one row and column less: {same.shape[1:3]}")

# %% [markdown]
# ## Exercise 5.3: six layers
#
# A picture of 28×28 goes through six layers. Write down its side after each, six whole
# numbers, worked out by hand.
#
# | number | layer | kernel | stride | padding |
# |---|---|---|---|---|
# | 1 | Conv2D | 3 | 2 | `same` |
# | 2 | Conv2D | 3 | 2 | `valid` |
# | 3 | Conv2D | 3 | 1 | `valid` |
# | 4 | Conv2DTranspose | 3 | 1 | `valid` |
# | 5 | Conv2DTranspose | 4 | 2 | `valid` |
# | 6 | Conv2DTranspose | 3 | 2 | `same` |
#
# Down, `same` gives $\lceil n / s \rceil$.

# %%
# BEGIN SOLUTION
layer_sizes = (14, 6, 4, 6, 14, 28)
# END SOLUTION

# %% tags=["nbval-check-output"]
layer_sizes = checks.layer_sizes(layer_sizes)

# %%
down = [layers.Conv2D(1, 3, 2, "same"), layers.Conv2D(1, 3, 2), layers.Conv2D(1, 3)]
up = [layers.Conv2DTranspose(1, 3), layers.Conv2DTranspose(1, 4, 2)]
up += [layers.Conv2DTranspose(1, 3, 2, "same")]
shape = (None, 28, 28, 1)
for layer, expected in zip(down + up, layer_sizes, strict=True):
    shape = layer.compute_output_shape(shape)
    print(type(layer).__name__, tuple(shape[1:3]))
    assert shape[1] == expected

# %% [markdown]
# ## Not an inverse
#
# The lecture warns: *convolution and transposed convolution are not inverse
# operations*. The shape comes back. Do the numbers?
#
# **Before you run on:** we stamp the 3×3 question up to 5×5, and convolve it back
# to 3×3 with the same kernel. What will you see?

# %%
back = convolve(transposed_convolution(question, kernel, 1), kernel, 1)
print(question.astype(int), back.astype(int), sep="\n\n")
assert back.shape == question.shape
assert not np.allclose(back, question)

# %% [markdown]
# The same shape, other numbers. So what *is* it, if not the inverse? A convolution is
# linear: it is a matrix $A$ in disguise. We find it by convolving pictures with a
# single 1 in them: each gives one column of $A$.

# %%
singles = np.eye(25, dtype="float32").reshape(25, 5, 5)
matrix = np.stack([convolve(single, kernel, 1).ravel() for single in singles], axis=1)
x5 = np.arange(25, dtype="float32").reshape(5, 5) ** 2
assert np.allclose(matrix @ x5.ravel(), convolve(x5, kernel, 1).ravel())
assert np.allclose(
    matrix.T @ question.ravel(),
    transposed_convolution(question, kernel, 1).ravel(),
)

# %%
figure, axes = plots.figure(
    "Left, the 9×25 matrix of a convolution: the kernel's six non-zero numbers, "
    "moved to the right from row to row. Right, its 25×9 transpose",
    columns=2, size=(8, 4.4), width_ratios=[25, 9],
)  # fmt: skip
for axis, table, name in zip(axes, (matrix, matrix.T), ("A", "Aᵀ"), strict=True):
    axis.imshow(table, cmap="PuOr", vmin=-1.5, vmax=1.5)
    axis.set(title=f"{name}, {table.shape[0]}×{table.shape[1]}")
    axis.set(xlabel="cell of the input", ylabel="cell of the output")
figure

# %% [markdown]
# Every row of $A$ holds the same kernel, moved on: **9 numbers instead of 225**. So few
# weights! Turned on its side, $A$ is the transposed convolution: in and out change
# places. It is not the inverse but the **adjoint**:
#
# $$\langle A x,\; y \rangle = \langle x,\; A^\top y \rangle \quad\text{for all } x, y$$
#
# where $\langle\cdot,\cdot\rangle$ multiplies cell by cell and adds. Training lives on
# it: errors flow back through a convolution by its transpose.

# %%
rng = np.random.default_rng(0)
for stride in 1, 2, 3:
    weights = rng.normal(size=(3, 3))
    x15 = rng.normal(size=(15, 15))
    shrunk = convolve(x15, weights, stride)
    y = rng.normal(size=shrunk.shape)
    left = np.sum(shrunk * y)
    right = np.sum(x15 * transposed_convolution(y, weights, stride))
    print(f"stride {stride}: <Ax, y> = {left:.4f}, <x, Aᵀy> = {right:.4f}")
    assert np.isclose(left, right, atol=1e-4)

# %% [markdown]
# ## Break it: the checkerboard
#
# We double a flat grey picture and a small digit, with a kernel full of ones. What
# could be smoother?
#
# **Before you run on:** with stride 2 and a kernel of side 3, does every cell of the
# result get the same number of stamps? And with side 4?

# %%
small = convolve(x[0], np.ones((2, 2)) / 4, 2)
rows = {}
for side in 3, 4:
    ones = np.ones((side, side))
    pair = [transposed_convolution(y, ones, 2) for y in (np.ones((14, 14)), small)]
    counts = np.unique(pair[0][2:-2, 2:-2]).astype(int)
    print(f"kernel {side}, stride 2: stamps on a cell inside: {counts}")
    assert (len(counts) == 1) == (side % 2 == 0)
    rows[f"kernel {side}"] = [y[1:29, 1:29] / y.max() for y in pair]
plots.images(
    rows, titles=["flat grey", "a digit"], scale=2,
    alt="With kernel 3 a checkerboard lies over the grey and over the digit; with "
    "kernel 4 both are smooth inside",
)  # fmt: skip

# %% [markdown]
# Kernel 3 leaves a checkerboard of 1, 2 and 4 stamps. Kernel 4 leaves none, except at
# the border: the stride **divides** it. That is the cure. (Another: enlarge first, then
# convolve.) Training can fight the pattern, but must learn to.
#
# ## A trap: count the numbers
#
# Not every "bottleneck" is one. These two are of the kind that tutorials show:
# convolutions, each followed by pooling that halves the picture. How many numbers is
# the code?


# %%
def code_shape(*channels):
    h = keras.Input((28, 28, 1))
    for n in channels:
        h = layers.Conv2D(n, 3, padding="same", activation="relu")(h)
        h = layers.MaxPooling2D(2, padding="same")(h)
    return h.shape[1:]


for channels, expected in [((16, 32), 1568), ((16, 8, 8), 128)]:
    shape = code_shape(*channels)
    print(f"channels {channels}: {shape}, {np.prod(shape)} numbers for 784 pixels")
    assert np.prod(shape) == expected

# %% [markdown]
# The first code is *twice as long* as the picture. Then nothing needs to be learned:
# the kernels below just sort pixels into channels, untrained, and copy even noise
# perfectly, with 784 numbers. The second is a bottleneck, but four times as wide as
# our 32: compare it with nothing smaller.

# %%
sort = np.eye(16, dtype="float32").reshape(4, 4, 1, 16)
noise = rng.uniform(size=(5, 28, 28, 1)).astype("float32")
code = ops.conv(noise, sort, strides=4, padding="valid")
copy = ops.conv_transpose(code, sort, strides=4, padding="valid")
print("a code of", code.shape[1:], "numbers copies noise without a mistake")
assert np.prod(code.shape[1:]) == 784
assert np.allclose(copy, noise)

# %% [markdown]
# ## Exercise 5.4: the decoder
#
# Our encoder: two convolutions with kernel 4, stride 2 and `same`, 16 and 32 channels;
# then a *dense* code of 32 numbers. Build the way back, a model from codes to
# pictures:
#
# - dense to 7·7·32 units, relu; reshaped to 7×7×32,
# - transposed convolution to 16 channels, relu: 14×14,
# - transposed convolution to 1 channel, sigmoid: 28×28.
#
# Both with kernel 4, stride 2, `same`.


# %%
def conv_decoder(latent_dim):
    """Builds the decoder described above.

    Args:
        latent_dim: Integer, how many numbers a code has.

    Returns:
        `keras.Model` from codes, shape `(batch, latent_dim)`, to pictures, shape
        `(batch, 28, 28, 1)`, in [0, 1].
    """
    # BEGIN SOLUTION
    same = {"kernel_size": 4, "strides": 2, "padding": "same"}
    return keras.Sequential([
        keras.Input((latent_dim,)),
        layers.Dense(7 * 7 * 32, activation="relu"),
        layers.Reshape((7, 7, 32)),
        layers.Conv2DTranspose(16, activation="relu", **same),
        layers.Conv2DTranspose(1, activation="sigmoid", **same),
    ])  # fmt: skip
    # END SOLUTION


# %% tags=["nbval-check-output"]
conv_decoder = checks.conv_decoder(conv_decoder)

# %%
latent_dim = 32
conv = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 4, 2, "same", activation="relu"),
    layers.Conv2D(32, 4, 2, "same", activation="relu"),
    layers.Flatten(),
    layers.Dense(latent_dim, name="code"),
    conv_decoder(latent_dim),
], name="convolutional")  # fmt: skip
task = {"x": x_train, "y": x_train, "validation_data": (x_test, x_test)}
task["loss"] = losses.binary_crossentropy
conv_run = training.fit(conv, epochs=2, batch_size=32, peak=0.007, **task)

# %% [markdown]
# ## A fair race
#
# Is it better than a dense autoencoder? Fair means: the same code of 32 numbers, the
# same loss and pictures, and about the same **seconds**, as nearly as whole epochs
# allow (the table shows how nearly). So we time one dense epoch, and give as many as
# fill them. Learning rate and batch size are each model's own.

# %% [markdown]
# Two rivals: a *slim* one with as many weights as ours, and a *wide* one with seven
# times as many.
#
# **Before you run on:** in which order will they end?


# %%
def build_rival(width):
    return dense.dense_autoencoder(latent_dim, (width,), shape=(28, 28, 1))


def seconds_per_epoch(model):
    model.compile(optimizer="adam", loss=task["loss"], jit_compile=True)
    few = x_train[:128]
    model.fit(training.Batches(few, few, batch_size=128), verbose=0)  # XLA compiles
    begin = time.perf_counter()
    model.fit(training.Batches(x_train, x_train, batch_size=128), verbose=0)
    return time.perf_counter() - begin


# %%
runs, epochs = {"convolutional": (conv, conv_run)}, {"convolutional": 2}
for name, width, peak in ("dense, slim", 72, 0.012), ("dense, wide", 512, 0.004):
    pace = seconds_per_epoch(build_rival(width))
    epochs[name] = int(np.ceil(conv_run["seconds"] / pace))
    rival = build_rival(width)
    run = training.fit(rival, epochs=epochs[name], peak=peak, label=name, **task)
    runs[name] = rival, run

# %% [markdown]
# One line each: what it cost, and how far its copies are from held-out pictures.

# %%
nats = {name: run["val_loss"] for name, (_, run) in runs.items()}
weights = {name: model.count_params() for name, (model, _) in runs.items()}
for name, (_, run) in runs.items():
    print(f"{name:13} {weights[name]:7,} weights, {epochs[name]:2d} epochs,", end=" ")
    print(
        f"{run['seconds']:2.0f} s: {nats[name]:.1f} nats = 784 × {nats[name] / 784:.4f}"
    )
assert weights["dense, wide"] > 7 * weights["convolutional"]
assert abs(weights["dense, slim"] / weights["convolutional"] - 1) < 0.01
assert nats["convolutional"] < nats["dense, slim"] - 1

# %%
rows = {"original": x_test[:10]}
rows |= {name: model(x_test[:10]) for name, (model, _) in runs.items()}
plots.images(
    rows,
    alt="Ten held-out digits, and their copies by the convolutional, the slim dense "
    "and the wide dense autoencoder",
)

# %% [markdown]
# Look at thin ends and small loops. At equal weights the convolutional copies are
# closer: a kernel is learned once and used everywhere, a dense layer learns each stroke
# anew at every place. The wide rival's line shows what seven times the weights can buy
# back. Do not believe a comparison that hides one of the four: code, seconds, weights,
# pictures.
#
# Where are they on lesson 02's chart? Its unit is the squared error, for which nobody
# trained.

# %%
curves = {}
for name, (model, _) in runs.items():
    x_hat = model.predict(x_test, batch_size=500, verbose=0)
    curves[name] = [latent_dim], [np.mean(losses.squared_error(x_test, x_hat))]
known = rate_distortion.add(curves, lesson=5, source=digits.source)
rate_distortion.chart(
    known, alt="Squared error against numbers in the code: three points at 32, the "
    "convolutional and the wide dense one lowest; curves of earlier lessons, if run"
)  # fmt: skip

# %% [markdown]
# One size of code, three errors: the size of the door is only half of the story. (The
# curves of lessons 02 and 04 are here if this machine has run them.)

# %% [markdown]
# ## Assignment 5: a poster
#
# Write a decoder from a code of 16 numbers to pictures 50 high, 38 wide, with 3
# colours, pixels in [0, 1].
#
# - At least two transposed convolutions of stride 2 or more, without a checkerboard:
#   the stride divides the kernel.
# - Nothing is cropped, padded, resized or upsampled by another layer.
# - At most 30,000 parameters.
#
# *Hint:* 50 and 38 are not divisible by 4. Go backwards, with the formula.


# %%
def poster_decoder():
    """Builds the decoder described above.

    Returns:
        `keras.Model` from codes, shape `(batch, 16)`, to pictures, shape
        `(batch, 50, 38, 3)`, in [0, 1].
    """
    # BEGIN SOLUTION
    return keras.Sequential([
        keras.Input((16,)),
        layers.Dense(12 * 9 * 8, activation="relu"),
        layers.Reshape((12, 9, 8)),
        layers.Conv2DTranspose(16, 4, 2, "same", activation="relu"),
        layers.Conv2DTranspose(3, 4, 2, "valid", activation="sigmoid"),
    ])  # fmt: skip
    # END SOLUTION


# %% tags=["nbval-check-output"] points=3
poster_decoder = checks.poster_decoder(poster_decoder)

# %% [markdown]
# ## What we have seen
#
# - We **shrank and grew** pictures by hand: a convolution reads windows, its transpose
#   adds stamps. It is the adjoint, not the inverse.
# - We **predicted** the size of any layer; `same` hides half a cell of padding.
# - We **raced** a convolutional against a dense autoencoder: same code,
#   about the same seconds.
#
# Sources: Dumoulin & Visin, *A guide to convolution arithmetic* (2016),
# arXiv:1603.07285; Odena et al., *Deconvolution and Checkerboard Artifacts* (2016);
# Masci et al., *Stacked Convolutional Auto-Encoders* (2011).
#
# Next: **06 · Denoising**.

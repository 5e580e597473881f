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
# # 4 · How small can the door be?
#
# *How few numbers does a digit need, and what is lost with fewer?*
#
# **You will** build the lectures' first autoencoder and read its loss in any unit,
# beat its 50 published epochs on MNIST with 3 of a deeper one, and choose the size of
# its code.
#
# **You need** lesson 00 and logarithms.
#
# **Time** 60 minutes of yours, two of the computer's.
#
# Follows the first pages of L1, L3 and L4.

# %%
import keras
import numpy as np
from keras import layers

from course_utils import (
    checks,
    data,
    losses,
    metrics,
    plots,
    rate_distortion,
    training,
    widgets,
)
from course_utils.models import dense

keras.utils.set_random_seed(0)

# %% [markdown]
# ## A door between two halves
#
# The encoder $f$ maps a picture of 784 pixels to a short code, the decoder $g$ maps
# the code back:
#
# $$z = f(x) \in \mathbb{R}^d, \qquad \hat x = g(z) \approx x$$
#
# $x$ is `x`, the code $z$ is `z`, its size $d$ is `latent_dim`, the copy $\hat x$ is
# `x_hat`. If $d$ is smaller than 784 the picture has to pass a narrow door, the
# *bottleneck*: the code is *undercomplete*.

# %%
digits = data.load_digits()
x_train = digits.x_train.reshape(-1, 784)
x_test = digits.x_test.reshape(-1, 784)
ten = [int(np.argmax(digits.y_test == digit)) for digit in range(10)]
print(x_train.shape, x_test.shape)
plots.images({"x_test": x_test[ten]}, alt="One held-out picture of each digit, 0 to 9")

# %% [markdown]
# One row of 784 numbers for each picture. We keep these ten to look at.
#
# ## The lectures' model
#
# One layer down to 32 numbers, one layer up to 784 pixels. L3 gives it in five
# lines, L4 the call that trains it, where the picture is the input *and* the target.

# %%
input_img = keras.Input(shape=(784,))
encoding_dim = 32
encoded = layers.Dense(encoding_dim, activation="relu")(input_img)
decoded = layers.Dense(784, activation="sigmoid")(encoded)
autoencoder = keras.Model(input_img, decoded)

# %% [markdown]
# The lecture trains for 50 epochs. We stop at 3, and come back to the 50 below. (`x` is
# a tensor: of a NumPy array, Keras would make copies of 700 MB. And nothing here is
# compiled by XLA, which would be a little faster, and take 250 MB.)

# %%
autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
autoencoder.jit_compile = False
x = keras.ops.convert_to_tensor(x_train)
history = autoencoder.fit(
    x, x,
    epochs=3,
    batch_size=256,
    shuffle=True,
    validation_data=(x_test, x_test),
    verbose=0,
)  # fmt: skip
del x
per_pixel = history.history["val_loss"][-1]
print(f"Keras says: held-out loss {per_pixel:.4f}")

# %%
x_hat = autoencoder.predict(x_test, batch_size=500, verbose=0)
plots.images(
    {"picture x": x_test[ten], "copy x̂": x_hat[ten]},
    alt="Ten digits above their copies, which are readable but blurred and stained",
)

# %% [markdown]
# Readable, but blurred, with grey stains around the ink. Keras says about 0.1. Is that
# good? A number needs its unit.
#
# ## Two losses
#
# The *squared error*, and the *binary cross-entropy* (BCE), where a pixel is a
# probability of ink, both **summed** over the pixels $j$, in **nats per image**:
#
# $$\tfrac12 \textstyle\sum_j (x_j - \hat x_j)^2 \qquad
# -\sum_j [x_j \log \hat x_j + (1 - x_j) \log (1 - \hat x_j)]$$

# %% [markdown]
# ## Exercise 4.1: both losses in nats per image
#
# Write both. `x` and `x_hat` have shape `(n, pixels)`; return a pair of arrays of
# shape `(n,)`: one number for each image, no average over anything.
#
# *Where to look:* `np.sum` with `axis=1`, and `np.log`, the natural logarithm. The
# first line keeps `x_hat` off 0 and 1, where a logarithm would be infinite.


# %%
def reconstruction_losses(x, x_hat):
    """Returns the squared error and the cross-entropy of each image, in nats.

    Args:
        x: Float array of shape `(n, pixels)`, in [0, 1].
        x_hat: Float array of shape `(n, pixels)`, in [0, 1].

    Returns:
        Pair of float arrays of shape `(n,)`: first the squared error, with its
        factor 1/2, then the binary cross-entropy.
    """
    x_hat = np.clip(x_hat, 1e-7, 1 - 1e-7)
    # BEGIN SOLUTION
    terms = x * np.log(x_hat) + (1 - x) * np.log(1 - x_hat)
    return 0.5 * np.sum((x - x_hat) ** 2, axis=1), -np.sum(terms, axis=1)
    # END SOLUTION


# %% tags=["nbval-check-output"]
reconstruction_losses = checks.reconstruction_losses(reconstruction_losses)

# %% [markdown]
# ## The same error in three conventions
#
# | convention | squared error | BCE |
# |---|---|---|
# | this course, nats per image | ½ sum | sum |
# | lectures L1 and L4 | sum | sum |
# | Keras, per pixel | mean | mean |
#
# A mean over 784 pixels is 784 times smaller than their sum. Nearly every "my loss is
# 0.1 and yours is 80" is this factor: **compare numbers only inside one convention.**

# %%
squares, nats = (np.mean(loss) for loss in reconstruction_losses(x_test, x_hat))
keras_mse = np.mean((x_test - x_hat) ** 2)
print(f"squared error: {squares:.2f} nats, L1 {2 * squares:.2f}, Keras {keras_mse:.4f}")
print(f"BCE:           {nats:.1f} nats, L1 {nats:.1f}, Keras {per_pixel:.4f}")
assert np.isclose(nats, 784 * per_pixel, rtol=1e-3)
assert np.isclose(squares, 784 / 2 * keras_mse, rtol=1e-3)

# %% [markdown]
# **Before you run on:** a perfect copy has squared error 0. What is its BCE?

# %%
x_hat_pixel = np.linspace(0.01, 0.99, 99)[:, None]
curves = {}
for x_pixel in (0.0, 0.2, 0.5):
    pixel = np.full_like(x_hat_pixel, x_pixel)
    _, bce = reconstruction_losses(pixel, x_hat_pixel)
    curves[f"pixel x = {x_pixel}"] = (x_hat_pixel[:, 0], bce)
floor = np.mean(losses.entropy_floor(x_test))
print(f"perfect copies: {floor:.1f} nats; ours: {nats:.1f}, {nats - floor:.1f} above")
assert 0 < floor < nats
plots.lines(
    curves, x_label="copy x̂ of one pixel", y_label="BCE in nats",
    alt="Cross-entropy of one pixel: lowest where the copy equals the pixel, but "
    "above zero for the grey ones",
)  # fmt: skip

# %% [markdown]
# Each curve is lowest where the copy equals the pixel. But only the black pixel's
# curve touches zero: a grey pixel keeps its own entropy, 0.69 nats at ½. Summed over
# a digit, that is the **floor** no model can go below. So a large part of the loss that
# Keras prints is not error at all: the cell above prints how much. What counts is how
# far above the floor we are.

# %% [markdown]
# ## Exercise 4.2: the encoder
#
# One layer each way cannot bend. Build an encoder with a hidden layer: from 784
# pixels through **256 relu** units to a code of `latent_dim` numbers **without**
# activation (a *linear* code; we shall see why). Return an untrained Keras model.


# %%
def build_encoder(latent_dim):
    """Returns an untrained keras model from 784 pixels to a linear code.

    Args:
        latent_dim: Integer, how many numbers the code has.

    Returns:
        `keras.Model` from shape `(n, 784)` to shape `(n, latent_dim)`.
    """
    # BEGIN SOLUTION
    return keras.Sequential(
        [keras.Input((784,)), layers.Dense(256, "relu"), layers.Dense(latent_dim)]
    )
    # END SOLUTION


# %% tags=["nbval-check-output"]
build_encoder = checks.build_encoder(build_encoder)

# %% [markdown]
# ## Exercise 4.3: the decoder
#
# Now the way back: from `latent_dim` numbers through **256 relu** units to 784 pixels
# in [0, 1]. Which activation keeps each pixel in [0, 1], by itself? Return an
# untrained Keras model.


# %%
def build_decoder(latent_dim):
    """Returns an untrained keras model from a code to 784 pixels in [0, 1].

    Args:
        latent_dim: Integer, how many numbers the code has.

    Returns:
        `keras.Model` from shape `(n, latent_dim)` to shape `(n, 784)`.
    """
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(256, "relu"),
            layers.Dense(784, "sigmoid"),
        ]
    )
    # END SOLUTION


# %% tags=["nbval-check-output"]
build_decoder = checks.build_decoder(build_decoder)

# %% [markdown]
# ## Three epochs against fifty
#
# The lectures' model is published with 0.0928 per pixel on held-out MNIST after 50
# epochs: 72.8 nats per image.

# %% [markdown]
# We change two things. The **training**: batches half as large, and a learning rate
# that follows one cycle, up to a peak ten times higher, then down to nearly nothing.
# And the **network**: the encoder and decoder you just built, with hidden layers and a
# linear code. Its size stays 32.
#
# **Before you run on:** which of the two changes helps more?

# %%
one_cycle = {
    "loss": losses.binary_crossentropy, "epochs": 3, "batch_size": 125,
    "peak": 0.01, "validation_data": (x_test, x_test), "jit_compile": False,
}  # fmt: skip
shallow = dense.dense_autoencoder(32, hidden=(), code_activation="relu")
deep = keras.Sequential([build_encoder(32), build_decoder(32)])
first = training.fit(shallow, x_train, x_train, label="L3's model", **one_cycle)
both = training.fit(deep, x_train, x_train, label="deeper model", **one_cycle)

# %%
published = 784 * 0.0928
assert both["val_loss"] < first["val_loss"] < nats
assert both["val_loss"] < published or digits.source != "mnist"
plots.bars(
    {
        "L3's model, 3 epochs": nats,
        "the same, one cycle": first["val_loss"],
        "deeper, one cycle": both["val_loss"],
        "L3's, 50 epochs, on MNIST (published)": published,
        "floor: perfect copies": floor,
    },
    y_label="held-out BCE, nats per image",
    alt="Bars: each change lowers the loss; compare the published bar only on MNIST",
    size=(7, 2.6),
)

# %% [markdown]
# The training alone goes most of the way with the *same* model, the network the rest.
# On MNIST three epochs of ours end below fifty of the published recipe.
#
# ## Units that die
#
# L3's code goes through a relu: what is negative becomes 0. A unit that is negative
# for *every* picture gets no gradient and never comes back: it is **dead**. Large
# steps kill, so we take large ones.
#
# **Before you run on:** how many of the 32 are left?

# %%
used, held_out = {}, []
for name, activation in (("relu code", "relu"), ("linear code", None)):
    model = dense.dense_autoencoder(32, code_activation=activation)
    result = training.fit(
        model, x_train, x_train, loss=losses.binary_crossentropy, epochs=1,
        batch_size=125, peak=0.02, validation_data=(x_test, x_test), label=name,
        jit_compile=False,
    )  # fmt: skip
    z = model.get_layer("encoder")(x_test)
    used[name] = np.sort(np.mean(np.asarray(z) != 0, axis=0))
    held_out.append(result["val_loss"])
    print(f"{name}: {np.sum(used[name] == 0)} of 32 units are dead")
assert held_out[1] < held_out[0]
assert np.sum(used["relu code"] == 0) >= 3 > np.sum(used["linear code"] == 0) == 0

# %%
plots.lines(
    {name: (np.arange(1, 33), 100 * share) for name, share in used.items()},
    x_label="unit of the code, sorted", y_label="pictures that use it, %",
    alt="Share of pictures that use each unit: all pictures for the linear code; for "
    "the relu code several units are used by none",
)  # fmt: skip

# %% [markdown]
# The dead units lie on the floor at the left: the code is that much smaller than it
# says, and its loss larger. A linear unit cannot die: so the course's codes are linear.
#
# ## How small can the door be?
#
# Five autoencoders that differ only in the code, beside **PCA**, the best *linear* code
# (lesson 02). PCA minimises the squared error, so that is what we compare.
#
# **Before you run on:** can two numbers hold a digit?

# %%
latent_dims = [2, 5, 10, 32, 128]
encoders, decoders, copies, errors = {}, {}, {}, []
for latent_dim in latent_dims:
    encoder, decoder = build_encoder(latent_dim), build_decoder(latent_dim)
    model = keras.Sequential([encoder, decoder])
    result = training.fit(
        model, x_train, x_train, loss=losses.squared_error, epochs=2, batch_size=125,
        peak=0.01, validation_data=(x_test, x_test), label=f"{latent_dim}-D",
        jit_compile=False,
    )  # fmt: skip
    encoders[latent_dim], decoders[latent_dim] = encoder, decoder
    errors.append(result["val_loss"])
    copies[latent_dim] = np.asarray(model(x_test[:200]))

# %%
rows = {f"{size}-D": copies[size][ten] for size in (2, 5, 32)}
plots.images(
    {"input": x_test[ten]} | rows,
    alt="Ten digits and their copies from 2, 5 and 32 numbers: from 2 they are blurred "
    "and some become another digit, from 5 more are right, from 32 nearly exact",
)

# %% [markdown]
# This is L4's table, with a row more. From **2** numbers the copies look like digits,
# but some are the wrong one. From **5** more are right, if smudged. From **32** even
# the hand of the writer comes through. The smaller the code, the more *typical* the
# copy: what does not fit is replaced by what is usual.

# %%
pca_dims = np.arange(1, 301)
pca = metrics.PCA(x_train)
pca_errors = pca.curve(x_test, pca_dims)
for size, error in zip(latent_dims, errors, strict=True):
    print(f"{size:3d}-D: {error:5.2f} nats, PCA {pca_errors[size - 1]:5.2f}")
assert errors == sorted(errors, reverse=True)
assert np.all(errors[:4] < 0.9 * pca_errors[np.array(latent_dims[:4]) - 1])
plots.lines(
    {"autoencoder": (latent_dims, errors), "PCA": (pca_dims, pca_errors)},
    x_label="numbers in the code", y_label="squared error, nats per image",
    log_x=True, log_y=True,
    alt="Error falls with the size of the code; the autoencoder lies far below PCA for "
    "small codes, and they meet at large ones",
)  # fmt: skip

# %% [markdown]
# Every size lowers the error, and for small codes the autoencoder is far below PCA:
# it bends, where PCA is flat. The gap closes to the right: with 128 numbers little is
# left to gain, and PCA's formula is exact at once, where we took two epochs. We add the
# curve to the chart that lesson 02 began (its points are here if you have run it).

# %%
sweep = {"dense": (latent_dims, errors)}
known = rate_distortion.add(sweep, lesson=4, source=digits.source)
rate_distortion.chart(
    known, alt="The chart of lesson 02 with the error of the dense autoencoders, which "
    "falls with the size of the code"
)  # fmt: skip

# %% [markdown]
# The dense autoencoders start far below PCA and the linear ones of lesson 02, and end
# on PCA's curve, at 128 numbers.
#
# ## Exercise 4.4: read a sweep
#
# Given the sizes of a sweep, the error at each, and a target: which is the **smallest
# size whose error is at most the target**? Return it, or `None` if none is good
# enough. The sizes may come in any order.


# %%
def smallest_code(latent_dims, errors, target):
    """Returns the smallest code that is good enough.

    Args:
        latent_dims: Sequence of integers, the sizes of the codes.
        errors: Sequence of floats of the same length, the error of each.
        target: Float, the largest error that is good enough.

    Returns:
        Integer, one of `latent_dims`, or None if every error is above the target.
    """
    # BEGIN SOLUTION
    pairs = zip(latent_dims, errors, strict=True)
    good = [latent_dim for latent_dim, error in pairs if error <= target]
    return min(good, default=None)
    # END SOLUTION


# %% tags=["nbval-check-output"]
smallest_code = checks.smallest_code(smallest_code)

# %%
for size, error in zip(latent_dims, errors, strict=True):
    same = smallest_code(pca_dims, pca_errors, error)
    print(f"{size} numbers of ours are worth {same} of PCA's")

# %% [markdown]
# ## "The more, the better"?
#
# L4 says of latent variables *the more, the better*. L0 asks for a code *much smaller*
# than the picture. So we measure three things:
#
# - how well **digits** are copied (done);
# - how well **non-digits** are copied: digits cut in four, corners and middle swapped;
# - how **useful** the code is: how many digits a linear classifier reads from it, if it
#   has 10,000 labelled ones to learn from, or only 100.

# %%
pieces = np.roll(x_test[:2000].reshape(-1, 28, 28), (14, 14), axis=(1, 2))
non_digits = pieces.reshape(-1, 784)
others, read = [], {10_000: [], 100: []}
for size in latent_dims:
    x_hat = decoders[size](encoders[size](non_digits))
    others.append(float(np.mean(losses.squared_error(non_digits, x_hat))))
    z, z_test = (np.asarray(encoders[size](x)) for x in (x_train[:10_000], x_test))
    for n, shares in read.items():
        labels = digits.y_train[:n], digits.y_test
        share = metrics.linear_probe_accuracy(z[:n], labels[0], z_test, labels[1])
        shares.append(100 * share)

# %%
print("error of digits    ", np.round(errors, 1))
print("error of non-digits", np.round(others, 1))
for n, shares in read.items():
    print(f"{n:,} labels: digits read, %", np.round(shares, 1))
assert np.all(np.array(others) > 2 * np.array(errors))
assert max(read[100][1:4]) > read[100][-1] + 1
assert max(read[10_000]) > read[10_000][0] + 10

# %%
measures = {"error, nats": {"digits": errors, "non-digits": others}}
of_labels = {f"{n:,} labels": read[n] for n in (10_000, 100)}
measures["digits read from the code, %"] = of_labels
figure, axes = plots.figure(
    "Against the size of the code: the error on digits falls, on non-digits it stays "
    "high; reading with many labels keeps rising, with few a middle size is best",
    columns=2, size=(8, 3),
)  # fmt: skip
for axis, (title, curves) in zip(axes, measures.items(), strict=True):
    for i, (name, values) in enumerate(curves.items()):
        style = {"color": plots.SERIES[i], "marker": "os"[i], "linestyle": "-:"[i]}
        axis.semilogx(latent_dims, values, label=name, **style)
    axis.set(xlabel="numbers in the code", ylabel=title, ylim=(0, None))
    axis.legend(frameon=False)
figure

# %% [markdown]
# The error on digits falls with every number: **the more, the better**. With 10,000
# labels reading profits too. But from 100 labels a middle size is read best, because
# there is less to learn: **much smaller** is better when little is known.
#
# Non-digits stay bad at every size. They have ink in the corners, where no digit has
# any: the network learned digits, not copying.

# %% [markdown]
# ## Exercise 4.5: compression ratio in bits
#
# 784 numbers against 32 sounds like 24.5 times smaller. But a pixel is stored in 8 bits
# and a number of the code in 32 (`float32`). To compare, count **bits**.
#
# How many times fewer bits has the code than the picture? The picture has 784 pixels
# of 8 bits; the code has `latent_dim` numbers of `bits` bits each.


# %%
def compression_ratio(latent_dim, bits):
    """Returns how many times smaller the code is than the picture, in bits.

    Args:
        latent_dim: Integer, how many numbers the code has.
        bits: Integer, how many bits each of them takes.

    Returns:
        Float; below 1 if the code is larger than the picture.
    """
    # BEGIN SOLUTION
    return 784 * 8 / (latent_dim * bits)
    # END SOLUTION


# %% tags=["nbval-check-output"]
compression_ratio = checks.compression_ratio(compression_ratio)

# %% [markdown]
# Do the numbers of a code need 32 bits? We round them to $2^b$ levels between the
# smallest and the largest, decode, and see what the rounding costs.

# %%
z = np.asarray(encoders[32](x_test))
low, high = z.min(axis=0), z.max(axis=0)
rounded = {}
for bits in (8, 6, 4, 3, 2):
    step = (high - low) / (2**bits - 1)
    z_rounded = low + step * np.round((z - low) / step)
    x_hat = decoders[32](z_rounded)
    rounded[bits] = np.mean(losses.squared_error(x_test, x_hat))
    ratio = compression_ratio(32, bits)
    print(f"{bits} bits: {ratio:5.1f} times smaller, {rounded[bits]:.2f} nats")
assert 0.995 < rounded[8] / errors[latent_dims.index(32)] < 1.02

# %% [markdown]
# 32 bits give 6.1 times smaller, not 24.5. Eight bits cost nothing that can be seen,
# and then it *is* 24.5. Below that the error climbs. An autoencoder is *lossy* (L4):
# lesson 09 makes a real compressor of it.
#
# ## Play with it
#
# Choose a picture and the size of the code. Watch which strokes arrive late.

# %%
linear = {size: pca.copy(x_test[:200], size) for size in latent_dims}


def draw(picture, latent_dim):
    one = slice(picture, picture + 1)
    x, x_hat = x_test[one], copies[latent_dim][one]
    shown = [x, x_hat, np.abs(x - x_hat), linear[latent_dim][one]]
    titles = ["picture", f"{latent_dim}-D copy", "difference", "PCA"]
    error = float(losses.squared_error(x, x_hat)[0])
    alt = f"Picture {picture}, its copy from {latent_dim} numbers (error {error:.1f} "
    return plots.images(
        {"": np.concatenate(shown)}, titles=titles, scale=1.6,
        alt=alt + "nats), the difference, and PCA's copy from as many numbers",
    )  # fmt: skip


# %%
widgets.Explorer(
    draw,
    picture=widgets.slider("picture", 0, 199, value=8),
    latent_dim=widgets.choice("numbers in the code", latent_dims, value=5),
)

# %% [markdown]
# ## Assignment 4: a compact autoencoder
#
# L3's model has 50,992 weights and 32 numbers. Do better with half the code. Train
# an encoder and a decoder with
#
# - at most **51,000 weights** together (`count_params()`), and at most **16 numbers**;
# - a held-out squared error at most **0.9 times** that of PCA with 16 numbers.
#
# The check calls your function with 20,000 digits, and scores it on 5,000 others.
# Half a minute of training is plenty.


# %%
def compact_autoencoder(x_train):
    """Trains a small autoencoder.

    Args:
        x_train: Float array of shape `(n, 784)`, in [0, 1].

    Returns:
        Pair of trained Keras models `(encoder, decoder)`: from `(n, 784)` to
        `(n, 16)` or narrower, and back to `(n, 784)`.
    """
    # BEGIN SOLUTION
    model = dense.dense_autoencoder(16, hidden=(30,))
    training.fit(
        model, x_train, x_train, loss=losses.squared_error, epochs=6, batch_size=80,
        peak=0.01, jit_compile=False,
    )  # fmt: skip
    return model.get_layer("encoder"), model.get_layer("decoder")
    # END SOLUTION


# %% tags=["nbval-check-output"] points=3
compact_autoencoder = checks.compact_autoencoder(compact_autoencoder)

# %% [markdown]
# ## What we have seen
#
# - We **built** L3's model and **read** its loss in three conventions; only the part
#   above the entropy floor is error.
# - We **beat** its 50 published epochs on MNIST with 3 of a deeper one, and counted the
#   units that a relu kills.
# - We **chose** the size of a code: by its error, its use, and its bits.
#
# Sources: Hinton & Salakhutdinov, *Science* 313 (2006); Chollet, *Building autoencoders
# in Keras* (2016); Smith & Topin, *Super-convergence* (2017), arXiv:1708.07120; Alain &
# Bengio, *Linear classifier probes* (2016), arXiv:1610.01644.
#
# Next: **05 · How do we go back up?**

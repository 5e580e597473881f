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
# # 0 · Start here
#
# *What is an autoencoder, in one minute?*
#
# **You will** run a notebook, train a first autoencoder, and have an exercise
# checked.
#
# **You need** a little Python and NumPy. Nothing about autoencoders yet.
#
# **Time** 15 minutes of yours, half a minute of the computer's.
#
# Follows the first pages of all five lectures.

# %%
import keras
import numpy as np
from keras import layers

from course_utils import checks, data, losses, memory, plots, training, widgets

keras.utils.set_random_seed(0)

# %% [markdown]
# ## How a notebook works
#
# A notebook is made of cells. Click on one and press **Shift + Enter**: it runs,
# and the next one is selected. Start at the top and go down.
#
# If something looks wrong, choose *Kernel → Restart Kernel and Run up to Selected
# Cell*. Nothing can break: your answers are in the notebook, and the notebook is
# saved.

# %%
print("Keras", keras.version(), "on", keras.backend.backend())
memory.warn_of_other_kernels()

# %% [markdown]
# ## Which pictures are on this machine
#
# The lessons learn from handwritten digits. The next line takes MNIST, the famous
# ones, if they are here. Otherwise it takes *strokes*: digits that this course
# draws itself. Every lesson works with both, and no lesson needs the network.
#
# To get MNIST, run `python -m course_utils fetch` once in a terminal. To choose,
# set the environment variable `COURSE_DIGITS` to `mnist` or `strokes` before you
# start JupyterLab.

# %%
digits = data.load_digits()
print(
    "shape:",
    digits.x_train.shape,
    "from",
    digits.x_train.min(),
    "to",
    digits.x_train.max(),
)

# %% [markdown]
# The four numbers are *how many pictures*, *height*, *width* and *colours* (one:
# grey). A pixel is 0 where the paper is, and 1 where the ink is.

# %%
plots.image_grid(
    digits.x_train[:40],
    columns=20,
    alt="Forty handwritten digits in two rows of twenty",
)

# %% [markdown]
# Two rows of handwriting, white on black: thick and thin, upright and slanted. No
# two are the same, and yet you read them all.

# %% [markdown]
# ## What an autoencoder is
#
# *Auto* means self. An autoencoder teaches itself to write a picture down in few
# numbers, and to draw it again from them.
#
# - The **encoder** turns a picture $x$ (`x`) into a short code $z$ (`z`).
# - The **decoder** turns the code into a picture again: $\hat x$ (`x_hat`).
# - Training makes $\hat x$ resemble $x$.
#
# Nobody has to label anything: the picture is the question and the answer.

# %% [markdown]
# ## How an exercise works
#
# Replace `# YOUR CODE HERE` and the line below it. The next cell checks your answer:
#
# - `✓` it is right, and the lesson goes on with your version.
# - `…` it is not written yet. The lesson goes on with ours: you are never stuck.
# - `✗` it is not right yet; you see what was expected, and a hint.
#
# Change your answer and run both cells again, as often as you like.

# %% [markdown]
# ## Exercise 0.1: a picture as a row of numbers
#
# Our network takes each picture as one row of 784 numbers. Write the function that
# turns pictures of shape `(n, 28, 28, 1)` into rows of shape `(n, 784)`, for any
# number of pictures `n`. Row by row: the first 28 numbers are the top row of pixels.
#
# *Where to look:* `images.reshape(...)`.


# %%
def to_rows(images):
    """Returns each picture as one row of numbers.

    Args:
        images: Float array of shape `(n, 28, 28, 1)`.

    Returns:
        Float array of shape `(n, 784)`.
    """
    # BEGIN SOLUTION
    return images.reshape(len(images), 784)
    # END SOLUTION


# %% tags=["nbval-check-output"]
to_rows = checks.to_rows(to_rows)

# %%
x_train, x_test = to_rows(digits.x_train), to_rows(digits.x_test)
print(x_train.shape, x_test.shape)

# %% [markdown]
# ## An autoencoder in one minute
#
# The encoder has one layer of 128 units and a code of 32 numbers. The decoder goes
# the same way back. So the picture has to pass through a door that is 784 / 32 =
# 24.5 times narrower than itself.

# %%
latent_dim = 32
encoder = keras.Sequential(
    [keras.Input((784,)), layers.Dense(128, "relu"), layers.Dense(latent_dim)],
    name="encoder",
)
decoder = keras.Sequential(
    [keras.Input((32,)), layers.Dense(128, "relu"), layers.Dense(784, "sigmoid")],
    name="decoder",
)
autoencoder = keras.Sequential([encoder, decoder], name="autoencoder")

# %% [markdown]
# **Before you run on:** the network has never seen a digit. After three looks at
# each training picture, what will its copies of *new* pictures look like: noise,
# blots, or digits?

# %%
history = training.fit(
    autoencoder, x_train, x_train, loss=losses.binary_crossentropy,
    epochs=3, peak=0.004, validation_data=(x_test, x_test),
)  # fmt: skip

# %% [markdown]
# The line says how wrong the copies are on average, on the pictures it learned
# from and on those *held out*. The unit is nats per image; lesson 04 explains it.
# What matters now: smaller is better.

# %%
x_hat = autoencoder.predict(x_test[:10], verbose=0)
plots.images(
    {"picture x": x_test[:10], "copy x̂": x_hat},
    alt="Ten held-out digits above their copies from 32 numbers each",
)

# %% [markdown]
# Read it column by column: every copy is the same digit as the picture above it, a
# little softer. Fine corners and gaps are what gets lost. The network had never
# seen these ten pictures.

# %% [markdown]
# ## Exercise 0.2: how far is the copy from the picture?
#
# A picture invites you to believe it; a number does not. For each picture, return
# the **mean** over its pixels of the absolute difference $|x - \hat x|$. One number
# per picture, not one for all.
#
# *Where to look:* `np.abs`, and the argument `axis` of `np.mean`.


# %%
def difference(x, x_hat):
    """Returns the mean absolute difference of each picture and its copy.

    Args:
        x: Float array of shape `(n, 784)`.
        x_hat: Float array of shape `(n, 784)`.

    Returns:
        Float array of shape `(n,)`, in [0, 1].
    """
    # BEGIN SOLUTION
    return np.mean(np.abs(x - x_hat), axis=1)
    # END SOLUTION


# %% tags=["nbval-check-output"]
difference = checks.difference(difference)

# %% [markdown]
# A number means little without another beside it. So we compare with the laziest
# copy there is: the average of all training pictures, the same for everybody.

# %%
x_hat = autoencoder.predict(x_test, verbose=0)
lazy = np.broadcast_to(x_train.mean(axis=0), x_test.shape)
ours, theirs = difference(x_test, x_hat).mean(), difference(x_test, lazy).mean()
print(f"autoencoder {ours:.3f}, average picture {theirs:.3f}, per pixel")
assert ours < theirs / 3

# %% [markdown]
# The autoencoder's copies are more than three times closer than the average
# picture. It has learned something about digits.

# %% [markdown]
# ## Break it
#
# Does it copy *anything*? We give it noise: pictures in which every pixel is drawn
# by chance, with as much ink as a digit has.

# %%
rng = np.random.default_rng(0)
noise = rng.permuted(x_test[:10], axis=1)
noise_hat = autoencoder.predict(noise, verbose=0)
print(f"off by {difference(noise, noise_hat).mean():.3f} per pixel")
assert difference(noise, noise_hat).mean() > 3 * ours
plots.images(
    {"noise": noise, "copy": noise_hat},
    alt="Ten pictures of noise above copies that look like blurred strokes, not noise",
)

# %% [markdown]
# It cannot. Where we put noise in, smeared strokes come out. That is good news: it
# did not learn to copy, it learned **what digits look like**. The whole course
# lives on this.

# %% [markdown]
# ## Play with it
#
# Pick a picture. Then change one of the 32 numbers of its code and watch the copy
# change. (With the keyboard: *Tab* to a slider, then the arrow keys.)

# %%
codes = encoder.predict(x_test[:100], verbose=0)
spread = codes.std(axis=0)


def draw(picture, number, change):
    code = codes[picture : picture + 1].copy()
    code[0, number] += change * spread[number]
    x_hat = keras.ops.convert_to_numpy(decoder(code))
    pair = np.concatenate([x_test[picture : picture + 1], x_hat])
    alt = (
        f"Picture {picture}, and its copy with number {number} changed by {change:.1f}"
    )
    return plots.images({"": pair}, titles=["picture", "copy"], alt=alt, scale=2)


# %%
widgets.Explorer(
    draw,
    picture=widgets.slider("picture", 0, 99, value=2),
    number=widgets.slider("number of the code", 0, latent_dim - 1),
    change=widgets.slider("change, in standard deviations", -3.0, 3.0, 2.0),
)

# %% [markdown]
# No single number means *slant* or *thickness*: each changes a bit of everything.
# Lessons 08 to 12 are about codes that mean something.

# %% [markdown]
# ## If memory is short
#
# Every open notebook keeps its own kernel, about one gigabyte. Binder gives two in
# all; the first lines of this lesson warn you if another one holds memory. Before you
# open the next lesson, choose *Kernel → Shut Down All Kernels*. If a kernel dies
# without a word, memory is nearly always the reason.

# %% [markdown]
# ## What we have seen
#
# - We **ran** a notebook, and know which digits are on this machine.
# - We **trained** an autoencoder: it copies digits through 32 numbers, and it cannot
#   copy noise.
# - We **had two exercises checked**, and know what `✓`, `…` and `✗` mean.
#
# Sources: Rumelhart, Hinton & Williams, *Learning representations by
# back-propagating errors* (1986); LeCun, Cortes & Burges, *The MNIST database* (1998).
#
# Next: **01 · Can we copy something through a narrow door?**

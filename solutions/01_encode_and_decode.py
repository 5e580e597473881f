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
# # 1 · Encode and decode
#
# *Can we copy something through a narrow door?*
#
# **You will** write a code that loses nothing, find out exactly when a linear code
# loses nothing, and watch eight inputs squeeze through three units.
#
# **You need** Python's strings, NumPy's matrices, and lesson 00.
#
# **Time** 60 minutes of yours, a minute of the computer's.
#
# Follows lecture 0 (*Analogy*), lecture 1 (*8 × 3 × 8*, *Overcomplete and
# undercomplete*) and lecture 2 (*Toy examples*).

# %%
import itertools

import keras
import numpy as np
from keras import layers
from scipy import special

from course_utils import checks, data, losses, plots, training, widgets

keras.utils.set_random_seed(0)

# %% [markdown]
# ## Telling a story in fewer words
#
# AAAABBBBB on the telephone? *Four A's, five B's.* That is a code. An **encoder** $e$
# turns $x$ (`text`) into $z = e(x)$ (`code`), a **decoder** $d$ turns it back:
# $\hat x = d(z)$. If always $\hat x = x$, the code is **lossless**.
#
# ## Exercise 1.1: encode
#
# Write the **run-length code**: for each run of equal letters its length, then the
# letter. AAAABBBBB becomes `4A5B`. A text may hold any characters but digits.


# %%
def encode(text):
    """Returns the run-length code of a text.

    Args:
        text: String without the digits 0 to 9; may be empty.

    Returns:
        String: for each run its length (1 as well, or 10 and more), then its letter.
    """
    # BEGIN SOLUTION
    runs = [(letter, len(list(run))) for letter, run in itertools.groupby(text)]
    return "".join(f"{count}{letter}" for letter, count in runs)
    # END SOLUTION


# %% tags=["nbval-check-output"]
encode = checks.encode(encode)

# %% [markdown]
# ## Exercise 1.2: decode
#
# Now the way back: `4A5B` becomes AAAABBBBB. Mind that a count may have several digits:
# `12A` is twelve A's.


# %%
def decode(code):
    """Returns the text whose run-length code is given.

    Args:
        code: String of pairs, a count (one digit or several) and a letter.

    Returns:
        String.
    """
    # BEGIN SOLUTION
    text, count = "", ""
    for sign in code:
        if sign in "0123456789":
            count += sign
        else:
            text, count = text + int(count) * sign, ""
    return text
    # END SOLUTION


# %% tags=["nbval-check-output"]
decode = checks.decode(decode)

# %% [markdown]
# The lecture's example proves little. A better test states a **property**, here
# *decode undoes encode*, and tries it on texts that nobody chose. (The tests of this
# course do it with a library, `hypothesis`, that hunts for nasty texts.)

# %%
assert (encode("AAAABBBBB"), decode("4A5B")) == ("4A5B", "AAAABBBBB")
rng = np.random.default_rng(0)
for _ in range(1000):
    lengths = rng.integers(1, 30, size=rng.integers(0, 10))
    text = "".join("ABC"[rng.integers(3)] * n for n in lengths)
    assert decode(encode(text)) == text
print("1,000 random texts came back unharmed.")
print("With a digit inside, 1A comes back as", len(decode(encode("1A"))), "A's.")

# %% [markdown]
# A text with digits breaks it: `1A` becomes `111A`, and nobody can tell whether a 1 is
# a letter or part of a count. A code is lossless *for an alphabet*.
#
# Is it also *shorter*? A picture is a text, too: `#` for ink, `.` for paper, row after
# row. Old fax machines sent pages as run lengths.
#
# **Before you run on:** which codes are shorter than their 784 characters: that of a
# digit, that of the same pixels shuffled, that of `#.#.#.`...?

# %%
digits = data.load_digits(n_train=12_800, n_test=2_000)
x_train, x_test = digits.x_train, digits.x_test
ink = x_test[:200].reshape(200, 784) > 0.5


def mean_length(pictures):
    texts = ["".join(".#"[int(dot)] for dot in picture) for picture in pictures]
    assert all(decode(encode(text)) == text for text in texts)
    return np.mean([len(encode(text)) / len(text) for text in texts])


# %%
stripes = np.arange(784)[None] % 2 == 0
kinds = {"digits": ink, "shuffled": rng.permuted(ink, axis=1), "#.#.#.": stripes}
lengths = {"no code at all": 1} | {name: mean_length(x) for name, x in kinds.items()}
assert lengths["digits"] < 1 / 3
assert lengths["digits"] < lengths["shuffled"] / 1.7
assert lengths["#.#.#."] == 2
plots.bars(
    lengths, y_label="characters of code for each pixel, mean of 200 pictures",
    alt="Bars: 1 character for each pixel without a code; digits far less; the same "
    "pixels shuffled at least 1.7 times as much as the digits; #.#.#. takes 2",
)  # fmt: skip

# %% [markdown]
# The code is short on what it was made for, pictures with long runs, and *twice as
# long* as the text on stripes. It is **data-specific**.
#
# No cleverness helps. There are $2^{10}$ texts of ten letters A and B, but only
# $2^{10} - 1$ shorter ones, the empty text included. So no lossless code into A and B
# shortens them all: a code that saves on some pays on others.

# %%
texts = ["".join(letters) for letters in itertools.product("AB", repeat=10)]
lengths = np.array([len(encode(text)) for text in texts])
shorter, longer = np.sum(lengths < 10), np.sum(lengths > 10)
print(f"of {len(texts)} texts, {shorter} become shorter and {longer} longer")
assert len(texts) > sum(2**n for n in range(10))
assert len({encode(text) for text in texts}) == len(texts)
assert 0 < shorter < longer

# %% [markdown]
# ## Numbers through a narrow door
#
# Now $x$ has $n$ numbers and $z$ has $k$. The lecture's three toy codes:
#
# | code | encoder | decoder | together |
# |---|---|---|---|
# | 1 | $z = 0.5\,x$ | $\hat x = 2z$ | $\hat x = x$ |
# | 2 | $z = Ax$ | $\hat x = Bz$ | $\hat x = BAx$ |
# | 3 | $z = Wx$ | $\hat x = W^\top z$ | $\hat x = W^\top W x$ |
#
# $A$ and $W$ (`a`, `w`) are matrices of $k$ rows and $n$ columns, $B$ (`b`) of $n$ rows
# and $k$ columns. Code 3 is **tied**: one matrix does both.

# %% [markdown]
# ## Exercise 1.3: which x survive?
#
# A vector survives if it comes back unchanged: $BAx = x$, that is $(BA - I)\,x = 0$.
# The survivors form a space: a point, a line, a plane, ... Return its dimension.
#
# *Where to look:* a matrix with $n$ columns sends a space of dimension $n$ minus its
# rank to 0. Use `np.linalg.matrix_rank(..., tol=1e-6)`: without `tol`, rounding errors
# count as rank.


# %%
def surviving_dimensions(a, b):
    """Returns the dimension of the space of all x with b @ a @ x = x.

    Args:
        a: Float array of shape `(k, n)`, the encoder.
        b: Float array of shape `(n, k)`, the decoder.

    Returns:
        Integer from 0 (only x = 0 survives) to n (lossless).
    """
    # BEGIN SOLUTION
    n = a.shape[1]
    return n - np.linalg.matrix_rank(b @ a - np.eye(n), tol=1e-6)
    # END SOLUTION


# %% tags=["nbval-check-output"]
surviving_dimensions = checks.surviving_dimensions(surviving_dimensions)

# %% [markdown]
# A code is lossless exactly when all $n$ dimensions survive: $BA = I$.
#
# **Before you run on:** $x$ has 4 numbers. For which $k$ of 2, 4, 6 is there a lossless
# $B$ to a random $A$? And when is the tied code lossless, if $W$ is as orthonormal as
# its shape allows?

# %%
n = 4
for k in 2, 4, 6:
    a = rng.normal(size=(k, n))
    q, _ = np.linalg.qr(rng.normal(size=(max(k, n), min(k, n))))
    w = q if k >= n else q.T
    best = surviving_dimensions(a, np.linalg.pinv(a))
    tied, random = surviving_dimensions(w, w.T), surviving_dimensions(a, a.T)
    print(f"k = {k}: best B {best}, orthonormal W {tied}, random W {random} of {n}")
    assert best == tied == min(k, n) == np.linalg.matrix_rank(a)
    assert (tied == n) == np.allclose(w.T @ w, np.eye(n)) == (k >= n)
    assert np.allclose(w.T @ w @ w.T @ w, w.T @ w)
    assert random == 0
assert surviving_dimensions(0.5 * np.eye(n), 2 * np.eye(n)) == n

# %% [markdown]
# So, exactly:
#
# 1. $0.5$ and $2$: always lossless. And useless: nothing got smaller.
# 2. A lossless $B$, `np.linalg.pinv(a)`, exists just when $A$ has rank $n$. So
#    $k \ge n$.
# 3. Lossless just when $W^\top W = I$: the *columns* of $W$ are orthonormal. Again
#    $k \ge n$.
#
# **Trap:** $W W^\top = I$ says that the *rows* are orthonormal. Then $W^\top W$ is a
# **projection**: it flattens space onto $k$ dimensions, and what lies there survives.

# %%
points = rng.normal(size=(40, 2))
figure, axes = plots.figure(
    "Forty points in the plane, each joined to its copy. Left, the copies lie on a "
    "line, at the foot of each perpendicular. Right, on the same line, too far out",
    columns=2, size=(8, 3.9), sharex=True, sharey=True,
)  # fmt: skip
for axis, length in zip(axes, (1, 1.2), strict=True):
    w = length * np.array([[0.8, 0.6]])
    x_hat = points @ w.T @ w
    axis.plot(*np.stack([points, x_hat], axis=1).T, color="#BBBBBB", linewidth=1)
    axis.plot(*points.T, "o", *x_hat.T, "^")
    survivors = surviving_dimensions(w, w.T)
    axis.set(title=f"length {length}: survivors of dimension {survivors}")
    axis.set_aspect("equal")
figure

# %% [markdown]
# Discs are $x$, triangles $\hat x$. Left, every point drops at a right angle onto a
# line, and stays if it was there: one dimension of two is lost. Right, the same row, a
# little too long: copies land too far out, only 0 survives.
#
# A code with fewer numbers than $x$ must lose something. But data are not *all* $x$: if
# they lie on the line, nothing that matters is lost. That is the whole idea of an
# autoencoder.

# %% [markdown]
# ## Exercise 1.4: how much is lost, on three pixels
#
# Lectures 0, 2 and 3 measure $\|x - \hat x\|^2$: square the differences, add. By hand:
#
# | picture | pixels $x$ | copy $\hat x$ |
# |---|---|---|
# | picture 1 | 1, 0.5, 0 | 0.5, 0.5, 0.5 |
# | picture 2 | 0, 1, 1 | 0.2, 0.6, 1 |
#
# Write down five numbers:
#
# - a, b: $\|x - \hat x\|^2$ of picture 1, and of picture 2;
# - c: lecture 1's MSE: their average over the $N = 2$ pictures;
# - d: Keras's MSE: averaged over the three pixels as well;
# - e: this course's nats of picture 1: half of a.

# %%
# BEGIN SOLUTION
three_pixels = (0.5, 0.2, 0.35, 0.35 / 3, 0.25)
# END SOLUTION

# %% tags=["nbval-check-output"]
three_pixels = checks.three_pixels(three_pixels)

# %%
x = np.array([[1, 0.5, 0], [0, 1, 1]], "float32")
x_hat = np.array([[0.5, 0.5, 0.5], [0.2, 0.6, 1]], "float32")
a, b, c, d, e = three_pixels
assert np.allclose(np.sum((x - x_hat) ** 2, axis=1), [a, b])
assert np.isclose(np.mean(keras.losses.mean_squared_error(x, x_hat)), d, atol=1e-3)
assert np.allclose(losses.squared_error(x, x_hat), [e, b / 2])
print(f"sum {a}, mean of the sums {c}, Keras {d:.4f}, nats {e}")

# %% [markdown]
# Four numbers for the same copies! They differ only by factors, so compare them only
# with their like. This course adds *inside* a picture and takes half, in nats: lesson
# 04 says why.
#
# ## Eight inputs, three units
#
# Mitchell's network (1997) has eight inputs of which one is 1, three hidden units, and
# eight outputs that shall equal the inputs:
#
# $$z = \sigma(W_1 x + b_1), \quad \hat x = \sigma(W_2 z + b_2), \quad
# \sigma(a) = 1 / (1 + e^{-a})$$
#
# We train 200 such networks at once: the first axis of each array is the network.


# %%
x = np.eye(8, dtype="float32")


def start(nets, hidden, scale=0.1, seed=0):
    """Returns small random weights: into the code, its bias, out of it, bias."""
    rng = np.random.default_rng(seed)
    shapes = (8, hidden), (1, hidden), (hidden, 8), (1, 8)
    draws = [rng.uniform(-scale, scale, (nets, *shape)) for shape in shapes]
    return [draw.astype("float32") for draw in draws]


# %%
def run(weights, noise=0):
    """Returns codes `(nets, 8, hidden)` and outputs `(nets, 8, 8)`."""
    w_in, b_in, w_out, b_out = weights
    z = special.expit(x @ w_in + b_in + noise)
    return z, special.expit(z @ w_out + b_out)


# %% [markdown]
# Now **backpropagation** by hand. With the squared error of exercise 1.4, $e$, each
# output unit $j$ hands back $(\hat x_j - x_j)\,\hat x_j (1 - \hat x_j)$; with the
# cross-entropy of lecture 1, just $\hat x_j - x_j$. A unit of the code collects what it
# caused, times its own slope $z (1 - z)$. (`push` and `noise` come later.)


# %%
def gradients(weights, z, x_hat, loss, push=0):
    """Returns how the loss changes with each of the four arrays of weights."""
    at_output = x_hat - x
    if loss == "squared error":
        at_output = at_output * x_hat * (1 - x_hat)
    at_code = at_output @ weights[2].mT - push * (z - 0.5)
    at_code = at_code * z * (1 - z)
    biases = [part.sum(axis=1, keepdims=True) for part in (at_code, at_output)]
    return [x.T @ at_code, biases[0], z.mT @ at_output, biases[1]]


weights = start(1, hidden=3, scale=1)
slope = gradients(weights, *run(weights), "squared error")[0][0, 0, 0]
before = 0.5 * np.sum((run(weights)[1] - x) ** 2)
weights[0][0, 0, 0] += 0.01
after = 0.5 * np.sum((run(weights)[1] - x) ** 2)
assert np.isclose((after - before) / 0.01, slope, rtol=0.05, atol=1e-3)


# %%
def learn(weights, epochs, loss="squared error", rate=0.3, momentum=0.0, noise=0.0,
          push=0.0, seed=0):  # fmt: skip
    """Improves the weights in place: steps of size `rate` down the gradient."""
    rng, steps = np.random.default_rng(seed), [np.zeros_like(w) for w in weights]
    shape = len(weights[0]), 8, weights[0].shape[2]
    for _ in range(epochs):
        jitter = noise * rng.standard_normal(shape, "float32") if noise else 0
        slopes = gradients(weights, *run(weights, jitter), loss, push)
        for weight, step, slope in zip(weights, steps, slopes, strict=True):
            step *= momentum
            step -= rate * slope
            weight += step


# %% [markdown]
# Mitchell's recipe: squared error, rate 0.3, first weights within ±0.1, 5,000 epochs
# (he took the eight examples one by one, we add up their gradients).
#
# **Before you run on:** three units, eight inputs. If every network learns to copy,
# what could its codes look like?

# %%
weights = start(200, hidden=3)
frames = [run(weights)]
for _ in range(50):
    learn(weights, epochs=100)
    frames.append(run(weights))
z, x_hat = frames[-1]
copied = np.all(x_hat.round() == x, axis=(1, 2))
print(f"{copied.mean():.0%} of 200 networks copy all eight inputs")

# %% [markdown]
# All of them squeeze through. How? $2^3 = 8$: three units that are each 0 or 1 would be
# exactly enough, *if* the codes are eight different words.
#
# ## Exercise 1.5: count the words
#
# For each network, round its codes to 0 or 1 and count how many **different** words its
# eight inputs have.


# %%
def count_words(codes):
    """Returns how many different words each network uses.

    Args:
        codes: Float array of shape `(nets, inputs, hidden)`, in (0, 1).

    Returns:
        Integers, one for each network: array or list of shape `(nets,)`.
    """
    # BEGIN SOLUTION
    words = codes.round() @ 2 ** np.arange(codes.shape[-1])
    return np.array([len(np.unique(net)) for net in words])
    # END SOLUTION


# %% tags=["nbval-check-output"]
count_words = checks.count_words(count_words)

# %%
binary = np.array(count_words(z)) == 8
best = int(np.argmax(np.where(binary, np.abs(z - 0.5).min(axis=(1, 2)), 0)))
print("Input        Hidden values       Word     Output")
for i in range(8):
    values = "  ".join(f"{value:.2f}" for value in z[best, i])
    word, output = (
        "".join(f"{bit:.0f}" for bit in row.round())
        for row in (z[best, i], x_hat[best, i])
    )
    print(f"{'0' * i}1{'0' * (7 - i)} →  {values}  →  {word}  →  {output}")
print(f"\n{binary.mean():.0%} of the networks found eight different words")
assert 0.5 < binary.mean() < 0.85
other = int(np.argmax(copied & ~binary))
assert np.abs(z[other] - 0.5).min() < 0.3
chosen = {"eight words": best, "fewer": other}

# %% [markdown]
# This is lecture 1's figure: rounded, the hidden values *are* the binary numbers, in an
# order of the network's own. Nobody told it about bits.
#
# But not every network finds them: about a third copies without eight words.
# **Play with it:** move through the training, and compare a network that found
# the words with one that did not.


# %%
def watch(hundreds, network):
    codes, outputs = (part[chosen[network]] for part in frames[hundreds])
    words, epochs = np.array(count_words(codes[None]))[0], 100 * hundreds
    rounded = " ".join("".join(f"{bit:.0f}" for bit in row.round()) for row in codes)
    alt = f"After {epochs} epochs {words} different words: {rounded}"
    figure, axes = plots.figure(alt, columns=2, size=(7, 3.6), width_ratios=[3, 8])
    titles = f"code: {words} words", f"output after {epochs} epochs"
    for axis, table, title in zip(axes, (codes, outputs), titles, strict=True):
        axis.imshow(table, cmap="cividis", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=range(8), yticklabels=range(1, 9), title=title)
    for (i, j), value in np.ndenumerate(codes):
        style = {"color": "black" if value > 0.5 else "white", "ha": "center"}
        axes[0].text(j, i, f"{value:.2f}", va="center", **style)
    axes[0].set_ylabel("input")
    return figure


# %%
widgets.Explorer(
    watch,
    hundreds=widgets.slider("hundreds of epochs", 0, 50, value=50),
    network=widgets.choice("network", list(chosen), value="fewer"),
)

# %% [markdown]
# The other network keeps values in the middle, and has the same word for two inputs.
# Yet each of its outputs is right: for copying, any different numbers will do. The
# loss never asked for bits.
#
# **Before you run on:** what would make more networks find the words: more epochs,
# another loss, larger first weights, momentum, a larger rate? A *push* away from ½? Or
# *noise* on the way into the code?

# %%
entropy = {"loss": "cross-entropy"}
recipes = {
    "Mitchell's": {},
    "4 × the epochs": {"epochs": 20_000},
    "10 × the rate": {"rate": 3.0},
    "momentum 0.9": {"momentum": 0.9},
    "10 × the first weights": {"scale": 1.0},
    "cross-entropy": entropy,
    "cross-entropy, push": entropy | {"push": 0.3},
    "cross-entropy, noise": entropy | {"noise": 1.0},
    "the same, 4 × the epochs": entropy | {"noise": 1.0, "epochs": 20_000},
}

# %%
success = {}
for name, recipe in recipes.items():
    options = {"epochs": 5_000} | recipe
    weights = start(200, hidden=3, scale=options.pop("scale", 0.1))
    learn(weights, **options)
    codes, outputs = run(weights)
    copy = np.all(outputs.round() == x, axis=(1, 2)).mean()
    success[name] = 100 * np.mean(np.array(count_words(codes)) == 8)
    print(f"{name:25} {copy:4.0%} copy, {success[name]:3.0f}% find eight words")
    assert copy > 0.95
plots.bars(
    success, y_label="networks of 200 with eight words, in %", size=(7, 3.6),
    alt="Bars: about two thirds for Mitchell's recipe, no better with more epochs or "
    "cross-entropy, worse with momentum; nearly all with noise and more epochs",
)  # fmt: skip

# %%
noisy, mitchells = success["the same, 4 × the epochs"], success["Mitchell's"]
assert noisy > 93
assert success["cross-entropy, noise"] > success["cross-entropy"] + 8
assert abs(success["4 × the epochs"] - mitchells) < 8
assert success["momentum 0.9"] < mitchells - 8
print(f"Mitchell's recipe {mitchells:.0f}%, with noise and patience {noisy:.0f}%")

# %% [markdown]
# More epochs, another loss and a push do little; a momentum of 0.9 even harms. What
# helps is **noise on the code**: a value in the middle is easily mistaken for its
# neighbour, one in a corner is not. So noise drives codes into the corners. Lesson 10
# makes an art of it.
#
# ## Two units? One?
#
# **Before you run on:** with two units there are only four words of two bits. Can a
# network of 8-2-8 copy at all?

# %%
weights = start(100, hidden=2)
learn(weights, 5_000, loss="cross-entropy", momentum=0.5)
z, x_hat = run(weights)
copied = np.all(x_hat.round() == x, axis=(1, 2))
print(f"{copied.mean():.0%} of 100 networks 8-2-8 copy all eight inputs")
assert copied.mean() > 0.7
net = int(np.argmax(np.where(copied, -np.abs(x_hat - x).max(axis=(1, 2)), -np.inf)))
points, w_out, b_out = z[net], weights[2][net], weights[3][net, 0]
yes = points @ w_out + b_out > 0
assert np.array_equal(yes, x == 1)

# %%
figure, axis = plots.figure(
    "Eight numbered points round the middle of a square. Eight lines, each of which "
    "cuts off one point from the seven others", size=(5, 5),
)  # fmt: skip
for j, color in enumerate(plots.CLASSES[:8]):
    normal, b = w_out[:, j], b_out[j]
    foot = -b * normal / (normal @ normal)
    axis.axline(foot, foot + normal[::-1] * [-1, 1], color=color, linewidth=1.5)
    axis.plot(*points[j], "o", color=color, markersize=12)
    axis.annotate(str(j + 1), points[j], (9, 9), textcoords="offset points")
axis.set(xlim=(-0.15, 1.15), ylim=(-0.15, 1.15), xlabel="z[0]", ylabel="z[1]")
figure

# %% [markdown]
# Yes! The codes are not bits any more: they stand in a ring, and output $j$ says yes
# beyond a straight line, $w_j \cdot z + b_j > 0$, that **cuts off** point $j$ alone.
#
# With *one* unit the codes stand in a row, and a line is a single point: output $j$
# says yes on all of one side. Only the ends can be cut off, so at most two inputs are
# copied. Unless the **largest** output counts!

# %%
for loss in "squared error", "cross-entropy":
    weights = start(200, hidden=1)
    learn(weights, 5_000, loss=loss)
    _, x_hat = run(weights)
    cut_off = np.all(x_hat.round() == x, axis=2).sum(axis=1)
    largest = np.sum(x_hat.argmax(axis=2) == np.arange(8), axis=1)
    print(
        f"{loss}: best of 200 copies {cut_off.max()} of 8; {largest.max()} by largest"
    )
    assert cut_off.max() <= 2
    assert largest.max() < 8
codes = np.linspace(0.1, 0.9, 8)
w, b = 200 * codes, -100 * codes**2
assert np.array_equal(np.argmax(codes[:, None] * w + b, axis=1), np.arange(8))

# %%
z_axis = np.linspace(0, 1, 200)
figure, axis = plots.figure(
    "Eight straight lines over z, steeper and steeper. Each is the highest in one "
    "stretch of z, and there stands one code: the top edge is a bent bow",
    size=(6.5, 3.8),
)  # fmt: skip
for j, color in enumerate(plots.CLASSES[:8]):
    axis.plot(z_axis, z_axis * w[j] + b[j], color=color, linewidth=1.5)
    height = codes[j] * w[j] + b[j]
    axis.plot(codes[j], height, "o", color=color, markersize=9)
    axis.annotate(str(j + 1), (codes[j], height), (-4, 9), textcoords="offset points")
axis.set(xlabel="z, the only unit", ylabel="before the sigmoid", ylim=(-30, 110))
figure

# %% [markdown]
# Here are weights that copy all eight by the largest output: $w_j = 200\,c_j$, $b_j =
# -100\,c_j^2$ for codes $c_j$. Each line touches the same parabola $100 z^2$ at its
# own code, and lies below it elsewhere. So the weights *exist*. Gradient descent did
# not find them, in 400 tries: what a network can do and what it learns are two
# things. (This answers Mitchell's exercise 4.9.)

# %% [markdown]
# ## When the door is too wide
#
# A code smaller than $x$ is **undercomplete**, a larger one **overcomplete**. Surely,
# more room is better? Exercise 1.3 says what a tied code of $k = 1568$ numbers for
# 784 pixels can do *before it has seen a single picture*.
#
# **Before you run on:** what will it lose of a digit, and of noise? The noise is the
# digits' own pixels, shuffled.

# %%
noise = rng.permuted(x_test.reshape(-1, 784), axis=1).reshape(x_test.shape)
shown = {"digits": x_test, "noise": noise}


def share_lost(x, x_hat):
    """Returns the squared error, as a share of that of the mean picture."""
    return np.sum((x - x_hat) ** 2) / np.sum((x - x.mean(axis=0)) ** 2)


w, _ = np.linalg.qr(rng.normal(size=(1568, 784)))
for kind, x in shown.items():
    rows = x.reshape(-1, 784)
    lost = share_lost(rows, rows @ w.T @ w)
    print(f"wide and untrained: {lost:.1e} of the {kind} is lost")
    assert lost < 1e-9

# %% [markdown]
# Nothing, of either. No loss, so no gradient: training would not move a weight. It
# copies perfectly and has learned *nothing*.
#
# Unfair, since we chose the weights? Then let us train two from random weights, on
# digits only: a **narrow** one with 32 numbers, and a **wide** one that turns each
# patch of 4×4 pixels into 64 numbers: 49 patches, 3136 numbers. (Its layers move over
# the picture in steps of 4; lesson 05 is about them.)

# %%
shape = (28, 28, 1)
narrow = keras.Sequential([
    keras.Input(shape), layers.Flatten(), layers.Dense(32),
    layers.Dense(784), layers.Reshape(shape),
], name="narrow")  # fmt: skip
wide = keras.Sequential([
    keras.Input(shape), layers.Conv2D(64, 4, 4), layers.Conv2DTranspose(1, 4, 4),
], name="wide")  # fmt: skip
nets = {"narrow": narrow, "wide": wide}
task = {"x": x_train, "y": x_train, "loss": losses.squared_error, "epochs": 5}
for net, peak in (narrow, 0.005), (wide, 0.02):
    training.fit(net, peak=peak, **task)
print("numbers in the code:", narrow.layers[1].output.shape[1:], end=" and ")
print(wide.layers[0].output.shape[1:])

# %%
some = np.concatenate([x_test[:5], noise[:5]])
lost = {}
for name, net in nets.items():
    for kind, x in shown.items():
        lost[name, kind] = share_lost(x, np.asarray(net(x)))
        print(f"{name:6} door, {kind:6}: {lost[name, kind]:6.1%} lost")
assert lost["wide", "digits"] < 0.01
assert lost["wide", "noise"] < 0.02
assert 0.05 < lost["narrow", "digits"] < 0.45
assert lost["narrow", "noise"] > 0.9
plots.images(
    {"x": some} | {name: net(some) for name, net in nets.items()},
    alt="Five digits and five pictures of noise. The narrow network copies the digits "
    "a little blurred and turns noise into smears; the wide one copies both",
)

# %% [markdown]
# The wide network copies noise as willingly as digits, though it never saw any: it
# learned to *pass on*. The narrow one had to choose, and chose digits: of noise it
# keeps less than nothing (the mean picture loses 100%).
#
# Which is more useful? We scatter noise over digits. Neither was trained to clean them.

# %%
stained = x_test + 0.3 * rng.normal(size=x_test.shape).astype("float32")
rows = {"stained": stained} | {name: net(stained) for name, net in nets.items()}
rows = {name: np.asarray(row) for name, row in rows.items()}
far = {name: share_lost(x_test, row) for name, row in rows.items()}
for name, share in far.items():
    print(f"{name:7}: {share:.2f} away from the clean digits")
assert far["narrow"] < 0.85 * far["stained"]
assert far["wide"] > 0.9 * far["stained"]
plots.images(
    {name: row[:10] for name, row in rows.items()},
    alt="Ten digits under noise; the narrow copies have less of it, the wide ones all",
)

# %% [markdown]
# The wide copy is as dirty as its input. The narrow door let digits through, and left
# part of the dirt outside. That is why we want it narrow. (Or wide, but guarded:
# lessons 06 and 08 ask more of a wide code than to copy.)

# %% [markdown]
# ## What we have seen
#
# - We **wrote** a lossless code, tested its property on random texts, and saw that it
#   pays for some texts with others.
# - We **found out** when linear codes lose nothing: $BA = I$; tied, $W^\top W = I$;
#   never with fewer numbers. Orthonormal rows project, and survivors stay.
# - We **watched** eight inputs squeeze through three units as binary words, through two
#   as a ring, through one only by the largest output. A door that is too wide teaches
#   nothing.
#
# Sources: Mitchell, *Machine Learning* (1997), section 4.6 and figure 4.7; Rumelhart,
# Hinton & Williams, *Learning internal representations by error propagation* (1986);
# Salakhutdinov & Hinton, *Semantic hashing* (2009), for noise that makes codes binary.
#
# Next: **02 · Is PCA an autoencoder?**

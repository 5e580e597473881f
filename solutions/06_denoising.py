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
# # 6 · Denoising
#
# *Can it learn what a digit is, by cleaning one?*
#
# **You will** train two equal networks on different data, score denoisers against
# classical filters, and mend a homework that hides a bug.
#
# **You need** lesson 05.
#
# **Time** 60 minutes of yours, two of the computer's.
#
# Follows the lectures' pages on denoising autoencoders, and the homework *Denoising
# Occluded MNIST*.

# %%
import keras
import numpy as np
from skimage import filters

from course_utils import (
    checks,
    corruptions,
    data,
    losses,
    metrics,
    plots,
    training,
    widgets,
)
from course_utils.models import convolutional, denoising

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The idea
#
# A *vanilla* autoencoder learns to make $g(f(x))$ resemble $x$. A **denoising**
# autoencoder gets a spoilt picture, and learns to make
#
# $$g(f(x + w)) \approx x$$
#
# - $x$ (`x`): a clean picture
# - $w$: random noise; $x + w$ is `noisy`
# - $f$, $g$: encoder and decoder; the result is `x_hat`
#
# Same architecture, different training data. That is all.

# %%
digits = data.load_digits(n_train=30_000)
x_train, x_test = digits.x_train, digits.x_test
print(x_train.shape, x_test.shape)

# %% [markdown]
# ## Exercise 6.1: add noise
#
# Add to each pixel its own Gaussian number of mean 0 and standard deviation `level`.
# Then clip the sum to [0, 1]: a pixel cannot be blacker than black. Draw from `rng`, a
# NumPy generator, so that the noise can be repeated.
#
# *Where to look:* `rng.normal(size=...)`, `np.clip`.


# %%
def add_noise(x, level, rng):
    """Returns pictures with Gaussian noise, clipped to [0, 1].

    Args:
        x: Float array of shape `(n, 28, 28, 1)`, in [0, 1]; leave it unchanged.
        level: Float, the standard deviation of the noise before clipping.
        rng: `numpy.random.Generator` to draw from.

    Returns:
        Float array of the shape of `x`.
    """
    # BEGIN SOLUTION
    w = level * rng.normal(size=x.shape)
    return np.clip(x + w, 0, 1).astype("float32")
    # END SOLUTION


# %% tags=["nbval-check-output"]
add_noise = checks.add_noise(add_noise)

# %%
x = x_test[:10]
levels = (0.25, 0.5, 0.75)
rows = {f"level {s}": add_noise(x, s, np.random.default_rng(0)) for s in levels}
plots.images(
    {"clean": x} | rows, alt="Ten digits, clean and with three levels of noise"
)

# %% [markdown]
# At 0.25 you read every digit at once, at 0.5 still, at 0.75 you hesitate. Clipping
# has a price: half of the noise on black paper is cut away, so the paper turns grey.
# The noise no longer has mean 0, and averaging cannot remove it.

# %%
black = add_noise(np.zeros((100, 28, 28, 1)), 0.5, np.random.default_rng(0))
print(f"black paper is {black.mean():.2f} grey on average, at level 0.5")
assert abs(black.mean() - 0.5 / np.sqrt(2 * np.pi)) < 0.02

# %% [markdown]
# ## Exercise 6.2: which is x, which is y?
#
# `fit(inputs, targets)` wants two arrays. Given clean pictures `x` and a function
# `corrupt` that spoils pictures, return what a *denoising* autoencoder is trained on.


# %%
def training_pairs(x, corrupt):
    """Returns what the network sees, and what it is asked for.

    Args:
        x: Float array of shape `(n, height, width, 1)`, clean pictures.
        corrupt: Function from pictures to spoilt pictures of the same shape.

    Returns:
        Pair of arrays `(inputs, targets)`, both of the shape of `x`.
    """
    # BEGIN SOLUTION
    return corrupt(x), x
    # END SOLUTION


# %% tags=["nbval-check-output"]
training_pairs = checks.training_pairs(training_pairs)

# %%
rng = np.random.default_rng(1)
noisy, clean = training_pairs(x_train, lambda x: add_noise(x, 0.5, rng))
print("input", noisy.shape, "target", clean.shape)

# %% [markdown]
# ## Same architecture, different data
#
# We build the convolutional autoencoder of lesson 05 twice, with a code of 32
# numbers. One is trained on `(clean, clean)`, the other on `(noisy, clean)`.
#
# **Before you run on:** both then get the same noisy digits, new ones. The vanilla
# network has only ever seen clean paper. What will it draw?


# %%
def train(model, inputs, targets, label):
    training.fit(
        model, inputs, targets, loss=losses.binary_crossentropy, epochs=1,
        batch_size=32, peak=0.01, seed=0, label=label,
    )  # fmt: skip
    return lambda x: keras.ops.convert_to_numpy(model(x, training=False))


# %%
vanilla = train(convolutional.conv_autoencoder(32), clean, clean, "vanilla")
denoiser = train(convolutional.conv_autoencoder(32), noisy, clean, "denoising")

# %%
spoilt = add_noise(x, 0.5, np.random.default_rng(2))
plots.images(
    {
        "input": spoilt,
        "vanilla": vanilla(spoilt),
        "denoising": denoiser(spoilt),
        "clean": x,
    },
    alt="Noisy digits: the vanilla copies are smeared, the denoised ones are digits",
)

# %% [markdown]
# The vanilla network reads noise as strokes, and draws clouds. The denoising network
# draws digits: softer than the truth, and at times another digit, but always with
# strokes. Nobody gave it a rule for noise. From pairs alone it learned what to drop
# and what to keep.

# %% [markdown]
# ## Exercise 6.3: PSNR by hand
#
# Pictures persuade; numbers decide. The *peak signal-to-noise ratio* of a picture is
# $-10 \log_{10}$ of its mean squared error, in decibels (the peak is 1 here). Ten times
# less error is 10 dB more. Compute it for each picture. Nobody will ask about a perfect
# copy.


# %%
def psnr(x, x_hat):
    """Returns the peak signal-to-noise ratio of each picture, in decibels.

    Args:
        x: Float array of shape `(n, ...)`, in [0, 1].
        x_hat: Float array of the same shape.

    Returns:
        Float array of shape `(n,)`.
    """
    # BEGIN SOLUTION
    error = np.square(x - x_hat).reshape(len(x), -1).mean(axis=1)
    return -10 * np.log10(error)
    # END SOLUTION


# %% tags=["nbval-check-output"]
psnr = checks.psnr(psnr)

# %% [markdown]
# ## Without a narrow door
#
# Lecture 3 says: *denoising autoencoders can't simply memorize the input-output
# relationship*. Then they should not need a narrow code. `conv_denoiser` has none: at
# each size, what the encoder saw is handed straight to the decoder. A vanilla training
# of it has an easy way out.
#
# **Before you run on:** which?

# %%
few = clean[:10_000]  # enough to learn to copy
copier = train(denoising.conv_denoiser(), few, few, "vanilla, no door")
wide = train(denoising.conv_denoiser(), noisy, clean, "denoising, no door")
noisy = None  # its memory is needed

# %%
print(f"the input, against the clean digits: {psnr(x, spoilt).mean():.1f} dB")
to_clean, to_input = {}, {}
for name, method in {"vanilla": copier, "denoising": wide}.items():
    x_hat = method(spoilt)
    to_clean[name] = psnr(x, x_hat).mean()
    to_input[name] = psnr(spoilt, x_hat).mean()
    print(f"{name}, no door: {to_clean[name]:.1f} dB against the clean digits,")
    print(f"    {to_input[name]:.1f} dB against its input")
assert abs(to_clean["vanilla"] - psnr(x, spoilt).mean()) < 1.5
assert to_input["vanilla"] > to_clean["vanilla"]
assert to_clean["denoising"] > to_clean["vanilla"] + 5
assert to_clean["denoising"] > to_input["denoising"] + 5

# %% [markdown]
# The vanilla network lets the noise through: what it draws is hardly better than its
# input, and nearer to that *input* than to the clean digit. The same network trained on
# noisy digits cannot copy, because the answer is not in its input. **The noise does the
# work of the narrow door.**

# %% [markdown]
# ## The scoreboard
#
# Six methods at three levels of noise: 0.5, on which both denoisers were trained, one
# less and one more. PCA and the vanilla network saw clean digits only, the first two
# learned nothing. PSNR compares pixels; SSIM (1 is perfect) compares small
# neighbourhoods, nearer to what eyes do.

# %%
pca = metrics.PCA(x_train)
methods = {
    "identity": lambda noisy: noisy,
    "median 3×3": lambda noisy: filters.median(noisy, np.ones((1, 3, 3, 1))),
    "PCA, 32": lambda noisy: pca.copy(noisy, 32).clip(0, 1),
    "vanilla": vanilla,
    "denoising": denoiser,
    "denoising, no door": wide,
}

# %%
held_out = x_test[:500]
scores = {}
for level in levels:
    noisy_test = add_noise(held_out, level, np.random.default_rng(3))
    for name, method in methods.items():
        x_hat = method(noisy_test)
        alike = metrics.ssim(held_out, x_hat).mean()
        scores[name, level] = psnr(held_out, x_hat).mean(), alike

# %%
figure, axes = plots.figure(
    "PSNR and SSIM of six methods fall with the noise; both denoisers stay on top "
    "at the level that they were trained on, and above it", 1, 2, (10, 3.8),
)  # fmt: skip
for i, axis in enumerate(axes):
    for name, marker, colour in zip(methods, plots.MARKERS, plots.SERIES, strict=False):
        line = [scores[name, level][i] for level in levels]
        axis.plot(levels, line, marker=marker, color=colour, label=name)
    axis.set(xlabel="noise level (trained on 0.5)", ylabel=("PSNR in dB", "SSIM")[i])
axes[1].legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
figure

# %% [markdown]
# Read it from left to right. With little noise the open network leads: the narrow door
# loses detail that was still there to be seen. At 0.5, both denoisers leave the
# classics far behind.

# %% [markdown]
# At 0.75, which nobody trained on, the order turns: the narrow denoiser loses 2.2 dB,
# the open one 3.4. A narrow code can draw little but digits. That alone is not enough
# (see *vanilla*, which has the same door): it must also have been trained to ignore
# noise.

# %%
for name in methods:
    row = [scores[name, level] for level in levels]
    print(
        f"{name:20}", *(f"{decibels:5.1f} dB {alike:.2f} " for decibels, alike in row)
    )
narrow, free = "denoising", "denoising, no door"
lost = {name: scores[name, 0.5][0] - scores[name, 0.75][0] for name in (narrow, free)}
for name in lost:
    print(f"from 0.5 to 0.75, {name} loses {lost[name]:.1f} dB")
assert lost[narrow] < lost[free] - 0.5
assert scores[narrow, 0.5][0] > scores["vanilla", 0.5][0] + 4
assert scores[narrow, 0.5][0] > scores["median 3×3", 0.5][0] + 2
assert scores[free, 0.5][0] > scores["median 3×3", 0.5][0] + 2
assert scores[free, 0.25][0] > scores[narrow, 0.25][0] + 0.5
assert scores[narrow, 0.75][0] > scores[free, 0.75][0] > scores["vanilla", 0.75][0]

# %% [markdown]
# ## Back onto the data
#
# Lecture 3: a denoising autoencoder learns *a projection from a neighbourhood of the
# training data back onto the data*. In two dimensions we can watch. The data are
# points on a curve; noise pushes them off.
#
# **Before you run on:** the network answers with the *average* of all points that may
# have been there. Where will that lie, on the curve or a little inside its bend?


# %%
def curve(t):
    angle = 1.5 * np.pi * np.asarray(t)
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1).astype("float32")


def distance(points):
    apart = points[:, None] - curve(np.linspace(0, 1, 500))
    return np.linalg.norm(apart, axis=-1).min(axis=1)


# %%
on_curve = curve(rng.uniform(size=20_000))
off_curve = on_curve + 0.2 * rng.normal(size=on_curve.shape).astype("float32")
hidden = [keras.layers.Dense(64, "relu"), keras.layers.Dense(64, "relu")]
plane = keras.Sequential(
    [keras.Input((2,)), *hidden, keras.layers.Dense(2)], name="plane"
)
history = training.fit(plane, off_curve, on_curve, loss=losses.squared_error, epochs=8)

# %%
side = np.linspace(-1.5, 1.5, 25, dtype="float32")
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
start = grid[(distance(grid) > 0.1) & (distance(grid) < 0.45)]
end = keras.ops.convert_to_numpy(plane(start))
figure, axis = plots.figure("Arrows from all sides that end on a curve", size=(5, 5))
axis.plot(*curve(np.linspace(0, 1, 200)).T, color=plots.SERIES[1], linewidth=3)
axis.quiver(*start.T, *(end - start).T, angles="xy", scale_units="xy", scale=1,
            width=0.003, color=plots.SERIES[0])  # fmt: skip
axis.set(xlabel="x[0]", ylabel="x[1]", aspect="equal")
figure

# %% [markdown]
# The arrows lead to the curve and end on it, or a hair inside: the average of points on
# a bend lies inside the bend. Beyond its two ends they lean inwards, for the same
# reason. Does each arrow shorten the distance? And does a second pass move the points
# again?

# %%
closer = np.mean(distance(end) < distance(start))
print(f"{closer:.0%} of the arrows lead closer to the curve:", end=" ")
print(f"{distance(start).mean():.2f} away before, {distance(end).mean():.2f} after")
radius = np.linalg.norm(end, axis=1).mean()
print(f"the curve has radius 1, the ends of the arrows {radius:.3f}")
again = keras.ops.convert_to_numpy(plane(end))
first, second = (
    np.linalg.norm(move, axis=1).mean() for move in (end - start, again - end)
)
print(f"a first pass moves the points {first:.2f}, a second one {second:.2f}")
assert closer > 0.99
assert radius < 1
assert distance(end).mean() < 0.5 * distance(start).mean()
assert second < 0.5 * first

# %% [markdown]
# All do, and a second pass moves the points far less: 0.04 after 0.28. That is what a
# projection does. Digits lie on such a curved sheet too, in 784 dimensions.

# %% [markdown]
# ## What it has not seen
#
# Lecture 4's homework hides digits behind a white bar, two rows high. This is its
# function. Read it before you run it: it has four faults.


# %%
def lecture_occlude(array):
    import copy
    import random

    new_array = copy.deepcopy(array)
    print(new_array.shape)
    for k in range(len(new_array)):
        x = random.randint(0, 25)
        new_array[k, x : x + 2, :] = 1.0
    return new_array


# %%
bars = lecture_occlude(np.zeros((3000, 28, 28, 1))).any(axis=(2, 3))
print("row 26 is hidden at times:", bars[:, 26].any())
print("row 27 is hidden at times:", bars[:, 27].any())
assert not bars[:, 27].any()

# %% [markdown]
# ## Exercise 6.4: mend it
#
# Write `occlude` so that
#
# - the bar starts at any row from 0 to **26**, each as likely, so that row 27 is hidden
#   at times;
# - it draws from the generator `rng`: the same seed, the same bars;
# - it prints nothing, and leaves `images` unchanged;
# - it also takes flattened pictures, `(n, 784)`, and returns them flattened.


# %%
def occlude(images, rng):
    """Hides two neighbouring rows of each picture behind a white bar (value 1).

    Args:
        images: Float array of shape `(n, 28, 28, 1)` or `(n, 784)`, in [0, 1].
        rng: `numpy.random.Generator`.

    Returns:
        Float array of the shape of `images`.
    """
    # BEGIN SOLUTION
    occluded = images.copy().reshape(len(images), 28, 28)
    for k, start in enumerate(rng.integers(27, size=len(images))):
        occluded[k, start : start + 2] = 1
    return occluded.reshape(images.shape)
    # END SOLUTION


# %% tags=["nbval-check-output"]
occlude = checks.occlude(occlude)

# %%
barred = occlude(x, np.random.default_rng(4))
plots.images(
    {"occluded": barred, "noise denoiser": wide(barred), "clean": x},
    alt="Digits with a white bar; the denoiser that was trained on noise keeps most of "
    "the bar",
)

# %% [markdown]
# Most of the bar stays, least at the border: it is bright and has sharp edges, so to a
# network that knows only noise it looks like a stroke. It must *see* bars in training.
# That is the homework.

# %%
barred = occlude(held_out, np.random.default_rng(4))
under, x_hat = barred != held_out, wide(barred)
border = under.copy()
border[:, 2:26] = False
left, ink, outer = x_hat[under].mean(), held_out[under].mean(), x_hat[border].mean()
print(f"under the bar: the denoiser leaves {left:.2f}, the digits have {ink:.2f}")
print(f"in the two rows at the upper and the lower border: {outer:.2f}")
assert left > ink + 0.2
assert outer < left

# %% [markdown]
# ## Assignment 6: look behind the bar
#
# Your bar is `bar_height` rows high, or as many columns wide: `bar_direction` says
# which. `hide` draws it.

# %% tags=["variant"]
bar_height = 2  # variant: 2, 3
bar_direction = "rows"  # variant: "rows", "columns"
bar_seed = 5  # variant: 5, 6, 7, 8, 9


# %%
def turn(x):
    return x if bar_direction == "rows" else x.swapaxes(1, 2)


def hide(x, rng):
    occluded, _ = corruptions.occlude(turn(x), rng, bar_height)
    return turn(occluded)


# %% [markdown]
# Write `restore(images)`, which removes the bar. The check hands in 540 test digits,
# with bars in all places. It asks for
#
# - **inside the bar** 1 dB more than a straight line from one side of it to the other;
# - **outside** at least 30 dB: nothing was lost there.
#
# Decibels are those of one PSNR over all hidden pixels together
# (`metrics.psnr_inside`), not a mean over pictures. Beyond the border the line starts
# from black.

# %% [markdown]
# Train in the first cell, on `x_train` only; restore in the second. Draw the bars from
# `np.random.default_rng(bar_seed)`.

# %%
# BEGIN SOLUTION
rng = np.random.default_rng(bar_seed)
behind, digit = training_pairs(x_train[:20_000], lambda x: hide(x, rng))
fill = train(denoising.conv_denoiser(), behind, digit, "bars")
behind = digit = None  # their memory is needed
# END SOLUTION


# %%
def restore(images):
    """Removes the bar from each picture.

    Args:
        images: Float array of shape `(n, 28, 28, 1)`, in [0, 1], each with a white
            bar as `hide` draws it.

    Returns:
        Float array of the same shape.
    """
    # BEGIN SOLUTION
    bar = turn(turn(images).min(axis=2, keepdims=True)) == 1
    return np.where(bar, fill(images), images)
    # END SOLUTION


# %% tags=["nbval-check-output"] points=4
restore = checks.restore(restore, height=bar_height, direction=bar_direction)

# %% [markdown]
# ## Play with it
#
# Spoil a digit with noise, a bar, or both, and see it cleaned. Push the noise beyond
# 0.5. A bar is removed by your `restore` as soon as it is written; what is left is for
# the noise denoiser.


# %%
def clean_up(spoilt, bar):
    if not bar:
        return "noise denoiser", wide(spoilt)
    try:
        return "restore, denoiser", wide(restore(spoilt))
    except NotImplementedError:
        return "noise denoiser\n(restore is blank)", wide(spoilt)


# %%
def draw(digit, level, bar, row):
    picture = x_test[digit : digit + 1]
    spoilt = add_noise(picture, level, np.random.default_rng(digit))
    if bar:
        spoilt = turn(corruptions.cover_rows(turn(spoilt), row, bar_height)[0])
    name, cleaned = clean_up(spoilt, bar)
    what = f"noise of level {level:.2f}" + bar * f" and a bar at {row}"
    alt = f"Digit {digit} with {what}, cleaned by {name}, and clean"
    pictures = np.concatenate([spoilt, cleaned, picture])
    titles = ["spoilt", name, "clean"]
    return plots.images({"": pictures}, alt=alt, titles=titles, scale=2)


# %%
widgets.Explorer(
    draw,
    digit=widgets.slider("digit", 0, 99, value=4),
    level=widgets.slider("noise level", 0.0, 1.0),
    bar=widgets.choice("bar", {"no": False, "yes": True}),
    row=widgets.slider("where the bar begins", 0, 28 - bar_height),
)

# %% [markdown]
# ## Damaged documents
#
# Lecture 3 points to damaged documents. We have no thousand pairs of spoilt and clean
# pages, so we **draw** them: text in many fonts, then uneven light, stains, creases
# and a poor scan. Drawn pages are free, and the clean one is known.

# %%
pages = data.load_pages(2000, 80, 80, seed=1)
damaged = corruptions.damage_pages(pages, np.random.default_rng(1))
plots.images(
    {"damaged": damaged[:6], "clean": pages[:6]},
    alt="Six pieces of damaged pages above the clean ones",
    scale=1.6,
)

# %% [markdown]
# Above, shadows, creases and the ring of a cup lie over the words, and the paper is
# grey. Below is what the network will be asked for: black on white, and nothing else.

# %% [markdown]
# ### Stand on the classics
#
# Two old ways need no learning. Divide the page by its paper, guessed as the *median*
# of a wide window (ink is rare, so the median is paper). Or **Sauvola's** threshold,
# which follows the local mean and contrast.
#
# A network need not learn what a median already knows. So ours starts from there: its
# input is the divided page.


# %%
def divide_by_median(page):
    window = np.ones((31, 31), "uint8")
    paper = filters.rank.median((255 * page[..., 0]).astype("uint8"), window)
    return np.clip(255 * page / np.maximum(paper, 1)[..., None], 0, 1)


def sauvola(page):
    return 1.0 * (page > filters.threshold_sauvola(page[..., 0], 25)[..., None])


# %%
divided = np.stack([divide_by_median(page) for page in damaged])
reader = denoising.conv_denoiser((16, 32, 32))
history = training.fit(
    reader, divided, pages, loss=losses.binary_crossentropy, epochs=2, batch_size=8,
    peak=0.015, seed=0, label="documents",
)  # fmt: skip


def clean_page(page):
    x_hat = reader(divide_by_median(page)[None], training=False)
    return keras.ops.convert_to_numpy(x_hat)[0]


# %% [markdown]
# **Before you run on:** the network starts from the page that the median has divided.
# How many decibels will it add on new drawn pages? (Where the real pairs are at hand,
# scans with coffee and creases from *NoisyOffice*, a third of them is scored too.)

# %%
drawn = data.load_pages(20, height=200, width=300, seed=2)
tests = {"drawn": (corruptions.damage_pages(drawn, np.random.default_rng(2)), drawn)}
real = data.load_document_pairs()
print(len(real), "real pairs in COURSE_DATA/documents")
if real:
    tests["real"] = real.damaged[::3], real.clean[::3]

# %%
ways = {
    "as it is": lambda page: page, "Sauvola": sauvola,
    "median": divide_by_median, "median + network": clean_page,
}  # fmt: skip
decibels = {}
for kind, (before, after) in tests.items():
    for name, way in ways.items():
        cleaned = [way(page)[None] for page in before]
        pairs = zip(after, cleaned, strict=True)
        score = np.mean([metrics.psnr(truth[None], x_hat) for truth, x_hat in pairs])
        decibels[kind, name] = score
        print(f"{kind}, {name}: {score:.1f} dB")
assert decibels["drawn", "median + network"] > decibels["drawn", "median"] + 0.5

# %% [markdown]
# On drawn pages the network improves on the median, which improves on everything else.
# Real pages, where they are here, are the harder judge: the network has never seen
# their paper, so read its line before you trust it.

# %% [markdown]
# ### A real scan
#
# This is a photographed page of scikit-image's manual. Nobody has a clean version:
# no PSNR. We cut each picture at 0.5 and ask Sauvola, a second opinion, not the truth:
#
# - Is the paper **even**? The spread of the pixels that he calls paper.
# - Is the **text** there? *Recall*: of his ink, the share that is dark in ours.
# - And **nothing else**? *Precision*: of what is dark in ours, the share that is his
#   ink.

# %%
scan = data.load_scan()
otsu = 1.0 * (scan > filters.threshold_otsu(scan))
views = {"scan": scan, "Otsu's threshold": otsu, "median + network": clean_page(scan)}
figure, axes = plots.figure(
    "A page in shadow; one threshold loses its dark side; the network evens it out",
    1, 3, (13, 2.6),
)  # fmt: skip
for axis, (name, view) in zip(axes, views.items(), strict=True):
    axis.imshow(view, cmap="gray", vmin=0, vmax=1)
    axis.set_title(name)
    axis.axis("off")
figure

# %% [markdown]
# One threshold for the whole page (Otsu's) drowns the dark side. After division and
# network the paper is even from edge to edge, and most of the text is still there. A
# blank page would be more even still, so we score one too: it has no text to find.

# %%
ink, measured = sauvola(scan) == 0, {}
for name, view in (views | {"blank page": np.ones_like(scan)}).items():
    dark = view <= 0.5
    recall, precision = dark[ink].mean(), (dark & ink).sum() / max(dark.sum(), 1)
    spread = view[~ink].std()
    measured[name] = spread, recall, precision
    print(f"{name:21} spread of the paper {spread:.3f}, ink:", end=" ")
    print(f"recall {recall:.0%}, precision {precision:.0%}")
spread, recall, precision = measured["median + network"]
assert spread < 0.7 * measured["scan"][0]
assert recall > 0.7
assert precision > measured["Otsu's threshold"][2] + 0.4
assert measured["blank page"][1] == 0

# %% [markdown]
# ## What we have seen
#
# - We **trained** equal networks on different data: the noise did the work of the
#   narrow door.
# - We **scored** them at noise they knew, and at noise they did not.
# - We **mended** the homework, and cleaned pages.
#
# Sources: Vincent et al., *Denoising autoencoders* (2008); Alain & Bengio, *What
# regularized auto-encoders learn* (2014), arXiv:1211.4246; Wang et al., *SSIM* (2004);
# Sauvola & Pietikäinen (2000).
#
# Next: **10 · Decoding codes nobody encoded**

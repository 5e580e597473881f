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
# # 2 · Linear autoencoders
#
# *Is PCA an autoencoder?*
#
# **You will** compute PCA and its error by an SVD, catch a network that was never told
# of PCA in PCA's subspace, and meet data that no line can follow.
#
# **You need** lesson 00, and matrices: products, inverses, orthonormal columns.
#
# **Time** 75 minutes of yours, one of the computer's.
#
# Follows L2 (*PCA is a linear autoencoder*) and L0 (*nonlinear manifold*).

# %%
import keras
import numpy as np
from sklearn import datasets, neighbors

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
# ## The best line
#
# A point of the plane is two numbers. Let the code be one: where on a line the point's
# shadow falls.
#
# $$z = v^\top (x - m) \qquad \hat x = m + v z$$
#
# $x$ is a point (`x`), $m$ the mean of all points (`mean`), $v$ a unit vector along the
# line (`v`), $z$ the code (`z`), $\hat x$ the copy (`x_hat`). An encoder and a decoder,
# both linear. Which line copies best?

# %%
rng = np.random.default_rng(0)
turn = np.radians(150)
sides = [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
cloud = rng.normal(size=(150, 2)) * [1.5, 0.4] @ sides + [4, 4]


def copy_on_line(angle):
    v = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    mean = cloud.mean(axis=0)
    return mean + ((cloud - mean) @ v)[:, None] * v


angles = np.arange(0, 181)
tried = [copy_on_line(angle) for angle in angles]
kept = np.array([np.sum(np.var(x_hat, axis=0)) / 2 for x_hat in tried])
lost = np.array([np.sum((cloud - x_hat) ** 2) / 2 / len(cloud) for x_hat in tried])
assert np.allclose(kept + lost, np.sum(np.var(cloud, axis=0)) / 2)
assert np.argmin(lost) == np.argmax(kept)
print(f"kept + lost = {kept[0] + lost[0]:.3f} nats per point, at every angle")

# %% [markdown]
# Pythagoras: what the code **keeps** (½ the variance of $z$) and what it **loses** (½
# the squared residual) are the squares over two sides of a right triangle. Their sum
# does not depend on the line. So the least error is the most variance: this is PCA.
#
# **Before you run on:** turn the line below by hand until it copies best. Guess the
# angle first.


# %%
def rotate(angle):
    alt = f"A line at {angle}° through a cloud of points, with their residuals: the "
    alt += f"code keeps {kept[angle]:.2f} and loses {lost[angle]:.2f} nats per point"
    figure, axes = plots.figure(alt, columns=2, size=(8.6, 3.8))
    residuals = np.stack([cloud, tried[angle], np.full_like(cloud, np.nan)], axis=1)
    axes[0].plot(*residuals.reshape(-1, 2).T, color="#999999", linewidth=0.8)
    axes[0].plot(*cloud.T, ".", color=plots.SERIES[0], label="points x")
    axes[0].plot(*tried[angle].T, "ks", markersize=3, label="copies x̂")
    axes[0].set(xlim=(-1, 9), ylim=(0, 8), aspect="equal")
    axes[1].plot(angles, kept, "--", color=plots.SERIES[2], label="kept: ½ variance")
    axes[1].plot(angles, lost, color=plots.SERIES[1], label="lost: ½ residual²")
    axes[1].plot([angle] * 2, [kept[angle], lost[angle]], "ko")
    axes[1].set(xlabel="angle of the line, degrees", ylabel="nats per point")
    figure.legend(loc="outside upper center", ncols=4, frameon=False)
    return figure


# %%
widgets.Explorer(rotate, angle=widgets.slider("angle of the line", 0, 180, value=80))

# %% [markdown]
# The two curves mirror each other: where one is highest, the other is lowest. At the
# best angle the residuals stand at right angles to the cloud's length.
#
# ## More numbers: the SVD
#
# Put $n$ centred points into the rows of $X$. Its singular value decomposition is
#
# $$X = U \Sigma W^\top, \qquad\text{so}\qquad X W = U \Sigma$$
#
# The columns of $W$ (`W`) are the **principal axes**. $XW$ are the codes, and $\Sigma$
# holds the singular values $\sigma_1 \ge \sigma_2 \ge \dots$ (`s`).

# %% [markdown]
# ## Exercise 2.1: PCA by SVD
#
# Return the mean of the points and the first `latent_dim` principal axes, an axis in
# each **column**. Each axis has length 1; its sign is free.
#
# *Where to look:* `np.linalg.svd(..., full_matrices=False)`. Careful: its third result
# is $W^\top$, not $W$.


# %%
def principal_axes(x, latent_dim):
    """Returns the mean of some points, and the axes along which they vary most.

    Args:
        x: Float array of shape `(n, features)`; leave it unchanged.
        latent_dim: Integer, how many axes.

    Returns:
        Pair `(mean, axes)` of float arrays: shape `(features,)`, and shape
        `(features, latent_dim)`, orthonormal columns, the most varied first.
    """
    # BEGIN SOLUTION
    mean = x.mean(axis=0)
    _, _, rows = np.linalg.svd(x - mean, full_matrices=False)
    return mean, rows[:latent_dim].T
    # END SOLUTION


# %% tags=["nbval-check-output"]
principal_axes = checks.principal_axes(principal_axes)

# %%
_, axes = principal_axes(cloud, 1)
best = np.degrees(np.arctan2(axes[1, 0], axes[0, 0])) % 180
print(f"PCA's line lies at {best:.1f}°, the best of our 181 at {np.argmin(lost)}°")
assert abs(best - np.argmin(lost)) <= 0.5

# %% [markdown]
# Now digits: points with 784 coordinates. With $V$ (`V`) the first columns of $W$, PCA
# is the autoencoder of lecture 0:
#
# $$z = V^\top x \qquad \hat x = V V^\top x \qquad (x \text{ centred})$$
#
# $V V^\top$ is a **projection**: to copy a copy changes nothing.

# %%
digits = data.load_digits()
x_train = digits.x_train.reshape(-1, 784)
x_test = digits.x_test.reshape(-1, 784)
some = x_train[:2000].astype("float64")
mean, V = principal_axes(some, 6)
X = some - mean
U, s, Wt = np.linalg.svd(X, full_matrices=False)
W = Wt.T
assert np.allclose(X, U * s @ W.T)
assert np.allclose(X @ W, U * s)
assert np.allclose(np.abs(np.sum(V * W[:, :6], axis=0)), 1)
assert np.allclose(V.T @ V, np.eye(6))
assert np.allclose(V @ V.T @ (V @ V.T), V @ V.T)
print("X = U S W^T, X W = U S, and V V^T is a projection.")

# %%
pca = metrics.PCA(x_train)
rows = {"picture x": x_test[:10]}
rows |= {f"{k} numbers": pca.copy(x_test[:10], k) for k in (2, 6, 50)}
plots.images(
    rows, alt="Ten digits and PCA's copies: from 2 numbers blurs that look alike, from "
    "6 hints of some digits, from 50 clearly the picture"
)  # fmt: skip

# %% [markdown]
# From 2 numbers the copies are blurs that look alike, from 6 some are hinted at, from
# 50 they are the pictures. All lie on a flat sheet through the mean picture.
#
# ## Exercise 2.2: what must be lost
#
# The energy along axis $i$ is $\sigma_i^2$. A code of $d$ numbers keeps the first $d$;
# the rest is lost:
#
# $$\frac{1}{2n} \sum_{i > d} \sigma_i^2 \quad\text{nats per point}$$
#
# **Eckart and Young** proved that *no* linear code does better. Write it.


# %%
def pca_bound(singular_values, n, latent_dim):
    """Returns the least error of any linear code, in nats per point.

    Args:
        singular_values: Float array, of the centred points, the largest first.
        n: Integer, how many points there are.
        latent_dim: Integer, how many numbers the code has; may be 0.

    Returns:
        Float: the average of `0.5 * sum((x - x_hat)**2)` over the points.
    """
    # BEGIN SOLUTION
    return 0.5 * np.sum(singular_values[latent_dim:] ** 2) / n
    # END SOLUTION


# %% tags=["nbval-check-output"]
pca_bound = checks.pca_bound(pca_bound)

# %%
copies = mean + X @ V @ V.T
measured = np.mean(losses.squared_error(some, copies))
print(f"6 numbers: measured {measured:.3f}, bound {pca_bound(s, 2000, 6):.3f} nats")
assert np.isclose(measured, pca_bound(s, 2000, 6), rtol=1e-4)

# %% [markdown]
# From here on we take all 60,000 pictures. The variances $\sigma_i^2 / n$ are PCA's
# **spectrum**. Two things to look for: a **gap**, where the next axis is much weaker
# than the last, and a place where two neighbours are nearly **level**.

# %%
singular_values = np.sqrt(len(x_train) * pca.variances)
sizes = np.arange(2, 21)
drop = pca.variances[sizes - 1] / pca.variances[sizes]
gap, level = int(sizes[np.argmax(drop)]), int(sizes[np.argmin(drop)])
assert drop.max() > 1.2 > 1.05 > drop.min()
alt = f"24 variances, falling: from axis 2 on the largest drop, {drop.max():.2f}, is "
alt += f"after axis {gap}, the smallest, {drop.min():.3f}, after axis {level}"
figure, axis = plots.figure(alt, size=(7, 3))
axis.bar(np.arange(1, 25), pca.variances[:24], color=plots.SERIES[0])
for size, name in (gap, "gap"), (level, "level"):
    axis.axvline(size + 0.5, color=plots.SERIES[1], linestyle="--")
    axis.text(size + 0.7, 0.9 * pca.variances[0], f"{name}, after {size}", va="top")
axis.set(xlabel="principal axis", ylabel="variance")
figure

# %% [markdown]
# The bars fall, fast at first. The left dashed line marks the gap: the next bar is
# about a fifth lower. At the right one, two neighbours look equally high: level. (We
# start to look after the second axis.)

# %% [markdown]
# ## A network finds it
#
# Two dense layers **without activation**, trained by gradient descent on raw pixels. No
# SVD, no centring, no orthonormal columns: nobody tells it about PCA. We give it as
# many numbers as stand before the gap.
#
# **Before you run on:** how close will its error come to the bound?


# %%
def linear_autoencoder(latent_dim, use_bias=True):
    return keras.Sequential([
        keras.Input((784,)),
        keras.layers.Dense(latent_dim, use_bias=use_bias, name="encoder"),
        keras.layers.Dense(784, use_bias=use_bias, name="decoder"),
    ], name=f"linear-{latent_dim}")  # fmt: skip


def training_error(model):
    parts = np.split(x_train, 12)
    return np.mean([np.mean(losses.squared_error(x, model(x))) for x in parts])


def train(model, epochs):
    return training.fit(
        model, x_train, x_train, loss=losses.squared_error, epochs=epochs, peak=0.01,
        validation_data=(x_test, x_test),
    )["val_loss"]  # fmt: skip


# %%
linear = linear_autoencoder(gap)
untrained = linear.get_layer("encoder").get_weights()[0]
held_out = {gap: train(linear, epochs=4)}
bound = pca_bound(singular_values, len(x_train), gap)
error = training_error(linear)
print(f"error {error:.3f} nats, bound {bound:.3f}, ratio {error / bound:.5f}")
assert 0.9999 < error / bound < 1.01

# %% [markdown]
# Within one percent of the best that is possible, and never below it. So the *error* is
# PCA's. Is the *subspace*?
#
# Two subspaces are compared by **principal angles**: the smallest angle between a
# direction of one and a direction of the other, then the smallest at right angles to
# those, and so on. All zero: the same subspace. For orthonormal bases $Q_a$, $Q_b$ the
# singular values of $Q_a^\top Q_b$ are the cosines.

# %% [markdown]
# ## Exercise 2.3: principal angles
#
# The columns of `a` and of `b` span two subspaces. They need not be orthonormal: make
# them so first (`np.linalg.qr`). Return the angles in **degrees**, in any order.
#
# *Mind:* rounding can lift a cosine a hair above 1, and `np.arccos` then says `nan`.


# %%
def principal_angles(a, b):
    """Returns the principal angles between two subspaces, in degrees.

    Args:
        a: Float array of shape `(features, k)`, independent columns.
        b: Float array of shape `(features, k)`, independent columns.

    Returns:
        Float array of shape `(k,)`, angles from 0 to 90 degrees.
    """
    # BEGIN SOLUTION
    q_a, q_b = np.linalg.qr(a)[0], np.linalg.qr(b)[0]
    cosines = np.linalg.svd(q_a.T @ q_b, compute_uv=False)
    return np.degrees(np.arccos(np.clip(cosines, -1, 1)))
    # END SOLUTION


# %% tags=["nbval-check-output"]
principal_angles = checks.principal_angles(principal_angles)

# %%
decoder = linear.get_layer("decoder").get_weights()[0].T
V = pca.axes[:, :gap]
found = np.sort(principal_angles(decoder, V))
print(f"principal angles with {gap} numbers:", np.round(found, 2), "degrees")
assert np.max(found) < 3

# %% [markdown]
# All under three degrees, in a space of 784 dimensions. The decoder spans **PCA's
# subspace**.
#
# **Before you run on:** where the spectrum is level, two axes are worth nearly the
# same. What will happen to the error there? And to the angles?

# %%
no_gap = linear_autoencoder(level)
held_out[level] = train(no_gap, epochs=2)
ratio = training_error(no_gap) / pca_bound(singular_values, len(x_train), level)
columns = no_gap.get_layer("decoder").get_weights()[0].T
level_angles = np.sort(principal_angles(columns, pca.axes[:, :level]))
print(f"error {100 * (ratio - 1):.2f} % off; angles", np.round(level_angles, 1))
assert 0.9999 < ratio < 1.01
assert np.max(level_angles) > 5

# %% [markdown]
# The error is as good as before, but the last angle is not: the network mixed the last
# axis kept with the first one left out. It costs nearly nothing, so nothing pulls it
# back. A subspace is well defined only at a gap.
#
# ## The rotation made visible
#
# The same subspace. The same *axes*, too? For any invertible $A$ (`mix`), encoder
# $A^{-1} V^\top$ and decoder $V A$ make the same copies. The network found one of
# many.

# %% [markdown]
# ## Exercise 2.4: unmix
#
# The decoder's columns are a mix of the principal axes, $D \approx V A$, where $V$ has
# orthonormal columns. Find $A$ from `decoder` and `axes`, and return the decoder with
# the mix undone, $D A^{-1}$. It must be made *from the decoder*: do not return `axes`.


# %%
def unmix(decoder, axes):
    """Returns the decoder's columns with their mix undone.

    Args:
        decoder: Float array of shape `(features, k)`, about `axes @ mix`.
        axes: Float array of shape `(features, k)`, orthonormal columns.

    Returns:
        Float array of shape `(features, k)`, about `axes`.
    """
    # BEGIN SOLUTION
    mix = axes.T @ decoder
    return decoder @ np.linalg.inv(mix)
    # END SOLUTION


# %% tags=["nbval-check-output"]
unmix = checks.unmix(unmix)


# %%
def as_rows(columns):
    """Draws zero as grey, the largest number of each column as white or black."""
    return 0.5 + 0.5 * columns.T / np.abs(columns).max(axis=0)[:, None]


mix = V.T @ decoder
encoder = linear.get_layer("encoder").get_weights()[0]
unmixed = unmix(decoder, V)
cosines = np.sum(unmixed * V, axis=0) / np.linalg.norm(unmixed, axis=0)
print("cosines of the unmixed columns with the axes:", np.round(cosines, 4))
assert np.min(cosines) > 0.995
assert np.allclose(encoder.T @ V @ mix, np.eye(gap), atol=0.03)
rows = {"principal axes": V, "decoder": decoder, "decoder, unmixed": unmixed}
plots.images(
    {name: as_rows(x) for name, x in (rows | {"encoder": encoder}).items()}, scale=1.1,
    alt="The principal axes; the decoder's columns, which look like other shapes; "
    "unmixed, they equal the axes; the encoder's columns, grainy noise",
)  # fmt: skip

# %% [markdown]
# The decoder's columns are not the axes; unmixed they are. And the encoder's weights
# $E$ (784 rows in Keras) undo the mix: $E^\top V = A^{-1}$, asserted above.
#
# Yet the encoder looks like noise. **Before you run on:** why? Think of the corners of
# a picture.

# %%
always_black = np.all(x_train == 0, axis=0)
print(f"{always_black.sum()} pixels are black in every picture")
assert np.array_equal(encoder[always_black], untrained[always_black])
print("encoder against axes:", np.round(np.sort(principal_angles(encoder, V))), "°")
assert np.min(principal_angles(encoder, V)) > 20

# %% [markdown]
# Where data never vary, the encoder's weights do not matter: they keep their random
# start for ever. So read a *decoder*, not an encoder.
#
# ## Tied: only a rotation is left
#
# Lecture 2 writes $z = Wx$, $\hat x = W^\top z$: the decoder **is** the encoder,
# transposed. Then the mix must undo itself, $A^\top A = I$: a rotation (or a mirror).


# %%
class TiedAutoencoder(keras.Model):
    """Encodes by a matrix and decodes by its transpose, around a learned centre."""

    def __init__(self, latent_dim):
        super().__init__(name=f"tied-{latent_dim}")
        self.weight = self.add_weight((784, latent_dim), name="weight")
        self.centre = self.add_weight((784,), "zeros", name="centre")

    def call(self, x):
        z = (x - self.centre) @ self.weight
        return z @ keras.ops.transpose(self.weight) + self.centre


# %%
tied = TiedAutoencoder(gap)
train(tied, epochs=4)
weight = tied.get_weights()[0]
assert 0.9999 < training_error(tied) / bound < 1.01
assert np.max(principal_angles(weight, V)) < 3
tied_mix = V.T @ weight
print("A^T A, tied:", np.round(tied_mix.T @ tied_mix, 2) + 0, sep="\n")
print("A^T A, untied:", np.round(mix.T @ mix, 2) + 0, sep="\n")
assert np.allclose(tied_mix.T @ tied_mix, np.eye(gap), atol=0.03)
assert not np.allclose(mix.T @ mix, np.eye(gap), atol=0.3)
assert not np.allclose(np.abs(tied_mix), np.eye(gap), atol=0.3)

# %% [markdown]
# Tied weights give the unit matrix: orthonormal columns, axes only turned. Untied
# weights give anything invertible. Tied or not, the axes *themselves* are not found:
# PCA also sorts them by variance, and no loss asks a network for that.
#
# ## What the mean does
#
# **Before you run on:** we forget to centre the cloud, and let an SVD find the best
# line through the *origin*. Where will it go?

# %%
v = np.linalg.svd(cloud)[2][0]
found = {"centred": tried[int(np.argmin(lost))], "forgotten": (cloud @ v)[:, None] * v}
alt = "A line along the cloud's length, and a line from the origin across the cloud"
figure, axis = plots.figure(alt, size=(5, 4.2))
axis.plot(*cloud.T, ".", color="#999999", label="points")
for i, (name, x_hat) in enumerate(found.items()):
    nats = np.mean(losses.squared_error(cloud, x_hat))
    look = {"color": plots.SERIES[i], "markersize": 3}
    axis.plot(*x_hat.T, "os"[i], label=f"{name}: {nats:.2f}", **look)
axis.axline((0, 0), v, color=plots.SERIES[1], linewidth=0.8)
axis.plot(0, 0, "k+", markersize=12)
axis.set(xlim=(-1, 9), ylim=(-1, 9), aspect="equal")
axis.legend(frameon=False, title="error, nats per point")
figure

# %% [markdown]
# From the origin (the cross), the best line runs to the mean, and the cloud's length is
# lost. For digits, too, the mean picture eats the first number of the code. The price
# is one number at most: a flat sheet through the mean lies in a sheet through the
# origin of one dimension more. A **bias** cures it: the network learns the mean itself.

# %%
moments = (pca.axes * pca.variances) @ pca.axes.T + np.outer(pca.mean, pca.mean)
energy, directions = np.linalg.eigh(moments)
through_origin = 0.5 * np.append(np.cumsum(energy)[::-1], 0)
through_mean = 0.5 * np.append(np.cumsum(pca.variances[::-1])[::-1], 0)
cosine = np.abs(directions[:, -1] @ pca.mean) / np.linalg.norm(pca.mean)
assert cosine > 0.99
assert np.all(through_mean[1:] < through_origin[1:] + 1e-3)
assert np.all(through_origin[1:] < through_mean[:-1] + 1e-3)

# %%
no_bias = linear_autoencoder(gap, use_bias=False)
train(no_bias, epochs=2)
error_without = training_error(no_bias)
print(f"bound {bound:.3f}, with bias {error:.3f}, without {error_without:.3f} nats")
assert error_without > 0.9999 * through_origin[gap] > 1.005 * bound

# %% [markdown]
# L0 says: PCA projects data onto a subspace, an autoencoder onto a *nonlinear
# manifold*. When do we need that?
#
# ## A curve in the plane
#
# These points really have *one* number each, how far along the curve they are.
#
# **Before you run on:** what will PCA's best line make of them?


# %%
def bent_autoencoder(features, latent_dim, hidden):
    down = [keras.layers.Dense(width, "gelu") for width in hidden]
    up = [keras.layers.Dense(width, "gelu") for width in reversed(hidden)]
    code, output = keras.layers.Dense(latent_dim), keras.layers.Dense(features)
    return keras.Sequential([keras.Input((features,)), *down, code, *up, output])


def copies_of(x, latent_dim, hidden):
    model = bent_autoencoder(x.shape[1], latent_dim, hidden)
    training.fit(
        model, x, x, loss=losses.squared_error, epochs=50, batch_size=100, peak=0.01,
        label="nonlinear",
    )  # fmt: skip
    return {"PCA": metrics.PCA(x).copy(x, latent_dim), "nonlinear": np.array(model(x))}


# %%
along = rng.uniform(-1, 1, 1000)
bow = np.stack([2 * along, 2 * along**2 - 0.6], axis=1)
bow = (bow + 0.05 * rng.normal(size=bow.shape)).astype("float32")
copied = copies_of(bow, 1, hidden=(32,))
nats = {name: np.mean(losses.squared_error(bow, x)) for name, x in copied.items()}
print({name: f"{value:.4f} nats per point" for name, value in nats.items()})
assert nats["nonlinear"] < 0.1 * nats["PCA"]


# %%
def show_copies(points, copied, colours, alt):
    figure, axes = plots.figure(alt, 1, 3, (9, 3.2), sharex=True, sharey=True)
    panels = {"points": points} | {f"copies, {n}": x for n, x in copied.items()}
    for axis, (name, x) in zip(axes, panels.items(), strict=True):
        axis.scatter(x[:, 0], x[:, -1], c=colours, s=4, cmap="viridis")
        axis.set(title=name, aspect="equal")
    return figure


alt = (
    "Points on a bow; PCA's copies lie on a straight line, the nonlinear autoencoder's "
)
show_copies(bow, copied, along, alt + "on the bow")

# %% [markdown]
# The colour is the true place on the curve. PCA lays all copies on a flat line: the
# bow's height is lost. With as short a code, the nonlinear autoencoder bends its line
# along the bow.
#
# ## The swiss roll
#
# A wide sheet rolled up in space: three coordinates, but two true numbers. We take one
# turn of it, give both methods a code of two, and look from the end of the roll.

# %%
roll, place = datasets.make_swiss_roll(3000, noise=0.1, random_state=0)
one_turn = place < 3.4 * np.pi
roll, place = roll[one_turn] * [1, 2, 1], place[one_turn]
roll = ((roll - roll.mean(axis=0)) / roll.std()).astype("float32")
copied = copies_of(roll, 2, hidden=(64, 64))
nats = {name: np.mean(losses.squared_error(roll, x)) for name, x in copied.items()}
print({name: f"{value:.4f} nats per point" for name, value in nats.items()})
assert nats["nonlinear"] < 0.2 * nats["PCA"]
alt = "A roll seen from its end, one turn; PCA's copies are squashed onto a line; the "
show_copies(roll, copied, place, alt + "nonlinear copies follow the turn")

# %% [markdown]
# PCA presses the roll flat: front and back get the same code, and no decoder can part
# them. The nonlinear copies follow the turn all the way.
#
# *Try it:* scikit-learn's whole roll has half a turn more: leave out `[one_turn]`. Does
# the network keep inner and outer turn apart?
#
# ## Digits on two numbers
#
# Is the digits' manifold flat or bent? We compare PCA with a nonlinear autoencoder,
# both with a code of **two** numbers, on held-out pictures.

# %%
bent = dense.dense_autoencoder(2, hidden=(256, 64))
run = training.fit(
    bent, x_train, x_train, loss=losses.squared_error, epochs=3, peak=0.004,
    validation_data=(x_test, x_test), label="2-D nonlinear",
)  # fmt: skip
dims = np.arange(1, 301)
pca_errors = pca.curve(x_test, dims)
worth = int(dims[pca_errors <= run["val_loss"]][0])
print(f"PCA {pca_errors[1]:.2f}, nonlinear {run['val_loss']:.2f} nats per image")
print(f"two nonlinear numbers are worth {worth} of PCA's")
assert run["val_loss"] < 0.85 * pca_errors[1]

# %%
y, read, z = digits.y_test, {}, {"PCA": (x_test - pca.mean) @ pca.axes[:, :2]}
z["nonlinear"] = np.asarray(bent.get_layer("encoder")(x_test))
alt = "PCA: noughts and ones apart, most others in one heap. The nonlinear codes: "
figure, axes = plots.figure(alt + "many more digits apart", columns=2, size=(9, 4.6))
for axis, (name, codes) in zip(axes, z.items(), strict=True):
    reader = neighbors.KNeighborsClassifier(15).fit(codes[:5000], y[:5000])
    read[name] = reader.score(codes[5000:], y[5000:])
    rank = np.argsort(np.argsort(codes, axis=0), axis=0)
    for digit in range(10):
        mine = rank[y == digit][:400]
        axis.plot(*mine.T, ".", markersize=3, color=plots.CLASSES[digit])
        axis.text(*np.median(mine, axis=0), digit, backgroundcolor="white")
    axis.set_title(f"{name}: neighbours read {100 * read[name]:.0f} %")
    axis.set(xlabel="rank of z[0]", ylabel="rank of z[1]")
figure

# %%
assert read["nonlinear"] > read["PCA"] + 0.1
ten = [int(np.argmax(digits.y_test == digit)) for digit in range(10)]
rows = {"picture x": x_test[ten], "PCA, 2-D": pca.copy(x_test[ten], 2)}
rows["nonlinear, 2-D"] = np.array(bent(x_test[ten]))
plots.images(
    rows, alt="Ten digits; from two numbers PCA makes grey blurs, the nonlinear "
    "autoencoder clear digits, though some are the wrong one"
)  # fmt: skip

# %% [markdown]
# (We drew ranks, to spread the crowd.) PCA parts the noughts from the ones, and heaps
# up most others. The nonlinear code parts many more: read from 15 neighbours in the
# code, digits are right far more often. And the copies are *digits*, if sometimes the
# wrong one, where PCA's are blurs.
#
# ## The chart that grows
#
# How much error is left at how many numbers? Later lessons add their points here. PCA's
# curve is the one to beat.

# %%
codes = sorted(held_out)
curves = {
    "PCA": (dims, pca_errors),
    "linear, trained": (codes, [held_out[size] for size in codes]),
    "nonlinear": ([2], [run["val_loss"]]),
}
known = rate_distortion.add(curves, lesson=2, source=digits.source)
rate_distortion.chart(
    known, alt="Held-out error against numbers in the code: PCA's curve falls, the "
    "linear autoencoders lie on it, the nonlinear one with two numbers far below"
)  # fmt: skip

# %% [markdown]
# PCA's curve falls with every number. The linear autoencoders lie on it. The nonlinear
# one lies well below: with two numbers it is as low as PCA with several.

# %% [markdown]
# ## What we have seen
#
# - We **computed** PCA by an SVD, and its error from the singular values left out: no
#   linear code does better.
# - We **caught** a linear autoencoder: PCA's error and subspace, the axes mixed
#   (untied) or rotated (tied). So PCA *is* an autoencoder, the best linear one.
# - We **met** curves, rolls and digits, where a nonlinear autoencoder bends.
#
# Sources: Pearson (1901); Eckart & Young (1936); Bourlard & Kamp (1988); Baldi &
# Hornik (1989), *Neural Networks and Principal Component Analysis*; Björck & Golub
# (1973), on principal angles; Plaut (2018), arXiv:1804.10253.
#
# Next: **03 · Clustering as autoencoding**.

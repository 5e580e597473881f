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
# # 10 · The variational autoencoder
#
# *What if we decode a code nobody encoded?*
#
# **You will** write the loss of a variational autoencoder term by term, switch
# each term off to see what it was for, and draw digits that nobody wrote.
#
# **You need** lesson 04, and the density of a normal distribution.
#
# **Time** 90 minutes of yours, two of the computer's.
#
# Follows the VAE parts of all five lectures.

# %%
import keras
import numpy as np
from keras import ops
from scipy.stats import norm
from sklearn.neighbors import NearestNeighbors

from course_utils import autodiff, checks, data, losses, plots, training, widgets
from course_utils.models import variational

keras.utils.set_random_seed(0)

# %% [markdown]
# ## A judge
#
# "What if we inject a random vector into the decoder?" asks the lecture. To answer
# with numbers we need a judge that never saw the decoder: real digits. It gives two:
#
# - **agreed**: the share of pictures whose five nearest real digits have one label;
# - **distance**: how far the nearest real digit is, √(sum of squared pixel
#   differences).
#
# Real test digits are judged too, so that we know what good means.

# %%
digits = data.load_digits()
x_train, x_test = digits.x_train, digits.x_test
neighbours = NearestNeighbors(n_neighbors=5).fit(x_train[:10_000].reshape(-1, 784))
distance, nearest = neighbours.kneighbors(x_test[:10].reshape(-1, 784))
plots.images(
    {"test digit": x_test[:10], "nearest of 10,000": x_train[nearest[:, 0]]},
    alt="Ten test digits, and below each its nearest training digit: mostly of the "
    "same class, in another hand",
)

# %% [markdown]
# Every test digit has a near relation among 10,000 others. Will an invented digit?


# %%
def judged(pictures):
    """Returns the share whose neighbours agree, and the mean distance to a digit."""
    distance, nearest = neighbours.kneighbors(np.reshape(pictures, (-1, 784)))
    labels = digits.y_train[nearest]
    return np.mean(labels.min(axis=1) == labels.max(axis=1)), distance[:, 0].mean()


agreed, distance = judged(x_test[:1000])
print(f"real digits: agreed {agreed:.2f}, distance {distance:.2f}")

# %% [markdown]
# ## Random codes in a plain autoencoder
#
# Every model here has the same two dense networks and the same training, two epochs.
# The plain autoencoder is the one without noise on its code and without the penalty
# we shall meet (`noise=False, beta=0`). (Compiled by XLA, all need 500 MB more.)
#
# **Before you run on:** it has 16 numbers in its code, and reconstructs well. We
# decode 16 numbers drawn from N(0, 1). What will the pictures look like?


# %%
def train(label, latent_dim, **options):
    """Trains a variational autoencoder, or one with a part switched off."""
    keras.utils.set_random_seed(0)
    model = variational.dense_vae(latent_dim, hidden=(256, 128), **options)
    training.fit(
        model, x_train, epochs=2, batch_size=250, peak=0.005, label=label,
        jit_compile=False,
    )  # fmt: skip
    return model


autoencoder = train("plain autoencoder", 16, noise=False, beta=0)

# %%
rng = np.random.default_rng(0)
epsilon = rng.normal(size=(1000, 16)).astype("float32")
codes = np.asarray(autoencoder.encoder(x_test)[0])
fitted = rng.multivariate_normal(codes.mean(axis=0), np.cov(codes.T), size=1000)
generated = {
    "autoencoder,\nN(0, 1)": autoencoder.decoder(epsilon),
    "autoencoder,\nfitted": autoencoder.decoder(fitted.astype("float32")),
}
plots.images(
    {"real": x_test[:10], **{name: row[:10] for name, row in generated.items()}},
    alt="Real digits; below, grey rubbish from random codes; below, broken strokes "
    "from codes drawn from a Gaussian fitted to the autoencoder's codes",
)

# %% [markdown]
# Middle row: rubbish. That was not quite fair, since the codes of this autoencoder
# are nowhere near N(0, 1). So in the last row we fitted a Gaussian to its codes, with
# all correlations, and drew from that. Better, but broken: strokes without a digit.
# Between the codes lie regions that the decoder was never trained on.

# %% [markdown]
# ## A distribution instead of a point
#
# The encoder of a variational autoencoder (VAE) says *where, and how precisely*:
#
# $$q(z|x) = \mathcal N(\mu, \sigma^2), \qquad z = \mu + \sigma \odot \epsilon,
# \qquad \epsilon \sim \mathcal N(0, 1)$$
#
# | symbol | variable |
# |---|---|
# | $\mu$ | `z_mean` |
# | $\log \sigma^2$ | `z_log_var` |
# | $\epsilon$ | `epsilon` |
#
# Each number of z is a *latent*. $q(z|x)$ is the *posterior*: where the code of this
# picture may lie. Before any picture is seen, z is drawn from the *prior*
# $p(z) = \mathcal N(0, 1)$; $p(x|z)$ is how likely the decoder finds x.

# %% [markdown]
# ## Exercise 10.1: draw a code
#
# The encoder gives the logarithm of the *variance*, so that any number is allowed.
# Turn noise into a code. All randomness is in `epsilon`, so draw nothing yourself.


# %%
def reparameterise(z_mean, z_log_var, epsilon):
    """Returns codes drawn from q(z|x).

    Args:
        z_mean: Float array of shape `(batch, latent_dim)`.
        z_log_var: Float array of the same shape, log of the variance.
        epsilon: Float array of the same shape (or one that broadcasts), from N(0, 1).

    Returns:
        Float array of shape `(batch, latent_dim)`.
    """
    # BEGIN SOLUTION
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon
    # END SOLUTION


# %% tags=["nbval-check-output"]
reparameterise = checks.reparameterise(reparameterise)

# %%
z_mean, z_log_var = np.array([[2.0, 0.0]]), np.log(np.array([[1.0, 4.0]]))
z = np.asarray(reparameterise(z_mean, z_log_var, rng.normal(size=(100_000, 2))))
print("mean", z.mean(axis=0).round(2), " variance", z.var(axis=0).round(2))

# %% [markdown]
# Means 2 and 0, variances 1 and 4, as ordered. With `exp(z_log_var) * epsilon`, a
# mistake seen in public code, the second variance would be 16.

# %% [markdown]
# ## What a code costs
#
# The loss will have two terms: the copy's error, and the *Kullback-Leibler divergence*
# (KL), how far the posterior lies from the prior:
#
# $$KL = -\tfrac12 \sum_j \left(1 + \log\sigma_j^2 - \mu_j^2 - \sigma_j^2\right)$$
#
# By hand, for the code above: the first latent, μ = 2 and σ² = 1, costs
# ½ (4 + 1 − 1 − 0) = 2 nats. The second, μ = 0 and σ² = 4, costs
# ½ (0 + 4 − 1 − log 4) ≈ 0.81 nats.

# %% [markdown]
# ## Exercise 10.2: how far is the posterior from the prior?
#
# Write the divergence of each image, in nats: a sum over the latents, and no average
# over anything.


# %%
def kl_divergence(z_mean, z_log_var):
    """Returns KL(q(z|x) || N(0, 1)) of each image, in nats.

    Args:
        z_mean: Float tensor of shape `(batch, latent_dim)`.
        z_log_var: Float tensor of shape `(batch, latent_dim)`, log of the variance.

    Returns:
        Float tensor of shape `(batch,)`.
    """
    # BEGIN SOLUTION
    terms = ops.square(z_mean) + ops.exp(z_log_var) - 1 - z_log_var
    return 0.5 * ops.sum(terms, axis=-1)
    # END SOLUTION


# %% tags=["nbval-check-output"]
kl_divergence = checks.kl_divergence(kl_divergence)

# %% [markdown]
# Three ways to the same number. The third is the definition: the average of
# $\log q(z) - \log p(z)$ over codes drawn from $q$.

# %%
by_hand = 2 + 0.5 * (4 - 1 - np.log(4))
closed_form = float(kl_divergence(z_mean, z_log_var)[0])
log_q = losses.gaussian_log_density(z, z_mean, z_log_var)
log_p = losses.gaussian_log_density(z)
monte_carlo = float(np.mean(log_q - log_p))

print(f"by hand {by_hand:.3f}, closed form {closed_form:.3f},", end=" ")
print(f"from 100,000 samples {monte_carlo:.3f} nats")
assert abs(by_hand - closed_form) < 1e-4
assert abs(by_hand - monte_carlo) < 0.05

# %% [markdown]
# ## Exercise 10.3: the evidence lower bound
#
# How likely is a picture under the model, log p(x)? Nobody can compute it, but this
# is never above it on average:
#
# $$\text{ELBO} = \underbrace{E_q[\log p(x|z)]}_{-\,\text{reconstruction loss}}
# - \; KL$$
#
# Write it for each image, in nats. The reconstruction loss is the binary
# cross-entropy summed over the pixels, `losses.binary_crossentropy(x, x_hat)`;
# `x_hat` is already decoded.


# %%
def elbo(x, x_hat, z_mean, z_log_var):
    """Returns the ELBO of each image, in nats: the larger, the better.

    Args:
        x: Float tensor of shape `(batch, 28, 28, 1)`, in [0, 1].
        x_hat: Float tensor of the same shape, decoded from a code drawn from q(z|x).
        z_mean: Float tensor of shape `(batch, latent_dim)`.
        z_log_var: Float tensor of shape `(batch, latent_dim)`, log of the variance.

    Returns:
        Float tensor of shape `(batch,)`.
    """
    # BEGIN SOLUTION
    return -losses.binary_crossentropy(x, x_hat) - kl_divergence(z_mean, z_log_var)
    # END SOLUTION


# %% tags=["nbval-check-output"]
elbo = checks.elbo(elbo)

# %% [markdown]
# ## Random codes, again
#
# The VAE minimises minus the ELBO, the average over the batch. In short, its
# `compute_loss` (in `course_utils/models/variational.py`) is:
#
# ```python
# x_hat, z_mean, z_log_var = y_pred
# loss = reconstruction(x, x_hat) + beta * divergence(z_mean, z_log_var)
# return ops.mean(loss)
# ```
#
# Same networks, same training, the same random codes as above.

# %%
vae = train("VAE, 16 latents", 16)
generated["VAE,\nN(0, 1)"] = vae.decoder(epsilon)
plots.images(
    {name: row[:10] for name, row in generated.items()},
    alt="Ten random pictures a row: rubbish from the plain autoencoder, broken strokes "
    "from its fitted Gaussian, and some readable digits among blends from the VAE",
)

# %%
scores = {"real digits": judged(x_test[:1000])}
scores |= {name.replace("\n", " "): judged(row) for name, row in generated.items()}
for name, (agreed, distance) in scores.items():
    print(f"{name:22s} agreed {agreed:.2f}   distance to a real digit {distance:.2f}")

real, plain, gaussian, ours = scores.values()
assert ours[1] < gaussian[1] < plain[1]
assert plain[0] < ours[0] < real[0] - 0.1

# %% [markdown]
# Digits nobody wrote. The VAE's random pictures lie nearest to real ones. Their
# neighbours agree far more often than those of the first baseline, about as often as
# those of the second, and far less often than those of real digits.
#
# So read the second baseline too: a Gaussian fitted to the plain codes mends much, for
# it knows *where* the codes are. What stays are the holes between the codes.

# %% [markdown]
# ## Why not simply draw z?
#
# To train the encoder we need the gradient of $E_q[\text{loss}(z)]$ with respect to μ.
# Written as $\mu + \sigma\epsilon$, it goes *through* z. The older way only
# multiplies: $\text{loss}(z)\,\nabla_\mu \log q(z)$. Both are right on average.

# %%
x = x_test[:1]
z_mean, z_log_var = vae.encoder(x)
sigma = ops.exp(0.5 * z_log_var)
z_mean = ops.repeat(z_mean, 2000, axis=0)
draws = rng.normal(size=(2000, 16)).astype("float32")


def error(z):
    return losses.binary_crossentropy(ops.repeat(x, len(z), axis=0), vae.decoder(z))


through_z = autodiff.gradient(lambda mean: error(mean + sigma * draws), z_mean)
value = error(z_mean + sigma * draws)[:, None]
score_function = value * draws / sigma
with_baseline = (value - ops.mean(value)) * draws / sigma

# %%
estimates = {"through z": through_z, "score function": score_function}
estimates["score function, mean removed"] = with_baseline
spread = {name: float(np.mean(np.std(g, axis=0))) for name, g in estimates.items()}
means = {name: np.mean(g, axis=0) for name, g in estimates.items()}

gap = means["through z"] - means["score function, mean removed"]
noise = np.std(with_baseline, axis=0) / np.sqrt(2000)
print(f"means differ by {np.mean(np.abs(gap / noise)):.1f} standard errors")
assert np.mean(np.abs(gap / noise)) < 3
assert spread["through z"] < spread["score function, mean removed"]
plots.bars(
    spread,
    y_label="standard deviation of one gradient",
    alt="Through z the gradient is the least noisy, the plain score function is many "
    "times noisier, without its mean it lies between",
)

# %% [markdown]
# Same mean, far less noise: that is all the *reparameterisation trick* is, and why
# one sample per image is enough. Removing the mean loss helps the score function, and
# it is what one does where z is not continuous.

# %% [markdown]
# ## How good is it, really?
#
# Three rules. In **nats** per image, summed over pixels and latents. On **held-out**
# digits. And the ELBO is only a bound: with 50 samples per image, weighted by
# importance, we get a tighter one,
#
# $$\log \tfrac1K \sum_k \frac{p(x|z_k)\,p(z_k)}{q(z_k|x)}$$


# %%
def log_weight(model, x, z_mean, z_log_var):
    """Returns log p(x|z) + log p(z) - log q(z|x) for one z of each image."""
    z = model.sampling([z_mean, z_log_var])
    log_likelihood = -losses.binary_crossentropy(x, model.decoder(z))
    log_prior = losses.gaussian_log_density(z)
    return (
        log_likelihood + log_prior - losses.gaussian_log_density(z, z_mean, z_log_var)
    )


# %%
def bounds(model, x, samples=50):
    """Returns reconstruction loss, KL, ELBO and the tighter bound, in nats."""
    x_hat, *posterior = model(x)
    kl, bound = (
        ops.mean(kl_divergence(*posterior)),
        ops.mean(elbo(x, x_hat, *posterior)),
    )
    weights = [log_weight(model, x, *posterior) for _ in range(samples)]
    tighter = ops.mean(losses.importance_weighted_bound(ops.stack(weights)))
    return [float(number) for number in (-bound - kl, kl, bound, tighter)]


# %%
vaes = {2: train("VAE, 2 latents", 2), 4: train("VAE, 4 latents", 4), 16: vae}
held_out = {latents: bounds(model, x_test[:1000]) for latents, model in vaes.items()}
for latents, (reconstruction, kl, bound, tighter) in held_out.items():
    print(f"{latents:2d} latents: reconstruction {reconstruction:5.1f},", end=" ")
    print(f"KL {kl:4.1f}, ELBO {bound:.1f}, with 50 samples {tighter:.1f} nats")

assert held_out[2][2] < held_out[4][2] < held_out[16][2]
assert all(tighter > bound for _, _, bound, tighter in held_out.values())

# %% [markdown]
# More latents: a better reconstruction, a dearer code, and still a better sum. The
# bound from 50 samples is higher, so the ELBO was pessimistic. (The pixels are grey,
# where cross-entropy is a loss and not quite a probability: compare such numbers only
# with their like.)

# %% [markdown]
# ## Exercise 10.4: a grid of codes
#
# The lecture puts codes on a grid and decodes them, `image_i = decoder(z_i)`. Under
# the prior all steps should be equally *probable*: use the quantiles
# `norm.ppf((i + 0.5) / side)`, i = 0 … side − 1. Go row by row: z[0] grows from left
# to right, z[1] from bottom to top, so the first row has the largest z[1].


# %%
def latent_grid(side):
    """Returns codes on a grid of equal probability steps of N(0, 1).

    Args:
        side: Integer, codes per row and per column.

    Returns:
        Float array of shape `(side * side, 2)`, row by row from the top left.
    """
    # BEGIN SOLUTION
    steps = norm.ppf((np.arange(side) + 0.5) / side)
    z0, z1 = np.meshgrid(steps, steps[::-1])
    return np.stack([z0.ravel(), z1.ravel()], axis=-1)
    # END SOLUTION


# %% tags=["nbval-check-output"]
latent_grid = checks.latent_grid(latent_grid)

# %%
plots.image_grid(
    vaes[2].decoder(np.asarray(latent_grid(20), "float32")),
    columns=20,
    scale=0.36,
    alt="Twenty by twenty decoded pictures that change smoothly into each other: clear "
    "digits at the borders, blends between them",
)

# %% [markdown]
# Neighbours are alike: clear digits at the borders, blends between them. Every cell
# has the same probability under the prior.
#
# **Before you run on:** where in the plane would the codes of the test digits lie, and
# where those of each class?

# %%
z_mean, z_log_var = vaes[2].encoder(x_test[:5000])
z_test = np.asarray(vaes[2].sampling([z_mean, z_log_var]))
print("mean", z_test.mean(axis=0).round(2), " deviation", z_test.std(axis=0).round(2))
plots.scatter(
    z_test,
    digits.y_test[:5000],
    alt="Codes of 5000 test digits around the origin: some classes in patches of their "
    "own, others in shared heaps",
)

# %% [markdown]
# The *aggregate posterior*: one code for each of 5,000 test digits, coloured by a class
# that the model never saw. It is centred, and not much wider than the prior. Some
# classes have a patch of their own, where the grid shows their digit; others share one,
# and there the grid shows blends: two numbers are few.
#
# **Play:** walk the plane, among the codes of 2,000 training digits. The cross is your
# code.

# %%
y_train = digits.y_train[:2000]
z_train = np.asarray(vaes[2].sampling(vaes[2].encoder(x_train[:2000])))


def nearest_digit(code):
    order = np.argsort(np.hypot(*(z_train - code).T))
    counts = np.bincount(y_train[order[:20]])
    return f"{counts.max()} are of the digit {counts.argmax()}"


# %%
def walk(z0, z1):
    alt = f"The code ({z0:.1f}, {z1:.1f}); of the 20 nearest training codes "
    alt += f"{nearest_digit((z0, z1))}; beside it, the decoded picture"
    figure = plots.scatter(z_train, y_train, alt=alt, size=(7, 3.6))
    left, halves = figure.axes[0], figure.add_gridspec(1, 2)
    left.set_subplotspec(halves[0])
    right = figure.add_subplot(halves[1])
    for colour, width, size in ("white", 6, 19), ("black", 3, 16):
        style = {"markersize": size, "markeredgewidth": width, "zorder": 4}
        left.plot(z0, z1, "+", color=colour, **style)
    left.set(xlim=(-4, 4), ylim=(-4, 4))
    right.imshow(vaes[2].decoder(np.array([[z0, z1]], "float32"))[0, :, :, 0], "gray")
    right.axis("off")
    return figure


# %%
widgets.Explorer(
    walk, z0=widgets.slider("z[0]", -3.0, 3.0), z1=widgets.slider("z[1]", -3.0, 3.0)
)

# %% [markdown]
# ## Centred, smooth, Gaussian
#
# Three words in the lecture, three parts of the loss:
#
# - **centred**: the penalty ½ μ² on the means;
# - **smooth**: the noise σε on the code;
# - **Gaussian**: the KL, which also keeps σ from vanishing by ½ (σ² − 1 − log σ²).
#
# **Before you run on:** we switch each off in turn. Without the
# noise, what will hold the decoder smooth? Without the penalty on μ, what would *you*
# do to escape the noise?


# %%
def without_mean(z_mean, z_log_var):
    return losses.kl_divergence(ops.zeros_like(z_mean), z_log_var)


def without_spread(z_mean, z_log_var):
    return losses.kl_divergence(z_mean, ops.zeros_like(z_log_var))


variants = {
    "whole": vaes[2],
    "no penalty on μ": train("no penalty on μ", 2, divergence=without_mean),
    "no noise": train("no noise", 2, noise=False),
    "no penalty on σ": train("no penalty on σ", 2, divergence=without_spread),
}

# %%
colours = np.array(plots.CLASSES)[digits.y_test[:2000]]
angle = np.linspace(0, 2 * np.pi, 100)
figure, axes = plots.figure(
    "Above: the codes fill the circle of the prior, without a penalty on the mean they "
    "lie far outside. Below: random codes; nearly one picture without that penalty",
    2, 4, size=(9, 4.6),
)  # fmt: skip
for (above, below), (name, model) in zip(axes.T, variants.items(), strict=True):
    mu = np.asarray(model.encoder(x_test[:2000])[0])
    above.scatter(*mu.T, s=1, c=colours)
    above.plot(2 * np.cos(angle), 2 * np.sin(angle), "k")
    above.set(title=name, aspect="equal", adjustable="datalim")
    below.imshow(plots.tile(model.decoder(epsilon[:25, :2]), 5), "gray")
    below.axis("off")
figure

# %% [markdown]
# The circle holds 86 % of the prior. Without the penalty on μ the codes flee far
# outside, so that random codes, below, all fall on the same small spot. Without noise
# they even look sharper: in two dimensions the holes are few. What is lost is
# smoothness, and that we measure.
#
# We ask how wide the codes lie, how large the noise is in comparison, and how much a
# small step changes the picture.


# %%
def described(model):
    """Returns the width of the codes, their noise, and what a small step changes."""
    z_mean, z_log_var = model.encoder(x_test[:2000])
    width = ops.sqrt(ops.mean(ops.square(z_mean)))
    noise = ops.mean(ops.exp(0.5 * z_log_var)) if model.noise else 0.0
    step = 0.1 * width * rng.normal(size=z_mean.shape).astype("float32")
    change = model.decoder(z_mean + step) - model.decoder(z_mean)
    change = ops.mean(ops.sqrt(ops.sum(ops.square(change), axis=(1, 2, 3))))
    return float(width), float(noise / width), float(change)


table = {name: described(model) for name, model in variants.items()}
for name, (width, noise, change) in table.items():
    print(
        f"{name:16s} width of the codes {width:5.2f}, noise {noise:.3f} of it,", end=" "
    )
    print(f"a step of a tenth of it changes the picture by {change:.2f}")

# %%
whole = table["whole"]
assert table["no penalty on μ"][0] > 3 * whole[0]
assert table["no penalty on σ"][1] < 0.3 * whole[1]
assert table["no penalty on μ"][2] > table["no noise"][2] > whole[2]

# %% [markdown]
# Without the penalty on μ the codes flee to where the noise is small *in comparison*.
# Without the penalty on σ the noise itself dies. Without noise nothing asks neighbours
# to be alike, and a small step changes more of the picture. The codes that fled are the
# roughest of all. Centred, smooth, Gaussian: each part needs the others; without all
# three we have the plain autoencoder back.

# %% [markdown]
# ## How much should a code cost?
#
# The loss is reconstruction + β KL. Trap: code that takes the *mean* over the latents
# instead of the sum has β = 1/16 here, without saying so.

# %%
betas = {"β = 1/16": train("β = 1/16", 16, beta=1 / 16), "β = 1": vae}
betas |= {f"β = {beta}": train(f"β = {beta}", 16, beta=beta) for beta in (4, 40)}

per_latent, copying = {}, {}
for name, model in betas.items():
    x_hat, z_mean, z_log_var = model(x_test)
    copying[name] = np.mean(losses.binary_crossentropy(x_test, x_hat))
    kl = np.sort(np.mean(losses.kl_per_latent(z_mean, z_log_var), axis=0))[::-1]
    per_latent[name] = (range(1, 17), np.maximum(kl, 1e-3))
    agreed, distance = judged(model.decoder(epsilon[:1000]))
    print(f"{name:8s} {np.sum(kl > 0.1):2d} latents used, KL {kl.sum():4.1f},", end=" ")
    print(f"reconstruction {copying[name]:5.1f} nats; random codes:", end=" ")
    print(f"agreed {agreed:.2f}, distance {distance:.2f}")

# %%
used = {name: np.sum(np.array(kl) > 0.1) for name, (_, kl) in per_latent.items()}
assert list(copying.values()) == sorted(copying.values())
assert used["β = 1/16"] == 16
assert used["β = 1/16"] >= used["β = 1"] > used["β = 4"] > used["β = 40"]
plots.lines(
    per_latent,
    log_y=True,
    x_label="latent, the dearest first",
    y_label="KL of the latent, nats (at least 0.001 drawn)",
    alt="With a small beta all sixteen latents are used, with beta 1 most, with beta 4 "
    "a few, with beta 40 none",
)

# %%
plots.images(
    {name: model.decoder(epsilon[:12]) for name, model in betas.items()},
    alt="Random pictures: broken strokes for a small beta, some digits for 1, softer "
    "and more whole ones for 4, the same grey blur for 40",
)

# %% [markdown]
# With β = 1/16 all sixteen latents pay, with 1 most, with 4 a few, with 40 none. A
# latent whose KL is near zero says nothing: its posterior *is* the prior. With a large
# β the others follow, until the decoder gets pure noise and paints the mean digit:
# **posterior collapse**.

# %% [markdown]
# A small β gives rich codes with holes between them. β trades the copy for the KL, as
# the numbers above show. β = 4 copies worse than 1, but its random pictures, softer and
# more whole, lie nearer to real digits. Only β = 1 is the ELBO.

# %% [markdown]
# ## Assignment 10: a better bound
#
# Train a VAE with at most 16 latents, whose ELBO is at least −112 nats per image on
# the first 2,000 test digits. The check draws one code per image itself, and names
# reconstruction and KL, both. (Which hints do the models above give you? They had
# narrow layers, and saw each digit twice.)


# %%
def variational_autoencoder():
    """Trains a VAE on `digits.x_train` and returns its two functions.

    Returns:
        Pair `(encode, decode)`: `encode(x)` maps pictures of shape
        `(batch, 28, 28, 1)` to the pair `(z_mean, z_log_var)`, each of shape
        `(batch, latent_dim)`; `decode(z)` maps codes to pictures in [0, 1].
    """
    # BEGIN SOLUTION
    keras.utils.set_random_seed(1)
    model = variational.dense_vae(16, hidden=(384, 256))
    training.fit(model, x_train, epochs=3, label="mine", jit_compile=False)
    reconstruction, kl, bound, _ = bounds(model, x_test[:1000])
    print(f"reconstruction {reconstruction:.1f} + KL {kl:.1f}: ELBO {bound:.1f} nats")
    return model.encoder, model.decoder
    # END SOLUTION


# %% points=5
variational_autoencoder = checks.variational_autoencoder(variational_autoencoder)

# %% [markdown]
# ## What we have seen
#
# We wrote the loss of a variational autoencoder term by term: a code drawn as
# μ + σε, the KL three ways, the ELBO in nats on held-out digits. We switched each term
# off and saw what it was for. We drew digits that nobody wrote, and scored them.
#
# **Sources:** Kingma & Welling, *Auto-Encoding Variational Bayes* (2013),
# arXiv:1312.6114. Burda, Grosse & Salakhutdinov, *Importance Weighted Autoencoders*
# (2015), arXiv:1509.00519. Higgins et al., *β-VAE* (ICLR 2017).
#
# Next: **14 · Whose face is it, whose smile?**

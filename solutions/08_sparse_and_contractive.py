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
# # 8 · Sparse and contractive codes
#
# *If the door is wide open, what else can make a code useful?*
#
# **You will** make a code sparse in two ways, by hand and with Keras; find out what its
# units mean and what they are good for; measure what a contractive code feels.
#
# **You need** lesson 04, and the derivative of the sigmoid.
#
# **Time** 75 minutes of yours, two of the computer's.
#
# Follows L3's pages on sparse and contractive autoencoders.

# %%
import keras
import numpy as np
from keras import layers, ops

from course_utils import (
    autodiff,
    checks,
    data,
    losses,
    metrics,
    plots,
    training,
    widgets,
)
from course_utils.models import contractive, sparse

keras.utils.set_random_seed(0)

# %% [markdown]
# ## More numbers than pixels
#
# A bottleneck keeps a network from merely copying. Here there is none: a picture of
# 784 pixels becomes a code of 1,000 numbers, an **overcomplete** one:
#
# $$z = \text{relu}(W x + b), \qquad \hat x = \text{sigmoid}(D z + c)$$
#
# $z$ is `z`, its numbers are the **activations** of 1,000 *units*. Unit $j$ paints the
# column $D_j$, its **atom**, $z_j$ times. Atoms are kept at length one, so that no code
# can shrink while the decoder makes up for it.

# %%
digits = data.load_digits()
x_train, y_train = digits.x_train[:15000].reshape(-1, 784).copy(), digits.y_train
x_test, y_test = digits.x_test[:3000].reshape(-1, 784), digits.y_test[:3000]
del digits  # a quarter of it is enough, and it would fill a Binder's memory
ten = [int(np.argmax(y_test == digit)) for digit in range(10)]


def train(label, penalty=losses.l1_penalty, weight=0.0, activation="relu", **options):
    """Trains an overcomplete autoencoder that pays for its code."""
    keras.utils.set_random_seed(0)
    autoencoder = sparse.overcomplete(1000, activation, **options)
    model = sparse.PenalisedAutoencoder(autoencoder, penalty, weight)
    training.fit(model, x_train, epochs=2, batch_size=200, peak=0.005, label=label)
    return autoencoder


# %%
plain = train("plain")
busy = np.mean(sparse.encode(plain, x_test) > 0)
print(f"{busy:.0%} of the units are at work for a picture")
assert busy > 0.5
some_atoms = sparse.atoms(plain, np.arange(10))
plots.images(
    {"picture x": x_test[ten], "copy x̂": plain(x_test[ten]), "ten atoms": some_atoms},
    alt="Ten digits; below, nearly perfect copies; below, ten atoms that look like "
    "noise with a faint trace of strokes",
)

# %% [markdown]
# Fine copies. But most units work for *every* picture, and their atoms look like the
# noise they started from.
#
# ## A tax on activity
#
# A **sparse** autoencoder pays λ nats for each unit of activation, the **L1** penalty:
#
# $$\text{loss} = \text{reconstruction} + \lambda \sum_j |z_j|$$
#
# By hand: the codes (1, 0, 2) and (0, 0, 5) cost 3 and 5, on average 4. With λ = 0.1
# that is 0.4 nats.
#
# **Before you run on:** we repeat both codes four times. Should the tax grow?

# %%
z = np.array([[1, 0, 2], [0, 0, 5]], "float32")
taxed = layers.Activation("linear", activity_regularizer=keras.regularizers.L1(0.1))
for batch in (z, np.tile(z, (4, 1))):
    taxed(batch)
    from_keras = float(taxed.losses[0])
    by_hand = 0.1 * np.mean(losses.l1_penalty(batch))
    print(
        f"{len(batch)} codes: by hand {by_hand:.2f}, Keras adds {from_keras:.2f} nats"
    )
    assert np.isclose(from_keras, by_hand)

# %% [markdown]
# **Trap.** Keras sums over the batch, then divides by its size. So did Keras 2, but 3.0
# to 3.13 did *not*, against their documentation: with 128 pictures in a batch λ was 128
# times stronger. We require 3.14; on an older one this cell stops. And beside Keras's
# loss *per pixel*, λ is worth 784 times more.
#
# **Before you run on:** L1 on the *weights*, as usual, or on the
# *activations*: which makes a code sparse?

# %%
taxed_weights = train("L1 on weights", kernel_regularizer=keras.regularizers.L1(0.01))
frugal = train("L1 on activations", losses.l1_penalty, 0.3)
nets = {"plain": plain, "L1 on weights": taxed_weights, "L1 on activations": frugal}
codes = {name: sparse.encode(net, x_test) for name, net in nets.items()}
fire = {name: np.sum(z > 0, axis=1) for name, z in codes.items()}
for name, count in fire.items():
    print(f"{name:18s} {count.mean():.0f} of 1,000 units fire for a picture")
assert fire["L1 on weights"].mean() > 0.8 * fire["plain"].mean()
assert fire["L1 on activations"].mean() < 0.4 * fire["plain"].mean()


# %%
def histogram(values, top):
    """Returns the places and the shares, in per cent, of fifty steps up to `top`."""
    share, edges = np.histogram(np.minimum(values, top), np.linspace(0, top, 51))
    return edges[:-1], 100 * share / values.size


plots.lines(
    {name: histogram(z, top=3) for name, z in codes.items()},
    x_label="activation (3 or more in the last)", y_label="%", log_y=True,
    size=(6, 2.8),
    alt="How often each activation occurs: with L1 on activations most are zero "
    "and large ones rare, the others are spread out",
)  # fmt: skip

# %%
by_digit = {
    name: [count[y_test == digit].mean() for digit in range(10)]
    for name, count in fire.items()
}
assert max(by_digit["L1 on activations"]) < 0.5 * min(by_digit["plain"])
plots.lines(
    {name: (range(10), counts) for name, counts in by_digit.items()},
    x_label="digit", y_label="units that fire, of 1,000", size=(6, 2.8),
    alt="Units that fire for each digit: most of them in the plain code whatever the "
    "digit, few in the sparse code",
)  # fmt: skip

# %% [markdown]
# Above, on a logarithmic scale: most activations of the sparse code are zero,
# large ones are rare. Below: the plain code fires most of its units for every digit,
# the sparse code a few, and about as many for each. L1 on the weights does nothing of
# the kind.

# %% [markdown]
# ## A target for each unit
#
# The second tax looks at each *unit* over many pictures. A sigmoid unit is a coin: over
# the batch it shows heads $\hat\rho_j$ of the time. We want $\rho = 0.05$, and pay
#
# $$KL(\rho\|\hat\rho) = \sum_j \rho \log\frac{\rho}{\hat\rho_j} + (1-\rho)
# \log\frac{1-\rho}{1-\hat\rho_j}$$
#
# By hand, for one unit with $\hat\rho$ = ½: 0.05 log 0.1 + 0.95 log 1.9 ≈ 0.49 nats.

# %% [markdown]
# ## Exercise 8.1: the divergence of two coins
#
# Write the formula above for a batch of codes: average over the batch, sum over the
# units. Clip $\hat\rho$ to [10⁻⁷, 1 − 10⁻⁷]: a unit that is silent for ever should be
# dear, but not infinitely dear.


# %%
def kl_sparsity(z, rho):
    """Returns KL(rho || rho_hat), summed over the units, in nats.

    Args:
        z: Float tensor of shape `(batch, units)`, activations in [0, 1].
        rho: Float, the target activity.

    Returns:
        Float scalar.
    """
    # BEGIN SOLUTION
    rho_hat = ops.clip(ops.mean(z, axis=0), 1e-7, 1 - 1e-7)
    heads = rho * ops.log(rho / rho_hat)
    tails = (1 - rho) * ops.log((1 - rho) / (1 - rho_hat))
    return ops.sum(heads + tails)
    # END SOLUTION


# %% tags=["nbval-check-output"]
kl_sparsity = checks.kl_sparsity(kl_sparsity)

# %%
active = np.geomspace(1e-4, 0.999, 300, dtype="float32")
paid = [float(kl_sparsity(np.array([[a]]), 0.05)) for a in active]
assert abs(float(kl_sparsity(np.array([[0.5]]), 0.05)) - 0.4946) < 1e-3
assert abs(active[np.argmin(paid)] - 0.05) < 0.005
plots.lines(
    {"ρ = 0.05": (active, paid)},
    x_label="average activity ρ̂ of a unit", y_label="KL(ρ‖ρ̂), nats",
    log_x=True, log_y=True, size=(5, 2.6),
    alt="On logarithmic scales: the divergence dips to zero at 0.05, rises slowly to "
    "the left and steeply to the right",
)  # fmt: skip

# %% [markdown]
# Zero at the target, steep to the right, slow but endless to the left. L1 never minds
# a unit that is silent for ever; this tax calls it back.
#
# ## Exercise 8.2: the same in Keras
#
# A regulariser in Keras is any function of the activations. Make Keras add exactly
# `weight * losses.kl_sparsity(z)` to the loss. The trap bites from the other side:
# $\hat\rho$ *already* averages over the batch. What does Keras do to your number?


# %%
def sparsity_regulariser(z, weight):
    """Returns what Keras needs in order to add `weight * KL` to the loss.

    Args:
        z: Float tensor of shape `(batch, units)`, activations in [0, 1].
        weight: Float, nats of loss per nat of divergence.

    Returns:
        Float scalar.
    """
    batch_size = ops.cast(ops.shape(z)[0], z.dtype)
    # BEGIN SOLUTION
    return weight * batch_size * losses.kl_sparsity(z)
    # END SOLUTION


# %% tags=["nbval-check-output"]
sparsity_regulariser = checks.sparsity_regulariser(sparsity_regulariser)

# %% [markdown]
# Now we have each tax twice: by hand in the loss, and through Keras's
# `activity_regularizer`. From the same weights, on the same pictures, they must agree:
# the loss, and the gradient with respect to every weight.


# %%
def loss_and_gradient(penalty, weight, regulariser=None):
    keras.utils.set_random_seed(0)
    net = sparse.overcomplete(1000, "sigmoid", activity_regularizer=regulariser)
    model = sparse.PenalisedAutoencoder(net, penalty, weight)

    def loss():
        return model.compute_loss(x=x_test[:100], y_pred=model(x_test[:100]))

    return [loss(), *autodiff.gradient_of_weights(loss, net.trainable_variables)]


# %%
l1, kl = losses.l1_penalty, losses.kl_sparsity
in_keras = {l1: keras.regularizers.L1(0.3), kl: lambda z: sparsity_regulariser(z, 0.3)}
for penalty, regulariser in in_keras.items():
    by_hand = loss_and_gradient(penalty, 0.3)
    by_keras = loss_and_gradient(penalty, 0.0, regulariser)
    print(f"{penalty.__name__}: {float(by_hand[0]):.3f}, {float(by_keras[0]):.3f} nats")
    for ours, theirs in zip(by_hand, by_keras, strict=True):
        assert ops.max(ops.abs(ours - theirs)) < 1e-4 * ops.max(ops.abs(ours))

# %% [markdown]
# **Before you run on:** we train a sigmoid code without and with the KL, whose units
# start near the target. Will each *unit* be rare? Will each *picture* fire few of them?
# And who has more dead units, L1 or KL?

# %%
rare_at_first = keras.initializers.Constant(np.log(0.05 / 0.95))
nets["sigmoid"] = train("sigmoid", activation="sigmoid")
nets["KL"] = train("KL", kl, 1.0, "sigmoid", bias_initializer=rare_at_first)
codes |= {name: sparse.encode(nets[name], x_test) for name in ("sigmoid", "KL")}
activity = {name: codes[name].mean(axis=0) for name in ("sigmoid", "KL")}
plots.lines(
    {name: histogram(values, top=1) for name, values in activity.items()},
    x_label="average activity ρ̂ of a unit", y_label="units, %", size=(6, 2.8),
    alt="Without a tax units are active about half of the time; with the KL all are "
    "active about a tenth of the time",
)  # fmt: skip

# %%
plots.lines(
    {name: histogram(codes[name], top=1) for name in activity},
    x_label="activation", y_label="%", log_y=True, size=(6, 2.8),
    alt="Activations without a tax are spread from 0 to 1; with the KL they pile up at "
    "zero, with a thin tail up to one",
)  # fmt: skip

# %%
dead = [int(np.sum(codes[name].max(0) < 0.1)) for name in ("L1 on activations", "KL")]
high = [np.mean(codes[name] > 0.5) for name in ("sigmoid", "KL")]
typical = np.median(activity["KL"])
print(f"dead units: L1 {dead[0]}, KL {dead[1]}; typical activity {typical:.2f}")
print(f"activations above one half: sigmoid {high[0]:.0%}, KL {high[1]:.0%}")
assert dead[1] < 20 < dead[0]
assert high[1] < 0.3 * high[0]
assert 0.05 < typical < 0.15

# %% [markdown]
# Above: every unit has its share, more than the target of 0.05 because the error pulls
# against the tax, and nobody is dead. Below: activations pile up at zero, with a tail
# up to one, so each picture fires few units. Without the KL both curves are wide. But
# be careful: a unit that *always* says 0.05 would pay nothing, and tell nothing. Only
# the error keeps units from that.

# %% [markdown]
# ## What does a unit mean?
#
# A unit with a meaning should prefer some pictures to others.
#
# ## Exercise 8.3: class selectivity
#
# Take a unit's average activation over the pictures of each digit. Call the largest of
# the ten $\mu_{\max}$, and the **mean of the nine others** $\mu_{-\max}$. Its
# *selectivity* is
#
# $$\frac{\mu_{\max} - \mu_{-\max}}{\mu_{\max} + \mu_{-\max}}$$
#
# 1: one digit only; 0: all alike. Add 10⁻⁹ to the denominator: a dead unit gets 0.


# %%
def class_selectivity(z, labels):
    """Returns how selective each unit is for one digit.

    Args:
        z: Float array of shape `(n, units)`, activations of at least 0.
        labels: Integer array of shape `(n,)`, digits 0 to 9, each present.

    Returns:
        Float array of shape `(units,)`, in [0, 1].
    """
    # BEGIN SOLUTION
    means = np.stack([z[labels == digit].mean(axis=0) for digit in range(10)])
    most = means.max(axis=0)
    others = (means.sum(axis=0) - most) / 9
    return (most - others) / (most + others + 1e-9)
    # END SOLUTION


# %% tags=["nbval-check-output"]
class_selectivity = checks.class_selectivity(class_selectivity)

# %%
selectivity = {}
for name, z in codes.items():
    alive = z.max(axis=0) > 0.1
    selectivity[name] = class_selectivity(z, y_test)[alive].mean()
    print(f"{name:18s} mean selectivity of its live units {selectivity[name]:.2f}")
assert selectivity["L1 on activations"] > 1.6 * selectivity["plain"]
assert selectivity["KL"] > 1.6 * selectivity["sigmoid"]

# %% [markdown]
# The sparse codes are more selective by far. For each digit we take a strong and
# selective unit. What does it paint, and which test pictures make it fire most?

# %%
z = codes["L1 on activations"]
means = np.stack([z[y_test == digit].mean(axis=0) for digit in range(10)])
strong = means * (means == means.max(axis=0)) * class_selectivity(z, y_test)
chosen = strong.argmax(axis=1)
most = np.argsort(-z[:, chosen], axis=0)[:10]
pure = np.mean(y_test[most] == np.arange(10))
print(f"of the ten pictures each fires most for, {pure:.0%} show its favourite digit")
assert pure > 0.6

# %%
rows = {f"fires most, {i + 1}": x_test[most[i]] for i in range(4)}
plots.images(
    {"atom": sparse.atoms(frugal, chosen), **rows},
    titles=[f"unit {unit}" for unit in chosen],
    alt="Ten units, one per digit: the atom of each looks like a digit, and the four "
    "pictures it fires most for are nearly all that digit, written in one way",
)

# %% [markdown]
# Nobody told the network about digits, yet such a unit stands for *one way of writing
# one digit*. (We chose the best; the mean is printed above.)
#
# ## Is it useful?
#
# As in lesson 04: how many digits does a linear classifier read from the code, if it
# has seen 100 labelled ones (mean of ten draws), or 1,000?
#
# **Before you run on:** rank pixels, PCA, the plain code, the sparse ones.


# %%
def read(z_train, z_test, labels):
    """Returns the share of digits read after `labels` labelled ones, mean of draws."""
    shares = []
    for i in range(0, 1000, labels):
        some = slice(i, i + labels)
        shares.append(
            metrics.linear_probe_accuracy(
                z_train[some], y_train[some], z_test, y_test[:2000]
            )
        )
    return np.mean(shares)


# %%
axes = metrics.PCA(x_train).axes[:, :32]
z_train = {"pixels": x_train[:1000], "PCA, 32": x_train[:1000] @ axes}
z_train |= {name: sparse.encode(net, x_train[:1000]) for name, net in nets.items()}
z_test = {"pixels": x_test, "PCA, 32": x_test @ axes, **codes}
few = {name: read(z, z_test[name][:2000], 100) for name, z in z_train.items()}
many = {name: read(z, z_test[name][:2000], 1000) for name, z in z_train.items()}
for name in few:
    print(f"{name:18s} 100 labels {few[name]:.1%}, 1,000 labels {many[name]:.1%}")

# %%
for shares in (few, many):
    best = shares["L1 on activations"]
    assert best > shares["plain"] + 0.01
    assert best > max(shares["pixels"], shares["PCA, 32"]) + 0.03
    assert shares["KL"] > shares["sigmoid"]
plots.bars(
    {name: 100 * share for name, share in few.items()},
    y_label="digits read from 100 labels, %",
    alt="PCA and pixels are read worst, plain codes better, the two sparse ones best",
)

# %% [markdown]
# Read best: the two sparse codes, from few labels and from many. What does it cost?


# %%
def error_of(net):
    return float(ops.mean(losses.binary_crossentropy(x_test, net(x_test))))


errors = {name: error_of(net) for name, net in nets.items()}
for name, error in errors.items():
    print(f"{name:18s} held-out error {error:5.1f} nats")
assert errors["L1 on activations"] > errors["plain"] + 10
assert errors["KL"] > errors["sigmoid"] + 10

# %% [markdown]
# Honestly: much of the gain over pixels comes from a wide layer with a bend in it, for
# the plain codes are read better than pixels too. Sparsity adds some points on top, and
# pays with worse copies, by tens of nats. And 1,000 numbers compress nothing. Sparse
# codes are for *reading*, not for storing.
#
# ## Play with λ
#
# Four nets, from no tax to a heavy one.

# %%
taxes = {0.0: plain, 0.3: frugal}
taxes |= {w: train(f"λ = {w}", l1, w) for w in (0.1, 1.0)}
fired, error = {}, {}
for weight, net in sorted(taxes.items()):
    fired[weight] = np.mean(np.sum(sparse.encode(net, x_test) > 0, axis=1))
    error[weight] = error_of(net)
assert sorted(fired.values(), reverse=True) == list(fired.values())
assert error[0.1] < error[0.3] < error[1.0]


# %%
def right_half(axis, weight, show):
    z = sparse.encode(taxes[weight], x_test[:500])
    if show == "histogram":
        axis.semilogy(*histogram(z, top=3))
        axis.set(xlabel="activation", ylabel="%")
        return
    copies = np.concatenate([x_test[ten], taxes[weight](x_test[ten])])
    used = np.argsort(-z.mean(axis=0))[:40]
    pictures = copies if show == "copies" else sparse.atoms(taxes[weight], used)
    axis.imshow(plots.tile(pictures, 10), "gray", vmin=0, vmax=1)
    axis.axis("off")


# %%
def draw(weight, show):
    alt = f"λ = {weight}: {fired[weight]:.0f} of 1,000 units fire, error "
    alt += f"{error[weight]:.1f} nats, marked among four nets; beside it, its {show}"
    figure, (left, right) = plots.figure(alt, 1, 2, size=(9, 3))
    left.plot(fired.values(), error.values(), "o-", color=plots.SERIES[0])
    left.plot(fired[weight], error[weight], "s", markersize=12, color=plots.SERIES[1])
    left.set(xlabel="units that fire, of 1,000", ylabel="error, nats")
    right_half(right, weight, show)
    return figure


widgets.Explorer(
    draw,
    weight=widgets.choice("λ, nats per unit of activation", sorted(taxes), value=0.3),
    show=widgets.choice("show", ["atoms", "copies", "histogram"]),
)

# %% [markdown]
# From right to left the tax grows: fewer units, more error. Look at the forty atoms
# used most, and at what becomes of the copies: under the heaviest tax they turn into
# types.

# %% [markdown]
# ## A tax on sensitivity
#
# A **contractive** autoencoder pays for how much its code moves with the picture:
#
# $$\text{reconstruction} + \lambda \sum_j \|\nabla_x h_j\|^2, \qquad
# h = \text{sigmoid}(Wx + b)$$
#
# That sum is the squared norm of the *Jacobian*, of all slopes. The slope of a sigmoid
# is $h(1-h)$, so
#
# $$\frac{\partial h_j}{\partial x_i} = h_j (1-h_j)\, W_{ij}$$
#
# ## Exercise 8.4: the norm of the Jacobian
#
# Square these slopes and sum over $i$ and $j$, for each picture. Keras keeps the
# weights as `kernel`, pixels × units. Can you do it without building all 784,000?


# %%
def jacobian_norm(h, kernel):
    """Returns the squared Frobenius norm of the Jacobian of each picture.

    Args:
        h: Float tensor of shape `(batch, units)`, activations of the sigmoid layer.
        kernel: Float tensor of shape `(pixels, units)`, its weights.

    Returns:
        Float tensor of shape `(batch,)`.
    """
    # BEGIN SOLUTION
    weights = ops.sum(ops.square(kernel), axis=0)
    return ops.sum(ops.square(h * (1 - h)) * weights, axis=-1)
    # END SOLUTION


# %% tags=["nbval-check-output"]
jacobian_norm = checks.jacobian_norm(jacobian_norm)

# %%
encoder, x = nets["sigmoid"].get_layer("encoder"), x_test[:5]
automatic = np.asarray(autodiff.jacobian(encoder, x))
gap = np.max(np.abs(automatic - contractive.slopes(encoder, x)))
norm = np.asarray(jacobian_norm(encoder(x), encoder.layers[0].kernel))
of_norm = np.max(np.abs(np.sum(automatic**2, axis=(1, 2)) / norm - 1))
print(f"{automatic.size:,} slopes: largest difference {gap:.0e}; norms {of_norm:.0e}")
assert max(gap, of_norm) < 1e-5

# %% [markdown]
# Equal to rounding, and cheap enough for every training step.
#
# **Before you run on:** a code that feels *nothing* pays nothing, but then it cannot
# copy. Which movements of the picture will it still feel?

# %%
keras.utils.set_random_seed(0)
calm = sparse.overcomplete(1000, "sigmoid")
(layer,) = calm.get_layer("encoder").layers


def penalty(h):
    return losses.contractive_penalty(h, layer.kernel)


model = sparse.PenalisedAutoencoder(calm, penalty, 0.3, name="contractive")
result = training.fit(model, x_train, epochs=2, batch_size=200, peak=0.005)

# %% [markdown]
# We ask in directions $v$ of length one:
#
# - **along** the data: a shift by one pixel; the three main *tangents*, in which the
#   ten nearest training digits differ;
# - **off** the data: noise; noise only where digits ever have ink; noise *normal* to
#   all nine tangents.
#
# The sensitivity is $\|J v\|$, divided by how widely the codes are spread: a code that
# is small altogether would only *look* insensitive.

# %%
x, rng = x_test[:300], np.random.default_rng(0)
tangents = contractive.tangents(x_train, x, neighbours=10)
noise = rng.normal(size=(300, 4, 784)).astype("float32")
directions = {
    "along: shift": np.stack([np.roll(x, s, 1) - x for s in (1, -1, 28, -28)], axis=1),
    "along: tangent": tangents[:, :3],
    "off: noise": noise,
    "off: noise in the ink": noise * (x_train.std(axis=0) > 0.1),
    "off: normal": noise - noise @ tangents.swapaxes(1, 2) @ tangents,
}

# %%
felt = {}
for name, net in {"before": nets["sigmoid"], "after": calm}.items():
    encoder = net.get_layer("encoder")
    felt[name] = [contractive.sensitivity(encoder, x, v) for v in directions.values()]
drop = 1 - np.divide(felt["after"], felt["before"])
for name, part in zip(directions, drop, strict=True):
    print(f"{name:21s} {part:3.0%} less")
assert felt["before"][0] > 1.5 * felt["before"][2]
assert max(drop[:2]) < 0.2 < 0.3 < min(drop[2], drop[4])
assert drop[3] > max(drop[:2]) + 0.08

# %%
figure, axis = plots.figure(
    "Sensitivity before and after, in five directions: along the data it falls a bit, "
    "off the data much more, to noise by nearly half",
    size=(7, 3.4),
)
for i, (name, values) in enumerate(felt.items()):
    places = np.arange(5) + 0.36 * i - 0.18
    style = {"color": plots.SERIES[i], "hatch": ["", "//"][i], "edgecolor": "white"}
    drawn = axis.barh(places, values, 0.36, label=name, **style)
    axis.bar_label(drawn, fmt="%.3f", padding=3)
axis.set(xlabel="movement of the code, in spreads, per unit of picture")
axis.set_yticks(np.arange(5), directions)
axis.invert_yaxis()
axis.legend(frameon=False, loc="lower right")
figure

# %% [markdown]
# Read it aloud: *before*, the code feels a shift about twice as much as noise. *After*,
# it feels noise far less, and the data a little less. Part of it is cheap:
# corners never have ink. But noise in the ink falls
# more than the data too.
#
# The tax is the same in all directions; only along the data does the error resist. So
# the code learned where the data lie. Is it more useful?

# %%
for name, net in {"before": nets["sigmoid"], "after": calm}.items():
    z_train, z_test = (sparse.encode(net, part) for part in (x_train[:1000], x_test))
    few[name] = read(z_train, z_test[:2000], 100)
    print(f"{name:6s} 100 labels {few[name]:.1%}, error {error_of(net):.1f} nats")
assert abs(few["after"] - few["before"]) < 0.03

# %% [markdown]
# About as easy to read as before, at the cost of some error. Calm is not meaning: to be
# *read*, it is sparsity that helps here.

# %% [markdown]
# ## What we have seen
#
# - We **made** a code sparse in two ways, by L1 and by a KL to a target activity, each
#   by hand and with Keras, equal to rounding; and saw who divides by the batch.
# - We **found** what units mean, by their atoms, favourite digits and selectivity, and
#   measured that sparse codes are easier to read, and worse copies.
# - We **measured** what a contractive code feels: less off the data, as much along it.
#
# Sources: Olshausen & Field, *Nature* 381 (1996); Ng, *Sparse autoencoder*, CS294A
# (2011); Rifai et al., *Contractive auto-encoders*, ICML (2011); Morcos et al., *On the
# importance of single directions* (2018), arXiv:1803.06959; Keras, pull request 22021
# (2026).
#
# Next: lesson 10, **What if we decode a code nobody encoded?**

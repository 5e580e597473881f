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
# # 3 · Clustering as autoencoding
#
# *What if the code is a choice?*
#
# **You will** write k-means, soft k-means, a Gaussian mixture and ADMIXTURE as four
# autoencoders of one form, generate your first digits, and recover the ancestry of
# people from their DNA.
#
# **You need** lesson 02 and logarithms.
#
# **Time** 75 minutes of yours, one of the computer's.
#
# Follows L2's pages on k-means and ADMIXTURE, and L3's *general principle of
# generation*.

# %%
import keras
import numpy as np
from keras import layers, ops
from scipy.special import logsumexp
from sklearn.cluster import KMeans
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.mixture import GaussianMixture

from course_utils import checks, data, losses, metrics, plots, training, widgets

keras.utils.set_random_seed(0)

# %% [markdown]
# ## One form for four methods
#
# $$X \approx QP, \qquad Q = \varphi(X)$$
#
# $X$ (`x`) has one row per example. $Q$ (`q`) is the code, one row per example and one
# column per cluster; $\varphi$ is the encoder. $P$ (`p`), one row per cluster, is the
# decoder: all of it is one table.
#
# | method | a row of $Q$ | a row of $P$ |
# |---|---|---|
# | k-means | a single 1, else 0 | a centroid |
# | soft k-means | shares: *which one is it?* | a centroid |
# | Gaussian mixture | the same, with sizes and widths | a mean |
# | ADMIXTURE | shares: *how much of each?* | frequencies |

# %%
digits = data.load_digits()
x = digits.x_train[:3000].reshape(-1, 784).astype("float64")


def distances(x, p):
    """Half the squared distance of each row of x to each row of p, in nats."""
    squares = (x**2).sum(axis=1, keepdims=True) - 2 * x @ p.T + (p**2).sum(axis=1)
    return 0.5 * squares


first_ten = x[:10]
print("x", x.shape, "p", first_ten.shape, "distances", distances(x, first_ten).shape)

# %% [markdown]
# `distances` multiplies out $\|x - p\|^2 = x^2 - 2xp + p^2$, because `x[:, None] - p`
# would fill 200 MB. Use it below if you like.
#
# ## Exercise 3.1: assign
#
# The encoder of k-means. L2 writes $Q \in \mathbb{B}$, $\sum_j Q_{ij} = 1$: each row of
# `q` has a 1 in the column of the nearest centroid, and 0 elsewhere. It is *one-hot*:
# not a number, not a share, a choice.


# %%
def assign(x, p):
    """Returns the one-hot code of each example.

    Args:
        x: Float array of shape `(n, features)`.
        p: Float array of shape `(k, features)`, the centroids.

    Returns:
        Array of shape `(n, k)` of zeros and ones, one 1 per row.
    """
    # BEGIN SOLUTION
    return np.eye(len(p))[distances(x, p).argmin(axis=1)]
    # END SOLUTION


# %% tags=["nbval-check-output"]
assign = checks.assign(assign)

# %% [markdown]
# ## Exercise 3.2: update
#
# Training the decoder. The best row $k$ of $P$ is the mean of the examples that chose
# it. As a formula:
#
# $$P_k = \frac{\sum_i Q_{ik} X_i}{\sum_i Q_{ik}}$$
#
# A code that nobody uses (a column of zeros) keeps its old row. The formula takes soft
# `q` too, where examples count by their shares; we will need that.


# %%
def update(x, q, p):
    """Returns the mean of the examples of each code, weighted by their shares.

    Args:
        x: Float array of shape `(n, features)`.
        q: Array of shape `(n, k)`, not negative, one-hot or soft.
        p: Float array of shape `(k, features)`, the old table; leave it unchanged.

    Returns:
        Float array of shape `(k, features)`.
    """
    # BEGIN SOLUTION
    new, used = p.copy(), q.sum(axis=0) > 0
    new[used] = q[:, used].T @ x / q[:, used].sum(axis=0)[:, None]
    return new
    # END SOLUTION


# %% tags=["nbval-check-output"]
update = checks.update(update)

# %% [markdown]
# ## k-means is an autoencoder
#
# Encode, train the decoder, encode again, until no code changes. Neither step can raise
# the error $\frac12\|x - \hat x\|^2$ with $\hat x = QP$.
#
# **Before you run on:** there are ten digits and ten codes, and the labels are hidden.
# We start from the first ten pictures. Will each digit get a code of its own?


# %%
def k_means(x, p, steps=300):
    errors = []
    for _ in range(steps):
        q = assign(x, p)
        errors.append(0.5 * np.square(x - q @ p).sum(axis=1).mean())
        p_new = update(x, q, p)
        if np.array_equal(p, p_new):
            break
        p = p_new
    return q, p, errors


q, p, errors = k_means(x, first_ten)
plots.images(
    {"start": first_ten, "P": p, "x": x[20:30], "QP": (q @ p)[20:30]},
    alt="Ten digits, ten blurred centroids, ten other digits above their centroids",
)

# %% [markdown]
# The decoder can be looked at: all it knows are the ten pictures in the row $P$. A copy
# is the nearest of them, so slant and thickness are lost: the code tells *which*, never
# *how much*. And the ten are not the ten digits: some digits share one, others have
# two.

# %%
assert np.all(np.diff(errors) <= 1e-9)
theirs = KMeans(10, init=first_ten, n_init=1, tol=0, algorithm="lloyd").fit(x)
np.testing.assert_allclose(p, theirs.cluster_centers_, atol=1e-6)
assert np.array_equal(q.argmax(axis=1), theirs.labels_)
print(f"{len(errors)} steps, the same codes and centroids as scikit-learn")
labels = digits.y_train[: len(x)]
usual = {np.bincount(labels[chosen == 1]).argmax() for chosen in q.T}
print(f"the ten centroids are mostly {len(usual)} different digits")
mean_only, one_number = metrics.PCA(x).curve(x, [0, 1])
print(f"mean picture {mean_only:.1f}, one choice of ten {errors[-1]:.1f}", end=" ")
print(f"nats per image; one number of PCA {one_number:.1f}")
assert errors[-1] < one_number < mean_only
assert len(usual) < 10

# %% [markdown]
# A choice among ten is worth $\log_2 10 \approx 3.3$ bits, and beats a whole number of
# PCA. Now the picture that all four methods share: $X$, $Q$, $P$ and $QP$ as heat maps.
# A row is an example, sorted by its code.


# %%
def show_products(rows, alt):
    figure, axes = plots.figure(
        alt, len(rows), 4, (11, 2.3 * len(rows)), squeeze=False,
        width_ratios=(4, 1.2, 4, 4),
    )  # fmt: skip
    for line, (name, (x, q, p)) in zip(axes, rows.items(), strict=True):
        tables = {"X": x, "Q": q, "P": p, "QP": q @ p}
        for axis, (title, table) in zip(line, tables.items(), strict=True):
            axis.imshow(table, vmin=0, vmax=1, aspect="auto", interpolation="none")
            axis.set(title=title, xticks=[], yticks=[])
        line[0].set_ylabel(name)
    return figure


# %%
some = np.argsort(q[:40].argmax(axis=1))
show_products(
    {"k-means, digits": (x[some], q[some], p)},
    "Heat maps: Q has one bright cell per row, QP repeats the rows of P in blocks",
)

# %% [markdown]
# $Q$ has one bright cell in each row, so each row of $QP$ is a row of $P$. What is
# special about an example is gone.
#
# ## Exercise 3.3: responsibilities
#
# Soft k-means does not choose, it shares: $Q_{ij} > 0$, $\sum_j Q_{ij} = 1$. From
# scores $s_{ij}$, the larger the better, come *responsibilities*
#
# $$Q_{ij} = \frac{e^{s_{ij}}}{\sum_l e^{s_{il}}}$$
#
# Scores of $\pm 1000$ must work. *Where to look:* subtract the same number from all
# scores of a row; what happens to $Q$?


# %%
def responsibilities(scores):
    """Turns scores into shares.

    Args:
        scores: Float array of shape `(n, k)`, of any size; leave it unchanged. One
            score of a row may be minus infinity: its share is 0.

    Returns:
        Float array of shape `(n, k)`; every row sums to one.
    """
    # BEGIN SOLUTION
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
    # END SOLUTION


# %% tags=["nbval-check-output"]
responsibilities = checks.responsibilities(responsibilities)

# %% [markdown]
# ## Stiffness
#
# Soft k-means takes $s_{ij} = -\beta \cdot \frac12\|x_i - p_j\|^2$. The *stiffness*
# $\beta$ says how much a distance matters. Two limits are exact:
#
# - stiff, $\beta \to \infty$: shares become choices, and it is k-means;
# - slack, $\beta < 1/\lambda_1$, with $\lambda_1$ the largest variance along any axis
#   (PCA's first): all centroids melt into one.
#
# First the formula taken literally.

# %%
scores = -100 * distances(x, p)
with np.errstate(invalid="ignore"):
    literal = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
lost = np.isnan(literal).any(axis=1).mean()
print(f"the formula as it stands loses {lost:.0%} of the digits to 0 / 0")
stiff = responsibilities(-1e6 * distances(x, p))
np.testing.assert_allclose(stiff, assign(x, p), atol=1e-6)
assert lost > 0.5
assert np.isfinite(responsibilities(scores)).all()


# %%
def soft_k_means(x, p, beta, steps=300):
    for _ in range(steps):
        q = responsibilities(-beta * distances(x, p))
        p = update(x, q, p)
    return q, p


rng = np.random.default_rng(0)
plane = rng.normal(size=(400, 2)) + np.repeat([[-1.3, 0], [1.3, 0.5]], 200, axis=0)
start = plane[[0, 200]]
critical = 1 / np.linalg.eigvalsh(np.cov(plane.T, bias=True))[-1]
for factor in (0.7, 1.5):
    _, melted = soft_k_means(plane, start, factor * critical)
    apart = np.linalg.norm(melted[1] - melted[0])
    print(f"β = {factor} / λ₁: the two centroids lie {apart:.4f} apart")
    assert (apart < 0.01) == (factor < 1)

# %% [markdown]
# ### Play with it
#
# Two clouds, two centroids (crosses). A point's colour mixes blue and orange by its
# responsibilities. Make it stiff, then slack, and find where the crosses meet.


# %%
def draw(log_beta):
    beta = critical * 10**log_beta
    q, p = soft_k_means(plane, start, beta)
    undecided = np.mean(q.max(axis=1) < 0.9)
    alt = f"Two clouds; at stiffness {beta:.2f}, {undecided:.0%} of the points are torn"
    figure, axis = plots.figure(alt, size=(5.5, 4))
    ends = np.array([[0, 0.45, 0.7], [0.84, 0.37, 0]])
    axis.scatter(*plane.T, c=q @ ends, s=14)
    axis.plot(*p.T, "kX", markersize=13, markeredgecolor="white")
    axis.set(title=f"β = {beta:.2f}: {undecided:.0%} torn between the two")
    return figure


widgets.Explorer(draw, log_beta=widgets.slider("log₁₀(β λ₁)", -0.5, 2.0, value=0.4))

# %% [markdown]
# Between the clouds, points belong to both. That is *doubt*: each point came from one
# cloud, and we cannot tell which.
#
# ## A Gaussian mixture
#
# Give each cluster a weight $w_j$ and a width along each axis, $\sigma_j^2$, and the
# score becomes a log probability:
#
# $$s_{ij} = \log w_j + \log N(x_i;\, p_j, \sigma_j^2)$$
#
# Encode with `responsibilities`; train with `update`, once for the means and once for
# the widths: this is the EM algorithm. Soft k-means is the case of equal weights and
# $\sigma^2 = 1/\beta$.


# %%
def log_joint(x, weights, p, variances):
    squares = x**2 @ (1 / variances).T - 2 * x @ (p / variances).T
    squares += (p**2 / variances).sum(axis=1)
    log_sizes = np.log(2 * np.pi * variances).sum(axis=1)
    return np.log(weights) - 0.5 * (squares + log_sizes)


wide = log_joint(x, np.full(10, 0.1), p, np.full(p.shape, 1 / 0.3))
soft = responsibilities(-0.3 * distances(x, p))
np.testing.assert_allclose(responsibilities(wide), soft, atol=1e-6)


# %%
def gaussian_mixture(x, p, floor=1e-6, steps=500):
    weights, variances = np.ones(len(p)) / len(p), np.ones_like(p) * x.var(axis=0)
    log_p = [-np.inf]
    for _ in range(steps):
        scores = log_joint(x, weights, p, variances)
        log_p.append(logsumexp(scores, axis=1).mean())
        q = responsibilities(scores)
        weights, p = q.mean(axis=0), update(x, q, p)
        variances = update(x**2, q, variances) - p**2 + floor
        if log_p[-1] - log_p[-2] < 1e-3:
            break
    return (weights, p, variances), log_p[1:]


# %% [markdown]
# The mixture gets digits as 20 PCA scores (lesson 02): its decoder looks up a row of
# $P$, then PCA's axes turn 20 numbers into a picture.

# %%
x_train = digits.x_train[:10_000]
pca, dims = metrics.PCA(x_train), 20
axes = pca.axes[:, :dims].astype("float64")


def to_scores(images):
    return (images.reshape(-1, 784) - pca.mean) @ axes


# %%
z = to_scores(x_train)
(weights, means, variances), log_p = gaussian_mixture(z, z[:10])
theirs = GaussianMixture(
    10, covariance_type="diag", weights_init=np.full(10, 0.1), means_init=z[:10],
    precisions_init=np.tile(1 / z.var(axis=0), (10, 1)), max_iter=500,
    init_params="random",
).fit(z)  # fmt: skip
np.testing.assert_allclose(means, theirs.means_, atol=1e-4)
np.testing.assert_allclose(variances, theirs.covariances_, atol=1e-4)
assert np.all(np.diff(log_p) > -1e-9)
print(f"{len(log_p)} steps, the same means and widths as scikit-learn")

# %% [markdown]
# ## The first digits nobody wrote
#
# L3's general principle of generation: encode the data into another representation,
# sample *there*, decode. A mixture knows how often each code occurs, so it can roll
# dice: choose a cluster by its weight, draw around its mean, decode.
#
# **Before you run on:** with 1, 10 or 100 clusters, which mixture draws best?


# %%
def sample(mixture, n, rng):
    weights, means, variances = mixture
    j = rng.choice(len(weights), size=n, p=weights)
    return means[j] + np.sqrt(variances[j]) * rng.normal(size=(n, dims))


def decode(z):
    return z @ axes.T + pca.mean


# %%
mixtures = {k: gaussian_mixture(z, z[:k])[0] for k in (1, 10, 100)}
drawn = {k: sample(mixture, 4000, rng) for k, mixture in mixtures.items()}
twelve = digits.x_test[:12]
rows = {"real": twelve, "real, 20 scores": decode(to_scores(twelve))}
plots.images(
    rows | {f"K = {k}": decode(codes[:12]) for k, codes in drawn.items()},
    alt="Real digits, their PCA copies, and generated ones: smears from one cluster, "
    "mostly digits from a hundred",
)

# %% [markdown]
# One cluster draws smears, ten do a little better, a hundred draw digits that you can
# mostly read; none is sharper than *real, 20 scores*, because the decoder is the same.
# Eyes are kind, so we ask a judge: trees that learn to tell real scores from drawn
# ones, and are asked about others. **50 % is perfect.**


# %%
def caught(fake, real):
    rows, half = np.concatenate([fake, real]), len(fake) // 2
    kind = np.repeat([0, 1], [len(fake), len(real)])
    learn = np.arange(len(rows)) % len(fake) < half
    judge = ExtraTreesClassifier(100, random_state=0).fit(rows[learn], kind[learn])
    return judge.score(rows[~learn], kind[~learn])


real = rng.permutation(to_scores(digits.x_test))[:8000]
shares = {f"K = {k}": caught(codes, real[:4000]) for k, codes in drawn.items()}
shares["other real digits"] = caught(real[4000:], real[:4000])
plots.bars(
    {name: 100 * share for name, share in shares.items()},
    y_label="% judged rightly (50 is perfect)",
    alt="The judge is right most often with one cluster, less often with more",
)

# %% [markdown]
# More clusters fool the judge more often, but it still beats a coin, and it has not
# even seen what 20 scores leave out. Lesson 10 draws with a decoder that bends.

# %%
order = [shares[f"K = {k}"] for k in (1, 10, 100)]
assert order[0] > order[1] > order[2] + 0.02
assert order[2] > shares["other real digits"] + 0.05
assert abs(shares["other real digits"] - 0.5) < 0.05

# %% [markdown]
# ## How much of each?
#
# People have two copies of their DNA. At each place $j$ where people differ (a *SNP*),
# count the copies that carry a certain variant: a genotype $g \in \{0, 1, 2\}$. In
# population $k$ it has frequency $P_{kj}$. A person with shares $Q_i$ of ancestors has
#
# $$g_{ij} \sim \text{Binomial}(2,\; h_{ij}), \qquad h = QP$$
#
# so $X = g / 2 \approx QP$ once more. This is ADMIXTURE. We simulate people, to know
# the truth: 800 to train on, 200 to test.

# %%
people = data.simulate_genotypes(1000, snps=1000, populations=3, seed=0)
g, g_test, q_true, q_test = *np.split(people.g, [800]), *np.split(people.q, [800])
print(g[:4, :12])
print(q_true[:4].round(2))
simulated = people.g.mean() - (2 * people.q @ people.p).mean()
print(f"the mean of g is that of 2QP, to {abs(simulated):.4f}")
assert abs(simulated) < 0.01

# %% [markdown]
# ## Exercise 3.4: log-likelihood
#
# How probable are someone's genotypes, given $h = QP$? The probability of 0, 1, 2
# copies is $(1-h)^2$, $2h(1-h)$, $h^2$: one copy can come about in two ways. Take
# logarithms, and sum over the SNPs.


# %%
def log_likelihood(g, q, p):
    """Returns log P(g | Q, P) of each person, in nats.

    Args:
        g: Integer array of shape `(n, snps)`: 0, 1 or 2.
        q: Float array of shape `(n, k)`, rows sum to one.
        p: Float array of shape `(k, snps)`, in (0, 1).

    Returns:
        Float array of shape `(n,)`.
    """
    # BEGIN SOLUTION
    h = q @ p
    terms = g * np.log(h) + (2 - g) * np.log(1 - h) + np.log(2) * (g == 1)
    return terms.sum(axis=1)
    # END SOLUTION


# %% tags=["nbval-check-output"]
log_likelihood = checks.log_likelihood(log_likelihood)

# %% [markdown]
# ## Exercise 3.5: one step of ADMIXTURE
#
# Each *copy* came from one population: responsibilities again, copy by copy. Their mean
# over all $2J$ copies of a person ($J$ is `snps`) is the new $Q$:
#
# $$Q_{ik} \leftarrow \frac{Q_{ik}}{2J} \sum_j \left[ \frac{g_{ij}}{h_{ij}} P_{kj} +
# \frac{2 - g_{ij}}{1 - h_{ij}} (1 - P_{kj}) \right]$$
#
# and of all copies from $k$, the share with the variant is the new $P$:
#
# $$c = P_{kj} \sum_i Q_{ik} \frac{g_{ij}}{h_{ij}}, \quad
# l = (1 - P_{kj}) \sum_i Q_{ik} \frac{2 - g_{ij}}{1 - h_{ij}}, \quad
# P_{kj} \leftarrow \frac{c}{c + l}$$


# %%
def admixture_step(g, q, p):
    """Returns better shares and frequencies, both computed from the old ones.

    Args:
        g: Array of shape `(n, snps)`: 0, 1 or 2.
        q: Float array of shape `(n, k)`, rows sum to one; leave it unchanged.
        p: Float array of shape `(k, snps)`, in (0, 1); leave it unchanged.

    Returns:
        Pair of float arrays `(q_new, p_new)`, of the shapes of `q` and `p`.
    """
    # BEGIN SOLUTION
    h = q @ p
    carrying, lacking = g / h, (2 - g) / (1 - h)
    q_new = q * (carrying @ p.T + lacking @ (1 - p).T) / (2 * g.shape[1])
    c, others = p * (q.T @ carrying), (1 - p) * (q.T @ lacking)
    return q_new, c / (c + others)
    # END SOLUTION


# %% tags=["nbval-check-output"]
admixture_step = checks.admixture_step(admixture_step)

# %% [markdown]
# Start at random, take 300 steps. Two cares: frequencies stay off 0 and 1, where the
# logarithm ends; and rows of $Q$ are divided by their sum, which is one, because
# rounding errors in it would grow with every step.
#
# The likelihood must rise. Then the truth judges: the mean absolute error of $Q$,
# columns in the best order, since nobody can know which population is *the first*.


# %%
def guess(g, k, rng):
    q = rng.dirichlet(np.ones(k), size=len(g))
    p = g.mean(axis=0) / 2 + rng.uniform(-0.1, 0.1, size=(k, g.shape[1]))
    return q, p.clip(0.01, 0.99)


def careful_step(g, q, p):
    q, p = admixture_step(g, q, p)
    return q / q.sum(axis=1, keepdims=True), p.clip(0.001, 0.999)


def in_true_order(q, p):
    order = metrics.match_columns(q_true, q)
    return q[:, order], p[order]


# %%
q, p = guess(g, 3, rng)
history = []
for _ in range(300):
    history.append(log_likelihood(g, q, p).mean())
    q, p = careful_step(g, q, p)
q_em, p_em = in_true_order(q, p)
error_em = metrics.ancestry_error(q_true, q_em)
print(f"error of Q {error_em:.3f}, of P {np.abs(p_em - people.p).mean():.3f}")
assert np.all(np.diff(history) > -0.01)
assert error_em < 0.05
assert np.abs(p_em - people.p).mean() < 0.05

# %% [markdown]
# ## Neural ADMIXTURE
#
# L2 draws ADMIXTURE as a network. A **softmax** keeps $Q$ on the simplex; the decoder
# is the table $P$, kept in (0, 1) by a sigmoid, without bias. The loss
# $-\log P(g|Q,P)$ is twice the binary cross-entropy of $g/2$, up to a constant.
#
# From a random $P$ some trainings never part two populations, so it starts at k-means'
# centroids. The bar: an error of 0.05 on its people, 0.07 on new ones.


# %%
class Frequencies(layers.Layer):
    """The decoder QP: one learned frequency per population and SNP."""

    def __init__(self, p):
        super().__init__()
        self.logits = self.add_weight(shape=p.shape)
        self.logits.assign(np.log(p / (1 - p)))

    def call(self, q):
        return q @ ops.sigmoid(self.logits)


def negative_log_likelihood(x, x_hat):
    return 2 * losses.binary_crossentropy(x, x_hat)


# %%
x = g / 2
q_hard, p_hard, _ = k_means(x, x[:3])
genotypes = keras.Input((1000,))
hidden = layers.Dense(64, "relu")(genotypes)
code = layers.Dense(3, "softmax", name="q")(hidden)
encoder = keras.Model(genotypes, code, name="encoder")
decoder = Frequencies(p_hard.clip(0.02, 0.98))
neural = keras.Model(genotypes, decoder(code), name="neural_admixture")
history = training.fit(
    neural, x.astype("float32"), x.astype("float32"), loss=negative_log_likelihood,
    epochs=40, batch_size=50, peak=0.01, seed=0,
)  # fmt: skip

# %%
q_net, q_new = (ops.convert_to_numpy(encoder(some / 2)) for some in (g, g_test))
order = metrics.match_columns(q_true, q_net)
q_net = q_net[:, order]
error_net = metrics.ancestry_error(q_true, q_net)
error_new = metrics.ancestry_error(q_test, q_new[:, order])
print(f"error of Q: EM {error_em:.3f}, network {error_net:.3f}", end=", ")
print(f"network on 200 new people {error_new:.3f}")
assert error_net < 0.05
assert error_new < 0.07

# %% [markdown]
# The steps of EM serve the people they were taken for. The encoder is a function: it
# reads new people at once. Geneticists draw $Q$ as bars, one per person.


# %%
def ancestry_bars(tables, alt):
    figure, axes = plots.figure(alt, len(tables), 1, (9, 1.4 * len(tables)))
    for axis, (name, q) in zip(axes, tables.items(), strict=True):
        floor = np.zeros(len(q))
        for share, colour in zip(q.T, plots.SERIES, strict=False):
            axis.bar(np.arange(len(q)), share, 1, bottom=floor, color=colour)
            floor += share
        axis.set(ylabel=name, xlim=(-0.5, len(q) - 0.5), ylim=(0, 1), xticks=[])
    return figure


# %%
sort = np.lexsort((-q_true[:100].max(axis=1), q_true[:100].argmax(axis=1)))
tables = {"truth": q_true, "EM": q_em, "network": q_net}
ancestry_bars(
    {name: q[:100][sort] for name, q in tables.items()},
    "Ancestry of 100 people as stacked bars: truth, EM and network look alike",
)

# %% [markdown]
# Three pictures of the same people: few bars differ visibly.
#
# ## Four codes of the same people
#
# Now all four methods get the same $X = g/2$. Soft k-means gets a stiffness just above
# its melting point, $\beta = 1.3 / \lambda_1$.
#
# **Before you run on:** half of someone's ancestors came from one population, half from
# another. Given a thousand SNPs, what will a Gaussian mixture say of her?

# %%
beta = 1.3 / metrics.PCA(x).variances[0]
q_soft, p_soft = soft_k_means(x, p_hard, beta)
(weights, p_mix, variances), _ = gaussian_mixture(x, p_hard, floor=0.01)
q_mix = responsibilities(log_joint(x, weights, p_mix, variances))
four = {"k-means": (q_hard, p_hard), "soft k-means": (q_soft, p_soft),
        "Gaussian mixture": (q_mix, p_mix), "ADMIXTURE": (q_em, p_em)}  # fmt: skip
four = {name: in_true_order(*code) for name, code in four.items()}
show_products(
    {name: (x[sort, :60], q[sort], p[:, :60]) for name, (q, p) in four.items()},
    "The same genotypes four times: Q is hard for k-means and the mixture, graded for "
    "soft k-means and ADMIXTURE",
)

# %% [markdown]
# Look at $Q$, one row per person. For k-means and the Gaussian mixture each row has
# one bright entry, and the rest is dark. For soft k-means and ADMIXTURE the rows are
# graded.

# %%
mixed = q_true.max(axis=1) < 0.6
for name, (q, p) in four.items():
    error, rest = metrics.ancestry_error(q_true, q), np.square(x - q @ p).mean()
    doubt = np.mean(q[mixed].max(axis=1) < 0.9)
    print(f"{name:17} error of Q {error:.3f}, mean squared rest {rest:.4f}", end=", ")
    print(f"{doubt:.0%} of the mixed people get mixed rows")
errors = {name: metrics.ancestry_error(q_true, q) for name, (q, _) in four.items()}
assert 2 * errors["ADMIXTURE"] < min(errors["k-means"], errors["Gaussian mixture"])
assert errors["ADMIXTURE"] < 0.8 * errors["soft k-means"]
assert np.mean(q_mix[mixed].max(axis=1) > 0.9) > 0.8
assert p_em.std(axis=0).mean() > p_hard.std(axis=0).mean()

# %% [markdown]
# Same form, same data. The mixture's responsibility is **doubt**: *one of these, but
# which?* A thousand SNPs end all doubt, so it is sure of mixed people, and wrong.
# ADMIXTURE's share is a **part**: more SNPs make it more exact. Its $P$ shows stronger
# contrasts: not means of today's people, but their sources.
#
# Just above melting, the doubt of soft k-means imitates parts: L2 calls the two
# *similar*. But that takes a hand on the knob $\beta$.

# %% [markdown]
# ## Assignment 3: recover known ancestry
#
# Real genotypes have gaps, marked −1, where the machine could not read the DNA.
# Write `recover_ancestry(g, populations)`. The check simulates people, hides up to
# half of anyone's SNPs, and asks for a mean absolute error of $Q$ of at most 0.05,
# columns in any order; three times, with 2 or 3 populations and 200 people.
#
# A gap is no genotype: it must not pull anyone anywhere. Stay below 6 seconds each.


# %%
def recover_ancestry(g, populations):
    """Returns the ancestry of people whose genotypes have gaps.

    Args:
        g: Int8 array of shape `(n, snps)`: 0, 1, 2, or -1 for a gap.
        populations: Integer, how many populations there are.

    Returns:
        Float array of shape `(n, populations)`, rows sum to one.
    """
    # BEGIN SOLUTION
    q, p = guess(np.where(g < 0, 1, g), populations, np.random.default_rng(0))
    for _ in range(300):
        expected = 2 * (q @ p)  # a gap counts as what the model expects there
        q, p = careful_step(np.where(g < 0, expected, g), q, p)
    return q
    # END SOLUTION


# %% tags=["nbval-check-output"] points=4
recover_ancestry = checks.recover_ancestry(recover_ancestry)

# %% [markdown]
# ## What we have seen
#
# - We **wrote** four methods as one autoencoder, $X \approx QP$: the decoder is a
#   table, the code is a choice, a doubt, or a mixture.
# - We **generated** the first digits of the course, and asked a judge.
# - We **recovered** ancestry by EM and by a network with a softmax code.
#
# Sources: Lloyd, *Least squares quantization in PCM* (1982); MacKay, *Information
# Theory, Inference, and Learning Algorithms* (2003), chapters 20 and 22; Dempster et
# al., *EM* (1977); Tang et al. (2005) and Alexander, Novembre & Lange, *ADMIXTURE*
# (2009); Dominguez Mantes et al., *Neural ADMIXTURE* (2023).
#
# Next: **04 · How small can the door be?**

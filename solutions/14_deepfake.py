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
# # 14 · Deep fakes
#
# *Whose face is it, whose smile?*
#
# **You will** train one encoder with two decoders, measure a swapped face against
# the truth, and learn to tell it from a real one.
#
# **You need** lessons 00 and 05: convolutional encoders and decoders.
#
# **Time** 60 minutes of yours, about three of the computer's.
#
# Follows lecture 4, "Deep Fake with AutoEncoder".

# %%
import os
from pathlib import Path

import keras
import numpy as np

from course_utils import checks, data, losses, metrics, plots, training, widgets
from course_utils.data.photographs import load_faces, mark_synthetic
from course_utils.models.face_swap import FaceSwap, WatchSwap, random_warp
from course_utils.models.fake_detector import fake_detector, saliency
from course_utils.models.pose_judge import PoseJudge, r2_scores

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The idea
#
# Lecture 4 shows one man's face with another man's smile, and a film whose scenes
# got a new hero: *Home Alone* became *Home Stallone*. A scene swap is a face swap
# in every frame, pasted back into the picture.
#
# In the **training phase**, Decoder A sees only faces of A, Decoder B only faces of
# B. But all codes come from the *same* encoder.

# %% [markdown]
# With the encoder $E$ (`encoder`), the decoders $D_A$, $D_B$ (`decoder_a`,
# `decoder_b`) and faces $x_A$, $x_B$ (`a`, `b`):
#
# $$\hat{x}_A = D_A(E(x_A)) \qquad \hat{x}_B = D_B(E(x_B))$$
#
# The loss is the squared error of both copies. Nobody is ever shown a swap. And
# yet, afterwards, we cross the wires:
#
# $$x_{A \to B} = D_B(E(x_A))$$
#
# B's face with the pose of A.

# %% [markdown]
# ## Two characters whose poses we know
#
# With photographs nobody can say how good a swap is: there is no true picture of B
# in A's pose. So we draw two characters. Their poses are random and **not paired**:
# training never sees the same pose twice. Only the test pictures come in pairs, and
# we use those to score.

# %%
faces = data.load_characters(n=4000, size=48)
test_a, test_b = faces.test_a[:300], faces.test_b[:300]
poses = {name: values[:300] for name, values in faces.test_factors.items()}
print("to train on:", faces.a.shape, "and", faces.b.shape)
print("held-out pairs:", len(test_a), "; factors:", ", ".join(poses))

# %%
plots.images(
    {"A": faces.a[:10], "B": faces.b[:10],
     "test, A": test_a[:10], "truth": test_b[:10]},
    alt="Four rows of faces. A has red curls, B a flat top and yellow glasses. In the "
    "first two rows the poses differ, in the last two they are the same.",
)  # fmt: skip

# %% [markdown]
# The upper two rows have nothing to do with each other. In the lower two, B does
# exactly what A does: the same turn, mouth, lids and gaze.
#
# ## Exercise 14.1: the training phase
#
# Write what happens to a batch of each face in training.


# %%
def reconstruct_both(a, b, encoder, decoder_a, decoder_b):
    """Returns the copies that training compares with the originals.

    Args:
        a: Float tensor of shape `(batch, height, width, 3)`, faces of A.
        b: Float tensor of the same shape, faces of B.
        encoder: Function from faces to codes.
        decoder_a: Function from codes to faces of A.
        decoder_b: Function from codes to faces of B.

    Returns:
        Two float tensors: the copy of `a` and the copy of `b`.
    """
    # BEGIN SOLUTION
    return decoder_a(encoder(a)), decoder_b(encoder(b))
    # END SOLUTION


# %% tags=["nbval-check-output"]
reconstruct_both = checks.reconstruct_both(reconstruct_both)

# %% [markdown]
# ## Exercise 14.2: cross the wires
#
# Now the swap, in both directions.


# %%
def swap_faces(a, b, encoder, decoder_a, decoder_b):
    """Returns B in the poses of `a`, and A in the poses of `b`.

    Args:
        a: Float tensor of shape `(n, height, width, 3)`, faces of A.
        b: Float tensor of shape `(m, height, width, 3)`, faces of B.
        encoder: Function from faces to codes.
        decoder_a: Function from codes to faces of A.
        decoder_b: Function from codes to faces of B.

    Returns:
        Two float tensors: n faces of B, and m faces of A.
    """
    # BEGIN SOLUTION
    return decoder_b(encoder(a)), decoder_a(encoder(b))
    # END SOLUTION


# %% tags=["nbval-check-output"]
swap_faces = checks.swap_faces(swap_faces)

# %% [markdown]
# ## What is easy? Two baselines
#
# A score means little without one that costs nothing. The first baseline always
# answers with the **mean** of all pictures of B. The second looks for the **nearest
# neighbour**: the training picture of B whose pixels are closest to those of A.
#
# ## Exercise 14.3: the nearest neighbour
#
# Distance is the sum of squared differences over all pixels and colours.


# %%
def nearest_picture(x, gallery):
    """Returns which picture of a gallery is closest to each picture of x.

    Args:
        x: Float array of shape `(n, height, width, 3)`.
        gallery: Float array of shape `(m, height, width, 3)`.

    Returns:
        Integer array of shape `(n,)`: numbers from 0 to m - 1.
    """
    # BEGIN SOLUTION
    rows, others = x.reshape(len(x), -1), gallery.reshape(len(gallery), -1)
    squares = (rows**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)
    return np.argmin(squares - 2 * rows @ others.T, axis=1)
    # END SOLUTION


# %% tags=["nbval-check-output"] points=2
nearest_picture = checks.nearest_picture(nearest_picture)


# %%
def report(name, made):
    """Prints and returns the mean PSNR of pictures against the true ones."""
    decibels = metrics.psnr(test_b, made).mean()
    alike = metrics.ssim(test_b, made).mean()
    print(f"{name:24}{decibels:6.1f} dB   SSIM {alike:.2f}")
    return decibels


mean_of_b = np.broadcast_to(faces.b.mean(axis=0), test_b.shape)
neighbours = faces.b[nearest_picture(test_a, faces.b)]
mean_score = report("the mean of B", mean_of_b)
neighbour_score = report("nearest neighbour", neighbours)

# %% [markdown]
# PSNR says how far the pixels are from the truth, SSIM how alike the edges look. The
# neighbour is a real, sharp picture, which SSIM likes, but mostly in a wrong pose:
# red curls and dark hair make its pixels a poor guide.
#
# ## Whoever needs two encoders
#
# **Before you run on:** give A and B an encoder *each*. Both autoencoders will copy
# their own face well. Will the swap work?

# %%
pairs = np.stack([faces.a, faces.b], axis=1)
apart = FaceSwap(shared=False)
training.fit(
    apart, pairs, pairs, loss=losses.squared_error, epochs=3, batch_size=32,
    peak=0.003, seed=0, label="two encoders",
)  # fmt: skip
copied = report("two encoders, B → B", apart.b_to_b(test_b))
apart_score = report("two encoders, A → B", apart.a_to_b(test_a))

# %% [markdown]
# The copy is fine, the swap is rubbish. Each pair of encoder and decoder has made up
# a language of its own. Decoder B does not understand what encoder A says.
#
# Now one encoder for both. Besides the loss we watch the *swap*, on held-out pairs,
# after every epoch.

# %%
plain = FaceSwap()
plain_watch = WatchSwap(test_a, test_b)
training.fit(
    plain, pairs, pairs, loss=losses.squared_error, epochs=5, batch_size=32,
    peak=0.003, seed=0, label="one encoder", callbacks=[plain_watch],
)  # fmt: skip
plain_score = report("one encoder, A → B", plain.a_to_b(test_a))

# %%
swapped, _ = swap_faces(
    test_a[:10], test_b[:10], plain.encoder_a, plain.decoder_a, plain.decoder_b
)
plots.images(
    {"A": test_a[:10], "two encoders": apart.a_to_b(test_a[:10]),
     "one encoder": swapped, "truth": test_b[:10]},
    alt="Four rows of faces: A, the swap of two encoders, which is a jumble, the swap "
    "of one encoder, and the true picture of B.",
)  # fmt: skip

# %% [markdown]
# *Why shared?* The encoder is small and works for both. What A and B have in common,
# the pose, is cheapest to say in one way for both. Who it is need not be said:
# each decoder knows its own face by heart.
#
# Nothing *forces* the two to agree, though. The encoder may still say "this is A" in
# the code, and then decoder B hears a word it never learned.

# %% [markdown]
# ## Bend the input
#
# The cure in every face-swap program: bend the picture at random before it is
# encoded, and ask for the *straight* one. Curls and jaw no longer tell exactly where
# things are, so the encoder has to read the pose. And bent faces of A and of B
# overlap more. (The figure bends half again as much as training does.)
#
# We also add a small penalty on codes of A and of B whose means and spreads differ.

# %%
bent = keras.ops.convert_to_numpy(random_warp(test_a[:10], amount=1.5, seed=0))
plots.images(
    {"encoder sees": bent, "decoder draws": test_a[:10]},
    alt="Above, ten faces of A, bent as in a fairground mirror; below, the straight "
    "faces that are to be drawn.",
)

# %%
model = FaceSwap(warp=1.0, match=7.0)
watch = WatchSwap(test_a, test_b)
training.fit(
    model, pairs, pairs, loss=losses.squared_error, epochs=10, batch_size=32,
    peak=0.003, seed=0, label="bent inputs", callbacks=[watch],
)  # fmt: skip
swapped = model.a_to_b(test_a)
score = report("bent inputs, A → B", swapped)

# %%
scores = {
    "two encoders": apart_score, "mean of B": mean_score,
    "nearest neighbour": neighbour_score, "one encoder": plain_score,
    "one encoder, bent inputs": score,
}  # fmt: skip
assert score > plain_score > apart_score + 5
plots.bars(
    scores,
    y_label="swap against the true picture (dB)",
    alt="Bars of decibels: two encoders lowest, then the two baselines, one encoder, "
    "and one encoder with bent inputs highest.",
)

# %% [markdown]
# Higher is better. The last model is bent, matched *and* trained for more epochs: we
# did not take these three apart.

# %%
plots.images(
    {"A": test_a[:10], "swapped": swapped[:10], "truth": test_b[:10],
     "error": np.abs(swapped - test_b)[:10]},
    alt="Four rows: A, the swapped face, the true face of B, and their difference, "
    "drawn as brightness.",
)  # fmt: skip

# %% [markdown]
# Where is it wrong? Look at the last row. Decibels can hide a lost smile,
# because a mouth is few pixels. So we also ask a **judge**. It has learned from
# drawn pictures of B to read the pose, and reads it off the swapped ones. We compare
# with the pose of A: 1 is perfect, 0 no better than guessing the mean.

# %%
factors_b = {name: values[:2000] for name, values in faces.factors_b.items()}
judge = PoseJudge("b", faces.b[:2000], factors_b)
columns = {"truth": test_b, "plain": plain.a_to_b(test_a), "bent": swapped}
read = {name: r2_scores(judge.read(made), poses) for name, made in columns.items()}
print(f"{'R²':12}" + "".join(f"{name:>8}" for name in read))
for factor in poses:
    print(f"{factor:12}" + "".join(f"{read[name][factor]:8.2f}" for name in read))

# %% [markdown]
# The column *truth* shows how well the judge reads real drawings. (Closed eyes look
# nowhere, so gaze is scored on open ones.) Head and light move many pixels; mouth and
# gaze move few. Compare their rows: *whose smile is it?*

# %% [markdown]
# ## When to stop
#
# Look at the two curves that we recorded. One is the copy of B, which the loss asks
# for. The other is the swap, which we want.

# %%
epochs = np.arange(1, len(watch.swapped) + 1)
plots.lines(
    {"copy B → B, bent": (epochs, watch.copied),
     "swap A → B, bent": (epochs, watch.swapped),
     "copy B → B, plain": (epochs[:5], plain_watch.copied),
     "swap A → B, plain": (epochs[:5], plain_watch.swapped)},
    x_label="epoch", y_label="against the true picture (dB)",
    alt="Four curves over epochs. The swaps lie below the copies.",
)  # fmt: skip

# %% [markdown]
# The swaps lie below the copies: a good copy is not yet a good swap. With real faces
# there is no truth to measure against: people look at swapped pictures every few
# minutes, and stop when those stop improving.
#
# ## Exercise 14.4: when to stop
#
# Say after which epoch the swap was best.


# %%
def stop_at(swapped):
    """Returns the epoch with the best swap.

    Args:
        swapped: List of floats, decibels of the held-out swap after each epoch.

    Returns:
        Integer, counted from 0.
    """
    # BEGIN SOLUTION
    return int(np.argmax(swapped))
    # END SOLUTION


# %% tags=["nbval-check-output"]
stop_at = checks.stop_at(stop_at)

# %%
best = stop_at(watch.swapped)
print(f"best swap after epoch {best + 1} of {len(watch.swapped)}:", end=" ")
print(f"{watch.swapped[best]:.1f} dB; at the end {watch.swapped[-1]:.1f} dB")

# %% [markdown]
# ## The puppeteer
#
# Move the sliders: they pose A. Next to A stand the true B, the swapped one, and
# where the two differ. Look for a pose that breaks the swap.


# %%
def puppets(**pose):
    """Draws A, the true B, the swap and its error in one pose."""
    a, b = (data.draw_character(who, pose, size=48) for who in "ab")
    made = model.a_to_b(a)
    row = np.concatenate([a, b, made, np.abs(made - b)])
    decibels = metrics.psnr(b, made)[0]
    return plots.images(
        {f"{decibels:.1f} dB": row},
        titles=["A", "true B", "swapped", "error"],
        alt=f"A, the true B, the swapped face and its error, {decibels:.1f} decibels.",
        scale=1.5,
    )


# %%
widgets.Explorer(
    puppets,
    yaw=widgets.slider("turn (degrees)", -20.0, 20.0, 12.0),
    pitch=widgets.slider("look down (degrees)", -12.0, 12.0, 0.0),
    mouth=widgets.slider("mouth open", 0.0, 1.0, 0.4),
    smile=widgets.slider("smile", -1.0, 1.0, 0.8),
    blink=widgets.slider("lids closed", 0.0, 1.0, 0.0),
    gaze=widgets.slider("gaze", -1.0, 1.0, -0.5),
)

# %% [markdown]
# ## Can it be told?
#
# A detector is a classifier of real pictures of B against swapped ones. We train it
# on training pictures and test it on held-out pairs.

# %%
fakes = model.a_to_b(faces.a[:1000])
x = np.concatenate([faces.b[:1000], fakes])
y = np.repeat([[0.0], [1.0]], 1000, axis=0)
detector = fake_detector()
bce = keras.losses.BinaryCrossentropy(from_logits=True)
history = training.fit(detector, x, y, loss=bce, epochs=4, batch_size=32, seed=0)


# %%
def said_fake(pictures):
    """Returns the share of pictures that the detector calls swapped."""
    return float(np.mean(np.asarray(detector(pictures)) > 0))


soft = np.asarray(keras.layers.AveragePooling2D(2, 1, padding="same")(test_b))
print(f"swapped pictures called swapped:  {said_fake(swapped):.0%}")
print(f"real pictures called swapped:     {said_fake(test_b):.0%}")
print(f"real but softened, called swapped:{said_fake(soft):5.0%}")
assert said_fake(swapped) > 0.9 > 0.1 > said_fake(test_b)

# %% [markdown]
# It tells them apart almost always. The last line is a test: a *real* picture that
# was only softened. What does the detector look at? The map shows
# how much each pixel moves its verdict.

# %%
where = np.repeat(saliency(detector, swapped[:10])[..., None], 3, axis=-1)
plots.images(
    {"swapped": mark_synthetic(swapped[:10]), "it looks at": where},
    alt="Above, ten swapped faces with the word SYNTHETIC below; beneath, maps that "
    "show a grid of bright spots.",
)

# %% [markdown]
# The map is a grid of spots: hard to read. The softened pictures tell more: compare
# the last two lines above. A detector learns what *these* swaps look like, and another
# decoder may look different. A label at the source, like the one in the picture, does
# not depend on that.

# %% [markdown]
# ## Real photographs
#
# **First, consent.** A swapped face of a real person can hurt. Use photographs of
# yourself, or of people who were told what you make and said yes. Never publish it
# without their word. In many countries it is against the law.

# %% [markdown]
# Put photographs of two people, about 20 or more of each, in two folders inside one
# folder. Name it below, and say that everybody agreed. The faces are found, cut out
# and scaled on this computer, and nothing is stored. All output is marked.

# %%
people = os.environ.get("COURSE_PEOPLE")  # or the path of your folder, in quotes
everybody_agreed = os.environ.get("COURSE_CONSENT") == "yes"  # or True

photographs = None
if people and everybody_agreed:
    folders = sorted(path for path in Path(people).iterdir() if path.is_dir())[:2]
    photographs = [load_faces(folder) for folder in folders]
    for folder, found in zip(folders, photographs, strict=True):
        print(f"{folder.name}: {len(found.pictures)} faces, {len(found.missed)} missed")
else:
    print("No photographs: set people to a folder and everybody_agreed to True.")

# %%
if photographs:
    rng = np.random.default_rng(0)
    both = [found.pictures[rng.integers(len(found.pictures), size=1500)]
            for found in photographs]  # fmt: skip
    both = np.stack(both, axis=1)
    both[750:] = both[750:, :, :, ::-1]
    real = FaceSwap(warp=1.0, match=7.0)
    training.fit(real, both, both, loss=losses.squared_error, epochs=5, batch_size=32,
                 peak=0.003, seed=0, label="photographs")  # fmt: skip

# %%
if photographs:
    first, second = (found.pictures[:10] for found in photographs)
    figure = plots.images(
        {"A": first, "B's face": mark_synthetic(real.a_to_b(first)), "some B": second},
        alt="Photographs of A, the swapped faces marked SYNTHETIC, photographs of B.",
    )
else:
    figure = None
figure

# %% [markdown]
# The recipe is the one of the drawn faces. We have no photographs here, and so no
# numbers: judge by eye. Film studios use thousands of pictures and days of training.

# %% [markdown]
# ## Assignment 14: beat the swap
#
# Hand in `better_swap`, a function from pictures of A to pictures of B. It is scored
# on 150 pairs that you have not seen: at least **26 dB** and **SSIM 0.86**. You may
# train longer, bend differently, or ask more than one swap.


# %%
def better_swap(a):
    """Returns B in the poses of A.

    Args:
        a: Float array of shape `(n, 48, 48, 3)`, in [0, 1], pictures of A.

    Returns:
        Float array of the same shape, in [0, 1].
    """
    # BEGIN SOLUTION
    mirrored = model.a_to_b(a[:, :, ::-1])[:, :, ::-1]
    return (model.a_to_b(a) + mirrored) / 2


report("as in the lesson", swapped)
report("and its mirror image", better_swap(test_a))
# END SOLUTION


# %% tags=["nbval-check-output"] points=5
better_swap = checks.better_swap(better_swap)

# %% [markdown]
# ## What we have seen
#
# - We trained one encoder with two decoders, and saw why it must be one.
# - We measured a swapped face against the truth, in decibels *and* in what the face
#   does, and watched the swap rather than the loss.
# - We told swapped from real, and saw what the detector looked at.
#
# **Sources** Perov et al., "DeepFaceLab" (2020), arXiv:2005.05535. Rössler et al.,
# "FaceForensics++" (2019), arXiv:1901.08971. Simonyan et al., "Deep Inside
# Convolutional Networks" (2013), arXiv:1312.6034 (saliency).
#
# **Next:** your own two faces, with the folder above.

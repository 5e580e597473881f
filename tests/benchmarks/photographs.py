"""Swaps the faces of real people: `python -m tests.benchmarks.photographs`.

Five pairs of people of the CMU Face Images (`COURSE_DATA/faces`), about thirty
grey photographs of each, from the front, from both sides and looking up. A quarter
of A's photographs is held out and swapped. Before A and B, the swap sees the other 18
people, each without their mean picture. Two judges say who is seen, and which way the
head is turned; the judge of poses never saw A or B.
"""

import sys

import numpy as np

from course_utils import losses, training
from course_utils.data.cmu_faces import FILE, load_cmu_faces
from course_utils.models.face_swap import FaceSwap, without_identity
from course_utils.models.random_warp import random_warp

PAIRS = (("alex", "bob"), ("emma", "paula"), ("mike", "tom"), ("neil", "sam"),
         ("rose", "carl"))  # fmt: skip
WARP = 1.0  # pixels
BARS = {"identity": 0.9, "pose": -0.1}


def learn(pictures, names):
    """Returns a function from pictures to names: a linear judge of bent pictures."""
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    bent = [np.asarray(random_warp(pictures, 1.0, seed=seed)) for seed in range(4)]
    rows = np.concatenate([pictures, *bent]).reshape(5 * len(pictures), -1)
    judge = make_pipeline(PCA(100, random_state=0), LogisticRegression(max_iter=2000))
    judge.fit(rows, np.tile(names, 5))
    return lambda x: judge.predict(np.reshape(x, (len(x), -1)))


def train(a, b, others, seed=0):
    """Returns a swap that learned from others, then from a few photographs of each."""
    rest, blank = without_identity(others), np.zeros_like(a[0])
    first = FaceSwap(blank, blank, warp=WARP, seed=seed)
    fit(first, rest, rest, seed, count=3000, epochs=5, peak=0.003)
    model = FaceSwap(a.mean(axis=0), b.mean(axis=0), warp=WARP, seed=seed)
    model.set_weights(first.get_weights())
    fit(model, a, b, seed, count=1500, epochs=3, peak=0.001)
    return model


def fit(model, a, b, seed, count, epochs, peak):
    """Trains a swap on pairs drawn at random."""
    rng = np.random.default_rng(seed)
    pairs = np.stack([x[rng.integers(len(x), size=count)] for x in (a, b)], axis=1)
    training.fit(
        model, pairs, pairs, loss=losses.squared_error, epochs=epochs, batch_size=32,
        peak=peak, seed=seed, verbose=False,
    )  # fmt: skip


def measure(faces, a, b, seed=0):
    """Returns shares of swapped pictures seen as B, in A's pose, and for real ones."""
    pictures, person, pose = faces.pictures, faces.person, faces.pose
    who = learn(pictures, person)
    others = (person != a) & (person != b)
    which_way = learn(pictures[others], pose[others])
    mine, theirs = np.flatnonzero(person == a), np.flatnonzero(person == b)
    held_out = mine[::4]
    crowd = [pictures[person == name] for name in np.unique(person[others])]
    model = train(pictures[np.setdiff1d(mine, held_out)], pictures[theirs], crowd, seed)
    swapped = model.a_to_b(pictures[held_out])
    real = np.concatenate([held_out, theirs])
    return {
        "identity": np.mean(who(swapped) == b),
        "pose": np.mean(which_way(swapped) == pose[held_out]),
        "pose, real": np.mean(which_way(pictures[real]) == pose[real]),
    }


def main():
    faces = load_cmu_faces()
    if faces is None:
        print(f"Skipped: COURSE_DATA holds no {FILE}.")
        return 0
    rows = []
    print(f"{'A':>6} {'B':>6} {'identity':>9} {'pose':>6} {'pose of real ones':>18}")
    for a, b in PAIRS:
        rows.append(list(measure(faces, a, b).values()))
        who, way, real = rows[-1]
        print(f"{a:>6} {b:>6} {who:9.2f} {way:6.2f} {real:18.2f}", flush=True)
    who, way, real = np.mean(rows, axis=0)
    print(f"{'mean':>13} {who:9.2f} {way:6.2f} {real:18.2f}")
    held = who >= BARS["identity"] and way - real >= BARS["pose"]
    print("bars (identity 0.90, pose within 0.10):", "held" if held else "missed")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

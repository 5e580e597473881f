"""A published recipe against ours: seconds to the recipe's final held-out loss."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

TIMED_EPOCHS = 4


@dataclass(frozen=True)
class Recipe:
    """A published way to train, rebuilt from its description.

    Attributes:
        source: String, where it was published.
        code: Integer, how many numbers its code has.
        build: Function without arguments that returns a compiled model.
        epochs: Integer, as published.
        batch_size: Integer, as published.
        score: Function of `(model, x_test)`, held-out loss in nats per image.
        final: Float, what `score` is after all epochs.
        provenance: String, where `final` comes from.
        targets: Boolean, whether the model is fitted on `(x, x)` or on `x` alone.
    """

    source: str
    code: int
    build: Callable
    epochs: int
    batch_size: int
    score: Callable
    final: float
    provenance: str
    targets: bool = True


@dataclass(frozen=True)
class Ours:
    """Our way to the same end.

    Attributes:
        code: Integer, how many numbers its code has.
        train: Function of `x` that builds a model, trains it and returns it.
        score: Function of `(model, x_test)`, held-out loss in nats per image.
    """

    code: int
    train: Callable
    score: Callable


@dataclass(frozen=True)
class Result:
    """How a race ended: seconds with start-up, losses in nats per image."""

    name: str
    recipe: Recipe
    ours: Ours
    recipe_seconds: float
    recipe_final: float
    note: str
    our_seconds: float
    our_final: float

    @property
    def ratio(self):
        return self.recipe_seconds / self.our_seconds

    @property
    def problems(self):
        """Returns what is missing from a victory, a list of strings."""
        missing = {
            "it never reached the recipe's loss": self.our_final > self.recipe_final,
            "less than 10 times faster": self.ratio < 10,
            "its code is larger": self.ours.code > self.recipe.code,
        }
        return [text for text, true in missing.items() if true]


def race(name, recipe, ours, x, x_test, *, full=False, seed=0):
    """Runs a recipe and ours one after the other, in this process.

    Ours is timed as a whole, building and compiling included, and must end at or
    below the recipe's final loss. The recipe is timed on a few epochs and
    multiplied, its start-up counted once, unless `full` is true.

    Args:
        name: String.
        recipe: `Recipe`.
        ours: `Ours`.
        x: Float array, training pictures.
        x_test: Float array, held-out pictures.
        full: Boolean, whether to run all epochs and to measure the final loss.
        seed: Integer.

    Returns:
        `Result`.
    """
    keras.utils.set_random_seed(seed)
    start = time.perf_counter()
    model = ours.train(x)
    our_seconds = time.perf_counter() - start
    our_final = ours.score(model, x_test)
    keras.utils.set_random_seed(seed)
    seconds, model = _run(recipe, x, recipe.epochs if full else TIMED_EPOCHS)
    final, note = recipe.final, f"{recipe.provenance}; {TIMED_EPOCHS} epochs timed"
    if full:
        final, note = recipe.score(model, x_test), "all epochs run here"
    return Result(name, recipe, ours, seconds, final, note, our_seconds, our_final)


def table(results):
    """Returns the results of races as a Markdown table, a string."""
    rows = ["| recipe | code | seconds | held out | ours | code | seconds | held out |"]
    rows[0] += " times faster |"
    rows.append("|---" * 9 + "|")
    for r in results:
        theirs = f"| {r.recipe.source} ({r.note}) | {r.recipe.code} "
        theirs += f"| {r.recipe_seconds:.0f} | {r.recipe_final:.2f} "
        mine = f"| {r.name} | {r.ours.code} | {r.our_seconds:.1f} | {r.our_final:.2f} "
        rows.append(f"{theirs}{mine}| {r.ratio:.1f} |")
    return "\n".join(rows)


def _run(recipe, x, epochs):
    """Returns the seconds that all epochs take, and the model as far as it got."""
    clock = _Clock()
    model = recipe.build()
    model.fit(
        x, x if recipe.targets else None, epochs=epochs, verbose=0,
        batch_size=recipe.batch_size, shuffle=True, callbacks=[clock],
    )  # fmt: skip
    first, *others = np.diff([clock.start, *clock.ends])
    return first + (recipe.epochs - 1) * np.mean(others), model


class _Clock(keras.callbacks.Callback):
    """Notes when each epoch ended; the first one holds the start-up."""

    def __init__(self):
        super().__init__()
        self.start, self.ends = time.perf_counter(), []

    def on_epoch_end(self, epoch, logs=None):
        self.ends.append(time.perf_counter())

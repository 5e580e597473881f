"""Training with a good schedule, one quiet bar, and one line at the end."""

import contextlib
import math
import random
import time

import keras
import numpy as np

from course_utils import memory, progress, stop_button

CONVOLUTIONS = (keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D)
TRANSPOSED = (keras.layers.Conv2DTranspose, keras.layers.Conv3DTranspose)


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that warms up to a peak and then falls to nearly zero.

    It rises along half a cosine from a tenth of the peak over the first
    `warm_up` of the steps, and falls along half a cosine to a thousandth of it.

    Args:
        peak: Float, the largest learning rate.
        steps: Integer, number of training steps in all.
        warm_up: Float in (0, 1), the share of the steps before the peak.

    Raises:
        ValueError: If an argument is outside its range.

    Source:
        Smith & Topin, "Super-Convergence" (2017), arXiv:1708.07120.
    """

    def __init__(self, peak, steps, warm_up=0.3):
        super().__init__()
        if not peak > 0 or steps < 1 or not 0 < warm_up < 1:
            raise ValueError(
                "Expected peak > 0, steps >= 1 and warm_up between 0 and 1. "
                f"Received: peak={peak}, steps={steps}, warm_up={warm_up}"
            )
        self.peak, self.steps, self.warm_up = peak, steps, warm_up

    def __call__(self, step):
        done = keras.ops.cast(step, "float32") / self.steps
        rise = _half_cosine(done / self.warm_up)
        fall = _half_cosine((done - self.warm_up) / (1 - self.warm_up))
        factor = 0.1 + 0.9 * rise - 0.999 * fall
        return self.peak * factor

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps, "warm_up": self.warm_up}


class Batches(keras.utils.PyDataset):
    """Hands out shuffled batches without copying the whole data set.

    Keras copies arrays into tensors before it trains: 400 MB for 60,000 pictures.
    Binder has two gigabytes, so we cut the batches from the arrays themselves. All
    batches are of one size, or XLA would compile the step twice: the last one is
    filled up with examples from the front of the epoch.

    Args:
        x: Array of inputs, shape `(n, ...)`.
        y: Array of targets, or None.
        batch_size: Integer.
    """

    def __init__(self, x, y, batch_size):
        super().__init__()
        self.x, self.batch_size = np.asarray(x), min(batch_size, len(x))
        self.y = self.x if y is x else y
        # Python's generator, which keras.utils.set_random_seed sets.
        self.rng = np.random.default_rng(random.getrandbits(32))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def on_epoch_end(self):
        order = self.rng.permutation(len(self.x))
        self.order = np.resize(order, len(self) * self.batch_size)

    def __getitem__(self, i):
        chosen = self.order[i * self.batch_size : (i + 1) * self.batch_size]
        x = self.x[chosen]
        if self.y is None:
            return (x,)
        return x, x if self.y is self.x else self.y[chosen]


def fit(
    model,
    x,
    y=None,
    *,
    loss=None,
    epochs=3,
    batch_size=128,
    peak=0.003,
    validation_data=None,
    jit_compile=None,
    seed=None,
    label=None,
    verbose=True,
    callbacks=(),
):
    """Compiles a model with Adam and a one-cycle schedule, and trains it.

    A bar shows the loss and the time left; at the end one line stays. The stop
    button ends the training after the step it is in, and the model keeps what it
    has learned so far.

    Args:
        model: `keras.Model`.
        x: Array of inputs, shape `(n, ...)`.
        y: Array of targets, or None if the model's own `compute_loss` needs none.
        loss: Keras loss, such as a function from `course_utils.losses` (nats per
            image), or None if the model computes its own.
        epochs: Integer, how often every example is seen.
        batch_size: Integer.
        peak: Float, the largest learning rate.
        validation_data: Pair of arrays that is scored once, at the end.
        jit_compile: Boolean, whether XLA compiles the step. None chooses: yes for
            dense models (about three times faster on a CPU), no as soon as there
            is a convolution (slower).
        seed: Integer that makes the order of the examples repeatable, or None.
        label: String before the bar and in the line, by default the model's name.
        verbose: Boolean, false to print nothing.
        callbacks: Sequence of `keras.callbacks.Callback`, called beside the bar.

    Returns:
        Dict with `loss` (list, one float per step: the running mean of its
        epoch), `val_loss` (float, or None without `validation_data`) and
        `seconds` (float).

    Raises:
        ValueError: If `x` and `y` differ in length, or `epochs` is below one.
    """
    _require_trainable(x, y, epochs)
    memory.free()
    if seed is not None:
        keras.utils.set_random_seed(seed)
    batches = Batches(x, y, batch_size)
    steps = epochs * len(batches)
    jit = not has_convolutions(model) if jit_compile is None else jit_compile
    optimizer = OneMachineAdam(OneCycle(peak, steps))
    model.compile(optimizer=optimizer, loss=loss, jit_compile=jit)
    with stop_button.watched() as pressed:
        report = _Report(label or model.name, steps, verbose, pressed)
        with contextlib.suppress(KeyboardInterrupt):  # of a second press
            model.fit(batches, epochs=epochs, verbose=0, callbacks=[report, *callbacks])
        report.close()
        # What Adam remembers is twice the model's size, and is of no more use; and to
        # score once, XLA would take longer to compile than to run.
        model.compile(optimizer="adam", loss=loss, jit_compile=False)
        memory.free()
        val_loss = None
        if validation_data is not None:
            val_loss = evaluate(model, *validation_data)
    report.summarise(val_loss)
    return {"loss": report.losses, "val_loss": val_loss, "seconds": report.seconds}


def evaluate(model, x, y=None, batch_size=500):
    """Returns the average loss of a compiled model over held-out data.

    Args:
        model: Compiled `keras.Model`.
        x: Array of inputs, shape `(n, ...)`.
        y: Array of targets, or None.
        batch_size: Integer.

    Returns:
        Float, in the unit of the model's loss.
    """
    total = 0.0
    for start in range(0, len(x), batch_size):  # evaluate() would copy all of x first
        block = slice(start, start + batch_size)
        target = None if y is None else y[block]
        model.reset_metrics()
        scores = model.test_on_batch(x[block], target, return_dict=True)
        total += len(x[block]) * float(scores["loss"])
    return total / len(x)


def has_convolutions(model):
    """Tells whether a model holds a convolution, at any depth.

    Args:
        model: `keras.Model`.

    Returns:
        Boolean.
    """
    layers = model._flatten_layers(include_self=False)
    return any(isinstance(layer, CONVOLUTIONS + TRANSPOSED) for layer in layers)


class OneMachineAdam(keras.optimizers.Adam):
    """Adam for one machine, which has nothing to add up.

    Over several machines, TensorFlow adds gradients with a function that it keeps for
    good, and with it the model and all that Adam remembers (known since TensorFlow
    2.11, issue 61791): 110 MB for each training of lesson 14.
    """

    def _all_reduce_sum_gradients(self, grads_and_vars):
        return grads_and_vars


class _Report(keras.callbacks.Callback):
    """Draws the bar, keeps the losses, and prints the one line that stays."""

    def __init__(self, label, steps, verbose, pressed):
        super().__init__()
        self.label, self.steps, self.verbose = label, steps, verbose
        self.pressed, self.losses, self.bar = pressed, [], None
        self.start = time.perf_counter()

    def on_train_begin(self, logs=None):
        if self.verbose:
            self.bar = progress.bar(total=self.steps, label=self.label)

    def on_train_batch_begin(self, batch, logs=None):
        if not self.losses:  # TensorFlow's first reader of batches undid it
            memory.tune_the_allocator()

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(float(logs["loss"]))
        if self.bar is not None:
            self.bar.set_postfix_str(f"loss {self.losses[-1]:.4g}", refresh=False)
            self.bar.update()
        if self.pressed.is_set():
            self.model.stop_training = True

    def close(self):
        self.seconds = time.perf_counter() - self.start
        if self.bar is not None:
            self.bar.close()
        if self.pressed.is_set() and len(self.losses) < self.steps:
            print(
                f"{self.label}: stopped after {len(self.losses)} of {self.steps} "
                "steps; the model keeps what it has learned so far."
            )

    def summarise(self, val_loss):
        if self.verbose:
            held_out = "" if val_loss is None else f", held out {val_loss:.4g}"
            loss = self.losses[-1] if self.losses else math.nan
            print(f"{self.label}: loss {loss:.4g}{held_out}, {self.seconds:.0f} s")


def _half_cosine(share):
    share = keras.ops.clip(share, 0.0, 1.0)
    return 0.5 - 0.5 * keras.ops.cos(math.pi * share)


def _require_trainable(x, y, epochs):
    if y is not None and len(x) != len(y):
        raise ValueError(
            f"Expected as many targets as inputs. Received: {len(y)} and {len(x)}"
        )
    if epochs < 1:
        raise ValueError(f"Expected at least one epoch. Received: epochs={epochs}")

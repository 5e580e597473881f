"""Training reaches what least squares reaches, and survives the stop button."""

import ctypes
import signal
import sys

import keras
import numpy as np
import psutil
import pytest
from keras import layers

from course_utils import losses, memory, training


@pytest.fixture
def line():
    """Returns 512 points of y = 2x - 1 and an untrained model of one unit."""
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(512, 1)).astype("float32")
    return (
        keras.Sequential([keras.Input((1,)), layers.Dense(1)], name="line"),
        x,
        2 * x - 1,
    )


def test_the_schedule_rises_to_its_peak_and_falls_to_nearly_nothing():
    schedule = training.OneCycle(peak=0.01, steps=100, warm_up=0.3)
    rates = np.array([float(schedule(step)) for step in range(101)])
    assert np.isclose(rates[0], 0.001)
    assert np.isclose(rates[30], 0.01)
    assert np.isclose(rates[100], 0.00001)
    assert np.all(np.diff(rates[:31]) > 0)
    assert np.all(np.diff(rates[30:]) < 0)


@pytest.mark.parametrize(
    ("peak", "steps", "warm_up"), [(0, 9, 0.3), (1, 0, 0.3), (1, 9, 1)]
)
def test_the_schedule_refuses_what_makes_no_sense(peak, steps, warm_up):
    with pytest.raises(ValueError, match=f"Received: peak={peak}"):
        training.OneCycle(peak, steps, warm_up)


def test_fit_finds_the_line(line, capsys):
    model, x, y = line
    history = training.fit(
        model, x, y, loss=losses.squared_error, epochs=60, peak=0.2,
        validation_data=(x, y),
    )  # fmt: skip
    weight, bias = model.get_weights()
    np.testing.assert_allclose([weight[0, 0], bias[0]], [2, -1], atol=0.02)
    assert len(history["loss"]) == 60 * 4
    residual = x @ weight + bias - y
    expected = 0.5 * np.mean(residual**2)
    np.testing.assert_allclose(history["val_loss"], expected, rtol=0.01, atol=1e-6)
    last = capsys.readouterr().out.split("\r")[-1]
    assert last.startswith("line: loss")
    assert "held out" in last


def test_fit_is_repeatable_with_a_seed(line):
    model, x, y = line
    start = model.get_weights()
    runs = []
    for _ in range(2):
        model.set_weights(start)
        training.fit(model, x, y, loss="mse", epochs=1, seed=3, verbose=False)
        runs.append(model.get_weights())
    np.testing.assert_array_equal(runs[0][0], runs[1][0])


def test_fit_can_be_silent(line, capsys):
    model, x, y = line
    training.fit(model, x, y, loss="mse", epochs=1, verbose=False)
    assert capsys.readouterr().out == ""


def test_after_training_only_the_model_itself_is_held(line, tmp_path):
    model, x, y = line
    for _ in range(2):
        training.fit(model, x, y, loss="mse", epochs=1, verbose=False)
        names = [variable.name for variable in model.optimizer.variables]
        assert names == ["iteration", "learning_rate"]
    loss = training.evaluate(model, x, y)
    error = np.reshape(model.predict(x, verbose=0), y.shape) - y
    assert loss == pytest.approx(np.mean(error**2), 1e-4)
    model.save(tmp_path / "line.keras")
    again = keras.models.load_model(tmp_path / "line.keras", compile=False)
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_a_model_that_nobody_holds_leaves_no_memory_behind():
    x = np.ones((8, 2000), "float32")

    def held_after_training():
        model = keras.Sequential([keras.Input((2000,)), layers.Dense(2000)])
        training.fit(model, x, x, loss="mse", jit_compile=False, verbose=False)
        del model
        memory.free()
        return psutil.Process().memory_info().rss

    before = [held_after_training() for _ in range(2)][-1]
    after = [held_after_training() for _ in range(3)][-1]
    of_a_model = 3 * 4 * 2000**2  # bytes; Adam remembers two numbers for each weight
    assert after - before < of_a_model


class _MallocInfo(ctypes.Structure):
    """What mallinfo2(3) returns; `hblks` counts the pieces that go back when freed."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd")
        + ("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")
    ]


@pytest.mark.skipif(
    sys.platform != "linux", reason="the C libraries of other systems are left alone"
)
def test_tensorflow_does_not_have_the_last_word_on_what_is_kept(line):
    model, x, y = line
    training.fit(model, x, y, loss="mse", epochs=1, verbose=False)
    mallinfo = ctypes.CDLL(None).mallinfo2
    mallinfo.restype = _MallocInfo
    before = mallinfo().hblks
    held = [np.ones(memory.LARGE // 2, "uint8") for _ in range(20)]
    assert mallinfo().hblks - before < len(held) / 2


def press_at(steps):
    """Returns a callback that presses the stop button in the given steps."""
    return keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: (
            signal.raise_signal(signal.SIGINT) if batch in steps else None
        )
    )


@pytest.mark.parametrize("steps", [{2}, {2, 3}])
def test_the_stop_button_leaves_a_usable_model(steps, line, capsys):
    model, x, y = line
    before = signal.getsignal(signal.SIGINT)
    history = training.fit(
        model,
        x,
        y,
        loss="mse",
        epochs=5,
        validation_data=(x, y),
        callbacks=[press_at(steps)],
    )
    assert "line: stopped after 4 of 20 steps" in capsys.readouterr().out
    assert len(history["loss"]) == 4  # the bar hears of a press one step later
    assert np.isfinite(history["val_loss"])
    assert signal.getsignal(signal.SIGINT) is before


def test_two_presses_before_the_first_step_leave_the_model_as_it_was(line, capsys):
    model, x, y = line
    before = model.get_weights()
    impatient = keras.callbacks.LambdaCallback()
    impatient.set_params = lambda params: [
        signal.raise_signal(signal.SIGINT) for _ in range(2)
    ]
    training.fit(model, x, y, loss="mse", epochs=1, callbacks=[impatient])
    assert "line: stopped after 0 of 4 steps" in capsys.readouterr().out
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_a_press_in_the_last_step_stops_nothing(line, capsys):
    model, x, y = line
    training.fit(model, x, y, loss="mse", epochs=1, callbacks=[press_at({3})])
    assert "stopped" not in capsys.readouterr().out


def test_fit_refuses_targets_that_do_not_match(line):
    model, x, y = line
    with pytest.raises(ValueError, match="Received: 511 and 512"):
        training.fit(model, x, y[1:], loss="mse")
    with pytest.raises(ValueError, match="epochs=0"):
        training.fit(model, x, y, loss="mse", epochs=0)


def test_convolutions_are_found_at_any_depth():
    inner = keras.Sequential([layers.Conv2DTranspose(1, 3)])
    outer = keras.Sequential([layers.Flatten(), inner])
    assert training.has_convolutions(outer)
    assert not training.has_convolutions(keras.Sequential([layers.Dense(1)]))


def test_batches_of_one_size_hold_every_example_with_its_target():
    x = np.arange(10.0)[:, None]
    batches = training.Batches(x, 3 * x, batch_size=4)
    pairs = [batches[i] for i in range(len(batches))]
    assert [len(x) for x, _ in pairs] == [4, 4, 4]
    seen = np.concatenate([x for x, _ in pairs])
    assert sorted(seen[:10, 0]) == list(range(10))
    np.testing.assert_array_equal(seen[10:], seen[:2])
    np.testing.assert_array_equal(np.concatenate([y for _, y in pairs]), 3 * seen)


def test_a_batch_is_never_larger_than_the_data():
    batches = training.Batches(np.arange(3), None, batch_size=128)
    assert [len(batches[i][0]) for i in range(len(batches))] == [3]


def test_batches_change_their_order_from_epoch_to_epoch():
    batches = training.Batches(np.arange(50), None, batch_size=50)
    first = batches[0][0]
    batches.on_epoch_end()
    assert not np.array_equal(first, batches[0][0])


def test_batches_use_the_input_as_target_without_copying_it_twice():
    x = np.arange(10.0)
    cut, target = training.Batches(x, x, batch_size=4)[0]
    assert cut is target

"""The stop button: no press is lost, and the second one means it."""

import signal
import threading

import pytest

from course_utils import stop_button


class Forgetful:
    """Python drops whatever is raised while this is taken away."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def test_a_press_where_python_drops_exceptions_is_not_lost():
    with stop_button.watched() as pressed:
        assert not pressed.is_set()
        Forgetful()
        assert pressed.is_set()


def test_the_second_press_interrupts():
    with stop_button.watched():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_what_was_before_comes_back_even_after_an_error():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), stop_button.watched():
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_trains_without_signals():
    seen = []

    def work():
        with stop_button.watched() as pressed:
            seen.append(pressed.is_set())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]

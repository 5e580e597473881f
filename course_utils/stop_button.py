"""JupyterLab's stop button (Ctrl-C) as a flag, for loops that must end in order."""

import contextlib
import signal
import threading


@contextlib.contextmanager
def watched():
    """Takes the first press as a wish, and raises `KeyboardInterrupt` at the second.

    An exception can strike inside a library that drops it: in a Jupyter kernel one
    press in 80 was lost in the midst of Keras, and the training went on. A flag that
    the loop reads between two steps is never lost.

    Yields:
        `threading.Event`, set by the first press. Never set outside the main
        thread, where Python takes no signals.
    """
    pressed = threading.Event()

    def press(number, frame):
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)

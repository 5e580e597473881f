"""One quiet progress bar for everything that takes more than a few seconds."""

import sys

from tqdm import tqdm


def bar(iterable=None, *, total=None, label=""):
    """Returns a progress bar that disappears when it is done.

    It is drawn on standard output, so that JupyterLab does not paint it red. In a
    terminal it is never wider than the window.

    Args:
        iterable: What to go through, or None to call `update()` by hand.
        total: Integer, how many steps there are, if `iterable` has no length.
        label: String before the bar.

    Returns:
        `tqdm.tqdm` object: an iterator and a context manager.
    """
    return tqdm(
        iterable,
        total=total,
        desc=label,
        file=sys.stdout,
        leave=False,
        mininterval=0.2,
        dynamic_ncols=sys.stdout.isatty(),  # a line too long would not be wiped away
        bar_format="{desc} {percentage:3.0f}% |{bar:20}| {remaining} left{postfix}",
    )

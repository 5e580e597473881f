"""Right and wrong answers to every exercise, one module per lesson.

Each module defines `ANSWERS`, a dict from the exercise's name to `Answers`.
`tests/test_checks.py` tries them all.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answers:
    """What students write for one exercise.

    Attributes:
        right: List of at least two right answers, written differently.
        wrong: List of at least three pairs: a plausible wrong answer, and a part
            of the verdict that names its mistake.
        slow: Boolean, whether judging one takes more than a few seconds.
    """

    right: list
    wrong: list
    slow: bool = False

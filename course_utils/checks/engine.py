"""The machine behind every exercise check: one verdict, one hint, never a block.

A check is a generator function that receives the answer and yields one result
per requirement: None where it holds, a `Mistake` where it does not.

    @check(ours=losses.kl_divergence)
    def kl_divergence(answer):
        zeros = np.zeros((1, 3))
        yield equal(answer(zeros, zeros), [0.0], hint="...")

The decorated function prints the verdict and returns *theirs if right, ours
until then*.
"""

import copy
import functools
import os
import warnings
from dataclasses import dataclass

import numpy as np

CHECKS = {}
_handed_back = []


@dataclass(frozen=True)
class Mistake:
    """What a check found wrong: what was seen, and a hint in a student's words."""

    seen: str
    hint: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer.

    Attributes:
        name: String, the exercise.
        status: `"right"`, `"wrong"` or `"blank"`.
        passed: Integer, how many requirements hold.
        mistake: `Mistake`, or None where the status is not `"wrong"`.
        assignment: Boolean, whether the course has no version to go on with.
    """

    name: str
    status: str
    passed: int = 0
    mistake: Mistake | None = None
    assignment: bool = False

    def __str__(self):
        if self.status == "right":
            end = "." if self.assignment else "; we go on with yours."
            return f"✓ {self.name}: all {self.passed} checks pass{end}"
        if self.status == "blank":
            end = "." if self.assignment else "; we go on with the course's version."
            return f"… {self.name}: not written yet{end}"
        hint = f" Hint: {self.mistake.hint}" if self.mistake.hint else ""
        return f"✗ {self.name}: {self.mistake.seen}{hint}"


class CheckFailedError(AssertionError):
    """Raised instead of going on, where a grader counts cells without errors."""


def check(*, ours=None):
    """Makes an exercise check of a generator function of the same name.

    Args:
        ours: The course's own answer, handed back until the student's is right:
            a function, a class or a value. None for an assignment, on which
            nothing depends and whose reference is only in `solutions/`.

    Returns:
        Decorator. The function it makes takes the answer, prints the verdict,
        and returns the answer to go on with.
    """

    def decorate(requirements):
        name = requirements.__name__
        if name in CHECKS:
            raise ValueError(f"Expected one check per exercise. Received: {name} twice")

        @functools.wraps(requirements)
        def run(answer, **parameters):
            verdict = judge(name, answer, **parameters)
            if verdict.status != "right" and _grader_counts_errors():
                raise CheckFailedError(str(verdict))
            print(verdict)
            if verdict.status == "right" or ours is None:
                return answer
            return _mark(ours)

        CHECKS[name] = (requirements, ours)
        return run

    return decorate


def judge(name, answer, **parameters):
    """Returns the verdict on an answer, and prints nothing.

    Args:
        name: String, name of the exercise.
        answer: What the student wrote.
        **parameters: What differs from student to student, where the check asks.

    Returns:
        `Verdict`.
    """
    requirements, ours = CHECKS[name]
    assignment = ours is None
    if _is_blank(answer):
        return Verdict(name, "blank", assignment=assignment)
    passed = 0
    try:
        with warnings.catch_warnings():
            # nbgrader takes the points of a cell that writes on standard error.
            warnings.simplefilter("ignore")
            for mistake in requirements(answer, **parameters):
                if mistake is not None:
                    return Verdict(name, "wrong", passed, mistake, assignment)
                passed += 1
    except NotImplementedError:
        return Verdict(name, "blank", assignment=assignment)
    except Exception as error:
        mistake = Mistake(f"it stopped with {type(error).__name__}: {error}")
        return Verdict(name, "wrong", passed, mistake, assignment)
    return Verdict(name, "right", passed, assignment=assignment)


def equal(received, expected, hint="", *, mistakes=(), tolerance=1e-4, what=""):
    """Compares numbers, shapes included, and names the mistake if it knows it.

    Args:
        received: What the student's code returned: number, array or tensor.
        expected: Number or array.
        hint: String shown if they differ and no known mistake matches.
        mistakes: Pairs `(wrong value, hint)`: the usual wrong answers, tried in
            order.
        tolerance: Float, relative and absolute.
        what: String that says what was compared, such as `"for x = 0"`.

    Returns:
        None if they are equal, a `Mistake` otherwise.
    """
    expected = np.asarray(expected)
    received, problem = _as_array(received)
    if problem:
        return Mistake(problem, hint)
    if _close(received, expected, tolerance):
        return None
    hints = [text for wrong, text in mistakes if _close(received, wrong, tolerance)]
    where = f" {what}" if what else ""
    if received.shape != expected.shape:
        seen = f"expected shape {expected.shape}, got {received.shape}{where}."
    else:
        seen = f"expected {_show(expected)}, got {_show(received)}{where}."
    return Mistake(seen, hints[0] if hints else hint)


def holds(condition, seen, hint=""):
    """Requires something to be true.

    Args:
        condition: Boolean, or something that numpy calls true or false.
        seen: String that says what is wrong if it does not hold.
        hint: String, what to look at.

    Returns:
        None if it holds, a `Mistake` otherwise.
    """
    return None if bool(condition) else Mistake(seen, hint)


def is_ours(answer):
    """Tells whether an answer is what a check handed back in the student's place."""
    return any(answer is given for given in _handed_back)


def _is_blank(answer):
    return answer is None or answer is Ellipsis or is_ours(answer)


def _mark(ours):
    """Returns a copy of the course's answer that we recognise as such."""
    if isinstance(ours, type):
        given = type(ours.__name__, (ours,), {"__doc__": ours.__doc__})
    elif callable(ours):
        given = functools.wraps(ours)(lambda *args, **kwargs: ours(*args, **kwargs))
    elif isinstance(ours, (int, float, str, tuple)):
        given = type(type(ours).__name__, (type(ours),), {})(ours)
    else:
        given = copy.deepcopy(ours)
    _handed_back.append(given)
    return given


def _grader_counts_errors():
    return bool(os.environ.get("NBGRADER_EXECUTION")) or (
        os.environ.get("COURSE_CHECKS") == "raise"
    )


def _as_array(value):
    if value is None:
        return None, "it returned None."
    try:
        array = np.asarray(value)
    except Exception:
        return None, f"expected numbers, got {type(value).__name__}."
    if array.dtype.kind not in "biuf":
        return None, f"expected numbers, got {type(value).__name__}."
    return array, ""


def _close(received, expected, tolerance):
    expected = np.asarray(expected)
    return received.shape == expected.shape and np.allclose(
        received, expected, rtol=tolerance, atol=tolerance
    )


def _show(array):
    text = np.array2string(
        array, precision=4, suppress_small=True, threshold=12, edgeitems=2
    )
    return " ".join(text.split())

"""Hidden requirements: what is asked of an answer from outside, on inputs drawn anew.

A file of them, `solutions/hidden/NN_topic.py`, holds functions such as

    @requirement("kl_divergence", "is zero where q is the prior", weight=1)
    def is_zero_at_the_prior(student, rng):
        zeros = np.zeros((rng.integers(2, 9), 3), "float32")
        got = student("kl_divergence", zeros, zeros)
        return close(got, np.zeros(len(zeros)), "½ Σ (μ² + σ² - 1 - log σ²)")

It runs in the trusted process, and only values cross. What cannot cross, such as a
generator, is made inside by a probe: a small function in the file's text `INSIDE`,
which holds no expected value. A hint is a fixed text: it names the mistake, and
nothing that came out of the sandbox or went into it.
"""

import builtins
import importlib.util
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

PROBES = '''
def probe_inputs_after(name, *args):
    """Returns what a call leaves of its arguments."""
    globals()[name](*args)
    return list(args)


def probe_value(name):
    """Returns a list of numbers that an answer is, or that calling it gives."""
    value = globals()[name]
    return [float(number) for number in (value() if callable(value) else value)]
'''


class Missed(Exception):
    """A requirement that does not hold: returned, or raised.

    Attributes:
        hint: String for the student, a fixed text.
    """

    def __init__(self, hint):
        super().__init__(hint)
        self.hint = hint


@dataclass(frozen=True)
class Requirement:
    """One thing that is asked of an answer.

    Attributes:
        exercise: String, the exercise.
        title: String that completes "The answer ...".
        weight: Number, its share of the exercise's points, against the others.
        function: Takes a `Student` and a `numpy.random.Generator`; returns None
            where the requirement holds, a `Missed` where it does not.
    """

    exercise: str
    title: str
    weight: float
    function: object

    def judge(self, student, rng):
        """Returns None where the requirement holds, a `Missed` in every other case."""
        try:
            outcome = self.function(student, rng)
        except Missed as missed:
            return missed
        except Exception as error:
            return Missed(_why_it_stopped(error))
        known = outcome is None or isinstance(outcome, Missed)
        return outcome if known else Missed("this requirement could not be judged")


def requirement(exercise, title, weight=1):
    """Makes a `Requirement` of the function that it decorates."""
    return lambda function: Requirement(exercise, title, weight, function)


def load(path):
    """Reads a file of hidden requirements.

    Args:
        path: Path of the file, which is trusted.

    Returns:
        Dict from the name of each exercise to its list of `Requirement`.
    """
    found = defaultdict(list)
    for value in vars(_module(path)).values():
        if isinstance(value, Requirement):
            found[value.exercise].append(value)
    return dict(found)


def inside(path):
    """Returns the source of the probes that a file needs inside the sandbox."""
    return PROBES + getattr(_module(path), "INSIDE", "")


def numbers(received, shape, hint):
    """Returns what was received as an array, if it is finite and of that shape.

    Args:
        received: A value that came out of the sandbox.
        shape: Tuple; None stands for any length.
        hint: String for a student who returned something else.

    Returns:
        Float64 array.

    Raises:
        Missed: If it is anything else: broadcasting would hide the mistake.
    """
    try:
        array = np.asarray(received)
    except ValueError:
        raise Missed(hint) from None
    fits = array.ndim == len(shape) and all(
        wanted in (None, got) for wanted, got in zip(shape, array.shape, strict=True)
    )
    if array.dtype.kind not in "biuf" or not fits:
        raise Missed(hint)
    if not np.isfinite(array).all():
        raise Missed(f"some numbers are infinite or not numbers at all; {hint}")
    return array.astype("float64")


def pair(received, hint):
    """Returns the two parts of a tuple or list, or raises `Missed`."""
    return parts(received, 2, hint)


def parts(received, count, hint):
    """Returns the parts of a tuple or list of that length, or raises `Missed`."""
    if not isinstance(received, tuple | list) or len(received) != count:
        raise Missed(hint)
    return received


def close(received, expected, hint, *, usual=(), tolerance=1e-4):
    """Requires numbers to be near to the expected ones: type and shape come first.

    Args:
        received: A value that came out of the sandbox.
        expected: Number or array.
        hint: String for a student whose mistake is not a usual one.
        usual: Pairs `(wrong value, hint)`, tried in order.
        tolerance: Float, relative and absolute.

    Returns:
        None or a `Missed`.
    """
    if _near(received, expected, tolerance):
        return None
    hints = [text for wrong, text in usual if _near(received, wrong, tolerance)]
    return Missed(hints[0] if hints else hint)


def holds(condition, hint):
    """Returns None if the condition is true, a `Missed` otherwise."""
    return None if bool(condition) else Missed(hint)


def leaves_alone(student, name, *args, hint="work on a copy of what it is given"):
    """Requires that a function does not change the arrays that it is given."""
    after = parts(student("probe_inputs_after", name, *args), len(args), hint)
    same = all(
        np.array_equal(before, now)
        for before, now in zip(args, after, strict=True)
        if isinstance(before, np.ndarray)
    )
    return holds(same, hint)


class Student:
    """A student's answers, called through the door of their sandbox.

    Args:
        session: `sandbox.Session` in which the student's cells have run, and after
            them the cell that `inside` returns.
        parameters: Dict, this student's variant of the lesson.
    """

    def __init__(self, session, parameters=None):
        self.session = session
        self.parameters = dict(parameters or {})
        self._kept = {}

    def __call__(self, path, *args, **options):
        return self.session.call(path, *args, **options)

    def get(self, path):
        return self.session.get(path)

    def keep(self, name, path, *args, **options):
        self.session.keep(name, path, *args, **options)

    def keep_once(self, name, path, *args, **options):
        """Keeps a result that several requirements need: it is made only once.

        Raises:
            The error that stopped it, again for each requirement.
        """
        if name not in self._kept:
            self._kept[name] = None
            try:
                self.keep(name, path, *args, **options)
            except Exception as error:
                self._kept[name] = error
        if self._kept[name] is not None:
            raise self._kept[name]


def _why_it_stopped(error):
    """Names only Python's own exceptions: a name of theirs could carry the inputs."""
    if isinstance(error, NotImplementedError):
        return "not written yet"
    said = f"{getattr(error, 'what', '')}".partition(":")[0].strip()
    if said == "NotImplementedError":
        return "not written yet"
    if getattr(error, "kind", "") == "missing":
        return "there is nothing of that name"
    known = getattr(builtins, said, None) if said.isidentifier() else None
    if isinstance(known, type) and issubclass(known, Exception):
        return f"it stopped with {said}"
    return "it stopped with an error, or returned something that is not a value"


def _near(received, expected, tolerance):
    expected = np.asarray(expected, "float64")
    try:
        received = numbers(received, expected.shape, "")
    except Missed:
        return False
    return np.allclose(received, expected, rtol=tolerance, atol=tolerance)


def _module(path):
    spec = importlib.util.spec_from_file_location("hidden_requirements", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

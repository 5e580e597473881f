"""A student in this very process: for trusted answers only, such as our own tests'."""

import copy
import warnings

from course_utils.grading import values
from course_utils.grading.requirements import PROBES, Student


class LocalSession:
    """Calls functions in this process, and lets through what a sandbox lets through.

    It isolates nothing: never give it the code of a stranger.

    Args:
        names: Dict, what the cells have defined.
        inside: String, the probes, as `requirements.inside` returns them.
    """

    def __init__(self, names, inside=PROBES):
        self.names, self.kept = dict(names), {}
        exec(inside, self.names)

    def get(self, path):
        return values.crossed(self._find(path))

    def call(self, path, *args, seconds=None, **kwargs):
        return values.crossed(self._run(path, args, kwargs))

    def keep(self, name, path, *args, seconds=None, **kwargs):
        self.kept[name] = self._run(path, args, kwargs)

    def _run(self, path, args, kwargs):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._find(path)(*copy.deepcopy(args), **kwargs)

    def _find(self, path):
        first, *others = path.split(".")
        found = (self.names | self.kept)[first]
        for part in others:
            found = found[int(part)] if part.isdigit() else getattr(found, part)
        return found


def LocalStudent(names, inside=PROBES, parameters=None):
    """Returns a `Student` whose answers are objects of this process.

    Args:
        names: Dict from names to answers.
        inside: String, the probes.
        parameters: Dict, the variant of this student.

    Returns:
        `Student`.
    """
    return Student(LocalSession(names, inside), parameters)

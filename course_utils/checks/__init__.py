"""The exercise checks, one function per exercise: `answer = checks.name(answer)`."""

from course_utils.checks.start import difference, to_rows

__all__ = [
    "difference",
    "to_rows",
]

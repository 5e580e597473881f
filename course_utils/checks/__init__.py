"""The exercise checks, one function per exercise: `answer = checks.name(answer)`."""

"""All that was measured, again: `make benchmark`, or one part with ARGS=lessons.

Parts: lessons (seconds and memory), memory (with JupyterLab counted), recipes
(against published ones), realism (of the embedded digits). Those that need MNIST say
so if it is not here. By themselves run: `python -m tests.benchmarks.grading` (against
nbgrader, in minutes) and `python -m tests.benchmarks.photographs`.
"""

import subprocess
import sys

PARTS = ("lessons", "memory", "recipes", "realism")


def main(wanted):
    """Runs the parts one after another, each in a process of its own."""
    unknown = set(wanted) - set(PARTS)
    if unknown:
        sys.exit(f"Expected some of {PARTS}. Received: {sorted(unknown)}")
    codes = []
    for part in wanted or PARTS:
        print(f"\n## {part}\n", flush=True)
        module = f"tests.benchmarks.{part}"
        codes.append(subprocess.run([sys.executable, "-m", module], check=False))
    return max(code.returncode for code in codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

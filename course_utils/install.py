"""Makes the virtual environment of the kit. `make` runs it; nobody needs to.

It runs before anything is installed, with whatever Python is there: standard
library only, and no syntax that an old Python could not read, so that it can
say in a sentence what is missing.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys

LOWEST, HIGHEST = (3, 11), (3, 13)
FILES = ("requirements.txt", "constraints.txt", "pyproject.toml")


def main(folder, extras):
    """Makes or mends the environment.

    Args:
        folder: String, where the environment is or shall be.
        extras: List of strings, such as `["dev"]`: extras of pyproject.toml.

    Returns:
        Integer, the exit code: 0 if the environment is ready.
    """
    problem = unsuitable(sys.version_info[:2], sys.platform, platform.machine())
    if problem:
        return fail(problem)
    stamp = os.path.join(folder, "installed-" + "-".join(["kit"] + extras))
    wanted = fingerprint(extras)
    if read(stamp) == wanted and works(folder):
        os.utime(stamp)
        return 0
    if not works(folder):
        shutil.rmtree(folder, ignore_errors=True)
        print("Making the environment in " + folder + " ...")
        if run([sys.executable, "-m", "venv", folder]) != 0 or not works(folder):
            return fail(
                "Could not make a virtual environment in " + folder + ". On Debian "
                "and Ubuntu: apt install python3-venv. Then run the command again."
            )
    print("Installing the packages (about 400 MB, a few minutes the first time) ...")
    if run(pip_install(folder, extras)) != 0:
        return fail(
            "The packages could not be installed: see the lines above. Is there a "
            "network, and 2 GB of free disk? Run the command again: it goes on "
            "from here."
        )
    with open(stamp, "w") as file:
        file.write(wanted)
    return 0


def unsuitable(version, system, machine):
    """Returns a sentence that says why this machine cannot run the kit, or "".

    Args:
        version: Pair of integers, of the Python that runs.
        system: String, as `sys.platform`.
        machine: String, as `platform.machine()`.
    """
    if not LOWEST <= version <= HIGHEST:
        return (
            "This course needs Python 3.11, 3.12 or 3.13. "
            f"Received: {version[0]}.{version[1]} ({sys.executable}). "
            "Install one of them, or name it: make lab PYTHON=/path/to/python3.12"
        )
    if (system, machine) == ("darwin", "x86_64"):
        return (
            "TensorFlow no longer supports Macs with an Intel processor. "
            "Use the course on Binder: the README has the link."
        )
    return ""


def pip_install(folder, extras):
    """Returns the command that installs the kit into an environment."""
    command = [python_of(folder), "-m", "pip", "install", "--quiet"]
    command += ["--disable-pip-version-check", "-r", "requirements.txt"]
    if extras:
        command += ["-e", ".[" + ",".join(extras) + "]"]
    return command


def works(folder):
    """Tells whether an environment has a Python that runs, and pip."""
    python = python_of(folder)
    return os.path.exists(python) and run([python, "-c", "import pip"], quiet=True) == 0


def python_of(folder):
    """Returns the path of an environment's Python."""
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder, *inside)


def fingerprint(extras):
    """Returns a text that changes when other packages are wanted."""
    digest = hashlib.sha256(" ".join([sys.version] + extras).encode())
    for name in FILES:
        digest.update((read(name) or "").encode())
    return digest.hexdigest()


def read(path):
    """Returns the text of a file, or None if it is not there."""
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()


def run(command, quiet=False):
    """Runs a command and returns its exit code."""
    to = subprocess.DEVNULL if quiet else None
    return subprocess.call(command, stdout=to, stderr=to)


def fail(sentence):
    """Prints why it did not work, and returns the exit code for that."""
    sys.stderr.write("\n" + sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

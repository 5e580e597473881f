"""Where data are read from and written to, without ever losing a file."""

import os
import tempfile
from pathlib import Path


def cache_folder():
    """Returns the folder that we write to, made if need be.

    It is `COURSE_CACHE` if that environment variable is set, and
    `~/.cache/course_utils` otherwise.

    Returns:
        `pathlib.Path` of an existing folder.

    Raises:
        OSError: If the folder cannot be made.
    """
    default = Path.home() / ".cache" / "course_utils"
    folder = Path(os.environ.get("COURSE_CACHE") or default).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def local_copies():
    """Returns the folder with local copies named by `COURSE_DATA`, or None.

    That folder is only ever read: a classroom without network, a shared disk.
    """
    named = os.environ.get("COURSE_DATA")
    return Path(named).expanduser() if named else None


def write_atomically(path, write):
    """Writes a file so that it is whole or not there at all.

    It gets the usual permissions, so that others on a shared disk can read it.

    Args:
        path: `pathlib.Path` of the file to make or to replace.
        write: Function that is called with a binary file, open for writing.

    Raises:
        OSError: If the disk is full or the folder cannot be written; the file
            that was there before is untouched, and nothing half-made stays.
    """
    path = Path(path)
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(unfinished, 0o666 & ~_umask())
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _umask():
    """Returns the permissions that new files go without; it is read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask

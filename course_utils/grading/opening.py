"""Opens what strangers handed in: nothing is followed, unpacked on disk or trusted."""

import io
import os
import stat
import struct
import zipfile

from course_utils.grading.limits import MEGABYTE

NOTEBOOK_BYTES = 10 * MEGABYTE
ZIP_BYTES = 50 * MEGABYTE
CLASS_DIRECTORY_BYTES = 16 * MEGABYTE
DIRECTORY_BYTES = MEGABYTE // 2
RATIO = 200


class UnreadableError(Exception):
    """Says in one sentence why something cannot be read."""


def read_file(path, cap=NOTEBOOK_BYTES):
    """Reads a regular file; links, devices, pipes and giants are refused.

    Args:
        path: `Path`.
        cap: Integer, how many bytes at most.

    Returns:
        Bytes.

    Raises:
        UnreadableError: If it is anything else, or cannot be read.
    """
    with open_file(path, cap) as file:
        return _capped(file, cap)


def open_file(path, cap=None):
    """Opens a regular file for reading, in binary.

    Args:
        path: `Path`.
        cap: Integer, how many bytes it may have, or None.

    Returns:
        Binary file object.

    Raises:
        UnreadableError: If it is anything but a regular file, or too large.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        number = os.open(path, flags)
    except OSError as error:
        link = os.path.islink(path)
        why = "a link, which is not followed" if link else error.strerror
        raise UnreadableError(f"expected a file; received {why}") from None
    try:
        seen = os.fstat(number)
        if not stat.S_ISREG(seen.st_mode):
            raise UnreadableError("expected a file; received a device, pipe or folder")
        if seen.st_nlink != 1:
            raise UnreadableError("expected a file of its own; received a hard link")
        if cap is not None and seen.st_size > cap:
            raise _too_large(seen.st_size, cap)
        return os.fdopen(number, "rb")
    except UnreadableError:
        os.close(number)
        raise


class Archive:
    """A zip that is read in memory, member by member, each with a cap.

    Args:
        file: Binary file object.
        directory_bytes: Integer, how large its list of members may be.

    Raises:
        UnreadableError: If it is no zip, or has too many members.
    """

    def __init__(self, file, directory_bytes=DIRECTORY_BYTES):
        try:
            _require_short_list(file, directory_bytes)
            self.zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise UnreadableError(f"not a zip that can be read ({error})") from None
        self.members = {
            info.filename: info for info in self.zip.infolist() if not info.is_dir()
        }

    @classmethod
    def of(cls, data):
        """Returns the archive in some bytes."""
        return cls(io.BytesIO(data))

    def read(self, name, cap=NOTEBOOK_BYTES):
        """Reads one member.

        Args:
            name: String, one of `members`.
            cap: Integer, how many bytes at most.

        Returns:
            Bytes.

        Raises:
            UnreadableError: If it leads out of the archive, is a link, encrypted,
                too large or suspiciously well packed, or is damaged.
        """
        info = self.members[name]
        _require_harmless(info, cap)
        try:
            with self.zip.open(info) as member:
                return _capped(member, cap)
        except UnreadableError:
            raise
        except Exception as error:  # zipfile, zlib, lzma and bz2 have many of their own
            why = type(error).__name__
            raise UnreadableError(f"a damaged member of a zip ({why})") from None


def _require_harmless(info, cap):
    parts = info.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise UnreadableError("a member of a zip whose path leads out of it")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableError("a link in a zip, which is not followed")
    if info.flag_bits & 1:
        raise UnreadableError("a zip with a password")
    if info.file_size > cap:
        raise _too_large(info.file_size, cap)
    if info.file_size > MEGABYTE and info.file_size > RATIO * info.compress_size:
        raise UnreadableError("a zip bomb: it unpacks to over 200 times its size")


def _require_short_list(file, cap):
    """Reads the size of the list of members at a zip's end, before Python does."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_557))
    end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        raise UnreadableError("expected a zip; it is damaged, or something else")
    listed = struct.unpack("<I", end[at + 12 : at + 16])[0]
    if listed > cap:
        raise UnreadableError("a zip with too many members")
    file.seek(0)


def _capped(file, cap):
    try:
        data = file.read(cap + 1)
    except OSError as error:
        raise UnreadableError(f"it cannot be read: {error.strerror}") from None
    if len(data) > cap:
        raise _too_large(None, cap)
    return data


def _too_large(size, cap):
    received = "more" if size is None else f"{size / MEGABYTE:,.0f} MB"
    return UnreadableError(
        f"too large: expected at most {cap / MEGABYTE:.0f} MB; received {received}"
    )

"""Files of the cache: whole or not there, and readable like any other file."""

import os
import stat

import pytest

from course_utils.data.cache import write_atomically


@pytest.fixture
def umask():
    """Sets the permissions that new files go without, and puts them back."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such permissions")
@pytest.mark.parametrize(("mask", "expected"), [(0o022, 0o644), (0o027, 0o640)])
def test_a_written_file_has_the_usual_permissions(tmp_path, umask, mask, expected):
    umask(mask)
    path = tmp_path / "digits"
    write_atomically(path, lambda file: file.write(b"ink"))
    assert stat.S_IMODE(path.stat().st_mode) == expected
    assert umask(mask) == mask  # as we set it


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "digits"
    path.write_bytes(b"old")

    def fail(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_atomically(path, fail)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["digits"]

"""MNIST's files: found, fetched from a server of our own, verified, never lost."""

import gzip
import hashlib
import http.server
import struct
import threading

import numpy as np
import pytest

from course_utils import data
from course_utils.data import digits, idx


def packed(array):
    head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes(), mtime=0)


PIXELS = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
LABELS = np.array([3, 9], np.uint8)
CONTENTS = dict(zip(idx.FILES, map(packed, [PIXELS, LABELS] * 2), strict=True))


@pytest.fixture
def server(tmp_path, monkeypatch, cache):
    """Serves a tiny MNIST on this machine and tells `idx` that it is the real one."""
    folder = tmp_path / "served"
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=folder)

        def log_message(self, *args):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    sums = tuple(hashlib.sha256(content).hexdigest() for content in CONTENTS.values())
    url = f"http://127.0.0.1:{running.server_port}/"
    monkeypatch.setattr(idx, "MNIST", idx.Archive("mnist", url, sums))
    yield folder
    running.shutdown()
    running.server_close()


def test_mnist_is_fetched_once_and_then_read_from_the_cache(server, cache):
    first = data.fetch_mnist()
    for name in CONTENTS:
        (server / name).unlink()
    again = data.fetch_mnist(network=False)
    np.testing.assert_array_equal(first.x_train, again.x_train)
    assert first.x_train.shape == (2, 28, 28, 1)
    assert first.x_train.dtype == np.float32
    assert first.x_train.max() == 1.0
    assert first.y_test.tolist() == [3, 9]
    assert {path.name for path in (cache / "mnist").iterdir()} == set(CONTENTS)


def test_a_local_copy_is_read_and_nothing_is_written(server, cache, monkeypatch):
    local = server.parent / "local"
    local.mkdir()
    server.rename(local / "mnist")
    monkeypatch.setenv("COURSE_DATA", str(local))
    data.fetch_mnist(network=False)
    assert list(cache.iterdir()) == []


def test_without_network_the_missing_file_is_named(server):
    with pytest.raises(FileNotFoundError, match=r"mnist/train-images.*fetch"):
        data.fetch_mnist(network=False)


def test_a_half_download_leaves_nothing_behind(server, cache):
    (server / idx.FILES[0]).write_bytes(CONTENTS[idx.FILES[0]][:50])
    with pytest.raises(ValueError, match="not the original"):
        data.fetch_mnist()
    assert not list(cache.rglob("*ubyte*"))


def test_a_missing_file_on_the_server_is_a_connection_error(server, cache):
    (server / idx.FILES[2]).unlink()
    with pytest.raises(ConnectionError, match="Could not download"):
        data.fetch_mnist()
    assert len(list(cache.rglob("*.gz"))) == 2


def test_a_wrong_file_is_named_and_never_deleted(server, cache):
    mine = cache / "mnist" / idx.FILES[0]
    mine.parent.mkdir()
    mine.write_bytes(b"my own digits")
    with pytest.raises(ValueError, match=str(mine)):
        data.fetch_mnist()
    assert mine.read_bytes() == b"my own digits"


def test_a_full_disk_loses_nothing(server, cache, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course_utils.data.cache.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        data.fetch_mnist()
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_a_file_that_is_not_idx_is_refused(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"\x01\x02\x03\x04"))
    with pytest.raises(ValueError, match="Expected an IDX file"):
        idx.read_idx(path)


def test_the_real_files_are_what_the_constants_say(cache, real_data):
    for fetch in (data.fetch_mnist, data.fetch_fashion_mnist):
        images = fetch(network=False)
        assert images.x_train.shape == (60_000, 28, 28, 1)
        assert images.x_test.shape == (10_000, 28, 28, 1)
        assert np.bincount(images.y_test).min() > 850


@pytest.fixture
def few_strokes(monkeypatch):
    small = data.load_strokes(n_train=20, n_test=10)
    monkeypatch.setattr(digits, "load_strokes", lambda n_train, n_test: small)


def test_lessons_get_mnist_where_it_is(server, few_strokes, capsys):
    data.fetch_mnist()
    assert data.load_digits().source == "mnist"
    assert capsys.readouterr().out == "Digits: mnist, 2 to train on and 2 to test on.\n"


def test_lessons_get_strokes_otherwise(server, few_strokes, capsys):
    assert data.load_digits().source == "strokes"
    assert "strokes, 20 to train on" in capsys.readouterr().out


def test_fewer_digits_are_the_first_of_them(server, few_strokes):
    full = data.fetch_mnist()
    few = data.load_digits(1, 0)
    np.testing.assert_array_equal(few.x_train, full.x_train[:1])
    assert (len(few.y_train), len(few.x_test), len(few.y_test)) == (1, 0, 0)


def test_the_environment_decides(server, few_strokes, monkeypatch):
    data.fetch_mnist()
    monkeypatch.setenv("COURSE_DIGITS", "strokes")
    assert data.load_digits().source == "strokes"


def test_mnist_that_is_asked_for_but_missing_is_an_error(server, monkeypatch):
    monkeypatch.setenv("COURSE_DIGITS", "mnist")
    with pytest.raises(FileNotFoundError, match="neither in COURSE_DATA"):
        data.load_digits()


def test_another_wish_is_refused(cache, monkeypatch):
    monkeypatch.setenv("COURSE_DIGITS", "imagenet")
    with pytest.raises(ValueError, match="Received: 'imagenet'"):
        data.load_digits()

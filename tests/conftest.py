"""What all tests share: our own cache, no network, no windows."""

import os
import signal
import socket
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


def pytest_configure():
    """Takes Ctrl-C again: what a shell starts behind itself ignores it, and so would
    every program that a test starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Fails a test that tries to reach another machine."""
    connect = socket.socket.connect

    def refuse(self, address):
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("127.0.0.1", "::1", "localhost", "local"):
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Returns an empty folder that the kit writes to during one test."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("COURSE_CACHE", str(folder))
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.delenv("COURSE_DIGITS", raising=False)
    return folder


@pytest.fixture
def real_data(monkeypatch):
    """Returns the folder with real data, or skips where there is none."""
    folder = Path(os.environ.get("COURSE_DATA") or SHARED)
    if not (folder / "mnist").is_dir():
        pytest.skip(f"needs real data: set COURSE_DATA (looked in {folder})")
    monkeypatch.setenv("COURSE_DATA", str(folder))
    return folder

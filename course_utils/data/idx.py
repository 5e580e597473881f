"""MNIST and Fashion-MNIST from their IDX files: found, fetched, verified."""

import gzip
import hashlib
import struct
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from course_utils.data.cache import cache_folder, local_copies, write_atomically

TIMEOUT = 10  # seconds without an answer before we give up
FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


@dataclass(frozen=True)
class Images:
    """Grey pictures with labels, split into training and test set.

    Attributes:
        x_train: Float32 array of shape `(n_train, 28, 28, 1)`, in [0, 1].
        y_train: Int64 array of shape `(n_train,)`.
        x_test: Float32 array of shape `(n_test, 28, 28, 1)`, in [0, 1].
        y_test: Int64 array of shape `(n_test,)`.
        source: String, where they come from.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    source: str


@dataclass(frozen=True)
class Archive:
    """Where the four IDX files of a data set come from, and their SHA-256."""

    name: str
    url: str
    sha256: tuple


MNIST = Archive(
    "mnist",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
)
FASHION_MNIST = Archive(
    "fashion_mnist",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    (
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
)


def fetch_mnist(network=True, n_train=60_000, n_test=10_000):
    """Returns MNIST: 60,000 + 10,000 handwritten digits, 28×28, grey.

    Looks in the folder named by `COURSE_DATA` (read only), then in our cache,
    then, if allowed, on the network. Licence: CC BY-SA 3.0.

    Args:
        network: Boolean, whether missing files may be downloaded.
        n_train: Integer, how many to train on; fewer are the first of them.
        n_test: Integer, how many to test on.

    Returns:
        `Images` with `x_*` in [0, 1] and the digit as label.

    Raises:
        FileNotFoundError: If a file is missing and `network` is false.
        ConnectionError: If a download fails; nothing half-made stays behind.
        ValueError: If a file is not the original; it is named, not deleted.

    Source:
        LeCun, Cortes & Burges, "The MNIST database of handwritten digits" (1998).
    """
    return _fetch(MNIST, network, n_train, n_test)


def fetch_fashion_mnist(network=True):
    """Returns Fashion-MNIST: 60,000 + 10,000 pieces of clothing, 28×28, grey.

    Looks where `fetch_mnist` looks. Licence: MIT.

    Args:
        network: Boolean, whether missing files may be downloaded.

    Returns:
        `Images` with labels 0 to 9 (T-shirt, trouser, pullover, dress, coat,
        sandal, shirt, sneaker, bag, ankle boot).

    Raises:
        FileNotFoundError, ConnectionError, ValueError: As `fetch_mnist`.

    Source:
        Xiao, Rasul & Vollgraf, "Fashion-MNIST" (2017), arXiv:1708.07747.
    """
    return _fetch(FASHION_MNIST, network)


def _fetch(archive, network, n_train=60_000, n_test=10_000):
    paths = [
        _find(archive, name, sha256) or _download(archive, name, sha256, network)
        for name, sha256 in zip(FILES, archive.sha256, strict=True)
    ]
    x_train, y_train, x_test, y_test = map(read_idx, paths)
    return Images(
        _as_images(x_train[:n_train]),
        y_train[:n_train].astype("int64"),
        _as_images(x_test[:n_test]),
        y_test[:n_test].astype("int64"),
        source=archive.name,
    )


def _find(archive, name, sha256):
    for folder in (local_copies(), cache_folder()):
        path = folder / archive.name / name if folder else None
        if path and path.exists():
            _verify(path, path.read_bytes(), sha256)
            return path
    return None


def _verify(path, content, sha256):
    received = hashlib.sha256(content).hexdigest()
    if received != sha256:
        raise ValueError(
            f"{path} is not the original file, so it is not used (and not "
            f"deleted). Move it away and run the set-up again. "
            f"Expected SHA-256 {sha256}. Received: {received}"
        )


def _download(archive, name, sha256, network):
    if not network:
        raise FileNotFoundError(
            f"{archive.name}/{name} is neither in COURSE_DATA nor in the cache. "
            "Run `python -m course_utils fetch` once, with a network."
        )
    content = _read_url(archive.url + name)
    _verify(archive.url + name, content, sha256)
    path = cache_folder() / archive.name / name
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, lambda file: file.write(content))
    return path


def _read_url(url):
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
            size = int(response.headers.get("Content-Length") or 0)
            return _read_with_progress(response, size, Path(url).name)
    except (OSError, ValueError) as error:
        raise ConnectionError(f"Could not download {url}: {error}") from error


def _read_with_progress(response, size, name):
    content = bytearray()
    with tqdm(total=size or None, unit="B", unit_scale=True, desc=name) as bar:
        while chunk := response.read(1 << 16):
            content += chunk
            bar.update(len(chunk))
    if size and len(content) != size:
        raise OSError(f"the connection broke after {len(content)} of {size} bytes")
    return bytes(content)


def read_idx(path):
    """Reads one IDX file, as MNIST's are, packed with gzip.

    Args:
        path: Path of the file.

    Returns:
        Uint8 array; its shape is written in the file's head.

    Raises:
        ValueError: If the file is not an IDX file of bytes.
    """
    with gzip.open(path, "rb") as file:
        content = file.read()
    zeros, kind, n_axes = struct.unpack(">HBB", content[:4])
    if zeros != 0 or kind != 8:
        raise ValueError(f"Expected an IDX file of bytes. Received: {path}")
    shape = struct.unpack(f">{n_axes}I", content[4 : 4 + 4 * n_axes])
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def _as_images(pixels):
    images = pixels[..., None].astype("float32")
    images /= 255
    return images

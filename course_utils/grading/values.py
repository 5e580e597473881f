"""What crosses between the grader and the sandbox: plain values, never objects.

A message is a tree in JSON followed by the raw numbers of its arrays. Nothing is
unpickled, evaluated or unzipped, and every length is checked before it is used.
"""

import json
import os
import struct
from dataclasses import dataclass

import numpy as np

MOST_TEXT = 2 << 20
MOST_NUMBERS = 64 << 20
DEEPEST = 16
LENGTHS = struct.Struct("<IQ")
DTYPES = """
    bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64
"""
DTYPES = {np.dtype(name).str for name in DTYPES.split()}


class RefusedError(ValueError):
    """Raised when something cannot cross, or what arrived makes no sense."""


@dataclass(frozen=True)
class Name:
    """Stands for what lies in the sandbox under this path, in arguments of a call."""

    path: str


def pack(value):
    """Turns a value into bytes.

    Args:
        value: None, bool, int, float, complex, str, array, list, tuple, dict with
            str keys, `Name`, or whatever numpy can turn into an array of numbers.

    Returns:
        Bytes: two lengths, the tree, the numbers of its arrays.

    Raises:
        RefusedError: If the value, or a part of it, cannot cross.
    """
    arrays = []
    tree = json.dumps(_tree(value, arrays, 0)).encode()
    size = sum(array.nbytes for array in arrays)
    if len(tree) > MOST_TEXT or size > MOST_NUMBERS:
        raise RefusedError(
            f"Expected at most {MOST_TEXT} characters and {MOST_NUMBERS} bytes of "
            f"numbers. Received: {len(tree)} and {size}"
        )
    raw = [array.tobytes() for array in arrays]
    return b"".join([LENGTHS.pack(len(tree), size), tree, *raw])


def _tree(value, arrays, depth):
    if depth > DEEPEST:
        raise RefusedError(f"Expected at most {DEEPEST} levels. Received: more")
    if value is None or isinstance(value, (bool, str)):
        return value if value is None or isinstance(value, bool) else str(value)
    if type(value) is int:
        return _whole(value)
    if type(value) is float:
        return value
    if type(value) is complex:
        return {"complex": [value.real, value.imag]}
    if isinstance(value, Name):
        return {"name": value.path}
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_tree(item, arrays, depth + 1) for item in value]}
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise RefusedError("Expected a dict with names as keys. Received: others")
        items = [[str(key), _tree(v, arrays, depth + 1)] for key, v in value.items()]
        return {"dict": items}
    return _numbers(value, arrays)


def _numbers(value, arrays):
    array = np.asarray(value)
    if array.dtype.kind in "US":
        return str(array) if array.ndim == 0 else _tree(array.tolist(), arrays, 1)
    if array.dtype.kind == "V":  # bfloat16 and its kin, which NumPy does not know
        array = array.astype("float32")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype("float64")
    array = np.ascontiguousarray(array).reshape(array.shape)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in DTYPES:
        raise RefusedError(
            f"Expected a number, a text, an array, or lists of them. "
            f"Received: {type(value).__name__}"
        )
    arrays.append(array)
    return {"array": [array.dtype.str, list(array.shape)]}


def unpack(tree, numbers):
    """Turns received bytes into a value, trusting nothing about them.

    Args:
        tree: Bytes, the tree in JSON.
        numbers: Bytes, what the arrays hold.

    Returns:
        The value; its arrays are views of `numbers`.

    Raises:
        RefusedError: If anything in it is not as `pack` makes it.
    """
    try:
        taken = [0]
        value = _value(json.loads(tree), memoryview(numbers), taken, 0)
        _expect(taken[0] == len(numbers), "numbers that belong to an array")
    except RefusedError:
        raise
    except Exception as error:  # whatever a hostile sender thought of
        raise RefusedError(
            f"Expected a message. Received: {type(error).__name__}"
        ) from None
    return value


def crossed(value):
    """Returns a value as the other side receives it.

    Args:
        value: What `pack` takes.

    Raises:
        RefusedError: If it cannot cross.
    """
    packed = pack(value)
    start = LENGTHS.size + LENGTHS.unpack_from(packed)[0]
    return unpack(packed[LENGTHS.size : start], packed[start:])


def _value(tree, numbers, taken, depth):
    _expect(depth <= DEEPEST, f"at most {DEEPEST} levels")
    if tree is None or isinstance(tree, (bool, float)):
        return tree
    if isinstance(tree, int):
        return _whole(tree)
    if isinstance(tree, str):
        return tree.encode("utf-8", "replace").decode()
    _expect(isinstance(tree, dict) and len(tree) == 1, "one kind of value")
    [(kind, content)] = tree.items()
    if kind == "name":
        _expect(isinstance(content, str), "a path")
        return Name(content)
    _expect(isinstance(content, list), "a list of parts")
    if kind == "array":
        return _array(content, numbers, taken)
    if kind == "complex":
        _expect([type(part) for part in content] == [float, float], "two parts")
        return complex(*content)
    if kind == "dict":
        pairs = dict(content)
        _expect(all(isinstance(key, str) for key in pairs), "names as keys")
        return {k: _value(v, numbers, taken, depth + 1) for k, v in pairs.items()}
    _expect(kind in ("list", "tuple"), "a known kind")
    items = [_value(item, numbers, taken, depth + 1) for item in content]
    return items if kind == "list" else tuple(items)


def _array(content, numbers, taken):
    name, shape = content
    _expect(name in DTYPES, "a dtype of plain numbers")
    _expect(isinstance(shape, list) and len(shape) <= 16, "a shape")
    _expect(all(type(n) is int and 0 <= n < 1 << 31 for n in shape), "lengths")
    size = np.dtype(name).itemsize
    for length in shape:
        size *= length
    start, taken[0] = taken[0], taken[0] + size
    _expect(taken[0] <= len(numbers), "as many numbers as the shape says")
    part = numbers[start : taken[0]]
    array = np.frombuffer(part, name) if size else np.empty(0, name)
    if name == "|b1":  # a byte other than 0 and 1 is a truth that NumPy cannot count
        array = array.view("uint8") != 0
    return array.reshape(shape)


def _whole(number):
    if not -(1 << 63) <= number < 1 << 64:
        raise RefusedError("Expected a whole number of 64 bits. Received: a longer one")
    return int(number)


def _expect(true, what):
    if not true:
        raise RefusedError(f"Expected {what}. Received: something else")


def write(descriptor, value):
    """Writes a value into a pipe, whole.

    Args:
        descriptor: Integer, open for writing.
        value: What `pack` takes.

    Raises:
        RefusedError: If the value cannot cross; nothing is written then.
        OSError: If nobody reads any more.
    """
    left = memoryview(pack(value))
    while left:
        left = left[os.write(descriptor, left[: 1 << 20]) :]


def read(descriptor, most=MOST_TEXT + MOST_NUMBERS):
    """Reads one value from a pipe.

    Args:
        descriptor: Integer, open for reading.
        most: Bytes that the message may have.

    Returns:
        The value and the bytes that it took.

    Raises:
        RefusedError: If what arrives is too much or makes no sense.
        EOFError: If the other side has gone.
    """
    text, size = LENGTHS.unpack(_exactly(descriptor, LENGTHS.size))
    _expect(text <= MOST_TEXT and size <= MOST_NUMBERS, "a message below the caps")
    _expect(text + size <= most, f"at most {most} bytes")
    tree = _exactly(descriptor, text)
    return unpack(tree, _exactly(descriptor, size)), text + size


def _exactly(descriptor, length):
    received = bytearray()
    while len(received) < length:
        part = os.read(descriptor, min(length - len(received), 1 << 20))
        if not part:
            raise EOFError
        received += part
    return received

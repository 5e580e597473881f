"""What crosses between grader and sandbox, and what does not."""

import contextlib
import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.grading import values

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | TEXT,
    lambda inner: (
        st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner)
    ),
    max_leaves=10,
)


def there_and_back(value):
    packed = values.pack(value)
    tree, numbers = values.LENGTHS.unpack(packed[: values.LENGTHS.size])
    rest = packed[values.LENGTHS.size :]
    assert len(rest) == tree + numbers
    return values.unpack(rest[:tree], rest[tree:])


@given(PLAIN)
@settings(deadline=None)
def test_plain_values_come_back_as_they_were(value):
    assert there_and_back(value) == value


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float64"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)])
def test_arrays_come_back_as_they_were(dtype, shape):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    back = there_and_back({"x": [array, array.T]})["x"]
    assert back[0].dtype == array.dtype
    assert back[0].shape == array.shape
    np.testing.assert_array_equal(back[0], array)
    np.testing.assert_array_equal(back[1], array.T)


def test_nan_and_infinity_come_back_as_such():
    back = there_and_back([float("nan"), float("-inf"), 1j])
    assert np.isnan(back[0])
    assert back[1:] == [float("-inf"), 1j]


@pytest.mark.parametrize(
    "value",
    [
        object(),
        lambda: 0,
        np.array([object()]),
        np.datetime64("2026-01-01"),
        {1: 2},
        2**64,
        "x" * (values.MOST_TEXT + 1),
    ],
    ids=["object", "function", "objects", "date", "numbered keys", "integer", "text"],
)
def test_what_is_no_plain_value_does_not_cross(value):
    with pytest.raises(values.RefusedError, match="Received"):
        values.pack(value)


@pytest.mark.parametrize(
    ("tree", "numbers"),
    [
        (b'{"array": ["|O", [1]]}', b"\0" * 8),
        (b'{"array": ["<f4", [-1]]}', b""),
        (b'{"array": ["<f4", [true]]}', b"\0" * 4),
        (b'{"array": ["<f4", [2.0]]}', b"\0" * 8),
        (b'{"array": ["<f4", [2]]}', b"\0" * 4),
        (b'{"array": ["<f4", [2]]}', b"\0" * 12),
        (b'{"array": ["<f4", [65536, 65536, 65536, 65536]]}', b""),
        (b'{"array": ["<f4", [0, 99999999999999]]}', b""),
        (b'{"array": ["<f4,O", [1]]}', b"\0" * 4),
        (b'{"array": ["<f4"]}', b""),
        (b'{"array": [["<f4"], [1]]}', b"\0" * 4),
        (b'{"array": {"a": 1}}', b""),
        (b'{"pickle": "x"}', b""),
        (b'{"list": 5}', b""),
        (b'{"dict": [[1, 2]]}', b""),
        (b'{"dict": [[["a"], 2]]}', b""),
        (b'{"complex": ["1", 2]}', b""),
        (b'{"list": [], "tuple": []}', b""),
        (b"[1]", b""),
        (b"9" * 5000, b""),
        (b"9" * 30, b""),
        (b"[" * 100_000, b""),
        (b'{"list":[' * 20 + b"1" + b"]}" * 20, b""),
        (b"\xff\xfe", b""),
        (b"", b""),
        (b"1", b"left over"),
    ],
)
def test_forged_messages_are_refused(tree, numbers):
    with pytest.raises(values.RefusedError):
        values.unpack(tree, numbers)


@given(st.binary(max_size=40), st.binary(max_size=20))
@settings(deadline=None)
def test_noise_is_a_value_or_refused(tree, numbers):
    with contextlib.suppress(values.RefusedError):
        values.unpack(tree, numbers)


def test_a_lone_surrogate_becomes_printable():
    assert values.unpack(b'"\\ud800"', b"").encode() == b"?"


def test_a_message_longer_than_allowed_is_not_even_read():
    reading, writing = os.pipe()
    os.write(writing, values.LENGTHS.pack(5, 1 << 62))
    with pytest.raises(values.RefusedError):
        values.read(reading)
    os.close(reading)
    os.close(writing)


def test_a_large_array_goes_through_a_pipe():
    reading, writing = os.pipe()
    array = np.random.default_rng(0).normal(size=(100, 28, 28))
    sender = threading.Thread(target=values.write, args=(writing, array))
    sender.start()
    back, size = values.read(reading)
    sender.join()
    os.close(writing)
    np.testing.assert_array_equal(back, array)
    assert size > array.nbytes
    with pytest.raises(EOFError):
        values.read(reading)
    os.close(reading)

"""The run-length code of lesson 01, on any text that hypothesis can think of."""

import itertools

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from course_utils.checks import engine
from tests.answers.encoding import ANSWERS

DIGITS = "0123456789"
letters = st.characters(exclude_characters=DIGITS)
texts = st.text(letters) | st.text(st.sampled_from("AB"), max_size=200)
runs = st.lists(st.tuples(st.integers(1, 300), letters), max_size=20)
repeatable = settings(database=None, deadline=None, derandomize=True)


def versions_of(name):
    """Returns the course's own function and the other right answers."""
    return [engine.CHECKS[name][1], *ANSWERS[name].right]


encode, decode = versions_of("encode")[0], versions_of("decode")[0]
pairs = list(itertools.product(versions_of("encode"), versions_of("decode")))


@pytest.mark.parametrize(("encode", "decode"), pairs)
@given(text=texts)
@example(text="")
@example(text="A" * 10)
@example(text="\n\n²Ⅷ")
@repeatable
def test_decode_undoes_encode(encode, decode, text):
    assert decode(encode(text)) == text


@given(runs)
@repeatable
def test_encode_undoes_decode_where_neighbours_differ(runs):
    assume(all(a[1] != b[1] for a, b in itertools.pairwise(runs)))
    code = "".join(f"{count}{letter}" for count, letter in runs)
    assert encode(decode(code)) == code


@given(texts)
@repeatable
def test_a_code_is_never_more_than_twice_as_long(text):
    assert len(encode(text)) <= 2 * len(text)


@given(st.lists(letters, unique=True))
@repeatable
def test_a_text_without_neighbours_alike_doubles(text):
    assert len(encode("".join(text))) == 2 * len(text)


def test_a_digit_in_the_text_is_taken_for_a_count():
    assert encode("1A") == "111A"
    assert decode("111A") == 111 * "A"

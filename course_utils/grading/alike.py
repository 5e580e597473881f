"""Finds answers that are alike, by winnowing fingerprints (copydetect).

What everybody was given is subtracted: the notebook as it was handed out, the course's
own answers, and what many students share. Names of variables do not matter.

Source:
    Schleimer, Wilkerson & Aiken, "Winnowing: Local Algorithms for Document
    Fingerprinting" (SIGMOD 2003), as MOSS uses it.
"""

import io
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from copydetect import CodeFingerprint, compare_files
from copydetect.utils import get_token_coverage

LENGTH = 20  # of a fingerprint, in characters; a name counts as one
COMMON = 10, 50  # what more than a tenth of them share is no sign; never more than 50
FEWEST = 20  # fingerprints that a pair shares, at least


@dataclass(frozen=True)
class Pair:
    """Two answers that are alike.

    Attributes:
        students: Pair of strings.
        shares: Pair of floats in [0, 1]: how much of each is also in the other.
        texts: Pair of strings, the answers.
        marks: Pair of boolean arrays, true at the characters that are shared.
    """

    students: tuple
    shares: tuple
    texts: tuple
    marks: tuple


def pairs(answers, given, least=0.5, most=100):
    """Compares all answers with each other.

    Args:
        answers: Dict from a student to the source of the answers.
        given: String, the source of what everybody was given.
        least: Float, the share from which on a pair is shown.
        most: Integer, how many pairs at most.

    Returns:
        List of `Pair`, the most alike first.
    """
    prints = {who: _fingerprint(text) for who, text in answers.items() if text.strip()}
    known = _fingerprint(given).hashes
    owners = Counter(each for made in prints.values() for each in made.hashes)
    limit = np.clip(len(prints) // 10, *COMMON)
    common = known | {each for each, count in owners.items() if count > limit}
    for made in prints.values():
        _subtract(made, common)
    found = [_pair(prints, *couple) for couple in _candidates(prints)]
    found = [pair for pair in found if max(pair.shares) >= least]
    found.sort(key=lambda pair: (-max(pair.shares), -min(pair.shares), pair.students))
    return found[:most]


def _fingerprint(text):
    # A window of 1 keeps every fingerprint: answers are short, and Python's hashes
    # differ from run to run, so that a wider window would too.
    return CodeFingerprint("answer.py", LENGTH, 1, fp=io.StringIO(text))


def _subtract(made, common):
    made.hashes = made.hashes - common
    made.hash_idx = {h: i for h, i in made.hash_idx.items() if h in made.hashes}
    made.token_coverage = get_token_coverage(
        made.hash_idx, LENGTH, len(made.filtered_code)
    )


def _candidates(prints):
    """Returns the pairs that share enough, without comparing each with each."""
    owners = {}
    for who, made in prints.items():
        for each in made.hashes:
            owners.setdefault(each, []).append(who)
    couples = Counter(
        couple for them in owners.values() for couple in combinations(sorted(them), 2)
    )
    return sorted(couple for couple, count in couples.items() if count >= FEWEST)


def _pair(prints, *students):
    first, second = (prints[who] for who in students)
    _, shares, slices = compare_files(first, second)
    return Pair(
        students,
        tuple(min(1.0, float(share)) for share in shares),
        (first.raw_code, second.raw_code),
        tuple(map(_marked, (first, second), slices)),
    )


def _marked(made, slices):
    marks = np.zeros(len(made.raw_code), bool)
    for start, stop in np.transpose(slices).astype(int):
        marks[start:stop] = True
    return marks

"""Smooth curves through control points, as matrices: points along = matrix @ control.

Because a curve depends linearly on its control points, skeletons can be blended, bent
and drawn for thousands of digits at once.
"""

from dataclasses import dataclass

import numpy as np

SAMPLES = 64  # short straight pieces that each digit is drawn with


@dataclass(frozen=True)
class Family:
    """Skeletons of one topology, with the matrices that draw them.

    Attributes:
        variants: Array of shape `(variants, points, 2)`, control points `(x, y)`.
        strokes: Integers of shape `(points,)`, the stroke of each control point.
        starts: Array of shape `(SAMPLES, points)`; times the control points gives
            where each short piece starts.
        ends: Array of shape `(SAMPLES, points)`, the same for where it ends.
        loops: Booleans of shape `(2, SAMPLES)`, the pieces that go around each loop.
    """

    variants: np.ndarray
    strokes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    loops: np.ndarray


def read_families(text):
    """Reads all families of a digit from the notation of `skeletons`.

    Args:
        text: String, a line `share` before each family, one variant a line.

    Returns:
        List of pairs, share and `Family`.

    Raises:
        ValueError: If the variants of a family differ in topology.
    """
    read = []
    for line in text.strip().splitlines():
        if line.startswith("share"):
            read.append((float(line.split()[1]), []))
        else:
            read[-1][1].append(line)
    return [(share, make_family(variants)) for share, variants in read]


def make_family(texts):
    """Reads the variants of one family (see `skeletons`) and prepares its matrices.

    Args:
        texts: List of strings, the variants in the notation of `skeletons`.

    Returns:
        `Family`.

    Raises:
        ValueError: If the variants differ in strokes, corners, loops or points.
    """
    parsed = [_parse(text) for text in texts]
    marks = parsed[0][1:]
    if any(p[1:] != marks for p in parsed) or len({len(p[0]) for p in parsed}) != 1:
        raise ValueError(f"Expected variants of one topology. Received: {texts}")
    variants = np.array([points for points, *_ in parsed])
    strokes, corners, loops = marks
    pieces = _pieces(strokes, corners)
    starts, ends, first = _curve_matrices(variants.mean(axis=0), pieces)
    around = [[k in loop and k + 1 in loop for k in first] for loop in loops]
    return Family(variants, np.array(strokes), starts, ends, np.array(around))


def _parse(text):
    """Returns control points, the stroke of each, corners and the two loops."""
    points, strokes, corners, loops = [], [], [], (set(), set())
    for number, stroke in enumerate(text.split("/")):
        inside = [False, False]
        for token in stroke.split():
            for loop, (opening, closing) in enumerate(("()", "[]")):
                inside[loop] |= opening in token
                if inside[loop]:
                    loops[loop].add(len(points))
                inside[loop] &= closing not in token
            if "*" in token:
                corners.append(len(points))
            points.append([float(v) for v in token.strip("()[]*").split(",")])
            strokes.append(number)
    return points, strokes, corners, loops


def _pieces(strokes, corners):
    """Returns (first, last) control point of each smooth piece."""
    last = len(strokes) - 1
    lifts = [k for k in range(last) if strokes[k] != strokes[k + 1]]
    stops = sorted({*corners, *lifts, last})
    starts = [0, *(k + 1 if k in lifts else k for k in stops[:-1])]
    return list(zip(starts, stops, strict=True))


def _curve_matrices(control, pieces):
    """Spreads the samples evenly by length; also says after which point each lies."""
    nodes, fine = [], []
    for first, last in pieces:
        steps = np.linspace(first, last, 40 * (last - first) + 1)
        fine.append(
            np.stack([_spline_row(t, first, last, len(control)) for t in steps])
        )
        nodes.append(steps)
    lengths = [np.linalg.norm(np.diff(m @ control, axis=0), axis=1) for m in fine]
    counts = _share_out(SAMPLES, np.array([length.sum() for length in lengths]))
    starts, ends, where = [], [], []
    for (first, last), steps, length, count in zip(
        pieces, nodes, lengths, counts, strict=True
    ):
        along = np.concatenate([[0.0], np.cumsum(length)])
        times = np.interp(np.linspace(0, along[-1], count + 1), along, steps)
        rows = np.stack([_spline_row(t, first, last, len(control)) for t in times])
        starts.append(rows[:-1])
        ends.append(rows[1:])
        where.extend(np.floor((times[:-1] + times[1:]) / 2).astype(int))
    return np.concatenate(starts), np.concatenate(ends), where


def _share_out(total, lengths):
    counts = np.maximum(2, np.floor(total * lengths / lengths.sum()).astype(int))
    while counts.sum() != total:
        step = np.sign(total - counts.sum())
        counts[np.argmax(step * lengths / counts)] += step
    return counts


def _spline_row(t, first, last, n_points):
    """Weights of the control points at time t of a Catmull-Rom spline."""
    k = min(int(t), last - 1)
    u = t - k
    row = np.zeros(n_points)
    before = 0.5 * (-u + 2 * u**2 - u**3)
    after = 0.5 * (u**3 - u**2)
    row[k] += 0.5 * (2 - 5 * u**2 + 3 * u**3)
    row[k + 1] += 0.5 * (u + 4 * u**2 - 3 * u**3)
    # Beyond an end the curve goes on straight: p[-1] = 2 p[0] - p[1].
    for weight, point, inner, outer in (
        (before, k - 1, k, k + 1),
        (after, k + 2, k + 1, k),
    ):
        if first <= point <= last:
            row[point] += weight
        else:
            row[inner] += 2 * weight
            row[outer] -= weight
    return row

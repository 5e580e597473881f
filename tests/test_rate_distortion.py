"""The chart of error against code size: kept whole, and never in the way."""

import pytest

from course_utils import plots, rate_distortion

PCA = {"PCA": ([1, 2, 4], [22.0, 20.0, 17.0])}
BENT = {"nonlinear": ([2], [15.5])}


def test_a_later_lesson_finds_the_curves_of_an_earlier_one(cache):
    rate_distortion.add(PCA, lesson=2, source="strokes")
    found = rate_distortion.add(BENT, lesson=4, source="strokes")
    assert found == {
        "PCA (02)": ([1, 2, 4], [22.0, 20.0, 17.0]),
        "nonlinear (04)": ([2], [15.5]),
    }


def test_an_earlier_lesson_does_not_see_a_later_one(cache):
    rate_distortion.add(BENT, lesson=4, source="strokes")
    assert list(rate_distortion.add(PCA, lesson=2, source="strokes")) == ["PCA (02)"]


def test_digits_of_another_source_are_another_chart(cache):
    rate_distortion.add(PCA, lesson=2, source="mnist")
    assert list(rate_distortion.add(BENT, lesson=4, source="strokes")) == [
        "nonlinear (04)"
    ]


def test_a_lesson_that_is_run_again_replaces_its_curves(cache):
    rate_distortion.add({"old name": ([1], [2.0])}, lesson=2, source="strokes")
    assert list(rate_distortion.add(PCA, lesson=2, source="strokes")) == ["PCA (02)"]
    assert len(list((cache / "rate_distortion").iterdir())) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b"3", b'{"PCA": 3}', b'{"PCA": [[1], ["a"]]}',
     b'{"PCA": [[1, 2], [3]]}', b'{"PCA": [[1], [null]]}', b'{"PCA": [[1]]}'],
)  # fmt: skip
def test_a_broken_file_is_passed_over(cache, content):
    rate_distortion.add(PCA, lesson=2, source="strokes")
    (cache / "rate_distortion" / "strokes-02.json").write_bytes(content)
    found = rate_distortion.add(BENT, lesson=4, source="strokes")
    assert list(found) == ["nonlinear (04)"]


def test_a_cache_that_cannot_be_written_still_shows_what_is_in_it(cache, capsys):
    rate_distortion.add(PCA, lesson=2, source="strokes")
    (cache / "rate_distortion" / "strokes-04.json").mkdir()  # in the way of the file
    found = rate_distortion.add(BENT, lesson=4, source="strokes")
    assert list(found) == ["PCA (02)", "nonlinear (04)"]
    assert "could not be kept" in capsys.readouterr().out


def test_without_a_cache_the_lesson_has_its_own_curves(tmp_path, monkeypatch, capsys):
    (tmp_path / "a file").write_text("not a folder")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "a file"))
    found = rate_distortion.add(PCA, lesson=2, source="strokes")
    assert list(found) == ["PCA (02)"]
    assert "could not be kept" in capsys.readouterr().out


@pytest.mark.parametrize("curve", [([1, 2], [3.0]), ([], []), ([[1]], [[2.0]])])
def test_a_curve_needs_as_many_errors_as_sizes(cache, curve):
    with pytest.raises(ValueError, match=r"same length.*Received: PCA"):
        rate_distortion.add({"PCA": curve}, lesson=2, source="strokes")


@pytest.mark.parametrize("curve", [([0], [3.0]), ([1], [0.0]), ([1], [float("nan")])])
def test_a_curve_fits_logarithmic_axes(cache, curve):
    with pytest.raises(ValueError, match=r"positive.*Received: PCA"):
        rate_distortion.add({"PCA": curve}, lesson=2, source="strokes")


def test_the_chart_tells_every_curve_apart():
    curves = {f"curve {i}": ([2, 4], [20.0 - i, 10.0]) for i in range(20)}
    figure = rate_distortion.chart(curves, alt="twenty curves")
    assert isinstance(figure, plots.Figure)
    drawn = figure.axes[0].lines
    looks = {(line.get_color(), line.get_marker()) for line in drawn}
    assert len(looks) == 20

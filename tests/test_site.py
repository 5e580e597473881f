"""The site for those who only read: what is on its pages, and that links lead there."""

from pathlib import Path

import nbformat
import pytest

from course_utils.build import colab, notebooks
from course_utils.site import links, pages

ROOT = Path(__file__).parents[1]
SOLVED = sorted((ROOT / "solutions").glob("*.ipynb"))


def shown(data):
    """Returns the page cell of a cell that shows one output."""
    cell = nbformat.v4.new_code_cell("figure")
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    return pages.lesson(nbformat.v4.new_notebook(cells=[cell])).cells[0]


def test_a_figure_keeps_its_picture_and_its_alt_text():
    cell = shown({"image/png": "iVBO", "text/html": "x", "text/plain": "Figure: A\n5"})
    assert cell.outputs[0].data == {"image/png": "iVBO"}
    assert cell.metadata == {"mystnb": {"image": {"alt": "A 5"}}}


def test_a_widget_is_shown_as_its_picture_with_a_sentence():
    view = "application/vnd.jupyter.widget-view+json"
    text = "Figure to play with: A 5"
    cell = shown({view: {}, "image/png": "iVBO", "text/plain": text})
    assert cell.outputs[0].data == {"image/png": "iVBO"}
    assert cell.metadata.mystnb.image.alt == "A 5"
    assert "In a running notebook" in cell.metadata.mystnb.figure.caption


def test_a_picture_without_a_text_is_refused():
    with pytest.raises(ValueError, match="Received"):
        shown({"image/png": "iVBO", "text/plain": "<Figure size 640x480>"})


@pytest.mark.parametrize("path", SOLVED, ids=lambda path: path.stem)
def test_every_lesson_has_a_page_without_the_set_up_of_colab(path):
    stored = notebooks.load(path)
    page = pages.lesson(notebooks.load(path))
    assert not any(colab.is_set_up(cell) for cell in page.cells)
    with_picture = [
        cell
        for cell in stored.cells
        if any("image/png" in o.get("data", {}) for o in cell.get("outputs", []))
    ]
    described = [cell for cell in page.cells if "mystnb" in cell.metadata]
    assert len(described) == len(with_picture) > 0


def test_the_readme_becomes_a_page_whose_links_stay_inside():
    page = pages.instructors("# Title\n\n[00](notebooks/a.ipynb) ![x](.github/b.png)\n")
    assert page == "# For instructors\n\n[00](lessons/a.ipynb) ![x](b.png)\n"


@pytest.fixture
def site(tmp_path):
    """Returns a folder with two pages whose links all lead somewhere."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "a.png").touch()
    (tmp_path / "index.html").write_text(
        '<a href="lessons/00.html#goal">00</a> <a href="#">top</a>'
        '<a href="https://example.org/">elsewhere</a> <h1 id="top">Course</h1>'
    )
    (tmp_path / "lessons" / "00.html").write_text(
        '<h2 id="goal">Goal</h2> <a href="../index.html#top">back</a>'
        '<img src="a.png"> <img src="data:image/png;base64,iVBO">'
    )
    return tmp_path


def test_a_whole_site_has_no_broken_links_and_others_are_listed(site):
    assert links.broken(site) == []
    assert links.external(site) == ["https://example.org/"]


WRONG = {
    '<a href="02.html">next</a>': "no 02.html",
    '<a href="../index.html#end">end</a>': "no ../index.html#end",
    '<a href="#end">end</a>': "no #end",
    '<img src="b.png">': "no b.png",
    '<script src="https://cdn.example.org/m.js"></script>': "loads https://cdn",
    '<link href="//fonts.example.org/f.css">': "loads //fonts",
}


@pytest.mark.parametrize("html", WRONG)
def test_a_link_that_leads_nowhere_is_named(site, html):
    (site / "lessons" / "01.html").write_text(html)
    (problem,) = links.broken(site)
    assert WRONG[html] in problem
    assert problem.startswith("lessons/01.html: ")

"""Nobody is left out: texts for pictures, order of headings, colours that differ."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from skimage import color

from course_utils import plots, widgets

ROOT = Path(__file__).parents[1]
SOLVED = sorted((ROOT / "solutions").glob("[0-9]*.ipynb"))
# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB.
EYES = {
    "all three cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
APART = 10  # CIEDE2000; 1 is just seen


@pytest.fixture(params=SOLVED, ids=lambda path: path.stem)
def cells(request):
    return json.loads(request.param.read_text())["cells"]


def outputs_of(cells):
    return [output for cell in cells for output in cell.get("outputs", [])]


def test_every_stored_picture_has_a_text(cells):
    shown = [o["data"] for o in outputs_of(cells) if "image/png" in o.get("data", {})]
    assert shown
    for data in shown:
        alt = re.search(r'<img alt="([^"]+)"', "".join(data["text/html"]))[1]
        assert len(alt.split()) >= 4, f"a text that says more than: {alt}"


def test_no_text_of_a_picture_has_digits_that_nobody_reads(cells):
    for output in outputs_of(cells):
        text = "".join(output.get("data", {}).get("text/html", ""))
        for alt in re.findall(r'<img alt="([^"]+)"', text):
            assert not re.search(r"\d\.\d{4}", alt), alt


def test_every_picture_is_read_aloud_before_the_next_heading(cells):
    for i, cell in enumerate(cells):
        shown = [o for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
        if shown and "widgets.Explorer(" not in "".join(cell["source"]):
            texts = (c for c in cells[i + 1 :] if c["cell_type"] == "markdown")
            text = "".join(next(texts)["source"])
            assert not text.startswith("#"), f"no word about the picture above {text}"


def test_every_stored_widget_says_how_to_bring_it_to_life(cells):
    for cell in cells:
        if "widgets.Explorer(" in "".join(cell["source"]):
            [output] = cell["outputs"]
            assert widgets.STILL in "".join(output["data"]["text/html"])


def test_no_stored_output_needs_a_kernel(cells):
    for output in outputs_of(cells):
        assert widgets.VIEW not in output.get("data", {})


def test_links_say_where_they_lead(cells):
    for cell in cells:
        for text in re.findall(r"(?<!!)\[([^\]]*)\]\(", "".join(cell["source"])):
            if cell["cell_type"] == "markdown":
                assert text.strip().lower() not in ("", "here", "link", "this")


def seen(colour, eye):
    """Returns how a colour looks to an eye, in CIELAB."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    left = np.clip(np.array(EYES[eye]) @ linear, 0, 1)
    back = np.where(left <= 0.0031308, left * 12.92, 1.055 * left ** (1 / 2.4) - 0.055)
    return color.rgb2lab(back)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("palette", ["SERIES", "CLASSES"])
def test_colours_can_be_told_apart(palette, eye):
    colours = [seen(colour, eye) for colour in getattr(plots, palette)]
    pairs = itertools.combinations(colours, 2)
    assert min(float(color.deltaE_ciede2000(a, b)) for a, b in pairs) > APART


def test_the_simulation_finds_what_the_colour_blind_confuse():
    """Grey and rose of one lightness, as ten classes of ours once had them."""
    grey, rose = (seen(colour, "protanopia") for colour in ("#777777", "#CC6677"))
    assert color.deltaE_ciede2000(grey, rose) < 2
    grey, rose = (seen(colour, "all three cones") for colour in ("#777777", "#CC6677"))
    assert color.deltaE_ciede2000(grey, rose) > APART

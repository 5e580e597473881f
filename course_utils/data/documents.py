"""Pages of text: drawn by the kit, one real scan, and real pairs where present."""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.data.cache import local_copies

FONTS = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono",
    "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "STIXGeneral",
    "STIXGeneralItalic", "STIXGeneralBol", "cmss10", "cmtt10",
)  # fmt: skip
TEXT = (
    "a in of to the and is we it on as by for with from this that page paper ink "
    "light shadow stain crease letter line word text print scan clean noise picture "
    "model learns draws again what was there before somebody spilt coffee over old "
    "letters; folded twice, forgotten in a drawer. Every reader knows how an e looks "
    "even where it is grey and half gone (see page 7). The quick brown fox jumps over "
    "lazy dogs, while five boxing wizards judge my vow: quartz, sphinx, Xylophone! "
    "Between 1890 and 1925 about 3,460 of them were written by hand? No: 58 % were "
    "typed. Keep It Dry. Zero Unless Stated. A Good Machine Reads Back, Never Guesses."
)


@dataclass(frozen=True)
class DocumentPairs:
    """Damaged scans beside the clean pages, in the same order.

    Attributes:
        damaged: Tuple of float32 arrays of shape `(height, width, 1)`, in [0, 1];
            sizes differ.
        clean: Tuple of float32 arrays, each of the shape of its damaged page.
        names: Tuple of strings, the files.
    """

    damaged: tuple
    clean: tuple
    names: tuple

    def __len__(self):
        return len(self.names)


def load_pages(n, height=96, width=96, seed=0):
    """Draws pieces of printed pages, black text on white paper.

    Each piece has one of twelve fonts that come with matplotlib, one size, and
    lines of words in random order that run over the edges.

    Args:
        n: Integer, how many pieces.
        height: Integer, pixels.
        width: Integer, pixels.
        seed: Integer. Asking for fewer with the same seed gives the same first ones.

    Returns:
        Float32 array of shape `(n, height, width, 1)`, 0 is ink, 1 is paper.

    Raises:
        ValueError: If a number is below one.
    """
    if min(n, height, width) < 1:
        raise ValueError(
            "Expected at least one page of at least one pixel. "
            f"Received: n={n}, height={height}, width={width}"
        )
    rng = np.random.default_rng(seed)
    pages = np.stack([_draw_page(height, width, rng) for _ in range(n)])
    return pages[..., None].astype("float32") / 255


def load_scan():
    """Returns a real scan in bad light; nobody has a clean version of it.

    It is `page` of scikit-image: a photographed page of that library's manual. It
    lies in the installed package, so no network is needed.

    Returns:
        Float32 array of shape `(191, 384, 1)`, in [0, 1].
    """
    from skimage import data

    return data.page()[..., None].astype("float32") / 255


def load_document_pairs():
    """Returns real pages, damaged and clean, if this machine has them.

    Looks for the PNG files of the same name in `documents/train` and
    `documents/train_cleaned` of the folder named by `COURSE_DATA`, which is only
    read. Never touches the network. Licence: CC BY 4.0.

    Returns:
        `DocumentPairs`, empty where there are none.

    Raises:
        ValueError: If the two pages of a pair differ in size.

    Source:
        Zamora-Martínez, España-Boquera & Castro-Bleda, "Behaviour-based clustering
        of neural networks applied to document enhancement" (2007): NoisyOffice;
        also Kaggle's "Denoising Dirty Documents".
    """
    folder = (local_copies() or Path()) / "documents"
    damaged, clean, names = [], [], []
    for path in sorted(folder.glob("train/*.png")) if local_copies() else ():
        twin = folder / "train_cleaned" / path.name
        if twin.exists():
            damaged.append(_read_grey(path))
            clean.append(_read_grey(twin))
            names.append(path.name)
            _require_same_size(path, damaged[-1], clean[-1])
    return DocumentPairs(tuple(damaged), tuple(clean), tuple(names))


def _draw_page(height, width, rng):
    from PIL import Image, ImageDraw

    size = int(rng.integers(10, 31))
    font = _font(FONTS[rng.integers(len(FONTS))], size)
    sheet = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(sheet)
    y = -rng.uniform(0, size)
    while y < height:
        words = TEXT.split() if rng.uniform() < 0.95 else ("",)
        count = 2 + 2 * width // size
        line = " ".join(words[i] for i in rng.integers(len(words), size=count))
        pen.text((-rng.uniform(0, 3 * size), y), line, fill=0, font=font)
        y += size * rng.uniform(1.15, 1.6)
    return np.asarray(sheet)


def _line(count, rng):
    words = TEXT.split()
    chosen = " ".join(words[i] for i in rng.integers(len(words), size=count))
    return chosen if rng.uniform() < 0.95 else ""


@functools.cache
def _font(name, size):
    import matplotlib
    from PIL import ImageFont

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    layout = ImageFont.Layout.BASIC
    return ImageFont.truetype(str(folder / f"{name}.ttf"), size, layout_engine=layout)


def _read_grey(path):
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("L"), "float32")[..., None] / 255


def _require_same_size(path, damaged, clean):
    if damaged.shape != clean.shape:
        raise ValueError(
            f"Expected a clean page of the same size as {path}. "
            f"Received: {damaged.shape} and {clean.shape}"
        )

"""Data of the course: `load_*` ships with the kit, `fetch_*` may use the network."""

from course_utils.data.ancestry import Genotypes, simulate_genotypes
from course_utils.data.characters import (
    Characters,
    draw_character,
    load_characters,
)
from course_utils.data.digits import load_digits
from course_utils.data.documents import (
    DocumentPairs,
    load_document_pairs,
    load_pages,
    load_scan,
)
from course_utils.data.idx import Images, fetch_fashion_mnist, fetch_mnist
from course_utils.data.strokes import Strokes, load_strokes

__all__ = [
    "Characters",
    "DocumentPairs",
    "Genotypes",
    "Images",
    "Strokes",
    "draw_character",
    "fetch_fashion_mnist",
    "fetch_mnist",
    "load_characters",
    "load_digits",
    "load_document_pairs",
    "load_pages",
    "load_scan",
    "load_strokes",
    "simulate_genotypes",
]

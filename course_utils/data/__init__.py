"""Data of the course: `load_*` ships with the kit, `fetch_*` may use the network."""

from course_utils.data.digits import load_digits
from course_utils.data.idx import Images, fetch_fashion_mnist, fetch_mnist
from course_utils.data.strokes import Strokes, load_strokes

__all__ = [
    "Images",
    "Strokes",
    "fetch_fashion_mnist",
    "fetch_mnist",
    "load_digits",
    "load_strokes",
]

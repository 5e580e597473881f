"""Checks the links of a folder of HTML pages, without a network."""

from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urlsplit

# What a page loads to be shown; a link is only followed if the reader wants to.
LOADED = {"img": "src", "script": "src", "link": "href", "source": "src"}


def broken(folder):
    """Finds what leads nowhere, and what a page would load from another place.

    Args:
        folder: `Path` of the site.

    Returns:
        List of strings, a sentence for each; empty if all is well.
    """
    problems = []
    for path, tag, target in _targets(folder):
        where = path.relative_to(folder)
        if _is_elsewhere(target):
            if tag in LOADED:
                problems.append(f"{where}: loads {target}, from another place")
        elif not _leads_somewhere(path, target):
            problems.append(f"{where}: no {target}")
    return problems


def external(folder):
    """Lists the links to other places; whether they are alive is not checked.

    Args:
        folder: `Path` of the site.

    Returns:
        Sorted list of strings.
    """
    return sorted({t for _, _, t in _targets(folder) if _is_elsewhere(t)})


def _targets(folder):
    return [
        (path, tag, target)
        for path in sorted(folder.rglob("*.html"))
        for tag, target in _parsed(path).targets
        if not target.startswith(("data:", "mailto:"))
    ]


def _is_elsewhere(target):
    return bool(urlsplit(target).netloc)


def _leads_somewhere(path, target):
    name, anchor = urldefrag(target)
    there = path.parent / unquote(urlsplit(name).path) if name else path
    there = there / "index.html" if there.is_dir() else there
    if not there.is_file():
        return False
    return not anchor or unquote(anchor) in _parsed(there).anchors


@cache
def _parsed(path):
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.anchors, self.targets = set(), []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found[key] for key in ("id", "name") if found.get(key)}
        target = found.get("href" if tag == "a" else LOADED.get(tag))
        if target:
            self.targets.append((tag, target))

"""Puts the data in place, so that no lesson ever needs the network."""

from course_utils import data


def add_arguments(parser):
    """Adds the options of `python -m course_utils fetch` to a parser."""
    parser.add_argument(
        "--no-network", dest="network", action="store_false", help="only look"
    )
    parser.add_argument("--fashion", action="store_true", help="Fashion-MNIST too")


def main(chosen):
    """Draws the embedded digits into the cache, and fetches MNIST if it can.

    Args:
        chosen: Parsed options, as `add_arguments` describes them.

    Returns:
        Integer, the exit code: 0 with MNIST or without it, because every lesson
        works without; 1 if a file is there but is not the original.
    """
    wanted = {"MNIST": data.fetch_mnist}
    if chosen.fashion:
        wanted["Fashion-MNIST"] = data.fetch_fashion_mnist
    data.load_strokes()
    try:
        for name, fetch in wanted.items():
            print(_fetched(name, fetch, chosen.network))
    except ValueError as error:
        print(error)
        return 1
    return 0


def _fetched(name, fetch, network):
    try:
        fetch(network)
    except (FileNotFoundError, ConnectionError) as error:
        why = error if network else "not looked for on the network"
        return f"No {name} ({why}). The embedded digits serve: every lesson works."
    return f"{name} is here."

"""Makes a static site of the solved lessons, for those who only read.

The command line only; what it needs (Sphinx and its extensions) is imported when it
runs.
"""

import shutil
import subprocess
import sys

from course_utils.build import ROOT
from course_utils.site import links, pages


def add_arguments(parser):
    """Adds the arguments of `python -m course_utils site`.

    Args:
        parser: `argparse.ArgumentParser`.
    """
    parser.add_argument(
        "--external", action="store_true", help="list the links to other places"
    )


def main(args):
    """Writes the site to build/site and checks its links.

    Args:
        args: What the parser of `add_arguments` returned.

    Returns:
        Integer exit code: 0 if the site is whole, 1 otherwise.
    """
    source, site = ROOT / "build" / "site-source", ROOT / "build" / "site"
    pages.write(ROOT, source)
    shutil.rmtree(site, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q"]
    command += ["-d", ROOT / "build" / "site-doctrees", "-E", source, site]
    if subprocess.run(command, check=False).returncode:
        print("The site was not made. Is Sphinx there? pip install -e '.[site]'")
        return 1
    problems = links.broken(site)
    for problem in problems:
        print(problem)
    if args.external:
        print(*links.external(site), sep="\n")
    print(f"{site / 'index.html'}: {len(problems)} broken links")
    return 1 if problems else 0

"""Asks axe-core what a blind or a motor-impaired reader would stumble over."""

from pathlib import Path

import axe_playwright_python

SCRIPT = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
RUN = """async () => {
  const found = await axe.run(document.querySelector("%s"),
    {resultTypes: ["violations"], rules: {region: {enabled: false}}});
  return found.violations.flatMap(rule => rule.nodes.map(node => ({
    rule: rule.id, impact: node.impact, html: node.html.slice(0, 300),
    target: node.target.join(" "), why: node.failureSummary})));
}"""


def findings(page, inside):
    """Returns what axe finds in a part of a page, a list of dicts.

    Args:
        page: Playwright's `Page`.
        inside: String, a CSS selector.
    """
    page.evaluate(SCRIPT)
    return page.evaluate(RUN % inside)

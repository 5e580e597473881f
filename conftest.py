"""How nbval runs our notebooks: `pytest --nbval-lax solutions notebooks`."""

import nbformat

SECONDS_PER_CELL = 600


def pytest_configure(config):
    """Takes the Python that runs pytest, and gives each cell a time limit."""
    options = config.option
    if getattr(options, "nbval_lax", False) or getattr(options, "nbval", False):
        options.nbval_current_env = not options.nbval_kernel_name
        options.nbval_cell_timeout = min(options.nbval_cell_timeout, SECONDS_PER_CELL)


def pytest_collectstart(collector):
    """Leaves standard error, and bars that blanked themselves out, uncompared."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("stderr",)
        collector.sanitize_patterns[r"[ \r]*\r\Z"] = ""


def pytest_collection_modifyitems(items):
    """Expects of every check in a blank notebook that it says "not written yet".

    The students' notebooks are stored without outputs, so that nbval would compare
    nothing; we give it what a blank must print.
    """
    for item in items:
        exercise = getattr(item, "cell", {}).get("metadata", {}).get("course")
        if exercise and item.path.parent.name == "notebooks":
            _expect_blank(item.cell, exercise)


def _expect_blank(cell, exercise):
    if "nbval-check-output" in cell.metadata.get("tags", []):
        from course_utils.checks.engine import Verdict

        assignment = exercise["kind"] == "assignment"
        verdict = Verdict(exercise["name"], "blank", assignment=assignment)
        cell.execution_count = 1
        cell.outputs = [
            nbformat.v4.new_output("stream", name="stdout", text=f"{verdict}\n")
        ]

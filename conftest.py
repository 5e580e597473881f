"""How nbval runs our notebooks: `pytest --nbval-lax solutions notebooks`."""

SECONDS_PER_CELL = 300


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

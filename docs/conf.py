"""Sphinx settings of the pages for those who only read: `make site`."""

project = "Autoencoders: a course of notebooks"
extensions = ["myst_nb", "sphinx-mathjax-offline"]
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the stored outputs are shown; nothing runs
nb_merge_streams = True
html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False  # the README says it: code MIT, prose CC BY 4.0

"""Helpers of the autoencoder course: data, losses, models, plots and checks.

The modules stand on four floors and import only downwards:

    3  build, grading, site, fetch, install     for those who teach and keep the kit
    2  checks, widgets           is an answer right; interactive figures
    1  models, training          keras models; fit with progress and schedule
    0  data, corruptions, losses, layers, autodiff, metrics, plots, progress,
       stop_button, rate_distortion, memory
"""

import logging
import os

from course_utils import memory

# TensorFlow greets on standard error, which a notebook paints red. oneDNN makes no
# lesson faster (measured), and without it a run can be repeated to the last digit.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# And it warns on standard output, where a lesson trains several models in a row.
logging.getLogger("tensorflow").addFilter(lambda r: r.levelno >= logging.ERROR)
memory.tune_the_allocator()

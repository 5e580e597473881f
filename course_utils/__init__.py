"""Helpers of the autoencoder course: data, losses, models, plots and checks.

The modules stand on four floors and import only downwards:

    3  build, grading, site, fetch, install     for those who teach and keep the kit
    2  checks, widgets           is an answer right; interactive figures
    1  models, training          keras models; fit with progress and schedule
    0  data, corruptions, losses, layers, autodiff, metrics, plots, progress,
       rate_distortion, memory
"""

import contextlib
import ctypes
import logging
import os

# TensorFlow greets on standard error, which a notebook paints red. oneDNN makes no
# lesson faster (measured), and without it a run can be repeated to the last digit.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# And it warns on standard output, where a lesson trains several models in a row.
logging.getLogger("tensorflow").addFilter(lambda r: r.levelno >= logging.ERROR)
# The C library of Linux keeps freed arrays for later, up to 32 MB each. Those of 16 MB
# and more (10,000 pictures have 31) shall go back at once: 190 MB less in lesson 04.
with contextlib.suppress(AttributeError, OSError, TypeError):  # other systems
    ctypes.CDLL(None).mallopt(-3, 16 << 20)  # -3 is M_MMAP_THRESHOLD

"""Scores of pictures and codes: plain arrays in, plain numbers out.

The libraries behind them are imported where they are used, so that importing this
package is instant.
"""

from course_utils.metrics.ancestry import ancestry_error, match_columns
from course_utils.metrics.codes import linear_probe_accuracy
from course_utils.metrics.pca import PCA
from course_utils.metrics.pictures import psnr, psnr_inside, ssim

__all__ = [
    "PCA",
    "ancestry_error",
    "linear_probe_accuracy",
    "match_columns",
    "psnr",
    "psnr_inside",
    "ssim",
]

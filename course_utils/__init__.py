"""Helpers of the autoencoder course: data, losses, models, plots and checks.

The modules stand on four floors and import only downwards:

    3  build                     make the notebook pairs
    2  checks, widgets           is an answer right; interactive figures
    1  models, training          keras models; fit with progress and schedule
    0  data, corruptions, losses, layers, autodiff, metrics, plots, progress
"""

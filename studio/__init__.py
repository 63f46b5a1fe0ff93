"""Batchcast: a desktop studio in which one producer makes podcasts by the hundred."""

__version__ = "0.1.0"

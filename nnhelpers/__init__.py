"""Simulations, training engine, figures and live panels behind the notebook series."""

__version__ = "0.1.0"

from nnhelpers import startup

startup.hush_matplotlib()
# Keras may be imported without our help.
startup.prefer_portable_arithmetic()

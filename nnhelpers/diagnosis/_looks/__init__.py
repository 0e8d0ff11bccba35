"""Measurements of data, a network and its training, and their judges."""

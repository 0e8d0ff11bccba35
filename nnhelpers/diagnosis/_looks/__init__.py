"""Measurements of data, a network and its training: plain records of numbers."""

"""Drawings over the layers of deep networks."""

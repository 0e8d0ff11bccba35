"""Drawings by layer of deep networks."""

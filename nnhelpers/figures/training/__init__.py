"""Drawings of trained networks."""

"""Drawings of random units."""

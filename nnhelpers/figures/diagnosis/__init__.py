"""Figures of examined networks."""

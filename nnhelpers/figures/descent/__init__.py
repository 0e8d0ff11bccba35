"""Drawings of gradient descent."""

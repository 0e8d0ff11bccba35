"""Gradient descent in small networks, step by step."""

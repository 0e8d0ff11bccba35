"""Untrained deep networks, layer by layer."""

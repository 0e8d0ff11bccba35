"""Drawings of batch norm."""

"""Batch norm: one batch and many, moving statistics, dropout before it, its kernel, the loss."""

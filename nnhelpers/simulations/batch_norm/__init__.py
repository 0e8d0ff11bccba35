"""Batch norm: one batch and many, moving statistics, dropout, the kernel before it, the loss."""

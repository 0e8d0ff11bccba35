"""Batch norm: one batch, one example in many batches, moving statistics, and dropout before it."""

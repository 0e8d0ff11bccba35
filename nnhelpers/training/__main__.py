"""Compile the training loop in advance: ``python -m nnhelpers.training``."""

from nnhelpers.training import prepare

prepare()

"""Compile the training loop before anyone waits for it: ``python -m nnhelpers.training``."""

from nnhelpers.training import prepare

prepare()

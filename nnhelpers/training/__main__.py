"""Compile the training loop before anyone waits for it: ``python -m nnhelpers.training``."""

from nnhelpers.training._engine.compiled import training_loop

training_loop()

"""Keras and TensorFlow, started quietly; every module that needs them takes them from here."""

from nnhelpers import startup

startup.prefer_portable_arithmetic()
with startup.quiet_stderr():
    import keras
    import tensorflow as tf

    # The first operation, and the first compiled one, print start-up lines too.
    tf.function(tf.zeros, jit_compile=True)(1)


__all__ = ["keras", "tf"]

"""Keras and TensorFlow, started quietly, for all modules that need them."""

import importlib.util
import os

from nnhelpers import startup


def _check_installed() -> None:
    missing = [name for name in ("keras", "tensorflow") if importlib.util.find_spec(name) is None]
    if missing:
        raise ImportError(
            f"nnhelpers.models needs {' and '.join(missing)}, which is not installed: "
            'pip install "nnhelpers[keras]"; simulations, training and panels work without'
        )


def _check(backend: str) -> None:
    if backend != "tensorflow":
        raise ImportError(
            "nnhelpers.models needs Keras on TensorFlow, but Keras's backend is set to "
            f"{backend!r} (by KERAS_BACKEND or ~/.keras/keras.json): "
            "start Python again with KERAS_BACKEND=tensorflow"
        )


_check_installed()
# Before Keras starts, which may fail because another backend is missing.
_check(os.environ.get("KERAS_BACKEND") or "tensorflow")
startup.prefer_portable_arithmetic()
with startup.quiet_stderr():
    import keras

    _check(keras.backend.backend())
    import tensorflow as tf

    # The first operation, and the first compiled one, print start-up lines too.
    tf.function(tf.zeros, jit_compile=True)(1)


__all__ = ["keras", "tf"]

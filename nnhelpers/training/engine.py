"""The training loop, compiled once per architecture by XLA, for a block of networks at a time.

Arrays have the layout (draw, unit, example): the long axis is last, so the processor works on
neighbouring numbers, and layers with few inputs become broadcast products and sums.
"""

import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.models.backend import keras, tf
from nnhelpers.training.optimizers import RULES

# Up to these sizes a layer is cheaper as unrolled products than as a matrix product (measured):
# the call of a matrix product pays off sooner for a block of networks with many examples.
_UNROLLED_IN_BLOCK = 2
_UNROLLED_ALONE = 8
_MANY_EXAMPLES = 64

# Snapshots that one call can record: enough for a short run to need a single call.
SLOTS = 64

_traces: Counter = Counter()


@dataclass(frozen=True, kw_only=True)
class Program:
    """What the loop is compiled for; everything else is an input at run time.

    Attributes
    ----------
    activation : str
        Keras name of the hidden activation.
    algorithm : str
        A key of `optimizers.RULES`.
    layer_sizes : tuple of (int, int)
        (fan_in, fan_out) of each layer.
    n_examples : int
    batch_size : int or None
        None for the full batch.
    """

    activation: str
    algorithm: str
    layer_sizes: tuple[tuple[int, int], ...]
    n_examples: int
    batch_size: int | None

    @property
    def n_outputs(self) -> int:
        """Units of the output layer."""
        return self.layer_sizes[-1][1]

    @property
    def widest(self) -> int:
        """Units of the widest layer, the input included."""
        return max(max(sizes) for sizes in self.layer_sizes)


def compiled_traces() -> int:
    """Return how often a training loop was traced, and so compiled, in this process."""
    return sum(_traces.values())


def batch_order(*, n_examples: int, epochs: int, seed: int) -> NDArray[np.int32]:
    """Return the order in which mini-batches take the examples.

    Returns
    -------
    array of shape (epochs, n_examples)
        A permutation for each epoch; batches are consecutive pieces of it.
    """
    rng = np.random.default_rng([seed, n_examples])
    rows = np.tile(np.arange(n_examples, dtype=np.int32), (epochs, 1))
    return rng.permuted(rows, axis=1)


@functools.cache
def compile_loop(program: Program, *, networks: int) -> Callable[..., dict]:
    """Return the compiled loop of a program for a block of `networks`, traced at its first call.

    The loop takes keyword tensors, with d networks and S = `SLOTS`:

    - ``state``: a list of kernels (d, fan_in, units) and biases (d, units), alternating; for each
      of them a tuple of optimizer arrays of its shape; and, (d,) int32, the first step with a
      weight that is not finite, 0 for none;
    - ``X`` (n_features, n_examples), ``y`` (n_examples,), ``offset``, ``scale`` and
      ``learning_rate`` (d,), ``constants`` of the optimizer;
    - ``order``: (epochs, steps, batch) int32 for mini-batches, padded with n_examples;
    - ``due``: (S + 1,) int32, epochs at which to start, record, ..., record and stop;
    - ``n_due``: how many of the S records to make; ``base``: the epoch of ``order``'s first row.

    It returns the new ``state``, and records of ``weights``, ``loss`` and ``accuracy`` with a
    leading axis of size S.
    """
    # A partial, because TensorFlow warns when one function is traced for several architectures.
    return tf.function(functools.partial(_loop, program), jit_compile=True, autograph=False)


def _loop(program, state, X, y, offset, scale, learning_rate, constants, **when):
    _traces[program] += 1
    members = _Members(program, X, y, offset, scale)
    step = functools.partial(_step, program, members, learning_rate, constants, when)
    due, steps_per_epoch = when["due"], _steps_per_epoch(when["order"])

    def record(slot, state, records):
        _, state = tf.while_loop(
            lambda t, _: t < due[slot + 1] * steps_per_epoch,
            lambda t, state: (t + 1, step(t, state)),
            (due[slot] * steps_per_epoch, state),
        )
        values = [*state[0], *members.evaluate(state[0])]
        records = [r.write(slot, v) for r, v in zip(records, values, strict=True)]
        return slot + 1, state, records

    empty = [_records(array) for array in (*state[0], offset, offset)]
    _, state, records = tf.while_loop(
        lambda slot, *_: slot < when["n_due"],
        record,
        (0, state, empty),
    )
    *weight_records, loss, accuracy = [r.stack() for r in records]
    return {"state": state, "weights": weight_records, "loss": loss, "accuracy": accuracy}


class _Members:
    """A block of networks and the data as each of them sees it."""

    def __init__(self, program: Program, X, y, offset, scale) -> None:
        self._activation = keras.activations.get(program.activation)
        self._n_outputs = program.n_outputs
        self._offset, self._scale = offset[:, None, None], scale[:, None, None]
        self._X, self._y = X, y
        self._own_X = self._seen(X)

    def _seen(self, X):
        return X[None] * self._scale + self._offset

    def whole(self):
        return self._own_X, self._y, None

    def batch(self, rows):
        """Pick examples; the number n_examples stands for padding and counts nothing."""
        n_examples = self._X.shape[1]
        present = tf.cast(rows < n_examples, tf.float32)
        picked = tf.minimum(rows, n_examples - 1)
        X = tf.gather(self._X, picked, axis=1)
        return self._seen(X), tf.gather(self._y, picked), present / tf.reduce_sum(present)

    def logits(self, weights, X):
        values = X
        for kernel, bias in zip(weights[0:-2:2], weights[1:-2:2], strict=True):
            values = self._activation(_dense(kernel, bias, values))
        return _dense(weights[-2], weights[-1], values)

    def losses(self, logits, y):
        """Cross-entropy of shape (d, n_examples)."""
        if self._n_outputs == 1:
            margin = logits[:, 0, :] * (1 - 2 * y)
            return tf.nn.softplus(margin)
        correct = tf.one_hot(tf.cast(y, tf.int32), self._n_outputs, axis=0)
        return tf.reduce_logsumexp(logits, axis=1) - tf.reduce_sum(logits * correct, axis=1)

    def evaluate(self, weights):
        """Loss and accuracy of each network on all examples, each of shape (d,)."""
        logits = self.logits(weights, self._own_X)
        loss = tf.reduce_mean(self.losses(logits, self._y), axis=1)
        if self._n_outputs == 1:
            predicted = tf.cast(logits[:, 0, :] > 0, tf.float32)
        else:
            predicted = tf.cast(tf.argmax(logits, axis=1), tf.float32)
        accuracy = tf.reduce_mean(tf.cast(predicted == self._y, tf.float32), axis=1)
        return loss, tf.where(tf.math.is_finite(loss), accuracy, np.nan)


def _step(program, members, learning_rate, constants, schedule, t, state):
    weights, slots, diverged = state
    X, y, shares = _batch(program, members, schedule, t)
    with tf.GradientTape() as tape:
        tape.watch(weights)
        losses = members.losses(members.logits(weights, X), y)
        means = tf.reduce_mean(losses, 1) if shares is None else tf.reduce_sum(losses * shares, 1)
        total = tf.reduce_sum(means)
    rule = RULES[program.algorithm]
    updated = [
        rule.update(weight, gradient, slot, _like(learning_rate, weight), constants, t + 1)
        for weight, gradient, slot in zip(
            weights, tape.gradient(total, weights), slots, strict=True
        )
    ]
    new_weights = [weight for weight, _ in updated]
    broken = ~functools.reduce(tf.logical_and, map(_finite, new_weights)) & (diverged == 0)
    return new_weights, [slot for _, slot in updated], tf.where(broken, t + 1, diverged)


def _finite(weight):
    return tf.reduce_all(tf.math.is_finite(weight), axis=list(range(1, weight.shape.rank)))


def _batch(program, members, schedule, t):
    if program.batch_size is None:
        return members.whole()
    epochs, steps, batch_size = schedule["order"].shape
    batches = tf.reshape(schedule["order"], (epochs * steps, batch_size))
    # A gather, because XLA would compile a slice anew for every value of `base`.
    return members.batch(tf.gather(batches, t - schedule["base"] * steps))


def _steps_per_epoch(order) -> int:
    return 1 if order is None else order.shape[1]


def _dense(kernel, bias, values):
    """Kernels (d, fan_in, units) times values (d, fan_in, n) plus biases: (d, units, n)."""
    networks, fan_in, units = kernel.shape
    large = networks > 1 and values.shape[-1] >= _MANY_EXAMPLES
    if max(fan_in, units) <= (_UNROLLED_IN_BLOCK if large else _UNROLLED_ALONE):
        products = [kernel[:, i, :, None] * values[:, i, None, :] for i in range(fan_in)]
        return functools.reduce(tf.add, products, bias[:, :, None])
    return tf.matmul(kernel, values, transpose_a=True) + bias[:, :, None]


def _like(per_member, weight):
    return tf.reshape(per_member, [-1] + [1] * (weight.shape.rank - 1))


def _records(array) -> tf.TensorArray:
    return tf.TensorArray(array.dtype, size=SLOTS, element_shape=array.shape)

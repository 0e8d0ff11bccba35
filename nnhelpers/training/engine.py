"""The training loop, compiled once per architecture by XLA, for a block of networks at a time.

Arrays have the layout (draw, unit, example): the long axis is last, so the processor works on
neighbouring numbers, and layers with few inputs become broadcast products and sums.
"""

import functools
from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnhelpers.models.backend import tf
from nnhelpers.training._members import Members, mean
from nnhelpers.training.optimizers import RULES
from nnhelpers.training.program import Program

# Snapshots that one call can record: enough for a short run to need a single call.
SLOTS = 64


_traces: Counter = Counter()


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

    - ``state``: a list of arrays, kernels (d, fan_in, units) and all others (d, units), named by
      `Program.names`; for each of them a tuple of optimizer arrays of its shape, empty for moving
      moments; and, (d,) int32, the first step with a weight that is not finite, 0 for none;
    - ``X`` (n_features, n_examples), ``y`` (n_examples,), ``offset``, ``scale`` and
      ``learning_rate`` (d,), ``constants`` of the optimizer, ``batch_norm`` momentum and epsilon;
    - ``order``: (epochs, steps, batch) int32 for mini-batches, padded with n_examples;
    - ``due``: (S + 1,) int32, epochs at which to start, record, ..., record and stop;
    - ``n_due``: how many of the S records to make; ``base``: the epoch of ``order``'s first row.

    It returns the new ``state``, and records of ``weights``, ``loss`` and ``accuracy`` with a
    leading axis of size S; with batch norm also of ``training_loss``.
    """
    # A partial, because TensorFlow warns when one function is traced for several architectures.
    return tf.function(functools.partial(_loop, program), jit_compile=True, autograph=False)


def _loop(program, state, learning_rate, constants, **when):
    _traces[program] += 1
    offset, seen = when["offset"], ("X", "y", "offset", "scale", "batch_norm")
    members = Members(program, **{name: when.pop(name) for name in seen})
    step = functools.partial(_step, program, members, learning_rate, constants, when)
    due, steps_per_epoch = when["due"], _steps_per_epoch(when["order"])

    def record(slot, state, records):
        _, state = tf.while_loop(
            lambda t, _: t < due[slot + 1] * steps_per_epoch,
            lambda t, state: (t + 1, step(t, state)),
            (due[slot] * steps_per_epoch, state),
        )
        values = [*state[0], *members.evaluate(state[0]).values()]
        records = [r.write(slot, v) for r, v in zip(records, values, strict=True)]
        return slot + 1, state, records

    names = program.evaluated
    empty = [_records(array) for array in (*state[0], *(offset for _ in names))]
    _, state, records = tf.while_loop(
        lambda slot, *_: slot < when["n_due"],
        record,
        (0, state, empty),
    )
    stacked = [r.stack() for r in records]
    evaluated = dict(zip(names, stacked[-len(names) :], strict=True))
    return {"state": state, "weights": stacked[: -len(names)], **evaluated}


def _step(program, members, learning_rate, constants, schedule, t, state):
    weights, slots, diverged = state
    X, y, shares = _batch(program, members, schedule, t)
    learned = [weight for weight, learns in zip(weights, program.trainable, strict=True) if learns]
    with tf.GradientTape() as tape:
        tape.watch(learned)
        logits, moments = members.logits_in_training(weights, X, shares)
        total = tf.reduce_sum(mean(members.losses(logits, y), shares))
    gradients, moved = iter(tape.gradient(total, learned)), iter(members.moved(weights, moments))
    rule, new_weights, new_slots = RULES[program.algorithm], [], []
    for weight, slot, learns in zip(weights, slots, program.trainable, strict=True):
        rate = _like(learning_rate, weight)
        new, kept = (
            rule.update(weight, next(gradients), slot, rate, constants, t + 1)
            if learns
            else (next(moved), ())
        )
        new_weights.append(new)
        new_slots.append(kept)
    broken = ~functools.reduce(tf.logical_and, map(_finite, new_weights)) & (diverged == 0)
    return new_weights, new_slots, tf.where(broken, t + 1, diverged)


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


def _like(per_member, weight):
    return tf.reshape(per_member, [-1] + [1] * (weight.shape.rank - 1))


def _records(array) -> tf.TensorArray:
    return tf.TensorArray(array.dtype, size=SLOTS, element_shape=array.shape)

"""A block of networks inside the compiled loop: forward passes, losses, moments.

Arrays have the layout (draw, unit, example): the long axis is last, so the processor works on
neighbouring numbers, and layers with few inputs become broadcast products and sums.
"""

import functools

import numpy as np

from nnhelpers.models.backend import keras, tf
from nnhelpers.training.program import Program

# Up to these sizes a layer is cheaper as unrolled products than as a matrix product (measured):
# the call of a matrix product pays off sooner for a block of networks with many examples. In a
# block with few, unrolled products would run faster up to 8, but take a third longer to compile.
_UNROLLED_IN_BLOCK = 2
_UNROLLED_IN_SMALL_BLOCK = 4
_UNROLLED_ALONE = 8
_MANY_EXAMPLES = 64


class Members:
    """A block of networks and the data as each of them sees it."""

    def __init__(self, program: Program, X, y, offset, scale, batch_norm) -> None:
        self._program, self._batch_norm = program, batch_norm
        self._activation = keras.activations.get(program.activation)
        self._n_outputs = program.n_outputs
        self._offset, self._scale = offset[:, None, None], scale[:, None, None]
        self._X, self._y = X, y
        self._own_X = self._seen(X)

    def _seen(self, X):
        return X[None] * self._scale + self._offset

    def whole(self):
        """All examples, with their classes; None stands for equal shares."""
        return self._own_X, self._y, None

    def batch(self, rows):
        """Pick examples; the number n_examples stands for padding and counts nothing."""
        n_examples = self._X.shape[1]
        present = tf.cast(rows < n_examples, tf.float32)
        picked = tf.minimum(rows, n_examples - 1)
        X = tf.gather(self._X, picked, axis=1)
        return self._seen(X), tf.gather(self._y, picked), present / tf.reduce_sum(present)

    def logits(self, weights, X):
        """Send examples through in inference mode."""

        def moving(layer, _):
            return layer["moving_mean"], layer["moving_variance"]

        return self._send(weights, X, moving)

    def logits_in_training(self, weights, X, shares):
        """Send a batch through; return its moments in each batch norm, too."""
        moments = []

        def of_batch(_, values):
            moments.append(_moments(values, shares))
            return moments[-1]

        return self._send(weights, X, of_batch), moments

    def _send(self, weights, X, moments_at):
        *hidden, output = self._layers(weights)
        values, behind = X, self._program.after_activation
        for layer in hidden:
            values = _dense(layer["kernel"], layer.get("bias"), values)
            if "gamma" in layer and not behind:
                values = self._normalize(layer, values, moments_at(layer, values))
            values = self._activation(values)
            if "gamma" in layer and behind:
                values = self._normalize(layer, values, moments_at(layer, values))
        return _dense(output["kernel"], output["bias"], values)

    def _layers(self, weights):
        rest = iter(weights)
        return [{name: next(rest) for name in names} for names in self._program.names]

    def _normalize(self, layer, values, moments):
        mean, variance = moments
        factor = layer["gamma"] / tf.sqrt(variance + self._batch_norm[1])
        return (values - mean[:, :, None]) * factor[:, :, None] + layer["beta"][:, :, None]

    def moved(self, weights, moments):
        """Return the moving moments after a step, in their order among all arrays."""
        normalized = [layer for layer in self._layers(weights) if "gamma" in layer]
        moved = []
        for layer, batch in zip(normalized, moments, strict=True):
            momentum = self._batch_norm[0]
            for name, now in zip(("moving_mean", "moving_variance"), batch, strict=True):
                moved.append(momentum * layer[name] + (1 - momentum) * now)
        return moved

    def losses(self, logits, y):
        """Cross-entropy of shape (d, n_examples)."""
        if self._n_outputs == 1:
            margin = logits[:, 0, :] * (1 - 2 * y)
            return tf.nn.softplus(margin)
        correct = tf.one_hot(tf.cast(y, tf.int32), self._n_outputs, axis=0)
        return tf.reduce_logsumexp(logits, axis=1) - tf.reduce_sum(logits * correct, axis=1)

    def evaluate(self, weights):
        """What `Program.evaluated` names, of each network on all examples, of shape (d,)."""
        logits = self.logits(weights, self._own_X)
        loss = self._mean_loss(logits)
        if self._n_outputs == 1:
            predicted = tf.cast(logits[:, 0, :] > 0, tf.float32)
        else:
            predicted = tf.cast(tf.argmax(logits, axis=1), tf.float32)
        accuracy = tf.reduce_mean(tf.cast(predicted == self._y, tf.float32), axis=1)
        found = {"loss": loss, "accuracy": tf.where(tf.math.is_finite(loss), accuracy, np.nan)}
        if "training_loss" in self._program.evaluated:
            logits, _ = self.logits_in_training(weights, self._own_X, None)
            found["training_loss"] = self._mean_loss(logits)
        return found

    def _mean_loss(self, logits):
        return tf.reduce_mean(self.losses(logits, self._y), axis=1)


def mean(values, shares):
    """Mean over the examples, the last axis; `shares` are those of a batch that may be padded."""
    if shares is None:
        return tf.reduce_mean(values, axis=-1)
    return tf.reduce_sum(values * shares, axis=-1)


def _moments(values, shares):
    center = mean(values, shares)
    return center, mean(tf.square(values - center[:, :, None]), shares)


def _largest_unrolled(networks: int, *, n_examples: int) -> int:
    if networks == 1:
        return _UNROLLED_ALONE
    return _UNROLLED_IN_BLOCK if n_examples >= _MANY_EXAMPLES else _UNROLLED_IN_SMALL_BLOCK


def _dense(kernel, bias, values):
    """Kernels (d, fan_in, units) times values (d, fan_in, n) plus biases: (d, units, n)."""
    networks, fan_in, units = kernel.shape
    if max(fan_in, units) <= _largest_unrolled(networks, n_examples=values.shape[-1]):
        products = [kernel[:, i, :, None] * values[:, i, None, :] for i in range(fan_in)]
        first = [] if bias is None else [bias[:, :, None]]
        return functools.reduce(tf.add, first + products)
    products = tf.matmul(kernel, values, transpose_a=True)
    return products if bias is None else products + bias[:, :, None]

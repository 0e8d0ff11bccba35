"""A copy of a compiled Keras model that may be measured, changed and trained."""

import contextlib
import random
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from keras.src.backend.common import global_state
from numpy.typing import NDArray

from nnhelpers.models.backend import keras, tf
from nnhelpers.models.copies import copied, drawn_anew, optimizer_state
from nnhelpers.models.parts import bias_of, kernel_of, leaves
from nnhelpers.models.readout import LayerPass, Recorder

# Keras's generator for everything without its own seed, created at its first use.
_GLOBAL = "global_seed_generator"
# One array, or one for each input or output.
Arrays = Any


class Specimen:
    """A copy of a compiled model with its weights, its optimizer and the optimizer's state.

    X holds examples of shape (n_examples, ...), or a dictionary of one array for each input, in
    order; here they are for a model that has not been built yet. In methods y is as for `fit`.

    Examples
    --------
    >>> from nnhelpers import models
    >>> X = np.eye(2, dtype="float32")
    >>> specimen = models.Specimen(models.build_articles_network(), X)
    >>> len(specimen.train(X, X[:, :1], batches=[[0, 1]] * 3))
    3
    """

    def __init__(self, model: keras.Model, X: Arrays) -> None:
        self.model = copied(model, first=_fed(X, slice(2)))
        layers = leaves(self.model)
        self._with_kernels = [layer for layer in layers if kernel_of(layer) is not None]
        self._recorder = Recorder(layers)
        self._step = tf.function(self._train_step, autograph=False)
        # Without a graph a recurrent layer takes ten times as long.
        recurrent = any(isinstance(layer, keras.layers.RNN) for layer in layers)
        self._evaluate = tf.function(self._losses, autograph=False) if recurrent else self._losses
        self._start = self.state()

    def state(self) -> list[NDArray]:
        """Return the weights and the optimizer's state."""
        return [each.numpy().copy() for each in self._variables()]

    def restore(self, state: list[NDArray] | None = None) -> None:
        """Restore a state returned by `state`, by default the initial one."""
        for variable, value in zip(self._variables(), state or self._start, strict=True):
            variable.assign(value)

    def redraw(self, model: keras.Model, X: Arrays) -> None:
        """Redraw the trainable layers and set the optimizer's state to zero."""
        fresh = drawn_anew(model, first=_fed(X, slice(2)))
        for ours, theirs in zip(leaves(self.model), leaves(fresh), strict=True):
            if ours.trainable:
                for variable, value in zip(ours.variables, theirs.variables, strict=True):
                    variable.assign(value)
        for variable in optimizer_state(self.model.optimizer):
            variable.assign(tf.zeros_like(variable.value))

    def forward(self, X: Arrays, *, training: bool = False) -> list[LayerPass]:
        """Send examples through, and return the inputs and outputs of the layers, in order."""
        with self._untouched(), self._recorder as passed:
            self.model(_fed(X), training=training)
        return passed

    def work(self, X: Arrays) -> int:
        """Return the approximate number of multiplications of an example's forward pass."""
        sizes = {layer.name: layer.count_params() for layer in self._with_kernels}
        passed = [each for each in self.forward(X) if each.kind == "call" and each.name in sizes]
        return sum(sizes[each.name] * _places(each) for each in passed)

    def outputs(self, X: Arrays) -> list[NDArray]:
        """Return the network's answers, one array for each output."""
        outputs = self.model(_fed(X), training=False)
        return [np.asarray(each) for each in keras.tree.flatten(outputs)]

    def losses(self, X: Arrays, y: Arrays, *, training: bool = False) -> tuple[float, float]:
        """Return the mean loss without penalties, and the penalties."""
        with self._untouched():
            data, penalty = self._evaluate(_fed(X), _tensors(y), training)
        return float(data), float(penalty)

    def loss_of_answers(self, y: Arrays, *, answers: Arrays) -> float:
        """Return the mean loss of given answers, with the penalties."""
        with self._untouched():
            return float(self.model.compute_loss(y=_tensors(y), y_pred=_tensors(answers)))

    def gradients(self, X: Arrays, y: Arrays) -> dict[str, tuple[NDArray, NDArray]]:
        """Return the gradients of loss and of penalties for each kernel, in training mode."""
        values = [kernel_of(layer).value for layer in self._with_kernels]
        with self._untouched(), tf.GradientTape(persistent=True) as tape:
            tape.watch(values)
            losses = self._losses(_fed(X), _tensors(y), True)
        both = [
            map(np.asarray, tape.gradient(loss, values, unconnected_gradients="zero"))
            for loss in losses
        ]
        names = [layer.name for layer in self._with_kernels]
        return dict(zip(names, zip(*both, strict=True), strict=True))

    def kernels(self) -> dict[str, NDArray]:
        """Return the kernels by layer."""
        return {layer.name: kernel_of(layer).numpy().copy() for layer in self._with_kernels}

    def put_kernels(self, kernels: dict[str, NDArray]) -> None:
        """Replace the kernels of these layers, and their biases by zeros."""
        for layer in self._with_kernels:
            if layer.name in kernels:
                kernel_of(layer).assign(kernels[layer.name])
                if bias_of(layer) is not None:
                    bias_of(layer).assign(np.zeros(layer.bias.shape))

    def train(
        self, X: Arrays, y: Arrays, *, batches: Iterable[NDArray], rate: float | None = None
    ) -> list[float]:
        """Make an optimizer step for each batch of row numbers; return losses with penalties."""
        optimizer = self.model.optimizer
        own = float(optimizer.learning_rate)
        optimizer.learning_rate = own if rate is None else rate
        losses = [float(self._step(_fed(X, rows), _tensors(y, rows))) for rows in batches]
        optimizer.learning_rate = own
        return losses

    def _train_step(self, X: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            data, penalty = self._losses(X, y, True)
            loss = data + penalty
        variables = self.model.trainable_variables
        gradients = tape.gradient(loss, variables)
        self.model.optimizer.apply(gradients, variables)
        return loss

    def _losses(self, X: Any, y: Any, training: bool) -> tuple[Any, Any]:
        outputs = self.model(X, training=training)
        total = self.model.compute_loss(x=X, y=y, y_pred=outputs, sample_weight=None)
        penalty = sum(self.model.losses) if self.model.losses else tf.zeros(())
        return total - penalty, penalty

    def _variables(self) -> list[Any]:
        return [*self.model.variables, *self.model.optimizer.variables]

    @contextlib.contextmanager
    def _untouched(self) -> Iterator[None]:
        """Restore moving moments and random states after the block."""
        variables = self.model.non_trainable_variables
        values = [each.numpy().copy() for each in variables]
        yield
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def _places(passed: LayerPass) -> int:
    """Return at how many pixels or time steps of an example a layer is applied."""
    sides = passed.values_in.shape, passed.values_out.shape
    return max(int(np.prod(shape[1:-1])) for shape in sides)


def _fed(X: Arrays, rows: Any = slice(None)) -> Any:
    """Return examples as the copy takes them: a tensor, or a list with one for each input."""
    return _tensors(list(X.values()) if isinstance(X, dict) else X, rows)


def _tensors(arrays: Arrays, rows: Any = slice(None)) -> Any:
    return keras.tree.map_structure(lambda array: tf.constant(array[rows]), arrays)


@contextlib.contextmanager
def kept_random_state(seed: int) -> Iterator[None]:
    """Seed Python and NumPy inside a ``with`` block; restore them and Keras after it.

    Examples
    --------
    >>> before = random.getstate()
    >>> with kept_random_state(0):
    ...     number = random.random()
    >>> random.getstate() == before
    True
    """
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    generator = global_state.get_global_attribute(_GLOBAL)
    state = None if generator is None else generator.state.numpy().copy()
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        if generator is None:
            global_state.set_global_attribute(_GLOBAL, None)
        else:
            generator.state.assign(state)

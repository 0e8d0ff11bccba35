"""A copy of a compiled Keras model that may be measured, changed and trained."""

import contextlib
from collections.abc import Iterable, Iterator
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.models.anatomy import bias_of, current_rate, kernel_of, leaves
from nnhelpers.models.backend import keras, tf
from nnhelpers.models.passes import LayerPass, Recorder


class Specimen:
    """A copy of a model with its weights, its optimizer and the optimizer's state.

    Parameters
    ----------
    model : keras.Model
        Compiled; is read and never touched.
    X : array of shape (n_examples, ...)
        Some examples, for a model that has not been built yet.

    Examples
    --------
    >>> from nnhelpers import models
    >>> X = np.eye(2, dtype="float32")
    >>> specimen = models.Specimen(models.build_articles_network(), X)
    >>> len(specimen.train(X, X[:, :1], batches=[[0, 1]] * 3))
    3
    """

    def __init__(self, model: keras.Model, X: NDArray) -> None:
        self.model = _copied(model, X)
        self.model.compile(
            optimizer=_copied_optimizer(model, self.model), loss=model.loss, jit_compile=False
        )
        self._recorder = Recorder(leaves(self.model))
        self._step = tf.function(self._train_step, autograph=False)
        self._start = self.state()

    def state(self) -> list[NDArray]:
        """Return the weights and the optimizer's state."""
        return [each.numpy().copy() for each in self._variables()]

    def restore(self, state: list[NDArray] | None = None) -> None:
        """Put back what `state` returned, or the copy as it was made."""
        for variable, value in zip(self._variables(), state or self._start, strict=True):
            variable.assign(value)

    def redraw(self, model: keras.Model, X: NDArray) -> None:
        """Draw the trainable layers anew and forget the optimizer's state."""
        fresh = _drawn_anew(model)
        if not fresh.built:
            fresh(tf.constant(X[:2]))
        for ours, theirs in zip(leaves(self.model), leaves(fresh), strict=True):
            if ours.trainable:
                for variable, value in zip(ours.variables, theirs.variables, strict=True):
                    variable.assign(value)
        for variable in _without_rate(self.model.optimizer):
            variable.assign(tf.zeros_like(variable.value))

    def forward(self, X: NDArray, *, training: bool = False) -> list[LayerPass]:
        """Send examples through, and return what entered and left the layers, in order."""
        with self._untouched(), self._recorder as passed:
            self.model(tf.constant(X), training=training)
        return passed

    def outputs(self, X: NDArray) -> NDArray:
        """Return what the network answers."""
        return np.asarray(self.model(tf.constant(X), training=False))

    def losses(self, X: NDArray, y: NDArray, *, training: bool = False) -> tuple[float, float]:
        """Return the mean loss without penalties, and the penalties."""
        with self._untouched():
            data, penalty = self._losses(tf.constant(X), tf.constant(y), training)
        return float(data), float(penalty)

    def gradients(self, X: NDArray, y: NDArray) -> dict[str, tuple[NDArray, NDArray]]:
        """Return the gradients of the loss and of the penalties for each kernel, by layer.

        In training mode.
        """
        kernels = {
            layer.name: kernel_of(layer)
            for layer in leaves(self.model)
            if kernel_of(layer) is not None
        }
        values = [kernel.value for kernel in kernels.values()]
        with self._untouched(), tf.GradientTape(persistent=True) as tape:
            tape.watch(values)
            data, penalty = self._losses(tf.constant(X), tf.constant(y), True)
        both = [
            tape.gradient(loss, values, unconnected_gradients="zero") for loss in (data, penalty)
        ]
        pairs = zip(*both, strict=True)
        return {
            name: (np.asarray(one), np.asarray(other))
            for name, (one, other) in zip(kernels, pairs, strict=True)
        }

    def kernels(self) -> dict[str, NDArray]:
        """Return the kernel of each layer that has one."""
        return {
            layer.name: kernel_of(layer).numpy().copy()
            for layer in leaves(self.model)
            if kernel_of(layer) is not None
        }

    def put_kernels(self, kernels: dict[str, NDArray]) -> None:
        """Replace kernels by layer, and the biases of these layers by zeros."""
        for layer in leaves(self.model):
            if layer.name in kernels:
                kernel_of(layer).assign(kernels[layer.name])
                if bias_of(layer) is not None:
                    bias_of(layer).assign(np.zeros(layer.bias.shape))

    def train(
        self, X: NDArray, y: NDArray, *, batches: Iterable[NDArray], rate: float | None = None
    ) -> list[float]:
        """Make a step of the optimizer for each batch of row numbers; return the losses."""
        optimizer = self.model.optimizer
        own = float(optimizer.learning_rate)
        optimizer.learning_rate = own if rate is None else rate
        losses = [float(self._step(tf.constant(X[rows]), tf.constant(y[rows]))) for rows in batches]
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
        """Put moving moments and random states back behind a look."""
        variables = self.model.non_trainable_variables
        values = [each.numpy().copy() for each in variables]
        yield
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def _drawn_anew(model: keras.Model) -> keras.Model:
    """Return a model of the same layers, not compiled: Keras would ask where a loss comes from."""
    if getattr(model, "inputs", None):
        graph = keras.Model(model.inputs[0], model.outputs[0])
        return keras.models.clone_model(graph, clone_function=_layer_alike, recursive=True)
    if isinstance(model, keras.Sequential):
        return keras.Sequential([_layer_alike(layer) for layer in model.layers])
    raise ValueError("only its own code knows how a subclass of keras.Model calls its layers")


def _layer_alike(layer: keras.Layer) -> keras.Layer:
    """Return a layer of the same settings; it shares functions that Keras does not know."""
    config = layer.get_config()
    settings = {name: getattr(layer, name, None) for name in config}
    shared = {name: each for name, each in settings.items() if _is_own_function(each)}
    return type(layer)(**config | shared) if shared else type(layer).from_config(config)


def _is_own_function(setting: Any) -> bool:
    own = not getattr(setting, "__module__", "").startswith("keras.")
    return isinstance(setting, FunctionType) and own


def _copied(model: keras.Model, X: NDArray) -> keras.Model:
    copy = _drawn_anew(model)
    for ours, theirs in zip(_parts(copy), _parts(model), strict=True):
        ours.trainable = theirs.trainable
    if not copy.built:
        copy(tf.constant(X[:2]))
    if model.built:
        for ours, theirs in zip(copy.variables, model.variables, strict=True):
            ours.assign(theirs)
    for layer in leaves(copy):
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    return copy


def _parts(model: keras.Model) -> Iterator[keras.Layer]:
    """Yield a model and its layers, outer ones first: setting a model sets what is in it."""
    yield model
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _parts(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def _copied_optimizer(model: keras.Model, copy: keras.Model) -> keras.optimizers.Optimizer:
    theirs = model.optimizer
    config = theirs.get_config() | {"learning_rate": current_rate(theirs)}
    ours = type(theirs).from_config(config)
    ours.build(copy.trainable_variables)
    pairs = [_without_rate(theirs), _without_rate(ours)]
    if len(pairs[0]) == len(pairs[1]):
        for value, variable in zip(*pairs, strict=True):
            variable.assign(value)
    return ours


def _without_rate(optimizer: keras.optimizers.Optimizer) -> list[Any]:
    """Return the optimizer's state; a schedule is no variable, a plain learning rate is one."""
    return [each for each in optimizer.variables if not each.path.endswith("learning_rate")]

"""Copies of Keras models: the same layers, weights and optimizer, in separate variables."""

from collections.abc import Iterator
from types import FunctionType
from typing import Any

from nnhelpers.models.anatomy import current_rate
from nnhelpers.models.backend import keras
from nnhelpers.models.parts import leaves


def drawn_anew(model: keras.Model, *, first: Any) -> keras.Model:
    """Return a model of the same layers with newly drawn weights, not compiled.

    `first` holds examples for a model that has not been built yet. Raises ValueError for a subclass
    of `keras.Model` with its own `call`.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    >>> drawn_anew(model, first=None).count_params()
    9
    """
    copy = _alike(model)
    if not copy.built:
        copy(first)
    return copy


def _alike(model: keras.Model) -> keras.Model:
    # Cloned without being compiled, for which Keras would look for the module of a custom loss.
    if getattr(model, "inputs", None):
        several = len(model.inputs) > 1
        graph = keras.Model(model.inputs if several else model.inputs[0], _ends(model))
        return keras.models.clone_model(graph, clone_function=_layer_alike, recursive=True)
    if isinstance(model, keras.Sequential):
        return keras.Sequential([_layer_alike(layer) for layer in model.layers])
    raise ValueError("only its own code knows how a subclass of keras.Model calls its layers")


def _ends(model: keras.Model) -> Any:
    """Return the outputs in the structure of loss and labels."""
    structure = getattr(model, "_outputs_struct", None)
    plain = len(model.outputs) == 1 and not isinstance(structure, dict)
    return model.outputs[0] if plain else structure


def _layer_alike(layer: keras.Layer) -> keras.Layer:
    """Return a layer with the same settings, sharing functions unknown to Keras."""
    config = layer.get_config()
    settings = {name: getattr(layer, name, None) for name in config}
    shared = {
        name: each
        for name, each in settings.items()
        if isinstance(each, FunctionType) and not (each.__module__ or "").startswith("keras.")
    }
    return type(layer)(**config | shared) if shared else type(layer).from_config(config)


def copied(model: keras.Model, *, first: Any) -> keras.Model:
    """Return a model with the same weights, loss, optimizer and optimizer state, without metrics.

    `first` is that of `drawn_anew`; a schedule becomes a constant learning rate.

    Examples
    --------
    >>> from nnhelpers import models
    >>> copied(models.build_articles_network(), first=None).count_params()
    9
    """
    copy = drawn_anew(model, first=first)
    for ours, theirs in zip(_parts(copy), _parts(model), strict=True):
        ours.trainable = theirs.trainable
    if model.built:
        for ours, theirs in zip(copy.variables, model.variables, strict=True):
            ours.assign(theirs)
    for layer in leaves(copy):
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    copy.compile(
        optimizer=_copied_optimizer(model, copy),
        loss=model.loss,
        loss_weights=getattr(model._compile_loss, "_user_loss_weights", None),
        jit_compile=False,
    )
    return copy


def _parts(model: keras.Model) -> Iterator[keras.Layer]:
    """Yield a model and its layers, outer ones first, as `trainable` spreads inwards."""
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
    values, variables = optimizer_state(theirs), optimizer_state(ours)
    if len(values) == len(variables):
        for value, variable in zip(values, variables, strict=True):
            variable.assign(value)
    return ours


def optimizer_state(optimizer: keras.optimizers.Optimizer) -> list[Any]:
    """Return the optimizer's variables without its learning rate.

    Examples
    --------
    >>> len(optimizer_state(keras.optimizers.SGD(0.1)))
    1
    """
    return [each for each in optimizer.variables if not each.path.endswith("learning_rate")]

"""Examine one network: everything that needs Keras, in order, and what failed."""

import re
from typing import Any

import numpy as np

from nnhelpers import models
from nnhelpers.diagnosis._looks.batch_norms import look_at_batch_norms
from nnhelpers.diagnosis._looks.features import look_at_inputs, standardized
from nnhelpers.diagnosis._looks.labels import CROSS_ENTROPIES
from nnhelpers.diagnosis._looks.record import Looks, joined, names_of
from nnhelpers.diagnosis._looks.signals import look_at_layers
from nnhelpers.diagnosis._looks.steps import StepsLook, Watch
from nnhelpers.diagnosis._looks.weights import look_at_gradients, look_at_weights, usual_kernels
from nnhelpers.diagnosis.examples import Examples, is_structure

_SAMPLE = 256
# Pairs of examples whose midpoint is evaluated.
_PAIRS = 64
# Networks with less work per example are watched for longer: 100 of their steps take 0.2 s.
_SMALL, _LONG = 100_000, 100
# Multiplications in a pass of the sample, and in a trial: large pictures and long sequences get
# fewer examples and steps, so that two cores take no longer than ten seconds.
_MOST_OF_SAMPLE, _FEWEST_EXAMPLES = 3 * 10**8, 32
_MOST_OF_TRIAL, _FEWEST_STEPS = 15 * 10**8, 10


def looks_at_network(
    model: Any, examples: Examples, *, looks: dict, steps: int, seed: int
) -> tuple[dict, list[str]]:
    """Return measurements by the fields of `Looks`, and what could not be measured, and why."""
    try:
        specimen = models.Specimen(model, examples.X)
    except Exception as error:  # a custom model may fail in any way
        reason = f"the model cannot be copied ({_first_line(error)})"
        return looks, [f"layers, gradients and steps: {reason}"]
    if not model.built:
        anatomy = models.anatomy(specimen.model)
        looks |= {"anatomy": anatomy, "output": anatomy.outputs[0]}
    looks["trained"] = looks["anatomy"].iterations > 0
    work, token = _call(specimen, _extremes_of(examples))
    if token is not None:
        unseen = "layers, gradients and steps: the model cannot be called on X"
        return looks | {"unknown_token": token}, [unseen]
    count = int(np.clip(_MOST_OF_SAMPLE // max(work, 1), _FEWEST_EXAMPLES, _SAMPLE))
    sample = examples.take(np.random.default_rng(seed).permutation(len(examples))[:count])
    unseen = _uncomputable(specimen, sample, looks)
    computable = not unseen
    looks |= _as_given(specimen, sample, looks["anatomy"].layers, computable=computable)
    if looks["trained"]:
        specimen.redraw(model, sample.X)
    looks = joined(looks, _at_rest(specimen, sample, looks["anatomy"], seed=seed))
    if not looks["weights"]:
        unseen.append("layers: none with a kernel was found")
    if computable:
        batch_size = looks["batch_size"] or 32
        most = _MOST_OF_TRIAL // max(work * batch_size, 1)
        few = int(np.clip(most, min(_FEWEST_STEPS, steps), steps))
        watch = Watch(
            specimen=specimen,
            examples=examples,
            start=specimen.state(),
            rate=looks["anatomy"].learning_rate,
            batch_size=batch_size,
            steps=max(steps, _LONG) if work < _SMALL else few,
            sample=len(sample),
            seed=seed,
        )
        looks |= _in_motion(watch, sample, looks, few=few)
    return looks, unseen


def _as_given(specimen: Any, sample: Examples, layers: tuple, *, computable: bool) -> dict:
    """Look at the copy with its original weights."""
    found = {}
    if any(layer.kind == "batch_norm" for layer in layers):
        passed = specimen.forward(sample.X, training=True)
        entered = {each.name: each.values_in for each in passed if each.kind == "call"}
        found["batch_norms"] = look_at_batch_norms(layers, entered)
    if computable:
        for name, training in (("inference_loss", False), ("training_loss", True)):
            found[name], _ = specimen.losses(sample.X, sample.y, training=training)
    return found


def _at_rest(specimen: Any, sample: Examples, anatomy: Any, *, seed: int) -> dict:
    """Look at a forward pass of the untrained copy."""
    passed, kernels = specimen.forward(sample.X, training=True), specimen.kernels()
    layers = tuple(layer for layer in anatomy.layers if layer.kind == "weights")
    order = names_of(each for each in passed if each.kind == "call")
    order = tuple(name for name in order if name in names_of(layers))
    weights = tuple(look_at_weights(each, kernels.get(each.name, each.kernel)) for each in layers)
    signals = look_at_layers(passed, order)
    found = {"weights": weights, "signals": signals}
    if order:
        plain = len(anatomy.outputs) == 1 and not anatomy.reads_tokens
        found["straight"] = plain and _is_straight(specimen, sample, order[-1])
        activations = {each.name: each.activation for each in signals}
        start = specimen.state()
        specimen.put_kernels(usual_kernels(layers, activations, seed))
        usual = specimen.forward(sample.X, training=True)
        specimen.restore(start)
        found["usual_signals"] = look_at_layers(usual, names_of(signals))
        first = weights if isinstance(sample.X, dict) else _of(order[0], weights)
        found = joined(found, _entering(passed, anatomy, sample, first))
    return joined(found, _answers(specimen.outputs(sample.X), anatomy, weights))


def _is_straight(specimen: Any, sample: Examples, last: str) -> bool:
    """Whether the last layer's value midway between two examples is midway between their values."""
    if any(X.dtype.kind != "f" for X in sample.inputs.values()):
        return False
    few = {name: X[:_PAIRS] for name, X in sample.inputs.items()}
    together = {
        name: np.concatenate([X, X[::-1], (X + X[::-1]) / np.float32(2)]) for name, X in few.items()
    }
    passed = specimen.forward(together if len(together) > 1 else together[""])
    own = next(each for each in passed if each.name == last)
    summed = own.values_in if own.kind == "activation" else own.values_out
    ours, theirs, between = np.split(summed, 3)
    gap = between - (ours + theirs) / 2
    return bool(np.abs(gap).max() < 1e-3 * max(float(ours.std()), 1e-12))


def _entering(passed: list, anatomy: Any, sample: Examples, weights: tuple) -> dict:
    """Look at the inputs of the first layer with weights, or of one for each of several inputs."""
    if not isinstance(sample.X, dict):
        names, first = sample.columns.get("", ()), weights[0].name
        return {"inputs": None if anatomy.reads_tokens else look_at_inputs(passed, first, names)}
    seen = {}
    for entry in anatomy.entries:
        columns = sample.columns.get(entry.inputs[0], ()) if len(entry.inputs) == 1 else ()
        if not entry.tokens:
            inputs = look_at_inputs(passed, entry.layer, columns)
            own = {"inputs": inputs, "weights": _of(entry.layer, weights)}
            seen[", ".join(entry.inputs)] = own
    return {"parts": {"Inputs": seen}}


def _answers(outputs: list, anatomy: Any, weights: tuple) -> dict:
    """Return the values of each output, with its last layer."""
    if len(outputs) == 1:
        return {"outputs": outputs[0]}
    seen = {
        end.name: {"outputs": values, "weights": _of(end.layer, weights)}
        for end, values in zip(anatomy.outputs, outputs, strict=True)
        if end.loss
    }
    return {"parts": {"Output": seen}}


def _of(layer: str, weights: tuple) -> tuple:
    return tuple(each for each in weights if each.name == layer)


def _in_motion(watch: Watch, sample: Examples, looks: dict, *, few: int) -> dict:
    """Look at gradients and at steps, the first few one by one."""
    specimen, guessing = watch.specimen, looks["labels"].guessing
    gradients = specimen.gradients(sample.X, sample.y)
    found = {"gradients": {name: look_at_gradients(*each) for name, each in gradients.items()}}
    found["first_loss"], _ = specimen.losses(sample.X, sample.y)
    found["certain_loss"] = _certain_loss(specimen, sample, looks)
    own, ratios = watch.trial(), watch.update_ratios(few)
    trials = {f"rate x {times:g}": watch.trial(times_rate=times) for times in (0.01, 0.1, 10)}
    normalizes = any(layer.kind == "normalization" for layer in looks["anatomy"].layers)
    entering = [view.inputs for view in Looks(**looks).views("inputs").values()]
    if not normalizes and any(inputs and inputs.suspicious for inputs in entering):
        trials["standardized"] = watch.trial(X=_standardized(watch.examples, looks["anatomy"]))
    known = np.isfinite(guessing) and guessing > 0
    found["steps"] = StepsLook(
        own=own, update_ratios=ratios, trials=trials, guessing=guessing if known else own.before
    )
    return found


def _standardized(examples: Examples, anatomy: Any) -> Any:
    """Return the features with mean 0 and standard deviation 1; tokens as they are."""
    if not isinstance(examples.X, dict):
        return standardized(examples.X)
    tokens = {name for entry in anatomy.entries if entry.tokens for name in entry.inputs}
    return {name: X if name in tokens else standardized(X) for name, X in examples.X.items()}


def _call(specimen: Any, examples: Examples) -> tuple[int, tuple[int, int] | None]:
    """Call the model; return the multiplications of an example's forward pass, and None.

    If an embedding lacks a token, return 0, and the token with the number of those it has.
    """
    try:
        return specimen.work(examples.X), None
    except Exception as error:  # a custom layer may fail in any way
        beyond = re.search(r"indices\[.*\] = (-?\d+) is not in \[0, (\d+)\)", str(error))
        if beyond is None:
            raise ValueError(f"the model cannot be called on X: {_first_line(error)}") from error
        return 0, (int(beyond[1]), int(beyond[2]))


def _extremes_of(examples: Examples) -> Examples:
    """Return the examples with the smallest and the largest value of each input."""
    rows = []
    for X in examples.inputs.values():
        flat = X.reshape(len(X), -1)
        rows += [flat.min(axis=1).argmin(), flat.max(axis=1).argmax()]
    return examples.take(np.array(rows))


def _uncomputable(specimen: Any, sample: Examples, looks: dict) -> list[str]:
    """Say why the loss cannot be computed for these labels, if so."""
    if any(_lacks_an_output(view) for view in Looks(**looks).views("labels").values()):
        return ["gradients and steps: there are classes without an output"]
    try:
        specimen.losses(sample.X, sample.y)
        specimen.train(sample.X, sample.y, batches=[np.arange(min(len(sample), 32))])
    except Exception as error:  # a custom loss may fail in any way
        return [f"gradients and steps: the loss fails ({_first_line(error)})"]
    finally:
        specimen.restore()
    return []


def _lacks_an_output(looks: Looks) -> bool:
    labels, output = looks.labels, looks.output
    sparse = output.loss == "sparse_categorical_crossentropy"
    return sparse and (labels.low < 0 or labels.high > output.units - 1)


def _certain_loss(specimen: Any, sample: Examples, looks: dict) -> float:
    """Return a custom loss of answers equal to the labels; 0 for Keras's losses, or if none fit."""
    output, labels, answers = looks["output"], looks["labels"], looks.get("outputs")
    plain = answers is not None and not is_structure(sample.y)
    fits = output.activation == "sigmoid" or (output.activation == "softmax" and labels.one_hot)
    bits = labels.low >= 0 and labels.high <= 1
    own = plain and output.loss not in CROSS_ENTROPIES
    if not (own and fits and bits) or answers.size != sample.y.size:
        return 0.0
    certain = sample.y.reshape(answers.shape).astype(np.float32)
    return specimen.loss_of_answers(sample.y, answers=certain)


def _first_line(error: Exception) -> str:
    """Return the class of an error and the first line of its message."""
    # Without colours, and without TensorFlow's names of its nodes.
    plain = re.sub(r"\x1b\[\d+m|\{\{.*?\}\} ", "", str(error))
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    # Keras first names the layer.
    lines = [line for line in lines if not line.startswith("Exception encountered")] or lines
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__

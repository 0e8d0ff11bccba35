"""One network under examination: everything that needs Keras, in order, with what failed."""

from typing import Any

import numpy as np

from nnhelpers import models
from nnhelpers.diagnosis._looks import network
from nnhelpers.diagnosis._looks.record import Looks, joined
from nnhelpers.diagnosis._looks.steps import Watch
from nnhelpers.diagnosis.examples import Examples

_SAMPLE = 256
# Networks that small are watched for longer: a hundred of their steps take a fifth of a second.
_SMALL, _LONG = 100_000, 100


def looks_at_network(
    model: Any, examples: Examples, *, looks: dict, steps: int, seed: int
) -> tuple[dict, list[str]]:
    """Return what was measured by the fields of `Looks`, and what could not be, and why."""
    try:
        specimen = models.Specimen(model, examples.X)
    except Exception as error:  # a model of one's own may fail in any way
        return looks, [
            f"layers, gradients and steps: the model cannot be copied ({_first_line(error)})"
        ]
    anatomy = looks["anatomy"] if model.built else models.anatomy(specimen.model)
    looks = looks | {"anatomy": anatomy, "trained": anatomy.iterations > 0}
    sample = examples.take(np.random.default_rng(seed).permutation(len(examples))[:_SAMPLE])
    computable, unseen = _is_computable(specimen, sample, looks)
    looks["batch_norms"] = tuple(network.look_at_batch_norms(specimen, anatomy, sample.X))
    if computable:
        looks["inference_loss"] = specimen.losses(sample.X, sample.y)[0]
        looks["training_loss"] = specimen.losses(sample.X, sample.y, training=True)[0]
    if looks["trained"]:
        specimen.redraw(model, sample.X)
    looks = joined(looks, _at_rest(specimen, sample, anatomy, seed=seed))
    if not looks["weights"]:
        unseen.append("layers: none with a kernel was found")
    if computable:
        looks |= _in_motion(specimen, examples, sample, looks=looks, steps=steps, seed=seed)
    return looks, unseen


def _is_computable(specimen: Any, sample: Examples, looks: dict) -> tuple[bool, list[str]]:
    """Whether the loss takes these labels; if not, say why."""
    if any(_lacks_an_output(view) for view in Looks(**looks).views("labels").values()):
        return False, ["gradients and steps: there are classes without an output"]
    try:
        specimen.losses(sample.X, sample.y)
    except Exception as error:  # it may be a loss of one's own
        return False, [f"gradients and steps: the loss fails ({_first_line(error)})"]
    return True, []


def _lacks_an_output(looks: Looks) -> bool:
    labels, outputs = looks.labels, looks.anatomy.n_outputs
    sparse = looks.anatomy.loss == "sparse_categorical_crossentropy"
    return sparse and (labels.low < 0 or labels.high > outputs - 1)


def _at_rest(specimen: Any, sample: Examples, anatomy: Any, *, seed: int) -> dict:
    """Look forward through the copy at its start."""
    passed = specimen.forward(sample.X, training=True)
    order = network.order_of(passed, {p.name for p in anatomy.layers if p.kind == "weights"})
    found = {
        "weights": network.look_at_kernels(anatomy, specimen.kernels()),
        "signals": network.look_at_layers(passed, order),
        "normalizes": any(part.kind == "normalization" for part in anatomy.layers),
    }
    if order:
        plain = len(anatomy.outputs) == 1 and not anatomy.reads_tokens
        found["straight"] = plain and _is_straight(specimen, sample, order[-1])
        found["usual_signals"] = _usual_signals(specimen, anatomy, found["signals"], sample, seed)
        first = found["weights"] if isinstance(sample.X, dict) else _of(order[0], found["weights"])
        found = joined(found, _entering(passed, anatomy, sample, first))
    return joined(found, _answers(specimen.outputs(sample.X), anatomy, found["weights"]))


def _is_straight(specimen: Any, sample: Examples, last: str) -> bool:
    """Whether half way between two examples the last layer answers half way between both."""
    if any(X.dtype.kind != "f" for X in sample.inputs.values()):
        return False
    sides = [sample.inputs, {name: X[::-1] for name, X in sample.inputs.items()}]
    middle = {name: (X + sides[1][name]) / np.float32(2) for name, X in sample.inputs.items()}
    ours, theirs, between = (
        network.pre_activation(specimen.forward(X if len(X) > 1 else X[""]), last)
        for X in (*sides, middle)
    )
    gap = between - (ours + theirs) / 2
    return bool(np.abs(gap).max() < 1e-3 * max(float(ours.std()), 1e-12))


def _entering(passed: list, anatomy: Any, sample: Examples, weights: tuple) -> dict:
    """Look at what enters the first layer with weights, or those behind each of several inputs."""
    if not isinstance(sample.X, dict):
        names, first = sample.columns.get("", ()), weights[0].name
        inputs = None if anatomy.reads_tokens else network.look_at_inputs(passed, first, names)
        return {"inputs": inputs}
    seen = {}
    for entry in anatomy.entries:
        columns = sample.columns.get(entry.inputs[0], ()) if len(entry.inputs) == 1 else ()
        if not entry.tokens:
            inputs = network.look_at_inputs(passed, entry.layer, columns)
            own = {"inputs": inputs, "weights": _of(entry.layer, weights)}
            seen[", ".join(entry.inputs)] = own
    return {"parts": {"Inputs": seen}}


def _answers(outputs: list, anatomy: Any, weights: tuple) -> dict:
    """Return what each output says, beside its last layer."""
    if len(outputs) == 1:
        return {"outputs": outputs[0]}
    ends = zip(anatomy.outputs, outputs, strict=True)
    seen = {
        end.name: {"outputs": values, "weights": _of(end.layer, weights)}
        for end, values in ends
        if end.loss
    }
    return {"parts": {"Output": seen}}


def _of(layer: str, weights: tuple) -> tuple:
    return tuple(each for each in weights if each.name == layer)


def _usual_signals(
    specimen: Any, anatomy: Any, signals: tuple, sample: Examples, seed: int
) -> tuple:
    start = specimen.state()
    specimen.put_kernels(_usual(anatomy, signals, seed))
    passed = specimen.forward(sample.X, training=True)
    specimen.restore(start)
    return network.look_at_layers(passed, [each.name for each in signals])


def _usual(anatomy: Any, signals: tuple, seed: int) -> dict:
    return network.usual_kernels(anatomy, {each.name: each.activation for each in signals}, seed)


def _in_motion(
    specimen: Any, examples: Examples, sample: Examples, *, looks: dict, steps: int, seed: int
) -> dict:
    """Look backward, and make steps."""
    found = {"gradients": network.look_at_gradients(specimen, sample)}
    found["first_loss"], _ = specimen.losses(sample.X, sample.y)
    anatomy = looks["anatomy"]
    watch = Watch(
        specimen=specimen,
        examples=examples,
        start=specimen.state(),
        rate=anatomy.learning_rate,
        batch_size=looks["batch_size"] or 32,
        steps=max(steps, _LONG) if _work(looks) < _SMALL else steps,
        seed=seed,
    )
    changes = {f"rate x {times:g}": {"times_rate": times} for times in (0.01, 0.1, 10)}
    if _is_suspicious(looks):
        changes["standardized"] = {"X": _standardized(examples, anatomy)}
    guessing = looks["labels"].guessing
    found["steps"] = network.look_at_steps(watch, guessing, few=steps, changes=changes)
    return found


def _work(looks: dict) -> float:
    """Multiplications that one example takes on its way up."""
    positions = {each.name: each.positions for each in looks["signals"]}
    parts = [part for part in looks["anatomy"].layers if part.kind == "weights"]
    return sum(part.kernel.size * positions.get(part.name, 1) for part in parts)


def _is_suspicious(looks: dict) -> bool:
    """Whether it is worth a trial to standardize the inputs."""
    entering = [view.inputs for view in Looks(**looks).views("inputs").values()]
    return not looks["normalizes"] and any(
        inputs.offset_share > 0.5 or inputs.scale_ratio > 10 or not 0.1 < inputs.size < 5
        for inputs in entering
        if inputs is not None
    )


def _standardized(examples: Examples, anatomy: Any) -> Any:
    """Return the features with mean 0 and standard deviation 1; tokens as they are."""
    if not isinstance(examples.X, dict):
        return _of_size_one(examples.X)
    tokens = {name for entry in anatomy.entries if entry.tokens for name in entry.inputs}
    return {name: X if name in tokens else _of_size_one(X) for name, X in examples.X.items()}


def _of_size_one(X: np.ndarray) -> np.ndarray:
    mean, std = X.mean(axis=0, dtype=np.float64), X.std(axis=0, dtype=np.float64)
    return ((X - mean) / np.where(std > 1e-6, std, 1)).astype(np.float32)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__

"""One network under examination: everything that needs Keras, in order, with what failed."""

from typing import Any

import numpy as np

from nnhelpers import models
from nnhelpers.diagnosis._looks import network
from nnhelpers.diagnosis._looks.computable import (
    call,
    certain_loss,
    extremes_of,
    first_line,
    is_computable,
)
from nnhelpers.diagnosis._looks.record import Looks, joined
from nnhelpers.diagnosis._looks.steps import Watch
from nnhelpers.diagnosis.examples import Examples

_SAMPLE = 256
# Pairs of examples of which the middle is looked at.
_PAIRS = 64
# Networks that small are watched for longer: a hundred of their steps take a fifth of a second.
_SMALL, _LONG = 100_000, 100
# Multiplications of a pass of the sample, and of a trial: large pictures and long sequences are
# looked at in fewer examples and steps, so that two cores take no longer than ten seconds.
_MOST_OF_SAMPLE, _FEWEST_EXAMPLES = 3 * 10**8, 32
_MOST_OF_TRIAL, _FEWEST_STEPS = 15 * 10**8, 10


def looks_at_network(
    model: Any, examples: Examples, *, looks: dict, steps: int, seed: int
) -> tuple[dict, list[str]]:
    """Return what was measured by the fields of `Looks`, and what could not be, and why."""
    try:
        specimen = models.Specimen(model, examples.X)
    except Exception as error:  # a model of one's own may fail in any way
        return looks, [
            f"layers, gradients and steps: the model cannot be copied ({first_line(error)})"
        ]
    anatomy = looks["anatomy"] if model.built else models.anatomy(specimen.model)
    looks = looks | {"anatomy": anatomy, "trained": anatomy.iterations > 0}
    work, token = call(specimen, extremes_of(examples))
    if token is not None:
        unseen = "layers, gradients and steps: the model cannot be called on X"
        return looks | {"unknown_token": token}, [unseen]
    count = int(np.clip(_MOST_OF_SAMPLE // max(work, 1), _FEWEST_EXAMPLES, _SAMPLE))
    sample = examples.take(np.random.default_rng(seed).permutation(len(examples))[:count])
    computable, unseen = is_computable(specimen, sample, looks)
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
        most = _MOST_OF_TRIAL // max(work * (looks["batch_size"] or 32), 1)
        few = int(np.clip(most, min(_FEWEST_STEPS, steps), steps))
        long = max(steps, _LONG) if work < _SMALL else few
        motion = {"steps": long, "few": few, "seed": seed}
        looks |= _in_motion(specimen, examples, sample, looks=looks, **motion)
    return looks, unseen


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
    few = {name: X[:_PAIRS] for name, X in sample.inputs.items()}
    together = {
        name: np.concatenate([X, X[::-1], (X + X[::-1]) / np.float32(2)]) for name, X in few.items()
    }
    passed = specimen.forward(together if len(together) > 1 else together[""])
    ours, theirs, between = np.split(network.pre_activation(passed, last), 3)
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
    specimen: Any,
    examples: Examples,
    sample: Examples,
    *,
    looks: dict,
    steps: int,
    few: int,
    seed: int,
) -> dict:
    """Look backward, and make steps, the first few of which are watched one by one."""
    found = {"gradients": network.look_at_gradients(specimen, sample)}
    found["first_loss"], _ = specimen.losses(sample.X, sample.y)
    found["certain_loss"] = certain_loss(specimen, sample, looks)
    anatomy = looks["anatomy"]
    watch = Watch(
        specimen=specimen,
        examples=examples,
        start=specimen.state(),
        rate=anatomy.learning_rate,
        batch_size=looks["batch_size"] or 32,
        steps=steps,
        sample=len(sample),
        seed=seed,
    )
    changes = {f"rate x {times:g}": {"times_rate": times} for times in (0.01, 0.1, 10)}
    if _is_suspicious(looks):
        changes["standardized"] = {"X": _standardized(examples, anatomy)}
    guessing = looks["labels"].guessing
    found["steps"] = network.look_at_steps(watch, guessing, few=few, changes=changes)
    return found


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

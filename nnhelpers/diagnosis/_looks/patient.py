"""One network under examination: everything that needs Keras, in order, with what failed."""

from typing import Any

import numpy as np

from nnhelpers import models
from nnhelpers.diagnosis._looks import network
from nnhelpers.diagnosis._looks.steps import Watch
from nnhelpers.diagnosis.examples import Examples

_SAMPLE = 256
# Networks that small are watched for longer: a hundred of their steps take a fifth of a second.
_SMALL, _LONG = 200_000, 100


def looks_at_network(
    model: Any, examples: Examples, *, looks: dict, steps: int, seed: int
) -> tuple[dict, list[str]]:
    """Return what was measured by the fields of `Looks`, and what could not be, and why."""
    try:
        specimen = models.Specimen(model, examples.X)
    except Exception as error:  # a model of one's own may fail in any way
        return {}, [
            f"layers, gradients and steps: the model cannot be copied ({_first_line(error)})"
        ]
    found, unseen = _at_rest(model, specimen, examples, looks=looks, seed=seed)
    start = specimen.state()
    try:
        found |= _in_motion(specimen, examples, looks | found, steps=steps, seed=seed)
    except Exception as error:  # labels that do not fit the loss, most of all
        unseen.append(f"gradients and steps: the loss cannot be computed ({_first_line(error)})")
    specimen.restore(start)
    return found, unseen


def _at_rest(
    model: Any, specimen: Any, examples: Examples, *, looks: dict, seed: int
) -> tuple[dict, list[str]]:
    """Look forward through the copy, as it was given and at its start."""
    anatomy = looks["anatomy"]
    if not anatomy.built:
        anatomy = models.anatomy(specimen.model)
    rows = np.random.default_rng(seed).permutation(len(examples))[:_SAMPLE]
    sample = examples.take(rows)
    found = {"anatomy": anatomy, "trained": anatomy.iterations > 0}
    found["batch_norms"] = tuple(network.look_at_batch_norms(specimen, anatomy, sample.X))
    try:
        found["inference_loss"] = specimen.losses(sample.X, sample.y)[0]
        found["training_loss"] = specimen.losses(sample.X, sample.y, training=True)[0]
    except Exception:  # said once, where steps are made
        found["inference_loss"] = np.nan
    if found["trained"]:
        specimen.redraw(model, sample.X)
    passed = specimen.forward(sample.X, training=True)
    order = network.order_of(passed, {p.name for p in anatomy.layers if p.kind == "weights"})
    found["outputs"] = specimen.outputs(sample.X)
    found["weights"] = network.look_at_kernels(anatomy, specimen.kernels())
    if not order:
        return found, ["layers: no layer with a kernel was found"]
    found["signals"] = network.look_at_layers(passed, order)
    found["inputs"] = network.look_at_inputs(passed, order)
    found["normalizes"] = any(p.kind == "normalization" for p in anatomy.layers)
    found["norm_follows"] = network.norm_follows(passed, anatomy, order)
    found["usual_signals"] = _usual_signals(specimen, found, sample, seed)
    return found, []


def _usual_signals(specimen: Any, found: dict, sample: Examples, seed: int) -> tuple:
    start = specimen.state()
    specimen.put_kernels(_usual(found, seed))
    passed = specimen.forward(sample.X, training=True)
    specimen.restore(start)
    return network.look_at_layers(passed, [each.name for each in found["signals"]])


def _usual(found: dict, seed: int) -> dict:
    activations = {each.name: each.activation for each in found["signals"]}
    return network.usual_kernels(found["anatomy"], activations, seed)


def _in_motion(specimen: Any, examples: Examples, looks: dict, *, steps: int, seed: int) -> dict:
    """Look backward, and make steps."""
    sample = examples.take(np.random.default_rng(seed).permutation(len(examples))[:_SAMPLE])
    found = {"gradients": network.look_at_gradients(specimen, sample)}
    found["first_loss"], found["penalty"] = specimen.losses(sample.X, sample.y)
    small = sum(part.kernel.size for part in looks["anatomy"].layers if part.kernel is not None)
    watch = Watch(
        specimen=specimen,
        examples=examples,
        start=specimen.state(),
        rate=looks["anatomy"].learning_rate,
        batch_size=looks["batch_size"] or 32,
        steps=max(steps, _LONG) if small < _SMALL else steps,
        seed=seed,
    )
    changes = {f"rate x {times:g}": {"times_rate": times} for times in (0.01, 0.1, 10, 100)}
    changes["usual start"] = {"kernels": _usual(looks, seed)} if looks.get("signals") else {}
    if not looks["normalizes"] and examples.X.dtype.kind == "f":
        changes["standardized"] = {"X": _standardized(examples.X)}
    guessing = looks["labels"].guessing
    found["steps"] = network.look_at_steps(watch, guessing, few=steps, changes=changes)
    return found


def _standardized(X: np.ndarray) -> np.ndarray:
    mean, std = X.mean(axis=0, dtype=np.float64), X.std(axis=0, dtype=np.float64)
    return ((X - mean) / np.where(std > 1e-6, std, 1)).astype(np.float32)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__

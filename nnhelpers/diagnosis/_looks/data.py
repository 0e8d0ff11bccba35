"""All looks at features and labels, input by input and output by output."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.features import look_at_features
from nnhelpers.diagnosis._looks.labels import LabelLook, look_at_labels
from nnhelpers.diagnosis._looks.record import joined
from nnhelpers.diagnosis._looks.relation import look_at_relation
from nnhelpers.diagnosis._looks.validation import (
    LabelShift,
    look_at_label_shift,
    look_at_validation,
)
from nnhelpers.diagnosis.examples import Examples
from nnhelpers.diagnosis.structures import by_name, is_structure

if TYPE_CHECKING:  # data need no Keras
    from nnhelpers.models import Anatomy, OutputParts


def looks_at_data(
    anatomy: "Anatomy", examples: Examples, held: Examples | None, *, seed: int
) -> tuple[dict[str, Any], list[str]]:
    """Return what was measured by the fields of `Looks`, and what could not be, and why."""
    bad = examples.not_finite + (held.not_finite if held else 0)
    looks = {"anatomy": anatomy, "output": anatomy.outputs[0], "not_finite": bad}
    if not len(examples):
        return looks, ["everything else: no example is finite"]
    outputs = _outputs(anatomy, examples.y)
    if not outputs:
        return looks, ["everything else: no output has a loss"]
    labels = {
        each.name: look_at_labels(y, loss=each.loss, places=each.places) for each, y in outputs
    }
    looks["labels"] = _together([each for each, _ in outputs], list(labels.values()))
    tokens = _tokens(anatomy, examples)
    known = held is not None and len(held) > 0
    others = dict(_outputs(anatomy, held.y, "validation_data y") if known else ())
    seen = {
        each.name: {"output": each, "labels": labels[each.name]}
        | ({} if tokens else _relation(examples, y, labels[each.name], seed=seed))
        | {"label_shift": look_at_label_shift(y, others.get(each), labels[each.name])}
        for each, y in outputs
    }
    if len(seen) > 1 or len(anatomy.outputs) > 1:
        looks["parts"] = {"Output": seen}
    else:
        looks = next(iter(seen.values())) | looks
    shifts = [each["label_shift"] for each in seen.values()]
    inputs = _inputs(examples, held, tokens, shifts[0] if len(shifts) == 1 else None)
    several = {"parts": {"Input": inputs}}
    looks = joined(looks, several if len(examples.inputs) > 1 else inputs.get("", {}))
    return looks, _unseen(anatomy, tokens, any(each.places > 1 for each in labels.values()))


def _outputs(anatomy: "Anatomy", y: Any, title: str = "y") -> list[tuple["OutputParts", NDArray]]:
    """Return each output that has a loss, with its labels."""
    first, *others = anatomy.outputs
    if not others and not is_structure(y):
        return [(first, y)]
    known = {each.name: each for each in anatomy.outputs if each.name}
    wanted = [name for name in known if known[name].loss or not isinstance(y, dict)]
    unknown = replace(first, layer="", activation="", units=0, loss="")
    found = {
        name: (known.get(name) or replace(unknown, name=name), array)
        for name, array in by_name(y, names=wanted, name=title).items()
    }
    return [each for name, each in found.items() if each[0].loss or name not in known]


def _together(outputs: list["OutputParts"], labels: list[LabelLook]) -> LabelLook:
    """Return the labels of all outputs as far as the whole is concerned: the loss of guessing."""
    weights = [each.loss_weight for each in outputs]
    guessing = sum(weight * each.guessing for weight, each in zip(weights, labels, strict=True))
    if len(labels) == 1:
        return replace(labels[0], guessing=guessing)
    return replace(labels[0], classes=None, shares=np.empty(0), guessing=guessing)


def _tokens(anatomy: "Anatomy", examples: Examples) -> set[str]:
    """Return the names of the inputs that are no sizes."""
    if not anatomy.reads_tokens:
        return set()
    read = {name for entry in anatomy.entries if entry.tokens for name in entry.inputs}
    return read or set(examples.inputs)


def _relation(examples: Examples, y: NDArray, labels: LabelLook, *, seed: int) -> dict:
    if labels.places > 1 or (labels.columns > 1 and labels.classes is None):
        return {}
    flat = [X.reshape(len(X), -1) for X in examples.inputs.values()]
    X = flat[0] if len(flat) == 1 else np.concatenate(flat, axis=1)
    return {"relation": look_at_relation(X, y, classes=labels.classes, seed=seed)}


def _inputs(
    examples: Examples, held: Examples | None, tokens: set[str], shift: LabelShift | None
) -> dict[str, dict]:
    found = {}
    for name, X in examples.inputs.items():
        if name in tokens:
            continue
        found[name] = {"features": look_at_features(X, names=examples.columns.get(name, ()))}
        other = held.inputs.get(name) if held is not None and len(held) else None
        if other is not None and other.shape[1:] == X.shape[1:]:
            found[name]["validation"] = look_at_validation(X, other, shift)
    return found


def _unseen(anatomy: "Anatomy", tokens: set[str], mapped: bool) -> list[str]:
    found = []
    if mapped:
        found.append("relation of features and labels: an example has a label at each place")
    if tokens:
        named = ", ".join(sorted(tokens - {""}))
        whose = f"of {named} " if named else ""
        found.append(
            f"sizes of the features {whose}and their relation to the labels: they are tokens"
        )
    entering = {name for entry in anatomy.entries for name in entry.inputs}
    late = [name for name in anatomy.inputs if name not in entering]
    if len(anatomy.inputs) > 1 and late:
        found.append(f"offset and size of {', '.join(late)}: joined with what layers computed")
    return found

"""All that was measured of one network, its data and its training."""

from __future__ import annotations  # what is measured is known to those who judge it

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnhelpers.diagnosis._looks.batch_norms import BatchNormLook
    from nnhelpers.diagnosis._looks.data import RelationLook
    from nnhelpers.diagnosis._looks.features import FeatureLook
    from nnhelpers.diagnosis._looks.fit import FitLook
    from nnhelpers.diagnosis._looks.labels import LabelLook
    from nnhelpers.diagnosis._looks.steps import StepsLook
    from nnhelpers.diagnosis._looks.validation import LabelShift, ValidationLook
    from nnhelpers.diagnosis._looks.weights import GradientLook, WeightLook
    from nnhelpers.diagnosis.examination import ExaminedLayer
    from nnhelpers.models import Anatomy, OutputParts

# What is looked at for each input, each layer that inputs enter, each output, where there are
# several.
_PARTS = {
    "features": "Input",
    "validation": "Input",
    "inputs": "Inputs",
    "labels": "Output",
    "label_shift": "Output",
    "relation": "Output",
}


@dataclass(frozen=True, kw_only=True)
class Looks:
    """All that was measured; None for what could not be looked at.

    `inputs` are what enters the first layer with weights, behind a normalization, if any.
    `signals` and `usual_signals` are those of the network's own and of a usual start.
    `straight` says whether the last pre-activation is a straight line of the inputs.
    `unknown_token` is one that an embedding was asked for, and how many it holds.
    `certain_loss` is the loss of probabilities that are the labels themselves.
    `parts` hold, where there are several inputs or outputs, what was seen of each: fields of this
    record by kind and name.
    """

    anatomy: Anatomy
    output: OutputParts | None = None
    labels: LabelLook | None = None
    features: FeatureLook | None = None
    not_finite: int = 0
    unknown_token: tuple[int, int] | None = None
    trained: bool = False
    batch_size: int | None = None
    validation: ValidationLook | None = None
    label_shift: LabelShift | None = None
    relation: RelationLook | None = None
    inputs: FeatureLook | None = None
    weights: tuple[WeightLook, ...] = ()
    signals: tuple[ExaminedLayer, ...] = ()
    usual_signals: tuple[ExaminedLayer, ...] = ()
    gradients: dict[str, GradientLook] = field(default_factory=dict)
    batch_norms: tuple[BatchNormLook, ...] = ()
    straight: bool = False
    outputs: NDArray | None = None
    first_loss: float = np.nan
    certain_loss: float = 0.0
    inference_loss: float = np.nan
    training_loss: float = np.nan
    steps: StepsLook | None = None
    fit: FitLook | None = None
    parts: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def views(self, needed: str) -> dict[str, Looks]:
        """Return what a judge sees that needs a field: the whole, or each part of several."""
        kind = _PARTS.get(needed, "")
        seen = self.parts.get(kind, {})
        return {f"{kind} {name}": replace(self, **own) for name, own in seen.items()} or {"": self}


def joined(looks: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return both as fields of `Looks`, the parts of both together."""
    parts = {kind: dict(seen) for kind, seen in looks.get("parts", {}).items()}
    for kind, seen in more.get("parts", {}).items():
        own = parts.setdefault(kind, {})
        own |= {name: own.get(name, {}) | each for name, each in seen.items()}
    return looks | more | {"parts": parts}


def names_of(looks: Any) -> tuple[str, ...]:
    """Return the names of layers."""
    return tuple(each.name for each in looks)

"""The record of all measurements of one network, its data and its training."""

from __future__ import annotations  # the types' modules import this one

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

# Fields measured separately for each of several inputs, layers that read inputs, or outputs.
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
    """All measurements; None for what could not be measured.

    `inputs` are those of the first layer with weights, after any normalization.
    `signals` and `usual_signals` are those of the network's own start and of a usual one.
    `straight` says whether the last pre-activation is a linear function of the inputs.
    `unknown_token` is one that an embedding lacks, with the number of those it has.
    `certain_loss` is the loss of probabilities equal to the labels.
    `parts` hold fields of this record for each of several inputs or outputs, by kind and name.
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
        """Return the views for a judge that needs a field: the whole, or one for each part."""
        kind = _PARTS.get(needed, "")
        seen = self.parts.get(kind, {})
        return {f"{kind} {name}": replace(self, **own) for name, own in seen.items()} or {"": self}


def joined(looks: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Merge two sets of fields of `Looks`, including their parts."""
    parts = {kind: dict(seen) for kind, seen in looks.get("parts", {}).items()}
    for kind, seen in more.get("parts", {}).items():
        own = parts.setdefault(kind, {})
        own |= {name: own.get(name, {}) | each for name, each in seen.items()}
    return looks | more | {"parts": parts}


def names_of(looks: Any) -> tuple[str, ...]:
    """Return the names of layers."""
    return tuple(each.name for each in looks)

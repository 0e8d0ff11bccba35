"""Judges of whether labels and targets fit the loss and are within reach of the output."""

from nnhelpers.diagnosis._looks.labels import CROSS_ENTROPIES, REGRESSIONS
from nnhelpers.diagnosis._looks.output import BY_KERAS, softmax_of, units_needed
from nnhelpers.diagnosis._looks.record import Looks, names_of
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.words import counted, whole_percent

# Up to this share of the rows of labels may be mistakes.
_SEVERAL = 0.01


def labels_start_at_one(looks: Looks) -> Finding | None:
    """Class numbers from 1 on, of which the largest has no output."""
    output, labels = looks.output, looks.labels
    sparse = output.loss == "sparse_categorical_crossentropy"
    top = output.units - 1 if sparse else 1
    numbered = sparse or (output.loss == "binary_crossentropy" and output.units == 1)
    fits = labels.columns > 1 or not labels.whole or labels.low < 1 or labels.high <= top
    if not numbered or fits:
        return None
    return Finding(
        sentence=f"The classes run from {labels.low:g} to {labels.high:g}; "
        f"{output.loss} with {counted(output.units, 'output')} expects 0 to {top}.",
        remedy=f"y = y - y.min(), and {_wider(looks)}" if _wider(looks) else "",
        threshold=BY_KERAS,
    )


def labels_do_not_fit_loss(looks: Looks) -> Finding | None:
    """Labels in another form than the loss expects, such as one-hot rows or class numbers."""
    reason = _misfit(looks)
    return reason and Finding(
        sentence=reason,
        threshold=BY_KERAS,
        remedy=_wider(looks)
        if looks.labels.several <= _SEVERAL
        else f'Dense({looks.labels.columns}, activation="sigmoid") with loss="binary_crossentropy"',
    )


def _wider(looks: Looks) -> str:
    """Return the code of an output with a unit for each class; "" if there are enough."""
    count, outputs = units_needed(looks.labels), looks.output.units
    enough = count <= outputs or (count == 2 and not looks.labels.one_hot)
    return "" if enough or looks.output.loss not in CROSS_ENTROPIES else softmax_of(looks.labels)


def _misfit(looks: Looks) -> str | None:
    output, labels = looks.output, looks.labels
    loss, outputs = output.loss, output.units
    one = labels.columns == labels.places == 1
    if looks.outputs is not None and looks.outputs.ndim > 2 and one:
        return (
            f"Of each example come outputs of shape {looks.outputs.shape[1:]}, and there is one "
            "label: Flatten() or a pooling layer is missing."
        )
    if loss == "sparse_categorical_crossentropy" and outputs > 1:
        if labels.columns > 1:
            return f"{loss} expects class numbers, the labels have {labels.columns} columns."
        if not labels.whole or labels.low < 0 or (labels.low < 1 and labels.high > outputs - 1):
            return (
                f"{loss} with {outputs} outputs expects 0 to {outputs - 1}, "
                f"the labels run from {labels.low:g} to {labels.high:g}."
            )
    if loss == "categorical_crossentropy" and outputs > 1 and labels.columns != outputs:
        return f"{loss} expects {outputs} columns of labels, got {labels.columns}."
    if loss.startswith("categorical_") and labels.several > _SEVERAL:
        return (
            f"{whole_percent(labels.several)} of the labels are of several classes at once; "
            f"{loss} expects one for each example, probabilities that sum to 1."
        )
    if loss == "binary_crossentropy":
        if labels.columns != outputs:
            return (
                f"{loss} with {counted(outputs, 'output')} expects as many columns of labels, "
                f"got {labels.columns}."
            )
        if labels.low < 0 or (labels.high > 1 and labels.low < 1):
            return f"{loss} expects 0 to 1, the labels run from {labels.low:g} to {labels.high:g}."
    if loss in REGRESSIONS and outputs > 1 and labels.columns == 1:
        return (
            f"{outputs} outputs are compared with one column of labels: "
            "each output gets the same class number to reach."
        )
    return None


def output_out_of_reach(looks: Looks) -> Finding | None:
    """Targets beyond the bounds of the output."""
    output, labels = looks.output, looks.labels
    ends = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1), "hard_sigmoid": (0, 1)}
    low, high = ends.get(output.activation, (-float("inf"), float("inf")))
    slack = 0.05 * (high - low)
    within = low - slack <= labels.low and labels.high <= high + slack
    if output.loss not in REGRESSIONS or within or _misfit(looks):
        return None
    return Finding(
        sentence=f"A {output.activation} gives {low} to {high}; "
        f"the targets run from {labels.low:.3g} to {labels.high:.3g}.",
        layers=names_of(looks.weights[-1:]),
        remedy=f"Dense({output.units}) without activation" if output.units > 1 else "",
        threshold="targets beyond the ends by a twentieth of the range",
    )


def targets_not_scaled(looks: Looks) -> Finding | None:
    """Targets much larger than the initial outputs."""
    labels = looks.labels
    one_hot = labels.classes is not None and labels.columns > 1
    size = max(abs(labels.mean), labels.std)
    given = 1.0 if looks.outputs is None else float(abs(looks.outputs).mean())
    if looks.output.loss not in REGRESSIONS or one_hot or size < 10 * max(1.0, given):
        return None
    return Finding(
        sentence=f"The targets have mean {labels.mean:.3g} and standard deviation "
        f"{labels.std:.3g}; the network starts with outputs of size {given:.2g}.",
        threshold="targets 10 times the size of the outputs: Adam moves an output's bias by the "
        "rate in a step, so 10 / 0.001 steps to get there",
    )

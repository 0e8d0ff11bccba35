"""Judges of labels, output and loss: whether they belong together."""

from nnhelpers.diagnosis._looks.labels import CROSS_ENTROPIES, REGRESSIONS
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.findings import Finding

_CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")
_BY_KERAS = "by definition of the loss"
# Outputs that a loss of probabilities can do something with.
_PROBABILITIES = {"sigmoid", "softmax", "hard_sigmoid"}


def softmax_on_one_unit(looks: Looks) -> Finding | None:
    """A softmax, or a loss that divides by the sum, of a single output."""
    anatomy = looks.anatomy
    if anatomy.n_outputs != 1:
        return None
    if anatomy.output_activation != "softmax":
        return None
    return Finding(
        name="softmax_on_one_unit",
        sentence="The output is a softmax of 1 unit: it is 1.0 for every example.",
        layers=_last(looks),
        weight=0.97,
        threshold="by definition: exp(z) / exp(z) = 1",
    )


def labels_start_at_one(looks: Looks) -> Finding | None:
    """Class numbers of which the largest has no output."""
    anatomy, labels = looks.anatomy, looks.labels
    top = _top(looks)
    if top is None or labels.columns > 1 or not labels.whole:
        return None
    if labels.low < 1 or labels.high <= top:
        return None
    return Finding(
        name="labels_start_at_one",
        sentence=f"The classes run from {labels.low:g} to {labels.high:g}; "
        f"{anatomy.loss} with {anatomy.n_outputs} outputs expects 0 to {top}.",
        weight=0.96,
        threshold=_BY_KERAS,
    )


def labels_do_not_fit_loss(looks: Looks) -> Finding | None:
    """One-hot rows where class numbers are expected, or the other way round, or others."""
    reason = _misfit(looks)
    return reason and Finding(
        name="labels_do_not_fit_loss", sentence=reason, weight=0.95, threshold=_BY_KERAS
    )


def _misfit(looks: Looks) -> str | None:
    anatomy, labels = looks.anatomy, looks.labels
    loss, outputs = anatomy.loss, anatomy.n_outputs
    if looks.outputs is not None and looks.outputs.ndim > 2 and labels.columns == 1:
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
    if loss == "binary_crossentropy":
        if labels.columns != outputs:
            return f"{loss} expects {outputs} columns of labels, got {labels.columns}."
        if labels.low < 0 or (labels.high > 1 and labels.low < 1):
            return f"{loss} expects 0 to 1, the labels run from {labels.low:g} to {labels.high:g}."
    if loss in REGRESSIONS and outputs > 1 and labels.columns == 1:
        return (
            f"{outputs} outputs are compared with one column of labels: "
            "each output gets the same class number to reach."
        )
    return None


def activation_does_not_fit_loss(looks: Looks) -> Finding | None:
    """An activation for which the cross-entropy is not made."""
    anatomy = looks.anatomy
    activation, loss, several = anatomy.output_activation, anatomy.loss, anatomy.n_outputs > 1
    misfit = (
        (loss in _CATEGORICAL and activation == "sigmoid")
        or (loss in _CATEGORICAL and not several and activation != "softmax")
        or (loss == "binary_crossentropy" and several and activation == "softmax")
        or (loss in CROSS_ENTROPIES and activation == "tanh")
    )
    if not misfit:
        return None
    return Finding(
        name="activation_does_not_fit_loss",
        sentence=f"{loss} with {activation} on {_units(anatomy.n_outputs)}.",
        layers=_last(looks),
        weight=0.93,
        threshold=_BY_KERAS,
    )


def softmax_into_from_logits(looks: Looks) -> Finding | None:
    """Probabilities where logits are expected."""
    anatomy = looks.anatomy
    if not anatomy.from_logits or anatomy.output_activation not in _PROBABILITIES:
        return None
    return Finding(
        name="softmax_into_from_logits",
        sentence=f"{anatomy.loss} with from_logits=True gets the output of "
        f"{anatomy.output_activation}, between 0 and 1.",
        layers=_last(looks),
        weight=0.91,
        threshold=_BY_KERAS,
    )


def logits_without_from_logits(looks: Looks) -> Finding | None:
    """Logits where probabilities are expected."""
    anatomy = looks.anatomy
    if anatomy.from_logits or anatomy.loss not in CROSS_ENTROPIES:
        return None
    if anatomy.output_activation != "linear":
        return None
    return Finding(
        name="logits_without_from_logits",
        sentence=f"{anatomy.loss} expects probabilities; "
        f"the output has no activation{_outside(looks)}.",
        layers=_last(looks),
        weight=0.92,
        threshold=_BY_KERAS,
    )


def relu_output(looks: Looks) -> Finding | None:
    """A rectifier at the output, where it cuts off what is needed."""
    anatomy, labels = looks.anatomy, looks.labels
    if anatomy.output_activation not in ("relu", "relu6", "leaky_relu", "elu"):
        return None
    two = labels.whole and (labels.low, labels.high) == (0, 1)
    needed = anatomy.loss in CROSS_ENTROPIES or labels.low < 0 or two
    dead = looks.outputs is not None and (looks.outputs == 0).all()
    if not (needed or dead):
        return None
    why = f"{anatomy.loss} expects probabilities" if anatomy.loss in CROSS_ENTROPIES else ""
    why = why or ("all outputs are 0" if dead else f"labels run from {labels.low:.3g}")
    return Finding(
        name="relu_output",
        sentence=f"The output is a {anatomy.output_activation}, and {why}.",
        layers=_last(looks),
        weight=0.9,
        threshold=_BY_KERAS,
    )


def output_out_of_reach(looks: Looks) -> Finding | None:
    """A bounded output, and targets beyond its ends."""
    anatomy, labels = looks.anatomy, looks.labels
    ends = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1), "hard_sigmoid": (0, 1)}
    low, high = ends.get(anatomy.output_activation, (-float("inf"), float("inf")))
    if anatomy.loss not in REGRESSIONS or _misfit(looks):
        return None
    slack = 0.05 * (high - low)
    if low - slack <= labels.low and labels.high <= high + slack:
        return None
    return Finding(
        name="output_out_of_reach",
        sentence=f"A {anatomy.output_activation} gives {low} to {high}; "
        f"the targets run from {labels.low:.3g} to {labels.high:.3g}.",
        layers=_last(looks),
        weight=0.89,
        threshold="targets beyond the ends by a twentieth of the range",
    )


def targets_not_scaled(looks: Looks) -> Finding | None:
    """Targets much larger than what the network starts with."""
    labels = looks.labels
    if looks.anatomy.loss not in REGRESSIONS or (labels.classes is not None and labels.columns > 1):
        return None
    size = max(abs(labels.mean), labels.std)
    given = 1.0 if looks.outputs is None else float(abs(looks.outputs).mean())
    if size < 10 * max(1.0, given):
        return None
    return Finding(
        name="targets_not_scaled",
        sentence=f"The targets have mean {labels.mean:.3g} and standard deviation "
        f"{labels.std:.3g}; the network starts with outputs of size {given:.2g}.",
        weight=0.86,
        threshold="targets 10 times the size of the outputs: Adam moves an output's bias by the "
        "rate in a step, so 10 / 0.001 steps to get there",
    )


def metric_does_not_fit(looks: Looks) -> Finding | None:
    """A metric of classes for numbers, or of one-hot rows for class numbers."""
    anatomy, labels = looks.anatomy, looks.labels
    accuracies = [each for each in anatomy.metrics if "acc" in each]
    if not accuracies:
        return None
    numbers = anatomy.loss in REGRESSIONS and labels.classes is None
    if not numbers and not _wrong_accuracy(looks, accuracies[0]):
        return None
    return Finding(
        name="metric_does_not_fit",
        sentence=f"{accuracies[0]} is measured of "
        f"{'numbers' if numbers else f'{_units(anatomy.n_outputs)} under {anatomy.loss}'}.",
        weight=0.1,
        threshold="by definition of the metric",
    )


def _wrong_accuracy(looks: Looks, metric: str) -> bool:
    several, columns = looks.anatomy.n_outputs > 1, looks.labels.columns > 1
    fits = {
        "binary_accuracy": looks.anatomy.loss not in _CATEGORICAL,
        "categorical_accuracy": several and columns,
        "sparse_categorical_accuracy": several and not columns,
    }
    return not fits.get(metric, True)


def _top(looks: Looks) -> int | None:
    loss, outputs = looks.anatomy.loss, looks.anatomy.n_outputs
    if loss == "sparse_categorical_crossentropy":
        return outputs - 1
    return 1 if loss == "binary_crossentropy" and outputs == 1 else None


def _outside(looks: Looks) -> str:
    if looks.outputs is None:
        return ""
    share = ((looks.outputs < 0) | (looks.outputs > 1)).mean()
    return f", and {share:.0%} of its values lie outside 0 to 1"


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"


def _last(looks: Looks) -> tuple[str, ...]:
    return (looks.weights[-1].name,) if looks.weights else ()


# What must have been looked at, and what to say where all is well.
JUDGES = (
    (softmax_on_one_unit, "anatomy", "output: no softmax of one unit"),
    (labels_start_at_one, "anatomy", "classes begin at 0"),
    (labels_do_not_fit_loss, "anatomy", "labels fit the loss"),
    (activation_does_not_fit_loss, "anatomy", "output activation and loss belong together"),
    (softmax_into_from_logits, "anatomy", "no probabilities where logits are expected"),
    (logits_without_from_logits, "anatomy", "no logits where probabilities are expected"),
    (relu_output, "anatomy", "the output is not cut off"),
    (output_out_of_reach, "anatomy", "the targets are within reach of the output"),
    (targets_not_scaled, "anatomy", "size of the targets"),
    (metric_does_not_fit, "anatomy", "metrics fit the task"),
)

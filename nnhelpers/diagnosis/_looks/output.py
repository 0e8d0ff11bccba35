"""Judges of whether output and loss fit together."""

import numpy as np

from nnhelpers.diagnosis._looks.labels import CATEGORICAL, CROSS_ENTROPIES, REGRESSIONS, LabelLook
from nnhelpers.diagnosis._looks.record import Looks, names_of
from nnhelpers.diagnosis.examination import Finding

BY_KERAS = "by definition of the loss"
# Activations whose outputs a loss of probabilities can use.
_PROBABILITIES = {"sigmoid", "softmax", "hard_sigmoid"}


def softmax_on_one_unit(looks: Looks) -> Finding | None:
    """A softmax of a single output."""
    output = looks.output
    if output.units != 1 or output.activation != "softmax":
        return None
    several = output.loss in CROSS_ENTROPIES and units_needed(looks.labels) > 2
    return Finding(
        sentence="The output is a softmax of 1 unit: it is 1.0 for every example.",
        layers=names_of(looks.weights[-1:]),
        remedy=softmax_of(looks.labels) if several else "",
        threshold="by definition: exp(z) / exp(z) = 1",
    )


def units_needed(labels: LabelLook) -> int:
    """Return the number of classes; 0 for numbers."""
    if labels.classes is None or labels.one_hot:
        return labels.columns if labels.one_hot else 0
    return len(labels.shares) if labels.low else int(labels.high) + 1


def softmax_of(labels: LabelLook) -> str:
    """Return the code of an output with a unit for each class, and of its loss."""
    kind = "categorical" if labels.one_hot else "sparse_categorical"
    count = units_needed(labels)
    return f'Dense({count}, activation="softmax") with loss="{kind}_crossentropy"'


def dropout_at_output(looks: Looks) -> Finding | None:
    """Dropout as an output's last layer."""
    name = looks.output.dropout
    if not name:
        return None
    return Finding(
        sentence=f"Nothing comes behind {name}: in training it sets answers to 0 and enlarges the "
        "others.",
        layers=(name,),
        threshold="a dropout as the last layer of an output",
    )


def activation_does_not_fit_loss(looks: Looks) -> Finding | None:
    """An output activation that does not fit the cross-entropy."""
    output = looks.output
    activation, loss, several = output.activation, output.loss, output.units > 1
    misfit = (
        (loss in CATEGORICAL and activation == "sigmoid")
        or (loss in CATEGORICAL and not several and activation != "softmax")
        or (loss == "binary_crossentropy" and several and activation == "softmax")
        or (loss in CROSS_ENTROPIES and activation == "tanh")
    )
    if not misfit:
        return None
    return Finding(
        sentence=f"{loss} with {activation} on {_units(output.units)}.",
        layers=names_of(looks.weights[-1:]),
        threshold=BY_KERAS,
    )


def softmax_into_from_logits(looks: Looks) -> Finding | None:
    """Probabilities where logits are expected."""
    output = looks.output
    if not output.from_logits or output.activation not in _PROBABILITIES:
        return None
    return Finding(
        sentence=f"{output.loss} with from_logits=True gets the output of "
        f"{output.activation}, between 0 and 1.",
        layers=names_of(looks.weights[-1:]),
        threshold=BY_KERAS,
    )


def logits_without_from_logits(looks: Looks) -> Finding | None:
    """Logits where probabilities are expected."""
    output = looks.output
    wanted = output.loss in CROSS_ENTROPIES and not output.from_logits
    if not wanted or output.activation != "linear":
        return None
    outside = ""
    if looks.outputs is not None:
        share = ((looks.outputs < 0) | (looks.outputs > 1)).mean()
        outside = f", and {share:.0%} of its values lie outside 0 to 1"
    return Finding(
        sentence=f"{output.loss} expects probabilities; the output has no activation{outside}.",
        layers=names_of(looks.weights[-1:]),
        threshold=BY_KERAS,
    )


def relu_output(looks: Looks) -> Finding | None:
    """A rectifier at the output that cuts off needed values."""
    output, labels = looks.output, looks.labels
    rectified = output.activation in ("relu", "relu6", "leaky_relu", "elu")
    two = labels.whole and (labels.low, labels.high) == (0, 1)
    needed = output.loss in CROSS_ENTROPIES or labels.low < 0 or two
    dead = looks.outputs is not None and (looks.outputs == 0).all()
    if not rectified or not (needed or dead):
        return None
    why = "all outputs are 0" if dead else f"labels run from {labels.low:.3g}"
    if output.loss in CROSS_ENTROPIES:
        why = f"{output.loss} expects probabilities"
    return Finding(
        sentence=f"The output is a {output.activation}, and {why}.",
        layers=names_of(looks.weights[-1:]),
        threshold=BY_KERAS,
    )


def metric_does_not_fit(looks: Looks) -> Finding | None:
    """An accuracy that does not fit the labels or the output."""
    output, labels = looks.output, looks.labels
    accuracy = next((each for each in output.metrics if "acc" in each), "")
    numbers = output.loss in REGRESSIONS and labels.classes is None
    several, columns = output.units > 1, labels.columns > 1
    fits = {
        "binary_accuracy": output.loss not in CATEGORICAL,
        "categorical_accuracy": several and columns,
        "sparse_categorical_accuracy": several and not columns,
    }
    if not accuracy or (fits.get(accuracy, True) and not numbers):
        return None
    return Finding(
        sentence=f"{accuracy} is measured of "
        f"{'numbers' if numbers else f'{_units(output.units)} under {output.loss}'}.",
        threshold="by definition of the metric",
    )


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"


def loss_not_finite(looks: Looks) -> Finding | None:
    """A custom loss that takes the log of 0."""
    if np.isfinite(looks.certain_loss) or not np.isfinite(looks.first_loss):
        return None
    return Finding(
        sentence=f"Of probabilities that are the labels themselves, 0 and 1, {looks.output.loss} "
        f"is {looks.certain_loss:g}; before the first step it is {looks.first_loss:.3g}.",
        threshold="a loss of right answers that is not finite",
    )

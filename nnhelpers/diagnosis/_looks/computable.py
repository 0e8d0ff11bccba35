"""Whether a model, and its loss, can be computed on these examples; if not, why."""

import re
from typing import Any

import numpy as np

from nnhelpers.diagnosis._looks.labels import CROSS_ENTROPIES
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.examples import Examples
from nnhelpers.diagnosis.structures import is_structure


def call(specimen: Any, examples: Examples) -> tuple[int, tuple[int, int] | None]:
    """Call the model; return about how many multiplications an example takes on its way up.

    And a token that an embedding does not hold, beside how many it holds.
    """
    try:
        return specimen.work(examples.X), None
    except Exception as error:  # it may be a layer of one's own
        beyond = re.search(r"indices\[.*\] = (-?\d+) is not in \[0, (\d+)\)", str(error))
        if beyond is None:
            raise ValueError(f"the model cannot be called on X: {first_line(error)}") from error
        return 0, (int(beyond[1]), int(beyond[2]))


def extremes_of(examples: Examples) -> Examples:
    """Return the examples with the smallest and the largest value of each input."""
    rows = []
    for X in examples.inputs.values():
        flat = X.reshape(len(X), -1)
        rows += [flat.min(axis=1).argmin(), flat.max(axis=1).argmax()]
    return examples.take(np.array(rows))


def is_computable(specimen: Any, sample: Examples, looks: dict) -> tuple[bool, list[str]]:
    """Whether the loss takes these labels; if not, say why."""
    if any(_lacks_an_output(view) for view in Looks(**looks).views("labels").values()):
        return False, ["gradients and steps: there are classes without an output"]
    try:
        specimen.losses(sample.X, sample.y)
        specimen.train(sample.X, sample.y, batches=[np.arange(min(len(sample), 32))])
    except Exception as error:  # it may be a loss of one's own
        return False, [f"gradients and steps: the loss fails ({first_line(error)})"]
    finally:
        specimen.restore()
    return True, []


def _lacks_an_output(looks: Looks) -> bool:
    labels, output = looks.labels, looks.output
    sparse = output.loss == "sparse_categorical_crossentropy"
    return sparse and (labels.low < 0 or labels.high > output.units - 1)


def certain_loss(specimen: Any, sample: Examples, looks: dict) -> float:
    """Return a loss of one's own of probabilities that are the labels; 0 where they are none."""
    output, labels, answers = looks["output"], looks["labels"], looks.get("outputs")
    plain = answers is not None and not is_structure(sample.y)
    fits = output.activation == "sigmoid" or (output.activation == "softmax" and labels.one_hot)
    if not plain or not fits or output.loss in CROSS_ENTROPIES:
        return 0.0
    if answers.size != sample.y.size or labels.low < 0 or labels.high > 1:
        return 0.0
    certain = sample.y.reshape(answers.shape).astype(np.float32)
    return specimen.loss_of_answers(sample.y, answers=certain)


def first_line(error: Exception) -> str:
    """Return what an error is, and the first line of what it says."""
    # Without colours, and without TensorFlow's names of its nodes.
    plain = re.sub(r"\x1b\[\d+m|\{\{.*?\}\} ", "", str(error))
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    # Keras says first in which layer it happened.
    lines = [line for line in lines if not line.startswith("Exception encountered")] or lines
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__

"""Find out what is wrong with a network: measure everything, then judge."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from nnhelpers.checks import check_whole
from nnhelpers.diagnosis._looks.data import looks_at_data
from nnhelpers.diagnosis._looks.fit import look_at_fit
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis._looks.verdict import judged
from nnhelpers.diagnosis.examination import Examination, ExaminedLayer
from nnhelpers.diagnosis.examples import Examples, read_examples
from nnhelpers.words import counted


def examine(
    model: Any,
    X: Any,
    y: Any = None,
    *,
    validation_data: Any = None,
    history: Any = None,
    steps: int = 30,
    seed: int = 0,
) -> Examination:
    """Say what is wrong with a compiled Keras model, with the evidence, the cure and the lesson.

    Steps are made by a copy; the model, its optimizer and all random states stay as they are.
    Raises TypeError if the model is not Keras's or X or y holds no numbers, and ValueError if the
    model is not compiled, X or y do not fit it, or it cannot be called on X.

    Parameters
    ----------
    model : keras.Model
        Compiled model, best before its training, or with its `history`.
    X, y : array, pandas table, or X a `tf.data.Dataset` of batches and y None
        Arguments of `fit`: a list or dictionary of arrays for several inputs or outputs.
    validation_data : tuple of X and y, or tf.data.Dataset, optional
    history : keras.callbacks.History, or its dictionary, optional
        The history that `fit` returned.
    steps : int
        Optimizer steps of the copy; small networks make at least 100, slow ones fewer.
    seed : int
        Seed of the sample of examples and the order of the batches.

    Examples
    --------
    >>> import numpy as np
    >>> from nnhelpers import diagnosis, models
    >>> X = np.random.default_rng(0).normal(10, 1, size=(200, 2))
    >>> found = diagnosis.examine(models.build_articles_network(), X, X[:, 0] > X[:, 1])
    >>> found.first
    'offset_inputs'
    """
    check_whole(steps=steps)
    check_whole(least=0, seed=seed)
    from nnhelpers import models  # imports Keras only when needed
    from nnhelpers.diagnosis._looks.patient import looks_at_network

    anatomy = models.anatomy(model)
    examples = read_examples(X, y, inputs=anatomy.inputs, seed=seed)
    fit = None if history is None else look_at_fit(history)
    held = _read_validation(validation_data, anatomy.inputs, seed)
    looks, unseen = looks_at_data(anatomy, examples, held, seed=seed)
    looks = looks | {"fit": fit, "batch_size": _batch_size(examples, fit)}
    if len(examples):
        with models.kept_random_state(seed), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras warns about some of the faults looked for
            seen, more = looks_at_network(model, examples, looks=looks, steps=steps, seed=seed)
        looks, unseen = seen, unseen + more
    record = Looks(**looks)
    findings, in_order = judged(record)
    return Examination(
        findings=findings,
        looked_at=in_order,
        not_looked_at=tuple(unseen + _unseen(record, held)),
        layers=_layers(record),
    )


def _read_validation(given: Any, inputs: dict, seed: int) -> Examples | None:
    if given is None:
        return None
    settings = {"inputs": inputs, "seed": seed, "name": "validation_data X"}
    if isinstance(given, tuple | list) and len(given) in (2, 3):
        return read_examples(given[0], given[1], **settings)
    if hasattr(given, "element_spec"):
        return read_examples(given, **settings)
    raise TypeError(f"validation_data must be (X, y) or a tf.data.Dataset, got {given!r}")


def _batch_size(examples: Examples, fit: Any) -> int | None:
    if examples.batch_size or fit is None or not fit.steps_per_epoch:
        return examples.batch_size
    return -(-examples.n_given // fit.steps_per_epoch)


def _unseen(looks: Looks, held: Examples | None) -> list[str]:
    """Say what was not given, and what cannot be compared."""
    found = ["class_weight, sample_weight and callbacks: only fit knows them"]
    if all(view.validation is None for view in looks.views("validation").values()):
        tokens = "their features are tokens, or of another shape"
        found.append(f"validation data: {'none given' if held is None else tokens}")
    if looks.fit is None:
        found.append("plateaus and overfitting: no history given")
    if looks.batch_size is None:
        found.append("the batch size: neither batches nor a history of fit; 32 was taken")
    if looks.trained:
        count = counted(looks.anatomy.iterations, "step")
        found.append(f"the weights of the start: {count} were made; it was drawn anew")
    return found


def _layers(looks: Looks) -> tuple[ExaminedLayer, ...]:
    signals = {each.name: each for each in looks.signals}
    ratios = looks.steps.update_ratios if looks.steps else {}
    found = []
    for each in looks.weights:
        unseen = ExaminedLayer(name=each.name, activation="linear", units=each.units)
        gradient = looks.gradients.get(each.name)
        own = {
            "units": each.units,
            "gradient": gradient.rms if gradient else np.nan,
            "update_ratio": ratios.get(each.name, np.nan),
        }
        found.append(replace(signals.get(each.name, unseen), **own))
    return tuple(found)

"""What a reader changes who follows the cure of a finding, and knows nothing else."""

from collections.abc import Callable
from dataclasses import replace

from nnhelpers.checks import check_one_of
from nnhelpers.diagnosis.examination import DISEASES
from nnhelpers.diagnosis.sabotages.recipe import (
    DEFAULT_RATES,
    Recipe,
    fitting_output,
    fitting_start,
)


def cure(recipe: Recipe, *, finding: str) -> Recipe:
    """Return the recipe with the cure of one finding; as it was where the cure does not reach.

    Raises
    ------
    ValueError
        If there is no finding of that name.

    Examples
    --------
    >>> cure(Recipe(offset=9.0), finding="offset_inputs").offset
    0.0
    """
    check_one_of(DISEASES, finding=finding)
    return _CURES.get(finding, lambda recipe: recipe)(recipe)


def _to(**changes) -> Callable[[Recipe], Recipe]:
    return lambda recipe: replace(recipe, **changes)


def _default_rate(recipe: Recipe) -> Recipe:
    return replace(recipe, learning_rate=DEFAULT_RATES[recipe.optimizer])


def _own_labels(recipe: Recipe) -> Recipe:
    labels = "integers" if recipe.labels in ("from_one", "column") else recipe.labels
    return fitting_output(replace(recipe, labels=labels))


def _rectified(recipe: Recipe) -> Recipe:
    return fitting_start(replace(recipe, activation="relu"))


def _thawed(recipe: Recipe) -> Recipe:
    return replace(recipe, frozen=tuple(kind for kind in recipe.frozen if kind == "batch_norm"))


def _wider(recipe: Recipe) -> Recipe:
    return replace(recipe, units=tuple(max(16, size) for size in recipe.units))


_STANDARDIZE = _to(inputs="standardized", offset=0.0, decades=0.0)

_CURES: dict[str, Callable[[Recipe], Recipe]] = {
    "offset_inputs": _STANDARDIZE,
    "unequal_scales": _STANDARDIZE,
    "inputs_not_scaled": _STANDARDIZE,
    "validation_standardized_apart": _to(validation="alike"),
    "targets_not_scaled": _to(target_mean=0.0, target_std=1.0),
    "start_too_small": fitting_start,
    "start_too_large": fitting_start,
    "start_all_alike": fitting_start,
    "fan_out_for_fan_in": fitting_start,
    "dead_at_birth": fitting_start,
    "saturated_depth": _rectified,
    "plateau": _rectified,
    "frozen_layers": _thawed,
    "learning_rate_too_high": _default_rate,
    "learning_rate_too_low": _default_rate,
    "diverged": lambda recipe: replace(recipe, optimizer="adam", learning_rate=1e-3),
    "softmax_on_one_unit": _own_labels,
    "labels_do_not_fit_loss": _own_labels,
    "labels_start_at_one": _own_labels,
    "activation_does_not_fit_loss": fitting_output,
    "softmax_into_from_logits": fitting_output,
    "logits_without_from_logits": fitting_output,
    "relu_output": fitting_output,
    "output_out_of_reach": fitting_output,
    "labels_shuffled": _to(labels_shuffled=False),
    "class_imbalance": _to(class_weighted=True),
    "batch_norm_lagging": _to(momentum=0.9),
    "batch_norm_tiny_batches": _to(batch_size=32),
    "batch_norm_frozen": _to(frozen=()),
    "dropout_too_high": _to(dropout=0.2),
    "l2_too_strong": _to(l2=1e-4),
    "overfitting": _to(dropout=0.2, l2=1e-4),
    "too_few_units": _wider,
}

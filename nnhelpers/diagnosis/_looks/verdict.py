"""All judges, one after the other."""

from dataclasses import replace

from nnhelpers.diagnosis._looks import (
    batch_norms,
    features,
    fit,
    labels,
    output,
    relation,
    signals,
    steps,
    targets,
    validation,
    weights,
)
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.words import counted


def not_finite_data(looks: Looks) -> Finding | None:
    """NaN or infinite values."""
    if not looks.not_finite:
        return None
    return Finding(
        name="not_finite_data",
        sentence=f"{counted(looks.not_finite, 'example')} with a NaN or infinite value; "
        "all else was measured without them.",
        weight=0.99,
        threshold="a single one is enough",
    )


def embedding_too_small(looks: Looks) -> Finding:
    """A token beyond an embedding."""
    token, count = looks.unknown_token
    return Finding(
        name="embedding_too_small",
        sentence=f"An embedding with input_dim={count} holds tokens 0 to {count - 1}, and is asked "
        f"for {token}: the model cannot be called.",
        weight=0.98,
        threshold="by definition of the layer",
    )


_FINITE = (not_finite_data, "anatomy", "all values are finite")
# Who judges, what must have been looked at, and what to say where all is well.
_JUDGES = (
    (targets.labels_start_at_one, "labels", "classes begin at 0"),
    (targets.labels_do_not_fit_loss, "labels", "labels fit the loss"),
    (targets.output_out_of_reach, "labels", "the targets are within reach of the output"),
    (targets.targets_not_scaled, "labels", "size of the targets"),
    (output.softmax_on_one_unit, "labels", "output: no softmax of one unit"),
    (output.activation_does_not_fit_loss, "labels", "output activation and loss belong together"),
    (output.softmax_into_from_logits, "labels", "no probabilities where logits are expected"),
    (output.logits_without_from_logits, "labels", "no logits where probabilities are expected"),
    (output.relu_output, "labels", "the output is not cut off"),
    (output.loss_not_finite, "steps", "the loss of right answers is finite"),
    (output.dropout_at_output, "labels", "no dropout behind the output"),
    (output.metric_does_not_fit, "labels", "metrics fit the task"),
    _FINITE,
    (embedding_too_small, "unknown_token", "embeddings hold all tokens"),
    (features.offset_inputs, "inputs", "inputs are near 0"),
    (features.unequal_scales, "inputs", "features are of about one size"),
    (features.inputs_not_scaled, "inputs", "inputs are of about size 1"),
    (relation.labels_shuffled, "relation", "labels have to do with the features"),
    (labels.class_imbalance, "labels", "shares of the classes"),
    (features.constant_feature, "features", "no feature is constant"),
    (features.duplicated_features, "features", "no feature stands there twice"),
    (features.collinear_features, "features", "no valley of collinear features"),
    (
        validation.validation_of_other_classes,
        "label_shift",
        "validation data have the training data's classes",
    ),
    (
        validation.validation_standardized_apart,
        "validation",
        "validation data have the training data's moments",
    ),
    (weights.frozen_layers, "weights", "no layer is frozen with random weights"),
    (weights.start_all_alike, "weights", "units start differently"),
    (weights.fan_out_for_fan_in, "weights", "weights are scaled by a layer's inputs"),
    (signals.start_too_small, "signals", "the first weights are not too small"),
    (signals.start_too_large, "signals", "the first weights are not too large"),
    (signals.dead_at_birth, "signals", "units are alive at the start"),
    (signals.linear_layers, "signals", "there are activations between the layers"),
    (signals.saturated_depth, "gradients", "gradients reach the first layer"),
    (signals.too_few_units, "signals", "there are units to spare"),
    (batch_norms.batch_norm_frozen, "batch_norms", "no frozen batch norm of other data"),
    (
        batch_norms.batch_norm_unfrozen,
        "batch_norms",
        "no batch norm set loose in a trained network",
    ),
    (batch_norms.batch_norm_tiny_batches, "batch_size", "batch norm's batches"),
    (batch_norms.batch_norm_lagging, "batch_norms", "batch norm's moving moments"),
    (fit.dropout_too_high, "anatomy", "strength of dropout"),
    (weights.l2_too_strong, "gradients", "strength of the penalties"),
    (steps.learning_rate_too_high, "steps", "the learning rate is not too high"),
    (steps.learning_rate_too_low, "steps", "the learning rate is not too low"),
    (fit.learning_rate_faded, "fit", "the learning rate did not fall to nothing"),
    (fit.diverged, "anatomy", "the loss stays finite"),
    (fit.overfitting, "fit", "no overfitting in the history"),
    (fit.plateau, "fit", "no plateau in the history"),
)


def judged(looks: Looks) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings, the heaviest first, and what was found in order."""
    findings, in_order = [], []
    for judge, needed, words in _JUDGES if looks.labels else [_FINITE]:
        views = looks.views(needed).items()
        views = {name: view for name, view in views if getattr(view, needed) not in (None, (), {})}
        found = [(name, judge(view)) for name, view in views.items()]
        found = [_of_part(name, finding) for name, finding in found if finding]
        findings += found
        if views and not found:
            in_order.append(words)
    return tuple(sorted(findings, key=lambda each: -each.weight)), tuple(in_order)


def _of_part(name: str, finding: Finding) -> Finding:
    """Say which of several inputs or outputs a finding speaks of."""
    return replace(finding, sentence=f"{name}: {finding.sentence}") if name else finding

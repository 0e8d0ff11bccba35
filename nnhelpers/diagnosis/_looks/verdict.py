"""All judges, in order."""

from dataclasses import replace

from nnhelpers.diagnosis._looks import (
    batch_norms,
    data,
    features,
    fit,
    labels,
    output,
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
        sentence=f"{counted(looks.not_finite, 'example')} with a NaN or infinite value; "
        "all else was measured without them.",
        threshold="a single one is enough",
    )


def embedding_too_small(looks: Looks) -> Finding:
    """A token that an embedding lacks."""
    token, count = looks.unknown_token
    return Finding(
        sentence=f"An embedding with input_dim={count} holds tokens 0 to {count - 1}, and is asked "
        f"for {token}: the model cannot be called.",
        threshold="by definition of the layer",
    )


_FINITE = (not_finite_data, 0.99, "anatomy", "all values are finite")
# Judge, how strongly its finding explains that a network does not learn, the field of `Looks` that
# it needs, and what to say if all is well.
_JUDGES = (
    (targets.labels_start_at_one, 0.96, "labels", "classes begin at 0"),
    (targets.labels_do_not_fit_loss, 0.95, "labels", "labels fit the loss"),
    (targets.output_out_of_reach, 0.89, "labels", "the targets are within reach of the output"),
    (targets.targets_not_scaled, 0.86, "labels", "size of the targets"),
    (output.softmax_on_one_unit, 0.97, "labels", "output: no softmax of one unit"),
    (
        output.activation_does_not_fit_loss,
        0.93,
        "labels",
        "output activation and loss belong together",
    ),
    (output.softmax_into_from_logits, 0.91, "labels", "no probabilities where logits are expected"),
    (
        output.logits_without_from_logits,
        0.92,
        "labels",
        "no logits where probabilities are expected",
    ),
    (output.relu_output, 0.9, "labels", "the output is not cut off"),
    (output.loss_not_finite, 0.62, "steps", "the loss of right answers is finite"),
    (output.dropout_at_output, 0.88, "labels", "no dropout behind the output"),
    (output.metric_does_not_fit, 0.1, "labels", "metrics fit the task"),
    _FINITE,
    (embedding_too_small, 0.98, "unknown_token", "embeddings hold all tokens"),
    (features.offset_inputs, 0.85, "inputs", "inputs are near 0"),
    (features.unequal_scales, 0.83, "inputs", "features are of about one size"),
    (features.inputs_not_scaled, 0.84, "inputs", "inputs are of about size 1"),
    (data.labels_shuffled, 0.57, "relation", "labels have to do with the features"),
    (labels.class_imbalance, 0.4, "labels", "shares of the classes"),
    (features.constant_feature, 0.15, "features", "no feature is constant"),
    (features.duplicated_features, 0.14, "features", "no feature stands there twice"),
    (features.collinear_features, 0.13, "features", "no valley of collinear features"),
    (
        validation.validation_of_other_classes,
        0.66,
        "label_shift",
        "validation data have the training data's classes",
    ),
    (
        validation.validation_standardized_apart,
        0.67,
        "validation",
        "validation data have the training data's moments",
    ),
    (weights.frozen_layers, 0.78, "weights", "no layer is frozen with random weights"),
    (weights.start_all_alike, 0.77, "weights", "units start differently"),
    (weights.fan_out_for_fan_in, 0.76, "weights", "weights are scaled by a layer's inputs"),
    (signals.start_too_small, 0.74, "signals", "the first weights are not too small"),
    (signals.start_too_large, 0.74, "signals", "the first weights are not too large"),
    (signals.dead_at_birth, 0.72, "signals", "units are alive at the start"),
    (signals.linear_layers, 0.56, "signals", "there are activations between the layers"),
    (signals.saturated_depth, 0.7, "gradients", "gradients reach the first layer"),
    (signals.too_few_units, 0.45, "signals", "there are units to spare"),
    (batch_norms.batch_norm_frozen, 0.7, "batch_norms", "no frozen batch norm of other data"),
    (
        batch_norms.batch_norm_unfrozen,
        0.7,
        "batch_norms",
        "no batch norm set loose in a trained network",
    ),
    (batch_norms.batch_norm_tiny_batches, 0.7, "batch_size", "batch norm's batches"),
    (batch_norms.batch_norm_lagging, 0.7, "batch_norms", "batch norm's moving moments"),
    (fit.dropout_too_high, 0.68, "anatomy", "strength of dropout"),
    (weights.l2_too_strong, 0.66, "gradients", "strength of the penalties"),
    (steps.learning_rate_too_high, 0.6, "steps", "the learning rate is not too high"),
    (steps.learning_rate_too_low, 0.58, "steps", "the learning rate is not too low"),
    (fit.learning_rate_faded, 0.58, "fit", "the learning rate did not fall to nothing"),
    (fit.diverged, 0.25, "anatomy", "the loss stays finite"),
    (fit.overfitting, 0.3, "fit", "no overfitting in the history"),
    (fit.plateau, 0.2, "fit", "no plateau in the history"),
)


def judged(looks: Looks) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings, the heaviest first, and descriptions of what is in order."""
    findings, in_order = [], []
    for judge, weight, needed, words in _JUDGES if looks.labels else [_FINITE]:
        views = looks.views(needed).items()
        views = {name: view for name, view in views if getattr(view, needed) not in (None, (), {})}
        found = {name: judge(view) for name, view in views.items()}
        found = {name: finding for name, finding in found.items() if finding}
        for part, finding in found.items():
            usual = {
                "name": finding.name or judge.__name__,
                "weight": finding.weight or weight,
                "sentence": f"{part}: {finding.sentence}" if part else finding.sentence,
            }
            findings.append(replace(finding, **usual))
        if views and not found:
            in_order.append(words)
    return tuple(sorted(findings, key=lambda each: -each.weight)), tuple(in_order)

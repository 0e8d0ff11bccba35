"""Looks at one network, by a copy of it that may be trained."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.batch_norms import BatchNormLook, look_at_batch_norm
from nnhelpers.diagnosis._looks.features import FeatureLook, look_at_features
from nnhelpers.diagnosis._looks.record import GradientLook
from nnhelpers.diagnosis._looks.signals import LayerSignals, look_at_signals
from nnhelpers.diagnosis._looks.steps import StepsLook, Watch
from nnhelpers.diagnosis._looks.weights import WeightLook, look_at_weights
from nnhelpers.diagnosis.examples import Examples
from nnhelpers.models import Anatomy, LayerPass, Specimen

# Activations that pass on half of what enters: He's start; for all others Glorot's.
_HALVING = {"relu", "relu6", "leaky_relu", "elu", "swish", "silu", "gelu", "softplus", "mish"}


def order_of(passed: list[LayerPass], weights: set[str]) -> list[str]:
    """Return the names of the layers with weights in the order in which they were called."""
    return [each.name for each in passed if each.kind == "call" and each.name in weights]


def look_at_layers(passed: list[LayerPass], order: list[str]) -> tuple[LayerSignals, ...]:
    """Measure the activation that belongs to each layer with weights, the last one included."""
    found, owner = {}, None
    for each in passed:
        owner = each.name if each.name in order else owner
        if owner is None or each.kind == "activation":
            if owner is not None:
                found[owner] = look_at_signals(
                    owner, each.activation, z=each.values_in, a=each.values_out
                )
        elif each.name == owner and owner not in found:
            out = each.values_out
            found[owner] = look_at_signals(owner, "linear", z=out, a=out)
    return tuple(found[name] for name in order if name in found)


def look_at_inputs(
    passed: list[LayerPass], layer: str, names: tuple[str, ...] = ()
) -> FeatureLook | None:
    """Measure what enters a layer with weights, at all of its calls."""
    entered = [each.values_in for each in passed if (each.kind, each.name) == ("call", layer)]
    alike = [values for values in entered if values.shape[1:] == entered[0].shape[1:]]
    return look_at_features(np.concatenate(alike), names) if alike else None


def pre_activation(passed: list[LayerPass], layer: str) -> NDArray:
    """Return what a layer with weights has summed up, before its activation if it has one."""
    own = next(each for each in passed if each.name == layer)
    return own.values_in if own.kind == "activation" else own.values_out


def look_at_kernels(anatomy: Anatomy, kernels: dict[str, NDArray]) -> tuple[WeightLook, ...]:
    """Measure the kernels a network starts with, beside what their layers say."""
    return tuple(
        look_at_weights(
            layer.name,
            kernels.get(layer.name, layer.kernel),
            layer.bias,
            trainable=layer.trainable,
            initializer=layer.initializer,
        )
        for layer in anatomy.layers
        if layer.kind == "weights"
    )


def look_at_gradients(specimen: Specimen, sample: Examples) -> dict[str, GradientLook]:
    """Measure the gradients of the copy as it stands."""
    return {
        name: GradientLook(
            rms=float(np.sqrt(np.square(loss, dtype=np.float64).mean())),
            penalty_rms=float(np.sqrt(np.square(penalty, dtype=np.float64).mean())),
            zeros=float((loss == 0).mean()),
        )
        for name, (loss, penalty) in specimen.gradients(sample.X, sample.y).items()
    }


def look_at_batch_norms(specimen: Specimen, anatomy: Anatomy, X: NDArray) -> list[BatchNormLook]:
    """Compare the moving moments of each batch norm layer with the data's, in training mode."""
    if not any(layer.kind == "batch_norm" for layer in anatomy.layers):
        return []
    passed = {each.name: each for each in specimen.forward(X, training=True) if each.kind == "call"}
    found, frozen = [], False
    for layer in anatomy.layers:
        if layer.kind == "weights":
            frozen = not layer.trainable
        if layer.kind == "batch_norm" and layer.name in passed and layer.moving:
            look = look_at_batch_norm(
                layer.name,
                layer.moving,
                passed[layer.name].values_in,
                trainable=layer.trainable,
                momentum=layer.settings.get("momentum", 0.99),
                behind_frozen=frozen,
            )
            found.append(look)
    return found


def usual_kernels(anatomy: Anatomy, activations: dict[str, str], seed: int) -> dict[str, NDArray]:
    """Draw kernels as He for ReLU and its kin, as Glorot for all others."""
    rng, found = np.random.default_rng([seed, 1]), {}
    for layer in anatomy.layers:
        if layer.kind != "weights":
            continue
        fan_in, fan_out = layer.fans
        halving = activations.get(layer.name) in _HALVING
        variance = 2 / fan_in if halving else 2 / (fan_in + fan_out)
        found[layer.name] = rng.normal(scale=np.sqrt(variance), size=layer.kernel.shape)
    return found


def look_at_steps(watch: Watch, guessing: float, *, few: int, changes: dict) -> StepsLook:
    """Train with the model's own rate, then with one thing changed."""
    own = watch.trial()
    return StepsLook(
        own=own,
        update_ratios=watch.update_ratios(few),
        trials={name: watch.trial(**change) for name, change in changes.items()},
        guessing=guessing if np.isfinite(guessing) and guessing > 0 else own.before,
        batch_size=watch.batch_size,
    )

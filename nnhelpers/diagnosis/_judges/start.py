"""Judges of the start: whether weights let a signal up and an error down."""

import numpy as np

from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis._looks.signals import RECTIFIERS
from nnhelpers.diagnosis._looks.weights import WeightLook
from nnhelpers.diagnosis.findings import Finding
from nnhelpers.words import counted, short


def frozen_layers(looks: Looks) -> Finding | None:
    """Layers that cannot be trained, with weights as they were drawn."""
    names = tuple(each.name for each in looks.weights if not each.trainable and each.untouched)
    if not names:
        return None
    last = looks.weights[-1].name in names
    return Finding(
        name="frozen_layers",
        sentence=f"{len(names)} of {len(looks.weights)} layers are not trainable, and have biases "
        "and weights as their initializer draws them.",
        layers=names,
        weight=0.79 if last else 0.78,
        threshold="mean and spread of the kernel within 4 standard errors of the initializer's",
    )


def start_all_alike(looks: Looks) -> Finding | None:
    """Hidden layers whose units are all the same."""
    names = tuple(
        each.name for each in looks.weights[:-1] if each.units > 1 and each.unit_spread < 1e-3
    )
    if not names:
        return None
    return Finding(
        name="start_all_alike",
        sentence=f"In {len(names)} hidden layers all units have the same weights.",
        layers=names,
        weight=0.77,
        threshold="units that differ by less than a thousandth of their weights",
    )


def fan_out_for_fan_in(looks: Looks) -> Finding | None:
    """Weights scaled by a layer's outputs, in layers where that matters."""
    bad = [each for each in looks.weights if each.mode == "fan_out" and _factor(each) > 2]
    if not bad:
        return None
    worst = max(bad, key=_factor)
    return Finding(
        name="fan_out_for_fan_in",
        sentence=f"{worst.name} has {worst.fan_in} inputs, {worst.fan_out} outputs and weights of "
        f"size {short(worst.rms)}, drawn for its outputs; {worst.usual[1]:.2g} is usual.",
        layers=tuple(each.name for each in bad),
        weight=0.76,
        threshold='mode="fan_out", and weights twice off what LeCun, Glorot and He draw (lesson 3)',
    )


def _factor(look: WeightLook) -> float:
    return max(look.excess, 1 / max(look.excess, 1e-30))


# From so many layers on a small loss in each, 0.7 for ReLU under Glorot's start, is a large one.
_DEEP = 8


def start_too_small(looks: Looks) -> Finding | None:
    """A signal that fades because of the weights."""
    product = _product(looks, below=True)
    ratio = _signal_ratio(looks)
    small = product < 0.1 and ratio < 0.1
    unbiased = all(each.bias_rms < 1e-3 for each in looks.weights)
    deep = len(looks.signals) > _DEEP and _product(looks, below=False) < 1.5
    faded = deep and unbiased and ratio < 0.02
    learns = looks.steps is not None and looks.steps.level() < 0.9
    if learns or not (small or faded) or _alike(looks):
        return None
    return Finding(
        name="start_too_small",
        sentence=f"The first weights are together {short(product)} times the usual ones; the last "
        f"hidden signal is {short(ratio)} times that of a usual start.",
        layers=tuple(each.name for each in looks.weights if each.excess < 0.7),
        weight=0.74,
        threshold="a tenth of LeCun's, Glorot's and He's and of their signal; or a fiftieth of the "
        "signal in 8 hidden layers and more; and hardly anything is learned in a trial (lesson 3)",
    )


def start_too_large(looks: Looks) -> Finding | None:
    """A signal that grows because of the weights."""
    worst = max((each.excess for each in looks.weights), default=1.0)
    product = _product(looks, below=False)
    ratio = _signal_ratio(looks)
    if not (max(worst, product) > 2.5 and ratio > 2.5) or _alike(looks):
        return None
    return Finding(
        name="start_too_large",
        sentence=f"The first weights are together {short(product)} times the usual ones; the last "
        f"hidden signal is {short(ratio)} times that of a usual start{_first_loss(looks)}.",
        layers=tuple(each.name for each in looks.weights if each.excess > 1.5),
        weight=0.74,
        threshold="2.5 times LeCun's, Glorot's and He's, and 2.5 times their signal (lesson 3)",
    )


def _first_loss(looks: Looks) -> str:
    ratio = looks.first_loss / looks.labels.guessing
    return f", the first loss {short(ratio)} times that of guessing" if np.isfinite(ratio) else ""


def _product(looks: Looks, *, below: bool) -> float:
    excesses = [each.excess for each in looks.weights]
    kept = [each for each in excesses if (each < 1) == below]
    return float(np.prod(kept)) if kept else 1.0


def _signal_ratio(looks: Looks) -> float:
    """Return a layer's spread over that of a usual start, where it is furthest from 1."""
    if not looks.signals or len(looks.signals) != len(looks.usual_signals):
        return 1.0
    ratios = [
        own.std / max(usual.std, 1e-12)
        for own, usual in zip(looks.signals, looks.usual_signals, strict=True)
    ]
    return float(max(ratios, key=lambda ratio: abs(np.log(max(ratio, 1e-12)))))


def _alike(looks: Looks) -> bool:
    return start_all_alike(looks) is not None


def saturated_depth(looks: Looks) -> Finding | None:
    """Errors that get lost in sigmoid or saturated tanh layers on their way down."""
    hidden = looks.signals[:-1]
    names = tuple(
        each.name
        for each in hidden
        if each.activation in ("sigmoid", "hard_sigmoid")
        or (each.activation in ("tanh", "softsign") and each.saturated > 0.5)
    )
    if len(names) < 3 or not looks.gradients:
        return None
    first, last = (looks.gradients[each.name].rms for each in (hidden[0], looks.signals[-1]))
    ratio = first / max(last, 1e-30)
    if ratio > 0.02:
        return None
    return Finding(
        name="saturated_depth",
        sentence=f"The gradient of the first layer is {short(ratio)} times that of the last one, "
        f"behind {len(names)} layers whose slope is ¼ at most or that are saturated.",
        layers=names,
        weight=0.7,
        threshold="three such layers, and a ratio below 1/50 (lesson 2)",
    )


def linear_layers(looks: Looks) -> Finding | None:
    """Hidden layers that together are one."""
    hidden = looks.signals[:-1]
    if not hidden or not looks.straight or any(each.activation != "linear" for each in hidden):
        return None
    return Finding(
        name="linear_layers",
        sentence=f"{counted(len(hidden), 'hidden layer')} without an activation: half way between "
        "two examples the network answers half way between both.",
        layers=tuple(each.name for each in hidden),
        weight=0.56,
        threshold="no activation in any hidden layer, and a straight line to a thousandth",
    )


def dead_at_birth(looks: Looks) -> Finding | None:
    """Rectifiers that are active on no example, more than a usual start makes."""
    usual = {each.name: each.dead for each in looks.usual_signals}
    bad = [
        each
        for each in looks.signals[:-1]
        if each.activation in RECTIFIERS
        and each.dead > 0.5
        and each.dead > 2 * usual.get(each.name, 0.0)
    ]
    if not bad:
        return None
    worst = max(bad, key=lambda each: each.dead)
    return Finding(
        name="dead_at_birth",
        sentence=f"{worst.dead:.0%} of the units of {worst.name} are active on no example; "
        f"with a usual start {usual.get(worst.name, 0.0):.0%} are{_zeros(looks, worst.name)}.",
        layers=tuple(each.name for each in bad),
        weight=0.72,
        threshold="half of a layer's units, and twice as many as with He's start",
    )


def _zeros(looks: Looks, name: str) -> str:
    gradient = looks.gradients.get(name)
    return f"; {gradient.zeros:.0%} of its gradients are exactly 0" if gradient else ""


def too_few_units(looks: Looks) -> Finding | None:
    """Classes that no straight line divides, and hardly a unit to fold one."""
    hidden = [each for each in looks.signals[:-1] if each.activation in RECTIFIERS]
    relation = looks.relation
    if not hidden or looks.labels.classes is None or relation is None:
        return None
    narrow = min(hidden, key=lambda each: each.units)
    if narrow.units > 3 or relation.straight > 0.9:
        return None
    return Finding(
        name="too_few_units",
        sentence=f"{narrow.name} has {narrow.units} units, of which "
        f"{round(narrow.splitting * narrow.units)} split the data; "
        f"a straight line gets {relation.straight:.0%} right.",
        layers=(narrow.name,),
        weight=0.45,
        threshold="3 ReLU units, and classes of which a straight line misses a tenth (lesson 5)",
    )


# What must have been looked at, and what to say where all is well.
JUDGES = (
    (frozen_layers, "weights", "no layer is frozen with random weights"),
    (start_all_alike, "weights", "units start differently"),
    (fan_out_for_fan_in, "weights", "weights are scaled by a layer's inputs"),
    (start_too_small, "signals", "the first weights are not too small"),
    (start_too_large, "signals", "the first weights are not too large"),
    (dead_at_birth, "signals", "units are alive at the start"),
    (linear_layers, "signals", "there are activations between the layers"),
    (saturated_depth, "gradients", "gradients reach the first layer"),
    (too_few_units, "signals", "there are units to spare"),
)

"""The layers' signals on the way forward, and their errors on the way back."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.diagnosis._looks.record import Looks, names_of
from nnhelpers.diagnosis._looks.weights import start_all_alike
from nnhelpers.diagnosis.examination import ExaminedLayer, Finding
from nnhelpers.words import counted, short

if TYPE_CHECKING:  # judging needs no Keras
    from nnhelpers.models import LayerPass

_PERCENTILES = (5, 25, 50, 75, 95)
_RECTIFIERS = {"relu", "relu6"}
# abs(z) at which the slope is a tenth of its largest (measures.FLAT_BELOW).
_FLAT_FROM = {"sigmoid": 3.6, "tanh": 1.8, "hard_sigmoid": 3.0, "softsign": 2.2}


def look_at_layers(passed: list["LayerPass"], order: tuple[str, ...]) -> tuple[ExaminedLayer, ...]:
    """Measure the activation of each layer with weights, including the last."""
    found, owner = {}, None
    for each in passed:
        owner = each.name if each.name in order else owner
        if each.kind == "activation" and owner is not None:
            found[owner] = _look(owner, each.activation, each.values_in, each.values_out)
        elif each.name == owner and owner not in found:
            found[owner] = _look(owner, "linear", each.values_out, each.values_out)
    return tuple(found[name] for name in order if name in found)


def _look(name: str, activation: str, z: NDArray, a: NDArray) -> ExaminedLayer:
    alike = _alike(a.reshape(len(a), -1).astype(np.float64))
    return replace(look_at_units(name, activation, z), alike=alike)


def look_at_units(name: str, activation: str, z: NDArray) -> ExaminedLayer:
    """Measure what entered the activation function of one layer, of shape (..., units)."""
    units = z.shape[-1]
    flat = z.reshape(-1, units).astype(np.float64)
    middle = 0.5 if activation == "softplus" else 0.0
    status = measures.unit_status((flat > middle).mean(axis=0))
    edge = _FLAT_FROM.get(activation, np.inf)
    return ExaminedLayer(
        name=name,
        activation=activation,
        units=units,
        std=float(flat.std()),
        percentiles=np.percentile(flat, _PERCENTILES),
        dead=float((status == measures.DEAD).mean()),
        always_active=float((status == measures.ALWAYS_ACTIVE).mean()),
        saturated=float((np.abs(flat) > edge).mean()),
    )


def _alike(rows: NDArray) -> float:
    lengths = np.linalg.norm(rows, axis=1)
    rows = rows[lengths > 0] / lengths[lengths > 0, None]
    count = len(rows)
    if count < 2:
        return 1.0
    return float((np.square(rows.sum(axis=0)).sum() - count) / (count * (count - 1)))


# In more layers than this, a small loss of signal in each, 0.7 for ReLU after Glorot, adds up.
_DEEP = 8


def start_too_small(looks: Looks) -> Finding | None:
    """Weights that make the signal fade."""
    product = _product(looks, below=True)
    ratio = _signal_ratio(looks)
    small = product < 0.1 and ratio < 0.1
    unbiased = all(each.bias_rms < 1e-3 for each in looks.weights)
    deep = len(looks.signals) > _DEEP and _product(looks, below=False) < 1.5
    faded = deep and unbiased and ratio < 0.02
    learns = looks.steps is not None and looks.steps.level() < 0.9
    if learns or not (small or faded) or start_all_alike(looks):
        return None
    return Finding(
        sentence=f"The first weights are together {short(product)} times the usual ones; the last "
        f"hidden signal is {short(ratio)} times that of a usual start.",
        layers=names_of(each for each in looks.weights if each.excess < 0.7),
        threshold="a tenth of LeCun's, Glorot's and He's and of their signal; or a fiftieth of the "
        "signal in 8 hidden layers and more; and hardly anything is learned in a trial (lesson 3)",
    )


def start_too_large(looks: Looks) -> Finding | None:
    """Weights that make the signal grow."""
    worst = max((each.excess for each in looks.weights), default=1.0)
    product = _product(looks, below=False)
    ratio = _signal_ratio(looks)
    if not (max(worst, product) > 2.5 and ratio > 2.5) or start_all_alike(looks):
        return None
    loss = looks.first_loss / looks.labels.guessing
    first = f", the first loss {short(loss)} times that of guessing" if np.isfinite(loss) else ""
    return Finding(
        sentence=f"The first weights are together {short(product)} times the usual ones; the last "
        f"hidden signal is {short(ratio)} times that of a usual start{first}.",
        layers=names_of(each for each in looks.weights if each.excess > 1.5),
        threshold="2.5 times LeCun's, Glorot's and He's, and 2.5 times their signal (lesson 3)",
    )


def _product(looks: Looks, *, below: bool) -> float:
    excesses = [each.excess for each in looks.weights]
    return float(np.prod([each for each in excesses if (each < 1) == below]))


def _signal_ratio(looks: Looks) -> float:
    """Return the ratio of a layer's spread to that of a usual start, furthest from 1 of all."""
    if not looks.signals or len(looks.signals) != len(looks.usual_signals):
        return 1.0
    ratios = [
        own.std / max(usual.std, 1e-12)
        for own, usual in zip(looks.signals, looks.usual_signals, strict=True)
    ]
    return float(max(ratios, key=lambda ratio: abs(np.log(max(ratio, 1e-12)))))


def saturated_depth(looks: Looks) -> Finding | None:
    """Errors that vanish in sigmoid or saturated tanh layers on the way back."""
    hidden = looks.signals[:-1]
    names = names_of(
        each
        for each in hidden
        if each.activation in ("sigmoid", "hard_sigmoid")
        or (each.activation in ("tanh", "softsign") and each.saturated > 0.5)
    )
    if len(names) < 3:
        return None
    first, last = (looks.gradients[each.name].rms for each in (hidden[0], looks.signals[-1]))
    ratio = first / max(last, 1e-30)
    if ratio > 0.02:
        return None
    return Finding(
        sentence=f"The gradient of the first layer is {short(ratio)} times that of the last one, "
        f"behind {len(names)} layers whose slope is ¼ at most or that are saturated.",
        layers=names,
        threshold="three such layers, and a ratio below 1/50 (lesson 2)",
    )


def linear_layers(looks: Looks) -> Finding | None:
    """Hidden layers that amount to a single linear one."""
    hidden = looks.signals[:-1]
    if not hidden or not looks.straight or any(each.activation != "linear" for each in hidden):
        return None
    return Finding(
        sentence=f"{counted(len(hidden), 'hidden layer')} without an activation: half way between "
        "two examples the network answers half way between both.",
        layers=names_of(hidden),
        threshold="no activation in any hidden layer, and a straight line to a thousandth",
    )


def dead_at_birth(looks: Looks) -> Finding | None:
    """More rectifiers that are active on no example than after a usual start."""
    usual = {each.name: each.dead for each in looks.usual_signals}
    bad = [
        each
        for each in looks.signals[:-1]
        if each.activation in _RECTIFIERS
        and each.dead > 0.5
        and each.dead > 2 * usual.get(each.name, 0.0)
    ]
    if not bad:
        return None
    worst = max(bad, key=lambda each: each.dead)
    gradient = looks.gradients.get(worst.name)
    zeros = f"; {gradient.zeros:.0%} of its gradients are exactly 0" if gradient else ""
    return Finding(
        sentence=f"{worst.dead:.0%} of the units of {worst.name} are active on no example; "
        f"with a usual start {usual.get(worst.name, 0.0):.0%} are{zeros}.",
        layers=names_of(bad),
        threshold="half of a layer's units, and twice as many as with He's start",
    )


def too_few_units(looks: Looks) -> Finding | None:
    """Classes that no straight line separates, and too few units to bend one."""
    hidden = [each for each in looks.signals[:-1] if each.activation in _RECTIFIERS]
    relation = looks.relation
    if not hidden or looks.labels.classes is None or relation is None:
        return None
    narrow = min(hidden, key=lambda each: each.units)
    if narrow.units > 3 or relation.straight > 0.9:
        return None
    return Finding(
        sentence=f"{narrow.name} has {narrow.units} units, of which "
        f"{round(narrow.splitting * narrow.units)} split the data; "
        f"a straight line gets {relation.straight:.0%} right.",
        layers=(narrow.name,),
        threshold="3 ReLU units, and classes of which a straight line misses a tenth (lesson 5)",
    )

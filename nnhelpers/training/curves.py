"""Outcomes of an ensemble's networks, against a setting in which they differ."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_finite, check_kind, check_one_of, check_positive
from nnhelpers.measures import Curve
from nnhelpers.training.ensembles import TrainingEnsemble

_LABELS = {
    "offset": "offset of the data",
    "scale": "scale of the data",
    "learning_rate": "learning rate",
    "gain": "gain of the initial kernels",
}


def _parts(ensemble: TrainingEnsemble, setting: str) -> dict[float, TrainingEnsemble]:
    check_kind(TrainingEnsemble, ensemble=ensemble)
    check_one_of(_LABELS, setting=setting)
    return ensemble.by(setting)


def learning_curve(ensemble: TrainingEnsemble, setting: str, *, threshold: float) -> Curve:
    """Share of networks whose final accuracy exceeds a threshold, against a setting.

    Each value of the setting ("offset", "scale", "learning_rate" or "gain") should have several
    networks. Raises ``ValueError`` for another setting or a threshold outside [0, 1].

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> many = training.train_many(spec, circles, draws=4, epochs=20, offset=[0, 0, 9, 9])
    >>> training.learning_curve(many, "offset", threshold=0.9).x
    array([0., 9.])
    """
    check_finite(threshold=threshold)
    parts = _parts(ensemble, setting)
    share = np.array([part.share_above(threshold) for part in parts.values()])
    count = np.array([part.draws for part in parts.values()])
    return Curve(
        x=np.array([*parts]),
        y=share,
        standard_error=np.sqrt(share * (1 - share) / count),
        title="How likely is learning?",
        caption=f"share of {count.min():,.0f} networks above {threshold:.0%} accuracy",
        x_label=_LABELS[setting],
        y_label="share that learn",
    )


def dead_curve(ensemble: TrainingEnsemble, setting: str) -> Curve:
    """Share of hidden units that no example activates after training, against a setting.

    Like `learning_curve`, without networks that diverged; NaN where all did.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> many = training.train_many(spec, circles, draws=4, epochs=20, gain=[1, 1, 2, 2])
    >>> training.dead_curve(many, "gain").x
    array([1., 2.])
    """
    parts = _parts(ensemble, setting)
    dead = [part.dead_share()[~part.diverged] for part in parts.values()]
    count = np.array([*map(len, dead)])
    std = np.array([each.std(ddof=1) if len(each) > 1 else 0.0 for each in dead])
    return Curve(
        x=np.array([*parts]),
        y=np.array([each.mean() if len(each) else np.nan for each in dead]),
        standard_error=std / np.sqrt(np.maximum(count, 1)),
        title="How many units are never active?",
        caption=f"mean over up to {count.max():,.0f} networks, ± 2 standard errors",
        x_label=_LABELS[setting],
        y_label="units that no example activates",
        x_logarithmic=setting == "learning_rate",
    )


@dataclass(frozen=True, kw_only=True)
class RateRange:
    """Share of networks that train, for each of several learning rates.

    Attributes
    ----------
    rates : array of shape (n_rates,)
        Learning rates, ascending.
    share, standard_error : arrays of shape (n_rates,)
        Share of networks whose loss in training ends below `level` without diverging.
    networks : int
        Smallest number of networks of one rate.
    level : float
        Loss below which a network counts as trained.
    epochs : int
        Passes through the data.
    batch_norm : bool
        Whether the networks have batch norm.
    """

    rates: NDArray[np.float64]
    share: NDArray[np.float64] = field(repr=False)
    standard_error: NDArray[np.float64] = field(repr=False)
    networks: int
    level: float
    epochs: int
    batch_norm: bool

    @property
    def working(self) -> NDArray[np.float64]:
        """Rates that train at least half of their networks."""
        return self.rates[self.share >= 0.5]

    @property
    def largest(self) -> float | None:
        """The largest of `working`; None if no rate trains half of the networks."""
        return float(self.working[-1]) if len(self.working) else None

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        who = f"half of {self.networks} networks"
        if self.largest is None:
            return f"no learning rate trains {who}"
        return f"at least {who} train at rates from {self.working[0]:g} to {self.largest:g}"


def rate_range(ensemble: TrainingEnsemble, *, below: float = 0.2) -> RateRange:
    """Share of networks that train, by learning rate; each rate should have several networks.

    A network trains if it does not diverge and its loss ends below a level. With batch norm this is
    the loss in training mode, because the other lags with the moving moments. Raises ``ValueError``
    if the level is not positive.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> many = training.train_many(spec, circles, draws=2, epochs=20, learning_rate=[0.25, 0.5])
    >>> training.rate_range(many).rates
    array([0.25, 0.5 ])
    """
    check_positive(below=below)
    parts = _parts(ensemble, "learning_rate")
    trained = [(p.loss_in_training[:, -1] < below) & ~p.diverged for p in parts.values()]
    counts, share = np.array([*map(len, trained)]), np.array([*map(np.mean, trained)])
    return RateRange(
        rates=np.array([*parts]),
        share=share,
        standard_error=np.sqrt(share * (1 - share) / counts),
        networks=int(counts.min()),
        level=float(below),
        epochs=int(ensemble.epochs[-1]),
        batch_norm=bool(ensemble.spec.normalized_layers),
    )

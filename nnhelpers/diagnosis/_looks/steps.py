"""Steps of the model's own optimizer on a copy, and of the same with one thing changed."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis.examples import Examples


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A short training from the start.

    Attributes
    ----------
    before, after : float
        Loss of a fixed sample, in training mode, without penalties.
    steps : int
    losses : array of shape (steps,)
    """

    before: float
    after: float
    steps: int
    losses: NDArray

    @property
    def failed(self) -> bool:
        """Whether the loss became NaN or infinite."""
        return not np.isfinite([self.after, *self.losses]).all()


@dataclass(frozen=True, kw_only=True)
class StepsLook:
    """What a few steps did.

    Attributes
    ----------
    own : Trial
        With the model's own rate.
    update_ratios : dict of str to float
        Median of rms(update) / rms(weight) over the steps, by layer.
    trials : dict of str to Trial
        One thing changed: "rate x 0.1" and so on, or "standardized".
    guessing : float
        Loss of the best constant answer.
    batch_size : int
    """

    own: Trial
    update_ratios: dict[str, float]
    trials: dict[str, Trial]
    guessing: float
    batch_size: int

    def level(self, name: str = "") -> float:
        """Loss behind a trial as a share of guessing, infinite where it failed."""
        trial = self.trials.get(name) if name else self.own
        if trial is None:
            return np.nan
        return np.inf if trial.failed else trial.after / self.guessing


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Trains a copy from one start, with the examples in one order.

    The loss of a `sample` of so many examples is measured before and after.
    """

    specimen: Any
    examples: Examples
    start: list
    rate: float
    batch_size: int
    steps: int
    sample: int
    seed: int

    def batches(self) -> list[NDArray]:
        """Return row numbers of each step's batch, in epochs, all of one size."""
        rng, count = np.random.default_rng(self.seed), len(self.examples)
        size, found = min(self.batch_size, count), []
        while len(found) < self.steps:
            order = rng.permutation(count)
            found += np.split(order[: count - count % size], count // size)
        return found[: self.steps]

    def trial(self, *, times_rate: float = 1.0, X: Any = None) -> Trial:
        """Train from the start, with the rate or the features changed."""
        specimen = self.specimen
        examples = self.examples if X is None else replace(self.examples, X=X)
        rows = np.random.default_rng(self.seed).permutation(len(examples))[: self.sample]
        specimen.restore(self.start)
        sample = examples.take(rows)
        before, _ = specimen.losses(sample.X, sample.y, training=True)
        losses = specimen.train(
            examples.X, examples.y, batches=self.batches(), rate=self.rate * times_rate
        )
        after, _ = specimen.losses(sample.X, sample.y, training=True)
        return Trial(before=before, after=after, steps=self.steps, losses=np.array(losses))

    def update_ratios(self, steps: int) -> dict[str, float]:
        """Watch the first steps one by one; return rms(update) / rms(weight) by layer."""
        self.specimen.restore(self.start)
        before, ratios = self.specimen.kernels(), []
        for rows in self.batches()[:steps]:
            self.specimen.train(self.examples.X, self.examples.y, batches=[rows], rate=self.rate)
            after = self.specimen.kernels()
            ratios.append({name: _ratio(before[name], after[name]) for name in after})
            before = after
        return {name: float(np.median([each[name] for each in ratios])) for name in before}


def _ratio(before: NDArray, after: NDArray) -> float:
    size = np.sqrt(np.square(before, dtype=np.float64).mean())
    moved = np.sqrt(np.square(after - before, dtype=np.float64).mean())
    return float(moved / size) if size else 0.0

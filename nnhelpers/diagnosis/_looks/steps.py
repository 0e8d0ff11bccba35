"""Steps of the model's own optimizer on a copy, as it is and with one thing changed."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.fit import learning_rate_faded, stands_still
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.diagnosis.examples import Examples
from nnhelpers.words import short

# Usual ratio of an update to the weights.
_USUAL_RATIO = 1e-3
_MOST_TIMES = 1e6
# Half the distance from 1 to the next float32: smaller numbers added to 1 are lost.
_ROUNDING = 2**-24


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A short training from the start."""

    # Loss of a fixed sample, in training mode, without penalties
    before: float
    after: float
    losses: NDArray  # Loss of each batch, with penalties, of shape (n_steps,)

    @property
    def failed(self) -> bool:
        """Whether the loss became NaN or infinite."""
        return not np.isfinite([self.after, *self.losses]).all()


@dataclass(frozen=True, kw_only=True)
class StepsLook:
    """The effects of a few steps."""

    own: Trial  # With the model's own rate
    update_ratios: dict[str, float]  # Median of rms(update) / rms(weight) over the steps, by layer
    trials: dict[str, Trial]  # One thing changed: "rate x 0.1" and so on, or "standardized"
    guessing: float  # Loss of the best constant answer

    def level(self, name: str = "") -> float:
        """Loss after a trial relative to guessing: infinite if it failed, NaN if there was none."""
        trial = self.trials.get(name) if name else self.own
        if trial is None:
            return np.nan
        return np.inf if trial.failed else trial.after / self.guessing


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Trains a copy from one start in one order; measures the loss on `sample` examples."""

    specimen: Any
    examples: Examples
    start: list
    rate: float
    batch_size: int
    steps: int
    sample: int
    seed: int

    def batches(self) -> list[NDArray]:
        """Return row numbers of each step's batch; batches have one size and form epochs."""
        rng, count = np.random.default_rng(self.seed), len(self.examples)
        size, found = min(self.batch_size, count), []
        while len(found) < self.steps:
            order = rng.permutation(count)
            found += np.split(order[: count - count % size], count // size)
        return found[: self.steps]

    def trial(self, *, times_rate: float = 1.0, X: Any = None) -> Trial:
        """Train from the start, with the rate or the features changed."""
        examples = self.examples if X is None else replace(self.examples, X=X)
        rows = np.random.default_rng(self.seed).permutation(len(examples))[: self.sample]
        sample = examples.take(rows)
        self.specimen.restore(self.start)
        before, _ = self.specimen.losses(sample.X, sample.y, training=True)
        rate = self.rate * times_rate
        losses = self.specimen.train(examples.X, examples.y, batches=self.batches(), rate=rate)
        after, _ = self.specimen.losses(sample.X, sample.y, training=True)
        return Trial(before=before, after=after, losses=np.array(losses))

    def update_ratios(self, steps: int) -> dict[str, float]:
        """Watch the first steps one by one; return rms(update) / rms(weight) by layer."""
        self.specimen.restore(self.start)
        before, ratios = self.specimen.kernels(), []
        for rows in self.batches()[:steps]:
            self.specimen.train(self.examples.X, self.examples.y, batches=[rows], rate=self.rate)
            after = self.specimen.kernels()
            ratios.append([_ratio(before[name], after[name]) for name in after])
            before = after
        return dict(zip(before, map(float, np.median(ratios, axis=0)), strict=True))


def _ratio(before: NDArray, after: NDArray) -> float:
    size = np.sqrt(np.square(before, dtype=np.float64).mean())
    moved = np.sqrt(np.square(after - before, dtype=np.float64).mean())
    return float(moved / size) if size else 0.0


def learning_rate_too_high(looks: Looks) -> Finding | None:
    """A learning rate whose steps get less far than shorter ones."""
    steps = looks.steps
    shorter = min(("rate x 0.1", "rate x 0.01"), key=steps.level)
    own, best = steps.level(), steps.level(shorter)
    if not (best < 0.95 and (own > 1.0 or own > 3 * best) and best < 0.8 * own):
        return None
    part = shorter.removeprefix("rate x ")
    return Finding(
        sentence=f"After {len(steps.own.losses)} steps the loss is {_level(own)} of guessing; "
        f"with {part} of the rate it is {_level(best)}.",
        remedy=_rate(looks, float(part)),
        threshold="a loss worse than guessing, or 3 times that of a tenth or hundredth of the rate",
    )


def learning_rate_too_low(looks: Looks) -> Finding | None:
    """A learning rate that hardly moves the weights, though longer steps help, or not at all."""
    steps = looks.steps
    if not steps.update_ratios or learning_rate_faded(looks):
        return None
    if _rounds_to_nothing(looks):
        return Finding(
            sentence=f"The learning rate is {looks.anatomy.learning_rate:g}: no step changes the "
            "weights, though there are gradients.",
            remedy="optimizer=Adam(1e-3)",
            threshold="a rate and a step below 2⁻²⁴ of the weights, which 32 bits round to nothing",
        )
    moving = [each for each in steps.update_ratios.values() if each > 0]
    ratio = max(moving, default=0.0)
    own, best, before = steps.level(), steps.level("rate x 10"), steps.own.before / steps.guessing
    if not (0 < ratio < 1e-4 and own > 0.98 * before and best < own):
        return None
    return Finding(
        sentence=f"A step moves the weights by {short(ratio)} of their size at most; the loss goes "
        f"from {_level(before)} to {_level(own)} of guessing in {len(steps.own.losses)} steps.",
        remedy=_rate(looks, min(_USUAL_RATIO / float(np.median(moving)), _MOST_TIMES)),
        threshold="an update below 1/10,000 of the weights (1/1,000 is usual)",
    )


def _rounds_to_nothing(looks: Looks) -> bool:
    """Whether there are gradients, but steps too short to change the weights."""
    pushed = any(each.rms > 0 for each in looks.gradients.values())
    fresh = not looks.trained or stands_still(looks.fit)
    still = max(looks.steps.update_ratios.values()) < _ROUNDING
    return pushed and fresh and still and looks.anatomy.learning_rate < _ROUNDING


def _rate(looks: Looks, times: float) -> str:
    """Advise a rate, by a factor with one digit and its value."""
    times = float(f"{times:.0e}")
    told = f"{times:,.0f} times the rate" if times > 1 else f"the rate divided by {1 / times:,.0f}"
    return (
        f"optimizer=Adam(1e-3), or {told}: learning_rate={looks.anatomy.learning_rate * times:.1g}"
    )


def _level(level: float) -> str:
    return f"{level:.0%}" if level < 100 else f"{short(level)} times" if np.isfinite(level) else "∞"

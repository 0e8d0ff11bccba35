"""Networks to train, described and checked, and what becomes of them."""

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from nnhelpers import networks
from nnhelpers.checks import check_whole
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.training._arguments import Request, read_request, read_schedule
from nnhelpers.training._engine import jobs
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training._engine.run import Outcome, TrainingInterrupted, run
from nnhelpers.training._settings import MEMBER_SETTINGS, Settings
from nnhelpers.training.ensembles import TrainingEnsemble
from nnhelpers.training.results import TrainingRun


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is asked for, on which data, from which weights but for gains."""

    request: Request
    dataset: Dataset
    start: Weights

    @cached_property
    def job(self) -> Job:
        """What the engine needs."""
        X, y = self.dataset.X.T[None], self.dataset.y[None, None]
        return self.request.job(X, y, self.start)

    def train(self, *, as_run_of: int | None = None) -> TrainingEnsemble | TrainingRun:
        """Train the networks; return them all, or the only one as a run of this seed."""
        outcome = run(self.job)
        result = self.ensemble(outcome)
        if as_run_of is not None:
            result = replace(result.first_run(), seed=as_run_of)
        if outcome.interrupted:
            raise TrainingInterrupted(result)
        return result

    def ensemble(self, outcome: Outcome) -> TrainingEnsemble:
        """Return the networks of an outcome of the job."""
        job, members = self.job, outcome.members
        read = partial(jobs.unpack, layers=job.layers, like=self.start)
        return TrainingEnsemble(
            spec=self.request.spec,
            dataset=self.dataset,
            optimizer=self.request.rule.name,
            **{name: getattr(self.request.own, name)[members] for name in MEMBER_SETTINGS},
            epochs=outcome.epochs,
            loss=outcome.loss,
            accuracy=outcome.accuracy,
            training_loss=outcome.training_loss,
            initial_weights=read(job.parameters[members]),
            first_snapshots=read(outcome.snapshots[0]) if len(outcome.snapshots) else None,
            weights=read(outcome.parameters),
            diverged_step=outcome.diverged_step,
        )


def read_many(
    spec: MLPSpec,
    dataset: Dataset,
    draws: int,
    epochs: int,
    batch_size: int | None,
    optimizer: Any,
    seed: int,
    own: Settings,
) -> Task:
    """Return the task that the arguments of `train_many` describe."""
    check_whole(draws=draws)
    schedule = read_schedule(dataset, epochs, batch_size, 20, seed)
    request = read_request(spec, dataset, schedule, optimizer, own, draws=draws)
    start = networks.draw(spec, n_features=dataset.n_features, draws=draws, seed=seed)
    return Task(request=request, dataset=dataset, start=start)

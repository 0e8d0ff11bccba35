"""Weights and losses are the same bytes for every processor, number of threads and division."""

import hashlib
import os
import pickle
import platform
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from processes import run_python

from nnhelpers import networks
from nnhelpers.datasets import load_circles, load_digits, rescale, take
from nnhelpers.training._engine import run as engine
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training._tasks import Settings, evenly, read_task

SPECS = {
    "small": networks.MLPSpec(units=(3,), activation="tanh"),
    "normalized": networks.MLPSpec(
        units=(8, 5), activation=("gelu", "sigmoid"), batch_normalization=True, dropout=0.2
    ),
    "wide": networks.MLPSpec(units=(40, 33), activation="elu", n_outputs=10, l2=0.01, dropout=0.1),
}
OPTIMIZERS = {"small": "rmsprop", "normalized": "adam", "wide": "sgd"}


def job_of(name: str, *, draws: int = 6) -> Job:
    spec = SPECS[name]
    dataset = take(rescale(load_digits(), 1 / 16), 150) if spec.n_outputs > 1 else load_circles()
    rates, offset = np.linspace(0.01, 0.05, draws), np.arange(draws) / 4.0
    steps = {"batch_size": None if name == "small" else 32, "optimizer": OPTIMIZERS[name]}
    own = Settings(learning_rate=rates, offset=offset)
    return read_task(spec, dataset, draws, due=evenly(60, 4), seed=1, own=own, **steps).job


def digest(results) -> str:
    arrays = (results.parameters, results.snapshots, results.losses, results.right)
    return hashlib.sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)).hexdigest()


PROGRAM = """
import os, sys
sys.path[:0] = {folders}
import test_same_bits as this
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
print(*[this.digest(this.engine.run_whole(this.job_of(name))) for name in this.SPECS])
"""


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64") or not hasattr(os, "sched_setaffinity"),
    reason="instruction sets of x86 processors",
)
def test_one_core_of_another_processor_computes_the_same_bytes():
    here = Path(__file__).parent
    program = PROGRAM.format(folders=[str(here), str(here.parents[1])])
    finished = run_python(program, NUMBA_CPU_NAME="nehalem", NUMBA_CPU_FEATURES="")
    assert finished.returncode == 0, finished.stderr
    expected = [digest(engine.run_whole(job_of(name))) for name in SPECS]
    assert finished.stdout.splitlines()[-1].split() == expected


@pytest.mark.parametrize("name", SPECS)
def test_a_part_of_a_job_trains_as_it_does_in_the_whole(name):
    job = job_of(name)
    whole = engine.run_whole(job, keep=3)
    part = pickle.loads(pickle.dumps(job)).part(slice(2, 5))
    alone = engine.run_whole(part)
    assert alone.parameters.tobytes() == whole.parameters[2:5].tobytes()
    assert alone.losses.tobytes() == whole.losses[2:5].tobytes()
    assert alone.snapshots[0].tobytes() == whole.snapshots[2].tobytes()


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_division_into_pieces_changes_no_bit(pieces, monkeypatch):
    job = job_of("normalized")
    expected = digest(engine.run_whole(job))
    monkeypatch.setattr(engine, "_PIECES", pieces)
    monkeypatch.setattr(engine, "_cores", lambda: [0, 1, 2])
    assert digest(engine.run_whole(job)) == expected


def test_several_threads_may_train_at_once():
    jobs = {name: job_of(name) for name in SPECS}
    expected = [digest(engine.run_whole(job)) for job in jobs.values()]
    with ThreadPoolExecutor(6) as workers:
        found = workers.map(lambda job: digest(engine.run_whole(job)), [*jobs.values()] * 2)
        assert list(found) == expected * 2

"""Ensembles trained by the workers of an executor are those of `train_many`, whatever happens."""

import dataclasses
import itertools
import os
import pickle
import signal
import threading
import time
import warnings
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import numpy as np
import pytest
from interrupts import interrupt_when

from nnhelpers import networks, training
from nnhelpers.training._engine import spread as engine


@pytest.fixture
def jobs(circles):
    norm = {"batch_normalization": True, "dropout": 0.2}
    return [
        {
            **{"spec": networks.MLPSpec(units=(3,)), "dataset": circles, "draws": 7, "epochs": 40},
            **{"optimizer": "sgd", "offset": np.arange(7.0), "gain": np.linspace(0.5, 2, 7)},
        },
        {
            **{"spec": networks.MLPSpec(units=(4, 3), **norm), "dataset": circles, "draws": 5},
            **{"epochs": 8, "batch_size": 32, "seed": 3, "class_weight": {0: 2.0}},
        },
    ]


@pytest.fixture
def cut_small(monkeypatch):
    """Cut jobs into parts of about one network."""
    monkeypatch.setattr(engine, "_PART_OPERATIONS", 1e4)


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


def bits(ensemble):
    """Return all that an ensemble holds, arrays as bytes."""
    held = [getattr(ensemble, field.name) for field in dataclasses.fields(ensemble)]
    flat = [each.to_list() if isinstance(each, networks.Weights) else [each] for each in held]
    return [
        (each.dtype, each.shape, each.tobytes()) if isinstance(each, np.ndarray) else each
        for each in itertools.chain.from_iterable(flat)
    ]


def assert_same_bits(found, jobs):
    assert [bits(each) for each in found] == [bits(training.train_many(**job)) for job in jobs]


def watched_parts(monkeypatch):
    """Return a list to which each part is added when a worker of this process begins it."""
    begun, original = [], engine.run_part

    def run_part(job, *, keep):
        begun.append(job.numbers.tolist())
        return original(job, keep=keep)

    monkeypatch.setattr(engine, "run_part", run_part)
    return begun


@pytest.mark.usefixtures("cut_small")
def test_processes_train_the_same_bits(jobs, processes):
    assert_same_bits(training.map_many(jobs, executor=processes), jobs)
    assert training.map_many([], executor=processes) == []


def test_the_division_into_parts_changes_no_bit(jobs, monkeypatch):
    begun = watched_parts(monkeypatch)
    for operations, count in ((1e10, 2), (1e4, 12)):
        begun.clear()
        monkeypatch.setattr(engine, "_PART_OPERATIONS", operations)
        with ThreadPoolExecutor(3) as threads:
            assert_same_bits(training.map_many(jobs, executor=threads), jobs)
        assert len(begun) == count
        assert sorted(itertools.chain.from_iterable(begun)) == sorted([*range(7), *range(5)])


class Breaking(ThreadPoolExecutor):
    """Loses its workers after so many parts, as a pool does of which a process is killed."""

    def __init__(self, after, error):
        super().__init__(1)
        self.left, self.error = after, error

    def submit(self, function, /, *arguments, **named):
        self.left -= 1
        if self.left >= 0:
            return super().submit(function, *arguments, **named)
        lost = Future()
        lost.set_exception(self.error)
        return lost


@pytest.mark.usefixtures("cut_small")
@pytest.mark.parametrize("after", [0, 9])
def test_what_a_broken_executor_leaves_is_trained_here(jobs, after):
    with Breaking(after, BrokenProcessPool()) as executor:
        assert_same_bits(training.map_many(jobs, executor=executor), jobs)


@pytest.mark.usefixtures("cut_small")
def test_an_error_of_a_part_is_raised(jobs):
    with (
        Breaking(3, MemoryError("a part is too large")) as executor,
        pytest.raises(MemoryError, match="a part is too large"),
    ):
        training.map_many(jobs, executor=executor)


def long_job(circles, *, draws):
    spec = networks.MLPSpec(units=(8, 8))
    return {"spec": spec, "dataset": circles, "draws": draws, "epochs": 15_000}


def test_a_killed_worker_costs_its_part_alone(circles):
    job = long_job(circles, draws=24)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        # Both are there, and have loaded the engine.
        training.map_many([job | {"epochs": 20}] * 4, executor=pool)
        victim = next(iter(pool._processes.values()))
        killer = threading.Timer(0.3, victim.kill)
        killer.start()
        found = training.map_many([job], executor=pool)
        killer.join()
        with pytest.raises(BrokenProcessPool):
            pool.submit(int)
    assert_same_bits(found, [job])


@pytest.mark.usefixtures("cut_small")
def test_an_interrupt_keeps_the_networks_that_were_finished(circles, monkeypatch):
    jobs = [long_job(circles, draws=30) | {"epochs": 4_000}, long_job(circles, draws=5)]
    begun = watched_parts(monkeypatch)
    with (
        ThreadPoolExecutor(2) as threads,
        pytest.raises(training.TrainingInterrupted) as caught,
        interrupt_when(lambda: len(begun) >= 6),
    ):
        training.map_many(jobs, executor=threads)
    first, second = caught.value.partial
    assert second is None
    assert 4 <= first.draws < 30
    whole = training.train_many(**jobs[0])
    rows = [list(whole.loss[:, 0]).index(untrained) for untrained in first.loss[:, 0]]
    assert rows == sorted(rows)
    for name in ("loss", "accuracy"):
        np.testing.assert_array_equal(getattr(first, name), getattr(whole, name)[rows])
    assert len(begun) < 12


def test_an_interrupt_that_a_worker_hears_stops_the_others(circles, processes):
    job = long_job(circles, draws=2) | {"epochs": 1_000_000_000}
    training.map_many([job | {"epochs": 20}] * 4, executor=processes)

    def interrupt():
        for worker in processes._processes:
            os.kill(worker, signal.SIGINT)

    timer = threading.Timer(1.0, interrupt)
    timer.start()
    began = time.monotonic()
    with pytest.raises(training.TrainingInterrupted) as caught:
        training.map_many([job], executor=processes)
    timer.join()
    assert caught.value.partial == [None]
    assert time.monotonic() - began < 10


def test_an_interrupt_survives_the_way_from_a_worker():
    again = pickle.loads(pickle.dumps(training.TrainingInterrupted([1, None])))
    assert again.partial == [1, None]
    assert str(again) == str(training.TrainingInterrupted(None))


@pytest.mark.usefixtures("cut_small")
def test_a_long_map_shows_one_bar(jobs, monkeypatch, capfd):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    original = engine.run_part

    def slow(job, *, keep):
        time.sleep(0.3)
        return original(job, keep=keep)

    monkeypatch.setattr(engine, "run_part", slow)
    with ThreadPoolExecutor(1) as threads:
        training.map_many(jobs, executor=threads)
    shown = capfd.readouterr()
    assert shown.out == ""
    assert f"/{7 * 40 + 5 * 8} [" in shown.err
    assert shown.err.rstrip(" ").endswith("\r")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"unit": 3}, TypeError, r"jobs\[1\] must hold .* unexpected keyword argument 'unit'"),
        ({"draws": 0}, ValueError, r"draws must be a whole number of at least 1, got 0"),
        ({"offset": [1.0]}, ValueError, r"offset must be a number or 5 of them"),
    ],
)
def test_a_job_that_cannot_be_done_is_refused_before_any_work(jobs, change, error, message):
    with ThreadPoolExecutor(1) as threads:
        with pytest.raises(error, match=message) as caught:
            training.map_many([jobs[0], jobs[1] | change], executor=threads)
        assert not threads._threads
    assert "jobs[1]" in str(caught.value) or "jobs[1]" in caught.value.__notes__[0]
    with pytest.raises(TypeError, match=r"jobs\[0\] must be of type Mapping, got 'spec'"):
        training.map_many(jobs[0], executor=threads)
    with pytest.raises(TypeError, match="executor must be of type Executor, got 'processes'"):
        training.map_many(jobs, executor="processes")


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed", reason="Dask's cluster is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a dashboard's port that is taken
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, dashboard_address=None
            ) as own,
            distributed.Client(own) as client,
        ):
            yield client


@pytest.mark.usefixtures("cut_small")
def test_a_dask_cluster_trains_the_same_bits_though_it_loses_a_worker(jobs, cluster):
    with cluster.get_executor() as executor:
        assert_same_bits(training.map_many(jobs, executor=executor), jobs)
        job = long_job(jobs[0]["dataset"], draws=20)
        victim = next(iter(cluster.cluster.workers.values()))
        killed = victim.pid
        killer = threading.Timer(0.5, os.kill, [killed, signal.SIGKILL])
        killer.start()
        found = training.map_many([job], executor=executor)
        killer.join()
    assert victim.pid != killed
    assert_same_bits(found, [job])

"""Train 100,000 networks on the workers of an executor; print the cost as workers grow."""

import importlib.util
import os
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

os.environ.setdefault("TQDM_DISABLE", "1")

from nnhelpers import datasets, networks, training

NETWORKS = 100_000
EPOCHS = 300
WORKERS = (1, 2)


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """Give a pool of processes, started afresh as on Windows and macOS."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        yield executor


@contextmanager
def dask(workers: int) -> Iterator[Executor]:
    """Give the executor of a Dask cluster on this machine."""
    import distributed

    settings = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    with (
        distributed.LocalCluster(**settings) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):
        yield executor


def seconds(start, workers: int, job: dict) -> float:
    """Return how long workers that are warm take for a job (s)."""
    with start(workers) as executor:
        training.map_many([job | {"draws": 4, "epochs": 1}] * 4 * workers, executor=executor)
        began = time.perf_counter()
        training.map_many([job], executor=executor)
        return time.perf_counter() - began


def main() -> None:
    """Print the cost per network-step of each kind and number of workers, and the ratio last."""
    job = {"spec": networks.MLPSpec(units=(2,)), "dataset": datasets.load_circles()}
    job |= {"draws": NETWORKS, "epochs": EPOCHS, "optimizer": "sgd"}
    kinds = {"processes": processes}
    if importlib.util.find_spec("distributed"):
        kinds["Dask"] = dask
    for name, start in kinds.items():
        times = []
        for workers in WORKERS:
            times.append(seconds(start, workers, job))
            cost = times[-1] / NETWORKS / EPOCHS
            print(f"{name}, {workers}: {times[-1]:.1f} s, {cost * 1e6:.3f} us per network-step")
        print(f"{name}: {WORKERS[-1]} workers are {times[0] / times[-1]:.2f} x as fast as one")


if __name__ == "__main__":
    main()

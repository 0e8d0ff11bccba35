"""Matrix products on one thread, inside the block alone."""

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from nnhelpers import activations, blas, networks
from nnhelpers.networks import Weights


def threads():
    """Return how many threads NumPy's matrix products use; SciPy has a library of its own."""
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return [pool["num_threads"] for pool in pools if "numpy" in pool["filepath"]]


def test_products_run_on_one_thread_inside_the_block_alone():
    before = threads()
    with blas.one_thread():
        assert set(threads()) == {1}
    assert threads() == before


def test_a_forward_pass_runs_on_one_thread_and_leaves_the_others_as_they_were(monkeypatch):
    seen = []
    record = activations.find_activation("relu")

    def watched(z):
        seen.extend(threads())
        return np.maximum(z, 0)

    monkeypatch.setitem(activations.ACTIVATIONS, "relu", replace(record, value=watched))
    weights = Weights.from_list([np.ones((2, 3)), np.zeros(3), np.ones((3, 1)), np.zeros(1)])
    before = threads()
    networks.forward_pass(np.ones((4, 2)), weights, activation="relu")
    assert set(seen) == {1}
    with pytest.raises(ValueError, match="X must have 2 features"):
        networks.forward_pass(np.ones((4, 5)), weights, activation="relu")
    assert threads() == before

"""The engine without Keras: what it loads and when, and what it says."""

import sys

import pytest
from processes import run_python


def printed(program):
    finished = run_python(program)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout.split("\n")


def test_training_loads_numba_when_it_begins_and_keras_never_and_says_nothing():
    loaded, weights, *rest = printed("""
import sys
from nnhelpers import datasets, networks, training
print("numba" in sys.modules)
circles = datasets.load_circles()
run = training.train(networks.MLPSpec(units=(4,)), circles, epochs=30, optimizer="adam", seed=5)
print(run.weights.kernels[0][-1].tobytes().hex())
print(*sorted({"keras", "tensorflow", "jax", "torch"} & set(sys.modules)))
""")
    assert loaded == "False"
    assert len(weights) == 2 * 4 * 2 * 4
    assert rest == ["", ""]


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory as Linux tells it")
def test_a_process_with_a_live_panel_that_trains_stays_small():
    kibibytes, _ = printed("""
from nnhelpers import widgets
panel = widgets.explore_normalization()
panel.controls["offset"].value = 2
status = open("/proc/self/status", encoding="utf-8")
print(next(line.split()[1] for line in status if "VmHWM" in line))
""")
    assert 100 * 1024 < int(kibibytes) < 400 * 1024

"""The engine without Keras: what it loads, where it keeps what it compiled, what it says."""

import sys

import pytest
from processes import run_python

TRAIN = """
import sys
from nnhelpers import datasets, networks, training
circles = datasets.load_circles()
run = training.train(networks.MLPSpec(units=(4,)), circles, epochs=30, optimizer="adam", seed=5)
print(run.weights.kernels[0][-1].tobytes().hex())
"""
HEAVY = "print(*sorted({'keras', 'tensorflow', 'jax', 'torch'} & set(sys.modules)))"


def fresh(program, **environment):
    finished = run_python(program, **environment)
    assert finished.returncode == 0, finished.stderr
    return finished


@pytest.fixture(scope="module")
def trained_alone():
    return fresh(TRAIN + HEAVY)


@pytest.fixture(scope="module")
def weights(trained_alone):
    return trained_alone.stdout.split("\n")[0]


def test_training_loads_neither_keras_nor_tensorflow_and_says_nothing(trained_alone, weights):
    assert len(weights) == 2 * 4 * 2 * 4
    assert (trained_alone.stdout, trained_alone.stderr) == (f"{weights}\n\n", "")


CONFIGURED = """
import keras
keras.config.set_floatx("float64")
keras.mixed_precision.set_global_policy("float16")
keras.utils.set_random_seed(3)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory as Linux tells it")
def test_a_process_with_a_live_panel_that_trains_stays_small():
    program = """
from nnhelpers import widgets
panel = widgets.explore_normalization()
panel.controls["offset"].value = 2
status = open("/proc/self/status", encoding="utf-8")
print(next(line.split()[1] for line in status if "VmHWM" in line))
"""
    kibibytes = int(fresh(program).stdout)
    assert 100 * 1024 < kibibytes < 400 * 1024

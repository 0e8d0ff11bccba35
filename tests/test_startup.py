"""TensorFlow's quiet start."""

import os
import signal
import sys

import pytest
from processes import run_python

from nnhelpers import startup


def test_what_c_code_writes_is_held_back(capfd):
    with startup.quiet_stderr():
        os.write(2, b"cpu_feature_guard.cc: noise\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_c_code_wrote_is_shown_when_the_start_fails(error, capfd):
    def fail():
        os.write(2, b"the reason\n")
        raise error

    with pytest.raises(error), startup.quiet_stderr():
        fail()
    assert capfd.readouterr().err == "the reason\n"


def test_what_python_wrote_before_is_not_held_back(capfd):
    sys.stderr.write("before\n")
    with startup.quiet_stderr():
        pass
    assert capfd.readouterr().err == "before\n"


def test_what_c_code_wrote_is_shown_when_the_process_dies():
    program = (
        "import os\nfrom nnhelpers import startup\n"
        "with startup.quiet_stderr():\n    os.write(2, b'the reason\\n')\n    os.abort()"
    )
    run = run_python(program)
    assert run.returncode == -signal.SIGABRT
    assert run.stderr == "the reason\n"


def test_arithmetic_is_made_portable_unless_the_user_has_chosen(monkeypatch):
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")
    for name in ("TF_ENABLE_ONEDNN_OPTS", "XLA_FLAGS"):
        monkeypatch.delenv(name, raising=False)
    startup.prefer_portable_arithmetic()
    # Which kill some versions of TensorFlow.
    assert "XLA_FLAGS" not in os.environ
    assert os.environ["ONEDNN_MAX_CPU_ISA"] == "AVX2"
    assert os.environ["TF_ENABLE_ONEDNN_OPTS"] == "0"


def test_a_home_folder_that_cannot_be_written_to_is_no_news():
    program = (
        "from nnhelpers import datasets, figures, networks, training\n"
        "figures.plot_dataset(datasets.load_circles()).png()\n"
        "training.train(networks.MLPSpec(), datasets.load_circles(), epochs=1)\n"
    )
    homeless = {"HOME": os.devnull, "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}
    run = run_python(program, without=("MPLCONFIGDIR",), **homeless)
    assert (run.returncode, run.stderr) == (0, "")

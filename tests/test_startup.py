"""TensorFlow's quiet start."""

import os
import sys

import pytest

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


def test_arithmetic_is_made_portable_unless_the_user_has_chosen(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_max_isa=SSE4_2")
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    startup.prefer_portable_arithmetic()
    assert os.environ["XLA_FLAGS"] == "--xla_cpu_max_isa=SSE4_2"
    assert os.environ["TF_ENABLE_ONEDNN_OPTS"] == "0"

"""What a new process prints when TensorFlow starts: nothing, unless it is a real warning."""

from processes import run_python

SCRIPT = """
import os, sys, warnings

from nnhelpers import datasets, models, training

circles = datasets.load_circles()
model = models.build_articles_network()
model.fit(circles.X, circles.y, epochs=1, verbose=0)
training.train(models.MLPSpec(units=(2,)), circles, epochs=1)

sys.stderr.write("quiet until here\\n")
warnings.warn("mind the gap")
os.write(2, b"so does C code\\n")
"""


def run_fresh(script, **environment):
    """Run Python code in a new process whose environment holds these settings of TensorFlow."""
    ours = ("TF_", "ONEDNN_", "XLA_", "PYTHONWARNINGS")
    run = run_python(script, without=ours, **environment)
    assert run.returncode == 0, run.stderr
    return run


def test_a_fresh_process_prints_nothing_until_a_warning_or_a_message_after_the_start():
    process = run_fresh(SCRIPT)
    quiet, warning, *_, last = process.stderr.splitlines()
    assert quiet == "quiet until here"
    assert "UserWarning: mind the gap" in warning
    assert last == "so does C code"
    assert len(process.stderr.splitlines()) <= 4
    assert process.stdout == ""


def test_what_tensorflow_writes_at_its_start_is_hidden_at_any_log_level():
    run = run_fresh("from nnhelpers import models", TF_CPP_MIN_LOG_LEVEL="0")
    assert (run.stdout, run.stderr) == ("", "")

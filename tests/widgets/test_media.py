"""GIFs and films of a panel's main control."""

import shutil
import subprocess

import numpy as np
import pytest
from ipywidgets import FloatSlider
from matplotlib.animation import FFMpegWriter
from PIL import Image
from small_panels import fraction

from nnhelpers import figures, widgets


@pytest.fixture
def panel():
    return widgets.connect(
        fraction,
        figures.plot_active_fraction,
        center=FloatSlider(value=3, min=0, max=10, step=2, description="offset"),
    )


def test_a_gif_sweeps_the_main_control_from_end_to_end(panel, tmp_path):
    panel.save_gif(tmp_path / "sweep.gif", seconds=3)
    with Image.open(tmp_path / "sweep.gif") as gif:
        assert gif.n_frames == 6
        assert gif.info["loop"] == 0
        assert gif.info["duration"] == 500
        for number in (0, 5):
            gif.seek(number)
            result = fraction(2 * number)
            fresh = figures.plot_active_fraction(result).picture()
            shown = [np.asarray(image.convert("RGB"), dtype=int) for image in (gif, fresh)]
            assert np.abs(shown[0] - shown[1]).max() <= 3  # a GIF rounds its palette
    assert panel.result.center == 3
    assert panel.drawn.summary == panel.result.summary()


def test_without_ffmpeg_a_film_is_refused_with_what_to_do(panel, tmp_path, monkeypatch):
    monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda cls: False))
    with pytest.raises(RuntimeError, match=r"needs ffmpeg, which is not installed; save_gif does"):
        panel.save_mp4(tmp_path / "sweep.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is optional")
def test_a_film_has_a_frame_for_every_position(panel, tmp_path):
    panel.save_mp4(tmp_path / "sweep.mp4", seconds=3)
    probe = ["ffprobe", "-v", "error", "-count_frames", "-of", "csv=p=0"]
    probe += ["-show_entries", "stream=nb_read_frames"]
    counted = subprocess.run([*probe, tmp_path / "sweep.mp4"], capture_output=True)
    assert counted.stdout.strip() == b"6"


@pytest.mark.parametrize("save", ["save_gif", "save_mp4"])
@pytest.mark.parametrize("seconds", [0, float("nan"), 601])
def test_a_length_out_of_range_is_refused(save, seconds, panel, tmp_path):
    with pytest.raises(ValueError, match=r"seconds must lie between 0.1 and 600, got"):
        getattr(panel, save)(tmp_path / "sweep", seconds=seconds)
    assert list(tmp_path.iterdir()) == []

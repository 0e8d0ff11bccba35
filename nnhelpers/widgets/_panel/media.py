"""A panel's main control sweeping from end to end, for slides."""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image

from nnhelpers.checks import check_between
from nnhelpers.figures import Drawn, animation
from nnhelpers.widgets._panel.controls import Shown, positions
from nnhelpers.widgets._panel.saving import Failures, replacing

_MOST_FRAMES = 61


def save_gif(panel: Shown, *, path: str | Path, seconds: float) -> None:
    """Write the sweep as a GIF that repeats."""
    check_between(0.1, 600, seconds=seconds)
    with replacing(path) as part:
        pictures, missing = _sweep(panel)
        animation.write_gif(pictures, path=part, seconds=seconds, comment=missing)


def save_mp4(panel: Shown, *, path: str | Path, seconds: float) -> None:
    """Write the sweep as an MP4 film."""
    check_between(0.1, 600, seconds=seconds)
    animation.check_ffmpeg()
    with replacing(path) as part:
        pictures, missing = _sweep(panel)
        animation.write_mp4(pictures, path=part, seconds=seconds, comment=missing)


def _sweep(panel: Shown) -> tuple[list[Image.Image], str]:
    """Return the pictures, and what is to be said of positions without one."""
    main, control = next(iter(panel.controls.items()))
    known = positions(control)
    chosen = np.linspace(0, len(known) - 1, min(_MOST_FRAMES, len(known))).round().astype(int)
    pictures, failures = [], Failures()
    for place in chosen:
        try:
            picture, _ = panel.picture_at({**panel.settings, main: known[place]}, Drawn.picture)
            pictures.append(picture)
        except Exception as error:
            failures.add(error)
    failures.check_some(len(pictures))
    missing = str(failures)
    if missing:
        warnings.warn(missing, stacklevel=4)
    return pictures, missing

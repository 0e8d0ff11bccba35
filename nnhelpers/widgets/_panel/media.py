"""A panel's main control sweeping from end to end, for slides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nnhelpers.checks import check_between
from nnhelpers.figures import Drawn, animation
from nnhelpers.widgets._panel.controls import Shown, positions
from nnhelpers.widgets._panel.files import replacing

_MOST_FRAMES = 61


def save_gif(panel: Shown, *, path: str | Path, seconds: float) -> None:
    """Write the sweep as a GIF that repeats."""
    check_between(0.1, 600, seconds=seconds)
    sweep = _sweep(panel)
    with replacing(path) as part:
        animation.write_gif(_drawings(panel, sweep), path=part, seconds=seconds)


def save_mp4(panel: Shown, *, path: str | Path, seconds: float) -> None:
    """Write the sweep as an MP4 film."""
    check_between(0.1, 600, seconds=seconds)
    animation.check_ffmpeg()
    sweep = _sweep(panel)
    with replacing(path) as part:
        animation.write_mp4(_drawings(panel, sweep), path=part, rate=len(sweep) / seconds)


def _sweep(panel: Shown) -> list[dict[str, Any]]:
    main, control = next(iter(panel.controls.items()))
    known = positions(control)
    chosen = np.linspace(0, len(known) - 1, min(_MOST_FRAMES, len(known))).round().astype(int)
    return [{**panel.settings, main: known[place]} for place in chosen]


def _drawings(panel: Shown, sweep: list[dict[str, Any]]) -> Iterator[Drawn]:
    for settings in sweep:
        yield panel.drawn_at(settings)

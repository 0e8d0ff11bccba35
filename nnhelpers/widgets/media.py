"""A panel's main control sweeping from end to end, for slides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nnhelpers.figures import Drawn, animation
from nnhelpers.widgets._controls import positions
from nnhelpers.widgets._replace import replacing

if TYPE_CHECKING:
    from nnhelpers.widgets._panel import Panel

_MOST_FRAMES = 61


def save_gif(panel: Panel, *, path: str | Path, seconds: float) -> None:
    """Write the sweep as a GIF that repeats."""
    _check_seconds(seconds)
    sweep = _sweep(panel)
    with replacing(path) as part:
        animation.write_gif(_drawings(panel, sweep), path=part, seconds=seconds)


def save_mp4(panel: Panel, *, path: str | Path, seconds: float) -> None:
    """Write the sweep as an MP4 film."""
    _check_seconds(seconds)
    animation.check_ffmpeg()
    sweep = _sweep(panel)
    with replacing(path) as part:
        animation.write_mp4(_drawings(panel, sweep), path=part, rate=len(sweep) / seconds)


def _sweep(panel: Panel) -> list[dict[str, Any]]:
    main, control = next(iter(panel.controls.items()))
    known = positions(control)
    chosen = np.linspace(0, len(known) - 1, min(_MOST_FRAMES, len(known))).round().astype(int)
    return [{**panel.settings, main: known[place]} for place in chosen]


def _drawings(panel: Panel, sweep: list[dict[str, Any]]) -> Iterator[Drawn]:
    for settings in sweep:
        yield panel.drawn_at(settings)


def _check_seconds(seconds: float) -> None:
    if not 0.1 <= seconds <= 600:
        raise ValueError(f"seconds must be from 0.1 to 600, got {seconds}")

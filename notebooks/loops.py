"""Write the short loops that the README shows, from the panels of the lessons.

Usage: python notebooks/loops.py [FOLDER]     (notebooks/loops, if none is named)
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from nnhelpers import widgets
from nnhelpers.figures import Drawn

FOLDER = Path(__file__).resolve().parent / "loops"
# By panel the control that moves there and back, and its values.
LOOPS = {
    "normalization": ("offset", (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)),
    "depth": ("depth", range(1, 13)),
    "regularization": ("l2", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)),
}
_WIDTH = 720
_SECONDS = 4


def loop(panel: widgets.Panel, control: str, values: Sequence[float]) -> list[Image.Image]:
    """Return pictures of a panel whose control moves through the values and back."""
    there = []
    for value in values:
        picture, _ = panel.picture_at({**panel.settings, control: value}, Drawn.picture)
        height = round(picture.height * _WIDTH / picture.width)
        there.append(picture.convert("RGB").resize((_WIDTH, height), Image.Resampling.LANCZOS))
    return [*there, *there[-2:0:-1]]


def main() -> None:
    """Write all loops."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, (control, values) in LOOPS.items():
        first, *rest = loop(widgets.open_panel(name), control, values)
        path = folder / f"{name}.webp"
        duration = round(1000 * _SECONDS / (1 + len(rest)))
        moving = {"save_all": True, "append_images": rest, "duration": duration, "loop": 0}
        first.save(path, "WEBP", quality=60, method=5, minimize_size=True, **moving)
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()

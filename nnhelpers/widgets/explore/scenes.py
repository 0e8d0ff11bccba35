"""The scenes of the panels: a name, one sentence, and the settings that differ from the start."""

import json
from importlib import resources

from nnhelpers.widgets._panel.controls import Scene

_FILE = resources.files("nnhelpers.widgets.explore") / "scenes.json"
_SCENES = json.loads(_FILE.read_text(encoding="utf-8"))


def scenes_of(panel: str) -> list[Scene]:
    """Return the scenes of a panel, in their order.

    Where one sets a seed, that network ends as the median one does.

    Examples
    --------
    >>> [scene.name for scene in scenes_of("overlap")]
    ['two features', 'fifty features', 'moved data']
    """
    return [Scene(**scene) for scene in _SCENES[panel]]

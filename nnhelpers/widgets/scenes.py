"""Scenes: a panel's settings worth showing, with a line to say about each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A named position of a panel's controls.

    Parameters
    ----------
    name : str
        A few words.
    caption : str
        One line to say about it.
    settings : dict of str to value
        By the names of controls; those left out stand where the panel began.
    """

    name: str
    caption: str
    settings: Mapping[str, Any] = field(default_factory=dict)

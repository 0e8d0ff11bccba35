"""Controls as the wiring sees them, and scenes: settings worth showing."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, TypeVar

import ipywidgets
import numpy as np
from ipywidgets import ValueWidget

from nnhelpers.checks import check_kind

Settings = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A named position of a panel's controls, with a caption of one line.

    `settings` has values by the names of controls; those left out stay where the panel began.
    """

    name: str
    caption: str
    settings: Settings = field(default_factory=dict)


_SWITCHES = (ipywidgets.Checkbox, ipywidgets.ToggleButton)
_LISTS = (
    *(ipywidgets.Dropdown, ipywidgets.RadioButtons, ipywidgets.Select),
    *(ipywidgets.SelectionSlider, ipywidgets.ToggleButtons),
)
_NUMBERS = (
    *(ipywidgets.IntSlider, ipywidgets.BoundedIntText, ipywidgets.FloatSlider),
    *(ipywidgets.BoundedFloatText, ipywidgets.FloatLogSlider),
)
# Rounding as a slider in the browser does: 3 steps of 0.1 are 0.3.
_DECIMALS = 7


def check_controls(controls: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` or ``TypeError`` unless controls have descriptions and positions."""
    if not controls:
        raise ValueError("controls must name at least one control, got none")
    for name, control in controls.items():
        if not isinstance(control, _SWITCHES + _LISTS + _NUMBERS):
            kinds = ", ".join(sorted(kind.__name__ for kind in _SWITCHES + _LISTS + _NUMBERS))
            raise TypeError(f"control {name} must be one of {kinds}, got {_kind(control)}")
        if not control.description:
            raise ValueError(f"control {name} must have a description, got none")
        if isinstance(control, _LISTS):
            _check_options(name, control)
        if isinstance(control, _NUMBERS):
            step = control.step
            if not isinstance(step, Real) or not step >= 10**-_DECIMALS:
                least = f"a step of at least 1e-{_DECIMALS}"
                raise ValueError(f"control {name} must have {least}, got {step}")


def _check_options(name: str, control: ValueWidget) -> None:
    if control.index is None:
        raise ValueError(f"control {name} must have a value from the start, got none")
    for option in positions(control):
        if not isinstance(option, str | Real | np.bool_):
            allowed = "texts, numbers or True and False"
            raise TypeError(f"control {name} must offer {allowed}, got {_kind(option)}")


def _kind(thing: Any) -> str:
    return thing.__name__ if isinstance(thing, type) else f"a {type(thing).__name__}"


def is_typed(control: ValueWidget) -> bool:
    """Whether a control takes typed input, without positions to count."""
    return isinstance(control, ipywidgets.Textarea | ipywidgets.IntText)


def positions(control: ValueWidget) -> list[Any]:
    """Return the values that a control can take, in order."""
    if hasattr(control, "index"):
        return list(control._options_values)  # read by ipywidgets from options of any form
    if isinstance(control.value, bool):
        return [False, True]
    if is_typed(control):
        return [control.value]
    # The last step may be shorter.
    steps = math.ceil(round((control.max - control.min) / control.step, 6))
    values = [*(control.min + control.step * i for i in range(steps)), control.max]
    rounded = [type(control.min)(round(value, _DECIMALS)) for value in values]
    return [control.base**value for value in rounded] if hasattr(control, "base") else rounded


def nearest_first(control: ValueWidget, value: Any) -> list[Any]:
    """Return the values that a control can take, nearest to `value` first."""
    values = positions(control)
    if hasattr(control, "index"):
        return sorted(values, key=lambda each: abs(values.index(each) - values.index(value)))
    if is_typed(control):
        return values
    return sorted(values, key=lambda each: abs(each - value))


def synced_trait(control: ValueWidget) -> str:
    """Return the trait that the front end knows: "index" for lists, otherwise "value"."""
    return "index" if hasattr(control, "index") else "value"


def places(controls: Mapping[str, ValueWidget], settings: Settings) -> list[Any]:
    """Return the values of all controls as the front end knows them: options by index."""
    return [
        positions(control).index(settings[name]) if hasattr(control, "index") else settings[name]
        for name, control in controls.items()
    ]


def spoken(value: Any) -> str:
    """Write a control's value for captions and alternative texts."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def checked_settings(settings: Settings, controls: Mapping[str, ValueWidget]) -> dict[str, Any]:
    """Return settings, or raise ``ValueError`` if a control or a position does not exist."""
    for name, value in settings.items():
        if name not in controls:
            raise ValueError(f"settings must name controls of {sorted(controls)}, got {name!r}")
        _check(name, value, controls[name])
    return dict(settings)


def _check(name: str, value: Any, control: ValueWidget) -> None:
    if hasattr(control, "min"):
        base = getattr(control, "base", None)  # a logarithmic slider has one
        low, high = (b if base is None else base**b for b in (control.min, control.max))
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            allowed = f"a number from {low:g} to {high:g}"
            raise ValueError(f"{name} must be {allowed}, got {value!r}")
        if isinstance(control.min, int) and value != np.floor(value):
            raise ValueError(f"{name} must be a whole number, got {value!r}")
        return
    if is_typed(control):
        check_kind(type(control.value), **{name: value})
        return
    known = positions(control)
    same = [each for each in known if each == value]
    if not any(isinstance(each, bool) == isinstance(value, bool) for each in same):
        raise ValueError(f"{name} must be one of {known}, got {value!r}")


def choice(start: Any, options: Iterable[Any], description: str) -> ipywidgets.Dropdown:
    """Make a list to choose from."""
    return ipywidgets.Dropdown(value=start, options=list(options), description=description)


def scale(start: Any, options: Iterable[Any], description: str) -> ipywidgets.SelectionSlider:
    """Make a slider over listed values."""
    return ipywidgets.SelectionSlider(value=start, options=list(options), description=description)


def seed_slider() -> ipywidgets.IntSlider:
    """Make a slider over the seeds of a panel."""
    return ipywidgets.IntSlider(value=0, min=0, max=30, description="seed")


def epoch_slider(run: Any) -> ipywidgets.SelectionSlider:
    """Make a slider over the epochs at which a run has snapshots."""
    epochs = [(f"{epoch:,}", int(epoch)) for epoch in run.epochs]
    return scale(epochs[0][1], epochs, "epoch")


def in_rows(controls: dict[str, ValueWidget]) -> ipywidgets.Box:
    """Lay out controls side by side in as many rows as needed."""
    for control in controls.values():
        control.style.description_width = "max-content"
        control.layout.width = "auto"
        control.layout.min_width = "310px"
    layout = ipywidgets.Layout(flex_flow="row wrap", grid_gap="0 24px", max_width="1100px")
    return ipywidgets.Box(list(controls.values()), layout=layout)

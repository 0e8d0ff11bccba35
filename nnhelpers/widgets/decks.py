"""A deck: the panels, bets and pictures of a talk in order, under one clicker."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

from nnhelpers.checks import check_kind, check_whole
from nnhelpers.figures.media import read_still
from nnhelpers.widgets._panel.deck import Deck, Picture, Stop
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.words import counted

_ALLOWED = (
    "a panel, a bet, a matplotlib figure, a drawing of figures, the bytes of a PNG picture, "
    "or a Slide of one of them"
)


@dataclass(frozen=True)
class Slide:
    """A panel, bet or picture of a deck, with notes for the presenter alone.

    `what` is a `Panel`, `Prediction`, `Drawn`, matplotlib figure or the bytes of a PNG. Of a panel,
    only the given scene is shown, counted from 0, or all of them in turn. The title above the slide
    is by default the panel's own; it is the alternative text of a picture that has none.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> widgets.Slide(b"", notes="ask first").notes
    'ask first'
    """

    what: Any
    _: KW_ONLY
    notes: str = ""
    scene: int | None = None
    title: str = ""


def present(slides: Sequence[Any]) -> Deck:
    """Put panels, bets and pictures under one clicker.

    Press *Full screen* under the deck, or call `Deck.present`: PageDown and PageUp go through the
    scenes of each panel and on to the next slide; Escape returns to the notebook, and the deck
    later resumes where it stopped. The notes are in the notebook, never on the projector; *Notes in
    a window* opens them separately, and the clicker works there too.

    `slides` holds `Slide`, or what it can show. Raises ``ValueError`` or ``TypeError`` if there is
    no slide, or if one cannot be shown, which is named by its place.

    Examples
    --------
    >>> from nnhelpers import figures, simulations, widgets
    >>> panel = widgets.explore_overlap()
    >>> drawn = figures.plot_active_fraction(simulations.simulate_active_fraction(draws=50))
    >>> deck = widgets.present([panel, widgets.Slide(drawn, notes="Ask: how many are dead?")])
    >>> deck
    a deck of 2 slides
    """
    if isinstance(slides, str | bytes) or not isinstance(slides, Sequence):
        raise TypeError(f"slides must be a list, each of it {_ALLOWED}, got {_received(slides)}")
    if not slides:
        raise ValueError("slides must hold at least one slide, got none")
    checked = [_checked(f"slides[{i}]", slide) for i, slide in enumerate(slides)]
    shown = list({id(slide.what): slide.what for slide in checked}.values())
    stops = [
        Stop(
            slide=shown.index(slide.what),
            scene=scene,
            title=slide.title or slide.what.title,
            name=name,
            notes=slide.notes,
            count=f"{number} / {len(checked)}",
        )
        for number, slide in enumerate(checked, start=1)
        for scene, name in _scenes(slide)
    ]
    return Deck(shown, stops, name=f"a deck of {counted(len(checked), 'slide')}")


def _scenes(slide: Slide) -> list[tuple[int | None, str]]:
    """Return the number and name of each scene of a slide; None and its title if it has none."""
    scenes = slide.what.scenes
    if not scenes:
        return [(None, slide.title or slide.what.title or slide.what.summary)]
    numbers = range(len(scenes)) if slide.scene is None else [slide.scene]
    return [(number, scenes[number].name) for number in numbers]


def _checked(place: str, slide: Any) -> Slide:
    """Return a slide that can be shown, of a `Panel` or a `Picture`."""
    if not isinstance(slide, Slide):
        slide = Slide(slide)
    check_kind(str, **{f"{place}.notes": slide.notes, f"{place}.title": slide.title})
    what = slide.what if isinstance(slide.what, Panel) else _picture(place, slide)
    if isinstance(what, Panel) and what.comm is None:
        raise ValueError(f"{place} must be a panel that is open, got one that was closed")
    if slide.scene is not None:
        check_whole(least=0, **{f"{place}.scene": slide.scene})
        if slide.scene >= len(what.scenes):
            number = counted(len(what.scenes), "scene")
            allowed = f"less than {len(what.scenes)}" if what.scenes else "None"
            raise ValueError(f"{place}.scene must be {allowed}: it has {number}, got {slide.scene}")
    return replace(slide, what=what)


def _picture(place: str, slide: Slide) -> Picture:
    try:
        still = read_still(slide.what)
    except ValueError as error:
        raise ValueError(f"{place} must be {_ALLOWED}, got {error}") from error
    if still is None:
        raise TypeError(f"{place} must be {_ALLOWED}, got {_received(slide.what)}")
    return Picture(still, title=slide.title)


def _received(thing: Any) -> str:
    text = repr(thing)
    return text if len(text) <= 80 else f"a {type(thing).__name__}"

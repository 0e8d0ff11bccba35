"""What tests of panels share: a quick result, and what a panel tells its reader and front end."""

import html
import json
import re
from functools import partial

from nnhelpers import simulations
from nnhelpers.figures.drawn import Drawn, new_axes, styled


def fraction(center, draws=50, **_):
    """Return a result that takes no time."""
    return simulations.simulate_active_fraction(center=center, draws=draws)


@styled
def plot(result, *, ax=None):
    """Draw a result as a line in a small picture, which takes no time either."""
    ax = new_axes(ax, width=2, height=1)
    ax.figure.set_layout_engine("none")  # a picture must not depend on those before it
    line = ax.plot([0, 1], [0, 0])[0]
    ax.set_ylim(0, 10)

    def draw(result):
        line.set_ydata([result.draws / 10, result.center])

    return Drawn(ax, draw, result)


def values(panel):
    return {name: control.value for name, control in panel.controls.items()}


def message(panel):
    return html.unescape(panel.children[-1].value).removeprefix("<i>").removesuffix("</i>")


def logged(log, compute=fraction):
    """Return the same computation, which notes in a list with what it is asked for."""

    def computed(log, **settings):
        log.append(settings)
        return compute(**settings)

    return partial(computed, log)


def kept(heard):
    """Return where the pictures that the browser has been sent and not told to forget stand."""
    places = {}
    for content, buffers in heard:
        if content["kind"] == "keep":
            places[tuple(content["at"])] = (content["alt"], *buffers)
        elif content["kind"] == "forget":
            forgotten = places if content["at"] is None else [tuple(content["at"])]
            for at in list(forgotten):
                del places[at]
    return places


def panels_in(path):
    """Return the panels of a saved page as its script gets them."""
    found = re.search(r'id="panels">(.*?)</script>', path.read_text(encoding="utf-8"))
    return json.loads(found[1])

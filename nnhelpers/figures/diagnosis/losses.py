"""Losses of a network against that of a guess."""

import numpy as np
from matplotlib.axes import Axes

from nnhelpers import words
from nnhelpers.figures import style
from nnhelpers.figures.axes import level
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.lines import Band, Course, Look, place_bands

_LIMITS = (0.0, 2.0)
_LOOKS = {
    "training": Look(color=style.INK, dash="-", width=2, font_size=10),
    "validation": Look(color=style.SLATE, dash=style.PLAIN_DASH, width=2, font_size=10),
}


@drawing("Loss", size=(5.2, 3.4))
def plot_loss_curves(losses, *, ax: Axes) -> Draw:
    """Draw training and validation loss epoch by epoch, as shares of what a guess loses.

    Parameters
    ----------
    losses : object or None
        With arrays ``training`` and ``validation`` from epoch 0 on, which end early where the
        network ``diverged``, and ``n_epochs``; None leaves the axes empty.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ends = {"training": np.array([1.1, 0.2]), "validation": np.array([1.1, 0.4])}
    >>> end = {"n_epochs": 2, "diverged": True, "summary": lambda: "both fell"}
    >>> plot_loss_curves(SimpleNamespace(**ends, **end))
    both fell
    """
    bands = {name: Band(ax, name, look) for name, look in _LOOKS.items()}
    level(ax, height=1)
    ax.set(xlabel="epoch", ylabel="loss, in guesses", ylim=_LIMITS)
    ax.set_yticks([0, 0.5, 1, 1.5, 2], labels=["0", "½", "guess", "1½", "2"])

    def draw(losses) -> str:
        for name, band in bands.items():
            shares = np.ones(1) if losses is None else getattr(losses, name)
            above = shares[-1] > _LIMITS[1]
            band.text = f"{name} ↑ {words.digits(shares[-1], 2)}" if above else name
            band.draw(Course(np.arange(len(shares)), shares))
            band.name.set_visible(losses is not None)
        place_bands(list(bands.values()))
        last = 2 if losses is None else losses.n_epochs
        ax.set(xlim=(0, 1.6 * last), xticks=[0, last // 2, last][: 1 if losses is None else 3])
        if losses is None:
            return "none chosen"
        first = f"at first {words.ratio(losses.training[0])} a guess's"
        return f"{first}, diverged" if losses.diverged else first

    return draw

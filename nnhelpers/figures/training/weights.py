"""A drawing of the weights of units that look at two features."""

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing

_LIMIT, _LINEAR = 40.0, 0.1
_TICKS = (-10, -1, 0, 1, 10)


@drawing("Weights of the first layer", size=(4.4, 4.4))
def plot_weight_vectors(snapshot, *, ax: Axes) -> Draw:
    """Draw each unit of the first layer as a dot at its two weights.

    Up to 0.1 the axes are linear, beyond it logarithmic. A unit on a line looks at one feature,
    one in the middle at none.

    Parameters
    ----------
    snapshot : nnhelpers.training.NetworkSnapshot

    Raises
    ------
    ValueError
        If the network has no hidden layer or the data have not two features.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_weight_vectors(run.snapshot())
    epoch 50: accuracy 53%, units: 2 splitting, 0 dead, 0 always active
    """
    features, hidden = snapshot.dataset.n_features, len(snapshot.spec.units)
    if features != 2 or not hidden:
        raise ValueError(
            "snapshot must have two features and a hidden layer, got "
            f"{features} features and {hidden} hidden layers"
        )
    for line in (ax.axhline, ax.axvline):
        line(0, color=style.RULE, linewidth=1, zorder=0)
    dots = ax.plot([], [], "o", color=style.INK, markersize=5, alpha=0.7)[0]
    ax.set_xscale("symlog", linthresh=_LINEAR)
    ax.set_yscale("symlog", linthresh=_LINEAR)
    ax.set(xlim=(-_LIMIT, _LIMIT), ylim=(-_LIMIT, _LIMIT))
    labels = [f"{tick:g}" for tick in _TICKS]
    ax.set_xticks(_TICKS, labels=labels)
    ax.set_yticks(_TICKS, labels=labels)
    ax.minorticks_off()
    ax.set_box_aspect(1)

    def draw(snapshot) -> str:
        kernel = snapshot.weights.kernels[0]
        first, second = snapshot.dataset.feature_names
        ax.set(xlabel=f"weight of {first}", ylabel=f"weight of {second}")
        if snapshot.diverged:
            dots.set_data([], [])
            return "diverged"
        dots.set_data(*kernel)
        longest = np.linalg.norm(kernel, axis=0).max()
        return f"standard deviation {kernel.std():.2f}, longest {longest:.2f}"

    return draw

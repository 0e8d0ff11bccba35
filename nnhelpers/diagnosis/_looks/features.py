"""Features that are constant, far from 0, of different sizes or duplicated."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.record import Looks, names_of
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.words import counted, short

if TYPE_CHECKING:  # judging needs no Keras
    from nnhelpers.models import LayerPass

_MOST_PAIRS = 512


@dataclass(frozen=True, kw_only=True)
class FeatureLook:
    """Moments of each column of the features; pictures are unrolled into columns."""

    n_examples: int
    # Of shape (n_features,)
    means: NDArray
    stds: NDArray
    # Share of the mean square due to the mean of all examples, about the cosine between two
    # examples: 0 for centred data, 1 if all point the same way from 0
    offset_share: float
    n_duplicates: int  # Columns that repeat an earlier one
    # Largest over smallest eigenvalue of the features' correlations; NaN with too many features or
    # too few examples
    condition: float
    # Whether all columns have one unit, as pixels have: pictures, and 16 columns or more that share
    # their minimum while a quarter come close to the maximum
    one_unit: bool
    names: tuple[str, ...] = ()  # Names of a table's columns; empty for arrays

    def called(self, column: int) -> str:
        """Return the name of a column, or its number, counted from 0."""
        return repr(self.names[column]) if self.names else f"number {column}"

    @property
    def told_apart(self) -> bool:
        """Whether columns differ in meaning, and there are enough examples to compare them."""
        return not self.one_unit and self.n_examples >= 10

    @property
    def suspicious(self) -> bool:
        """Whether a trial with standardized features is worthwhile."""
        return self.offset_share > 0.5 or self.scale_ratio > 10 or not 0.1 < self.size < 5

    @property
    def varying(self) -> NDArray:
        """Which features change; of shape (n_features,)."""
        return self.stds > 1e-6 * np.maximum(1e-6, np.abs(self.means))

    @property
    def size(self) -> float:
        """Median standard deviation of the features; that of all values if they have one unit."""
        if not self.varying.any():
            return 0.0
        if self.one_unit:
            return float(np.sqrt((self.stds**2).mean() + self.means.var()))
        return float(np.median(self.stds[self.varying]))

    @property
    def scale_ratio(self) -> float:
        """Largest over smallest standard deviation, without the tenths at both ends."""
        # An edge pixel that rarely changes is not out of scale.
        if self.one_unit:
            return 1.0
        stds = self.stds[self.varying]
        if len(stds) < 2:
            return 1.0
        low, high = np.quantile(stds, [0.1, 0.9] if len(stds) >= 10 else [0, 1])
        return float(high / low)


def look_at_features(X: NDArray, names: tuple[str, ...] = ()) -> FeatureLook:
    """Measure features of shape (n_examples, ..., n_features)."""
    # In sequences every time step counts as an example.
    flat = X.reshape(-1, X.shape[-1]) if X.ndim == 3 else X.reshape(len(X), -1)
    flat = flat.astype(np.float64)
    means, stds = flat.mean(axis=0), flat.std(axis=0)
    square = (flat**2).mean()
    return FeatureLook(
        n_examples=len(flat),
        means=means,
        stds=stds,
        offset_share=float((means**2).mean() / square) if square else 0.0,
        n_duplicates=_duplicates(flat, stds),
        condition=_condition(flat, stds),
        one_unit=X.ndim > 3 or (flat.shape[1] >= 16 and _share_their_ends(flat[:, stds > 0])),
        names=names if len(names) == flat.shape[1] else (),
    )


def look_at_inputs(
    passed: list["LayerPass"], layer: str, names: tuple[str, ...] = ()
) -> FeatureLook | None:
    """Measure the inputs of a layer with weights, in all of its calls."""
    entered = [each.values_in for each in passed if (each.kind, each.name) == ("call", layer)]
    alike = [values for values in entered if values.shape[1:] == entered[0].shape[1:]]
    return look_at_features(np.concatenate(alike), names) if alike else None


def standardized(X: NDArray) -> NDArray[np.float32]:
    """Return features with mean 0 and standard deviation 1."""
    mean, std = X.mean(axis=0, dtype=np.float64), X.std(axis=0, dtype=np.float64)
    return ((X - mean) / np.where(std > 1e-6, std, 1)).astype(np.float32)


def _share_their_ends(columns: NDArray) -> bool:
    if not columns.size:
        return False
    low, high = columns.min(axis=0), columns.max(axis=0)
    reach = low.min() + 0.9 * (high.max() - low.min())
    return bool((low == low.min()).mean() > 0.9 and (high >= reach).mean() >= 0.25)


def _duplicates(flat: NDArray, stds: NDArray) -> int:
    # Rare pixels may agree by chance.
    common = (stds > 0) & ((flat != flat[:1]).mean(axis=0) > 0.2)
    columns = flat[:, common][:, :_MOST_PAIRS]
    return columns.shape[1] - len(np.unique(columns, axis=1).T) if columns.size else 0


def _condition(flat: NDArray, stds: NDArray) -> float:
    columns = flat[:, stds > 0]
    if not 2 <= columns.shape[1] <= 100 or len(columns) < 10 * columns.shape[1]:
        return np.nan
    values = np.linalg.eigvalsh(np.corrcoef(columns.T))
    return float(values[-1] / max(values[0], 1e-16))


# A mean of 3 standard deviations: by 1/(c + 1) a quarter of the units split the data.
_OFFSET_SHARE = 0.9
# A mean of 7 standard deviations: an eighth.
_FAR_SHARE = 0.98


def offset_inputs(looks: Looks) -> Finding | None:
    """Inputs whose mean is far from 0."""
    share = looks.inputs.offset_share
    stuck = looks.steps is None or looks.steps.level() > 0.5
    if share < _OFFSET_SHARE or not (_helps(looks) or (share > _FAR_SHARE and stuck)):
        return None
    distance, alike = np.sqrt(share / max(1 - share, 1e-9)), ""
    if len(looks.signals) > 1:
        last = looks.signals[-2]
        alike = f"; behind {last.name} two examples have a cosine of {last.alike:.2f}"
    return Finding(
        sentence=f"The inputs' mean is {short(distance)} standard deviations from 0; "
        f"{share:.1%} of their mean square is that mean{alike}.",
        layers=names_of(looks.weights[:1]),
        threshold="3 standard deviations, where 1/(1 + 3) of the units split the data, and "
        "standardizing helps in a trial; or 7 and hardly anything is learned (lesson 1)",
    )


def unequal_scales(looks: Looks) -> Finding | None:
    """Features of very different sizes."""
    inputs = looks.inputs
    ratio = inputs.scale_ratio
    if not (ratio > 1000 or (ratio > 30 and _helps(looks))):
        return None
    stds = np.where(inputs.varying, inputs.stds, np.nan)
    return Finding(
        sentence=f"The features' standard deviations reach from {short(np.nanmin(stds))} "
        f"(feature {inputs.called(np.nanargmin(stds))}) to {short(np.nanmax(stds))} "
        f"(feature {inputs.called(np.nanargmax(stds))}).",
        layers=names_of(looks.weights[:1]),
        threshold="1,000 times apart, or 30 times and standardizing helps in a trial: the number "
        "of steps grows with the square (lesson 1)",
    )


def inputs_not_scaled(looks: Looks) -> Finding | None:
    """Features that are all very large or small, such as pixels from 0 to 255."""
    inputs = looks.inputs
    usual = not inputs.varying.any() or 0.01 < inputs.size < 10
    if usual or unequal_scales(looks) or not _helps(looks):
        return None
    return Finding(
        sentence=f"The inputs have a standard deviation of {short(inputs.size)}.",
        layers=names_of(looks.weights[:1]),
        threshold="above 10 or below 0.01, and standardizing helps in a trial (lesson 1)",
    )


def _helps(looks: Looks) -> bool:
    """Whether a trial with standardized inputs learns more; True without a trial."""
    steps = looks.steps
    if steps is None or "standardized" not in steps.trials:
        return True
    return bool(steps.level("standardized") < min(0.98 * steps.level(), steps.level() - 0.01))


def constant_feature(looks: Looks) -> Finding | None:
    """Features that never change and are not 0."""
    features = looks.features
    fixed = np.flatnonzero(~features.varying & (np.abs(features.means) > 1e-6))
    if not len(fixed) or not features.told_apart:
        return None
    others = f" and {len(fixed) - 1} more" if len(fixed) > 1 else ""
    return Finding(
        sentence=f"{counted(len(fixed), 'feature')} of {len(features.stds)} without change: "
        f"{features.called(fixed[0])}{others}.",
        threshold="a standard deviation of 0, and a value other than 0",
    )


def duplicated_features(looks: Looks) -> Finding | None:
    """Columns that repeat others."""
    features = looks.features
    if not features.n_duplicates or not features.told_apart:
        return None
    return Finding(
        sentence=f"{counted(features.n_duplicates, 'feature')} of {len(features.stds)} "
        "repeat another one.",
        threshold="equal on every example, and other than the first on a fifth of them",
    )


def collinear_features(looks: Looks) -> Finding | None:
    """Strongly correlated features, in a network that learns little."""
    condition = looks.features.condition
    learns = looks.steps is None or looks.steps.level() < 0.9
    if not condition > 1e6 or looks.features.n_duplicates or learns:
        return None
    return Finding(
        sentence=f"The features' correlations have a condition number of {short(condition)}.",
        threshold="10⁶, and the network learns hardly anything in a trial",
    )

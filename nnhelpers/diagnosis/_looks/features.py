"""What the features are like: constant, far from 0, of different size, twice the same."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST_PAIRS = 512


@dataclass(frozen=True, kw_only=True)
class FeatureLook:
    """Moments of each column of the features, pictures and sequences unrolled.

    Attributes
    ----------
    n_examples, n_features : int
    means, stds : array of shape (n_features,)
    offset_share : float
        Share of the mean square that the mean of all examples has: about the cosine between two
        examples, 0 for centred data, 1 for examples that look alike from 0.
    rms : float
    n_duplicates : int
        Columns that repeat an earlier one.
    condition : float
        Largest over smallest eigenvalue of the features' correlations; NaN where there are too
        many features, or too few examples.
    one_unit : bool
        Whether all columns are measured in one unit, as pixels are: pictures, and 16
        columns or more that share their least value while a quarter reach the greatest.
    names : tuple of str
        Of a table's columns; empty for arrays.
    """

    n_examples: int
    n_features: int
    means: NDArray
    stds: NDArray
    offset_share: float
    rms: float
    n_duplicates: int
    condition: float
    one_unit: bool
    names: tuple[str, ...] = ()

    def called(self, column: int) -> str:
        """Return the name of a column, or its number from 0 on."""
        return repr(self.names[column]) if self.names else f"number {column}"

    @property
    def varying(self) -> NDArray:
        """Which features change; of shape (n_features,)."""
        return self.stds > 1e-6 * np.maximum(1e-6, np.abs(self.means))

    @property
    def size(self) -> float:
        """Standard deviation of a feature, median; of all values together in one unit."""
        if not self.varying.any():
            return 0.0
        if self.one_unit:
            return float(np.sqrt((self.stds**2).mean() + self.means.var()))
        return float(np.median(self.stds[self.varying]))

    @property
    def scale_ratio(self) -> float:
        """Largest over smallest standard deviation, tenths at both ends left out.

        1 for columns of one unit: a pixel at the edge that hardly ever changes is no small one.
        """
        if self.one_unit:
            return 1.0
        stds = self.stds[self.varying]
        if len(stds) < 2:
            return 1.0
        low, high = np.quantile(stds, [0.1, 0.9] if len(stds) >= 10 else [0, 1])
        return float(high / low)


def look_at_features(X: NDArray, names: tuple[str, ...] = ()) -> FeatureLook:
    """Measure features of shape (n_examples, ..., n_features)."""
    # Of sequences every moment is an example.
    flat = X.reshape(-1, X.shape[-1]) if X.ndim == 3 else X.reshape(len(X), -1)
    flat = flat.astype(np.float64)
    means, stds = flat.mean(axis=0), flat.std(axis=0)
    square = (flat**2).mean()
    return FeatureLook(
        n_examples=len(flat),
        n_features=flat.shape[1],
        means=means,
        stds=stds,
        offset_share=float((means**2).mean() / square) if square else 0.0,
        rms=float(np.sqrt(square)),
        n_duplicates=_duplicates(flat, stds),
        condition=_condition(flat, stds),
        one_unit=X.ndim > 3 or (flat.shape[1] >= 16 and _share_their_ends(flat[:, stds > 0])),
        names=names if len(names) == flat.shape[1] else (),
    )


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

"""Make the data files and their checksums anew: python data/make_data.py [folder]."""

import hashlib
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits, make_blobs, make_classification


def circles() -> np.ndarray:
    """Draw the articles' points: N(0, 1) in two dimensions without the ring 1 <= r^2 <= 1.5."""
    X, _ = make_blobs(n_samples=200, centers=[[0, 0]], cluster_std=1, random_state=1)
    squared_radius = (X**2).sum(axis=1)
    rows = (squared_radius < 1) | (squared_radius > 1.5)
    return np.column_stack([X[rows], squared_radius[rows] >= 1])


def classification() -> np.ndarray:
    """Draw S2's problem with the article's own call."""
    return np.column_stack(make_classification(n_samples=1000, n_features=20, random_state=42))


def digits() -> np.ndarray:
    """Copy scikit-learn's 8 x 8 digits."""
    return np.column_stack(load_digits(return_X_y=True))


def table_text(table: np.ndarray) -> str:
    """Write a table as text that reads back to the same numbers; the last column is the class."""
    header = ",".join([*(f"x{i}" for i in range(table.shape[1] - 1)), "y"])
    rows = (",".join(f"{value:.17g}" for value in row) for row in table)
    return "\n".join([header, *rows]) + "\n"


def make_data(folder: Path) -> None:
    """Write the three tables and ``checksums.sha256`` into `folder`."""
    lines = []
    for make in (circles, classification, digits):
        content = table_text(make()).encode()
        (folder / f"{make.__name__}.csv").write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {make.__name__}.csv")
    (folder / "checksums.sha256").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    make_data(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)

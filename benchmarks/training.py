"""Compare the training engine with `model.fit`, whole loop against whole loop.

Every figure is the best of a few repeats after a warm-up; ratios are taken within this one run.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable

os.environ.setdefault("TQDM_DISABLE", "1")

import numpy as np

from nnhelpers import datasets, models, networks, training

EPOCHS = 1_000
DRAWS = 1_000
DIGIT_EPOCHS = 10
REPEATS = 5


def best_time(run: Callable[[], object], *, repeats: int = REPEATS) -> float:
    """Return the shortest of several times (s), after a warm-up."""
    run()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return min(times)


def fit_step(spec, dataset, *, batch_size: int, epochs: int) -> float:
    """Return the time of one step of `model.fit` (s)."""
    model = models.build_mlp(spec, n_features=dataset.n_features)
    model.compile(optimizer="sgd", loss=spec.loss)
    X = dataset.X.astype(np.float32)
    steps = epochs * -(-len(X) // batch_size)
    seconds = best_time(
        lambda: model.fit(X, dataset.y, batch_size=batch_size, epochs=epochs, verbose=0),
        repeats=3,
    )
    return seconds / steps


def import_seconds() -> float:
    """Return how long a new process takes to import `nnhelpers.training` (s)."""
    program = "import time; t = time.perf_counter(); import nnhelpers.training; "
    program += "print(time.perf_counter() - t)"
    command = [sys.executable, "-c", program]
    return min(float(subprocess.check_output(command)) for _ in range(REPEATS))


def new_kind_seconds() -> float:
    """Return what the first call for a kind of network takes longer than the second (s)."""
    circles = datasets.load_circles()
    extra = []
    for units, activation, optimizer, n_examples in (
        ((3, 7), "elu", "rmsprop", 97),
        ((5,), "gelu", "adam", 101),
        ((9, 4, 6), "softsign", "sgd", 131),
        ((11, 2), "mish", "adamw", 89),
        ((6, 6, 6, 6), "silu", "adam", 77),
    ):
        spec = networks.MLPSpec(units=units, activation=activation)
        data = datasets.take(circles, n_examples)
        times = []
        for _ in range(4):
            began = time.perf_counter()
            training.train(spec, data, epochs=100, optimizer=optimizer)
            times.append(time.perf_counter() - began)
        extra.append(times[0] - min(times[1:]))
    return float(np.median(extra))


def reached_flops(spec, dataset, *, seconds: float, batch_size: int | None = None) -> float:
    """Return multiply-adds of the products alone, forward once and back twice (1/s)."""
    weights = sum(a * b for a, b in spec.layer_sizes(dataset.n_features))
    examples = dataset.n_examples / (
        1 if batch_size is None else -(-dataset.n_examples // batch_size)
    )
    return 2 * 3 * weights * examples / seconds


def peak_flops() -> float:
    """Return the machine's floating-point rate on a large float32 matrix product (1/s)."""
    matrix = np.random.default_rng(0).random((2_048, 2_048), dtype=np.float32)
    return 2 * 2_048**3 / best_time(lambda: matrix @ matrix)


def main() -> None:
    """Print the times and, last, the line of ratios."""
    circles, digits = datasets.load_circles(), datasets.load_digits()
    small = networks.MLPSpec(units=(2,))
    large = networks.MLPSpec(units=(100, 100, 100), n_outputs=10)

    fit = fit_step(small, circles, batch_size=circles.n_examples, epochs=20)
    one = best_time(lambda: training.train(small, circles, epochs=EPOCHS, optimizer="sgd"))
    many = best_time(
        lambda: training.train_many(small, circles, draws=DRAWS, epochs=EPOCHS, optimizer="sgd")
    )
    one_step, many_step = one / EPOCHS, many / EPOCHS / DRAWS
    print(f"model.fit, full batch: {fit * 1e6:,.0f} us per step")
    print(f"one network: {one_step * 1e6:.2f} us per step")
    print(f"{DRAWS:,} networks: {many_step * 1e6:.3f} us per network-step")

    peak = peak_flops()
    eights = networks.MLPSpec(units=(8, 8))
    eight_step = best_time(
        lambda: training.train_many(eights, circles, draws=DRAWS, epochs=200, optimizer="sgd"),
        repeats=3,
    ) / (200 * DRAWS)
    print(f"peak: {peak / 1e9:.0f} GFLOP/s in a matrix product on all cores; of it ", end="")
    print(f"(2): {reached_flops(small, circles, seconds=many_step) / peak:.0%}, ", end="")
    print(f"(8, 8): {reached_flops(eights, circles, seconds=eight_step) / peak:.0%}", end="")

    scaled = datasets.rescale(digits, 1 / 16)
    fit_digits = fit_step(large, scaled, batch_size=64, epochs=DIGIT_EPOCHS)
    steps = DIGIT_EPOCHS * -(-digits.n_examples // 64)
    ours = best_time(
        lambda: training.train(
            large, scaled, epochs=DIGIT_EPOCHS, batch_size=64, optimizer="sgd", snapshots=1
        )
    )
    of_peak = reached_flops(large, scaled, seconds=ours / steps, batch_size=64) / peak
    print(f", 3x100 on digits, one network on one core: {of_peak:.0%}; exponentials not counted")
    print(f"3x100 on digits: fit {fit_digits * 1e6:,.0f} us, here {ours / steps * 1e6:,.0f} us")
    print(
        f"one network: {fit / one_step:,.0f} x fit; "
        f"{DRAWS} networks: {fit / many_step:,.0f} x fit per network-step; "
        f"{many_step * 1e6:.2f} us per network-step; "
        f"3x100 on digits: {fit_digits / (ours / steps):.1f} x fit; "
        f"new kind: {1e3 * new_kind_seconds():.1f} ms; import: {import_seconds():.2f} s"
    )


if __name__ == "__main__":
    main()

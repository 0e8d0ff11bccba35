"""Compare the compiled training loop with `model.fit`, whole loop against whole loop.

Every figure is the best of a few repeats after a warm-up; ratios are taken within this one run.
"""

import os
import time
from collections.abc import Callable

os.environ.setdefault("TQDM_DISABLE", "1")

import numpy as np

from nnhelpers import datasets, models, training

EPOCHS = 1_000
DRAWS = 1_000
DIGIT_EPOCHS = 10
REPEATS = 5


def best_time(run: Callable[[], object], *, repeats: int = REPEATS) -> float:
    """Return the shortest of several times (s), after a warm-up that compiles."""
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


def peak_flops() -> float:
    """Return the machine's floating-point rate on a large float32 matrix product (1/s)."""
    matrix = np.random.default_rng(0).random((2_048, 2_048), dtype=np.float32)
    return 2 * 2_048**3 / best_time(lambda: matrix @ matrix)


def main() -> None:
    """Print the times and, last, the line of ratios."""
    circles, digits = datasets.load_circles(), datasets.load_digits()
    small = models.MLPSpec(units=(2,))
    large = models.MLPSpec(units=(100, 100, 100), n_outputs=10)

    fit = fit_step(small, circles, batch_size=circles.n_examples, epochs=20)
    one = best_time(lambda: training.train(small, circles, epochs=EPOCHS, optimizer="sgd"))
    many = best_time(
        lambda: training.train_many(small, circles, draws=DRAWS, epochs=EPOCHS, optimizer="sgd")
    )
    one_step, many_step = one / EPOCHS, many / EPOCHS / DRAWS
    print(f"model.fit, full batch: {fit * 1e6:,.0f} us per step")
    print(f"one network: {one_step * 1e6:.2f} us per step")
    print(f"{DRAWS:,} networks: {many_step * 1e6:.3f} us per network-step")

    # A multiply-add for each weight and example, forward once and backward twice.
    flops = 2 * 3 * (2 * 2 + 2 * 1) * circles.n_examples / many_step
    peak = peak_flops()
    print(f"peak: {peak / 1e9:.0f} GFLOP/s in a matrix product; the ensemble reaches ", end="")
    print(f"{flops / 1e9:.1f} ({flops / peak:.0%}), exponentials not counted")

    scaled = datasets.rescale(digits, 1 / 16)
    fit_digits = fit_step(large, scaled, batch_size=64, epochs=DIGIT_EPOCHS)
    steps = DIGIT_EPOCHS * -(-digits.n_examples // 64)
    ours = best_time(
        lambda: training.train(
            large, scaled, epochs=DIGIT_EPOCHS, batch_size=64, optimizer="sgd", snapshots=1
        )
    )
    print(f"3x100 on digits: fit {fit_digits * 1e6:,.0f} us, here {ours / steps * 1e6:,.0f} us")
    print(
        f"one network: {fit / one_step:,.0f} x fit; "
        f"{DRAWS} networks: {fit / many_step:,.0f} x fit per network-step; "
        f"{many_step * 1e6:.2f} us per network-step; "
        f"3x100 on digits: {fit_digits / (ours / steps):.1f} x fit"
    )


if __name__ == "__main__":
    main()

"""Two results of one kind for every figure function, and how to make more by hand."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import datasets, diagnosis, figures, measures, networks, simulations, training
from nnhelpers.initializers import RandomNormal
from nnhelpers.lessons import bets
from nnhelpers.measures import Curve
from nnhelpers.networks import Weights


@pytest.fixture(scope="session")
def curves() -> Callable[..., dict[str, Curve]]:
    """Make curves by hand: one for each row of heights."""

    def make(*rows, standard_error=0.05, logarithmic=False, x=(0.0, 2.0, 10.0)):
        return {
            f"{2**i} units": Curve(
                x=np.array(x),
                y=np.array(row),
                standard_error=np.full(len(row), standard_error),
                title="How likely is learning?",
                caption=f"starts at {row[0]:g}",
                x_label="offset of the data",
                y_label="share that learn",
                logarithmic=logarithmic,
            )
            for i, row in enumerate(rows)
        }

    return make


@pytest.fixture(scope="session")
def snapshot_of(trained) -> Callable:
    """Make a snapshot by hand from kernels and biases, on the circles unless told."""

    def make(kernels, biases, *, loss=0.5, dataset=None):
        weights = Weights(
            kernels=tuple(np.array(kernel, dtype=float) for kernel in kernels),
            biases=tuple(np.array(bias, dtype=float) for bias in biases),
        )
        like = trained.run.snapshot()
        dataset = dataset or like.dataset
        with np.errstate(invalid="ignore"):
            passed = networks.forward_pass(dataset.X, weights, activation="relu")
        return replace(
            like,
            spec=replace(
                like.spec, units=tuple(kernel.shape[1] for kernel in weights.kernels[:-1])
            ),
            dataset=dataset,
            loss=loss,
            weights=weights,
            forward=passed,
            feature_range=trained.two_unit_run.snapshot().feature_range,
        )

    return make


@pytest.fixture(scope="session")
def pairs(trained, circles, curves) -> dict[str, tuple]:
    """Name of each figure function -> how to call it, and two results that look different."""

    def fraction(center):
        return simulations.simulate_active_fraction(center=center, draws=500)

    def count(seed):
        return simulations.simulate_active_count(units=4, center=seed, draws=200, seed=seed)

    def overlap(center):
        return simulations.simulate_overlap(center=center, draws=200)

    def bet(share, truth=None):
        answer = bets.Share(bet=share)
        return bets.Outcome(question="How many?", answer=answer, sure=0.8, truth=truth)

    def room(*shares, truth=None):
        answer = bets.Share(bet=0.5)
        return bets.RoomBets(question="How many?", answer=answer, bets=shares, truth=truth)

    few_circles = SimpleNamespace(X=circles.X[:20], y=circles.y[:20])

    def spec_of(*units, activation="relu", initializer="he_normal"):
        return networks.MLPSpec(units=units, activation=activation, kernel_initializer=initializer)

    def deep(*, depth=8, activation="sigmoid", initializer="glorot_uniform", gain=1.0):
        spec = spec_of(*(8,) * depth, activation=activation, initializer=initializer)
        return simulations.simulate_depth(spec, few_circles, gain=gain, draws=6)

    def offset(layer, *, activation="sigmoid", initializer="glorot_uniform"):
        few = simulations.Cloud(n_examples=30, n_features=20, kind="normal")
        spec = spec_of(*(10,) * 6, activation=activation, initializer=initializer)
        return simulations.simulate_depth_offset(spec, few, draws=3).layer(layer)

    def born_dead(width, depth, **settings):
        deaths = simulations.simulate_born_dead(spec=spec_of(*(3,) * 10), draws=200, **settings)
        return deaths.at(width=width, depth=depth)

    def variances(*, units=(8, 8), activation="tanh", gain=1.0):
        spec = spec_of(*units, activation=activation, initializer="glorot_uniform")
        return simulations.simulate_variances(spec, few_circles, gain=gain, draws=6)

    def residual(**settings):
        spec = spec_of(*(8,) * 5)
        return simulations.simulate_residual(few_circles.X, spec=spec, draws=6, **settings)

    def moving(momentum, *, center=3.0, drift=0.0, **settings):
        settings["data"] = simulations.UnitStream(center=center, drift=drift)
        return simulations.simulate_moving_statistics(momentum, **settings)

    def shifts(*means):
        few = {"draws": 8, "n_examples": 50, "inputs": 5}
        return {
            f"input {number}": simulations.simulate_variance_shift(mean=mean, **few)
            for number, mean in enumerate(means)
        }

    def layer_shift(rate, depth):
        return simulations.simulate_layer_shift(rate, depth=depth, width=10, draws=3)

    def moment(index):
        run = (trained.run, trained.other_run)[index]
        return SimpleNamespace(run=run, snapshot=run.snapshot(2 - index), summary=run.summary)

    def scrubbed(index):
        run = (trained.deep_run, trained.other_deep_run)[index]
        return SimpleNamespace(
            history=training.layer_history(run),
            run=run,
            snapshot=run.snapshot(2 - index),
            summary=run.summary,
        )

    def columns(index):
        run = (trained.run, trained.other_run)[index]
        history, snapshots = training.column_history(run), (5, 3)[index]
        return replace(
            history, epochs=history.epochs[:snapshots], columns=history.columns[:snapshots]
        )

    def descent(center, **settings):
        return simulations.simulate_descent(center=center, **settings)

    first, last, moved = (
        trained.run.snapshot(0),
        trained.run.snapshot(),
        trained.shifted_run.snapshot(),
    )

    def profile(activation):
        return measures.profile(np.linspace(-6, 6, 101), activation=activation)

    def slopes(activation, **settings):
        return simulations.simulate_slopes(activation, draws=500, **settings)

    def layers(activation, *, depth=4, gain=1.0):
        spec = spec_of(*(5,) * depth, activation=activation, initializer=simulations.NORMAL)
        return simulations.simulate_layers(spec, circles.X[:20], gain=gain, draws=30)

    def batch(**settings):
        batch = simulations.UnitBatch(n_examples=settings.pop("n_examples", 20))
        return simulations.simulate_batch_norm(batch, **settings)

    def batch_noise(*values, **settings):
        return simulations.simulate_batch_noise(values, batch_sizes=(2, 8), batches=60, **settings)

    def gradient_growth(*, depth=5, activation="relu", batch_size=8):
        spec = spec_of(*(12,) * depth, activation=activation)
        return simulations.simulate_gradient_growth(spec=spec, batch_size=batch_size, draws=3)

    def dot_product(**settings):
        return simulations.simulate_dot_product(draws=500, **settings)

    def scaled(**settings):
        return simulations.simulate_scale_invariance((0.01, 1.0, 100.0), draws=5, **settings)

    def decay(**settings):
        settings = {"l2": (0.0, 0.1), "steps": 10} | settings
        return simulations.simulate_weight_decay(few_circles, **settings)

    other = decay(steps=20, l2=(0.1, 0.2))
    off_the_law = replace(other, growing=other.growing._replace(loss=other.growing.loss + 0.1))

    def rate_range(*share, batch_norm=False):
        return training.RateRange(
            rates=np.array([0.1, 1.0, 10.0]),
            share=np.array(share),
            standard_error=np.full(3, 0.05),
            networks=20,
            level=0.2,
            epochs=40,
            batch_norm=batch_norm,
        )

    def rate_ranges(normalized, plain):
        return {"batch norm": rate_range(*normalized, batch_norm=True), "plain": rate_range(*plain)}

    def rate_choice(rate, share):
        ranges = rate_ranges((0.2, 0.9, 0.4), (0.1, 0.7, 0.0))
        shares = {"batch norm": 0.9, "plain": share}
        return SimpleNamespace(
            ranges=ranges,
            origin="by hand",
            rate=rate,
            shares=shares,
            summary=lambda: f"{share:.0%} at {rate:g}",
        )

    def both_kinds(make, seed):
        return {
            name: make(batch_norm=name == "batch norm", seed=seed + row)
            for row, name in enumerate(("without", "batch norm"))
        }

    results = {
        "activation": (profile("sigmoid"), profile("selu")),
        "active_count": (count(0), count(9)),
        "active_fraction": (fraction(0), fraction(3)),
        "activity": (first, moved),
        "batch_noise": (batch_noise(0, 1), batch_noise(-1, 3, n_units=4)),
        "bet": (bet(0.4), bet(0.2, 0.45)),
        "room_bets": (room(0.4), room(0.2, 0.2, 0.35, truth=0.45)),
        "column_spread": (
            columns(0),
            # Columns on one side of 0 are nearer to each other than they are long.
            replace(columns(1), columns=columns(1).columns + 1.0),
        ),
        "columns": (columns(0), columns(1)),
        "born_dead": (born_dead(2, 10), born_dead(3, 1, seed=1)),
        "covariate_shift": (both_kinds(covariate_shift, 0), both_kinds(covariate_shift, 5)),
        "curves": (
            curves((0.9, 0.5, 0.0), (1.0, 0.9, 0.1)),
            curves((0.2, 0.4, 0.7), (0.8, 0.3, 0.69)),
        ),
        "dataset": (circles, datasets.rescale(datasets.shift(circles, 10), 2)),
        "dead_shares": (trained.ensemble, trained.half_diverged_ensemble),
        "decision_boundary": (last, moved),
        "depth_map": (depth_map((0.2, 0.9, 1.0), law=[3.0, 40.0, 9.0]), depth_map((0.1, 0.5, 0.3))),
        "descent": (descent(0), descent(3, batch_size=200)),
        "dot_product": (
            dot_product(n=1),
            dot_product(
                n=100, inputs=RandomNormal(mean=2.0, stddev=1.0), weights=RandomNormal(stddev=0.5)
            ),
        ),
        "ensembles": (
            {"at 0": trained.ensemble, "at 10": trained.shifted_ensemble},
            {"at 0": trained.shifted_ensemble, "at 10": trained.half_diverged_ensemble},
        ),
        "example": (last.example(3), moved.example(90)),
        "gradient_by_layer": (
            deep(),
            deep(depth=20, activation="relu", initializer="he_normal", gain=3.0),
        ),
        "gradient_growth": (
            gradient_growth(),
            gradient_growth(depth=20, activation="tanh", batch_size=4),
        ),
        "gradients": (
            {"first": deep(), "second": deep(activation="tanh")},
            {"first": deep(depth=12), "second": deep(activation="relu", gain=0.1)},
        ),
        "layer": (
            simulations.DenseLayer(kernel=[[0.5, -0.3], [0.8, 0.2]]),
            simulations.DenseLayer(kernel=[[0.5, 0.5, 0.0], [-30.0, -30.0, 1.0], [2, 2, 1e-3]]),
        ),
        "layer_activations": (trained.deep_run.snapshot(0), trained.other_deep_run.snapshot()),
        "lag_and_noise": (moving(0.9), moving(0.0, center=0.0, batch_size=2, steps=1)),
        "layer_shift": (layer_shift(0.5, 3), layer_shift(0.0, 12)),
        "moving_statistics": (
            moving(0.99),
            moving(0.9, drift=0.02, batch_size=2, steps=300, seed=1),
        ),
        "layer_distributions": (layers("relu"), layers("selu", depth=12, gain=3.0)),
        "layer_moments": (
            training.layer_moments(trained.deep_run),
            training.layer_moments(trained.other_deep_run),
        ),
        "layer_history": (scrubbed(0), scrubbed(1)),
        "loss": (trained.run, trained.shifted_run),
        "loss_at": (moment(0), moment(1)),
        "losses_by_width": (width_losses(0.5, 0.03), width_losses(0.7, 0.2, diverged=3)),
        "normalization_axes": (
            measures.normalization_groups("batch norm", n_examples=3, n_channels=5),
            measures.normalization_groups(
                "group norm", n_examples=4, n_channels=6, n_positions=9, n_groups=2
            ),
        ),
        "normalized_batch": (batch(), batch(n_examples=256, gamma=-3.0, beta=3.0, epsilon=10.0)),
        "overlap": (overlap(0), overlap(5)),
        "percentiles": (
            training.percentile_history(trained.deep_run),
            training.percentile_history(trained.other_deep_run, layer=0, unit=3),
        ),
        "rate_choice": (rate_choice(1.0, 0.7), rate_choice(10.0, 0.0)),
        "rate_range": (
            rate_ranges((0.2, 0.9, 0.4), (0.1, 0.7, 0.0)),
            rate_ranges((0.6, 1.0, 1.0), (0.1, 0.4, 0.0)),
        ),
        "residual": (residual(), residual(branch_scale=0.0)),
        "scale_invariance": (scaled(), replace(scaled(), change=np.ones((3, 5)))),
        "slopes": (slopes("sigmoid"), slopes("gelu", mean=-4.0, std=8.0)),
        "smoothness": (both_kinds(landscape, 0), both_kinds(landscape, 5)),
        "splitting_by_layer": (offset(2), offset(6, activation="relu", initializer="he_normal")),
        "unit_history": (
            training.unit_history(trained.deep_run),
            training.unit_history(trained.diverged_deep_run),
        ),
        "update_ratios": (
            training.update_ratios(trained.deep_run),
            training.update_ratios(trained.other_deep_run),
        ),
        "variance_shift": (shifts(0.0, 1.0), shifts(2.0, 0.5)),
        "variances": (variances(), variances(units=(9, 3) * 6, activation="relu", gain=3.0)),
        "status_by_offset": (
            {"near": fraction(0), "far": fraction(3)},
            {"near": fraction(1), "far": fraction(9)},
        ),
        "weight_decay": (decay(), off_the_law),
        "weight_vectors": (first, moved),
    }
    results["loss_curves"] = (
        losses([1.0, 0.5, 0.2], [1.1, 0.7, 0.6]),
        losses([2.6, 3.1], [2.6, 9.0], diverged=True),
    )
    results |= dict.fromkeys(
        ("layer_bands", "layer_units", "layer_gradients", "layer_updates"),
        (examination("relu", 0.5), examination("sigmoid", 1e-9)),
    )
    alike = {
        "active_fraction": ("folds", "wedge"),
        "batch_noise": ("example_in_batches",),
        "dead_shares": ("seed_losses", "seeds"),
        "decision_boundary": ("feature_space", "network"),
        "descent": ("update_directions", "weight_error"),
        "dot_product": ("variance_growth",),
        "example": ("network_activations",),
        "gradient_by_layer": ("signal_by_layer",),
    }
    for name, others in alike.items():
        results |= dict.fromkeys(others, results[name])
    plots = {
        "columns": partial(figures.plot_columns, reach=5),
        "dead_shares": partial(figures.plot_dead_shares, claimed=0.4),
        "gradient_by_layer": partial(figures.plot_gradient_by_layer, most_layers=20),
        "gradient_growth": partial(figures.plot_gradient_growth, most_layers=20),
        "moving_statistics": partial(figures.plot_moving_statistics, most_steps=300, reach=(-2, 9)),
        "seeds": partial(figures.plot_seeds, reference=0.6),
        "signal_by_layer": partial(figures.plot_signal_by_layer, most_layers=20),
        "variances": partial(figures.plot_variances, most_layers=12),
    }
    return {
        f"plot_{name}": (plots.get(name) or getattr(figures, f"plot_{name}"), *both)
        for name, both in results.items()
    }


def depth_map(accuracy, *, law=None):
    return training.DepthMap(
        depths=np.array([2, 8]),
        gains=np.array([0.5, 1.0, 2.0]),
        accuracy=np.array([accuracy, accuracy[::-1]]),
        networks=18,
        chance=0.1,
        law=None if law is None else np.array(law),
    )


def landscape(*, batch_norm, seed):
    """Three moments of six networks, two steps."""
    rng = np.random.default_rng(seed)
    loss = rng.uniform(0.05, 0.9, (3, 6))
    return simulations.Landscape(
        epochs=np.array([0, 1, 10]),
        learning_rate=0.1 * (1 + seed),
        factors=np.array([0.1, 4.0]),
        loss=loss,
        slope=rng.uniform(0.1, 2, (3, 6)),
        along=loss[..., np.newaxis] * rng.uniform(0.5, 2, (3, 6, 2)),
        change=rng.uniform(0.1, 1, (3, 6, 2)),
        batch_norm=batch_norm,
    )


def covariate_shift(*, batch_norm, seed):
    rng = np.random.default_rng(seed)
    shape = (3, 6, 2)
    return simulations.CovariateShift(
        epochs=np.array([0, 1, 10]),
        learning_rate=0.1 * (1 + seed),
        change=rng.uniform(0.01, 0.5, shape),
        length=rng.uniform(0.5, 1, shape),
        cosine=rng.uniform(0.5, 1, shape),
        batch_norm=batch_norm,
    )


def width_losses(*middles, diverged=0):
    losses = tuple(middle * np.linspace(0.5, 1.5, 11) for middle in middles)
    return training.WidthLosses(widths=(2, 16), loss=losses, diverged=diverged)


def examination(activation, size):
    """Three layers by hand, the second of which was not looked at."""
    seen = {"percentiles": size * np.arange(-2.0, 3.0), "dead": 0.25, "saturated": 0.5}
    moved = {"gradient": size, "update_ratio": size**2}
    layers = [
        diagnosis.ExaminedLayer(name=name, activation=activation, units=4, **numbers)
        for name, numbers in (("a", seen | moved), ("b", {}), ("c", seen | moved))
    ]
    found = (diagnosis.Finding(name="offset_inputs", sentence=""),) if size < 1e-3 else ()
    return diagnosis.Examination(
        findings=found, looked_at=(), not_looked_at=(), layers=tuple(layers)
    )


def losses(training, validation, *, diverged=False):
    """Loss curves by hand, in guesses."""
    curves = {"training": np.array(training), "validation": np.array(validation)}
    more = {"n_epochs": 2, "diverged": diverged, "summary": lambda: f"{training}"}
    return SimpleNamespace(**curves, **more)

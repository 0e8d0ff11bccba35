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
        words = {"x_label": "offset of the data", "y_label": "share that learn"}
        words |= {"title": "How likely is learning?", "logarithmic": logarithmic}
        made = {}
        for i, row in enumerate(rows):
            values = {"x": np.array(x), "y": np.array(row), "caption": f"starts at {row[0]:g}"}
            errors = np.full(len(row), standard_error)
            made[f"{2**i} units"] = Curve(**values, standard_error=errors, **words)
        return made

    return make


@pytest.fixture(scope="session")
def snapshot_of(trained) -> Callable:
    """Make a snapshot by hand from kernels and biases, on the circles unless told."""

    like, range_ = trained.run.snapshot(), trained.two_unit_run.snapshot().feature_range

    def make(kernels, biases, *, loss=0.5, dataset=like.dataset):
        kernels, biases = (
            tuple(np.array(each, dtype=float) for each in arrays) for arrays in (kernels, biases)
        )
        weights = Weights(kernels=kernels, biases=biases)
        with np.errstate(invalid="ignore"):
            passed = networks.forward_pass(dataset.X, weights, activation="relu")
        spec = replace(like.spec, units=tuple(kernel.shape[1] for kernel in kernels[:-1]))
        changes = {"spec": spec, "dataset": dataset, "loss": loss, "weights": weights}
        return replace(like, **changes, forward=passed, feature_range=range_)

    return make


@pytest.fixture(scope="session")
def pairs(trained, circles, curves) -> dict[str, tuple]:
    """Name of each figure function -> how to call it, and two results that look different."""
    results = _of_units() | _of_layers(circles) | _of_batch_norm(circles) | _of_training(trained)
    results |= _of_diagnosis() | {
        "bet": (bet(0.4), bet(0.2, 0.45)),
        "room_bets": (room(0.4), room(0.2, 0.2, 0.35, truth=0.45)),
        "curves": (
            curves((0.9, 0.5, 0.0), (1.0, 0.9, 0.1)),
            curves((0.2, 0.4, 0.7), (0.8, 0.3, 0.69)),
        ),
        "dataset": (circles, datasets.rescale(datasets.shift(circles, 10), 2)),
    }
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
    settings = {
        "columns": {"reach": 5},
        "dead_shares": {"claimed": 0.4},
        "gradient_by_layer": {"most_layers": 20},
        "gradient_growth": {"most_layers": 20},
        "moving_statistics": {"most_steps": 300, "reach": (-2, 9)},
        "seeds": {"reference": 0.6},
        "signal_by_layer": {"most_layers": 20},
        "variances": {"most_layers": 12},
    }
    plots = {name: getattr(figures, f"plot_{name}") for name in results}
    return {
        f"plot_{name}": (partial(plots[name], **settings.get(name, {})), *both)
        for name, both in results.items()
    }


def bet(share, truth=None):
    answer = bets.Share(bet=share)
    return bets.Outcome(question="How many?", answer=answer, sure=0.8, truth=truth)


def room(*shares, truth=None):
    answer = bets.Share(bet=0.5)
    return bets.RoomBets(question="How many?", answer=answer, bets=shares, truth=truth)


def _of_units():
    fraction = partial(simulations.simulate_active_fraction, draws=500)
    count = partial(simulations.simulate_active_count, units=4, draws=200)
    overlap = partial(simulations.simulate_overlap, draws=200)
    slopes = partial(simulations.simulate_slopes, draws=500)
    dot_product = partial(simulations.simulate_dot_product, draws=500)
    moved = {"inputs": RandomNormal(mean=2.0, stddev=1.0), "weights": RandomNormal(stddev=0.5)}
    descent = simulations.simulate_descent
    profile = partial(measures.profile, np.linspace(-6, 6, 101))
    return {
        "activation": (profile(activation="sigmoid"), profile(activation="selu")),
        "active_count": (count(center=0, seed=0), count(center=9, seed=9)),
        "active_fraction": (fraction(center=0), fraction(center=3)),
        "descent": (descent(center=0), descent(center=3, batch_size=200)),
        "dot_product": (dot_product(n=1), dot_product(n=100, **moved)),
        "layer": (
            simulations.DenseLayer(kernel=[[0.5, -0.3], [0.8, 0.2]]),
            simulations.DenseLayer(kernel=[[0.5, 0.5, 0.0], [-30.0, -30.0, 1.0], [2, 2, 1e-3]]),
        ),
        "overlap": (overlap(center=0), overlap(center=5)),
        "slopes": (slopes("sigmoid"), slopes("gelu", mean=-4.0, std=8.0)),
        "status_by_offset": (
            {"near": fraction(center=0), "far": fraction(center=3)},
            {"near": fraction(center=1), "far": fraction(center=9)},
        ),
    }


def spec_of(*units, activation="relu", initializer="he_normal"):
    return networks.MLPSpec(units=units, activation=activation, kernel_initializer=initializer)


def _of_layers(circles):
    few_circles = SimpleNamespace(X=circles.X[:20], y=circles.y[:20])

    def deep(*, depth=8, activation="sigmoid", initializer="glorot_uniform", gain=1.0):
        spec = spec_of(*(8,) * depth, activation=activation, initializer=initializer)
        return simulations.simulate_depth(spec, few_circles, gain=gain, draws=6)

    def offset(layer, *, activation="sigmoid", initializer="glorot_uniform"):
        few = simulations.Cloud(n_examples=30, n_features=20, kind="normal")
        spec = spec_of(*(10,) * 6, activation=activation, initializer=initializer)
        return simulations.simulate_depth_offset(spec, few, draws=3).layer(layer)

    def born_dead(width, depth, **settings):
        deaths = simulations.simulate_born_dead(width=3, depth=10, draws=200, **settings)
        return deaths.at(width=width, depth=depth)

    def variances(*, units=(8, 8), activation="tanh", gain=1.0):
        spec = spec_of(*units, activation=activation, initializer="glorot_uniform")
        return simulations.simulate_variances(spec, few_circles, gain=gain, draws=6)

    def layers(activation, *, depth=4, gain=1.0):
        spec = spec_of(*(5,) * depth, activation=activation, initializer=simulations.NORMAL)
        return simulations.simulate_layers(spec, circles.X[:20], gain=gain, draws=30)

    def gradient_growth(*, depth=5, activation="relu", batch_size=8):
        spec = spec_of(*(12,) * depth, activation=activation)
        return simulations.simulate_gradient_growth(spec=spec, batch_size=batch_size, draws=3)

    residual = partial(
        simulations.simulate_residual, few_circles.X, spec=spec_of(*(8,) * 5), draws=6
    )
    return {
        "born_dead": (born_dead(2, 10), born_dead(3, 1, seed=1)),
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
        "layer_distributions": (layers("relu"), layers("selu", depth=12, gain=3.0)),
        "residual": (residual(), residual(branch_scale=0.0)),
        "splitting_by_layer": (offset(2), offset(6, activation="relu", initializer="he_normal")),
        "variances": (variances(), variances(units=(9, 3) * 6, activation="relu", gain=3.0)),
    }


def _of_batch_norm(circles):
    few_circles = SimpleNamespace(X=circles.X[:20], y=circles.y[:20])
    noise = partial(simulations.simulate_batch_noise, batch_sizes=(2, 8), batches=60)
    shift = partial(simulations.simulate_variance_shift, draws=8, n_examples=50, inputs=5)
    layer_shift = partial(simulations.simulate_layer_shift, width=10, draws=3)
    scaled = simulations.simulate_scale_invariance((0.01, 1.0, 100.0), draws=5)
    decay = partial(simulations.simulate_weight_decay, few_circles)
    other = decay(steps=20, l2=(0.1, 0.2))
    off_the_law = replace(other, growing=other.growing._replace(loss=other.growing.loss + 0.1))

    def moving(momentum, *, center=3.0, drift=0.0, **settings):
        settings["data"] = simulations.UnitStream(center=center, drift=drift)
        return simulations.simulate_moving_statistics(momentum, **settings)

    def batch(n_examples, **settings):
        unit = simulations.UnitBatch(n_examples=n_examples)
        return simulations.simulate_batch_norm(unit, **settings)

    def shifts(*means):
        return {f"input {number}": shift(mean=mean) for number, mean in enumerate(means)}

    def both_kinds(make, seed):
        return {
            name: make(batch_norm=name == "batch norm", seed=seed + row)
            for row, name in enumerate(("without", "batch norm"))
        }

    groups = measures.normalization_groups
    return {
        "batch_noise": (noise((0, 1)), noise((-1, 3), n_units=4)),
        "covariate_shift": (both_kinds(covariate_shift, 0), both_kinds(covariate_shift, 5)),
        "lag_and_noise": (moving(0.9), moving(0.0, center=0.0, batch_size=2, steps=1)),
        "layer_shift": (layer_shift(0.5, depth=3), layer_shift(0.0, depth=12)),
        "moving_statistics": (
            moving(0.99),
            moving(0.9, drift=0.02, batch_size=2, steps=300, seed=1),
        ),
        "normalization_axes": (
            groups("batch norm", n_examples=3, n_channels=5),
            groups("group norm", n_examples=4, n_channels=6, n_positions=9, n_groups=2),
        ),
        "normalized_batch": (batch(20), batch(256, gamma=-3.0, beta=3.0, epsilon=10.0)),
        "scale_invariance": (scaled, replace(scaled, change=np.ones((3, 5)))),
        "smoothness": (both_kinds(landscape, 0), both_kinds(landscape, 5)),
        "variance_shift": (shifts(0.0, 1.0), shifts(2.0, 0.5)),
        "weight_decay": (decay(steps=10, l2=(0.0, 0.1)), off_the_law),
    }


def _of_training(trained):
    run, other_run, deep, other_deep = (
        getattr(trained, f"{name}run") for name in ("", "other_", "deep_", "other_deep_")
    )

    def moment(run, index):
        history = training.layer_history(run)
        seen = {"run": run, "snapshot": run.snapshot(index), "summary": run.summary}
        return SimpleNamespace(history=history, **seen)

    def columns(run, snapshots, moved=0.0):
        whole = training.column_history(run)
        columns = whole.columns[:snapshots] + moved
        return replace(whole, epochs=whole.epochs[:snapshots], columns=columns)

    def rate_choice(rate, share):
        ranges, said = rate_ranges((0.2, 0.9, 0.4), (0.1, 0.7, 0.0)), f"{share:.0%} at {rate:g}"
        shares = {"batch norm": 0.9, "plain": share}
        settings = {"ranges": ranges, "origin": "by hand", "rate": rate, "shares": shares}
        return SimpleNamespace(**settings, summary=lambda: said)

    first, last, moved = run.snapshot(0), run.snapshot(), trained.shifted_run.snapshot()
    return {
        "activity": (first, moved),
        # Columns on one side of 0 are nearer to each other than they are long.
        "column_spread": (columns(run, 5), columns(other_run, 3, 1.0)),
        "columns": (columns(run, 5), columns(other_run, 3)),
        "dead_shares": (trained.ensemble, trained.half_diverged_ensemble),
        "decision_boundary": (last, moved),
        "depth_map": (depth_map((0.2, 0.9, 1.0), law=[3.0, 40.0, 9.0]), depth_map((0.1, 0.5, 0.3))),
        "ensembles": (
            {"at 0": trained.ensemble, "at 10": trained.shifted_ensemble},
            {"at 0": trained.shifted_ensemble, "at 10": trained.half_diverged_ensemble},
        ),
        "example": (last.example(3), moved.example(90)),
        "layer_activations": (deep.snapshot(0), other_deep.snapshot()),
        "layer_history": (moment(deep, 2), moment(other_deep, 1)),
        "layer_moments": (training.layer_moments(deep), training.layer_moments(other_deep)),
        "loss": (run, trained.shifted_run),
        "loss_at": (moment(run, 2), moment(other_run, 1)),
        "losses_by_width": (width_losses(0.5, 0.03), width_losses(0.7, 0.2, diverged=3)),
        "percentiles": (
            training.percentile_history(deep),
            training.percentile_history(other_deep, layer=0, unit=3),
        ),
        "rate_choice": (rate_choice(1.0, 0.7), rate_choice(10.0, 0.0)),
        "rate_range": (
            rate_ranges((0.2, 0.9, 0.4), (0.1, 0.7, 0.0)),
            rate_ranges((0.6, 1.0, 1.0), (0.1, 0.4, 0.0)),
        ),
        "unit_history": (
            training.unit_history(deep),
            training.unit_history(trained.diverged_deep_run),
        ),
        "update_ratios": (training.update_ratios(deep), training.update_ratios(other_deep)),
        "weight_vectors": (first, moved),
    }


def _of_diagnosis():
    results = dict.fromkeys(
        ("layer_bands", "layer_units", "layer_gradients", "layer_updates"),
        (examination("relu", 0.5), examination("sigmoid", 1e-9)),
    )
    fine = losses([1.0, 0.5, 0.2], [1.1, 0.7, 0.6])
    return results | {"loss_curves": (fine, losses([2.6, 3.1], [2.6, 9.0], diverged=True))}


def rate_ranges(normalized, plain):
    ranges = {}
    for name, share in (("batch norm", normalized), ("plain", plain)):
        settings = {"networks": 20, "level": 0.2, "epochs": 40, "batch_norm": name != "plain"}
        rates, errors = np.array([0.1, 1.0, 10.0]), np.full(3, 0.05)
        arrays = {"rates": rates, "share": np.array(share), "standard_error": errors}
        ranges[name] = training.RateRange(**arrays, **settings)
    return ranges


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
    rate, factors, one = 0.1 * (1 + seed), np.array([0.1, 4.0]), (3, 6, 1)
    loss, slope = rng.uniform(0.05, 0.9, one), rng.uniform(0.1, 2, one)
    along = loss * rng.uniform(0.5, 2, (3, 6, 2))
    return simulations.Landscape(
        epochs=np.array([0, 1, 10]),
        learning_rate=rate,
        factors=factors,
        along=along,
        smoothness=(rng.uniform(0.1, 1, (3, 6, 2)) / (rate * factors * slope)).max(axis=-1),
        batch_norm=batch_norm,
    )


def covariate_shift(*, batch_norm, seed):
    rng = np.random.default_rng(seed)
    shape = (3, 6, 2)
    return simulations.CovariateShift(
        epochs=np.array([0, 1, 10]),
        learning_rate=0.1 * (1 + seed),
        typical_change=np.median(
            rng.uniform(0.01, 0.5, shape) / rng.uniform(0.5, 1, shape), axis=-1
        ),
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

"""Two results of one kind for every figure function, and how to make more by hand."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.axes import Axes

from nnhelpers import datasets, figures, measures, networks, simulations
from nnhelpers.initializers import RandomNormal
from nnhelpers.lessons import bets
from nnhelpers.measures import Curve
from nnhelpers.networks import Weights


@pytest.fixture(scope="session")
def second_line() -> Callable[[Axes], str]:
    """Read the grey second line."""
    return lambda ax: next(text for text in ax.texts if text.xyann == (0, 8)).get_text()


@pytest.fixture(scope="session")
def words() -> Callable[[Axes], list[str]]:
    """Read every word that is seen in the axes."""
    return lambda ax: [t.get_text() for t in ax.texts if t.get_visible() and t.get_text()]


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

    few_circles = SimpleNamespace(X=circles.X[:20], y=circles.y[:20])

    def deep(*, depth=8, activation="sigmoid", initializer="glorot_uniform", gain=1.0):
        spec = networks.MLPSpec(
            units=(8,) * depth, activation=activation, kernel_initializer=initializer
        )
        return simulations.simulate_depth(spec, few_circles, gain=gain, draws=6)

    def offset(layer, *, activation="sigmoid", initializer="glorot_uniform"):
        few = simulations.Cloud(n_examples=30, n_features=20, kind="normal")
        spec = networks.MLPSpec(
            units=(10,) * 6, activation=activation, kernel_initializer=initializer
        )
        return simulations.simulate_depth_offset(spec, few, draws=3).layer(layer)

    def born_dead(width, depth, **settings):
        spec = networks.MLPSpec(units=(3,) * 10, kernel_initializer="he_normal")
        deaths = simulations.simulate_born_dead(spec=spec, draws=200, **settings)
        return deaths.at(width=width, depth=depth)

    def variances(*, units=(8, 8), activation="tanh", gain=1.0):
        spec = networks.MLPSpec(units=units, activation=activation)
        return simulations.simulate_variances(spec, few_circles, gain=gain, draws=6)

    def residual(**settings):
        spec = networks.MLPSpec(units=(8,) * 5, kernel_initializer="he_normal")
        return simulations.simulate_residual(circles.X[:20], spec=spec, draws=6, **settings)

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

    from nnhelpers import training

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
        spec = networks.MLPSpec(
            units=(5,) * depth, activation=activation, kernel_initializer=simulations.NORMAL
        )
        return simulations.simulate_layers(spec, circles.X[:20], gain=gain, draws=30)

    def batch(**settings):
        batch = simulations.UnitBatch(n_examples=settings.pop("n_examples", 20))
        return simulations.simulate_batch_norm(batch, **settings)

    def batch_noise(*values, **settings):
        return simulations.simulate_batch_noise(values, batch_sizes=(2, 8), batches=60, **settings)

    def gradient_growth(*, depth=5, activation="relu", batch_size=8):
        spec = networks.MLPSpec(
            units=(12,) * depth, activation=activation, kernel_initializer="he_normal"
        )
        return simulations.simulate_gradient_growth(spec=spec, batch_size=batch_size, draws=3)

    def dot_product(**settings):
        return simulations.simulate_dot_product(draws=500, **settings)

    def scaled(**settings):
        return simulations.simulate_scale_invariance((0.01, 1.0, 100.0), draws=5, **settings)

    def decay(**settings):
        few = SimpleNamespace(X=circles.X[:20], y=circles.y[:20])
        settings = {"l2": (0.0, 0.1), "steps": 10} | settings
        return simulations.simulate_weight_decay(few, **settings)

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

    def landscapes(seed):
        return {
            name: landscape(batch_norm=name == "batch norm", seed=seed + row)
            for row, name in enumerate(("without", "batch norm"))
        }

    def covariate_shifts(seed):
        return {
            name: covariate_shift(batch_norm=name == "batch norm", seed=seed + row)
            for row, name in enumerate(("without", "batch norm"))
        }

    return {
        "plot_activation": (figures.plot_activation, profile("sigmoid"), profile("selu")),
        "plot_active_count": (figures.plot_active_count, count(0), count(9)),
        "plot_active_fraction": (figures.plot_active_fraction, fraction(0), fraction(3)),
        "plot_activity": (figures.plot_activity, first, moved),
        "plot_batch_noise": (
            figures.plot_batch_noise,
            batch_noise(0, 1),
            batch_noise(-1, 3, n_units=4),
        ),
        "plot_bet": (figures.plot_bet, bet(0.4), bet(0.2, 0.45)),
        "plot_folds": (figures.plot_folds, fraction(0), fraction(3)),
        "plot_column_spread": (
            figures.plot_column_spread,
            columns(0),
            # Columns on one side of 0 are nearer to each other than they are long.
            replace(columns(1), columns=columns(1).columns + 1.0),
        ),
        "plot_columns": (partial(figures.plot_columns, reach=5), columns(0), columns(1)),
        "plot_born_dead": (
            figures.plot_born_dead,
            born_dead(2, 10),
            born_dead(3, 1, X=[[1.0]]),
        ),
        "plot_covariate_shift": (
            figures.plot_covariate_shift,
            covariate_shifts(0),
            covariate_shifts(5),
        ),
        "plot_curves": (
            figures.plot_curves,
            curves((0.9, 0.5, 0.0), (1.0, 0.9, 0.1)),
            curves((0.2, 0.4, 0.7), (0.8, 0.3, 0.69)),
        ),
        "plot_dataset": (
            figures.plot_dataset,
            circles,
            datasets.rescale(datasets.shift(circles, 10), 2),
        ),
        "plot_dead_shares": (
            plot_dead_shares,
            trained.ensemble,
            trained.half_diverged_ensemble,
        ),
        "plot_decision_boundary": (figures.plot_decision_boundary, last, moved),
        "plot_depth_map": (
            figures.plot_depth_map,
            depth_map((0.2, 0.9, 1.0), law=[3.0, 40.0, 9.0]),
            depth_map((0.1, 0.5, 0.3)),
        ),
        "plot_descent": (figures.plot_descent, descent(0), descent(3, batch_size=200)),
        "plot_dot_product": (
            figures.plot_dot_product,
            dot_product(n=1),
            dot_product(
                n=100,
                inputs=RandomNormal(mean=2.0, stddev=1.0),
                weights=RandomNormal(stddev=0.5),
            ),
        ),
        "plot_ensembles": (
            figures.plot_ensembles,
            {"at 0": trained.ensemble, "at 10": trained.shifted_ensemble},
            {"at 0": trained.shifted_ensemble, "at 10": trained.half_diverged_ensemble},
        ),
        "plot_example": (figures.plot_example, last.example(3), moved.example(90)),
        "plot_example_in_batches": (
            figures.plot_example_in_batches,
            batch_noise(0, 1),
            batch_noise(-1, 3, n_units=4),
        ),
        "plot_feature_space": (figures.plot_feature_space, last, moved),
        "plot_gradient_by_layer": (
            partial(figures.plot_gradient_by_layer, most_layers=20),
            deep(),
            deep(depth=20, activation="relu", initializer="he_normal", gain=3.0),
        ),
        "plot_gradient_growth": (
            partial(figures.plot_gradient_growth, most_layers=20),
            gradient_growth(),
            gradient_growth(depth=20, activation="tanh", batch_size=4),
        ),
        "plot_gradients": (
            figures.plot_gradients,
            {"first": deep(), "second": deep(activation="tanh")},
            {"first": deep(depth=12), "second": deep(activation="relu", gain=0.1)},
        ),
        "plot_layer": (
            figures.plot_layer,
            simulations.DenseLayer(kernel=[[0.5, -0.3], [0.8, 0.2]]),
            simulations.DenseLayer(kernel=[[0.5, 0.5, 0.0], [-30.0, -30.0, 1.0], [2, 2, 1e-3]]),
        ),
        "plot_layer_activations": (
            figures.plot_layer_activations,
            trained.deep_run.snapshot(0),
            trained.other_deep_run.snapshot(),
        ),
        "plot_lag_and_noise": (
            figures.plot_lag_and_noise,
            moving(0.9),
            moving(0.0, center=0.0, batch_size=2, steps=1),
        ),
        "plot_layer_shift": (figures.plot_layer_shift, layer_shift(0.5, 3), layer_shift(0.0, 12)),
        "plot_moving_statistics": (
            partial(figures.plot_moving_statistics, most_steps=300, reach=(-2, 9)),
            moving(0.99),
            moving(0.9, drift=0.02, batch_size=2, steps=300, seed=1),
        ),
        "plot_layer_distributions": (
            figures.plot_layer_distributions,
            layers("relu"),
            layers("selu", depth=12, gain=3.0),
        ),
        "plot_layer_moments": (
            figures.plot_layer_moments,
            training.layer_moments(trained.deep_run),
            training.layer_moments(trained.other_deep_run),
        ),
        "plot_layer_history": (figures.plot_layer_history, scrubbed(0), scrubbed(1)),
        "plot_loss": (figures.plot_loss, trained.run, trained.shifted_run),
        "plot_loss_at": (figures.plot_loss_at, moment(0), moment(1)),
        "plot_losses_by_width": (
            figures.plot_losses_by_width,
            width_losses(0.5, 0.03),
            width_losses(0.7, 0.2, diverged=3),
        ),
        "plot_network": (figures.plot_network, last, moved),
        "plot_network_activations": (
            figures.plot_network_activations,
            last.example(3),
            moved.example(90),
        ),
        "plot_normalization_axes": (
            figures.plot_normalization_axes,
            measures.normalization_groups("batch norm", n_examples=3, n_channels=5),
            measures.normalization_groups(
                "group norm", n_examples=4, n_channels=6, n_positions=9, n_groups=2
            ),
        ),
        "plot_normalized_batch": (
            figures.plot_normalized_batch,
            batch(),
            batch(n_examples=256, gamma=-3.0, beta=3.0, epsilon=10.0),
        ),
        "plot_overlap": (figures.plot_overlap, overlap(0), overlap(5)),
        "plot_percentiles": (
            figures.plot_percentiles,
            training.percentile_history(trained.deep_run),
            training.percentile_history(trained.other_deep_run, layer=0, unit=3),
        ),
        "plot_rate_choice": (
            figures.plot_rate_choice,
            rate_choice(1.0, 0.7),
            rate_choice(10.0, 0.0),
        ),
        "plot_rate_range": (
            figures.plot_rate_range,
            rate_ranges((0.2, 0.9, 0.4), (0.1, 0.7, 0.0)),
            rate_ranges((0.6, 1.0, 1.0), (0.1, 0.4, 0.0)),
        ),
        "plot_residual": (figures.plot_residual, residual(), residual(branch_scale=0.0)),
        "plot_scale_invariance": (
            figures.plot_scale_invariance,
            scaled(),
            replace(scaled(), change=np.ones((3, 5))),
        ),
        "plot_seed_losses": (
            figures.plot_seed_losses,
            trained.ensemble,
            trained.half_diverged_ensemble,
        ),
        "plot_seeds": (plot_seeds, trained.ensemble, trained.half_diverged_ensemble),
        "plot_signal_by_layer": (
            partial(figures.plot_signal_by_layer, most_layers=20),
            deep(),
            deep(depth=20, activation="relu", initializer="he_normal", gain=3.0),
        ),
        "plot_slopes": (
            figures.plot_slopes,
            slopes("sigmoid"),
            slopes("gelu", mean=-4.0, std=8.0),
        ),
        "plot_smoothness": (figures.plot_smoothness, landscapes(0), landscapes(5)),
        "plot_splitting_by_layer": (
            figures.plot_splitting_by_layer,
            offset(2),
            offset(6, activation="relu", initializer="he_normal"),
        ),
        "plot_unit_history": (
            figures.plot_unit_history,
            training.unit_history(trained.deep_run),
            training.unit_history(trained.diverged_deep_run),
        ),
        "plot_update_directions": (
            figures.plot_update_directions,
            descent(0),
            descent(3, batch_size=200),
        ),
        "plot_update_ratios": (
            figures.plot_update_ratios,
            training.update_ratios(trained.deep_run),
            training.update_ratios(trained.other_deep_run),
        ),
        "plot_variance_growth": (
            figures.plot_variance_growth,
            dot_product(n=1),
            dot_product(
                n=100,
                inputs=RandomNormal(mean=2.0, stddev=1.0),
                weights=RandomNormal(stddev=0.5),
            ),
        ),
        "plot_variance_shift": (figures.plot_variance_shift, shifts(0.0, 1.0), shifts(2.0, 0.5)),
        "plot_variances": (
            partial(figures.plot_variances, most_layers=12),
            variances(),
            variances(units=(9, 3) * 6, activation="relu", gain=3.0),
        ),
        "plot_status_by_offset": (
            figures.plot_status_by_offset,
            {"near": fraction(0), "far": fraction(3)},
            {"near": fraction(1), "far": fraction(9)},
        ),
        "plot_weight_vectors": (figures.plot_weight_vectors, first, moved),
        "plot_wedge": (figures.plot_wedge, fraction(0), fraction(3)),
        "plot_weight_decay": (
            figures.plot_weight_decay,
            decay(),
            off_the_law,
        ),
        "plot_weight_error": (figures.plot_weight_error, descent(0), descent(3, batch_size=200)),
    }


def depth_map(accuracy, *, law=None):
    from nnhelpers import training

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
    from nnhelpers import training

    losses = tuple(middle * np.linspace(0.5, 1.5, 11) for middle in middles)
    return training.WidthLosses(widths=(2, 16), loss=losses, diverged=diverged)


def plot_seeds(ensemble, *, ax=None):
    return figures.plot_seeds(ensemble, reference=0.6, ax=ax)


def plot_dead_shares(ensemble, *, ax=None):
    return figures.plot_dead_shares(ensemble, claimed=0.4, ax=ax)

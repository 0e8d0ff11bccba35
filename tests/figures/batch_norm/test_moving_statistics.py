"""Pictures of batch norm's moving statistics."""

from functools import partial

import numpy as np
import pytest
from looking import assert_words_apart, ends_of_band, second_line, words

from nnhelpers import figures, simulations
from nnhelpers.simulations import MovingStatistics, UnitStream


def by_hand(**changes):
    """Two runs of three steps."""
    plain = {
        "data": UnitStream(center=2.0),
        "momentum": 0.5,
        "batch_size": 8,
        "batch_mean": np.array([[1.0, 3.0, 2.0], [9.0, 9.0, 9.0]]),
        "batch_variance": np.array([[3.0, 5.0, 4.0], [9.0, 9.0, 9.0]]),
        "moving_mean": np.array([[0.0, 0.5, 1.75, 1.875], [0.0, 9.0, 9.0, 9.0]]),
        "moving_variance": np.array([[1.0, 2.0, 3.5, 3.75], [1.0, 9.0, 9.0, 9.0]]),
    }
    return MovingStatistics(**plain | changes)


@pytest.mark.parametrize(("quantity", "truth"), [("mean", 2.0), ("variance", 4.0)])
def test_dots_are_batches_the_line_what_is_kept_the_law_dashed_in_its_noise(quantity, truth):
    result = by_hand()
    ax = figures.plot_moving_statistics(result, quantity=quantity).ax
    dots, true, law, moving = ax.lines
    batch, kept, expected = (
        getattr(result, f"{name}_{quantity}") for name in ("batch", "moving", "expected")
    )
    np.testing.assert_array_equal(dots.get_xydata().T, [[1, 2, 3], batch[0]])
    np.testing.assert_array_equal(moving.get_xydata().T, [[0, 1, 2, 3], kept[0]])
    np.testing.assert_array_equal(law.get_ydata(), expected)
    np.testing.assert_array_equal(true.get_ydata(), np.full(4, truth))
    assert law.is_dashed()
    assert not moving.is_dashed()
    assert dots.get_linestyle() == "None"
    noise = getattr(result, f"{quantity}_noise")[-1]
    np.testing.assert_allclose(ends_of_band(ax, -1)[-1], expected[-1] + [-2 * noise, 2 * noise])
    assert {f"truth {truth:.2f}", f"moving_{quantity} {kept[0, -1]:.2f}"} <= set(words(ax))


def test_the_second_line_says_what_is_left_of_the_start_the_lag_and_the_noise():
    def said(result):
        return second_line(figures.plot_moving_statistics(result).ax)

    noise = by_hand().mean_noise[-1]
    assert said(by_hand()) == f"0.5³ = 12% of the start is left, noise ± {noise:.2f}"
    drifting = by_hand(data=UnitStream(center=2.0, drift=1.0))
    assert "left, it lags by 0.88, noise" in said(drifting)
    long, gone = (simulations.simulate_moving_statistics(momentum) for momentum in (0.99, 0.9))
    assert said(long).startswith("0.99¹⁰⁰ = 37% of")
    assert said(gone).startswith("0.9¹⁰⁰ < 0.1% of")


def test_the_second_line_of_the_variance_says_what_a_batch_lacks():
    ax = figures.plot_moving_statistics(by_hand(batch_size=2), quantity="variance").ax
    expected = by_hand(batch_size=2).expected_variance[-1]
    assert second_line(ax) == f"expected {expected:.2f}; batches of 2 have 50% of the true variance"
    large = figures.plot_moving_statistics(by_hand(batch_size=256), quantity="variance").ax
    assert "99.6% of the true variance" in second_line(large)


def test_dots_off_the_ruler_are_counted_on_each_side():
    ax = figures.plot_moving_statistics(by_hand(), reach=(1.5, 2.5)).ax
    assert second_line(ax).endswith("; dots off the ruler: ↓ 1, ↑ 1")
    assert ax.get_ylim() == (1.5, 2.5)
    assert "ruler" not in second_line(figures.plot_moving_statistics(by_hand()).ax)


@pytest.mark.parametrize(("most", "last"), [(1, 3), (10, 10), (500, 500)])
def test_the_ruler_holds_the_most_steps_and_never_fewer_than_shown(most, last):
    ax = figures.plot_moving_statistics(by_hand(), most_steps=most).ax
    assert ax.get_xlim() == (0, 1.3 * last)
    ticks = ax.get_xticks()
    assert ticks[0] == 0
    assert ticks[-1] <= last
    assert (ticks == np.floor(ticks)).all()
    assert 3 <= len(ticks) <= 12


def test_a_third_quantity_is_refused():
    with pytest.raises(ValueError, match=r"quantity must be one of .*, got 'median'"):
        figures.plot_moving_statistics(by_hand(), quantity="median")


def test_errors_by_momentum_are_drawn_with_the_chosen_one_and_the_run_s():
    result = by_hand(data=UnitStream(center=2.0, drift=0.1))
    ax = figures.plot_lag_and_noise(result).ax
    total, off, noise, chosen, run = ax.lines
    errors = result.errors_by_momentum()
    np.testing.assert_allclose(total.get_xdata(), 1 / (1 - errors.momentum))
    np.testing.assert_array_equal(total.get_ydata(), errors.total)
    np.testing.assert_array_equal(noise.get_ydata(), errors.noise)
    assert (off.get_ydata() >= errors.off).all()
    assert chosen.get_xdata() == run.get_xdata() == [2]
    wanted = np.hypot(result.expected_mean[-1] - result.truth[-1], result.mean_noise[-1]) / 2
    assert chosen.get_ydata()[0] == pytest.approx(wanted, rel=1e-3)
    assert run.get_ydata() == pytest.approx([abs(1.875 - 2.3) / 2])
    assert [text.get_text() for text in ax.get_xticklabels()] == [
        "0", "0.5", "0.9", "0.99", "0.999"
    ]  # fmt: skip
    assert [line.is_dashed() for line in (total, off, noise)] == [False, True, True]
    assert len({line.get_color() for line in (total, off, noise, chosen)}) == 4


def test_the_best_momentum_is_told_with_two_digits_of_its_distance_from_one():
    long = simulations.simulate_moving_statistics(0.99, steps=500, data=UnitStream(drift=0.01))
    for result, said in (
        (by_hand(data=UnitStream(center=2.0, drift=9.0)), "at step 3 best: 0"),
        (by_hand(data=UnitStream(center=0.0)), "at step 3 best: 0.9995 or more"),
        (long, "at step 500 best: 0.87"),
    ):
        assert second_line(figures.plot_lag_and_noise(result).ax) == said


@pytest.mark.parametrize(("momentum", "steps"), [(0.0, 500), (0.999, 1)])
def test_words_in_a_picture_of_three_parts_do_not_touch(momentum, steps):
    moving = partial(figures.plot_moving_statistics, most_steps=500)
    plots = {
        "A": partial(moving, reach=(-2.5, 11)),
        "B": partial(moving, quantity="variance", reach=(0, 9)),
        "C": figures.plot_lag_and_noise,
    }
    data = {"data": UnitStream(center=5, drift=0.01), "batch_size": 2, "steps": steps}
    result = simulations.simulate_moving_statistics(momentum, **data)
    drawn = figures.compose("AAC;BBC", plots, title=lambda _: "What?", size=(12.0, 7.0))(result)
    for ax in drawn.figure.axes:
        assert_words_apart(ax)
    (third,) = (ax for ax in drawn.figure.axes if ax.get_legend())
    legend = third.get_legend().get_window_extent()
    heights = third.transData.transform(third.lines[0].get_xydata())[:, 1]
    assert heights.max() < legend.y0
    assert not any(text.get_window_extent().overlaps(legend) for text in third.texts)

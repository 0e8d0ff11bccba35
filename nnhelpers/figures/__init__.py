"""One function per drawing: it takes a result and an Axes, and returns a `Drawn`."""

from nnhelpers.figures.batch_norm.batch_noise import plot_batch_noise, plot_example_in_batches
from nnhelpers.figures.batch_norm.curves import (
    plot_covariate_shift,
    plot_layer_shift,
    plot_scale_invariance,
    plot_smoothness,
    plot_variance_shift,
    plot_weight_decay,
)
from nnhelpers.figures.batch_norm.moving_statistics import (
    plot_lag_and_noise,
    plot_moving_statistics,
)
from nnhelpers.figures.batch_norm.one_batch import plot_normalization_axes, plot_normalized_batch
from nnhelpers.figures.bets import plot_bet, plot_room_bets
from nnhelpers.figures.drawn import Drawn, image_html
from nnhelpers.figures.examination import (
    plot_examination,
    plot_layer_bands,
    plot_layer_gradients,
    plot_layer_units,
    plot_layer_updates,
    plot_loss_curves,
)
from nnhelpers.figures.layers.by_layer import (
    plot_gradient_by_layer,
    plot_gradient_growth,
    plot_gradients,
    plot_residual,
    plot_variances,
)
from nnhelpers.figures.layers.forward import plot_signal_by_layer, plot_splitting_by_layer
from nnhelpers.figures.layers.untrained import plot_born_dead, plot_layer_distributions
from nnhelpers.figures.layouts import compose, part, small_multiples, titled
from nnhelpers.figures.training.columns import (
    plot_column_spread,
    plot_columns,
    plot_weight_vectors,
)
from nnhelpers.figures.training.curves import (
    plot_curves,
    plot_ensembles,
    plot_loss,
    plot_loss_at,
    plot_seeds,
)
from nnhelpers.figures.training.histories import (
    plot_layer_history,
    plot_layer_moments,
    plot_percentiles,
    plot_unit_history,
)
from nnhelpers.figures.training.maps import (
    plot_dead_shares,
    plot_depth_map,
    plot_losses_by_width,
    plot_seed_losses,
)
from nnhelpers.figures.training.network import (
    plot_activity,
    plot_layer_activations,
    plot_network,
    plot_network_activations,
)
from nnhelpers.figures.training.plane import (
    plot_dataset,
    plot_decision_boundary,
    plot_example,
    plot_feature_space,
)
from nnhelpers.figures.training.rates import plot_rate_choice, plot_rate_range, plot_update_ratios
from nnhelpers.figures.units.activations import plot_activation, plot_activations
from nnhelpers.figures.units.active import (
    plot_active_count,
    plot_active_fraction,
    plot_folds,
    plot_overlap,
    plot_status_by_offset,
    plot_wedge,
)
from nnhelpers.figures.units.bowl import plot_descent, plot_update_directions, plot_weight_error
from nnhelpers.figures.units.dot_products import plot_dot_product, plot_layer, plot_variance_growth
from nnhelpers.figures.units.zones import plot_slopes

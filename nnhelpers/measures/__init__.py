"""Numbers read off arrays of data, pre-activations and weights."""

from nnhelpers.measures.activity import (
    ALWAYS_ACTIVE,
    DEAD,
    SPLITTING,
    STATUSES,
    active_fraction,
    saturated_fraction,
    unit_status,
)
from nnhelpers.measures.curves import Curve
from nnhelpers.measures.descent import (
    best_line_accuracy,
    conditioning,
    largest_stable_rate,
    same_direction_share,
)
from nnhelpers.measures.normalization import (
    BATCH,
    GROUP,
    INSTANCE,
    LAYER,
    NORMALIZATIONS,
    NormalizationGroups,
    normalization_groups,
    normalized,
)
from nnhelpers.measures.zones import (
    FLAT,
    FLAT_BELOW,
    NEAR_LINEAR,
    STRAIGHT_BELOW,
    USEFUL,
    ZONES,
    Interval,
    Profile,
    profile,
    zone_intervals,
    zone_shares,
    zones,
)

"""The metrics of the scale as data: what the picture says about the camera."""

from __future__ import annotations

from typing import Final

from vidpose.biomech.conventions import ANY_VIEW, SIDE_VIEWS
from vidpose.biomech.metrics.row import MetricRow

METRICS: Final[tuple[MetricRow, ...]] = (
    MetricRow(
        id="camera_roll",
        label="Slope of the floor",
        definition="Slope of the lines on which heels and toes rested, in the picture",
        formula="weighted median of the slopes between contacts of one foot point",
        unit="rad",
        positive="the floor rises to the right",
        zero="level",
        plane="image",
        landmarks=("heel", "foot_index"),
        views=SIDE_VIEWS,
        sides=("none",),
        source="Theil 1950, Sen 1968; contacts ours",
        still_camera=True,
        decimals=1,
        note="Needs somebody who walks across the picture. A sloping floor looks the same.",
    ),
    MetricRow(
        id="size_change",
        label="Change of the person's size",
        definition="From the 5th to the 95th percentile of the person's size in pixels, over its median; the smaller "
        "of two: by the height in pixels, and by pixels per metre of the model's body",
        formula="min((q95 - q05) / q50)",
        unit="share",
        positive="more change of distance",
        zero="always as far from the camera",
        plane="image",
        landmarks=("shoulder", "hip", "knee", "ankle"),
        views=ANY_VIEW,
        sides=("none",),
        source="ours",
        decimals=1,
        note="Lengths taken with one scale are off by up to half of it.",
    ),
    MetricRow(
        id="camera_pitch",
        label="Camera looks down",
        definition="Lean of the standing body towards the camera, in the model's space",
        formula="median(atan2(-dz, -dy)), from the ankles to mid-shoulders",
        unit="rad",
        positive="the camera looks down",
        zero="level",
        plane="any",
        landmarks=("shoulder", "ankle"),
        views=ANY_VIEW,
        sides=("none",),
        source="ours",
        decimals=0,
        note="The model's depth is weak: a level camera gives up to 15 degrees. Estimated from each person alone, so "
        "people in one video differ. The uncertainty is half of the middle 95 % of single frames' leans.",
    ),
)
"""Every metric of the scale, in the order of the tables."""

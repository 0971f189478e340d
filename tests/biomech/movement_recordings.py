"""Recordings of hand-made bodies, as symmetry and smoothness are given them."""

import numpy as np

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.metrics.recording import Recording


def recording_of(track, precision_deg=2.0):
    """Return the recording of a track; every angle has the same precision."""
    analysis = analyse(track, AnalysisSettings())
    filtered = analysis.filtered
    height_px = local_height_px(pose_height_px(filtered.image_px), filtered.timestamps_s, filtered.stretch)
    known = np.isfinite(analysis.angles.values_rad)
    return Recording(
        filtered=filtered,
        estimated=np.asarray(track.estimated),
        angles=analysis.angles,
        angle_precision_rad=np.where(known, np.deg2rad(precision_deg), np.nan),
        facing=analysis.facing,
        yaw_rad=np.full(track.n_frames, np.nan),
        local_height_px=height_px,
        body_height_px=analysis.body_height_px,
    )


def agree(rows, values):
    """Assert that there is one value per row and side, in order, each with its reason or finite."""
    assert [(value.metric_id, value.side) for value in values] == [(row.id, side) for row in rows for side in row.sides]
    for value in values:
        assert np.isfinite(value.value) == (value.reason == "")


def by_id(values):
    """Return the values by their name and side."""
    return {(value.metric_id, value.side): value for value in values}

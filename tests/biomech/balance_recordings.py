"""Recordings of hand-made bodies for the whole body and the scale: as filtered, or exactly as made."""

from dataclasses import replace

import numpy as np
from biomech_bodies import STANDING, STATURE_M, make_track, track_of, world

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.facing import FacingSettings, smooth_view
from vidpose.biomech.metrics.recording import Recording
from vidpose.types.pose import FilteredTrack, Status
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

FRONT = replace(STANDING, yaw=0.0)
BACK = replace(STANDING, yaw=180.0)
LEFTWARD = replace(STANDING, yaw=-90.0)


def recording_of(track, height_m=STATURE_M, sex="mean", precision_deg=0.2):
    """Return what the metrics are computed from, filtered as every run does."""
    settings = AnalysisSettings()
    result = analyse(track, settings, height_m)
    filtered = result.filtered
    local_px = local_height_px(pose_height_px(filtered.image_px), filtered.timestamps_s, filtered.stretch)
    view = smooth_view(filtered, local_px, FacingSettings())
    known = np.isfinite(result.angles.values_rad)
    return Recording(
        filtered=filtered,
        estimated=np.asarray(track.estimated),
        angles=result.angles,
        angle_precision_rad=np.where(known, np.deg2rad(precision_deg), np.nan),
        facing=result.facing,
        yaw_rad=np.arctan2(np.abs(view[:, 1]), np.abs(view[:, 0])),
        local_height_px=local_px,
        body_height_px=result.body_height_px,
        height_m=height_m,
        sex=sex,
    )


def as_made(recording, image_px, world_m=None):
    """Return the recording with these very landmarks, unfiltered, all measured."""
    shape = np.shape(image_px)[:2]
    filtered = FilteredTrack(
        timestamps_s=recording.times_s,
        image_px=image_px,
        world_m=np.full((*shape, 3), np.nan) if world_m is None else world_m,
        status=np.full(shape, Status.MEASURED),
        stretch=np.zeros(shape[0], dtype=int),
    )
    return replace(recording, filtered=filtered)


def exact(track, **options):
    """Return the recording of a track, its landmarks as made."""
    return as_made(recording_of(track, **options), track.image_px.astype(float), track.world_m.astype(float))


def standing_track(pose=STANDING, seconds=8.0, rate_hz=30.0, sway_px=0.0, noise_px=0.0, sway_hz=0.25):
    """Return somebody who stands; the body above the feet is shifted to and fro along the picture's horizontal."""
    track = track_of([pose] * round(seconds * rate_hz), rate_hz=rate_hz)
    image_px = track.image_px.astype(float)
    feet = [LANDMARK_INDEX[name] for name in LANDMARK_NAMES if name.endswith(("heel", "foot_index", "ankle"))]
    body = np.ones(len(LANDMARK_NAMES))
    body[feet] = 0.0
    shift = sway_px * np.sin(2 * np.pi * sway_hz * track.timestamps_s)
    image_px[:, :, 0] += shift[:, None] * body
    image_px += noise_px * np.random.default_rng(3).normal(size=image_px.shape)
    return make_track(image_px, track.timestamps_s, track.world_m)


def rolled(track, angle_rad):
    """Return the track of a camera that is turned about its axis: what ran to the right now rises by the angle."""
    turn = np.array([[np.cos(angle_rad), np.sin(angle_rad)], [-np.sin(angle_rad), np.cos(angle_rad)]])
    return make_track(track.image_px @ turn.T, track.timestamps_s, track.world_m)


def flying(height_m=0.3, rate_hz=120.0, px_per_m=400.0):
    """Return a rigid body on a parabola, and its flight time: every point rises ``height_m`` and falls again."""
    flight_s = np.sqrt(8.0 * height_m / 9.80665)
    times_s = np.arange(round(flight_s * rate_hz) + 1) / rate_hz
    up_m = 9.80665 / 2.0 * times_s * (flight_s - times_s)
    body = world(STANDING)[None, :, :]
    image_px = (
        body[:, :, :2] * px_per_m + np.array([600.0, 500.0]) - np.array([0.0, 1.0]) * up_m[:, None, None] * px_per_m
    )
    return make_track(image_px, times_s, np.repeat(body, len(times_s), axis=0))


def value_of(values, metric_id, side="none"):
    """Return one metric."""
    return next(value for value in values if (value.metric_id, value.side) == (metric_id, side))


def agree(rows, values):
    """Assert one value per row and side, in order, each finite or with a reason."""
    assert [(value.metric_id, value.side) for value in values] == [(row.id, side) for row in rows for side in row.sides]
    for value in values:
        assert np.isfinite(value.value) == (value.reason == "")

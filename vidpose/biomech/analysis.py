"""The front door: one person's track in, angles, speeds, summaries and reservations out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vidpose.biomech.angles import ForeshorteningSettings, compute_angles
from vidpose.biomech.body_size import body_height_px, local_height_px, pose_height_px
from vidpose.biomech.confidence import ConfidenceSettings, HampelSettings
from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.derivatives import angular_velocity, landmark_speed
from vidpose.biomech.facing import FacingSettings, find_facing, smooth_view
from vidpose.biomech.filtering import FilterSettings, filter_track
from vidpose.biomech.gaps import GapSettings
from vidpose.biomech.reservations import find_changes, find_limits, find_sampling, find_view_limits
from vidpose.biomech.smoothing import ButterworthSettings
from vidpose.biomech.summary import side_differences, summarise
from vidpose.types.motion import AngleSeries, MotionAnalysis
from vidpose.types.pose import PoseTrack


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """All settings of the analysis; every default stands beside the function that it steers."""

    confidence: ConfidenceSettings = field(default_factory=ConfidenceSettings)
    hampel: HampelSettings = field(default_factory=HampelSettings)
    gaps: GapSettings = field(default_factory=GapSettings)
    butterworth: ButterworthSettings = field(default_factory=ButterworthSettings)
    facing: FacingSettings = field(default_factory=FacingSettings)
    foreshortening: ForeshorteningSettings = field(default_factory=ForeshorteningSettings)


def analyse(
    track: PoseTrack, settings: AnalysisSettings, height_m: float | None = None, breaks: Sequence[int] = ()
) -> MotionAnalysis:
    """Compute everything that one person's track yields.

    Parameters
    ----------
    track
        Landmarks as estimated; any length, also 0, and any pattern of missing samples.
    settings
        Thresholds and cut-off.
    height_m
        The person's standing height, m; without it there are no speeds in metres.
    breaks
        Frame numbers at which a new stretch must begin, for example a segment border that was not repaired.

    Returns
    -------
    MotionAnalysis
        See there; missing is NaN with a status that says why.
    """
    filter_settings = FilterSettings(settings.confidence, settings.hampel, settings.gaps, settings.butterworth)
    filtered, unfiltered_share, jumps = filter_track(track, filter_settings, breaks)
    times = filtered.timestamps_s

    heights_px = pose_height_px(filtered.image_px)
    local_px = local_height_px(heights_px, times, filtered.stretch)
    view = smooth_view(filtered, local_px, settings.facing)
    facing = find_facing(view, filtered, settings.facing)
    values_rad, status = compute_angles(filtered, facing, local_px, settings.foreshortening)
    velocity_rad_s = angular_velocity(values_rad, times, filtered.stretch, facing)
    angles = AngleSeries(ids=ANGLE_IDS, values_rad=values_rad, velocity_rad_s=velocity_rad_s, status=status)

    height_px = body_height_px(heights_px)
    speed_bh_s = landmark_speed(filtered, height_px)
    return MotionAnalysis(
        filtered=filtered,
        facing=facing,
        angles=angles,
        speed_bh_s=speed_bh_s,
        speed_m_s=None if height_m is None else speed_bh_s * height_m,
        body_height_px=height_px,
        summaries=summarise(angles, track.estimated),
        side_differences=side_differences(angles),
        findings=(
            *find_limits(track, filtered.status, unfiltered_share, settings.butterworth),
            *find_sampling(track, settings.gaps),
            *find_changes(jumps, times),
            *find_view_limits(facing, view),
        ),
    )

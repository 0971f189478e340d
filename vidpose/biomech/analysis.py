"""The analysis of one person's track: angles, speeds, metrics, events, summaries and findings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from vidpose.biomech.angles import ForeshorteningSettings, compute_angles
from vidpose.biomech.body_size import body_height_px, local_height_px, pose_height_px
from vidpose.biomech.confidence import ConfidenceSettings, HampelSettings, trusted_samples, where_trusted
from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.derivatives import angular_acceleration, angular_velocity, landmark_speed
from vidpose.biomech.facing import FacingSettings, find_facing
from vidpose.biomech.filtering import FilterResult, FilterSettings, filter_movement
from vidpose.biomech.filters.choice import Method, check_method
from vidpose.biomech.filters.kalman import KalmanSettings
from vidpose.biomech.filters.residual import ResidualSettings
from vidpose.biomech.filters.slow_motion import real_time
from vidpose.biomech.filters.spline import GcvSettings, noise_shares
from vidpose.biomech.fixed_frame import in_fixed_frame, in_picture, motion_unknown
from vidpose.biomech.gaps import GapSettings
from vidpose.biomech.limitations import (
    describe_cutoff,
    describe_data_limits,
    describe_discontinuities,
    describe_sampling,
    describe_view_limits,
)
from vidpose.biomech.measuring import CustomMetric, Measured, MeasureSettings, measure
from vidpose.biomech.metrics.recording import Recording, Sex
from vidpose.biomech.picture_edge import describe_cut_off
from vidpose.biomech.sampled import known_visibility
from vidpose.biomech.smoothing import ButterworthSettings
from vidpose.biomech.summary import side_differences, summarise
from vidpose.biomech.validity.angle_estimates import AngleInputs
from vidpose.biomech.validity.best import best_flexion
from vidpose.biomech.validity.bones import BoneSettings, assess_bones, reported_bones
from vidpose.biomech.validity.precision import (
    LandmarkNoise,
    PrecisionSettings,
    angle_precision,
    butterworth_noise_gain,
    landmark_noise,
    left_by_spline,
    unfiltered_noise_gain,
)
from vidpose.biomech.validity.refine import RefineSettings, refine_world
from vidpose.biomech.validity.support import AngleSupportSettings, assess_support, doubtful_landmarks
from vidpose.biomech.validity.swaps import Swap, SwapSettings, describe_swaps, find_swaps, repair_swaps
from vidpose.biomech.validity.yaw import ViewSettings, known_view, yaw_of
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.footage import Footage
from vidpose.types.motion import AngleSeries, AngleStatus, BestAngles, MotionAnalysis
from vidpose.types.pose import PoseTrack


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """All settings of the analysis; every default is beside the function that it controls.

    Attributes
    ----------
    slow_motion_factor
        Recorded over played frame rate, see :mod:`vidpose.biomech.filters.slow_motion`; ``"auto"`` takes the rate
        that the video file states.
    repair_swaps
        Undo left-right swaps of the limbs; otherwise they are only reported.
    refine_world
        Compute 3-D angles from world landmarks of constant bone length, see :mod:`vidpose.biomech.validity.refine`.
    filter
        See :data:`~vidpose.biomech.filters.choice.Method`.
    confidence, hampel, gaps, butterworth, kalman, gcv_spline, residual
        Of the filter; see there.
    facing, view, foreshortening, swaps, bones, refine, precision, support, measures
        See there.
    """

    slow_motion_factor: float | Literal["auto"] = 1.0
    repair_swaps: bool = False
    refine_world: bool = True
    filter: Method = "butterworth"
    confidence: ConfidenceSettings = field(default_factory=ConfidenceSettings)
    hampel: HampelSettings = field(default_factory=HampelSettings)
    gaps: GapSettings = field(default_factory=GapSettings)
    butterworth: ButterworthSettings = field(default_factory=ButterworthSettings)
    kalman: KalmanSettings = field(default_factory=KalmanSettings)
    gcv_spline: GcvSettings = field(default_factory=GcvSettings)
    residual: ResidualSettings = field(default_factory=ResidualSettings)
    facing: FacingSettings = field(default_factory=FacingSettings)
    view: ViewSettings = field(default_factory=ViewSettings)
    foreshortening: ForeshorteningSettings = field(default_factory=ForeshorteningSettings)
    swaps: SwapSettings = field(default_factory=SwapSettings)
    bones: BoneSettings = field(default_factory=BoneSettings)
    refine: RefineSettings = field(default_factory=RefineSettings)
    precision: PrecisionSettings = field(default_factory=PrecisionSettings)
    support: AngleSupportSettings = field(default_factory=AngleSupportSettings)
    measures: MeasureSettings = field(default_factory=MeasureSettings)

    def __post_init__(self) -> None:
        factor = self.slow_motion_factor
        if factor != "auto" and not (math.isfinite(factor) and factor > 0):
            raise ValueError(f"slow_motion_factor: expected a finite number above 0, or auto, got {factor}")
        check_method(self.filter)

    def for_video(self, stated_factor: float) -> AnalysisSettings:
        """Return the settings for a video whose file states this factor: ``"auto"`` becomes it."""
        return replace(self, slow_motion_factor=stated_factor) if self.slow_motion_factor == "auto" else self

    @property
    def known_factor(self) -> float:
        """The factor as a number; landmarks without a video file state none."""
        if self.slow_motion_factor == "auto":
            raise ValueError("slow_motion_factor: expected a number, got auto, which needs a video file")
        return self.slow_motion_factor

    @property
    def filtering(self) -> FilterSettings:
        """Settings of rejection, gap filling and smoothing."""
        return FilterSettings(
            confidence=self.confidence,
            hampel=self.hampel,
            gaps=self.gaps,
            butterworth=self.butterworth,
            method=self.filter,
            kalman=self.kalman,
            gcv_spline=self.gcv_spline,
            residual=self.residual,
        )


def analyse(
    track: PoseTrack,
    settings: AnalysisSettings,
    height_m: float | None = None,
    footage: Footage | None = None,
    sex: Sex = "mean",
    custom: Sequence[CustomMetric] = (),
) -> MotionAnalysis:
    """Analyse the track of one person.

    Parameters
    ----------
    track
        Landmarks as estimated, of any length, also 0, with any pattern of missing samples.
    settings
        See :class:`AnalysisSettings`.
    height_m
        The person's standing height, m; without it no result is in metres.
    footage
        The size of the picture, outside which nothing is measured, and where a new stretch must begin.
    sex
        Selects the body-segment masses of the centre of mass.
    custom
        Metrics of the caller's own, see :func:`~vidpose.biomech.measuring.measure`.

    Returns
    -------
    MotionAnalysis
        Missing values are NaN, with a status or a reason. Times are those of the video, speeds and durations those of
        the real movement, which differ in slow motion.
    """
    footage = footage or Footage()
    video_times_s = track.timestamps_s
    track, found, swaps = _filter(real_time(track, settings.known_factor), settings, footage)
    seen = _view_and_angles(track, found, swaps, settings, footage)
    bones = assess_bones(found.track, settings.bones, reported_bones(seen.angles))
    height_px = body_height_px(pose_height_px(found.track.image_px))
    fixed, local_px, fixed_height_px = found.track, seen.local_px, height_px
    if footage.camera is not None:
        fixed = in_fixed_frame(found.track, footage.camera)
        heights_px = pose_height_px(fixed.image_px)
        local_px = local_height_px(heights_px, fixed.timestamps_s, fixed.stretch)
        fixed_height_px = body_height_px(heights_px)
    recording = Recording(
        filtered=fixed,
        estimated=track.estimated,
        angles=seen.angles,
        angle_precision_rad=seen.angles.precision_rad,
        facing=seen.facing,
        yaw_rad=seen.yaw_rad,
        local_height_px=local_px,
        body_height_px=fixed_height_px,
        height_m=height_m,
        sex=sex,
        camera_moves=motion_unknown(found.track, footage.camera),
    )
    measured = measure(recording, settings.measures, custom)
    com = measured.com
    speed_bh_s, com_velocity_bh_s = landmark_speed(fixed, fixed_height_px), com.velocity_bh_s
    if recording.camera_moves:
        speed_bh_s, com_velocity_bh_s = (np.full_like(speed, np.nan) for speed in (speed_bh_s, com_velocity_bh_s))
    carried = found.smoothing.carried or found.smoothing.butterworth
    return MotionAnalysis(
        filtered=replace(found.track, timestamps_s=video_times_s),
        facing=seen.facing,
        angles=seen.angles,
        speed_bh_s=speed_bh_s,
        speed_m_s=None if height_m is None else speed_bh_s * height_m,
        body_height_px=height_px,
        summaries=summarise(seen.angles, track.estimated),
        side_differences=side_differences(seen.angles),
        findings=(
            *describe_data_limits(track, found.track.status, found.unfiltered_share, carried),
            *describe_cutoff(found.cutoff),
            *describe_sampling(track, settings.gaps, footage.n_repeated),
            *describe_cut_off(track, footage.frame_size),
            *describe_discontinuities(found.discontinuities, video_times_s),
            *describe_swaps(swaps, video_times_s, repaired=settings.repair_swaps),
            *bones.findings,
            *describe_view_limits(seen.facing, seen.view),
            *measured.findings,
        ),
        yaw_rad=seen.yaw_rad,
        best=seen.best,
        com_px=in_picture(com.image_px, footage.camera),
        com_velocity_bh_s=com_velocity_bh_s,
        **_in_video_time(measured, settings.known_factor),
    )


def _filter(
    track: PoseTrack, settings: AnalysisSettings, footage: Footage
) -> tuple[PoseTrack, FilterResult, tuple[Swap, ...]]:
    """Filter, find left-right swaps and, if requested, undo them and filter again."""
    found = filter_movement(track, settings.filtering, footage)
    trusted = trusted_samples(track, settings.confidence, footage.frame_size)
    image_px = where_trusted(track.image_px, trusted, np.float32)
    swaps = find_swaps(image_px, track.timestamps_s, found.track.stretch, settings.swaps)
    if swaps and settings.repair_swaps:
        track = repair_swaps(track, swaps)
        found = filter_movement(track, settings.filtering, footage)
    return track, found, swaps


@dataclass(frozen=True, slots=True)
class ViewAndAngles:
    """View and angles of one person over time."""

    local_px: FloatArray
    view: FloatArray
    yaw_rad: FloatArray
    facing: ByteArray
    angles: AngleSeries
    best: BestAngles


def _view_and_angles(
    track: PoseTrack, found: FilterResult, swaps: Sequence[Swap], settings: AnalysisSettings, footage: Footage
) -> ViewAndAngles:
    filtered, times = found.track, found.track.timestamps_s
    local_px = local_height_px(pose_height_px(filtered.image_px), times, filtered.stretch)
    view = known_view(filtered, local_px, settings.facing, settings.view)
    facing = find_facing(view, filtered, settings.facing)
    refined_m = refine_world(filtered, settings.refine) if settings.refine_world else filtered.world_m
    inputs = AngleInputs(filtered, refined_m, known_visibility(track), local_px, view)
    in_space = replace(filtered, world_m=refined_m)
    values_rad, status = compute_angles(in_space, facing, local_px, settings.foreshortening)
    precision_rad = angle_precision(in_space, _noise(track, found, local_px, settings, footage))
    doubtful = None if settings.repair_swaps else doubtful_landmarks(swaps, track.n_frames)
    support = assess_support(inputs, facing, precision_rad, doubtful, settings.support)
    best = best_flexion(inputs, doubtful, settings.support)
    hopeless = np.isfinite(values_rad) & ~support.shown
    status[hopeless] = AngleStatus.WITHHELD_UNCERTAIN
    values_rad[hopeless] = np.nan
    given = np.isfinite(values_rad)
    precision_rad[~given] = np.nan
    for finished in (values_rad, precision_rad, status):
        finished.setflags(write=False)
    where = (times, filtered.stretch, facing)
    angles = AngleSeries(
        ids=ANGLE_IDS,
        values_rad=values_rad,
        velocity_rad_s=angular_velocity(values_rad, *where),
        status=status,
        acceleration_rad_s2=angular_acceleration(values_rad, *where),
        precision_rad=precision_rad,
        expected_error_rad=support.expected_error_rad,
        valid=given & support.supported,
    )
    return ViewAndAngles(local_px, view, yaw_of(view), facing, angles, best)


def _noise(
    track: PoseTrack, found: FilterResult, local_px: FloatArray, settings: AnalysisSettings, footage: Footage
) -> LandmarkNoise:
    """Return the noise left in the landmarks; of filters without a cut-off, by comparison with the low-pass filter."""
    rate_hz, butterworth = _rate_hz(found.track.timestamps_s), found.smoothing.butterworth
    if found.smoothing.method in {"butterworth", "kalman"}:
        gain = butterworth_noise_gain(rate_hz, butterworth)
        return landmark_noise(track, found.track, gain, local_px, settings.precision)
    smooth = filter_movement(track, replace(settings.filtering, method="butterworth", butterworth=butterworth), footage)
    gain = unfiltered_noise_gain(rate_hz, butterworth)
    if found.smoothing.method == "none" or not rate_hz > 0:
        return landmark_noise(track, smooth.track, gain, local_px, settings.precision)
    bare = replace(settings.precision, floor_bh=0.0)
    raw = landmark_noise(track, smooth.track, gain, local_px, bare)
    removed = landmark_noise(track, found.track, 1.0, local_px, bare)
    least = landmark_noise(track, found.track, 0.0, local_px, settings.precision)
    return left_by_spline(raw, removed, noise_shares(rate_hz, settings.gcv_spline), least)


def _rate_hz(timestamps_s: FloatArray) -> float:
    return float(1.0 / np.median(np.diff(timestamps_s))) if len(timestamps_s) > 1 else 0.0


def _in_video_time(measured: Measured, factor: float) -> dict[str, Any]:
    """Return metrics and events with the times of the video as played; durations remain real.

    The uncertainty of an event belongs to its time, so it is in seconds of the video, too.
    """
    return {
        "metrics": tuple(
            replace(one, start_s=one.start_s * factor, end_s=one.end_s * factor) for one in measured.metrics
        ),
        "events": tuple(
            replace(event, time_s=event.time_s * factor, uncertainty_s=event.uncertainty_s * factor)
            for event in measured.events
        ),
    }

"""The metrics of camera and scale: what the picture shows of the camera."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.conventions import SIDE_VIEWS
from vidpose.biomech.long_series import per_frame
from vidpose.biomech.metrics.metric import Metric, Outcome
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import why_no_feet
from vidpose.biomech.scale.trust import PITCH_POINTS, Scale, stands_upright
from vidpose.types.metrics import MetricSide


@dataclass(frozen=True, slots=True)
class CameraEvidence:
    """The movement, and what it shows of the camera."""

    recording: Recording
    scale: Scale

    @property
    def n_sized(self) -> int:
        """Number of frames in which the person's size is known."""
        return int(np.isfinite(self.recording.local_height_px).sum())


def camera_roll(evidence: CameraEvidence, _: MetricSide) -> Outcome:
    """Return the slope of the floor, rad."""
    floor = evidence.scale.floor
    if math.isfinite(floor.angle_rad):
        return Outcome(floor.angle_rad, floor.half_width_rad, floor.n_contacts)
    too_uncertain = math.isfinite(floor.half_width_rad)
    return Outcome(
        reason=why_no_feet(evidence.recording.filtered) or ("low_confidence" if too_uncertain else "no_events")
    )


def size_change(evidence: CameraEvidence, _: MetricSide) -> Outcome:
    """Return the change of the person's size, a share."""
    change = evidence.scale.size_change
    return Outcome(change, n=evidence.n_sized) if math.isfinite(change) else Outcome(reason="no_data")


def camera_pitch(evidence: CameraEvidence, _: MetricSide) -> Outcome:
    """Return the angle at which the camera looks down, rad."""
    scale = evidence.scale
    if math.isfinite(scale.pitch_rad):
        return Outcome(scale.pitch_rad, scale.pitch_half_width_rad, evidence.n_sized)
    return Outcome(reason=_why_no_pitch(evidence.recording))


def _why_no_pitch(recording: Recording) -> str:
    """Return why there is no line from ankles to shoulders in space that stands upright."""
    world_m = recording.filtered.world_m
    if not per_frame(lambda block: np.isfinite(block).any(axis=(1, 2)), world_m).any():
        return "no_world"
    if not np.isfinite(named_points(world_m, PITCH_POINTS)).all(axis=(1, 2)).any():
        return "no_data"
    return "low_confidence" if stands_upright(recording).any() else "not_static"


METRICS: Final[tuple[Metric[CameraEvidence], ...]] = (
    Metric(
        id="camera_roll",
        label="Slope of the floor",
        definition="Slope, in the image, of the lines through successive floor contacts of heels and toes",
        formula="weighted median of the slopes between contacts of one foot point",
        unit="rad",
        positive="the floor rises to the right",
        zero="level",
        plane="image",
        landmarks=("heel", "foot_index"),
        views=SIDE_VIEWS,
        source="Theil 1950, Sen 1968; contacts ours",
        still_camera=True,
        decimals=1,
        note="Requires a person walking across the image. A camera that is rolled and a floor that slopes look alike.",
        compute=camera_roll,
    ),
    Metric(
        id="size_change",
        label="Change of the person's size",
        definition="Difference between the 5th and the 95th percentile of the person's size in pixels, relative to its "
        "median; the smaller of two estimates: from the height in pixels, and from pixels per metre of the model's "
        "body",
        formula="min((q95 - q05) / q50)",
        unit="share",
        positive="larger change of distance",
        zero="constant distance from the camera",
        plane="image",
        landmarks=("shoulder", "hip", "knee", "ankle"),
        source="ours",
        decimals=1,
        note="Lengths measured with a single scale are in error by up to half of it.",
        compute=size_change,
    ),
    Metric(
        id="camera_pitch",
        label="Downward pitch of the camera",
        definition="Lean of the standing body towards the camera, in the model's space",
        formula="median(atan2(-dz, -dy)), from the ankles to mid-shoulders",
        unit="rad",
        positive="the camera looks down",
        zero="level",
        landmarks=("shoulder", "ankle"),
        source="ours",
        decimals=0,
        note="The depth estimated by the model is weak: a level camera can give up to 15 degrees; more than 20 is "
        "given only where heels and toes do not contradict. Estimated for each person separately, so people in one "
        "video differ. The uncertainty is half of the central 95 % range of the leans in single frames.",
        compute=camera_pitch,
    ),
)
"""Every metric of camera and scale, in the order of the tables."""

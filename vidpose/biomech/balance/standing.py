"""When a person stands still: the only time at which posture and sway mean anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.drift import drift_speed, lasting
from vidpose.types.arrays import BoolArray

_WRISTS = ("left_wrist", "right_wrist")


@dataclass(frozen=True, slots=True)
class StandingSettings:
    """What counts as standing still.

    Attributes
    ----------
    max_hip_speed_torso_s
        Largest drift of the mid-hip, lengths of the torso per second. Ours, as in the design: about 5 cm/s.
    max_hand_speed_bh_s
        Largest drift of a wrist that is seen, body heights/s; the arms may not work. Ours.
    min_leg_share
        The hips must be this share of the legs' usual length above the ankles, in the picture: not sitting, not
        squatting, not lying. Ours.
    half_window_s
        Reach of the window in which drifts are measured, s.
    min_duration_s
        Shortest time of standing still, s.
    """

    max_hip_speed_torso_s: float = 0.1
    max_hand_speed_bh_s: float = 0.15
    min_leg_share: float = 0.85
    half_window_s: float = 0.25
    min_duration_s: float = 1.0

    def __post_init__(self) -> None:
        for name in ("max_hip_speed_torso_s", "max_hand_speed_bh_s", "half_window_s"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")
        if not 0 <= self.min_leg_share < 1:
            raise ValueError(f"min_leg_share: expected 0 to below 1, got {self.min_leg_share}")
        if not self.min_duration_s >= 0:
            raise ValueError(f"min_duration_s: expected at least 0, got {self.min_duration_s}")


def standing_still(recording: Recording, settings: StandingSettings) -> BoolArray:
    """Return the frames in which the person stands upright and still for long enough, shape (T,).

    Parameters
    ----------
    recording
        The movement.
    settings
        Limits.
    """
    track, height_px = recording.filtered, recording.local_height_px
    times, stretch, reach_s = track.timestamps_s, track.stretch, settings.half_window_s
    hips, wrists = named_points(track.image_px, ("mid_hip",))[:, 0], named_points(track.image_px, _WRISTS)
    ankles = named_points(track.image_px, ("left_ankle", "right_ankle"))[:, :, 1]
    lower_ankle = np.fmax(ankles[:, 0], ankles[:, 1])
    leg_px = (STATURE_SHARES["thigh"] + STATURE_SHARES["shank"]) * height_px
    torso_px = STATURE_SHARES["trunk"] * height_px
    with np.errstate(invalid="ignore"):
        still = drift_speed(hips, times, stretch, reach_s) <= settings.max_hip_speed_torso_s * torso_px
        still &= lower_ankle - hips[:, 1] >= settings.min_leg_share * leg_px
        for hand in range(len(_WRISTS)):
            # a hand that is not seen says nothing
            fast = drift_speed(wrists[:, hand], times, stretch, reach_s) > settings.max_hand_speed_bh_s * height_px
            still &= ~fast
    return lasting(still, times, stretch, settings.min_duration_s)


def longest_run(frames: BoolArray, recording: Recording) -> slice:
    """Return the run of neighbouring frames of one stretch that lasts longest; an empty slice when there is none."""
    times = recording.times_s
    runs = contiguous_runs(frames, recording.filtered.stretch)
    return max(runs, key=lambda run: float(times[run.stop - 1] - times[run.start]), default=slice(0, 0))

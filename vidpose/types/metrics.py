"""One metric of one person's movement, or the reason why it is not given; and the events it may be based on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from vidpose.errors import UsageError, did_you_mean

MetricSide = Literal["left", "right", "both", "none"]
"""``both``: a comparison of, or a mean over, the two sides; ``none``: the whole body."""

_MIN_WORDS: Final = 2  # of a reason that is no code
REASONS: Final[dict[str, str]] = {
    "": "the value is given",
    "no_data": "no frame has the landmarks that it requires",
    "cut_by_edge": "the edge of the picture cuts off landmarks that it requires",
    "low_confidence": "too few of its samples are reliable",
    "too_short": "the movement was visible for too short a time",
    "irregular_times": "the frames are too unevenly spaced in time",
    "frame_rate": "the frame rate is too low",
    "camera_moves": "the camera moves, and how could not be measured",
    "view": "the camera does not see the plane in which it is measured",
    "one_side_hidden": "the body hides one of the two sides to be compared",
    "no_height": "it requires the person's height (height_m), which is that of the main person only",
    "no_feet": "the pose model or layout gives no foot landmarks",
    "no_world": "the pose model gives no world landmarks",
    "no_events": "too few of the events on which it is based were detected",
    "interrupted": "the person is not followed all the time (a cut, an absence): some could have been missed",
    "other_flights": "the body leaves the floor in another way than is counted here: see hop_count and leap_count",
    "unclear": "something like it was seen, too weakly to be counted or timed",
    "irregular": "the times between the steps differ too much for one rate: steps were missed, or movements are mixed",
    "not_static": "it requires quiet standing",
    "not_cyclic": "too few cycles (strides, repetitions) of the movement that it describes were detected",
    "in_place": "the body stays in place in the image (treadmill, or a camera that follows): no distances",
    "not_moving": "the point or joint hardly moves",
    "undefined": "the formula is undefined here (division by a value close to zero)",
    "scale": "the size of the person in the image changes, or the camera looks down: lengths and heights cannot be "
    "compared",
    "below_noise": "the difference is smaller than the measurement can resolve",
}
"""Every reason code with its meaning; an empty code means that the value is given. Metrics of one's own may state a
reason in words of their own instead."""


def checked_reason(reason: str) -> str:
    """Return a reason that is a key of :data:`REASONS`, or in words of one's own: several, so that no code is mistyped.

    Raises
    ------
    UsageError
        When it is neither.
    """
    if reason not in REASONS and len(reason.split()) < _MIN_WORDS:
        codes = ", ".join(code for code in REASONS if code)
        closest = did_you_mean(reason, REASONS)
        raise UsageError(f"reason: expected one of {codes}, or several words of your own, got {reason!r}{closest}")
    return reason


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One metric of one person over a stretch of time.

    Attributes
    ----------
    metric_id
        Key of the metric dictionary, :mod:`vidpose.biomech.metric_dictionary`.
    side
        Side of the body.
    value
        In the dictionary's internal unit: radians, metres, seconds, body heights, plain shares; NaN with a reason.
    uncertainty
        Half width of the 95 % interval from measurement noise (precision, not bias), same unit; NaN when unknown.
    reason
        Key of :data:`REASONS`, or for a metric of one's own a few words; empty when the value is given, and only then
        is ``value`` finite.
    start_s, end_s
        Time span that was evaluated, s; NaN when there was none.
    n
        Number of samples, events or cycles behind the value.
    """

    metric_id: str
    side: MetricSide = "none"
    value: float = math.nan
    uncertainty: float = math.nan
    reason: str = ""
    start_s: float = math.nan
    end_s: float = math.nan
    n: int = 0

    def __post_init__(self) -> None:
        checked_reason(self.reason)
        if math.isfinite(self.value) != (self.reason == ""):
            raise ValueError(f"{self.metric_id}: a value needs no reason, and a missing value needs one")


@dataclass(frozen=True, slots=True)
class Event:
    """A moment in time: ``name`` such as ``foot_strike``, ``toe_off``, ``take_off``, ``landing``.

    ``time_s`` may lie between frames; ``frame`` is the nearest one. ``uncertainty_s`` is half the width of its 95 %
    interval. Both are seconds of the video as played; in slow motion the real movement takes less time.
    """

    name: str
    side: MetricSide
    time_s: float
    frame: int
    uncertainty_s: float = math.nan

"""Metrics of postural sway during quiet standing, from the centre of mass.

The definitions are those of T. E. Prieto et al., IEEE Trans Biomed Eng 43 (1996) 956, for the centre of pressure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.balance.balance_context import (
    BODY_LANDMARKS,
    FORE_AFT,
    IN_IMAGE,
    MIN_RATE_HZ,
    SIDEWAYS,
    BalanceContext,
    BalanceMetric,
    ImageAxis,
    select,
    why_no_lengths,
)
from vidpose.biomech.balance.noise import CONFIDENCE_95, centre_noise_bh
from vidpose.biomech.balance.standing import longest_run
from vidpose.biomech.balance.sway import ellipse_area, sway_path, sway_range, sway_rms
from vidpose.biomech.metrics.metric import Outcome
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import MetricSide

_SOURCE: Final = "Prieto et al., IEEE Trans Biomed Eng 43 (1996) 956, applied to the centre of mass"
_NOT_A_PLATE: Final = (
    "The centre of mass moves less than the centre of pressure: values are not comparable with those of a force plate."
)
_TIME: Final = " Increases with the duration of the stand."


@dataclass(frozen=True, slots=True)
class QuietStand:
    """The centre of mass during the longest quiet stand.

    ``places_bh`` are its positions, x and y, body heights, shape (n, 2); ``noise_bh`` is half the 95 % interval of one
    position along one axis, body heights.
    """

    places_bh: FloatArray
    duration_s: float
    noise_bh: float

    @property
    def across_bh(self) -> FloatArray:
        """Horizontal positions, body heights, shape (n,)."""
        return self.places_bh[:, 0]


def rms(stand: QuietStand) -> tuple[float, float]:
    """Return the RMS distance from the mean position and its uncertainty; noise adds in squares."""
    value = sway_rms(stand.across_bh)
    return value, value - math.sqrt(max(value**2 - stand.noise_bh**2, 0.0))


def central_range(stand: QuietStand) -> tuple[float, float]:
    """Return the central 95 % range of the positions and its uncertainty."""
    return sway_range(stand.across_bh), math.sqrt(2.0) * stand.noise_bh


def path_length(stand: QuietStand) -> tuple[float, float]:
    """Return the length of the path along the axis; its uncertainty is unknown."""
    return sway_path(stand.across_bh), math.nan


def mean_speed(stand: QuietStand) -> tuple[float, float]:
    """Return the length of the path along the axis per second; its uncertainty is unknown."""
    return sway_path(stand.across_bh) / stand.duration_s, math.nan


def ellipse(stand: QuietStand) -> tuple[float, float]:
    """Return the area of the 95 % ellipse, squares of 1 % of body height; its uncertainty is unknown."""
    return ellipse_area(stand.places_bh * 100.0), math.nan


@dataclass(frozen=True, slots=True)
class Sway:
    """A statistic of the centre of mass during the longest quiet stand."""

    axis: ImageAxis
    statistic: Callable[[QuietStand], tuple[float, float]]

    def __call__(self, context: BalanceContext, _: MetricSide) -> Outcome:
        """Return the statistic, or why there is no quiet stand that shows it."""
        if reason := why_no_lengths(context):
            return Outcome(frames=context.standing, reason=reason)
        recording = context.recording
        found = select(context, self.axis, context.standing, context.com.image_px[:, 0], "not_static")
        if found.reason or found.frames is None:
            return found
        run = longest_run(found.frames, recording)
        times_s = recording.times_s[run]
        frames = np.zeros(recording.n_frames, dtype=bool)
        frames[run] = True
        duration_s = float(times_s[-1] - times_s[0])
        if duration_s < context.settings.sway.min_duration_s:
            return Outcome(frames=frames, reason="too_short")
        places_bh = context.com.image_px[run] / np.nanmedian(recording.local_height_px[run])
        noise_bh = CONFIDENCE_95 * centre_noise_bh(context.noise_bh, recording.sex)
        if self.axis != IN_IMAGE and sway_rms(places_bh[:, 0]) < noise_bh:
            return Outcome(frames=frames, reason="below_noise")
        return Outcome(*self.statistic(QuietStand(places_bh, duration_s, noise_bh)), frames=frames)


def _along(axis: ImageAxis) -> Iterator[BalanceMetric]:
    for kind, statistic, label, definition, formula, caution in (
        ("rms", rms, "RMS sway", "Root mean square distance from the mean position",
         "sqrt(mean((x - mean(x))²)) / body height", ""),
        ("range", central_range, "Range of sway", "Central 95 % range of the positions",
         "(quantile(x, 0.975) - quantile(x, 0.025)) / body height", _TIME),
        ("path", path_length, "Sway path length", "Path length", "sum(|dx|) / body height", _TIME),
        ("speed", mean_speed, "Mean sway speed", "Path length per second",
         "sum(|dx|) / time / body height", ""),
    ):  # fmt: skip
        yield BalanceMetric(
            id=f"sway_{kind}_{axis.key}",
            label=f"{label}, {axis.words}",
            definition=f"{definition} of the centre of mass along the {axis.words} axis, during the longest quiet "
            "stand of at least 5 s",
            formula=formula,
            unit="body_heights/s" if statistic is mean_speed else "body_heights",
            positive="more sway",
            zero="no sway",
            plane=axis.plane,
            views=axis.views,
            landmarks=BODY_LANDMARKS,
            source=_SOURCE,
            min_rate_hz=MIN_RATE_HZ if statistic in (path_length, mean_speed) else 0.0,
            still_camera=True,
            decimals=4,
            note=_NOT_A_PLATE + caution,
            compute=Sway(axis, statistic),
        )


SWAY_METRICS: Final[tuple[BalanceMetric, ...]] = (
    *_along(FORE_AFT),
    *_along(SIDEWAYS),
    BalanceMetric(
        id="sway_ellipse_image",
        label="Sway ellipse in the image plane",
        definition="Area of the ellipse that contains 95 % of the positions of the centre of mass in the image plane, "
        "during the longest quiet stand of at least 5 s",
        formula="pi 5.991 sqrt(det(cov(x, y))) / (body height / 100)²",
        unit="none",
        positive="more sway",
        zero="no sway",
        plane=IN_IMAGE.plane,
        views=IN_IMAGE.views,
        landmarks=BODY_LANDMARKS,
        source=f"{_SOURCE}; plane ours",
        still_camera=True,
        decimals=3,
        note="In squares of 1 % of body height. Its axes are one horizontal axis and the vertical: it is not the usual "
        "ellipse of anteroposterior and mediolateral sway, which a single camera cannot show.",
        compute=Sway(IN_IMAGE, ellipse),
    ),
)
"""Metrics of sway; those in metres are added to the ones in body heights."""

"""Findings: what limits the results of an analysis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from vidpose.biomech.filters.person import PersonCutoff
from vidpose.biomech.gaps import GapSettings, exceeds, frame_period_s
from vidpose.biomech.sampled import effective_rate_hz, estimate_interval_s
from vidpose.biomech.smoothing import ButterworthSettings, longest_period_s
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.findings import Finding
from vidpose.types.motion import Facing
from vidpose.types.pose import PoseTrack, Status

_RARELY_SHARE: Final = 0.5
_OBLIQUE_DEG: Final = 30.0  # Cosoli 2026: knee -2 +- 6 degrees in side view, -14 +- 15 over views down to 45
_OBLIQUE_SHARE: Final = 0.1


def describe_data_limits(
    track: PoseTrack, status: ByteArray, unfiltered_share: float, settings: ButterworthSettings
) -> Iterator[Finding]:
    """Yield findings about the amount of data and the frame rate.

    Parameters
    ----------
    track
        Landmarks as estimated.
    status
        :class:`Status` of the filtered landmarks, shape (T, 33).
    unfiltered_share
        Share of samples whose frame rate, or rate of estimates, is too low for the filter, 0 to 1.
    settings
        The filter.
    """
    n_frames, n_found = int(track.estimated.sum()), int(track.found.sum())  # frames left out on request do not count
    if n_found == 0:
        sampled = f" (sampled from {track.n_frames})" if n_frames < track.n_frames else ""
        yield Finding("no_person", f"no person in {n_frames} frames{sampled}", details={"n_frames": n_frames})
    elif n_found < _RARELY_SHARE * n_frames:
        yield Finding(
            "person_rarely_found",
            f"a person in {n_found} of {n_frames} frames",
            details={"n_found": n_found, "n_frames": n_frames},
        )
    elif (n_trusted := int((status == Status.MEASURED).any(axis=1).sum())) < _RARELY_SHARE * n_frames:
        yield Finding(
            "person_rarely_found",
            f"a person in {n_found} of {n_frames} frames, with trusted landmarks in {n_trusted}",
            details={"n_found": n_found, "n_trusted": n_trusted, "n_frames": n_frames},
        )
    if track.n_frames == 1:
        yield Finding("single_frame", "the video has one frame", details={"n_frames": 1})
    if unfiltered_share > 0:
        rate_hz = _low_rate_hz(track, settings)
        yield Finding(
            "low_frame_rate",
            f"{rate_hz:.3g} poses per second are too few for a cut-off frequency of {settings.cutoff_hz:g} Hz; "
            f"{unfiltered_share:.0%} of the samples are unfiltered",
            details={"rate_hz": rate_hz, "cutoff_hz": settings.cutoff_hz, "unfiltered_share": unfiltered_share},
        )


def _low_rate_hz(track: PoseTrack, settings: ButterworthSettings) -> float:
    """Return the rate that is too low: of the estimates where frames were left out, else the frame rate."""
    interval_s = estimate_interval_s(track.timestamps_s, track.estimated)
    coarse = np.isfinite(interval_s) & (interval_s >= longest_period_s(settings))
    return float(1.0 / (np.median(interval_s[coarse]) if coarse.any() else frame_period_s(track.timestamps_s)))


def describe_cutoff(cutoff: PersonCutoff) -> Iterator[Finding]:
    """Yield the cut-off frequency that residual analysis determined, when it was requested."""
    if cutoff.source == "given":
        return
    how = "residual analysis" if cutoff.source == "residual" else "default: too few samples for residual analysis"
    yield Finding(
        "cutoff_found",
        f"landmarks were low-pass filtered at {cutoff.cutoff_hz:.1f} Hz ({how})",
        severity="info",
        details={"cutoff_hz": cutoff.cutoff_hz, "landmark_hz": dict(cutoff.landmark_hz)},
    )


def describe_sampling(track: PoseTrack, settings: GapSettings, n_repeated: int = 0) -> Iterator[Finding]:
    """Yield how many frames were left out on request, and whether gaps are too long to be interpolated.

    Parameters
    ----------
    track
        Landmarks as estimated.
    settings
        Longest gap that is interpolated.
    n_repeated
        Frames that were left out because they repeat a picture; they do not count.
    """
    n_estimated, n_frames = int(track.estimated.sum()), track.n_frames - n_repeated
    if n_estimated >= n_frames:
        return
    rate_hz, share = effective_rate_hz(track), n_estimated / n_frames
    interval_s = estimate_interval_s(track.timestamps_s, track.estimated)
    missing_s = interval_s - frame_period_s(track.timestamps_s)
    n_empty = int(np.count_nonzero(~track.estimated & exceeds(missing_s, settings)))
    yield Finding(
        "frames_sampled",
        f"poses were estimated in {n_estimated} of {n_frames} frames ({share:.0%}), {rate_hz:.3g} per second on "
        "average"
        + (f"; {n_empty} frames lie in gaps longer than {settings.max_gap_s:g} s and stay empty" if n_empty else ""),
        severity="warning" if n_empty else "info",
        details={
            "n_estimated": n_estimated,
            "n_frames": n_frames,
            "estimated_share": share,
            "effective_rate_hz": rate_hz,
            "n_empty": n_empty,
        },
    )


def describe_discontinuities(discontinuities: Sequence[int], timestamps_s: FloatArray) -> Iterator[Finding]:
    """Yield when the tracked body jumps to another place; frames of :mod:`vidpose.biomech.discontinuities`."""
    if discontinuities:
        times = [round(float(timestamps_s[frame]), 3) for frame in discontinuities]
        yield Finding(
            "person_changed",
            f"the tracked body jumps to another place at {', '.join(f'{time:.2f}' for time in times[:5])}"
            + (" s" if len(times) <= 5 else f" s and {len(times) - 5} more times")
            + "; summaries may mix several people",
            details={"times_s": times},
        )


def describe_view_limits(facing: ByteArray, view: FloatArray) -> Iterator[Finding]:
    """Yield findings about the camera view.

    Parameters
    ----------
    facing
        :class:`Facing` per frame, shape (T,).
    view
        (side, front) per frame, unit length, NaN without evidence, shape (T, 2).
    """
    n_frames = len(facing)
    n_frontal = int(np.isin(facing, (Facing.FRONT, Facing.BACK)).sum())
    if n_frontal:
        yield Finding(
            "view_frontal",
            f"front or back view in {n_frontal} of {n_frames} frames; image angles of knee, hip, ankle, wrist and foot "
            "are withheld there",
            severity="info",
            details={"n_frontal": n_frontal, "n_frames": n_frames},
        )
    sideways = np.isin(facing, (Facing.RIGHT, Facing.LEFT)) & np.isfinite(view[:, 1])
    turn_deg = np.rad2deg(np.arctan2(np.abs(view[sideways, 1]), np.abs(view[sideways, 0])))
    n_oblique = int((turn_deg > _OBLIQUE_DEG).sum())
    if n_oblique > _OBLIQUE_SHARE * len(turn_deg):
        yield Finding(
            "view_oblique",
            f"in {n_oblique} of {len(turn_deg)} frames in side view the body is rotated by more than {_OBLIQUE_DEG:g} "
            f"degrees out of the image plane (median {np.median(turn_deg):.0f})",
            details={"n_oblique": n_oblique, "n_side": len(turn_deg), "median_turn_deg": float(np.median(turn_deg))},
        )

"""What limits the numbers of an analysis, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from vidpose.biomech.smoothing import ButterworthSettings
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.findings import Finding
from vidpose.types.motion import Facing
from vidpose.types.pose import PoseTrack, Status

_RARELY_SHARE: Final = 0.5
_OBLIQUE_DEG: Final = 30.0  # Cosoli 2026: knee -2 +- 6 degrees in side view, -14 +- 15 over views down to 45
_OBLIQUE_SHARE: Final = 0.1


def find_limits(
    track: PoseTrack, status: ByteArray, unfiltered_share: float, settings: ButterworthSettings
) -> Iterator[Finding]:
    """Yield what the amount of data and the frame rate limit.

    Parameters
    ----------
    track
        Landmarks as estimated.
    status
        :class:`Status` of the filtered landmarks, shape (T, 33).
    unfiltered_share
        Share of samples whose frame rate is too low for the filter, 0 to 1.
    settings
        The filter.
    """
    n_frames, n_found = track.n_frames, int(track.found.sum())
    if n_found == 0:
        yield Finding("no_person", f"no person in {n_frames} frames", details={"n_frames": n_frames})
    elif n_found < _RARELY_SHARE * n_frames:
        yield Finding(
            "person_rarely_found",
            f"a person in {n_found} of {n_frames} frames",
            details={"n_found": n_found, "n_frames": n_frames},
        )
    elif (n_trusted := int((status == Status.MEASURED).any(axis=1).sum())) < _RARELY_SHARE * n_frames:
        yield Finding(
            "person_rarely_found",
            f"a person in {n_found} of {n_frames} frames, but landmarks that are trusted in {n_trusted}",
            details={"n_found": n_found, "n_trusted": n_trusted, "n_frames": n_frames},
        )
    if n_frames == 1:
        yield Finding("single_frame", "the video has one frame", details={"n_frames": 1})
    if unfiltered_share > 0:
        rate_hz = float(1.0 / np.median(np.diff(track.timestamps_s)))
        yield Finding(
            "low_frame_rate",
            f"{rate_hz:.3g} frames per second do not carry a cut-off of {settings.cutoff_hz:g} Hz; "
            f"{unfiltered_share:.0%} of the samples are unfiltered",
            details={"rate_hz": rate_hz, "cutoff_hz": settings.cutoff_hz, "unfiltered_share": unfiltered_share},
        )


def find_changes(jumps: Sequence[int], timestamps_s: FloatArray) -> Iterator[Finding]:
    """Yield that the tracker went to another place; ``jumps`` are frames, see :mod:`vidpose.biomech.jumps`."""
    if jumps:
        times = [round(float(timestamps_s[frame]), 3) for frame in jumps]
        yield Finding(
            "person_changed",
            f"the body is suddenly elsewhere at {', '.join(f'{time:.2f}' for time in times[:5])}"
            + (" s" if len(times) <= 5 else f" s and {len(times) - 5} times more")
            + "; summaries may mix several people",
            details={"times_s": times},
        )


def find_view_limits(facing: ByteArray, view: FloatArray) -> Iterator[Finding]:
    """Yield what the camera's view limits.

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
            f"front or back view in {n_frontal} of {n_frames} frames; knee, hip, ankle, wrist and foot angles "
            "in the image are withheld there",
            severity="info",
            details={"n_frontal": n_frontal, "n_frames": n_frames},
        )
    sideways = np.isin(facing, (Facing.RIGHT, Facing.LEFT)) & np.isfinite(view[:, 1])
    turn_deg = np.rad2deg(np.arctan2(np.abs(view[sideways, 1]), np.abs(view[sideways, 0])))
    n_oblique = int((turn_deg > _OBLIQUE_DEG).sum())
    if n_oblique > _OBLIQUE_SHARE * len(turn_deg):
        yield Finding(
            "view_oblique",
            f"in {n_oblique} of {len(turn_deg)} frames in side view the body is turned out of the image plane by more "
            f"than {_OBLIQUE_DEG:g} degrees (median {np.median(turn_deg):.0f})",
            details={"n_oblique": n_oblique, "n_side": len(turn_deg), "median_turn_deg": float(np.median(turn_deg))},
        )

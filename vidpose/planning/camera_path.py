"""From the camera's motion between frames to its path over a shot, and what the user is told of it.

The rule (ours)
    A camera stands still as long as no corner of the picture moves by more than 0.4 % of the picture's longer side: on
    a tripod the measured path stays below a fifth of that. Where it moves, its path is a cubic spline through the
    measurements. Where it moves and measurements failed, its path is unknown for the whole shot; they fail where much
    else moves, and the others are poor then, so for that it has to move by more than 1 % in one go.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from vidpose.types.arrays import FloatArray
from vidpose.types.findings import Finding
from vidpose.types.footage import CameraPath

_STILL: Final = 0.004
_STILL_AMONG_FAILURES: Final = 0.01
_MIN_MEASURED: Final = 4  # of a shot; with fewer nothing is said


def camera_path(
    steps: Sequence[Sequence[float] | None], times_s: FloatArray, shot_starts: Sequence[int], size_px: tuple[int, int]
) -> CameraPath | None:
    """Return the path of a camera that moves; None for one that stands still, or of which too little is known.

    Parameters
    ----------
    steps
        Of every frame the similarity to the latest frame that was measured (``PictureNotes.camera``).
    times_s
        Seconds, shape (T,).
    shot_starts
        Frames at which a shot begins; 0 need not be among them.
    size_px
        Width and height of the upright picture.
    """
    to_fixed = np.tile([1.0, 0.0, 0.0, 0.0], (len(steps), 1))
    unknown = np.zeros(len(steps), dtype=np.bool_)
    borders = [0, *sorted({start for start in shot_starts if 0 < start < len(steps)}), len(steps)]
    for start, stop in pairwise(borders):
        measured = [frame for frame in range(start, stop) if steps[frame] is not None]
        parts = _parts(steps, measured)
        paths = [_path([steps[frame] for frame in part]) for part in parts]
        failed = len(parts) > 1 or len(parts[0]) < len(measured)
        still = _STILL_AMONG_FAILURES if failed else _STILL
        if not any(_range_px(path, size_px) > still * max(size_px) for path in paths):
            continue
        if failed:
            unknown[start:stop] = True
        elif len(measured) >= _MIN_MEASURED:
            to_fixed[start:stop] = _between(paths[0], times_s[measured], times_s[start:stop])
    moved = bool(unknown.any() or (to_fixed != to_fixed[:1]).any())
    return CameraPath(to_fixed, unknown) if moved else None


def _parts(steps: Sequence[Sequence[float] | None], measured: Sequence[int]) -> list[list[int]]:
    """Return the measured frames, divided where a measurement failed."""
    parts: list[list[int]] = [[]]
    for frame in measured:
        if not steps[frame]:
            parts.append([])
        else:
            parts[-1].append(frame)
    return [part for part in parts if part] or [[]]


def _path(steps: Sequence[Sequence[float] | None]) -> FloatArray:
    """Return the similarities to the first of these frames, shape (n, 4); the first step leads there from elsewhere."""
    turns, shifts = [1.0 + 0.0j], [0.0 + 0.0j]
    for step in steps[1:]:
        a, b, x, y = step or (1.0, 0.0, 0.0, 0.0)
        shifts.append(turns[-1] * complex(x, y) + shifts[-1])
        turns.append(turns[-1] * complex(a, b))
    turn, shift = np.array(turns), np.array(shifts)
    return np.column_stack([turn.real, turn.imag, shift.real, shift.imag])


def _range_px(path: FloatArray, size_px: tuple[int, int]) -> float:
    """Return how far the corner moves that moves farthest, across or down."""
    return float(np.ptp(_corners(path, size_px), axis=0).max())


def _corners(path: FloatArray, size_px: tuple[int, int]) -> FloatArray:
    """Return where the corners of each frame lie, pixels, shape (n, 4, 2)."""
    width, height = size_px
    corners = np.array([0, width, 1j * height, width + 1j * height])
    turn, shift = path[:, 0] + 1j * path[:, 1], path[:, 2] + 1j * path[:, 3]
    places = turn[:, np.newaxis] * corners + shift[:, np.newaxis]
    return np.stack([places.real, places.imag], axis=2)


def _between(path: FloatArray, measured_s: FloatArray, times_s: FloatArray) -> FloatArray:
    from scipy.interpolate import CubicSpline

    within = np.clip(times_s, measured_s[0], measured_s[-1])
    return np.asarray(CubicSpline(measured_s, path, axis=0)(within), dtype=np.float64)


def camera_findings(path: CameraPath | None, size_px: tuple[int, int]) -> tuple[Finding, ...]:
    """Return that the camera moves, how far, and what became of the numbers that need a still one.

    Parameters
    ----------
    path
        Result of :func:`camera_path`.
    size_px
        Width and height of the upright picture.
    """
    if path is None:
        return ()
    if path.unknown.any():
        share = float(path.unknown.mean())
        message = (
            f"the camera moves, and how could not be measured in {share:.0%} of the frames: speeds and what else needs "
            "a still camera are withheld there"
        )
        return (Finding("camera_moves", message, details={"unknown_share": share}),)
    places = _corners(path.to_fixed, size_px).mean(axis=1)
    across, down = (float(value) for value in np.ptp(places, axis=0))
    zoom = np.hypot(path.to_fixed[:, 0], path.to_fixed[:, 1])
    roll_deg = np.rad2deg(np.arctan2(path.to_fixed[:, 1], path.to_fixed[:, 0]))
    message = (
        f"the camera moves: the background shifts by {across:.0f} pixels across and {down:.0f} down, is scaled by "
        f"{zoom.max() / zoom.min() - 1:.0%} and turned by {np.ptp(roll_deg):.1f} degrees; speeds, centre of mass and "
        "distances were measured relative to the background"
    )
    details = {
        "across_px": across,
        "down_px": down,
        "zoom": float(zoom.max() / zoom.min()),
        "roll_deg": float(np.ptp(roll_deg)),
        "unknown_share": 0.0,
    }
    return (Finding("camera_moves", message, "info", details),)

"""Pictures that are stored more than once: how they are found, and what is measured all the same.

Screen recordings, editors and some phones store 20 or 25 pictures per second as 60 or 30. A picture that is shown again
is no measurement: the body seems to stand still, then to jump.

The rule (ours)
    Frames repeat a picture when hardly anything changes in them, although much changes in the frame before and in the
    frame after; when that takes a quarter of a second at most; and when it happens three times within a second. So a
    person who stands still, or turns round, repeats no picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from vidpose.planning.chains import PoseSeries, with_edited_landmarks
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.findings import Finding
from vidpose.types.pose import PoseTrack

_MAX_SHARE: Final = 0.2  # of the smaller change before and after
_MIN_CHANGE: Final = 2.0  # levels of 255: what compression changes in a still picture is less
_MAX_REPEAT_S: Final = 0.25
_NEAR_S: Final = 0.5
_MIN_NEAR: Final = 3


def find_repeats(changes: FloatArray, timestamps_s: FloatArray) -> BoolArray:
    """Return the frames that show the picture of the frame before again, shape (T,).

    Parameters
    ----------
    changes
        Change from the frame before, levels of 255 (``SmallPicture.change_since``), shape (T,); NaN where not known.
    timestamps_s
        Seconds, shape (T,).
    """
    n_frames = len(changes)
    repeated = np.zeros(n_frames, dtype=np.bool_)
    first = np.zeros(n_frames, dtype=np.bool_)  # of the frames of a repeat
    inside, beside = (np.nan_to_num(changes, nan=unknown) for unknown in (np.inf, 0.0))
    period_s = float(np.median(np.diff(timestamps_s))) if n_frames > 1 else 0.0
    longest = int(_MAX_REPEAT_S / period_s) if period_s > 0 else 0
    largest = np.zeros(n_frames)  # change within a repeat that begins in this frame
    for length in range(1, min(longest, n_frames - 2) + 1):
        n_starts = n_frames - length - 1
        largest[1 : n_starts + 1] = np.maximum(largest[1 : n_starts + 1], inside[length : n_starts + length])
        around = np.minimum(beside[:n_starts], beside[length + 1 :])
        is_repeat = (largest[1 : n_starts + 1] <= _MAX_SHARE * around) & (around >= _MIN_CHANGE)
        for start in (np.flatnonzero(is_repeat) + 1).tolist():
            repeated[start : start + length] = True
            first[start] = True
    starts_s = timestamps_s[first]
    near = np.searchsorted(starts_s, timestamps_s + _NEAR_S) - np.searchsorted(starts_s, timestamps_s - _NEAR_S)
    often: BoolArray = repeated & (near >= _MIN_NEAR)
    return often


def without_repeats(series: PoseSeries, repeated: BoolArray) -> PoseSeries:
    """Return the series with nothing estimated in repeated frames.

    An estimate in one of them belongs to the frame that showed the picture first, where that has none.
    """
    if not repeated.any():
        return series
    estimated = series.frames.estimated.copy()
    moves = _moves(estimated, repeated)
    estimated[[target for target, _ in moves]] = True
    estimated[repeated] = False
    estimated.setflags(write=False)
    people = {number: _moved(track, moves, repeated, estimated) for number, track in series.people.items()}
    frames = next(iter(people.values()), None) or _moved(series.frames, moves, repeated, estimated)
    return replace(series, people=people, frames=frames)


def _moves(estimated: BoolArray, repeated: BoolArray) -> list[tuple[int, int]]:
    """Return (first frame of a picture without an estimate, later frame of it with one)."""
    moves: list[tuple[int, int]] = []
    shown_first = 0
    for frame in range(len(repeated)):
        if not repeated[frame]:
            shown_first = frame
        elif estimated[frame] and not estimated[shown_first] and not (moves and moves[-1][0] == shown_first):
            moves.append((shown_first, frame))
    return moves


def _moved(track: PoseTrack, moves: Sequence[tuple[int, int]], repeated: BoolArray, estimated: BoolArray) -> PoseTrack:
    def move(_: str, values: FloatArray) -> None:
        for target, source in moves:
            values[target] = values[source]
        values[repeated] = np.nan

    return replace(with_edited_landmarks(track, move), estimated=estimated)


def repeat_findings(repeated: BoolArray, timestamps_s: FloatArray) -> tuple[Finding, ...]:
    """Return how many frames repeat a picture, and how many pictures per second there are really.

    Parameters
    ----------
    repeated
        Result of :func:`find_repeats`.
    timestamps_s
        Seconds, shape (T,).
    """
    n_repeated = int(repeated.sum())
    if not n_repeated:
        return ()
    stored_hz = float(1.0 / np.median(np.diff(timestamps_s)))
    real_hz = stored_hz * _share_of_new_pictures(repeated, stored_hz)
    message = (
        f"{n_repeated} of {len(repeated)} frames show the picture before again: of {stored_hz:.3g} frames per second "
        f"in the file about {real_hz:.3g} are different; nothing is measured in the others"
    )
    details = {
        "n_repeated": n_repeated,
        "n_frames": len(repeated),
        "stored_rate_hz": stored_hz,
        "picture_rate_hz": real_hz,
    }
    return (Finding("pictures_repeated", message, details=details),)


def _share_of_new_pictures(repeated: BoolArray, stored_hz: float) -> float:
    """Return the share of new pictures from one repeat to the next, where these follow each other closely."""
    starts = np.flatnonzero(repeated & ~np.append(False, repeated[:-1]))
    n_frames = np.diff(starts)
    n_repeats = np.diff(np.cumsum(repeated)[starts - 1])
    close = n_frames <= _MAX_REPEAT_S * stored_hz + 1
    return 1.0 - float(n_repeats[close].sum() / n_frames[close].sum()) if close.any() else 1.0

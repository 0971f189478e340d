"""What cuts between shots mean for a video: which frames show no shot, who is in which shot, what the user is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vidpose.planning.chains import PoseSeries, with_edited_landmarks
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.findings import Finding
from vidpose.types.pose import PoseTrack
from vidpose.types.transition import Cut

_N_TOLD = 5
"""Cuts whose times a message tells; all stand in its details."""


def shot_of(track: PoseTrack, cuts: Sequence[Cut]) -> int:
    """Return the number of the shot in which a person is first seen; 0 when they are never seen."""
    first_seen_pts = track.pts[track.found][:1]
    return int(np.searchsorted([cut.stop_pts for cut in cuts], first_seen_pts, side="right").sum())


def shot_starts(track: PoseTrack, cuts: Sequence[Cut]) -> tuple[int, ...]:
    """Return the frames at which something new begins: a shot, or the change to one."""
    pts = sorted({stamp for cut in cuts for stamp in (cut.start_pts, cut.stop_pts)})
    return tuple(np.searchsorted(track.pts, pts).tolist())


def whoever_is_seen(tracks: Sequence[PoseTrack]) -> PoseTrack:
    """Return one track of all people, of whom one at most is seen in a frame; a person of every shot has a track."""
    joined = tracks[0]
    for track in tracks[1:]:
        joined = _with(joined, track.found, track)
    return joined


def without_fades(series: PoseSeries, cuts: Sequence[Cut]) -> PoseSeries:
    """Return the series without the landmarks of frames in which two shots mix, or the picture is blank."""
    between = _between_shots(series.frames, cuts)
    if not between.any():
        return series
    return replace(series, people={number: _with(track, between, None) for number, track in series.people.items()})


def _between_shots(frames: PoseTrack, cuts: Sequence[Cut]) -> BoolArray:
    between = np.zeros(frames.n_frames, dtype=np.bool_)
    for cut in cuts:
        between |= (frames.pts >= cut.start_pts) & (frames.pts < cut.stop_pts)
    return between


def _with(track: PoseTrack, frames: BoolArray, other: PoseTrack | None) -> PoseTrack:
    """Return the track with the other one's landmarks in some frames, or none."""

    def fill(name: str, values: FloatArray) -> None:
        values[frames] = np.nan if other is None else getattr(other, name)[frames]

    return with_edited_landmarks(track, fill)


def cut_findings(cuts: Sequence[Cut], frames: PoseTrack) -> tuple[Finding, ...]:
    """Return that the video consists of several shots, with the times of the cuts.

    Parameters
    ----------
    cuts
        In order.
    frames
        Any track over all frames of the video; gives their times.
    """
    if not cuts:
        return ()
    spans = [(_time_s(frames, cut.start_pts), _time_s(frames, cut.stop_pts)) for cut in cuts]
    told = ", ".join(
        f"{start_s:.2f} s" if start_s == stop_s else f"{start_s:.2f} to {stop_s:.2f} s (fade)"
        for start_s, stop_s in spans[:_N_TOLD]
    )
    more = f" and {len(cuts) - _N_TOLD} more times" if len(cuts) > _N_TOLD else ""
    message = (
        f"the picture is cut at {told}{more}: the video has {len(cuts) + 1} shots, each of which is measured by "
        "itself, and the people in it are numbered anew"
    )
    details = {
        "times_s": [stop_s for _, stop_s in spans],
        "cuts": [
            {"start_s": start_s, "stop_s": stop_s, "kind": cut.kind}
            for cut, (start_s, stop_s) in zip(cuts, spans, strict=True)
        ],
    }
    return (Finding("picture_cut", message, details=details),)


def _time_s(frames: PoseTrack, pts: int) -> float:
    row = min(int(np.searchsorted(frames.pts, pts)), frames.n_frames - 1)
    return round(float(frames.timestamps_s[row]), 3)

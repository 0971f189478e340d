"""Concatenate the segments of a chain, and the chains of a video, person by person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vidpose.types.arrays import BoolArray, IntArray
from vidpose.types.mapped_arrays import allocate, copy_to_store, release, to_readonly
from vidpose.types.pose import LANDMARK_ARRAYS, PoseTrack

Array = npt.NDArray[Any]
_SHARED: Final = ("pts", "timestamps_s", "corrupt", "estimated")
"""Fields that all people of a series share."""


@dataclass(frozen=True, slots=True)
class PoseSeries:
    """Poses of consecutive frames.

    Attributes
    ----------
    people
        One track per person, by their number in the chain; empty when no person was found.
    frames
        Any track over these frames; gives their times even when no person was found.
    warmup
        True in the frames that come before the core, shape (T,).
    appearances
        Colour histograms of each person by number, see ``PoseEstimator.appearances``.
    """

    people: Mapping[int, PoseTrack]
    frames: PoseTrack
    warmup: BoolArray
    appearances: Mapping[int, Sequence[float]]


def empty_track(frames: PoseTrack) -> PoseTrack:
    """Return a track over the same frames in which no person was found."""
    return replace(frames, **{name: np.full_like(getattr(frames, name), np.nan) for name in LANDMARK_ARRAYS})


def concatenate(series: Iterable[PoseSeries], n_frames: int) -> PoseSeries:
    """Concatenate series that number people alike; a person missing from one is NaN there.

    Parameters
    ----------
    series
        At least one, in order. None is kept: only the whole and the part being copied are in memory.
    n_frames
        Frames of all series together.

    Raises
    ------
    ValueError
        When there are more or fewer frames, or their times do not increase.
    """
    shared: dict[str, Array] = {}
    people: dict[int, dict[str, Array]] = {}
    appearances: dict[int, Sequence[float]] = {}
    warmup = np.zeros(n_frames, np.bool_)
    start = 0
    for part in series:
        rows = slice(start, start + part.frames.n_frames)
        start = rows.stop
        _put(shared, part.frames, _SHARED, rows, n_frames)
        for number, track in part.people.items():
            _put(people.setdefault(number, {}), track, LANDMARK_ARRAYS, rows, n_frames)
        warmup[rows] = part.warmup
        appearances.update(part.appearances)
        template = part.frames
        release()
    if start != n_frames:
        raise ValueError(f"expected {n_frames} frames in all segments, got {start}")
    arrays = people or {-1: {name: _missing(getattr(template, name), n_frames) for name in LANDMARK_ARRAYS}}
    shared = {name: to_readonly(array) for name, array in shared.items()}  # shared by all tracks
    tracks = {
        number: PoseTrack(**shared, **{name: to_readonly(array) for name, array in arrays[number].items()})
        for number in sorted(arrays)
    }
    return PoseSeries(
        people={number: tracks[number] for number in sorted(people)},
        frames=next(iter(tracks.values())),
        warmup=warmup,
        appearances=appearances,
    )


def without_warmup(series: PoseSeries) -> PoseSeries:
    """Return the core frames only."""
    core = np.flatnonzero(~series.warmup)
    return PoseSeries(
        people={number: _rows(track, core) for number, track in series.people.items()},
        frames=_rows(series.frames, core),
        warmup=series.warmup[core],
        appearances=series.appearances,
    )


def with_edited_landmarks(track: PoseTrack, edit: Callable[[str, Array], None]) -> PoseTrack:
    """Return a copy of a track whose landmarks were edited.

    Parameters
    ----------
    track
        Landmarks of one person.
    edit
        Called with each name of :data:`~vidpose.types.pose.LANDMARK_ARRAYS` and the copy of its array to change.
    """
    arrays = {}
    for name in LANDMARK_ARRAYS:
        values = copy_to_store(getattr(track, name))
        edit(name, values)
        arrays[name] = to_readonly(values)
    return replace(track, **arrays)


def renumbered(series: PoseSeries, numbers: Mapping[int, int]) -> PoseSeries:
    """Return the series with other numbers for its people."""
    return replace(
        series,
        people={numbers[number]: track for number, track in series.people.items()},
        appearances={numbers[number]: values for number, values in series.appearances.items() if number in numbers},
    )


def _put(whole: dict[str, Array], track: PoseTrack, names: Sequence[str], rows: slice, n_frames: int) -> None:
    """Copy some of a track's arrays to their place in arrays of ``n_frames`` frames, made when they are not there."""
    for name in names:
        part = getattr(track, name)
        if name not in whole:
            whole[name] = _missing(part, n_frames)
        whole[name][rows] = part


def _missing(like: Array, n_frames: int) -> Array:
    nothing = np.nan if like.dtype.kind == "f" else 0
    return allocate((n_frames, *like.shape[1:]), like.dtype, fill=nothing)


def _rows(track: PoseTrack, rows: IntArray) -> PoseTrack:
    return PoseTrack(**{field.name: getattr(track, field.name)[rows] for field in fields(PoseTrack)})

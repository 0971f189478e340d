"""Put the segments of a chain behind each other, and the chains of a video, person by person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vidpose.types.arrays import BoolArray, IntArray
from vidpose.types.pose import PoseTrack
from vidpose.types.spill import kept, release, room

Array = npt.NDArray[Any]
_SHARED: Final = ("pts", "timestamps_s", "corrupt", "estimated")
"""What all people of a stretch have in common."""
_OWN: Final = tuple(item.name for item in fields(PoseTrack) if item.name not in _SHARED)
"""What each person has."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Poses of consecutive frames.

    Attributes
    ----------
    people
        A track per person by their number in the chain; empty when nobody is there.
    frames
        Any track over these frames; tells times when nobody is there.
    warmup
        True in the frames that come before the core, shape (T,).
    looks
        What each person looks like by number, see ``PoseEstimator.appearances``.
    """

    people: Mapping[int, PoseTrack]
    frames: PoseTrack
    warmup: BoolArray
    looks: Mapping[int, Sequence[float]]


def nobody(frames: PoseTrack) -> PoseTrack:
    """Return a track over the same frames in which nobody was found."""
    return replace(frames, **{name: np.full_like(getattr(frames, name), np.nan) for name in _OWN})


def join_stretches(stretches: Iterable[Stretch], n_frames: int) -> Stretch:
    """Put stretches with the same numbering behind each other; a person missing in one is NaN there.

    Parameters
    ----------
    stretches
        At least one. None is kept: of an hour, only the whole and the stretch that is being copied are in memory.
    n_frames
        Frames of all stretches together.

    Raises
    ------
    ValueError
        When there are more or fewer frames, or their times do not increase.
    """
    shared: dict[str, Array] = {}
    people: dict[int, dict[str, Array]] = {}
    looks: dict[int, Sequence[float]] = {}
    warmup = np.zeros(n_frames, np.bool_)
    start = 0
    for stretch in stretches:
        rows = slice(start, start + stretch.frames.n_frames)
        start = rows.stop
        _put(shared, stretch.frames, _SHARED, rows, n_frames)
        for number, track in stretch.people.items():
            _put(people.setdefault(number, {}), track, _OWN, rows, n_frames)
        warmup[rows] = stretch.warmup
        looks.update(stretch.looks)
        template = stretch.frames
        release()
    if start != n_frames:
        raise ValueError(f"expected {n_frames} frames in all stretches, got {start}")
    somebody = people or {-1: {name: _missing(getattr(template, name), n_frames) for name in _OWN}}
    shared = {name: kept(array) for name, array in shared.items()}  # one for everybody
    tracks = {
        number: PoseTrack(**shared, **{name: kept(array) for name, array in somebody[number].items()})
        for number in sorted(somebody)
    }
    return Stretch(
        people={number: tracks[number] for number in sorted(people)},
        frames=next(iter(tracks.values())),
        warmup=warmup,
        looks=looks,
    )


def without_warmup(stretch: Stretch) -> Stretch:
    """Return the core frames only."""
    core = np.flatnonzero(~stretch.warmup)
    return Stretch(
        people={number: _rows(track, core) for number, track in stretch.people.items()},
        frames=_rows(stretch.frames, core),
        warmup=stretch.warmup[core],
        looks=stretch.looks,
    )


def renumbered(stretch: Stretch, numbers: Mapping[int, int]) -> Stretch:
    """Return the stretch with other numbers for its people."""
    return replace(
        stretch,
        people={numbers[number]: track for number, track in stretch.people.items()},
        looks={numbers[number]: look for number, look in stretch.looks.items() if number in numbers},
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
    return room((n_frames, *like.shape[1:]), like.dtype, fill=nothing)


def _rows(track: PoseTrack, rows: IntArray) -> PoseTrack:
    return PoseTrack(**{field.name: getattr(track, field.name)[rows] for field in fields(PoseTrack)})

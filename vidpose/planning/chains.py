"""Put the segments of a chain behind each other, and the chains of a video, person by person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from vidpose.types.arrays import BoolArray, IntArray
from vidpose.types.pose import PoseTrack

_SHARED = ("pts", "timestamps_s", "corrupt", "estimated")
"""What all people of a stretch have in common."""


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
    names = [field.name for field in fields(PoseTrack) if field.name not in _SHARED]
    return replace(frames, **{name: np.full_like(getattr(frames, name), np.nan) for name in names})


def join_stretches(stretches: Sequence[Stretch]) -> Stretch:
    """Put stretches with the same numbering behind each other; a person missing in one is NaN there."""
    numbers = sorted({number for stretch in stretches for number in stretch.people})
    people = {
        number: _joined([stretch.people.get(number) or nobody(stretch.frames) for stretch in stretches])
        for number in numbers
    }
    return Stretch(
        people=people,
        frames=_joined([stretch.frames for stretch in stretches]),
        warmup=np.concatenate([stretch.warmup for stretch in stretches]),
        looks={number: look for stretch in stretches for number, look in stretch.looks.items()},
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


def _joined(tracks: Sequence[PoseTrack]) -> PoseTrack:
    if len(tracks) == 1:
        return tracks[0]
    return PoseTrack(
        **{field.name: np.concatenate([getattr(track, field.name) for track in tracks]) for field in fields(PoseTrack)}
    )


def _rows(track: PoseTrack, rows: IntArray) -> PoseTrack:
    return PoseTrack(**{field.name: getattr(track, field.name)[rows] for field in fields(PoseTrack)})

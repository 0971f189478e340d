"""Poses of one segment of a video, as the pose stage leaves them for the analysis stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from vidpose.errors import OutputError
from vidpose.state.archive import Array, damaged, load_archive, save_archive
from vidpose.types.arrays import BoolArray, frozen
from vidpose.types.pose import PoseTrack

_KIND: Final = "vidpose.pose_segment/1"
_TRACK_FIELDS: Final = tuple(item.name for item in fields(PoseTrack))


@dataclass(frozen=True, slots=True)
class PoseSegmentFile:
    """What one segment file holds.

    Attributes
    ----------
    tracks
        One per person; all have the same frames. A frame in which a person was not found is a row of NaN.
    warmup
        True for the frames that only let the tracker settle and are dropped when segments are joined, shape (T,).
    meta
        Plain JSON values: segment number, cache key, estimator, decode counts.
    """

    tracks: tuple[PoseTrack, ...]
    warmup: BoolArray
    meta: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "warmup", frozen(self.warmup, np.bool_, (None,), "warmup"))
        for number, track in enumerate(self.tracks):
            if track.n_frames != len(self.warmup):
                raise ValueError(f"track {number}: expected {len(self.warmup)} frames, got {track.n_frames}")
            if not np.array_equal(track.pts, self.tracks[0].pts):
                raise ValueError(f"track {number}: expected the time stamps of track 0")


@dataclass(frozen=True, slots=True)
class SegmentHeader:
    """What a segment file says before its arrays: number of tracks, and ``meta`` of :class:`PoseSegmentFile`."""

    n_tracks: int
    meta: dict[str, Any]


def save_segment(path: Path, tracks: Sequence[PoseTrack], warmup: BoolArray, meta: Mapping[str, Any]) -> None:
    """Write the poses of one segment.

    Parameters
    ----------
    path
        The ``.npz`` file to write, atomically.
    tracks
        One per person, all over the same frames.
    warmup
        True for warm-up frames, shape (T,).
    meta
        Plain JSON values.
    """
    content = PoseSegmentFile(tuple(tracks), warmup, dict(meta))
    arrays: dict[str, Array] = {"warmup": content.warmup}
    for number, track in enumerate(content.tracks):
        arrays |= {f"track{number}.{name}": getattr(track, name) for name in _TRACK_FIELDS}
    save_archive(path, _KIND, {"n_tracks": len(content.tracks), "meta": content.meta}, arrays)


def load_segment(path: Path) -> PoseSegmentFile:
    """Read one segment.

    Raises
    ------
    OutputError
        When the file is missing, damaged or of another kind.
    """
    header, arrays = load_archive(path, _KIND)
    try:
        tracks = tuple(
            PoseTrack(**{name: arrays[f"track{number}.{name}"] for name in _TRACK_FIELDS})
            for number in range(header["n_tracks"])
        )
        return PoseSegmentFile(tracks, arrays["warmup"], header["meta"])
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path, _KIND, error) from error


def load_warmup(path: Path) -> BoolArray:
    """Read only which frames of a segment are warm-up, shape (T,); errors as for :func:`load_segment`."""
    _, arrays = load_archive(path, _KIND, only=("warmup",))
    return np.asarray(arrays["warmup"], dtype=np.bool_)


def load_header(path: Path) -> SegmentHeader:
    """Read a segment's header without its arrays; errors as for :func:`load_segment`."""
    header, _ = load_archive(path, _KIND, only=())
    return SegmentHeader(header["n_tracks"], header["meta"])


def is_usable(path: Path, key: str, *, verify: bool = False) -> bool:
    """Return whether a segment's poses are there and of this key.

    Segments are written atomically, so the header is read only.

    Parameters
    ----------
    path
        Where the segment should be.
    key
        Key of the poses.
    verify
        Read the arrays too, to compare their checksums.
    """
    try:
        meta = load_segment(path).meta if verify else load_header(path).meta
    except OutputError:
        return False
    return bool(meta.get("key") == key)

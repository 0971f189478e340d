"""Poses as DeepLabCut's multi-animal CSV, which movement, napari, SimBA and Keypoint-MoSeq read.

Landmarks as estimated, not filtered, because those programs filter by the likelihood; one row per decoded frame. The
format knows no times: give the reader the frame rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vidpose.results.exports.exporter import Entries, VideoExport
from vidpose.results.exports.note import AbsentFile, FileNote
from vidpose.results.exports.number_rows import write_rows
from vidpose.results.video_result import Person, VideoResult, chunks
from vidpose.state.atomic import atomic_path
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import LANDMARK_NAMES

_COORDS: Final = ("x", "y", "likelihood")
_SCORER: Final = "vidpose"


def write_files(export: VideoExport) -> Entries:
    """See :class:`vidpose.results.exports.exporter.ExporterModule`."""
    file, result = "poses_dlc.csv", export.result
    if not any(person.track.found.any() for person in result.people):
        yield AbsentFile(file, "dlc", None, "no_data")
        return
    write_dlc(export.folder / file, result)
    yield FileNote(file, "dlc", None, "landmarks as estimated, one row per frame", "px", result.n_frames)


def write_dlc(path: Path, result: VideoResult) -> None:
    """Write the poses of all people, atomically.

    Parameters
    ----------
    path
        The ``.csv`` file to write.
    result
        At least one person.
    """
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        stream.write(_header(result.people).encode())
        write_rows(stream, _parts(result), delimiter=",")


def _header(people: Sequence[Person]) -> str:
    columns = [(f"person_{one.id}", name, axis) for one in people for name in LANDMARK_NAMES for axis in _COORDS]
    individuals, names, axes = zip(*columns, strict=True)
    levels = (
        ("scorer", *([_SCORER] * len(columns))),
        ("individuals", *individuals),
        ("bodyparts", *names),
        ("coords", *axes),
    )
    return "".join(",".join(level) + "\n" for level in levels)


def _parts(result: VideoResult) -> Iterator[list[npt.NDArray[Any]]]:
    for at in chunks(result.n_frames):
        yield [np.arange(at.start, at.stop), *(column for one in result.people for column in _columns(one, at).T)]


def _columns(person: Person, at: slice) -> FloatArray:
    """Return x, y, likelihood of each landmark side by side, shape (frames, 99)."""
    positions = np.round(person.track.image_px[at].astype(np.float64), 2)
    likelihood = np.round(person.track.visibility[at].astype(np.float64), 3)
    triples: FloatArray = np.concatenate([positions, likelihood[:, :, None]], axis=2)
    return triples.reshape(len(triples), -1)

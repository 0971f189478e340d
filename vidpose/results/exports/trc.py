"""TRC: marker positions for OpenSim, Pose2Sim, Mokka, Blender.

Own code, because the one library that writes the format (opensim) wants numpy 2 and hundreds of megabytes. The layout
is that of OpenSim's documentation, "Marker (.trc) Files"; ``make test-readers`` opens the files with OpenSim.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vidpose.results.exports.markers import MarkerSet
from vidpose.results.exports.number_rows import write_rows
from vidpose.results.video_result import chunks
from vidpose.state.atomic import atomic_path
from vidpose.types.skeleton import LANDMARK_NAMES

_KEYS: Final = (
    "DataRate",
    "CameraRate",
    "NumFrames",
    "NumMarkers",
    "Units",
    "OrigDataRate",
    "OrigDataStartFrame",
    "OrigNumFrames",
)
_DECIMALS: Final = {"m": 5, "px": 2}
TIME_DECIMALS: Final = 8


def write_trc(path: Path, markers: MarkerSet, rows: slice, columns: tuple[int, ...]) -> None:
    """Write some markers in some rows, atomically.

    Rows are numbered as in the whole series, from 1, so that a file that begins later says so. A missing marker is
    three times ``nan``.

    Parameters
    ----------
    path
        The file to write.
    markers
        The positions.
    rows
        Consecutive samples, at least one.
    columns
        Numbers of the landmarks.
    """
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        stream.write(_header(path.name, markers, rows, columns).encode())
        write_rows(stream, _parts(markers, rows, columns))


def _header(name: str, markers: MarkerSet, rows: slice, columns: tuple[int, ...]) -> str:
    rate, n_rows = f"{markers.uniform.rate_hz:.10g}", rows.stop - rows.start
    values = (rate, rate, n_rows, len(columns), markers.unit, rate, rows.start + 1, n_rows)
    names = [LANDMARK_NAMES[column] for column in columns]
    axes = [f"{axis}{number}" for number in range(1, len(names) + 1) for axis in "XYZ"]
    lines = (
        f"PathFileType\t4\t(X/Y/Z)\t{name}",
        "\t".join(_KEYS),
        "\t".join(map(str, values)),
        "Frame#\tTime\t" + "\t".join(f"{name}\t\t" for name in names),
        "\t\t" + "\t".join(axes),
        "",
    )
    return "\n".join(lines) + "\n"


def _parts(markers: MarkerSet, rows: slice, columns: tuple[int, ...]) -> Iterator[list[npt.NDArray[Any]]]:
    decimals = _DECIMALS[markers.unit]
    for part in chunks(rows.stop - rows.start):
        at = slice(rows.start + part.start, rows.start + part.stop)
        points = np.round(markers.points(at, columns), decimals).reshape(at.stop - at.start, -1)
        yield [np.arange(at.start, at.stop) + 1, np.round(markers.uniform.at_s(at), TIME_DECIMALS), *points.T]

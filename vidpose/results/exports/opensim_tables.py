"""MOT and STO: series over time for OpenSim.

Own code, because the one library that writes the formats (opensim) wants numpy 2 and hundreds of megabytes. The
layouts are those of OpenSim's documentation, "Motion (.mot) Files" and "Storage (.sto) Files". MOT is version 1: its
readers take the numbers as one stream, so ``nColumns`` counts the time, and there is no NaN. STO is version 2 with
``DataType=double``: it may have NaN and any times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vidpose.results.exports.number_rows import write_rows
from vidpose.results.video_result import DEGREES_PER_RADIAN, chunks
from vidpose.state.atomic import atomic_path
from vidpose.types.arrays import FloatArray

_TIME_DECIMALS: Final = 8
_DEGREE_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class AngleTable:
    """Angles over time.

    Attributes
    ----------
    times_s
        Seconds, shape (T,).
    names
        Names without spaces, length n.
    values_rad
        Radians, shape (T, n); NaN is missing.
    sources
        Number of the person's angle that each column is made of, length n.
    """

    times_s: FloatArray
    names: tuple[str, ...]
    values_rad: FloatArray
    sources: tuple[int, ...]

    def __post_init__(self) -> None:
        if any(not name or name.split() != [name] for name in self.names) or len(set(self.names)) < len(self.names):
            raise ValueError(f"names: expected different names without spaces, got {self.names}")

    def part(self, rows: slice, columns: Sequence[int]) -> AngleTable:
        """Return some rows of some columns."""
        names = tuple(self.names[column] for column in columns)
        sources = tuple(self.sources[column] for column in columns)
        return AngleTable(self.times_s[rows], names, self.values_rad[rows][:, list(columns)], sources)


def write_sto(path: Path, table: AngleTable) -> None:
    """Write a STO file in degrees, atomically; missing is ``nan``, times are as they are.

    Parameters
    ----------
    path
        The file to write.
    table
        The angles.
    """
    head = (path.stem, "version=2", "DataType=double", *_sizes(table), "inDegrees=yes", "endheader")
    _write(path, head, table)


def write_mot(path: Path, table: AngleTable) -> None:
    """Write a MOT file in degrees, atomically.

    Parameters
    ----------
    path
        The file to write.
    table
        The angles, at constant times, without any gap.

    Raises
    ------
    ValueError
        When a value is missing: the format's readers would lose all rows behind it without a word.
    """
    if not np.isfinite(table.values_rad).all():
        raise ValueError("values_rad: expected no missing value in a MOT file; write the stretches without gaps")
    _write(path, (path.stem, "version=1", *_sizes(table), "inDegrees=yes", "", "endheader"), table)


def _sizes(table: AngleTable) -> tuple[str, str]:
    return f"nRows={len(table.times_s)}", f"nColumns={len(table.names) + 1}"


def _write(path: Path, head: Sequence[str], table: AngleTable) -> None:
    header = "\n".join((*head, "\t".join(("time", *table.names)))) + "\n"
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        stream.write(header.encode())
        write_rows(stream, _parts(table))


def _parts(table: AngleTable) -> Iterator[list[npt.NDArray[Any]]]:
    for at in chunks(len(table.times_s)):
        degrees = np.round(table.values_rad[at] * DEGREES_PER_RADIAN, _DEGREE_DECIMALS)
        yield [np.round(table.times_s[at], _TIME_DECIMALS), *degrees.T]

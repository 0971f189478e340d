"""Tables for analysts: landmarks and angles of one video as Parquet (long) and CSV (wide).

Rows are made and written :data:`~vidpose.results.video_result.CHUNK_FRAMES` frames at a time, so memory stays bounded.
Missing is null in Parquet and an empty cell in CSV. The columns are those of :mod:`vidpose.results.table_columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet as pa_parquet

from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.validity.best import BEST_IDS
from vidpose.results.csv_files import AS_USUAL, TableSettings, open_csv
from vidpose.results.table_columns import (
    ANGLE_COLUMNS,
    ANGLE_CSV_COLUMNS,
    BEST_COLUMNS,
    BODY_COLUMNS,
    LANDMARK_COLUMNS,
    LANDMARK_CSV_COLUMNS,
    TABLES_VERSION,
    Column,
)
from vidpose.results.video_result import (
    ANGLE_STATUS_WORDS,
    BEST_SOURCE_WORDS,
    DEGREES_PER_RADIAN,
    FACING_WORDS,
    STATUS_WORDS,
    Person,
    Provenance,
    VideoResult,
    chunks,
)
from vidpose.state.atomic import atomic_path
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import LANDMARK_NAMES

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class _CodedWords:
    """Text as codes into a list of words."""

    codes: Array
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """The frames of one person that are turned into rows at a time."""

    video_id: str
    person: Person
    frames: slice
    times_s: FloatArray

    def where(self, n_rows: int) -> dict[str, Any]:
        """Return the columns that say where a row belongs, ``n_rows`` rows per frame."""
        numbers = np.arange(self.frames.start, self.frames.stop)
        return {
            "video_id": _CodedWords(np.zeros(len(numbers) * n_rows, np.int8), (self.video_id,)),
            "person": np.full(len(numbers) * n_rows, self.person.id),
            "frame": np.repeat(numbers, n_rows),
            "time_s": np.repeat(self.times_s, n_rows),
            "facing": _CodedWords(np.repeat(self.person.analysis.facing[self.frames], n_rows), FACING_WORDS),
            "estimated": np.repeat(self.person.track.estimated[self.frames], n_rows),
        }


def _landmarks(part: _Part) -> dict[str, Any]:
    track, analysis, at = part.person.track, part.person.analysis, part.frames
    n_landmarks = len(LANDMARK_NAMES)
    columns = part.where(n_landmarks)
    columns["keypoint"] = _CodedWords(np.tile(np.arange(n_landmarks), at.stop - at.start), LANDMARK_NAMES)
    for axis, name in enumerate("xy"):
        columns[f"{name}_raw_px"] = track.image_px[at, :, axis].ravel()
        columns[f"{name}_filtered_px"] = analysis.filtered.image_px[at, :, axis].ravel()
    for axis, name in enumerate("xyz"):
        columns[f"world_{name}_raw_m"] = track.world_m[at, :, axis].ravel()
        columns[f"world_{name}_filtered_m"] = analysis.filtered.world_m[at, :, axis].ravel()
    columns |= {name: getattr(track, name)[at].ravel() for name in ("z_rel", "visibility", "presence")}
    columns["status"] = _CodedWords(analysis.filtered.status[at].ravel(), STATUS_WORDS)
    speed_bh_s = analysis.speed_bh_s[at]
    columns["speed_bh_s"] = speed_bh_s.ravel()
    speed_m_s = np.full_like(speed_bh_s, np.nan) if analysis.speed_m_s is None else analysis.speed_m_s[at]
    columns["speed_m_s"] = speed_m_s.ravel()
    return columns


def _angles(part: _Part) -> dict[str, Any]:
    angles, at = part.person.analysis.angles, part.frames
    columns = part.where(len(ANGLE_IDS))
    columns["angle"] = _CodedWords(np.tile(np.arange(len(ANGLE_IDS)), at.stop - at.start), ANGLE_IDS)
    columns["value_deg"] = angles.values_rad[at].ravel() * DEGREES_PER_RADIAN
    columns["velocity_deg_s"] = angles.velocity_rad_s[at].ravel() * DEGREES_PER_RADIAN
    columns["acceleration_deg_s2"] = angles.acceleration_rad_s2[at].ravel() * DEGREES_PER_RADIAN
    columns["precision_deg"] = angles.precision_rad[at].ravel() * DEGREES_PER_RADIAN
    columns["expected_error_deg"] = angles.expected_error_rad[at].ravel() * DEGREES_PER_RADIAN
    columns["valid"] = angles.valid[at].ravel()
    columns["status"] = _CodedWords(angles.status[at].ravel(), ANGLE_STATUS_WORDS)
    return columns


def _best(part: _Part) -> dict[str, Any]:
    best, at = part.person.analysis.best, part.frames
    if best is None:
        numbers = {name: np.zeros(0) for name in ("flexion_deg", "expected_error_deg")}
        return part.where(0) | numbers | {"valid": np.zeros(0, np.bool_)} | _no_words()
    columns = part.where(len(best.ids))
    columns["joint"] = _CodedWords(np.tile(np.arange(len(best.ids)), at.stop - at.start), best.ids)
    columns["flexion_deg"] = best.values_rad[at].ravel() * DEGREES_PER_RADIAN
    columns["source"] = _CodedWords(best.source[at].ravel(), BEST_SOURCE_WORDS)
    columns["expected_error_deg"] = best.expected_error_rad[at].ravel() * DEGREES_PER_RADIAN
    columns["valid"] = best.valid[at].ravel()
    return columns


def _no_words() -> dict[str, Any]:
    return {
        "joint": _CodedWords(np.zeros(0, np.int8), BEST_IDS),
        "source": _CodedWords(np.zeros(0, np.int8), BEST_SOURCE_WORDS),
    }


def _body(part: _Part) -> dict[str, Any]:
    analysis, at = part.person.analysis, part.frames
    columns = part.where(1) | {"yaw_deg": analysis.yaw_rad[at] * DEGREES_PER_RADIAN}
    for axis, name in enumerate("xy"):
        columns[f"com_{name}_px"] = analysis.com_px[at, axis]
        columns[f"com_velocity_{name}_bh_s"] = analysis.com_velocity_bh_s[at, axis]
    return columns


def _wide_landmarks(part: _Part) -> dict[str, Any]:
    columns = part.where(1)
    image_px = part.person.analysis.filtered.image_px[part.frames]
    visibility = part.person.track.visibility[part.frames]
    for number, name in enumerate(LANDMARK_NAMES):
        columns[f"{name}_x_px"] = image_px[:, number, 0]
        columns[f"{name}_y_px"] = image_px[:, number, 1]
        columns[f"{name}_visibility"] = visibility[:, number]
    return columns


def _wide_angles(part: _Part) -> dict[str, Any]:
    values_rad = part.person.analysis.angles.values_rad[part.frames]
    degrees = values_rad * DEGREES_PER_RADIAN
    return part.where(1) | {f"{angle_id}_deg": degrees[:, n] for n, angle_id in enumerate(ANGLE_IDS)}


@dataclass(frozen=True, slots=True)
class _Table:
    file: str
    columns: tuple[Column, ...]
    rows: Callable[[_Part], dict[str, Any]]


_TABLES: Final = (
    _Table("landmarks.parquet", LANDMARK_COLUMNS, _landmarks),
    _Table("angles.parquet", ANGLE_COLUMNS, _angles),
    _Table("best_flexion.parquet", BEST_COLUMNS, _best),
    _Table("body.parquet", BODY_COLUMNS, _body),
    _Table("landmarks.csv", LANDMARK_CSV_COLUMNS, _wide_landmarks),
    _Table("angles.csv", ANGLE_CSV_COLUMNS, _wide_angles),
)
TABLE_FILES: Final = tuple(table.file for table in _TABLES)

_TYPES: Final = {
    "words": pa.dictionary(pa.int8(), pa.string()),
    "whole": pa.int32(),
    "time": pa.float64(),
    "number": pa.float32(),
    "flag": pa.bool_(),
}


def write_tables(
    folder: Path, result: VideoResult, provenance: Provenance, settings: TableSettings = AS_USUAL
) -> list[Path]:
    """Write the tables of one video, each atomically; return their paths.

    Parameters
    ----------
    folder
        Where the files of :data:`TABLE_FILES` go.
    result
        The video's people; with none the tables have their columns and no rows.
    provenance
        Gives ``video_id`` and, for the Parquet metadata, the fingerprints of the video and of the settings.
    settings
        How the files are written.
    """
    metadata = {
        "vidpose.schema_version": TABLES_VERSION,
        "vidpose.version": provenance.vidpose_version,
        "vidpose.video_id": provenance.input_name,
        "vidpose.video_sha256": provenance.input_sha256,
        "vidpose.config_sha256": provenance.config_sha256,
    }
    paths = []
    for table in _TABLES:
        schema = pa.schema([(column.name, _TYPES[column.type]) for column in table.columns], metadata)
        batches = (_batch(table, part, schema) for part in _parts(result, provenance.input_name))
        write = _write_csv if table.file.endswith(".csv") else _write_parquet
        write(folder / table.file, schema, batches, settings)
        paths.append(folder / table.file)
    return paths


def _parts(result: VideoResult, video_id: str) -> Iterator[_Part]:
    for person in result.people:
        for frames in chunks(result.n_frames):
            yield _Part(video_id, person, frames, result.timestamps_s[frames])


def _batch(table: _Table, part: _Part, schema: pa.Schema) -> pa.RecordBatch:
    values = table.rows(part)
    return pa.record_batch([_arrow(column, values[column.name]) for column in table.columns], schema=schema)


def _arrow(column: Column, values: Any) -> pa.Array:
    if isinstance(values, _CodedWords):
        return pa.DictionaryArray.from_arrays(pa.array(values.codes, pa.int8()), pa.array(values.words))
    if column.type in {"whole", "flag"}:
        return pa.array(values, _TYPES[column.type])
    kind = np.float64 if column.type == "time" else np.float32
    rounded = np.round(values, column.decimals).astype(kind) + kind(0)  # + 0 turns -0.0 into 0.0
    return pa.array(rounded, from_pandas=True)  # NaN becomes null


def _write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], settings: TableSettings) -> None:
    """Write one row group per batch; only words are dictionary coded, numbers repeat too seldom."""
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    with (
        atomic_path(path) as temporary,
        pa_parquet.ParquetWriter(
            temporary, schema, compression=settings.parquet_compression, use_dictionary=words
        ) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch, row_group_size=max(batch.num_rows, 1))


def _write_csv(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], settings: TableSettings) -> None:
    with (
        atomic_path(path) as temporary,
        open_csv(temporary, schema, settings.style, quotes=False) as file,  # no word needs quotes
    ):
        for batch in batches:
            file.write(pa.Table.from_batches([batch]))

"""The files of one person for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from pathlib import Path

import numpy as np

from vidpose.results.exports.angle_series import frame_angles, model_angles, uniform_angles
from vidpose.results.exports.c3d import write_c3d
from vidpose.results.exports.export_settings import ExportSettings, Kind
from vidpose.results.exports.gap_free import GapFree, gap_free, span_of, stretch_at
from vidpose.results.exports.markers import BodyScale, MarkerSet, flat_markers, world_markers
from vidpose.results.exports.note import AbsentFile, FileNote, TimeSpan, spans_s
from vidpose.results.exports.opensim_tables import AngleTable, write_mot, write_sto
from vidpose.results.exports.resampling import UniformTimes
from vidpose.results.exports.trc import write_trc
from vidpose.results.video_result import Person
from vidpose.types.arrays import ByteArray, IntArray
from vidpose.types.motion import AngleStatus
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_NAMES

Entries = Iterator[FileNote | AbsentFile]


class PersonFiles:
    """Writes the files of one person.

    Parameters
    ----------
    folder
        Where the files go.
    person
        Landmarks and angles.
    uniform
        Constant-rate times, or None when there are none.
    settings
        Which files, and how.
    """

    def __init__(self, folder: Path, person: Person, uniform: UniformTimes | None, settings: ExportSettings) -> None:
        self._folder, self._person, self._uniform, self._settings = folder, person, uniform, settings
        self._stem = f"person_{person.id}"
        self._there = person.analysis.filtered.stretch >= 0  # elsewhere everything is missing, which says nothing

    def all(self, scale: BodyScale, picture_height_px: int) -> Entries:
        """Write everything that the settings ask for; yield what there is and what is absent."""
        kinds = self._settings.kinds
        if "sto" in kinds:
            yield from self._sto()
        if {"trc", "c3d"} & set(kinds):
            yield from self._marker_files(scale, picture_height_px)
        if "mot" in kinds or self._settings.opensim_model:
            yield from self._mot_files()

    def _no_times(self, file: str, kind: Kind) -> AbsentFile:
        too_short = self._person.track.n_frames < 2
        return AbsentFile(file, kind, self._person.id, "too_short" if too_short else "irregular_times")

    def _sto(self) -> Entries:
        file, table = f"{self._stem}_angles.sto", frame_angles(self._person)
        valid = np.isfinite(table.values_rad)
        rows, kept = span_of(valid), np.flatnonzero(valid.any(axis=0)).tolist()
        if not kept:
            yield AbsentFile(file, "sto", self._person.id, "no_data")
            return
        part = table.part(rows, kept)
        write_sto(self._folder / file, part)
        yield FileNote(
            file,
            "sto",
            self._person.id,
            "angles at the times of the frames",
            "deg",
            len(part.times_s),
            first_frame=rows.start,
            span_s=(float(part.times_s[0]), float(part.times_s[-1])),
            names=part.names,
            absent=self._why_no_angle(table, np.flatnonzero(~valid.any(axis=0)).tolist()),
        )

    def _why_no_angle(self, table: AngleTable, columns: Sequence[int]) -> dict[str, str]:
        status = self._person.analysis.angles.status[self._there]
        given = (AngleStatus.MEASURED, AngleStatus.IMPUTED)
        return {table.names[column]: _usual(status[:, table.sources[column]], AngleStatus, given) for column in columns}

    def _marker_files(self, scale: BodyScale, picture_height_px: int) -> Entries:
        kinds: list[Kind] = [kind for kind in ("trc", "c3d") if kind in self._settings.kinds]
        if self._uniform is None:
            yield from (self._no_times(f"{self._stem}.{kind}", kind) for kind in kinds)
            return
        reason = "no_data"
        # one set after the other: of an uneven clip each holds as much as the track itself
        for markers in self._marker_sets(self._uniform, scale, picture_height_px):
            for kind in kinds:
                yield from self._marker_file(kind, markers, reason)
            reason = "no_world" if markers.columns else "no_data"

    def _marker_sets(self, uniform: UniformTimes, scale: BodyScale, picture_height_px: int) -> Iterator[MarkerSet]:
        yield flat_markers(self._person, uniform, scale, picture_height_px)
        yield world_markers(self._person, uniform, scale)

    def _marker_file(self, kind: Kind, markers: MarkerSet, reason_if_empty: str) -> Entries:
        stem = f"{self._stem}_{markers.name}" + (f"_{markers.unit}" if kind == "trc" else "")
        if not markers.columns:
            yield AbsentFile(f"{stem}.{kind}", kind, self._person.id, reason_if_empty)
        elif kind == "c3d" and markers.unit != "m":
            yield AbsentFile(f"{stem}.{kind}", kind, self._person.id, "no_height")
        elif kind == "c3d":
            rows = span_of(markers.valid)
            write_c3d(self._folder / f"{stem}.c3d", markers, rows, markers.columns)
            yield self._marker_note(f"{stem}.c3d", "c3d", markers, rows, markers.columns)
        else:
            yield from self._trc(stem, markers)

    def _trc(self, stem: str, markers: MarkerSet) -> Entries:
        if self._settings.gaps == "nan":
            rows = span_of(markers.valid)
            write_trc(self._folder / f"{stem}.trc", markers, rows, markers.columns)
            yield self._marker_note(f"{stem}.trc", "trc", markers, rows, markers.columns)
            return
        parts = gap_free(markers.valid, self._labels(markers.uniform), markers.uniform.rate_hz, self._settings)
        if not parts.runs:
            yield AbsentFile(f"{stem}.trc", "trc", self._person.id, "too_short")
        columns = tuple(markers.columns[column] for column in parts.columns)
        for name, rows in _numbered(f"{stem}.trc", parts):
            write_trc(self._folder / name, markers, rows, columns)
            yield self._marker_note(name, "trc", markers, rows, columns)

    def _marker_note(
        self, file: str, kind: Kind, markers: MarkerSet, rows: slice, columns: tuple[int, ...]
    ) -> FileNote:
        chosen = [markers.columns.index(column) for column in columns]
        every = ExportSettings(min_valid_share=1e-9, min_run_s=0.0)  # the ranges of this very file, however short
        uniform = markers.uniform
        complete = gap_free(markers.valid[:, chosen], self._labels(uniform), uniform.rate_hz, every).runs
        inside = [run for run in complete if rows.start <= run.start and run.stop <= rows.stop]
        return FileNote(
            file,
            kind,
            self._person.id,
            markers.content,
            "mm" if kind == "c3d" else markers.unit,
            rows.stop - rows.start,
            uniform.rate_hz,
            not uniform.exact,
            rows.start if uniform.exact else None,
            _span_s(uniform, rows),
            tuple(LANDMARK_NAMES[column] for column in columns),
            self._why_no_marker(columns),
            spans_s(uniform, inside),
        )

    def _why_no_marker(self, columns: tuple[int, ...]) -> dict[str, str]:
        status = self._person.analysis.filtered.status[self._there]
        given = (Status.MEASURED, Status.IMPUTED)
        return {
            name: _usual(status[:, number], Status, given)
            for number, name in enumerate(LANDMARK_NAMES)
            if number not in columns
        }

    def _mot_files(self) -> Entries:
        model = self._settings.opensim_model
        wanted = [f"{self._stem}_angles.mot"] if "mot" in self._settings.kinds else []
        wanted += [f"{self._stem}_opensim_{model}.mot"] if model else []
        if self._uniform is None:
            yield from (self._no_times(file, "mot") for file in wanted)
            return
        table = uniform_angles(self._person, self._uniform)
        for file in wanted:
            if model and file.endswith(f"_{model}.mot"):
                content = f"joint angles by the coordinates and signs of {model}; hips against the trunk"
                yield from self._mot(file, model_angles(table, model), content)
            else:
                yield from self._mot(file, table, "angles, stretches without gaps")

    def _mot(self, file: str, table: AngleTable, content: str) -> Entries:
        uniform = self._uniform
        assert uniform is not None
        valid = np.isfinite(table.values_rad)
        parts = gap_free(valid, self._labels(uniform), uniform.rate_hz, self._settings)
        if not parts.runs:
            yield AbsentFile(file, "mot", self._person.id, "too_short" if valid.any() else "no_data")
        for name, rows in _numbered(file, parts):
            part = table.part(rows, parts.columns)
            write_mot(self._folder / name, part)
            yield FileNote(
                name,
                "mot",
                self._person.id,
                content,
                "deg",
                len(part.times_s),
                uniform.rate_hz,
                not uniform.exact,
                rows.start if uniform.exact else None,
                _span_s(uniform, rows),
                part.names,
                self._why_no_angle(table, parts.dropped),
                spans_s(uniform, [rows]),
            )

    def _labels(self, uniform: UniformTimes) -> IntArray:
        filtered = self._person.analysis.filtered
        return stretch_at(uniform, filtered.timestamps_s, filtered.stretch)


def _numbered(file: str, parts: GapFree) -> Iterator[tuple[str, slice]]:
    """Yield a name per stretch; a single one keeps the plain name."""
    path = Path(file)
    for number, rows in enumerate(parts.runs, start=1):
        yield (f"{path.stem}_part_{number:03d}{path.suffix}" if len(parts.runs) > 1 else file), rows


def _span_s(uniform: UniformTimes, rows: slice) -> TimeSpan:
    return spans_s(uniform, [rows])[0]


def _usual(status: ByteArray, codes: type[IntEnum], given: Sequence[IntEnum]) -> str:
    """Return the most frequent of the status codes that mean "no value", as a word of the tables."""
    counts = np.bincount(status, minlength=len(codes))
    counts[list(given)] = 0
    return codes(int(counts.argmax())).name.lower()

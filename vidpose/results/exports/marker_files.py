"""Landmarks of each person as markers at a constant rate, in the picture and in space, as TRC and as C3D."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vidpose.results.exports.c3d import write_c3d
from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.exports.exporter import Entries, VideoExport, without_times
from vidpose.results.exports.gap_free import gap_free, numbered, span_of, stretch_at
from vidpose.results.exports.markers import MarkerSet, flat_markers, world_markers
from vidpose.results.exports.note import AbsentFile, FileNote, spans_s, usual_status
from vidpose.results.exports.resampling import UniformTimes
from vidpose.results.exports.trc import write_trc
from vidpose.results.video_result import Person
from vidpose.types.arrays import IntArray
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_NAMES


def write_files(export: VideoExport) -> Entries:
    """See :class:`vidpose.results.exports.exporter.ExporterModule`."""
    kinds = [kind for kind in ("trc", "c3d") if kind in export.settings.kinds]
    for person in export.result.people:
        if export.uniform is None:
            yield from (without_times(f"person_{person.id}.{kind}", kind, person) for kind in kinds)
            continue
        reason = "no_data"
        # one set after the other: of an uneven clip each holds as much as the track itself
        for markers in _marker_sets(export, person, export.uniform):
            for kind in kinds:
                yield from _MarkerFile(export, person, markers, kind).write(reason)
            reason = "no_world" if markers.columns else "no_data"


def _marker_sets(export: VideoExport, person: Person, uniform: UniformTimes) -> Iterator[MarkerSet]:
    scale = export.scale_of(person)
    yield flat_markers(person, uniform, scale, export.result.index.height_px)
    yield world_markers(person, uniform, scale)


@dataclass(frozen=True, slots=True)
class _MarkerFile:
    """One set of markers in one format."""

    export: VideoExport
    person: Person
    markers: MarkerSet
    kind: str

    @property
    def stem(self) -> str:
        unit = f"_{self.markers.unit}" if self.kind == "trc" else ""
        return f"person_{self.person.id}_{self.markers.name}{unit}"

    def write(self, reason_if_empty: str) -> Entries:
        markers, file = self.markers, f"{self.stem}.{self.kind}"
        if not markers.columns:
            yield AbsentFile(file, self.kind, self.person.id, reason_if_empty)
        elif self.kind == "trc":
            yield from self._trc(file)
        elif markers.unit != "m":
            yield AbsentFile(file, self.kind, self.person.id, "no_height")
        else:
            rows = span_of(markers.valid)
            write_c3d(self.export.folder / file, markers, rows, markers.columns)
            yield self._note(file, rows, markers.columns)

    def _trc(self, file: str) -> Entries:
        markers, folder = self.markers, self.export.folder
        if self.export.settings.gaps == "nan":
            rows = span_of(markers.valid)
            write_trc(folder / file, markers, rows, markers.columns)
            yield self._note(file, rows, markers.columns)
            return
        parts = gap_free(markers.valid, self._labels(), markers.uniform.rate_hz, self.export.settings)
        if not parts.runs:
            yield AbsentFile(file, "trc", self.person.id, "too_short")
        columns = tuple(markers.columns[column] for column in parts.columns)
        for name, rows in numbered(file, parts):
            write_trc(folder / name, markers, rows, columns)
            yield self._note(name, rows, columns)

    def _note(self, file: str, rows: slice, columns: tuple[int, ...]) -> FileNote:
        markers, uniform = self.markers, self.markers.uniform
        chosen = [markers.columns.index(column) for column in columns]
        every = ExportSettings(min_valid_share=1e-9, min_run_s=0.0)  # the ranges of this very file, however short
        complete = gap_free(markers.valid[:, chosen], self._labels(), uniform.rate_hz, every).runs
        inside = [run for run in complete if rows.start <= run.start and run.stop <= rows.stop]
        return FileNote(
            file,
            self.kind,
            self.person.id,
            markers.content,
            "mm" if self.kind == "c3d" else markers.unit,
            rows.stop - rows.start,
            uniform.rate_hz,
            not uniform.exact,
            rows.start if uniform.exact else None,
            spans_s(uniform, [rows])[0],
            tuple(LANDMARK_NAMES[column] for column in columns),
            _absent_markers(self.person, columns),
            spans_s(uniform, inside),
        )

    def _labels(self) -> IntArray:
        filtered = self.person.analysis.filtered
        return stretch_at(self.markers.uniform, filtered.timestamps_s, filtered.stretch)


def _absent_markers(person: Person, columns: tuple[int, ...]) -> dict[str, str]:
    """Return the usual status of every landmark that is not a column."""
    filtered = person.analysis.filtered
    status = filtered.status[filtered.stretch >= 0]  # elsewhere everything is missing, which says nothing
    given = (Status.MEASURED, Status.IMPUTED)
    return {
        name: usual_status(status[:, number], Status, given)
        for number, name in enumerate(LANDMARK_NAMES)
        if number not in columns
    }

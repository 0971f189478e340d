"""Angles of each person at a constant rate, a file per stretch without gaps, as MOT; also by a model's coordinates."""

from __future__ import annotations

import numpy as np

from vidpose.results.exports.angle_series import absent_angles, model_angles, uniform_angles
from vidpose.results.exports.exporter import Entries, VideoExport, without_times
from vidpose.results.exports.gap_free import gap_free, numbered, stretch_at
from vidpose.results.exports.note import AbsentFile, FileNote, spans_s
from vidpose.results.exports.opensim_tables import AngleTable, write_mot
from vidpose.results.exports.resampling import UniformTimes
from vidpose.results.video_result import Person


def write_files(export: VideoExport) -> Entries:
    """See :class:`vidpose.results.exports.exporter.ExporterModule`."""
    model = export.settings.opensim_model
    for person in export.result.people:
        ours, models = f"person_{person.id}_angles.mot", f"person_{person.id}_opensim_{model}.mot"
        files = ([ours] if "mot" in export.settings.kinds else []) + ([models] if model else [])
        if export.uniform is None:
            yield from (without_times(file, "mot", person) for file in files)
            continue
        table = uniform_angles(person, export.uniform)
        if ours in files:
            yield from _mot(export, export.uniform, (person, table), ours, "angles, stretches without gaps")
        if model:
            content = f"joint angles with the coordinates and signs of {model}; hip flexion relative to the trunk"
            yield from _mot(export, export.uniform, (person, model_angles(table, model)), models, content)


def _mot(
    export: VideoExport, uniform: UniformTimes, angles: tuple[Person, AngleTable], file: str, content: str
) -> Entries:
    person, table = angles
    filtered = person.analysis.filtered
    valid = np.isfinite(table.values_rad)
    label = stretch_at(uniform, filtered.timestamps_s, filtered.stretch)
    parts = gap_free(valid, label, uniform.rate_hz, export.settings)
    if not parts.runs:
        yield AbsentFile(file, "mot", person.id, "too_short" if valid.any() else "no_data")
    for name, rows in numbered(file, parts):
        part = table.part(rows, parts.columns)
        write_mot(export.folder / name, part)
        yield FileNote(
            name,
            "mot",
            person.id,
            content,
            "deg",
            len(part.times_s),
            uniform.rate_hz,
            not uniform.exact,
            rows.start if uniform.exact else None,
            spans_s(uniform, [rows])[0],
            part.names,
            absent_angles(person, table, parts.dropped),
            spans_s(uniform, [rows]),
        )

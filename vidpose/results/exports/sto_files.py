"""Angles of each person at the times of the frames, gaps included, as STO."""

from __future__ import annotations

import numpy as np

from vidpose.results.exports.angle_series import absent_angles, frame_angles
from vidpose.results.exports.exporter import Entries, VideoExport
from vidpose.results.exports.gap_free import span_of
from vidpose.results.exports.note import AbsentFile, FileNote
from vidpose.results.exports.opensim_tables import write_sto


def write_files(export: VideoExport) -> Entries:
    """See :class:`vidpose.results.exports.exporter.ExporterModule`."""
    for person in export.result.people:
        file, table = f"person_{person.id}_angles.sto", frame_angles(person)
        valid = np.isfinite(table.values_rad)
        rows, kept = span_of(valid), np.flatnonzero(valid.any(axis=0)).tolist()
        if not kept:
            yield AbsentFile(file, "sto", person.id, "no_data")
            continue
        part = table.part(rows, kept)
        write_sto(export.folder / file, part)
        yield FileNote(
            file,
            "sto",
            person.id,
            "angles at the times of the frames",
            "deg",
            len(part.times_s),
            first_frame=rows.start,
            span_s=(float(part.times_s[0]), float(part.times_s[-1])),
            names=part.names,
            absent=absent_angles(person, table, np.flatnonzero(~valid.any(axis=0)).tolist()),
        )

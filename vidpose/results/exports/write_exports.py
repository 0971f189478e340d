"""All files of one video for other programs, and the note beside them that says what is in each."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import orjson

from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.exports.exporter import ExporterModule, VideoExport
from vidpose.results.exports.markers import BodyScale
from vidpose.results.exports.note import AbsentFile, FileNote
from vidpose.results.exports.resampling import uniform_times
from vidpose.results.video_result import Provenance, VideoResult
from vidpose.state.atomic import remove_file, write_bytes
from vidpose.state.bounded_reading import read_bounded
from vidpose.state.json_text import json_bytes

NOTE_FILE: Final = "exports.json"
SCHEMA: Final = "vidpose.exports"
SCHEMA_VERSION: Final = "1.0.0"


def write_exports(
    folder: Path,
    result: VideoResult,
    provenance: Provenance,
    settings: ExportSettings,
    scales: Mapping[int, BodyScale] | None = None,
    slow_motion_factor: float = 1.0,
) -> list[Path]:
    """Write the chosen files of one video and ``exports.json``, which names each with what is in it; return all paths.

    Files of an earlier call that this one does not write again are removed.

    Parameters
    ----------
    folder
        Where the files go.
    result
        The video's people.
    provenance
        Gives the video's name and hashes.
    settings
        Which files, and how.
    scales
        Scale of each person by number; people without one have flat landmarks in pixels, and world landmarks in the
        pose model's size.
    slow_motion_factor
        Recorded over played frame rate: the files have the times of the real movement, so that speeds computed from
        them are right.
    """
    _forget(folder)
    result = _in_real_time(result, slow_motion_factor)
    uniform = uniform_times(result.timestamps_s, settings.rate_hz)
    export = VideoExport(folder, result, provenance, settings, uniform, scales or {})
    entries = [entry for module in settings.exporters for entry in _exporter(module).write_files(export)]
    entries.sort(key=_place)
    note = folder / NOTE_FILE
    write_bytes(
        note,
        json_bytes(_note(entries, provenance, slow_motion_factor), orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
    )
    return [*(folder / entry.file for entry in entries if isinstance(entry, FileNote)), note]


def _exporter(module: str) -> ExporterModule:
    return cast(ExporterModule, importlib.import_module(module))


def _place(entry: FileNote | AbsentFile) -> tuple[bool, int]:
    """Return what sorts the files of person after person, and then those about all people."""
    return entry.person is None, entry.person or 0


def _in_real_time(result: VideoResult, factor: float) -> VideoResult:
    if factor == 1:
        return result
    times_s = result.timestamps_s / factor
    people = tuple(
        replace(one, analysis=replace(one.analysis, filtered=replace(one.analysis.filtered, timestamps_s=times_s)))
        for one in result.people
    )
    return replace(result, timestamps_s=times_s, people=people)


def _note(entries: list[FileNote | AbsentFile], provenance: Provenance, slow_motion_factor: float) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "vidpose_version": provenance.vidpose_version,
        "input_name": provenance.input_name,
        "input_sha256": provenance.input_sha256,
        "config_sha256": provenance.config_sha256,
        "slow_motion_factor": slow_motion_factor,
        "files": [entry.as_dict() for entry in entries if isinstance(entry, FileNote)],
        "absent": [entry.as_dict() for entry in entries if isinstance(entry, AbsentFile)],
    }


def _forget(folder: Path) -> None:
    """Remove what the note of an earlier call names; a note that cannot be read names nothing."""
    note = folder / NOTE_FILE
    try:
        names = [str(entry["file"]) for entry in orjson.loads(read_bounded(note))["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return
    remove_file(note)
    for name in names:
        if Path(name).name == name:
            remove_file(folder / name)

"""All files of one video for other programs, and the note beside them that says what is in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.results.exports.coco import write_coco_images, write_coco_predictions
from vidpose.results.exports.dlc import write_dlc
from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.exports.markers import BodyScale, body_scale
from vidpose.results.exports.note import AbsentFile, FileNote
from vidpose.results.exports.person_files import PersonFiles
from vidpose.results.exports.resampling import uniform_times
from vidpose.results.video_result import Provenance, VideoResult
from vidpose.state.atomic import write_bytes
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
    entries: list[FileNote | AbsentFile] = []
    for person in result.people:
        scale = (scales or {}).get(person.id) or body_scale(person.analysis, None)
        writer = PersonFiles(folder, person, uniform, settings)
        entries += writer.all(scale, result.index.height_px)
    if "coco" in settings.kinds:
        entries += _coco(folder, result, provenance)
    if "dlc" in settings.kinds:
        entries += _dlc(folder, result)
    note = folder / NOTE_FILE
    write_bytes(
        note,
        json_bytes(_note(entries, provenance, slow_motion_factor), orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
    )
    return [*(folder / entry.file for entry in entries if isinstance(entry, FileNote)), note]


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
        names = [str(entry["file"]) for entry in orjson.loads(note.read_bytes())["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return
    note.unlink(missing_ok=True)
    for name in names:
        if Path(name).name == name:
            (folder / name).unlink(missing_ok=True)


def _coco(folder: Path, result: VideoResult, provenance: Provenance) -> Iterator[FileNote]:
    predictions, images = folder / "coco_predictions.json", folder / "coco_images.json"
    n = write_coco_predictions(predictions, result, provenance)
    yield FileNote(predictions.name, "coco", None, "COCO keypoint results, as estimated", "px", n)
    n = write_coco_images(images, result, provenance)
    yield FileNote(images.name, "coco", None, "COCO images: id, video, frame, time", "px", n)


def _dlc(folder: Path, result: VideoResult) -> Iterator[FileNote | AbsentFile]:
    if not any(person.track.found.any() for person in result.people):
        yield AbsentFile("poses_dlc.csv", "dlc", None, "no_data")
        return
    file = folder / "poses_dlc.csv"
    write_dlc(file, result)
    yield FileNote(file.name, "dlc", None, "landmarks as estimated, one row per frame", "px", result.n_frames)

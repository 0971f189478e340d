"""The pose model: one JSON document per video with landmarks, angles and their provenance.

Every array runs over frames first; numbers are rounded to their precision; missing is null. The document does not say
when, where or on which computer it was made, so equal work gives equal bytes. Its JSON Schema is
``schemas/pose_model.schema.json``; ``docs/pose-model.md`` is made from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.metric_dictionary import DICTIONARY
from vidpose.results.angle_terms import angle_terms
from vidpose.results.json_columns import ColumnWriter
from vidpose.results.metric_entries import event_entry, metric_entry
from vidpose.results.video_result import (
    ANGLE_STATUS_WORDS,
    BEST_SOURCE_WORDS,
    DEGREES_PER_RADIAN,
    FACING_WORDS,
    STATUS_WORDS,
    Person,
    Provenance,
    VideoResult,
    finite,
    video_facts,
)
from vidpose.state.atomic import atomic_path
from vidpose.types.motion import BestAngles
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_NAMES

SCHEMA: Final = "vidpose.pose_model"
SCHEMA_VERSION: Final = "1.3.0"

_PX, _METRE, _SHARE, _DEGREE, _SECOND = 2, 4, 3, 2, 6
"""Digits after the point: 0.01 px, 0.1 mm, 0.001, 0.01 degrees, 1 microsecond."""


def write_pose_model(path: Path, result: VideoResult, provenance: Provenance) -> None:
    """Write the document of one video, atomically.

    Parameters
    ----------
    path
        The ``.json`` file to write.
    result
        The video's people; none is allowed.
    provenance
        Where the numbers come from.
    """
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        writer = ColumnWriter(stream)
        with writer.block(None):
            writer.value("schema", SCHEMA)
            writer.value("schema_version", SCHEMA_VERSION)
            _write_provenance(writer, provenance)
            writer.value("findings", [finding.as_dict() for finding in provenance.findings])
            writer.value("video", video_facts(result))
            writer.value("landmarks", LANDMARK_NAMES)
            writer.value("angles", [angle_terms(angle_id) for angle_id in ANGLE_IDS])
            _write_legends(writer)
            writer.column("pts", result.pts)
            writer.column("timestamps_s", result.timestamps_s, _SECOND)
            writer.column("corrupt_frames", np.flatnonzero(result.corrupt))
            with writer.block("people", b"["):
                for person in result.people:
                    _write_person(writer, person)
        stream.write(b"\n")


def _write_provenance(writer: ColumnWriter, provenance: Provenance) -> None:
    with writer.block("provenance"):
        writer.value("input_name", provenance.input_name)
        writer.value("input_sha256", provenance.input_sha256)
        writer.value("input_size_bytes", provenance.input_size_bytes)
        writer.value("vidpose_version", provenance.vidpose_version)
        writer.value("packages", dict(sorted(provenance.packages.items())))
        writer.value("estimator", provenance.estimator)
        writer.value("model_files", dict(sorted(provenance.model_files.items())))
        writer.value("config", provenance.config)
        writer.value("config_sha256", provenance.config_sha256)
        writer.value("segments", provenance.segments)


def _write_legends(writer: ColumnWriter) -> None:
    with writer.block("legends"):
        writer.value("landmark_status", STATUS_WORDS)
        writer.value("angle_status", ANGLE_STATUS_WORDS)
        writer.value("facing", FACING_WORDS)
        writer.value("best_source", BEST_SOURCE_WORDS)


def _write_person(writer: ColumnWriter, person: Person) -> None:
    with writer.block(None):
        writer.value("id", person.id)
        writer.value("body_height_px", finite(person.analysis.body_height_px, _PX))
        writer.value("findings", [finding.as_dict() for finding in person.analysis.findings])
        _write_raw(writer, person.track)
        _write_filtered(writer, person)
        writer.column("facing", person.analysis.facing)
        _write_angles(writer, person)
        _write_best(writer, person.analysis.best)
        writer.column("yaw_deg", person.analysis.yaw_rad, _DEGREE, factor=DEGREES_PER_RADIAN)
        with writer.block("centre_of_mass"):
            for axis, name in enumerate(("x_px", "y_px")):
                writer.column(name, person.analysis.com_px[:, axis], _PX)
        metrics = person.analysis.metrics
        writer.value("metrics", [metric_entry(value, DICTIONARY[value.metric_id]) for value in metrics])
        writer.value("events", [event_entry(event) for event in person.analysis.events])


def _write_positions(writer: ColumnWriter, image_px: npt.NDArray[Any], world_m: npt.NDArray[Any]) -> None:
    for axis, name in enumerate(("x_px", "y_px")):
        writer.column(name, image_px[:, :, axis], _PX)
    for axis, name in enumerate(("world_x_m", "world_y_m", "world_z_m")):
        writer.column(name, world_m[:, :, axis], _METRE)


def _write_raw(writer: ColumnWriter, track: PoseTrack) -> None:
    with writer.block("raw"):
        _write_positions(writer, track.image_px, track.world_m)
        writer.column("z_rel", track.z_rel, _METRE)
        writer.column("visibility", track.visibility, _SHARE)
        writer.column("presence", track.presence, _SHARE)
        writer.column("estimated", track.estimated)


def _write_filtered(writer: ColumnWriter, person: Person) -> None:
    filtered = person.analysis.filtered
    with writer.block("filtered"):
        _write_positions(writer, filtered.image_px, filtered.world_m)
        writer.column("status", filtered.status)
        writer.column("stretch", filtered.stretch)


def _write_angles(writer: ColumnWriter, person: Person) -> None:
    angles = person.analysis.angles
    with writer.block("angles"):
        writer.column("value_deg", angles.values_rad, _DEGREE, factor=DEGREES_PER_RADIAN)
        writer.column("status", angles.status)
        writer.column("precision_deg", angles.precision_rad, _DEGREE, factor=DEGREES_PER_RADIAN)
        writer.column("expected_error_deg", angles.expected_error_rad, _DEGREE, factor=DEGREES_PER_RADIAN)
        writer.column("valid", angles.valid.astype(np.uint8))


def _write_best(writer: ColumnWriter, best: BestAngles | None) -> None:
    if best is None:
        writer.value("best_flexion", None)
        return
    with writer.block("best_flexion"):
        writer.value("ids", best.ids)
        writer.column("value_deg", best.values_rad, _DEGREE, factor=DEGREES_PER_RADIAN)
        writer.column("source", best.source)
        writer.column("expected_error_deg", best.expected_error_rad, _DEGREE, factor=DEGREES_PER_RADIAN)
        writer.column("valid", best.valid.astype(np.uint8))

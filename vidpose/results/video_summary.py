"""The summary of one video: a page of numbers and findings, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from vidpose.biomech.grades import grade_answers
from vidpose.results.angle_terms import angle_terms
from vidpose.results.video_result import DEGREES_PER_RADIAN, Person, Provenance, VideoResult, finite, video_facts
from vidpose.state.atomic import write_bytes
from vidpose.state.json_text import json_bytes
from vidpose.types.motion import AngleSummary, Facing, SideDifference

SCHEMA: Final = "vidpose.summary"
SCHEMA_VERSION: Final = "2.1.0"


def write_summary(path: Path, result: VideoResult, provenance: Provenance) -> None:
    """Write the summary of one video, atomically.

    Parameters
    ----------
    path
        The ``.json`` file to write.
    result
        The video's people; none is allowed.
    provenance
        Gives the input's name and hash, the settings' fingerprint and the findings.
    """
    text = json_bytes(summarise_video(result, provenance), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write_bytes(path, text)


def summarise_video(result: VideoResult, provenance: Provenance) -> dict[str, Any]:
    """Return the summary as plain JSON values; what is withheld is None, angles are in degrees."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "vidpose_version": provenance.vidpose_version,
        "input_name": provenance.input_name,
        "input_sha256": provenance.input_sha256,
        "config_sha256": provenance.config_sha256,
        "video": video_facts(result),
        "findings": [finding.as_dict() for finding in provenance.findings],
        "corrupt_frames": int(result.corrupt.sum()),
        "people": [_person(person) for person in result.people],
    }


def _person(person: Person) -> dict[str, Any]:
    """Return one person; shares are of the estimated frames, because what was left out on request is no loss."""
    analysis, estimated = person.analysis, person.track.estimated
    with_angle = np.any(np.isfinite(analysis.angles.values_rad), axis=1)
    return {
        "id": person.id,
        "estimated_share": _share(estimated),
        "found_share": _share(person.track.found[estimated]),
        "frames_with_any_angle_share": _share(with_angle[estimated]),
        "median_visibility": _median(person.track.visibility[person.track.found]),
        "body_height_px": finite(analysis.body_height_px, 1),
        "facing_share": {facing.name.lower(): _share(analysis.facing[estimated] == facing) for facing in Facing},
        "grades": [grade.as_dict() for grade in grade_answers(analysis)],
        "angles": [_angle(summary) for summary in analysis.summaries],
        "right_minus_left": [_difference(side) for side in analysis.side_differences],
        "findings": [finding.as_dict() for finding in analysis.findings],
    }


def _angle(summary: AngleSummary) -> dict[str, Any]:
    """Return one angle; degrees are over its valid values, ``value_share`` also counts those not to rely on."""
    return {
        "id": summary.angle_id,
        "label": angle_terms(summary.angle_id)["label"],
        "min_deg": _degrees(summary.min_rad),
        "max_deg": _degrees(summary.max_rad),
        "mean_deg": _degrees(summary.mean_rad),
        "range_of_motion_deg": _degrees(summary.range_rad),
        "valid_share": finite(summary.valid_share, 4),
        "value_share": finite(summary.value_share, 4),
        "measured_share": finite(summary.measured_share, 4),
        "withheld_frames": {status.lower(): count for status, count in summary.withheld.items()},
    }


def _difference(side: SideDifference) -> dict[str, Any]:
    return {
        "joint": side.joint,
        "mean_deg": _degrees(side.mean_rad),
        "range_of_motion_deg": _degrees(side.range_rad),
        "frames": side.n_frames,
    }


def _degrees(angle_rad: float) -> float | None:
    return finite(angle_rad * DEGREES_PER_RADIAN, 2)


def _median(values: Any) -> float | None:
    """Return the median of the known values; None when there are none."""
    known = np.asarray(values)[np.isfinite(values)]
    return finite(float(np.median(known)), 3) if known.size else None


def _share(frames: Any) -> float | None:
    """Return the share of True; None when there are no frames."""
    return finite(float(np.mean(frames)), 4) if len(frames) else None

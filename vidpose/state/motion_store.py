"""Analyses of all people of one video as the render stage needs them: without metrics, precision and centre of mass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from vidpose.errors import OutputError
from vidpose.state.archive import Array, damaged, load_archive, map_archive, save_archive
from vidpose.types.findings import Finding
from vidpose.types.motion import AngleSeries, AngleSummary, MotionAnalysis, SideDifference
from vidpose.types.pose import FilteredTrack

_KIND: Final = "vidpose.motion/2"
_FILTERED: Final = tuple(item.name for item in fields(FilteredTrack))
_SERIES: Final = ("values_rad", "velocity_rad_s", "status", "valid")
_SUMMARY: Final = ("min_rad", "max_rad", "mean_rad", "range_rad", "valid_share", "value_share", "measured_share")


def save_motion(path: Path, analyses: Sequence[MotionAnalysis]) -> None:
    """Write the analyses of all people, in order, atomically."""
    arrays: dict[str, Array] = {}
    for number, analysis in enumerate(analyses):
        arrays |= {f"person{number}.{name}": array for name, array in _arrays(analysis).items()}
    save_archive(path, _KIND, {"people": [_header(analysis) for analysis in analyses]}, arrays)


def load_motion(path: Path) -> list[MotionAnalysis]:
    """Read what :func:`save_motion` wrote; the series stay in the file until they are used.

    Raises
    ------
    OutputError
        When the file is missing, damaged or of another kind.
    """
    header, arrays = map_archive(path, _KIND)
    try:
        return [
            _analysis(person, {name: arrays.get(f"person{number}.{name}") for name in _ARRAY_NAMES})
            for number, person in enumerate(header["people"])
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path, _KIND, error) from error


def is_motion(path: Path) -> bool:
    """Return whether a file holds analyses; its arrays are not read."""
    try:
        load_archive(path, _KIND, only=())
    except OutputError:
        return False
    return True


_ARRAY_NAMES: Final = (
    *(f"filtered.{name}" for name in _FILTERED),
    *(f"angles.{name}" for name in _SERIES),
    *("facing", "speed_bh_s", "speed_m_s", "body_height_px", "summaries", "side_differences"),
)


def _arrays(analysis: MotionAnalysis) -> dict[str, Array]:
    """Return everything that may be NaN as arrays, because JSON has no NaN."""
    arrays: dict[str, Any] = {f"filtered.{name}": getattr(analysis.filtered, name) for name in _FILTERED}
    arrays |= {f"angles.{name}": getattr(analysis.angles, name) for name in _SERIES}
    arrays |= {"facing": analysis.facing, "speed_bh_s": analysis.speed_bh_s}
    if analysis.speed_m_s is not None:
        arrays["speed_m_s"] = analysis.speed_m_s
    arrays["body_height_px"] = np.float64(analysis.body_height_px)
    rows = [[getattr(summary, name) for name in _SUMMARY] for summary in analysis.summaries]
    arrays["summaries"] = np.array(rows, np.float64).reshape(-1, len(_SUMMARY))
    pairs = [[side.mean_rad, side.range_rad] for side in analysis.side_differences]
    arrays["side_differences"] = np.array(pairs, np.float64).reshape(-1, 2)
    return arrays


def _header(analysis: MotionAnalysis) -> dict[str, Any]:
    return {
        "angle_ids": analysis.angles.ids,
        "summaries": [[summary.angle_id, summary.withheld] for summary in analysis.summaries],
        "side_differences": [[side.joint, side.n_frames] for side in analysis.side_differences],
        "findings": [astuple(finding) for finding in analysis.findings],
    }


def _analysis(header: dict[str, Any], arrays: dict[str, Any]) -> MotionAnalysis:
    return MotionAnalysis(
        filtered=FilteredTrack(**{name: arrays[f"filtered.{name}"] for name in _FILTERED}),
        facing=arrays["facing"],
        angles=AngleSeries(tuple(header["angle_ids"]), **{name: arrays[f"angles.{name}"] for name in _SERIES}),
        speed_bh_s=arrays["speed_bh_s"],
        speed_m_s=arrays["speed_m_s"],
        body_height_px=float(arrays["body_height_px"]),
        summaries=tuple(
            AngleSummary(angle_id, **dict(zip(_SUMMARY, map(float, row), strict=True)), withheld=withheld)
            for (angle_id, withheld), row in zip(header["summaries"], arrays["summaries"], strict=True)
        ),
        side_differences=tuple(
            SideDifference(joint, float(mean), float(spread), n_frames)
            for (joint, n_frames), (mean, spread) in zip(
                header["side_differences"], arrays["side_differences"], strict=True
            )
        ),
        findings=tuple(Finding(*finding) for finding in header["findings"]),
    )

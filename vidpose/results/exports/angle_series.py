"""Angles of one person as tables for OpenSim: by our names, and by the coordinates of a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from vidpose.biomech.angles import wrap
from vidpose.biomech.conventions import ANGLE_BY_ID, ANGLES
from vidpose.results.exports.export_settings import OpensimModel
from vidpose.results.exports.note import usual_status
from vidpose.results.exports.opensim_tables import AngleTable
from vidpose.results.exports.resampling import UniformTimes, resample
from vidpose.results.video_result import Person
from vidpose.types.arrays import FloatArray
from vidpose.types.motion import AngleStatus

_LEGS: Final = (("hip_flexion", "hip_flexion", 1), ("knee_angle", "knee_flexion", 1))
_ANKLE: Final = ("ankle_angle", "ankle_dorsiflexion", 1)
MODEL_COORDINATES: Final[dict[OpensimModel, tuple[tuple[str, str, int], ...]]] = {
    "gait2392": (("hip_flexion", "hip_flexion", 1), ("knee_angle", "knee_flexion", -1), _ANKLE),
    "rajagopal2016": (*_LEGS, _ANKLE, ("arm_flex", "shoulder_flexion", 1), ("elbow_flex", "elbow_flexion", 1)),
}
"""Coordinate of the model without side, our angle without side, and the sign between them.

Flexion of the knee is negative in gait2392 and positive in Rajagopal's full-body model. The model's hip is measured
against the pelvis and ours against the trunk, because two hip landmarks do not show the tilt of the pelvis.
"""


def frame_angles(person: Person) -> AngleTable:
    """Return all angles at the times of the frames."""
    angles = person.analysis.angles
    return AngleTable(
        person.analysis.filtered.timestamps_s, angles.ids, angles.values_rad, tuple(range(len(angles.ids)))
    )


def uniform_angles(person: Person, uniform: UniformTimes) -> AngleTable:
    """Return all angles at constant times.

    Between frames the cosine and the sine are interpolated, so an angle that passes the border of its range takes the
    short way.

    Parameters
    ----------
    person
        The angles.
    uniform
        The wanted times.
    """
    angles, filtered = person.analysis.angles, person.analysis.filtered
    times_s = uniform.at_s(slice(0, uniform.n))
    if uniform.exact:
        return AngleTable(times_s, angles.ids, angles.values_rad, tuple(range(len(angles.ids))))
    turns = np.array([_turns(angle_id) for angle_id in angles.ids])
    circle = np.stack([np.cos(turns * angles.values_rad), np.sin(turns * angles.values_rad)], axis=2)
    sampled = resample(circle, filtered.timestamps_s, filtered.stretch, uniform)
    values_rad = np.arctan2(sampled[..., 1], sampled[..., 0]) / turns
    return AngleTable(times_s, angles.ids, _in_range(values_rad), tuple(range(len(angles.ids))))


def model_angles(table: AngleTable, model: OpensimModel) -> AngleTable:
    """Return the angles that a model knows, by its coordinates' names and signs.

    Parameters
    ----------
    table
        All angles by our names.
    model
        The model.
    """
    rows = [(coordinate, angle, sign, side) for coordinate, angle, sign in MODEL_COORDINATES[model] for side in "rl"]
    chosen = [table.names.index(f"{angle}_{side}") for _, angle, _, side in rows]
    names = tuple(f"{coordinate}_{side}" for coordinate, _, _, side in rows)
    signs = np.array([float(sign) for _, _, sign, _ in rows])
    sources = tuple(table.sources[column] for column in chosen)
    return AngleTable(table.times_s, names, table.values_rad[:, chosen] * signs, sources)


def absent_angles(person: Person, table: AngleTable, columns: Sequence[int]) -> dict[str, str]:
    """Return the usual status of the angles in some columns, by name.

    Parameters
    ----------
    person
        Whose angles they are.
    table
        Made of them.
    columns
        Columns of the table that a file does not have.
    """
    analysis = person.analysis
    # outside of all stretches everything is missing, which says nothing
    status = analysis.angles.status[analysis.filtered.stretch >= 0]
    given = (AngleStatus.MEASURED, AngleStatus.IMPUTED)
    return {
        table.names[column]: usual_status(status[:, table.sources[column]], AngleStatus, given) for column in columns
    }


def _turns(angle_id: str) -> float:
    """Return how often an angle goes round while its line goes round once; an included angle never wraps."""
    row = ANGLE_BY_ID[angle_id]
    return 1.0 if row.kind == "included_3d" else 360.0 / row.period_deg


def _in_range(values_rad: FloatArray) -> FloatArray:
    result = values_rad.copy()
    for column, row in enumerate(ANGLES):
        if row.kind != "included_3d":
            result[:, column] = wrap(
                result[:, column], float(np.deg2rad(row.lower_deg)), float(np.deg2rad(row.period_deg))
            )
    return result

"""The metric dictionary: one table of everything that is measured of a movement as a whole.

Files, headers, ``docs/metrics.md`` and the words of reports come from it; every room adds the rows that it measures.
"""

from __future__ import annotations

from typing import Final

from vidpose.biomech.balance.balance_metrics import METRICS as BALANCE
from vidpose.biomech.gait.gait_metrics import METRICS as GAIT
from vidpose.biomech.jumping.jump_metrics import METRICS as JUMPING
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.scale.scale_metrics import METRICS as SCALE
from vidpose.biomech.smoothness.smoothness_metrics import METRICS as SMOOTHNESS
from vidpose.biomech.symmetry.symmetry_metrics import METRICS as SYMMETRY

ROOMS: Final[dict[str, tuple[MetricRow, ...]]] = {
    "Camera and scale": SCALE,
    "Centre of mass, balance and posture": BALANCE,
    "Gait": GAIT,
    "Jumps": JUMPING,
    "Symmetry": SYMMETRY,
    "Smoothness and consistency": SMOOTHNESS,
}
"""Rows by their heading, in the order in which they are measured."""

DICTIONARY: Final[dict[str, MetricRow]] = {row.id: row for rows in ROOMS.values() for row in rows}
"""Every row by its identifier."""

if len(DICTIONARY) != sum(map(len, ROOMS.values())):
    raise ValueError("two metrics have one identifier")

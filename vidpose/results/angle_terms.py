"""The definition of each angle as it is written into results."""

from __future__ import annotations

from typing import Any

from vidpose.biomech.conventions import ANGLE_BY_ID


def angle_terms(angle_id: str) -> dict[str, Any]:
    """Return what a number under this name means, plain JSON values.

    Raises
    ------
    KeyError
        When the conventions have no such angle.
    """
    row = ANGLE_BY_ID[angle_id]
    return {
        "id": row.id,
        "label": row.label,
        "unit": "deg",
        "kind": row.kind,
        "zero": row.zero,
        "positive": row.positive,
        "range_deg": [row.lower_deg, row.lower_deg + row.period_deg],
        "plane": row.plane,
        "points": list(row.points),
        "views": [view.name.lower() for view in row.views],
        "source": row.source,
        "note": row.note,
    }

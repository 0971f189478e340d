"""Definition of one metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from vidpose.biomech.conventions import ANY_VIEW
from vidpose.types.metrics import MetricSide
from vidpose.types.motion import Facing

Unit = Literal[
    "rad", "rad/s", "m", "m/s", "s", "1/s", "body_heights", "body_heights/s", "share", "count", "none", "score"
]

DISPLAY_UNITS: Final[dict[Unit, tuple[str, str, float]]] = {
    "rad": ("deg", "°", 57.29577951308232),
    "rad/s": ("deg_s", "°/s", 57.29577951308232),
    "m": ("m", "m", 1.0),
    "m/s": ("m_s", "m/s", 1.0),
    "s": ("s", "s", 1.0),
    "1/s": ("per_min", "per minute", 60.0),
    "body_heights": ("bh", "body heights", 1.0),
    "body_heights/s": ("bh_s", "body heights/s", 1.0),
    "share": ("pct", "%", 100.0),
    "count": ("n", "", 1.0),
    "none": ("", "", 1.0),
    "score": ("points", "points of 100", 1.0),
}
"""Internal unit: suffix in file headers, words for people, factor from the internal value to the shown one."""

Plane = Literal["sagittal", "frontal", "image", "any"]
"""Plane that the metric belongs to; ``image``: whatever plane the camera sees."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """Definition of one metric.

    Attributes
    ----------
    id, label
        Name in files; name for people.
    definition
        One sentence that a reader can check the number by.
    formula
        The formula, in words or symbols.
    unit
        Internal unit, see :data:`DISPLAY_UNITS`.
    positive, zero
        What a positive value means; what zero means.
    landmarks
        Landmarks or derived points that it needs, without side (``knee``) where both sides are meant.
    source
        Where the definition comes from.
    plane
        Plane that it is measured in.
    views
        Views of the person in which it is given.
    sides
        Sides that it is given for.
    min_rate_hz
        Lowest frame rate, Hz, at which it is given; 0 for any.
    needs_height
        Whether it is a length or speed in metres, which takes the person's standing height.
    still_camera
        Whether it assumes a stationary camera. Nothing but the feet can show that, so it is given all the same.
    decimals
        Digits after the point in the shown unit.
    note
        Further remarks for the reader.
    """

    id: str
    label: str
    definition: str
    formula: str
    unit: Unit
    positive: str
    zero: str
    landmarks: tuple[str, ...]
    source: str
    plane: Plane = "any"
    views: tuple[Facing, ...] = ANY_VIEW
    sides: tuple[MetricSide, ...] = ("none",)
    min_rate_hz: float = 0.0
    needs_height: bool = False
    still_camera: bool = False
    decimals: int = 2
    note: str = ""

    @property
    def factor(self) -> float:
        """Factor from the internal value to the shown one."""
        return DISPLAY_UNITS[self.unit][2]

    @property
    def shown_unit(self) -> str:
        """Unit for people."""
        return DISPLAY_UNITS[self.unit][1]

    @property
    def column(self) -> str:
        """Name with the unit behind it, for headers."""
        suffix = DISPLAY_UNITS[self.unit][0]
        return f"{self.id}_{suffix}" if suffix else self.id

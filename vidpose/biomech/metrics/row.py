"""Definition of one metric."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from vidpose.biomech.conventions import ANY_VIEW
from vidpose.biomech.points import POINT_NAMES
from vidpose.errors import UsageError, did_you_mean
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

VIEW_WORDS: Final = {view.name.lower(): view for view in Facing}
"""Views by their names: ``right`` and ``left`` are where the person faces in a side view."""
_MAX_NAMES: Final = 20  # that an error lists


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
        Of what the function returns, see :data:`DISPLAY_UNITS`: ``rad`` is shown in degrees, ``share`` in percent,
        ``1/s`` per minute.
    positive, zero
        What a positive value means; what zero means.
    landmarks
        Landmarks or derived points that it needs, without side (``knee``) where those of the metric's side, or of both
        sides, are meant.
    source
        Where the definition comes from.
    plane
        Plane that it is measured in.
    views
        Views of the person in which it is given: ``right`` and ``left`` (the person faces there, side view), ``front``,
        ``back``, ``unknown``; all when left out. They are stored as :class:`~vidpose.types.motion.Facing`.
    sides
        Sides that it is given for: ``left``, ``right``, ``both`` (a comparison or mean), ``none`` (the whole body).
    min_rate_hz
        Lowest frame rate, Hz, at which it is given; 0 for any.
    needs_height
        Whether it takes the person's standing height. If so, the function of a metric in m or m/s returns body heights
        (per second), which are multiplied by the height afterwards; if not, it returns metres.
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
    views: tuple[Facing | str, ...] = ANY_VIEW
    sides: tuple[MetricSide, ...] = ("none",)
    min_rate_hz: float = 0.0
    needs_height: bool = False
    still_camera: bool = False
    decimals: int = 2
    note: str = ""

    def __post_init__(self) -> None:
        _check(self.id, "plane", (self.plane,), get_args(Plane))
        hint = "; rad is shown in degrees, share in %, 1/s per minute"
        _check(self.id, "unit", (self.unit,), DISPLAY_UNITS, hint)
        for name, known in (("views", VIEW_WORDS), ("sides", get_args(MetricSide)), ("landmarks", POINT_NAMES)):
            given = getattr(self, name)
            if isinstance(given, str) or not isinstance(given, Collection) or not (given or name == "landmarks"):
                raise UsageError(f"metric {self.id}, {name}: expected a tuple of names, got {given!r}")
            _check(self.id, name, [one for one in given if not isinstance(one, Facing)], known)
            words = VIEW_WORDS if name == "views" else {}
            object.__setattr__(self, name, tuple(words.get(one, one) for one in given))

    @property
    def per_height(self) -> bool:
        """Whether the function returns body heights (per second), which are multiplied by the person's height."""
        return self.needs_height and self.unit in ("m", "m/s")

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


def _check(metric_id: str, field: str, given: Collection[Any], known: Collection[str], hint: str = "") -> None:
    for one in given:
        if one not in known:
            names = ", ".join(known)
            expected = f"one of {names}" if len(known) < _MAX_NAMES else "landmarks, with or without their side"
            ending = hint or did_you_mean(one, known)
            raise UsageError(f"metric {metric_id}, {field}: expected {expected}, got {one!r}{ending}")

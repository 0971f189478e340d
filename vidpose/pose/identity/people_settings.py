"""Thresholds that decide who counts as a person, as the same person, and as the main person."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

_NUMBER: Final = r"\s*(\d+(?:\.\d*)?)\s*"
_PLACE: Final = re.compile(f"{_NUMBER}[,;]{_NUMBER}(?:@{_NUMBER}s?\\s*)?")


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """A point of the upright picture, pixels; ``time_s`` is None for the first frame that shows somebody there."""

    x_px: float
    y_px: float
    time_s: float | None = None

    @classmethod
    def read(cls, text: str) -> PicturePlace:
        """Read ``X,Y`` or ``X,Y@SECONDS``.

        Raises
        ------
        ValueError
            When the text is neither.
        """
        found = _PLACE.fullmatch(text)
        if found is None:
            raise ValueError(
                f"person_at: expected X,Y or X,Y@SECONDS, in pixels of the upright picture, such as 640,360@2.5, "
                f"got {text!r}"
            )
        x, y, seconds = found.groups()
        return cls(float(x), float(y), None if seconds is None else float(seconds))


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """Who counts as a person, as the same person across two chains, and as the main person.

    Attributes
    ----------
    person
        Number of the main person, as a run without this setting numbers people; None: the most prominent one.
    person_at
        Where the main person is: a place in the picture, ``"X,Y"`` or ``"X,Y@SECONDS"``, pixels; None: not given.
    min_seen_s
        People seen for less time are taken for false detections, s. Ours: reflections and objects last some frames.
    min_seen_share
        In short videos, the share of the video that suffices instead. Ours.
    moving_bh
        From this much movement on a person's prominence does not grow with it, body heights. Ours.
    max_disagreement
        Torso lengths between the two sides of a border above which they show different people. Ours: the two sides of
        one person differed by up to 0.25; neighbours stand 1 or more apart.
    max_appearance_distance
        Distance between appearances, 0 to 1, above which they belong to different people. Ours.
    clear_margin
        The choice of the main person is reported as unclear when the runner-up is less prominent by less than this
        share. Ours.
    """

    person: int | None = None
    person_at: str | None = None
    min_seen_s: float = 0.5
    min_seen_share: float = 0.2
    moving_bh: float = 0.05
    max_disagreement: float = 0.6
    max_appearance_distance: float = 0.30
    clear_margin: float = 0.2

    def __post_init__(self) -> None:
        self._check_person()
        if self.min_seen_s < 0:
            raise ValueError(f"min_seen_s: expected 0 or more, got {self.min_seen_s}")
        if self.max_disagreement <= 0:
            raise ValueError(f"max_disagreement: expected more than 0, got {self.max_disagreement}")
        if not 0.0 < self.moving_bh < math.inf:
            raise ValueError(f"moving_bh: expected a finite number above 0, got {self.moving_bh}")
        for name in ("min_seen_share", "max_appearance_distance", "clear_margin"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")

    def _check_person(self) -> None:
        if self.person is not None and self.person < 0:
            raise ValueError(f"person: expected 0 or more, got {self.person}")
        if self.person_at is not None:
            PicturePlace.read(self.person_at)
            if self.person is not None:
                raise ValueError("person_at: expected either person or person_at, got both")

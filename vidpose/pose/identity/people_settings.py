"""Thresholds that decide who counts as a person, and as the same person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """Who counts as a person, and as the same person across two chains.

    Attributes
    ----------
    min_seen_s
        People seen for less time are taken for false detections, s. Ours: reflections and objects last some frames.
    min_seen_share
        In short videos, the share of the video that suffices instead. Ours.
    max_disagreement
        Torso lengths between the two sides of a border above which they show different people. Ours: the two sides of
        one person differed by up to 0.25; neighbours stand 1 or more apart.
    max_appearance_distance
        Distance between appearances, 0 to 1, above which they belong to different people. Ours.
    clear_margin
        The choice of the main person is reported as unclear when the runner-up is less prominent by less than this
        share. Ours.
    """

    min_seen_s: float = 0.5
    min_seen_share: float = 0.2
    max_disagreement: float = 0.6
    max_appearance_distance: float = 0.30
    clear_margin: float = 0.2

    def __post_init__(self) -> None:
        if self.min_seen_s < 0:
            raise ValueError(f"min_seen_s: expected 0 or more, got {self.min_seen_s}")
        if self.max_disagreement <= 0:
            raise ValueError(f"max_disagreement: expected more than 0, got {self.max_disagreement}")
        for name in ("min_seen_share", "max_appearance_distance", "clear_margin"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")

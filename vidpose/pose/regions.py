"""What passes between finding people, cutting them out and reading their landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vidpose.pose.estimator import FramePose
from vidpose.types.arrays import FloatArray
from vidpose.types.picture import Picture


@dataclass(frozen=True, slots=True)
class Region:
    """A turned square of the upright picture, which the landmark network gets to see.

    ``centre_x_px``, ``centre_y_px`` and ``side_px`` are pixels; ``rotation_rad`` turns the square clockwise as seen
    (y runs down): 0 for an upright person.
    """

    centre_x_px: float
    centre_y_px: float
    side_px: float
    rotation_rad: float


@dataclass(frozen=True, slots=True)
class Detection:
    """A person found in one frame without knowing the frames before.

    Attributes
    ----------
    score
        Confidence in [0, 1].
    box_px
        Left, top, right, bottom in pixels of the upright picture.
    region
        Where to look for the landmarks.
    rough
        True when the region follows from a box alone: the landmarks are then estimated twice, the second time in the
        region that the first ones give.
    """

    score: float
    box_px: tuple[float, float, float, float]
    region: Region
    rough: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Landmarked:
    """What the landmark network says of one region.

    Attributes
    ----------
    pose
        The landmarks, in pixels of the upright picture.
    presence
        Probability in [0, 1] that the region shows a person.
    aux_px
        The two auxiliary points, mid-hip and a point on the circle around the body, shape (2, 2), pixels.
    """

    pose: FramePose
    presence: float
    aux_px: FloatArray


class Detector(Protocol):
    """Finds everybody in a frame."""

    def detect(self, picture: Picture) -> Sequence[Detection]:
        """Return the people found, most confident first, overlapping findings of one person merged."""
        ...


class Landmarker(Protocol):
    """Reads landmarks in given regions of a frame."""

    def landmarks(self, picture: Picture, regions: Sequence[Region]) -> list[Landmarked]:
        """Return one answer per region, in order."""
        ...

"""What detectors and landmark networks exchange: regions, detections, landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vidpose.pose.estimator import FramePose
from vidpose.types.arrays import FloatArray
from vidpose.types.picture import Picture


@dataclass(frozen=True, slots=True)
class Region:
    """A rotated square of the upright picture, the input of the landmark network.

    ``centre_x_px``, ``centre_y_px`` and ``side_px`` are pixels; ``rotation_rad`` turns the square clockwise as seen
    (y runs down): 0 for an upright person.
    """

    centre_x_px: float
    centre_y_px: float
    side_px: float
    rotation_rad: float


@dataclass(frozen=True, slots=True)
class Detection:
    """A person detected in one frame without knowledge of earlier frames.

    Attributes
    ----------
    score
        Confidence in [0, 1].
    box_px
        Left, top, right, bottom in pixels of the upright picture.
    region
        Where to read the landmarks.
    rough
        True when the region was derived from a box alone: landmarks are then read twice, the second time in the region
        that the first reading gives.
    """

    score: float
    box_px: tuple[float, float, float, float]
    region: Region
    rough: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Landmarked:
    """Result of the landmark network for one region.

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
    """Detects all people in a frame."""

    def detect(self, picture: Picture) -> Sequence[Detection]:
        """Return the people detected, most confident first, overlapping detections of one person merged."""
        ...


class Landmarker(Protocol):
    """Reads landmarks in given regions of a frame."""

    def landmarks(self, picture: Picture, regions: Sequence[Region]) -> list[Landmarked]:
        """Return one result per region, in order."""
        ...

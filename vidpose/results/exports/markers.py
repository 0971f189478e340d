"""Landmarks of one person as markers: right-handed axes, X to the right of the picture, Y up, Z towards the camera."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.body_size import metres_per_pixel, world_height_m
from vidpose.results.exports.resampling import UniformTimes, resample
from vidpose.results.video_result import Person, chunks
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.motion import MotionAnalysis
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

_FEET: Final = [
    LANDMARK_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("heel", "foot_index", "ankle")
]
_FLOOR_QUANTILE: Final = 0.95  # ours: the lowest the feet are for long, not the lowest outlier


@dataclass(frozen=True, slots=True)
class BodyScale:
    """What turns one person's pixels into metres.

    Attributes
    ----------
    metres_per_px
        In the plane in which the person moves; NaN when the height is not known.
    floor_y_px
        Where the floor is, down in the picture; NaN when nothing is known of it.
    world_factor
        What brings the world landmarks to the athlete's size; NaN when the athlete's height is not known, then they
        keep the size that the pose model gives.
    """

    metres_per_px: float = math.nan
    floor_y_px: float = math.nan
    world_factor: float = math.nan


def body_scale(analysis: MotionAnalysis, height_m: float | None) -> BodyScale:
    """Return the scale that follows from the person's height.

    The floor is where the lower foot stands for long: the 95 % quantile of the lowest landmark of the feet (ours).

    Parameters
    ----------
    analysis
        Gives the height in pixels and the feet.
    height_m
        Standing height, m, or None.
    """
    y_px = analysis.filtered.image_px[:, _FEET, 1]
    lowest_px = np.fmax.reduce(y_px, axis=1) if len(y_px) else np.empty(0)
    lowest_px = lowest_px[np.isfinite(lowest_px)]
    floor_y_px = float(np.quantile(lowest_px, _FLOOR_QUANTILE)) if len(lowest_px) else math.nan
    metres_per_px = float(metres_per_pixel(analysis.body_height_px, height_m))
    world_factor = math.nan if height_m is None else height_m / world_height_m(analysis.filtered.world_m)
    return BodyScale(metres_per_px, floor_y_px, world_factor)


@dataclass(frozen=True, slots=True)
class MarkerSet:
    """Markers of one person at constant times.

    Attributes
    ----------
    name
        ``"2d"`` or ``"3d"``.
    content
        What the numbers are, for people.
    unit
        ``"px"`` or ``"m"``.
    uniform
        The times.
    samples
        Landmarks as they are known, shape (n, 33, d), d 2 or 3; NaN is missing. Turned over only when they are read.
    factor, origin
        A coordinate is ``factor * sample + origin``, each of shape (d,).
    columns
        Numbers of the landmarks that are there at least once.
    """

    name: str
    content: str
    unit: str
    uniform: UniformTimes
    samples: FloatArray
    factor: FloatArray
    origin: FloatArray
    columns: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the markers that are there at least once."""
        return tuple(LANDMARK_NAMES[column] for column in self.columns)

    @property
    def valid(self) -> BoolArray:
        """True where a marker is there, shape (n, markers)."""
        columns = list(self.columns)
        return np.concatenate([np.isfinite(self.samples[rows, columns, 0]) for rows in chunks(len(self.samples))])

    def points(self, rows: slice, columns: tuple[int, ...]) -> FloatArray:
        """Return some markers in some rows, shape (rows, columns, 3); in two dimensions Z is 0.

        Parameters
        ----------
        rows
            Consecutive samples.
        columns
            Numbers of landmarks.
        """
        known = self.samples[rows][:, list(columns)] * self.factor + self.origin
        points = np.where(np.isfinite(known[..., :1]), 0.0, np.nan) * np.ones(3)
        points[..., : known.shape[2]] = known
        return points


def flat_markers(person: Person, uniform: UniformTimes, scale: BodyScale, picture_height_px: int) -> MarkerSet:
    """Return the landmarks in the picture: in metres above the floor when the scale is known, else in pixels.

    Parameters
    ----------
    person
        The landmarks.
    uniform
        The times.
    scale
        Metres per pixel and the floor.
    picture_height_px
        Without a scale, Y is counted from the lower edge of the picture.
    """
    metric = math.isfinite(scale.metres_per_px) and math.isfinite(scale.floor_y_px)
    unit_per_px, floor_px = (scale.metres_per_px, scale.floor_y_px) if metric else (1.0, float(picture_height_px))
    content = (
        "landmarks in the picture plane; X from the left edge of the picture, Y from the floor, Z 0"
        if metric
        else "landmarks in the picture; X from its left edge, Y from its lower edge, Z 0; not for OpenSim models"
    )
    return _markers(
        ("2d", content, "m" if metric else "px"),
        (person, uniform, person.analysis.filtered.image_px),
        np.array([unit_per_px, -unit_per_px]),
        np.array([0.0, floor_px * unit_per_px]),
    )


def world_markers(person: Person, uniform: UniformTimes, scale: BodyScale) -> MarkerSet:
    """Return the world landmarks in metres, origin mid-hip.

    Parameters
    ----------
    person
        The landmarks.
    uniform
        The times.
    scale
        Factor from the model's metres to the athlete's.
    """
    known = math.isfinite(scale.world_factor)
    # From x right, y down, z away: turning two axes over keeps the body right-handed.
    factor = (scale.world_factor if known else 1.0) * np.array([1.0, -1.0, -1.0])
    whose = "the athlete's size" if known else "the size that the pose model gives"
    content = f"world landmarks of the pose model, {whose}; origin mid-hip, so the body does not travel; weak depth"
    return _markers(("3d", content, "m"), (person, uniform, person.analysis.filtered.world_m), factor, np.zeros(3))


def _markers(
    words: tuple[str, str, str],
    source: tuple[Person, UniformTimes, FloatArray],
    factor: FloatArray,
    origin: FloatArray,
) -> MarkerSet:
    person, uniform, positions = source
    filtered = person.analysis.filtered
    samples = resample(positions, filtered.timestamps_s, filtered.stretch, uniform)
    seen = np.any([np.isfinite(samples[rows, :, 0]).any(axis=0) for rows in chunks(len(samples))], axis=0)
    return MarkerSet(*words, uniform, samples, factor, origin, tuple(np.flatnonzero(seen).tolist()))

"""The slope of the floor in the picture, from the positions of the resting feet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import FOOT_POINTS, ContactSettings
from vidpose.types.arrays import BoolArray, FloatArray

_MAX_CONTACTS: Final = 100  # per foot point; more add time, not knowledge
_CAMERA_HEIGHT_BH: Final = 0.6  # usual height of the lens above the floor, body heights, ours


@dataclass(frozen=True, slots=True)
class FloorSettings:
    """When the floor's direction is known.

    Attributes
    ----------
    min_spread_bh
        The contacts of one foot point must be spread over this length, body heights. Ours: two steps.
    min_contacts
        Smallest number of contacts of one foot point.
    max_half_width_rad
        Largest half width of the 95 % interval; above it there is no value. Ours: two degrees, the tolerance of posture
        angles.
    contact
        When a foot point rests.
    """

    min_spread_bh: float = 0.8
    min_contacts: int = 3
    max_half_width_rad: float = float(np.deg2rad(2.0))
    contact: ContactSettings = field(default_factory=ContactSettings)

    def __post_init__(self) -> None:
        if not self.min_spread_bh > 0:
            raise ValueError(f"min_spread_bh: expected more than 0, got {self.min_spread_bh}")
        if self.min_contacts < 3:
            raise ValueError(f"min_contacts: expected at least 3, got {self.min_contacts}")
        if not self.max_half_width_rad > 0:
            raise ValueError(f"max_half_width_rad: expected more than 0, got {self.max_half_width_rad}")


@dataclass(frozen=True, slots=True)
class FloorLine:
    """Direction of the floor in the picture.

    ``angle_rad`` is positive when the floor rises to the right (the camera is rolled clockwise, as the cameraman sees
    it); ``half_width_rad`` half its 95 % interval; both NaN when unknown. ``n_contacts`` counts what it is made of.
    """

    angle_rad: float = float("nan")
    half_width_rad: float = float("nan")
    n_contacts: int = 0


def find_floor(recording: Recording, settings: FloorSettings, contacts: BoolArray) -> FloorLine:
    """Return the direction of the floor from the places where heels and toes rested.

    Each foot point has a line of its own, as the far foot is higher in the picture; the lines share one slope, the
    median of the slopes between contacts of the same point weighted by their distance (after Theil 1950 and Sen
    1968). Who walks obliquely comes nearer, which also tilts the line: the change of the person's size along the way,
    seen by a camera at the usual height, is added to the half width.

    Parameters
    ----------
    recording
        The movement.
    settings
        What is enough.
    contacts
        Result of :func:`~vidpose.biomech.scale.feet.foot_contacts`.
    """
    height_px = recording.body_height_px
    places = _places(recording, contacts)
    slopes: list[FloatArray] = []
    distances: list[FloatArray] = []
    for found in places:
        if len(found) < settings.min_contacts or np.ptp(found[:, 0]) < settings.min_spread_bh * height_px:
            continue
        first, second = np.triu_indices(len(found), k=1)
        across, down = (found[second] - found[first])[:, :2].T
        apart = np.abs(across) > 0.1 * height_px
        slopes.append(-down[apart] / across[apart])  # y grows downwards
        distances.append(np.abs(across[apart]))
    n_contacts = sum(len(found) for found in places)
    if not slopes:
        return FloorLine(n_contacts=n_contacts)
    slope = _weighted_median(np.concatenate(slopes), np.concatenate(distances))
    half_width = _half_width(places, slope, height_px)
    if not half_width <= settings.max_half_width_rad:
        return FloorLine(half_width_rad=half_width, n_contacts=n_contacts)
    return FloorLine(float(np.arctan(slope)), half_width, n_contacts)


def _places(recording: Recording, contacts: BoolArray) -> list[FloatArray]:
    """Return for every foot point its contacts: rows of median x, y and body height, pixels."""
    feet = named_points(recording.filtered.image_px, FOOT_POINTS)
    rows = np.concatenate([feet, np.repeat(recording.local_height_px[:, None, None], len(FOOT_POINTS), axis=1)], axis=2)
    places = []
    for column in range(len(FOOT_POINTS)):
        runs = list(contiguous_runs(contacts[:, column], recording.filtered.stretch))
        step = -(-len(runs) // _MAX_CONTACTS) or 1
        found = [np.median(rows[run, column], axis=0) for run in runs[::step]]
        places.append(np.array(found).reshape(-1, 3))
    return places


def _half_width(places: list[FloatArray], slope: float, height_px: float) -> float:
    """Return half the 95 % interval of the slope, rad: scatter about the lines, and coming nearer along the way."""
    centred = np.concatenate([found - found.mean(axis=0) for found in places if len(found)])
    x, y, size = centred.T
    spread = float(np.sum(x**2))
    if spread == 0 or len(x) <= len(places) + 1:
        return float("nan")
    residual = -y - slope * x
    scatter = 1.96 * np.sqrt(np.sum(residual**2) / (len(x) - len(places) - 1) / spread)
    nearer = np.sum(size * x) / spread  # body heights that the size grows per body height of way
    return float(scatter + abs(nearer) * _CAMERA_HEIGHT_BH * (1.0 if height_px > 0 else np.nan))


def _weighted_median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])

"""Plausibility of the estimated skeleton: constant bone lengths, equal sides, usual proportions.

The criteria are those of FreeMoCap's ``human_shape_violations`` (spread of the stature implied by the bones, variation
over time, mismatch of the sides); thresholds and the comparison with the image are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from vidpose.biomech.long_series import per_frame
from vidpose.biomech.points import named_points
from vidpose.biomech.validity.refine import RefineSettings, pixels_per_metre
from vidpose.types.arrays import BoolArray, FloatArray, frozen
from vidpose.types.findings import Finding
from vidpose.types.motion import AngleSeries
from vidpose.types.pose import FilteredTrack
from vidpose.types.skeleton import Side

_MAD_TO_SIGMA: Final = 1.4826  # standard deviation of a normal distribution per median absolute deviation

USUAL_M: Final[dict[str, float]] = {
    "thigh": 0.40,
    "shank": 0.375,
    "arm": 0.25,
    "forearm": 0.24,
    "trunk": 0.485,
    "shoulders": 0.33,
    "pelvis": 0.22,
    "foot": 0.13,
}
"""Lengths that BlazePose's world landmarks usually have, metres: medians over two dozen clips (ours).

They are not anatomical lengths (the model's feet and hips are short, its landmarks lie in soft tissue), so a person is
compared with other people as estimated by the same model.
"""

_LONG: Final = ("thigh", "shank", "arm", "forearm", "trunk")
"""Bones that are long enough for a relative deviation of their 3-D length to be meaningful."""

_ANGLES: Final = {
    "thigh": ("hip_flexion", "knee_flexion"),
    "shank": ("knee_flexion", "ankle_dorsiflexion"),
    "arm": ("shoulder_flexion", "elbow_flexion"),
    "forearm": ("elbow_flexion", "wrist_flexion"),
    "trunk": ("hip_flexion",),
}
"""Angles that a wrong length touches."""
_MIN_REPORTED: Final = 0.1  # of the frames with a bone in which an angle at it is valid; fewer touch nothing (ours)

_ENDS: Final = {
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
    "foot": ("heel", "foot_index"),
}

Bone = tuple[str, Side, str, str]
"""Name, side, first and last point."""

BONES: Final[tuple[Bone, ...]] = (
    *(
        (name, side, f"{side}_{first}", f"{side}_{last}")
        for name, (first, last) in _ENDS.items()
        for side in ("left", "right")
    ),
    ("trunk", "centre", "neck", "mid_hip"),
    ("shoulders", "centre", "left_shoulder", "right_shoulder"),
    ("pelvis", "centre", "left_hip", "right_hip"),
)


@dataclass(frozen=True, slots=True)
class BoneSettings:
    """Limits of a plausible skeleton. All ours, from real clips and rendered people.

    Attributes
    ----------
    max_variation
        Robust coefficient of variation over time of a long bone. Visible limbs have 0.01 to 0.09, hidden ones 0.15
        and more.
    max_mismatch
        Difference of left and right as a share of their mean. 0.2: visible people have up to 0.14.
    max_spread
        Largest minus smallest stature implied by single long bones, as a share of the usual stature. 0.35: visible
        people have 0.05 to 0.3.
    max_deviation
        In a single frame: share by which a long bone may deviate from its own median.
    max_stretch
        In a single frame: share by which a long bone may be longer in the image than its own median. A limb that is
        stretched towards a near camera appears up to 0.4 too long; only more than that indicates a wrong landmark.
    max_frame_share
        Share of frames with such a bone above which the finding is given.
    """

    max_variation: float = 0.15
    max_mismatch: float = 0.2
    max_spread: float = 0.35
    max_deviation: float = 0.3
    max_stretch: float = 0.5
    max_frame_share: float = 0.1

    def __post_init__(self) -> None:
        for name in ("max_variation", "max_mismatch", "max_spread", "max_deviation", "max_stretch", "max_frame_share"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected above 0, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class BoneLength:
    """One bone over time.

    ``median_m`` is its length, metres of an average body; ``variation`` its robust coefficient of variation (1.4826
    times the median absolute deviation, over the median); both are NaN when it is never visible. ``n`` is the number of
    frames with a length.
    """

    name: str
    side: Side
    median_m: float
    variation: float
    n: int


@dataclass(frozen=True, slots=True)
class BoneReport:
    """Plausibility of a skeleton.

    Attributes
    ----------
    bones
        In the order of :data:`BONES`.
    mismatch
        For every bone with two sides: left minus right as a share of their mean; NaN when unknown.
    spread
        Largest minus smallest stature implied by the long bones, as a share of the usual stature; NaN with fewer than
        two of them.
    suspicious
        True where a long bone has an implausible length, in 3-D or in the image, shape (T, number of bones).
    findings
        What is implausible; empty for a plausible skeleton.
    """

    bones: tuple[BoneLength, ...]
    mismatch: dict[str, float]
    spread: float
    suspicious: BoolArray
    findings: tuple[Finding, ...] = field(default=())

    def __post_init__(self) -> None:
        suspicious = frozen(self.suspicious, np.bool_, (None, len(BONES)), "suspicious")
        object.__setattr__(self, "suspicious", suspicious)


def reported_bones(angles: AngleSeries) -> BoolArray:
    """Return where an angle at a bone is valid, shape (T, number of bones): what is withheld can mislead nobody."""
    reported = np.ones((len(angles.valid), len(BONES)), dtype=bool)
    for column, (name, side, *_) in enumerate(BONES):
        ends = "rl" if side == "centre" else side[0]
        ids = [f"{angle}_{end}" for angle in _ANGLES.get(name, ()) for end in ends]
        if ids:
            reported[:, column] = angles.valid[:, [angles.ids.index(angle_id) for angle_id in ids]].any(axis=1)
    return reported


def assess_bones(
    filtered: FilteredTrack, settings: BoneSettings | None = None, reported: BoolArray | None = None
) -> BoneReport:
    """Assess whether the bone lengths of the world landmarks are constant, symmetric and well proportioned.

    Parameters
    ----------
    filtered
        Landmarks, not refined: refinement makes lengths constant.
    settings
        Thresholds; the defaults when None.
    reported
        Result of :func:`reported_bones`; other frames are left out. All frames when None.
    """
    settings = settings or BoneSettings()
    lengths_m = _lengths(filtered.world_m)
    if reported is not None:
        seldom = (reported & np.isfinite(lengths_m)).sum(axis=0) < _MIN_REPORTED * np.isfinite(lengths_m).sum(axis=0)
        lengths_m = np.where(reported & ~seldom, lengths_m, np.nan)
    bones = tuple(_over_time(bone, column) for bone, column in zip(BONES, lengths_m.T, strict=True))
    medians_m = np.array([bone.median_m for bone in bones])
    mismatch = _mismatch(bones)
    spread = _spread(bones)
    suspicious = _suspicious(filtered, lengths_m, medians_m, settings)
    share = _share(suspicious, lengths_m)
    findings = tuple(_findings(bones, mismatch, spread, share, suspicious, settings))
    return BoneReport(bones, mismatch, spread, suspicious, findings)


def _lengths(positions: FloatArray) -> FloatArray:
    """Return the length of every bone, shape (T, number of bones), in the unit of the positions."""
    return per_frame(_lengths_of_block, positions)


def _lengths_of_block(positions: FloatArray) -> FloatArray:
    first = named_points(positions, [bone[2] for bone in BONES])
    last = named_points(positions, [bone[3] for bone in BONES])
    lengths: FloatArray = np.linalg.norm(last - first, axis=2)
    return lengths


def _over_time(bone: Bone, lengths_m: FloatArray) -> BoneLength:
    known = lengths_m[np.isfinite(lengths_m)]
    if len(known) == 0:
        return BoneLength(bone[0], bone[1], np.nan, np.nan, 0)
    median_m = float(np.median(known))
    deviation_m = _MAD_TO_SIGMA * float(np.median(np.abs(known - median_m)))
    return BoneLength(bone[0], bone[1], median_m, deviation_m / median_m if median_m > 0 else np.nan, len(known))


def _mismatch(bones: tuple[BoneLength, ...]) -> dict[str, float]:
    left = {bone.name: bone.median_m for bone in bones if bone.side == "left"}
    right = {bone.name: bone.median_m for bone in bones if bone.side == "right"}
    total = {name: left[name] + right[name] for name in left}
    return {name: 2 * (left[name] - right[name]) / total[name] if total[name] > 0 else np.nan for name in left}


def _spread(bones: tuple[BoneLength, ...]) -> float:
    sizes = []
    for name in _LONG:
        medians_m = [bone.median_m for bone in bones if bone.name == name and np.isfinite(bone.median_m)]
        if medians_m:
            sizes.append(float(np.mean(medians_m)) / USUAL_M[name])
    return max(sizes) - min(sizes) if len(sizes) > 1 else np.nan


def _suspicious(
    filtered: FilteredTrack, lengths_m: FloatArray, medians_m: FloatArray, settings: BoneSettings
) -> BoolArray:
    """Return where a long bone deviates from its median, or is longer in the image than its median."""
    scale = pixels_per_metre(filtered, RefineSettings().half_window_s)
    seen_m = _lengths(filtered.image_px) / scale[:, None]
    with np.errstate(invalid="ignore"):
        changed = np.abs(lengths_m - medians_m) > settings.max_deviation * medians_m
        stretched = seen_m > (1 + settings.max_stretch) * medians_m
    result: BoolArray = (changed | stretched) & np.isfinite(lengths_m) & np.isin([bone[0] for bone in BONES], _LONG)
    return result


def _share(suspicious: BoolArray, lengths_m: FloatArray) -> float:
    present = np.isfinite(lengths_m).any(axis=1)
    return float(suspicious[present].any(axis=1).mean()) if present.any() else 0.0


def _findings(
    bones: tuple[BoneLength, ...],
    mismatch: dict[str, float],
    spread: float,
    share: float,
    suspicious: BoolArray,
    settings: BoneSettings,
) -> Iterator[Finding]:
    said: list[str] = []
    details: dict[str, Any] = {}
    varying = {
        f"{b.side} {b.name}": b.variation for b in bones if b.name in _LONG and b.variation > settings.max_variation
    }
    uneven = {name: value for name, value in mismatch.items() if name in _LONG and abs(value) > settings.max_mismatch}
    if varying:
        said.append("lengths vary: " + ", ".join(f"{name} {value:.0%}" for name, value in varying.items()))
        details["variation"] = varying
    if uneven:
        said.append("left and right differ: " + ", ".join(f"{name} {value:+.0%}" for name, value in uneven.items()))
        details["mismatch"] = uneven
    if spread > settings.max_spread:
        said.append(f"the statures implied by single bones differ by {spread:.0%}")
        details["spread"] = spread
    if share > settings.max_frame_share:
        seldom = settings.max_frame_share / 2
        wrong = [
            f"{b.side} {b.name}" for b, often in zip(bones, suspicious.mean(axis=0), strict=True) if often > seldom
        ]
        named = f" ({', '.join(wrong)})" if wrong else ""
        said.append(f"a body segment has an implausible length in {share:.0%} of the frames{named}")
        details["frame_share"] = share
    if said:
        yield Finding("skeleton_implausible", "; ".join(said), details=details)

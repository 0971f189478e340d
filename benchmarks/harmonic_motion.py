"""A flat body whose joints move in harmonics, and the noise, outliers and gaps of a pose model, all known exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS

HEIGHT_PX: Final = 700.0
LENGTHS_PX: Final = {
    name: share * HEIGHT_PX
    for name, share in {
        "shank": 0.246,
        "thigh": 0.245,
        "trunk": 0.288,
        "head": 0.112,
        "foot": 0.152,
        "arm": 0.186,
        "forearm": 0.146,
        "hand": 0.05,
    }.items()
}
"""Shares of stature of Drillis & Contini, as in vidpose.biomech.body_size."""

MEAN_DEG: Final = {"foot": 0.0, "shank": -110.0, "thigh": -70.0, "trunk": 85.0, "arm": -90.0, "forearm": -55.0}
"""Direction of every body segment, anticlockwise from straight ahead."""

HARMONICS_DEG: Final = {
    # amplitude and phase of 1, 2 and 3 Hz
    "foot": ((14.0, 0.4), (4.0, 1.0), (2.0, 0.2)),
    "shank": ((22.0, -0.9), (7.0, 2.0), (3.0, 0.0)),
    "thigh": ((25.0, 0.0), (6.0, 0.6), (3.0, 1.1)),
    "trunk": ((2.0, 0.0), (4.0, 0.3), (1.0, 0.5)),
    "arm": ((25.0, 3.1), (5.0, 0.2), (2.0, 0.9)),
    "forearm": ((32.0, 2.6), (8.0, 1.2), (3.0, 0.4)),
}
JOINTS: Final = {
    # joint angle = sum of factor * direction, plus an offset
    "ankle_dorsiflexion": ((("foot", 1.0), ("shank", -1.0)), -90.0),
    "knee_flexion": ((("thigh", 1.0), ("shank", -1.0)), 0.0),
    "hip_flexion": ((("thigh", 1.0), ("trunk", -1.0)), 180.0),
    "shoulder_flexion": ((("arm", 1.0), ("trunk", -1.0)), 180.0),
    "elbow_flexion": ((("forearm", 1.0), ("arm", -1.0)), 0.0),
}
SHIFT_RAD: Final = {"r": 0.0, "l": np.pi}
"""The left side moves half a period later."""

GAP_LENGTHS_S: Final = (0.04, 0.1, 0.2, 0.4)
"""The last one is too long to be filled."""


@dataclass(frozen=True, slots=True)
class Spoiling:
    """What is wrong with the landmarks.

    Attributes
    ----------
    noise_trunks
        Standard deviation of every coordinate, trunk lengths.
    outlier_share, gap_share
        Shares of samples that are far off, and that are missing.
    badly_seen_share
        Share of samples with visibility 0.35 and three times the noise.
    """

    noise_trunks: float = 0.01
    outlier_share: float = 0.02
    gap_share: float = 0.05
    badly_seen_share: float = 0.0


def segment_rad(name: str, side: str, times_s: FloatArray, derivative: int = 0) -> FloatArray:
    """Return the direction of a body segment or one of its derivatives, rad / s^derivative, shape (T,)."""
    shift = 0.0 if name == "trunk" else SHIFT_RAD[side]
    total = np.full(len(times_s), np.deg2rad(MEAN_DEG[name]) if derivative == 0 else 0.0)
    for number, (amplitude_deg, phase) in enumerate(HARMONICS_DEG[name], start=1):
        turn = 2 * np.pi * number
        angle = turn * times_s + number * shift + phase + derivative * np.pi / 2
        total += np.deg2rad(amplitude_deg) * turn**derivative * np.sin(angle)
    return total


def joint_rad(joint: str, side: str, times_s: FloatArray, derivative: int = 0) -> FloatArray:
    """Return the true angle of a joint or one of its derivatives, shape (T,)."""
    parts, offset_deg = JOINTS[joint]
    total = np.full(len(times_s), np.deg2rad(offset_deg) if derivative == 0 else 0.0)
    for name, factor in parts:
        total += factor * segment_rad(name, side, times_s, derivative)
    return total


def body_px(times_s: FloatArray) -> FloatArray:
    """Return the landmarks of the body, which faces right, pixels, shape (T, 33, 2)."""

    def along(name: str, side: str, length: str) -> FloatArray:
        angle = segment_rad(name, side, times_s)
        return LENGTHS_PX[length] * np.stack([np.cos(angle), -np.sin(angle)], axis=1)

    hip = np.stack([np.full(len(times_s), 640.0), 400.0 + 10.0 * np.sin(4 * np.pi * times_s)], axis=1)
    neck = hip + along("trunk", "r", "trunk")
    ears = neck + along("trunk", "r", "head")
    result = np.repeat((ears + np.array([35.0, 0.0]))[:, None], N_LANDMARKS, axis=1)  # the face, where nothing is asked
    for side, end in (("right", "r"), ("left", "l")):
        knee = hip + along("thigh", end, "thigh")
        ankle = knee + along("shank", end, "shank")
        foot = along("foot", end, "foot")
        elbow = neck + along("arm", end, "arm")
        wrist = elbow + along("forearm", end, "forearm")
        index = wrist + along("forearm", end, "hand")
        points = {"hip": hip, "knee": knee, "ankle": ankle, "heel": ankle - 0.3 * foot + np.array([0.0, 20.0])}
        points |= {"foot_index": points["heel"] + foot, "shoulder": neck, "elbow": elbow, "wrist": wrist}
        points |= {"index": index, "pinky": index, "thumb": index, "ear": ears}
        for name, point in points.items():
            result[:, LANDMARK_INDEX[f"{side}_{name}"]] = point
    return result


def spoiled(times_s: FloatArray, spoiling: Spoiling, seed: int) -> tuple[PoseTrack, BoolArray]:
    """Return the body as a pose model would give it, and where samples lie in gaps too long to fill, shape (T, 33)."""
    rng = np.random.default_rng(seed)
    shape = (len(times_s), N_LANDMARKS)
    badly_seen, _ = _bursts(times_s, spoiling.badly_seen_share, (0.3, 0.6), rng)
    noise_px = spoiling.noise_trunks * LENGTHS_PX["trunk"] * np.where(badly_seen, 3.0, 1.0)
    image_px = body_px(times_s) + noise_px[:, :, None] * rng.normal(size=(*shape, 2))
    outlier = rng.random(shape) < spoiling.outlier_share
    distance_px, direction = rng.uniform(0.1, 0.4, shape) * HEIGHT_PX, rng.uniform(0, 2 * np.pi, shape)
    offset_px = distance_px[..., None] * np.stack([np.cos(direction), np.sin(direction)], axis=2)
    image_px += np.where(outlier[..., None], offset_px, 0.0)
    missing, long = _bursts(times_s, spoiling.gap_share, GAP_LENGTHS_S, rng)
    image_px[missing] = np.nan
    visibility = np.where(badly_seen, 0.35, 1.0)
    track = PoseTrack(
        pts=np.round(times_s * 90_000).astype(np.int64),
        timestamps_s=times_s,
        image_px=image_px,
        z_rel=np.zeros(shape),
        visibility=visibility,
        presence=visibility,
        world_m=np.full((*shape, 3), np.nan),
        corrupt=np.zeros(len(times_s), dtype=np.bool_),
    )
    return track, long


def _bursts(
    times_s: FloatArray, share: float, lengths_s: tuple[float, ...], rng: np.random.Generator
) -> tuple[BoolArray, BoolArray]:
    """Return random bursts that cover a share of the samples, and those that lie in one of the longest, (T, 33)."""
    covered = np.zeros((len(times_s), N_LANDMARKS), dtype=np.bool_)
    longest = np.zeros_like(covered)
    while covered.mean() < share:
        length_s, landmark = rng.choice(lengths_s), int(rng.integers(N_LANDMARKS))
        start_s = rng.uniform(times_s[0], times_s[-1])
        inside = (times_s >= start_s) & (times_s < start_s + length_s)
        covered[inside, landmark] = True
        longest[inside, landmark] |= length_s == lengths_s[-1]
    return covered, longest

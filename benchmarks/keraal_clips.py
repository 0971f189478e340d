"""Three takes of Keraal: BlazePose landmarks of a person seen from the front, with markers on arms and trunk.

The flexion of elbows and shoulders follows from the rigid bodies of the markers. Where exactly these sit on a limb is
not known, so the median difference between both is taken out of every joint and take: what remains is how well angle
changes are followed. The takes have neither visibilities nor world landmarks. Their video is mirrored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.accuracy_view_clips import KnownClip
from vidpose.types.arrays import FloatArray
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_NAMES

TAKES: Final = ("CTK", "ELK", "RTK")
_SIZE_PX: Final = (1920, 1080)  # not stated; with these proportions arms keep their length when they are raised
_RATE_HZ: Final = 30.0
_HIPS: Final = 13
_AT_REST: Final = slice(0, 8)
_SHOULDERS: Final = {"r": 7, "l": 8}
_HANDS: Final = {"r": 9, "l": 10}


def keraal_clips(folder: Path) -> Iterator[KnownClip]:
    """Yield the takes with the flexion of elbows and shoulders, degrees, still with a constant difference."""
    for take in TAKES:
        found = json.loads((folder / f"G3-BP-{take}-P1T1.json").read_text(encoding="utf-8"))["positions"]
        shares = np.array(
            [[found[key][name.capitalize()] for name in LANDMARK_NAMES] for key in sorted(found, key=float)]
        )
        track = _track(shares)
        rows = np.loadtxt(folder / f"G3-Vicon-{take}-P1T1.txt").reshape(-1, 17, 7)
        known = _flexion_deg(rows[:, :, :3], _rotations(rows[:, :, 3:]))
        at, of = np.linspace(0.0, 1.0, track.n_frames), np.linspace(0.0, 1.0, len(rows))
        yield KnownClip(f"keraal_{take}", track, {joint: np.interp(at, of, angle) for joint, angle in known.items()})


def _track(shares: FloatArray) -> PoseTrack:
    n_frames, seen = len(shares), np.ones(shares.shape[:2])
    return PoseTrack(
        pts=np.arange(n_frames),
        timestamps_s=np.arange(n_frames) / _RATE_HZ,
        image_px=shares[:, :, :2] * _SIZE_PX,
        z_rel=shares[:, :, 2],
        visibility=seen,
        presence=seen,
        world_m=np.full((*seen.shape, 3), np.nan),
        corrupt=np.zeros(n_frames, dtype=np.bool_),
    )


def _flexion_deg(places: FloatArray, rotations: FloatArray) -> dict[str, FloatArray]:
    """Return the flexion of elbows and shoulders, degrees, from the rigid bodies, shapes (T, 17, 3) and (T, 17, 3, 3).

    The labels of arms and forearms differ between the takes: at rest the arms are the higher two.
    """
    order = sorted(range(4), key=lambda body: places[0, body, 2])
    found = {}
    for side, pick in (("r", min), ("l", max)):
        forearm, arm = (pick(pair, key=lambda body: places[0, body, 1]) for pair in (order[:2], order[2:]))
        shoulder, hand = places[:, _SHOULDERS[side]], places[:, _HANDS[side]]
        along_arm = _carried(places[:, forearm] - shoulder, rotations[:, arm])
        along_forearm = _carried(hand - places[:, forearm], rotations[:, forearm])
        in_picture = "l" if side == "r" else "r"
        found[f"elbow_{in_picture}"] = _between_deg(along_arm, along_forearm)
        found[f"shoulder_{in_picture}"] = _between_deg(along_arm, places[:, _HIPS] - shoulder)
    return found


def _carried(line: FloatArray, rotation: FloatArray) -> FloatArray:
    """Return the line at rest as the rigid body carries it, shape (T, 3)."""
    local = rotation[0].T @ line[_AT_REST].mean(axis=0)
    carried: FloatArray = rotation @ local
    return carried


def _between_deg(first: FloatArray, second: FloatArray) -> FloatArray:
    sine = np.linalg.norm(np.cross(first, second), axis=1)
    angle: FloatArray = np.rad2deg(np.arctan2(sine, (first * second).sum(axis=1)))
    return angle


def _rotations(quaternions: FloatArray) -> FloatArray:
    """Return rotation matrices of quaternions x, y, z, w, shape (..., 3, 3)."""
    x, y, z, w = np.moveaxis(quaternions / np.linalg.norm(quaternions, axis=-1, keepdims=True), -1, 0)
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
        (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
        (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
    )
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)

"""Hand-made bodies whose angles are known exactly, seen by a camera without perspective."""

from dataclasses import dataclass, replace

import numpy as np

from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES, mirrored

STATURE_M = 1.75
PX_PER_M = 400.0
LENGTH_M = {
    name: share * STATURE_M
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


@dataclass(frozen=True)
class Pose:
    """Angles in degrees; body segments anticlockwise from straight ahead, so -90 hangs and 90 stands."""

    foot: float = 0.0
    shank: float = -90.0
    thigh: float = -90.0
    trunk: float = 90.0
    head: float = 90.0
    arm: float = -90.0
    forearm: float = -90.0
    hand: float = -90.0
    abduction: float = 0.0  # both whole arms, away from the body
    yaw: float = 90.0  # 0 faces the camera, 90 faces right, 180 shows the back, -90 faces left


STANDING = Pose()
SQUAT = Pose(shank=-93.0, thigh=0.0, trunk=59.2)


def world(pose):
    """Return the 33 landmarks of a pose, metres, x right, y down, z away, origin mid-hip."""
    yaw = np.deg2rad(pose.yaw)
    forward = np.array([np.sin(yaw), 0.0, -np.cos(yaw)])
    left = np.array([np.cos(yaw), 0.0, np.sin(yaw)])
    up = np.array([0.0, -1.0, 0.0])

    def along(angle_deg):
        angle = np.deg2rad(angle_deg)
        return np.cos(angle) * forward + np.sin(angle) * up

    points = {}
    neck = LENGTH_M["trunk"] * along(pose.trunk)
    ears = neck + LENGTH_M["head"] * along(pose.head)
    nose = ears + 0.08 * along(pose.head - 90.0)
    points["nose"] = nose
    for side, sign in (("left", 1.0), ("right", -1.0)):
        out = sign * left
        hip = 0.14 * out
        knee = hip + LENGTH_M["thigh"] * along(pose.thigh)
        ankle = knee + LENGTH_M["shank"] * along(pose.shank)
        heel = ankle + 0.06 * along(pose.foot - 90.0) - 0.05 * along(pose.foot)
        toe = heel + LENGTH_M["foot"] * along(pose.foot)
        shoulder = neck + 0.14 * out  # as wide as the hips: trunk and thigh in line also in 3-D

        def limb(angle_deg, out=out):
            lift = np.deg2rad(pose.abduction)
            return np.cos(lift) * along(angle_deg) + np.sin(lift) * out

        elbow = shoulder + LENGTH_M["arm"] * limb(pose.arm)
        wrist = elbow + LENGTH_M["forearm"] * limb(pose.forearm)
        index = wrist + LENGTH_M["hand"] * limb(pose.hand)
        points |= {
            f"{side}_{name}": point
            for name, point in (
                ("hip", hip),
                ("knee", knee),
                ("ankle", ankle),
                ("heel", heel),
                ("foot_index", toe),
                ("shoulder", shoulder),
                ("elbow", elbow),
                ("wrist", wrist),
                ("index", index),
                ("pinky", index),
                ("thumb", index),
                ("ear", ears + 0.07 * out),
                ("eye_inner", nose),
                ("eye", nose),
                ("eye_outer", nose),
            )
        }
        points[f"mouth_{side}"] = nose
    return np.array([points[name] for name in LANDMARK_NAMES])


def track_of(poses, rate_hz=30.0, times_s=None, zoom=PX_PER_M, shift_px=(640.0, 360.0)):
    """Return the track of a list of poses, one per frame."""
    world_m = np.array([world(pose) for pose in poses]).reshape(-1, 33, 3)
    times_s = np.arange(len(poses)) / rate_hz if times_s is None else np.asarray(times_s, dtype=float)
    return make_track(world_m[:, :, :2] * zoom + np.asarray(shift_px), times_s, world_m)


def make_track(image_px, times_s, world_m=None, visibility=None, corrupt=None):
    """Return a track with full confidence unless told otherwise."""
    shape = np.shape(image_px)[:2]
    world_m = np.full((*shape, 3), np.nan) if world_m is None else world_m
    visibility = np.ones(shape) if visibility is None else visibility
    return PoseTrack(
        pts=np.round(np.asarray(times_s) * 90_000).astype(np.int64),
        timestamps_s=times_s,
        image_px=image_px,
        z_rel=np.zeros(shape),
        visibility=visibility,
        presence=visibility,
        world_m=world_m,
        corrupt=np.zeros(shape[0], dtype=bool) if corrupt is None else corrupt,
    )


def still(pose=STANDING, n_frames=40, **options):
    """Return the track of a pose that is held."""
    return track_of([pose] * n_frames, **options)


def squats(n_reps=3, yaw=90.0, rate_hz=30.0, period_s=2.0):
    """Return poses that go smoothly between standing and the squat."""
    n_frames = round(n_reps * period_s * rate_hz)
    depth = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_frames) / rate_hz / period_s)
    return [
        replace(
            STANDING,
            yaw=yaw,
            **{
                name: getattr(STANDING, name) + share * (getattr(SQUAT, name) - getattr(STANDING, name))
                for name in ("shank", "thigh", "trunk")
            },
        )
        for share in depth
    ]


def mirrored_track(track):
    """Return the track of the mirrored picture: x turned over, left and right names exchanged."""
    order = [LANDMARK_INDEX[mirrored(name)] for name in LANDMARK_NAMES]
    image_px, world_m = track.image_px[:, order].copy(), track.world_m[:, order].copy()
    image_px[:, :, 0] = 1280.0 - image_px[:, :, 0]
    world_m[:, :, 0] *= -1.0
    return make_track(image_px, track.timestamps_s, world_m, track.visibility[:, order], track.corrupt)


def without(track, *names, frames=slice(None)):
    """Return the track with landmarks missing in some frames."""
    image_px, world_m = track.image_px.copy(), track.world_m.copy()
    for name in names:
        image_px[frames, LANDMARK_INDEX[name]] = np.nan
        world_m[frames, LANDMARK_INDEX[name]] = np.nan
    return make_track(image_px, track.timestamps_s, world_m, track.visibility, track.corrupt)


def absent(track, frames):
    """Return the track with nobody found in some frames."""
    return without(track, *LANDMARK_NAMES, frames=frames)


def degrees(analysis, angle_id):
    """Return one angle over time in degrees."""
    return np.rad2deg(analysis.angles.values_rad[:, analysis.angles.ids.index(angle_id)])


def states(analysis, angle_id):
    """Return the status of one angle over time."""
    return analysis.angles.status[:, analysis.angles.ids.index(angle_id)]

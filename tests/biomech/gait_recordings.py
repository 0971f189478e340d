"""Recordings of mannequins without a picture, and of a runner made by hand."""

from dataclasses import fields, replace
from fractions import Fraction

import numpy as np
from biomech_bodies import STANDING, make_track, world

from synthetic.motions import Stand
from synthetic.scene import Actor, Camera, Scene, act, project
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.balance.centre_of_mass import centre_of_mass
from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.gait.bouts import GaitSettings
from vidpose.biomech.gait.measure_gait import find_gait, gait_events, gait_spans_s, measure_gait
from vidpose.biomech.jumping.flight import JumpSettings
from vidpose.biomech.jumping.measure_jumps import find_jumps
from vidpose.biomech.metrics.recording import Recording
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX

STATURE_M = 1.75


def scene_of(*phases, rate_hz=30, facing_deg=0.0, x_m=0.0):
    """Return a scene with one person who stands, does the phases and stands again."""
    actor = Actor((Stand(0.5), *phases, Stand(0.5)), facing_deg=facing_deg, x_m=x_m)
    return Scene((actor,), camera=Camera(stature_share=0.5), fps=Fraction(rate_hz), width_px=960, height_px=720)


def track_of_scene(scene, noise_px=1.0):
    """Return the projected landmarks of the first actor, with noise."""
    landmarks_m = act(scene, scene.actors[0])[1].landmarks_m
    image_px = project(scene, landmarks_m)[0]
    image_px = image_px + noise_px * np.random.default_rng(7).normal(size=image_px.shape)
    hips = landmarks_m[:, [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]].mean(axis=1, keepdims=True)
    return make_track(image_px, scene.times_s, (landmarks_m - hips) * np.array([1.0, -1.0, -1.0]))


def recording_of(track, height_m=STATURE_M):
    """Return what the metrics are computed from."""
    result = analyse(track, AnalysisSettings(), height_m)
    filtered = result.filtered
    local_px = local_height_px(pose_height_px(filtered.image_px), filtered.timestamps_s, filtered.stretch)
    return Recording(
        filtered=filtered,
        estimated=track.estimated,
        angles=result.angles,
        angle_precision_rad=np.full(result.angles.values_rad.shape, np.deg2rad(2.0)),
        facing=result.facing,
        yaw_rad=np.full(track.n_frames, np.nan),
        local_height_px=local_px,
        body_height_px=result.body_height_px,
        height_m=height_m,
    )


def steps_in(recording):
    """Return the gait events of a recording."""
    return gait_events(recording, find_gait(recording, GaitSettings()))


def gait_in(recording):
    """Return the gait metrics of a recording."""
    return measure_gait(recording, find_gait(recording, GaitSettings()))


def jumps_in(recording):
    """Return the jumps of a recording."""
    steps_s = gait_spans_s(find_gait(recording, GaitSettings()))
    return find_jumps(recording, centre_of_mass(recording).image_px, JumpSettings(), steps_s)


def frames_of(track, frames):
    """Return the track with these frames only."""
    return PoseTrack(**{item.name: getattr(track, item.name)[frames] for item in fields(track)})


def on_treadmill(track):
    """Return the same movement with the hips always at the same place across the picture."""
    hips = track.image_px[:, [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]], 0].mean(axis=1)
    image_px = track.image_px.copy()
    image_px[:, :, 0] += 480.0 - hips[:, None]
    return replace(track, image_px=image_px)


def runner(rate_hz=120.0, duration_s=6.0, stride_s=0.70, contact_s=0.24, speed_bh_s=1.5, px=400.0):
    """Return the track of somebody who runs to the right over the floor, and the true strikes by foot.

    A foot stands still on the floor for ``contact_s``, ahead of the hips at first and then behind them by as much,
    and swings forward in a half sine 0.15 body heights high. The hips bounce, highest between two contacts.
    """
    times_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    body = np.repeat(world(STANDING)[None, :, :2] / STATURE_M, len(times_s), axis=0)
    bounce = 0.03 * np.cos(4 * np.pi * (times_s / stride_s + 0.25 - contact_s / stride_s / 2))
    hip = np.stack([speed_bh_s * times_s, -bounce], axis=1)
    half = speed_bh_s * contact_s / 2
    strikes = {}
    for foot, offset in (("left", 0.0), ("right", 0.5)):
        cycle = times_s / stride_s + offset
        since_s = (cycle - np.floor(cycle)) * stride_s
        swing = np.clip((since_s - contact_s) / (stride_s - contact_s), 0.0, 1.0)
        reach = half + 0.06 * np.sin(np.pi * swing) * (swing > 0.5)  # drawn back a little before it lands
        forward = np.where(since_s < contact_s, half - speed_bh_s * since_s, -half * (1 - swing) + reach * swing)
        # feet are placed from the floor, 0.5 under the mean hips
        up = 0.15 * np.sin(np.pi * swing)
        place = np.stack([forward, 0.49 - up - hip[:, 1]], axis=1)
        for part, ahead, down in (("ankle", 0.0, -0.03), ("heel", -0.03, 0.0), ("foot_index", 0.08, 0.0)):
            body[:, LANDMARK_INDEX[f"{foot}_{part}"]] = place + np.array([ahead, down])
        body[:, LANDMARK_INDEX[f"{foot}_knee"]] = place * 0.5 + np.array([0.08, 0.0])
        strikes[foot] = np.arange(-offset, duration_s / stride_s, 1.0) * stride_s
    image_px = (body + hip[:, None, :]) * px + np.array([100.0, 300.0])
    return make_track(image_px, times_s), strikes

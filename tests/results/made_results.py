"""Results made by hand: every number follows from frame and landmark number, some are missing on purpose."""

from dataclasses import replace
from fractions import Fraction
from math import radians
from pathlib import Path

import numpy as np

from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.validity.best import BEST_IDS
from vidpose.results.video_result import Person, Provenance, VideoResult
from vidpose.types.findings import Finding
from vidpose.types.metrics import Event, MetricValue
from vidpose.types.motion import (
    AngleSeries,
    AngleStatus,
    AngleSummary,
    BestAngles,
    BestSource,
    Facing,
    MotionAnalysis,
    SideDifference,
)
from vidpose.types.pose import FilteredTrack, PoseTrack, Status
from vidpose.types.skeleton import N_LANDMARKS
from vidpose.types.video import VideoIndex

TICK = Fraction(1, 30000)
N_ANGLES = len(ANGLE_IDS)
LOST_FRAME = 1  # nobody found there


def made_track(n_frames, *, lost=(LOST_FRAME,), shift_px=0.0):
    """x = 100 + frame + landmark / 8, y = x + 0.5; nobody in the ``lost`` frames."""
    frame = np.arange(n_frames)[:, None]
    x = 100.0 + shift_px + frame + np.arange(N_LANDMARKS) / 8
    values = {
        "image_px": np.stack([x, x + 0.5], axis=2),
        "z_rel": -x / 1000,
        "visibility": np.full_like(x, 0.875),
        "presence": np.full_like(x, 0.5),
        "world_m": np.stack([x / 1000, -x / 1000, x / 2000], axis=2),
    }
    for array in values.values():
        array[[row for row in lost if row < n_frames]] = np.nan
    pts = 1001 * np.arange(n_frames)
    corrupt = np.zeros(n_frames, bool)
    corrupt[2:3] = True
    return PoseTrack(pts=pts, timestamps_s=pts * float(TICK), corrupt=corrupt, **values)


def made_analysis(track, *, height_m=None):
    """Knee-like numbers: angle a of frame f is (f + a) degrees; withheld in the frames where nobody was found."""
    n = track.n_frames
    lost = ~track.found
    degrees = np.arange(n)[:, None] + np.arange(N_ANGLES)[None, :] * 1.0
    degrees[lost] = np.nan
    angle_status = np.full((n, N_ANGLES), AngleStatus.MEASURED)
    angle_status[lost] = AngleStatus.REJECTED
    status = np.full((n, N_LANDMARKS), Status.MEASURED)
    status[lost] = Status.MISSING
    speed = np.where(lost[:, None], np.nan, 0.25) * np.ones((n, N_LANDMARKS))
    valid = int((~lost).sum())
    numbers = degrees[~lost]
    return MotionAnalysis(
        filtered=FilteredTrack(
            timestamps_s=track.timestamps_s,
            image_px=track.image_px + np.float64(0.25),
            world_m=track.world_m,
            status=status,
            stretch=np.where(lost, -1, 0),
        ),
        facing=np.full(n, Facing.RIGHT),
        angles=AngleSeries(
            ANGLE_IDS, np.radians(degrees), np.radians(np.where(np.isnan(degrees), np.nan, 30.0)), angle_status
        ),
        speed_bh_s=speed,
        speed_m_s=None if height_m is None else speed * height_m,
        body_height_px=171.26 if valid else float("nan"),
        summaries=tuple(
            AngleSummary(
                angle_id=angle_id,
                min_rad=radians(numbers[:, a].min()) if valid else float("nan"),
                max_rad=radians(numbers[:, a].max()) if valid else float("nan"),
                mean_rad=radians(numbers[:, a].mean()) if valid else float("nan"),
                range_rad=radians(np.ptp(numbers[:, a])) if valid else float("nan"),
                valid_share=valid / max(n, 1),
                value_share=valid / max(n, 1),
                measured_share=valid / max(n, 1),
                withheld={"REJECTED": n - valid},
            )
            for a, angle_id in enumerate(ANGLE_IDS)
        ),
        side_differences=(
            SideDifference("knee_flexion", radians(2.5), radians(-1.0), valid),
            SideDifference("hip_flexion", float("nan"), float("nan"), 0),
        ),
        findings=(Finding("view_frontal", "2 s face the camera", "info", {"spans_s": [[0.0, 2.0]]}),),
        yaw_rad=np.where(lost, np.nan, 0.5),
        best=made_best(lost),
        com_px=np.where(lost[:, None], np.nan, 100.0) * np.ones((n, 2)),
        metrics=made_metrics(),
        events=(Event("foot_strike", "left", 0.25, 0, 0.01),) if valid else (),
    )


def made_best(lost):
    """Ten degrees in every joint, from the refined world landmarks; missing where nobody was found."""
    shape = (len(lost), len(BEST_IDS))
    here = np.broadcast_to(~lost[:, None], shape)
    return BestAngles(
        ids=BEST_IDS,
        values_rad=np.where(here, radians(10.0), np.nan),
        source=np.where(here, BestSource.REFINED, BestSource.MISSING),
        expected_error_rad=np.where(here, radians(5.0), np.nan),
        valid=here,
    )


def made_metrics():
    """One value and one that is missing, from the dictionary."""
    return (
        MetricValue("cadence", "none", 2.8, 0.1, "", 0.0, 1.0, 12),
        MetricValue("com_height_metric", "none", reason="no_height"),
    )


def made_index(n_frames):
    return VideoIndex(
        path=Path("/somewhere/secret/clip.mp4"),
        sha256="ab" * 32,
        size_bytes=12345,
        container="mov,mp4",
        codec="h264",
        pixel_format="yuv420p",
        width_px=640,
        height_px=360,
        rotation_deg=90,
        time_base=TICK,
        pts=1001 * np.arange(n_frames),
        timing="container",
    )


def made_result(n_frames=5, *, n_people=1, lost=(LOST_FRAME,), height_m=None):
    tracks = [made_track(n_frames, lost=lost, shift_px=200.0 * k) for k in range(n_people)]
    people = tuple(Person(k, track, made_analysis(track, height_m=height_m)) for k, track in enumerate(tracks))
    frames = made_track(n_frames)
    return VideoResult(made_index(n_frames), frames.pts, frames.timestamps_s, frames.corrupt, people)


def sampled_result():
    """Five frames of which every other one was left out."""
    result = made_result(5, lost=(1, 3))
    (person,) = result.people
    track = replace(person.track, estimated=[True, False, True, False, True])
    return replace(result, people=(replace(person, track=track),))


def made_provenance(**changes):
    values = {
        "input_name": "squats/clip.mp4",
        "input_sha256": "ab" * 32,
        "input_size_bytes": 12345,
        "vidpose_version": "0.1.0",
        "packages": {"numpy": "1.26.4", "av": "18.1.0"},
        "estimator": "mediapipe",
        "model_files": {"pose.tflite": "cd" * 32},
        "config": {"butterworth": {"cutoff_hz": 6.0}},
        "segments": ({"number": 0, "start": 0, "stop": 5, "seam": None},),
        "findings": (Finding("corrupt_frames", "1 of 5 frames is damaged", details={"n_frames": 1}),),
    }
    return Provenance(**values | changes)


CASES = {
    "usual": lambda: made_result(5, height_m=1.8),
    "sampled": sampled_result,
    "two_people": lambda: made_result(4, n_people=2),
    "nobody": lambda: made_result(3, n_people=0),
    "no_frames": lambda: made_result(0),
    "no_frames_nobody": lambda: made_result(0, n_people=0),
    "one_frame": lambda: made_result(1, lost=()),
    "never_found": lambda: made_result(4, lost=range(4)),
    "several_chunks": lambda: made_result(1801 + 1800),
}

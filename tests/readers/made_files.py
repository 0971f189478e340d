"""Writes files whose every number is known, for readers that live in another environment: ``made_files.py FOLDER``.

``expected.npz`` and ``expected.json`` beside them say what was meant; they are computed here from the motion's
formulas, not read back from what the writers made.
"""

import json
import math
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.metrics.row import MetricRow
from vidpose.results.cohort import CohortVideo, write_cohort
from vidpose.results.exports.export_settings import EXPORTERS, ExportSettings
from vidpose.results.exports.markers import BodyScale
from vidpose.results.exports.write_exports import write_exports
from vidpose.results.frame_tables import write_tables
from vidpose.results.metric_tables import PersonMetrics, write_metric_tables
from vidpose.results.video_result import Person, Provenance, VideoResult
from vidpose.results.video_summary import write_summary
from vidpose.types.findings import Finding
from vidpose.types.metrics import Event, MetricValue
from vidpose.types.motion import AngleSeries, AngleStatus, Facing, MotionAnalysis
from vidpose.types.pose import FilteredTrack, PoseTrack, Status
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES
from vidpose.types.video import VideoIndex

NTSC_TICK = Fraction(1, 30000)
WIDTH_PX, HEIGHT_PX = 640, 360
METRES_PER_PX, FLOOR_PX, WORLD_FACTOR = 0.005, 350.0, 1.1
GAP = ("left_wrist", slice(10, 20))  # one marker, ten frames
ANGLE_GAP = ("elbow_flexion_l", slice(40, 60))
LOST = slice(70, 80)  # the whole person
LONG_FRAMES = 70_000  # more than 16 bits count
SHA256 = "0123456789abcdef" * 4


def positions(times_s, d):
    """Every landmark on a slow wave of its own, so that a swapped or shifted one shows."""
    number = np.arange(len(LANDMARK_NAMES))[None, :]
    time = times_s[:, None]
    waves = [np.sin(time + number), np.cos(0.7 * time + 2 * number), np.sin(0.3 * time - number)]
    return np.stack(waves[:d], axis=2)


def angles_deg(times_s):
    """Every angle on a slow wave of its own, between -40 and 80 degrees."""
    number = np.arange(len(ANGLE_IDS))[None, :]
    return 20 + 60 * np.sin(0.5 * times_s[:, None] + number)


def made_person(pts, tick, gaps):
    """One person; with ``gaps`` parts are missing."""
    times_s = pts * float(tick)
    image_px = 200 + 100 * positions(times_s, 2)
    world_m = 0.8 * positions(times_s, 3)
    degrees = angles_deg(times_s)
    stretch = np.zeros(len(pts), int)
    if gaps:
        marker, frames = GAP
        image_px[frames, LANDMARK_INDEX[marker]] = np.nan
        world_m[frames, LANDMARK_INDEX[marker]] = np.nan
        angle, frames = ANGLE_GAP
        degrees[frames, ANGLE_IDS.index(angle)] = np.nan
        for array in (image_px, world_m, degrees):
            array[LOST] = np.nan
        stretch[LOST] = -1
        stretch[LOST.stop :] = 1
    lost = np.isnan(image_px[:, 0, 0])
    visibility = np.where(lost[:, None], np.nan, 0.75) * np.ones((1, len(LANDMARK_NAMES)))
    raw_px = np.where(lost[:, None, None], np.nan, 200 + 100 * positions(times_s, 2) + 1.0)
    track = PoseTrack(pts, times_s, raw_px, visibility, visibility, visibility, world_m, np.zeros(len(pts), bool))
    status = np.where(np.isnan(image_px[:, :, 0]), Status.MISSING, Status.MEASURED)
    angle_status = np.where(np.isnan(degrees), AngleStatus.MISSING, AngleStatus.MEASURED)
    analysis = MotionAnalysis(
        filtered=FilteredTrack(times_s, image_px, world_m, status, stretch),
        facing=np.full(len(pts), Facing.RIGHT),
        angles=AngleSeries(ANGLE_IDS, np.radians(degrees), np.zeros_like(degrees), angle_status),
        speed_bh_s=np.zeros((len(pts), len(LANDMARK_NAMES))),
        speed_m_s=None,
        body_height_px=300.0,
        summaries=(),
        side_differences=(),
    )
    return Person(0, track, analysis)


def made_video(pts, tick, *, gaps=True):
    index = VideoIndex(
        path=Path("/nowhere/clip.mp4"),
        sha256=SHA256,
        size_bytes=1,
        container="mov,mp4",
        codec="h264",
        pixel_format="yuv420p",
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        rotation_deg=0,
        time_base=tick,
        pts=pts,
        timing="container",
    )
    return VideoResult.of_people(index, (made_person(np.asarray(pts), tick, gaps),))


def provenance(name):
    return Provenance(
        input_name=name,
        input_sha256=SHA256,
        input_size_bytes=1,
        vidpose_version="0",
        packages={},
        estimator="made",
        model_files={},
        config={"a": 1},
    )


def marker_truth(times_s):
    """What TRC files should say, metres: picture plane and world."""
    image_px = 200 + 100 * positions(times_s, 2)
    flat = np.zeros((*image_px.shape[:2], 3))
    flat[..., 0] = image_px[..., 0] * METRES_PER_PX
    flat[..., 1] = (FLOOR_PX - image_px[..., 1]) * METRES_PER_PX
    world = 0.8 * positions(times_s, 3) * np.array([1.0, -1.0, -1.0]) * WORLD_FACTOR
    return flat, world


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    scales = {0: BodyScale(METRES_PER_PX, FLOOR_PX, WORLD_FACTOR)}
    everything = ExportSettings(kinds=tuple(EXPORTERS), gaps="nan", opensim_model="gait2392", min_run_s=0.2)
    ntsc = made_video(1001 * np.arange(100), NTSC_TICK)
    write_exports(folder / "ntsc", ntsc, provenance("a/ntsc.mp4"), everything, scales)
    split = ExportSettings(kinds=("trc",), gaps="split", min_run_s=0.2, min_valid_share=0.95)
    write_exports(folder / "split", ntsc, provenance("a/ntsc.mp4"), split, scales)
    # variable rate: frames of 40 ms with every third one 60 ms long
    uneven = np.cumsum(np.where(np.arange(90) % 3 == 2, 60, 40))
    write_exports(
        folder / "uneven",
        made_video(uneven, Fraction(1, 1000), gaps=False),
        provenance("a/uneven.mp4"),
        everything,
        scales,
    )
    long = made_video(np.arange(LONG_FRAMES), Fraction(1, 50), gaps=False)
    write_exports(folder / "long", long, provenance("a/long.mp4"), ExportSettings(kinds=("c3d",)), scales)
    write_exports(folder / "pixels", ntsc, provenance("a/ntsc.mp4"), ExportSettings(kinds=("trc",), gaps="nan"))
    make_tables(folder, ntsc)
    expected = {"uneven_frame_s": uneven / 1000, "gap": [GAP[1].start, GAP[1].stop], "lost": [LOST.start, LOST.stop]}
    expected["ntsc_s"] = np.arange(100) * 1001 / 30000
    for name, times_s in (("ntsc", expected["ntsc_s"]), ("uneven", 0.04 + np.arange(105) / 25)):
        expected[f"{name}_2d_m"], expected[f"{name}_3d_m"] = marker_truth(times_s)
        expected[f"{name}_deg"] = angles_deg(times_s)
    expected["angle_gap"] = [ANGLE_GAP[1].start, ANGLE_GAP[1].stop]
    expected["raw_px"] = 201 + 100 * positions(expected["ntsc_s"], 2)
    np.savez(folder / "expected.npz", **expected)
    words = {
        "markers": LANDMARK_NAMES,
        "angles": ANGLE_IDS,
        "gap_marker": GAP[0],
        "gap_angle": ANGLE_GAP[0],
        "long_frames": LONG_FRAMES,
        "sha256": SHA256,
    }
    (folder / "expected.json").write_text(json.dumps(words))


def made_row(metric_id, unit, **changes):
    fields = {"label": f"Label, {metric_id}", "definition": "", "formula": "", "positive": "", "zero": ""}
    fields |= {"plane": "sagittal", "landmarks": (), "views": tuple(Facing), "sides": ("left", "right"), "source": ""}
    return MetricRow(metric_id, unit=unit, **fields | changes)


def make_tables(folder, video):
    rows = {"knee_range": made_row("knee_range", "rad", decimals=1), "jump_height": made_row("jump_height", "m")}
    values = (
        MetricValue("knee_range", "left", math.radians(65.0), math.radians(1.5), "", 0.0, 3.0, 90),
        MetricValue("knee_range", "right", reason="view", start_s=0.0, end_s=3.0),
        MetricValue("jump_height", "none", reason="no_height"),
    )
    events = (Event("foot_strike", "left", 0.51234, 15, 0.01), Event("toe_off", "left", 0.9, 27))
    videos = []
    for name in ("one,two.mp4", "é.mp4"):
        here = folder / "cohort" / name
        write_tables(here, video, provenance(name))
        write_summary(here / "summary.json", video, provenance(name))
        write_metric_tables(here, [PersonMetrics(0, values, events)], rows, provenance(name))
        videos.append(CohortVideo(name, here, "done"))
    broken = (Finding("empty_file", "no bytes", "fatal"),)
    videos.append(CohortVideo("broken.mp4", folder / "cohort" / "broken.mp4", "quarantined", broken))
    write_cohort(folder / "cohort", videos)


if __name__ == "__main__":
    make(Path(sys.argv[1]))

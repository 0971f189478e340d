"""Small files that users' reports stand for, in one run: what becomes of each, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.chaos]  # their rooms' tests try them one by one, more quickly

SAID = {
    "=cmd_in_name.mp4": set(),
    "android_capture_fps_120_in_30.mp4": {"slow_motion_declared"},
    "camcorder_start_1.467s.MTS": set(),
    "coco/a.mov": set(),
    "coco/a.mp4": set(),
    "cut_at_waist.mp4": {"cut_by_edge"},
    "cut_off_while_recording.mp4": {"recording_not_finished"},
    "cut_two_people.mp4": {"picture_cut"},
    "dup_20_in_60.mp4": {"pictures_repeated"},
    "elst_slow.mov": {"edit_list"},
    "formats/clip.3gp": set(),
    "formats/clip.gif": set(),
    "formats/clip.m2ts": set(),
    "formats/clip.mp4": set(),
    "formats/clip.mpg": set(),
    "formats/clip.qt": set(),
    "formats/clip.wmv": set(),
    "hdr10_pq_10bit.mp4": {"hdr"},
    "interlaced_576i.mp4": {"interlaced"},
    "no_person_fractal.mp4": {"no_person"},
    "selfie_mirror_matrix.mp4": {"mirrored"},
    "short_pan_against.mp4": {"camera_moves"},
    "two_cameras.mkv": {"other_video_stream"},
}
"""Codes that are among the findings of each file; a file without any was the fault of a name, a suffix or a clock."""


def test_every_file_has_the_answer_that_its_report_stands_for(tmp_path: Path, shared_data: Path) -> None:
    (tmp_path / "in").symlink_to(shared_data / "cases", target_is_directory=True)
    workspace = Workspace(tmp_path)
    done = workspace.run("--engine", "inline", "--no_plots", "--no_video")
    assert done.returncode == 3, done.stdout + done.stderr
    videos = {video["name"]: video for video in workspace.report()["videos"]}
    assert videos.keys() == SAID.keys()
    said = {name: {finding["code"] for finding in video["findings"]} for name, video in videos.items()}
    assert {name: codes & said[name] for name, codes in SAID.items()} == SAID
    refused = {name for name, video in videos.items() if video["state"] == "quarantined"}
    assert refused == {"cut_off_while_recording.mp4"}

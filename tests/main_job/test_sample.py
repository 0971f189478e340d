"""The clip that everyone has, through the whole command, against its truth."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pandas as pd
import pytest

from benchmarks.real_videos import counted_frames
from vidpose.results.reference_docs import load_schema
from vidpose.selftest import SAMPLE, measure, truth_of

from .conftest import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path, Path]:
    """Workspace, folder of the tables and folder of the picture."""
    workspace = Workspace(tmp_path_factory.mktemp("sample"))
    done = workspace.run(
        "--video", str(SAMPLE), "--height_m", "1.80", "--no_plots", "--render_height", "360", "--engine", "inline"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace, workspace.folder / "a/models" / SAMPLE.name, workspace.folder / "a/output" / SAMPLE.name


def test_joint_angles_are_near_the_truth(processed) -> None:
    accuracy = measure(processed[1] / "pose_model.json", truth_of(SAMPLE))
    assert accuracy.found_share >= 0.99
    errors = {joint.angle_id: joint for joint in accuracy.joints}
    assert errors["knee_flexion_r"].median_abs_deg <= 5.0
    assert errors["hip_flexion_r"].median_abs_deg <= 8.0
    assert all(joint.valid_share >= 0.95 for joint in accuracy.joints)
    assert accuracy.passed


def test_knee_angles_are_withheld_in_the_front_view(processed) -> None:
    angles = pd.read_parquet(processed[1] / "angles.parquet")
    knee = angles[(angles["angle"] == "knee_flexion_r") & (angles["facing"] == "front")]
    assert len(knee) > 200
    assert knee["value_deg"].isna().all()
    assert set(knee["status"]) == {"withheld_view"}
    shoulder = angles[(angles["angle"] == "shoulder_flexion_r") & (angles["facing"] == "front")]
    assert shoulder["value_deg"].notna().mean() > 0.95
    assert shoulder["value_deg"].max() > 150


def test_picture_has_all_frames_all_sound_and_plays_in_browsers(processed) -> None:
    picture = processed[2] / "annotated.mp4"
    ours, source = counted_frames(picture), counted_frames(SAMPLE)
    assert ours[0] == source[0] == 762
    assert ours[1] == pytest.approx(source[1], abs=1 / 30)
    assert ours[2] == source[2]
    assert ours[2]
    with av.open(str(picture)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    head = picture.read_bytes()[:4096]
    assert head.index(b"moov") < 100  # the index stands first, so a browser starts before it has loaded everything


@pytest.mark.thorough
def test_pose_model_follows_its_schema(processed) -> None:
    import jsonschema

    document = json.loads((processed[1] / "pose_model.json").read_bytes())
    jsonschema.validate(document, load_schema("pose_model"))
    assert document["provenance"]["input_sha256"]
    assert set(document["provenance"]["model_files"]) == {"pose_detection.tflite", "pose_landmark_full.tflite"}


def test_report_tells_peak_and_limit(processed) -> None:
    memory = processed[0].report()["memory"]
    assert 0 < memory["peak_bytes"] <= memory["limit_bytes"]
    assert memory["n_samples_over"] == 0
    assert "memory peak" in (processed[0].folder / "a/output/run_report.txt").read_text()

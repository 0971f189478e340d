"""Run vidpose on a drawn mannequin whose joint angles are known, and say how far off it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vidpose.config import Settings
from vidpose.engines.stop import StopRequest
from vidpose.errors import VidposeError
from vidpose.resources import SAMPLE
from vidpose.results.run_report import RunReport
from vidpose.workflow.run import run
from vidpose.workflow.supervision import Display

LIMITS_DEG = {"knee_flexion": 5.0, "hip_flexion": 8.0}
"""Largest median absolute error on the side that faces the camera, in side view."""
MIN_FOUND_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class JointError:
    """Error of one angle against the truth, over the frames with a value.

    ``bias_deg`` is the mean of measured - true; ``p95_deg`` the 95th percentile of the absolute error;
    ``valid_share`` the share of the compared frames that have a value.
    """

    angle_id: str
    median_abs_deg: float
    p95_deg: float
    bias_deg: float
    valid_share: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What a self-test measures."""

    n_frames: int
    found_share: float
    joints: tuple[JointError, ...]

    @property
    def passed(self) -> bool:
        """True when the person is found and every joint keeps its limit."""
        return self.found_share >= MIN_FOUND_SHARE and all(
            joint.median_abs_deg <= LIMITS_DEG[joint.angle_id[:-2]] for joint in self.joints
        )


def measure(pose_model: Path, truth: Path) -> Accuracy:
    """Compare a pose model with the truth of the clip it was made from.

    Angles are compared with those that drove the mannequin's joints, in the frames seen from the side, for the body
    side that faces the camera.

    Parameters
    ----------
    pose_model
        ``pose_model.json`` of a mannequin clip.
    truth
        The clip's truth file (written by ``python -m synthetic``).
    """
    model, known = json.loads(pose_model.read_bytes()), json.loads(truth.read_bytes())
    person, actor = model["people"][0], known["persons"][0]
    rows = _matching_frames(model["timestamps_s"], known["time_s"])
    heading = np.asarray(actor["heading_deg"])
    found = np.array([any(value is not None for value in frame) for frame in person["raw"]["x_px"]])
    columns = {term["id"]: number for number, term in enumerate(model["angles"])}
    values = np.array(person["angles"]["value_deg"], dtype=float)
    joints = []
    for joint in LIMITS_DEG:
        for letter, wanted_heading in (("r", 0.0), ("l", 180.0)):
            seen = np.array([view == "side" for view in actor["view"]])
            seen &= np.abs((heading - wanted_heading + 180.0) % 360.0 - 180.0) < 90.0
            angle_id = f"{joint}_{letter}"
            if seen.any():
                measured = values[rows, columns[angle_id]]
                joints.append(_joint_error(angle_id, measured, np.asarray(actor["angles_driver_deg"][angle_id]), seen))
    return Accuracy(len(rows), float(found[rows].mean()), tuple(joints))


def run_selftest(folder: Path, engine: str, display: Display, stop: StopRequest) -> tuple[Accuracy, RunReport]:
    """Process the sample clip in ``folder`` and measure it.

    Raises
    ------
    VidposeError
        When the clip was not processed.
    """
    video = SAMPLE
    settings = Settings.model_validate(
        {"video": video, "output": folder / "output", "models": folder / "models", "no_video": True, "engine": engine}
    )
    report = run(settings, display, stop)
    if report.exit_code != 0:
        said = "; ".join(finding.message for entry in report.videos for finding in entry.findings)
        raise VidposeError(f"the self-test clip was not processed: {said or 'interrupted'}")
    return measure(folder / "models" / video.name / "pose_model.json", truth_of(video)), report


def truth_of(video: Path) -> Path:
    """Return where the truth of a drawn clip lies."""
    return video.with_suffix(".truth.json")


def _matching_frames(measured_s: list[float], known_s: list[float]) -> Any:
    """Return for each known frame the row of the measured frame at the same time."""
    rows = np.searchsorted(np.asarray(measured_s), np.asarray(known_s) - 1e-3)
    clipped = np.minimum(rows, len(measured_s) - 1)
    if np.abs(np.asarray(measured_s)[clipped] - np.asarray(known_s)).max() > 1e-3:
        raise VidposeError("the truth file belongs to another clip: its frame times differ from the video's")
    return clipped


def _joint_error(angle_id: str, measured: Any, known: Any, seen: Any) -> JointError:
    difference = (measured - known)[seen]
    valid = np.isfinite(difference)
    if not valid.any():
        return JointError(angle_id, float("inf"), float("inf"), float("nan"), 0.0)
    error = difference[valid]
    return JointError(
        angle_id,
        float(np.median(np.abs(error))),
        float(np.percentile(np.abs(error), 95)),
        float(error.mean()),
        float(valid.mean()),
    )

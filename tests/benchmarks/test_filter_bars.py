"""The filter benchmark: its truth is the truth, and its bars are met and can be missed."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import filters
from benchmarks.harmonic_motion import JOINTS, Spoiling, body_px, joint_rad, spoiled

TIMES_S = np.arange(180) / 30
CLEAN = Spoiling(noise_trunks=0.0, outlier_share=0.0, gap_share=0.0)


def test_the_angles_of_the_body_are_those_that_it_was_made_of():
    track, _ = spoiled(TIMES_S, CLEAN, 0)
    assert np.array_equal(track.image_px, body_px(TIMES_S).astype(np.float32))
    truth = np.stack([joint_rad(joint, side, TIMES_S) for joint, side in filters.SIDE_JOINTS], axis=1)
    found = filters.joint_angles_rad(filters.unfiltered(track))
    assert np.rad2deg(found) == pytest.approx(np.rad2deg(truth), abs=0.01)


@pytest.mark.parametrize("joint", JOINTS)
def test_the_derivatives_of_the_truth(joint):
    times_s = np.arange(3000) / 3000
    for derivative in (1, 2):
        numeric = np.gradient(joint_rad(joint, "l", times_s, derivative - 1), times_s)
        assert joint_rad(joint, "l", times_s, derivative)[1:-1] == pytest.approx(numeric[1:-1], abs=0.01)


@pytest.mark.parametrize("method", [name for name in filters.METHODS if name != "none"])
def test_the_bars_are_met(method):
    assert filters.measure("60 Hz", method, np.arange(600) / 60, Spoiling(), 1).meets


def test_the_bars_can_be_missed():
    good = filters.measure("60 Hz", "butterworth", np.arange(600) / 60, Spoiling(), 1)
    for bad in ({"cut": 0.4}, {"peak_loss_deg": 2.1}, {"lag_frames": -0.6}, {"n_leaks": 1}):
        assert not replace(good, **bad).meets


def test_lag_and_peak_loss_are_what_they_say():
    truth = joint_rad("knee_flexion", "r", TIMES_S)[:, None]
    slope = joint_rad("knee_flexion", "r", TIMES_S, 1)[:, None]
    late = joint_rad("knee_flexion", "r", TIMES_S - 0.01)[:, None]
    assert filters.lag_s(slope, late - truth) == pytest.approx(0.01, abs=1e-3)
    flat = truth.mean() + (truth - truth.mean()) * 0.9
    expected_deg = np.rad2deg(0.1 * np.max(np.abs(truth - truth.mean())))
    assert filters.peak_loss_deg(truth, flat - truth, TIMES_S) == pytest.approx(expected_deg, rel=0.01)


@pytest.mark.thorough
def test_the_table_and_the_file(tmp_path):
    result = CliRunner().invoke(filters.main, ["--json", str(tmp_path / "figures.json"), "--duration_s", "6"])
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert len(figures) == len(result.output.splitlines()) - 2
    assert {one["method"] for one in figures} == set(filters.METHODS)

"""Tracks with frames that were left out on request: filled, flagged, filtered at what the estimates carry."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import absent, degrees, squats, states, still, track_of
from examples import few_examples
from hypothesis import given
from hypothesis import strategies as st

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.sampled import effective_rate_hz, estimate_interval_s
from vidpose.types.motion import AngleStatus
from vidpose.types.pose import PoseTrack, Status
from vidpose.types.skeleton import LANDMARK_INDEX

USUAL = AnalysisSettings()
FLOATS = ("image_px", "z_rel", "visibility", "presence", "world_m")


def sampled(track, kept):
    """Return the track as if only the ``kept`` frames (numbers or a mask) had been estimated."""
    estimated = np.zeros(track.n_frames, dtype=bool)
    estimated[kept] = True
    values = {}
    for name in FLOATS:
        array = getattr(track, name).copy()
        array[~estimated] = np.nan
        values[name] = array
    return replace(track, estimated=estimated, **values)


def every(track, stride):
    return sampled(track, np.append(np.arange(0, track.n_frames, stride), track.n_frames - 1))


def findings(result):
    return {finding.code: finding for finding in result.findings}


# --- how far apart the estimates are ------------------------------------------------------------------------------


def test_the_interval_around_every_frame():
    times = np.array([0.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    kept = np.array([1, 1, 0, 1, 1, 0, 0, 1], dtype=bool)
    assert estimate_interval_s(times, kept).tolist() == [0, 3, 3, 3, 3, 3, 3, 3]
    kept = np.array([0, 1, 1, 1, 0, 1, 0, 0], dtype=bool)
    assert estimate_interval_s(times, kept).tolist() == [np.inf, 0, 0, 2, 2, 2, np.inf, np.inf]
    assert estimate_interval_s(times, np.zeros(8, bool)).tolist() == [np.inf] * 8
    assert estimate_interval_s(times[:0], kept[:0]).tolist() == []


@few_examples
@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_nothing_left_out_leaves_no_interval(kept):
    estimated = np.array(kept)
    interval = estimate_interval_s(np.arange(len(kept)) / 30, estimated)
    assert np.all(interval[~estimated] > 0)
    if estimated.all():
        assert np.all(interval == 0)
    assert np.all(np.isfinite(interval[estimated]))


def test_the_effective_rate_is_the_mean_one():
    track = every(still(n_frames=31), 3)
    assert effective_rate_hz(track) == pytest.approx(10.0)
    assert effective_rate_hz(sampled(track, [0])) == 0.0


# --- values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stride", [2, 3, 5])
@pytest.mark.thorough
def test_skipped_frames_are_imputed_and_close_to_the_full_rate(stride):
    track = track_of(squats())
    full, result = analyse(track, USUAL), analyse(every(track, stride), USUAL)
    assert np.all(np.isfinite(degrees(result, "knee_flexion_r")))
    change = np.abs(degrees(result, "knee_flexion_r") - degrees(full, "knee_flexion_r"))
    assert np.median(change) < 0.5
    assert np.max(change) < 3.0  # at the turning points, which PCHIP flattens
    kept = every(track, stride).estimated
    assert np.all(states(result, "knee_flexion_r")[kept] == AngleStatus.MEASURED)
    assert np.all(states(result, "knee_flexion_r")[~kept] == AngleStatus.IMPUTED)
    assert np.all(result.filtered.status[~kept] == Status.IMPUTED)
    assert np.all(result.filtered.stretch == 0)


@pytest.mark.thorough
def test_a_track_without_skipped_frames_is_left_alone():
    track = track_of(squats())
    full, same = analyse(track, USUAL), analyse(sampled(track, slice(None)), USUAL)
    np.testing.assert_array_equal(full.filtered.image_px, same.filtered.image_px)
    assert full.findings == same.findings == ()


@pytest.mark.thorough
def test_gaps_longer_than_the_rule_stay_missing_and_without_speed():
    track = track_of(squats()[:172])
    result = analyse(every(track, 9), USUAL)  # 9 frames less one are 0.267 s
    kept = every(track, 9).estimated
    values = degrees(result, "knee_flexion_r")
    assert np.array_equal(np.isfinite(values), kept)
    assert np.all(result.filtered.status[~kept] == Status.MISSING)
    assert np.all(np.isnan(result.angles.velocity_rad_s))
    finding = findings(result)["frames_sampled"]
    assert finding.severity == "warning"
    assert finding.details["n_empty"] == np.count_nonzero(~kept)
    assert "stay empty" in finding.message
    assert np.all(np.isfinite(degrees(analyse(every(track, 8), USUAL), "knee_flexion_r")))  # 0.233 s


@pytest.mark.thorough
def test_what_was_left_out_is_no_loss():
    track = track_of(squats())
    for stride in (4, 9):
        result = analyse(every(track, stride), USUAL)
        assert not {"no_person", "person_rarely_found"} & set(findings(result))
        summary = {row.angle_id: row for row in result.summaries}["knee_flexion_r"]
        assert (summary.value_share, summary.measured_share, summary.withheld) == (1.0, 1.0, {})


def test_a_person_who_is_lost_in_the_estimated_frames_is_a_loss():
    track = absent(still(n_frames=80), slice(20, None))
    found = findings(analyse(every(track, 4), USUAL))
    assert found["person_rarely_found"].details == {"n_found": 5, "n_frames": 21}
    nobody = findings(analyse(every(absent(still(), slice(None)), 4), USUAL))
    assert nobody["no_person"].details == {"n_frames": 11}


def test_gaps_of_the_model_and_of_the_sampling_add_up():
    track = every(still(n_frames=61), 4)
    image_px = track.image_px.copy()
    image_px[20, LANDMARK_INDEX["left_knee"]] = np.nan  # 16 to 24: 0.233 s are missing
    image_px[[40, 44], LANDMARK_INDEX["left_knee"]] = np.nan  # 36 to 48: 0.367 s
    status = analyse(replace(track, image_px=image_px), USUAL).filtered.status[:, LANDMARK_INDEX["left_knee"]]
    assert np.all(status[17:24] == Status.IMPUTED)
    assert np.all(status[37:48] == Status.MISSING)
    assert np.all(status[[36, 48]] == Status.MEASURED)


# --- what the estimates carry -------------------------------------------------------------------------------------


def test_estimates_that_carry_the_cut_off_are_told_and_not_warned_about():
    result = analyse(every(track_of(squats()), 2), USUAL)  # 15 Hz carry 6 Hz
    assert list(findings(result)) == ["frames_sampled"]
    finding = findings(result)["frames_sampled"]
    assert finding.severity == "info"
    assert finding.details["effective_rate_hz"] == pytest.approx(15.0, rel=0.01)
    assert finding.details["estimated_share"] == pytest.approx(0.5, abs=0.01)
    assert (finding.details["n_frames"], finding.details["n_empty"]) == (180, 0)


def test_estimates_too_far_apart_are_warned_about_as_a_low_frame_rate_is():
    found = findings(analyse(every(track_of(squats()), 3), USUAL))  # 10 Hz do not carry 6 Hz
    assert found["low_frame_rate"].details["rate_hz"] == pytest.approx(10.0)
    assert found["low_frame_rate"].details["unfiltered_share"] == pytest.approx(1.0, abs=0.02)
    assert "10 poses per second" in found["low_frame_rate"].message


def test_only_the_sparse_part_counts_as_unfiltered():
    track = track_of(squats())
    kept = np.append(np.arange(0, 90, 3), np.arange(90, 180))
    low = findings(analyse(sampled(track, kept), USUAL))["low_frame_rate"]
    assert low.details["unfiltered_share"] == pytest.approx(0.5, abs=0.01)
    assert low.details["rate_hz"] == pytest.approx(10.0)


@pytest.mark.thorough
def test_the_dense_part_is_filtered_as_in_the_full_track():
    rng = np.random.default_rng(0)
    track = track_of(squats())
    noisy = replace(track, image_px=track.image_px + rng.normal(scale=2.0, size=track.image_px.shape))
    kept = np.append(np.arange(0, 90, 4), np.arange(90, 180))
    full, part = (analyse(item, USUAL).filtered.image_px for item in (noisy, sampled(noisy, kept)))
    np.testing.assert_allclose(part[105:], full[105:], atol=0.05)
    error = part - track.image_px
    assert np.nanstd(error[105:]) < 0.8 * np.nanstd(error[:80])


def test_a_slow_video_that_is_not_sampled_keeps_its_own_message():
    track = track_of(squats(rate_hz=5.0), rate_hz=5.0)
    low = findings(analyse(track, USUAL))["low_frame_rate"]
    assert low.details["rate_hz"] == pytest.approx(5.0)


@pytest.mark.thorough
def test_outliers_are_judged_by_the_estimates_only():
    track = every(track_of(squats(rate_hz=60.0), rate_hz=60.0), 2)
    image_px = track.image_px.copy()
    image_px[100, LANDMARK_INDEX["right_wrist"]] += 80.0
    result = analyse(replace(track, image_px=image_px), USUAL)
    assert result.filtered.status[100, LANDMARK_INDEX["right_wrist"]] == Status.IMPUTED


@few_examples
@given(st.lists(st.booleans(), min_size=60, max_size=60))
@pytest.mark.thorough
def test_any_choice_of_frames_is_survived(kept):
    track = sampled(track_of(squats(n_reps=1)), np.array(kept))
    result = analyse(track, USUAL)
    assert isinstance(track, PoseTrack)
    given_value = np.isin(result.angles.status, (AngleStatus.MEASURED, AngleStatus.IMPUTED))
    assert np.array_equal(np.isfinite(result.angles.values_rad), given_value)
    known = np.isin(result.filtered.status, (Status.MEASURED, Status.IMPUTED))
    assert np.array_equal(np.isfinite(result.filtered.image_px).all(axis=2), known)
    assert not np.any((result.filtered.status == Status.MEASURED) & ~track.estimated[:, None])
    for row in result.summaries:
        assert 0 <= row.measured_share <= row.value_share <= 1

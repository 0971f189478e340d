"""Differences between the sides of whole recordings: found when there, absent with a reason when not to be known."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import absent, make_track, squats, still, track_of, without
from movement_recordings import agree, by_id, recording_of

from benchmarks.accuracy_symmetry import rates, recorded
from vidpose.biomech.symmetry.measure_symmetry import SymmetrySettings, measure_symmetry
from vidpose.biomech.symmetry.symmetry_metrics import METRICS
from vidpose.types.skeleton import LANDMARK_INDEX

SETTINGS = SymmetrySettings()
ARM_M = 0.186 * 1.75


def measured(recording):
    values = measure_symmetry(recording, SETTINGS)
    agree(METRICS, values)
    return {name: value for (name, _), value in by_id(values).items()}


def measured_track(track, **options):
    return measured(recording_of(track, **options))


def arm_raises(right_deg, left_deg, shift_s=0.0, rate_hz=30.0, n_reps=5, period_s=2.0):
    """Arms raised sideways before the camera by the given angles, the left one later by ``shift_s``."""
    times_s = np.arange(round(n_reps * period_s * rate_hz)) / rate_hz
    calm = still(replace(squats(1)[0], yaw=0.0), n_frames=len(times_s), rate_hz=rate_hz)
    image_px, world_m = calm.image_px.astype(float).copy(), calm.world_m.astype(float).copy()
    for side, top_deg, shift in (("right", right_deg, 0.0), ("left", left_deg, shift_s)):
        lift = np.deg2rad(top_deg) * (0.5 - 0.5 * np.cos(2 * np.pi * (times_s - shift) / period_s))
        shoulder = image_px[:, LANDMARK_INDEX[f"{side}_shoulder"]]
        out = np.sign(shoulder[:, 0] - 640.0)
        along = np.stack([out * np.sin(lift), np.cos(lift)], axis=1)
        for name, reach_m in (("elbow", ARM_M), ("wrist", ARM_M + 0.25), ("index", ARM_M + 0.33)):
            image_px[:, LANDMARK_INDEX[f"{side}_{name}"]] = shoulder + 400.0 * reach_m * along
            world_m[:, LANDMARK_INDEX[f"{side}_{name}"], :2] = (
                world_m[:, LANDMARK_INDEX[f"{side}_shoulder"], :2] + reach_m * along
            )
    return make_track(image_px, times_s, world_m)


def test_rows_have_names_of_their_own():
    assert len({row.id for row in METRICS}) == len(METRICS) == 60
    assert len({row.label for row in METRICS}) == len(METRICS)


@pytest.mark.thorough
def test_equal_sides_are_below_the_noise():
    found = measured_track(arm_raises(120, 120))
    for quantity in ("rom", "peak", "speed"):
        for index in ("robinson", "angle", "nsi"):
            assert found[f"symmetry_shoulder_{quantity}_{index}"].reason == "below_noise"
    assert found["symmetry_shoulder_level"].value == 0
    assert found["symmetry_shoulder_rmse"].reason == "below_noise"
    assert found["symmetry_shoulder_lag"].value == pytest.approx(0.0, abs=1e-3)


@pytest.mark.thorough
def test_a_lower_left_arm_is_found_with_its_size():
    found = measured_track(arm_raises(129, 111))
    assert found["symmetry_shoulder_rom_robinson"].value == pytest.approx(0.15, abs=0.01)
    assert found["symmetry_shoulder_peak_nsi"].value == pytest.approx(18 / 129, abs=0.02)
    assert found["symmetry_shoulder_speed_robinson"].value == pytest.approx(0.15, abs=0.02)
    assert found["symmetry_shoulder_level"].value in {1, 2}
    index = found["symmetry_shoulder_rom_robinson"]
    assert index.n >= 4
    assert 0 < index.uncertainty < 0.1
    assert found["symmetry_shoulder_rmse"].value > np.deg2rad(5)


@pytest.mark.thorough
def test_the_level_follows_the_index():
    assert measured_track(arm_raises(120, 112))["symmetry_shoulder_level"].value == 0
    assert measured_track(arm_raises(120, 106))["symmetry_shoulder_level"].value == 1
    assert measured_track(arm_raises(90, 120))["symmetry_shoulder_level"].value == 2


@pytest.mark.thorough
def test_a_difference_within_the_noise_is_not_claimed():
    found = measured_track(arm_raises(120, 106), precision_deg=40.0)
    assert found["symmetry_shoulder_rom_robinson"].reason == "below_noise"
    assert found["symmetry_shoulder_level"].value == 0


@pytest.mark.thorough
def test_a_late_arm_is_found_and_alternating_arms_are_not_late():
    late = measured_track(arm_raises(120, 120, shift_s=0.2))
    assert late["symmetry_shoulder_lag"].value == pytest.approx(-0.2, abs=0.02)
    turns = measured_track(arm_raises(120, 120, shift_s=1.0))
    assert turns["symmetry_shoulder_lag"].value == pytest.approx(0.0, abs=0.02)
    assert turns["symmetry_shoulder_rom_robinson"].reason == "below_noise"
    assert turns["symmetry_shoulder_rmse"].reason == "below_noise"


@pytest.mark.thorough
def test_the_side_view_hides_one_side():
    found = measured_track(track_of(squats(4, yaw=90.0)))
    assert {value.reason for value in found.values()} == {"one_side_hidden"}


def test_deep_knees_from_the_front_are_too_uncertain_to_be_compared():
    found = measured_track(track_of(squats(4, yaw=0.0)))
    assert found["symmetry_knee_level"].reason == "low_confidence"
    assert found["symmetry_elbow_level"].reason == "not_moving"


@pytest.mark.thorough
def test_a_hidden_arm_cannot_be_compared():
    found = measured_track(without(arm_raises(120, 60), "left_elbow", frames=slice(10, None)))
    assert found["symmetry_shoulder_level"].reason == "one_side_hidden"


@pytest.mark.parametrize("right_deg", [60, 120])
@pytest.mark.thorough
def test_unknown_precision_and_scatter_claim_nothing(right_deg):
    recording = recording_of(arm_raises(right_deg, 60, n_reps=1))
    unknown = replace(recording, angle_precision_rad=np.full_like(recording.angle_precision_rad, np.nan))
    known, found = measured(recording), measured(unknown)
    assert known["symmetry_shoulder_level"].value == (0 if right_deg == 60 else 2)
    for key in ("level", "rom_robinson", "peak_nsi", "rmse"):
        assert found[f"symmetry_shoulder_{key}"].reason == "frame_rate", key


def test_cycles_that_scatter_tell_the_noise_that_precision_does_not():
    recording = recording_of(arm_raises(120, 60))
    unknown = replace(recording, angle_precision_rad=np.full_like(recording.angle_precision_rad, np.nan))
    assert measured(unknown)["symmetry_shoulder_level"].value == 2


@pytest.mark.parametrize(
    ("track", "reason"),
    [
        (track_of([]), "no_data"),
        (track_of(squats(1, yaw=0.0)[:1]), "frame_rate"),
        (track_of(squats(4, yaw=0.0, rate_hz=5.0), rate_hz=5.0), "frame_rate"),
        (absent(track_of(squats(2, yaw=0.0)), slice(None)), "no_data"),
        (still(replace(squats(1)[0], yaw=0.0), n_frames=20), "too_short"),
    ],
    ids=["no_frames", "one_frame", "5_fps", "nobody", "too_short"],
)
def test_too_little(track, reason):
    reasons = {value.reason for value in measured_track(track).values()}
    assert reason in reasons
    # ankles are too uncertain from the front to have any data, or any to rely on
    assert reasons <= {reason, "no_data", "low_confidence"}


@pytest.mark.thorough
def test_240_frames_a_second_and_uneven_times_have_the_same_index():
    usual = measured_track(arm_raises(129, 111))["symmetry_shoulder_rom_robinson"].value
    fast = measured_track(arm_raises(129, 111, rate_hz=240.0))["symmetry_shoulder_rom_robinson"].value
    track = arm_raises(129, 111)
    kept = np.random.default_rng(0).random(track.n_frames) > 0.2
    kept[0] = True
    uneven = make_track(track.image_px[kept], track.timestamps_s[kept], track.world_m[kept])
    assert fast == pytest.approx(usual, abs=0.01)
    assert measured_track(uneven)["symmetry_shoulder_rom_robinson"].value == pytest.approx(usual, abs=0.02)


@pytest.mark.thorough
def test_leaving_and_returning_keeps_the_whole_cycles():
    found = measured_track(absent(arm_raises(129, 111, n_reps=8), slice(190, 230)))
    assert found["symmetry_shoulder_rom_robinson"].value == pytest.approx(0.15, abs=0.02)


@pytest.mark.thorough
def test_most_injected_differences_are_found_and_few_that_are_not_there():
    """A quick form of the benchmark, whose bars are 90 % and 5 %."""
    assert rates("shoulder", 0.15, 120.0, n_trials=25).flagged_share >= 0.9
    assert rates("shoulder", 0.0, 120.0, n_trials=25, seed=1).flagged_share <= 0.05
    assert rates("knee", 0.0, 100.0, n_trials=15, seed=2).flagged_share <= 0.05


@pytest.mark.thorough
def test_indices_have_honest_intervals():
    """The injected index lies within the stated interval about as often as 95 % promise."""
    rng = np.random.default_rng(7)
    found = [measured(recorded(rng, "shoulder", 0.3, 120.0))["symmetry_shoulder_rom_robinson"] for _ in range(30)]
    assert np.mean([abs(value.value - 0.3) <= value.uncertainty for value in found]) >= 0.85


@pytest.mark.parametrize("name", ["min_seen_s", "min_difference_deg", "min_difference_3d_deg", "noise_factor"])
def test_settings_are_checked(name):
    with pytest.raises(ValueError, match=name):
        SymmetrySettings(**{name: 0.0})

"""Smoothness and consistency of whole recordings, good ones and odd ones."""

import numpy as np
import pytest
from biomech_bodies import absent, make_track, mirrored_track, squats, still, track_of, without
from movement_recordings import agree, by_id, recording_of

from vidpose.biomech.smoothness.judged_cycles import SmoothnessSettings
from vidpose.biomech.smoothness.measure_smoothness import measure_smoothness
from vidpose.biomech.smoothness.smoothness_metrics import METRICS
from vidpose.types.skeleton import LANDMARK_NAMES

SETTINGS = SmoothnessSettings()


def measured(track):
    values = measure_smoothness(recording_of(track), SETTINGS, {})
    agree(METRICS, values)
    return by_id(values)


def test_rows_have_names_of_their_own():
    assert len({row.id for row in METRICS}) == len(METRICS)
    assert len({row.label for row in METRICS}) == len(METRICS)


def test_squats():
    found = measured(track_of(squats(6)))
    assert found["cycle_count", "none"].value == 6
    assert found["cycle_duration", "none"].value == pytest.approx(2.0, abs=0.05)
    assert found["consistency_duration_cv", "none"].value < 0.02
    assert found["consistency_knee_cmc", "right"].value > 0.99
    assert found["consistency_knee_rom_cv", "left"].value < 0.01
    assert np.rad2deg(found["consistency_knee_sd", "left"].value) < 2.0
    # two half-sine pushes: a cycle of a pure cosine
    assert found["smoothness_knee_sparc", "right"].value == pytest.approx(-2.35, abs=0.05)
    assert found["smoothness_knee_sparc", "right"].n == 6
    assert found["smoothness_elbow_sparc", "right"].reason == "not_moving"


@pytest.mark.thorough
def test_the_duration_of_equal_cycles_is_not_known_better_than_the_frames():
    duration = measured(track_of(squats(5)))["cycle_duration", "none"]
    assert duration.n == 5
    assert duration.uncertainty == pytest.approx(0.776 / 30, rel=0.3)


@pytest.mark.thorough
def test_a_trembling_squat_is_less_smooth():
    calm = track_of(squats(6))
    shaking_px = calm.image_px.copy()
    shaking_px[:, :, 0] += (8.0 * np.sin(2 * np.pi * 4.5 * calm.timestamps_s))[:, None]
    before, after = measured(calm), measured(make_track(shaking_px, calm.timestamps_s, calm.world_m))
    for measure in ("sparc", "ldlj"):
        key = f"smoothness_ankle_path_{measure}", "left"
        assert after[key].value < before[key].value - 0.5
    assert before["cycle_count", "none"].value == after["cycle_count", "none"].value


@pytest.mark.thorough
def test_uneven_repetitions_are_less_consistent():
    even = measured(track_of(squats(3) + squats(3)))
    uneven = measured(track_of(squats(2) + squats(2, period_s=3.0) + squats(2, period_s=2.4)))
    key = "consistency_duration_cv", "none"
    assert uneven[key].value > even[key].value + 0.1


@pytest.mark.thorough
def test_the_mirrored_video_has_the_same_numbers_on_the_other_side():
    track = track_of(squats(4))
    here, there = measured(track), measured(mirrored_track(track))
    for row in METRICS:
        for side in row.sides:
            other = {"left": "right", "right": "left"}.get(side, side)
            assert here[row.id, side].reason == there[row.id, other].reason
            assert here[row.id, side].value == pytest.approx(there[row.id, other].value, abs=1e-4, nan_ok=True)


def test_standing_still_does_not_repeat():
    found = measured(still(n_frames=120))
    assert {value.reason for value in found.values()} == {"not_cyclic"}


def test_two_repetitions_have_smoothness_but_no_consistency():
    found = measured(track_of(squats(2)))
    assert found["smoothness_knee_sparc", "left"].n == 2
    assert found["smoothness_knee_sparc_spread", "left"].reason == "not_cyclic"
    assert found["consistency_knee_sd", "left"].reason == "not_cyclic"
    assert found["cycle_count", "none"].value == 2


@pytest.mark.parametrize(
    ("poses", "rate_hz", "reason"),
    [([], 30.0, "no_data"), (squats(1)[:1], 30.0, "frame_rate"), (squats(4, rate_hz=5.0), 5.0, "frame_rate")],
    ids=["no_frames", "one_frame", "5_fps"],
)
def test_too_little(poses, rate_hz, reason):
    found = measured(track_of(poses, rate_hz=rate_hz))
    assert {value.reason for value in found.values()} == {reason}


def test_twelve_frames_a_second_carry_curves_but_no_smoothness():
    found = measured(track_of(squats(5, rate_hz=12.0), rate_hz=12.0))
    assert found["smoothness_knee_sparc", "left"].reason == "frame_rate"
    assert found["cycle_count", "none"].value == 5
    assert found["consistency_knee_cmc", "left"].reason == ""


def test_nobody():
    track = track_of(squats(4))
    assert {v.reason for v in measured(absent(track, slice(None))).values()} == {"no_data"}


@pytest.mark.thorough
def test_high_frame_rate_has_the_same_numbers():
    slow, fast = measured(track_of(squats(4))), measured(track_of(squats(4, rate_hz=240.0), rate_hz=240.0))
    for name, tolerance in (("knee_sparc", 0.1), ("hand_sparc", 0.1), ("hip_ldlj", 0.4)):  # differences are coarser
        key = f"smoothness_{name}", "left"
        assert slow[key].value == pytest.approx(fast[key].value, abs=tolerance)


@pytest.mark.thorough
def test_variable_frame_rate_has_the_same_numbers():
    rng = np.random.default_rng(4)
    times_s = np.cumsum(rng.uniform(0.02, 0.04, 400))
    even_s = np.arange(360) / 30.0
    poses = squats(6)
    jittered = [poses[min(round(time * 30), len(poses) - 1)] for time in times_s[times_s < even_s[-1]]]
    found = measured(track_of(jittered, times_s=times_s[: len(jittered)]))
    assert found["cycle_count", "none"].value in {5, 6}
    assert found["cycle_duration", "none"].value == pytest.approx(2.0, abs=0.1)


@pytest.mark.thorough
def test_people_who_leave_and_return_are_judged_by_whole_cycles():
    found = measured(absent(track_of(squats(8)), slice(200, 260)))
    assert 5 <= found["cycle_count", "none"].value <= 7
    assert found["cycle_duration", "none"].value == pytest.approx(2.0, abs=0.1)


def test_a_hand_that_is_never_given_is_not_judged():
    found = measured(without(track_of(squats(5)), "left_wrist"))
    assert found["smoothness_hand_sparc", "left"].reason == "no_data"
    assert found["smoothness_hand_sparc", "right"].reason == ""


@pytest.mark.parametrize("name", LANDMARK_NAMES[::11])
@pytest.mark.thorough
def test_any_missing_landmark_is_survived(name):
    measured(without(track_of(squats(3)), name, frames=slice(20, 70)))


@pytest.mark.parametrize("wrong", [{"min_path_bh": -1.0}, {"min_range_deg": -1.0}, {"min_measured_share": 1.5}])
def test_settings_are_checked(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SmoothnessSettings(**wrong)


@pytest.mark.thorough
def test_alternating_sides_are_judged_by_cycles_of_their_own():
    """The same knee movement on both sides, half a cycle apart, is equally smooth on both."""
    track = track_of(squats(7))
    left = [number for number, name in enumerate(LANDMARK_NAMES) if name.startswith("left_")]
    image_px, world_m = track.image_px.copy(), track.world_m.copy()
    image_px[:, left], world_m[:, left] = (
        np.roll(track.image_px, 30, axis=0)[:, left],
        np.roll(world_m, 30, axis=0)[:, left],
    )
    found = measured(make_track(image_px, track.timestamps_s, world_m))
    right, late = found["smoothness_knee_sparc", "right"], found["smoothness_knee_sparc", "left"]
    assert right.reason == late.reason == ""
    assert right.value == pytest.approx(late.value, abs=0.1)

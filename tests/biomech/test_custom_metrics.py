"""Metrics of one's own beside the dictionary: one row, one function."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import squats, track_of

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.metrics.metric import Metric, Outcome, in_metres
from vidpose.errors import UsageError


def hand_travel(movement, side):
    height = -movement.point_px(f"{side}_wrist")[:, 1]
    known = height[np.isfinite(height)]
    if len(known) == 0:
        return Outcome(reason="no_data")
    return Outcome(np.ptp(known) / movement.recording.body_height_px, n=len(known))


TRAVEL = Metric(
    id="hand_travel",
    label="Vertical travel of the hand",
    definition="Highest less lowest position of the wrist.",
    formula="(max(y) - min(y)) / body height",
    unit="body_heights",
    positive="more travel",
    zero="the hand stays at one height",
    landmarks=("wrist",),
    source="this test",
    sides=("left", "right"),
    compute=hand_travel,
)


def measured(metrics, height_m=1.75):
    track = track_of(squats(2))
    return {
        (one.metric_id, one.side): one for one in analyse(track, AnalysisSettings(), height_m, custom=metrics).metrics
    }


def test_a_custom_metric_is_measured_beside_the_dictionary():
    got = measured([TRAVEL, in_metres(TRAVEL)])
    one, metres = got["hand_travel", "left"], got["hand_travel_m", "left"]
    assert one.value > 0.03
    assert one.n > 0
    assert metres.value == pytest.approx(1.75 * one.value)
    assert ("cadence", "none") in got


def test_its_function_is_not_called_when_a_gate_is_closed():
    def fails(movement, side):
        raise AssertionError("called")

    asked = [
        replace(TRAVEL, id="fast", min_rate_hz=500.0, compute=fails),
        replace(in_metres(TRAVEL), id="tall", compute=fails),
    ]
    got = measured(asked, height_m=None)
    assert (got["fast", "left"].reason, got["tall", "right"].reason) == ("frame_rate", "no_height")


def test_a_value_that_is_no_number_is_absent():
    nothing = replace(TRAVEL, compute=lambda movement, side: Outcome(float("nan")))
    assert measured([nothing])["hand_travel", "left"].reason == "no_data"


@pytest.mark.parametrize("metrics", [[replace(TRAVEL, id="cadence")], [TRAVEL, TRAVEL]])
@pytest.mark.thorough
def test_an_identifier_that_is_taken_is_refused(metrics):
    with pytest.raises(UsageError, match="a new identifier"):
        measured(metrics)


def test_an_unknown_angle_is_refused_with_the_known_ones():
    wrong = replace(TRAVEL, compute=lambda movement, side: Outcome(float(movement.angle_rad("knee")[0])))
    with pytest.raises(UsageError, match=r"metric hand_travel, side left: .*did you mean knee_flexion_r or"):
        measured([wrong])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "deg"}, "unit: expected one of rad, .*got 'deg'.*rad is shown in degrees"),
        ({"plane": "sideways"}, "plane: expected one of sagittal"),
        ({"views": ("side",)}, "views: expected one of unknown, right, left, front, back, got 'side'"),
        ({"views": "right"}, "views: expected a tuple of names"),
        ({"sides": "left"}, "sides: expected a tuple of names, got 'left'"),
        ({"sides": ()}, "sides: expected a tuple of names"),
        ({"sides": ("L",)}, "sides: expected one of left, right, both, none, got 'L'"),
        ({"landmarks": ("patella",)}, "landmarks: expected landmarks, with or without their side, got 'patella'"),
        ({"landmarks": ("knees",)}, "did you mean knee"),
        ({"compute": 1.0}, "compute: expected a function"),
    ],
)
def test_a_definition_that_does_not_fit_is_refused_when_it_is_made(change, message):
    with pytest.raises(UsageError, match=message):
        replace(TRAVEL, **change)


@pytest.mark.parametrize(("views", "reason"), [(("right", "left"), ""), (("front",), "view")])
@pytest.mark.thorough
def test_views_are_named_as_in_the_documentation(views, reason):
    assert measured([replace(TRAVEL, views=views)])["hand_travel", "left"].reason == reason


def test_the_height_multiplies_metres_only():
    one = replace(TRAVEL, compute=lambda movement, side: Outcome(1.0, 0.1))
    units = {"s": "time", "rad": "angle", "share": "share", "m": "length", "m/s": "speed", "none": "number"}
    got = measured([replace(one, id=name, unit=unit, needs_height=True) for unit, name in units.items()], height_m=1.8)
    assert {name: got[name, "left"].value for name in units.values()} == {
        "time": 1.0,
        "angle": 1.0,
        "share": 1.0,
        "length": 1.8,
        "speed": 1.8,
        "number": 1.0,
    }
    metres = replace(one, unit="m")  # as the height of a jump by its flight time
    assert measured([metres], height_m=1.8)["hand_travel", "left"].value == 1.0


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (1.0, "metric hand_travel, compute: expected it to return a vidpose.Outcome, got 1.0"),
        (None, "expected it to return a vidpose.Outcome, got None"),
        (Outcome(1.0, frames=np.ones(5, bool)), r"frames: expected True or False for every frame, shape \(\d+,\)"),
    ],
)
@pytest.mark.thorough
def test_what_is_no_outcome_is_refused_with_the_metric(found, message):
    with pytest.raises(UsageError, match=message):
        measured([replace(TRAVEL, compute=lambda movement, side: found)])


def test_an_error_in_the_function_names_the_metric():
    with pytest.raises(ZeroDivisionError) as raised:
        measured([replace(TRAVEL, compute=lambda movement, side: 1 / 0)])
    assert raised.value.__notes__ == ["in the function of the metric hand_travel, side left"]


def test_a_reason_may_be_in_words_of_ones_own():
    own = replace(TRAVEL, compute=lambda movement, side: Outcome(reason="never stood up"))
    assert measured([own])["hand_travel", "left"].reason == "never stood up"
    with pytest.raises(UsageError, match=r"got 'no_event' \(did you mean no_events\?\)"):
        Outcome(reason="no_event")


def test_an_unknown_point_is_refused_with_the_nearest():
    wrong = replace(TRAVEL, compute=lambda movement, side: Outcome(float(movement.point_px("knee")[0, 0])))
    with pytest.raises(UsageError, match=r"got 'knee' .did you mean left_knee or right_knee"):
        measured([wrong])


def test_a_movement_gives_its_times_and_the_precision_of_its_angles():
    def seconds_and_degrees(movement, side):
        knee = f"knee_flexion_{side[0]}"
        valid = movement.angle_valid(knee)
        assert np.array_equal(movement.times_s, movement.recording.times_s)
        assert np.isfinite(movement.angle_rad(knee)[valid]).all()
        return Outcome(float(movement.angle_precision_rad(knee)[valid].mean()))

    assert 0 < measured([replace(TRAVEL, unit="rad", compute=seconds_and_degrees)])["hand_travel", "left"].value < 0.1

"""Metrics of one's own beside the dictionary: one row, one function."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import squats, track_of

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.metrics.metric import Metric, Outcome, in_metres


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
def test_an_identifier_that_is_taken_is_refused(metrics):
    with pytest.raises(ValueError, match="a new identifier"):
        measured(metrics)


def test_an_unknown_angle_is_refused_with_the_known_ones():
    wrong = replace(TRAVEL, compute=lambda movement, side: Outcome(float(movement.angle_rad("knee")[0])))
    with pytest.raises(ValueError, match="knee_flexion_l"):
        measured([wrong])

"""Scores: penalties by hand, absent parts, propagated intervals, refused settings."""

import math

import pytest

from vidpose.biomech.balance.balance_context import BalanceSettings
from vidpose.biomech.balance.balance_metrics import METRICS
from vidpose.biomech.balance.base_of_support import BaseOfSupportSettings
from vidpose.biomech.balance.score import Penalty, ScoreSettings, score
from vidpose.biomech.balance.score_metrics import SCORE_METRICS
from vidpose.biomech.balance.standing import StandingSettings
from vidpose.biomech.balance.sway import SwaySettings
from vidpose.types.metrics import MetricValue

LARGE = Penalty("lean", "none", 3.0, 2.0, 8.0)
SMALL = Penalty("margin", "none", 1.0, 0.04, 0.0)


@pytest.mark.parametrize(
    ("penalty", "value", "expected"),
    [(LARGE, 0.0, 0.0), (LARGE, 2.0, 0.0), (LARGE, 5.0, 0.5), (LARGE, -5.0, 0.5), (LARGE, 9.0, 1.0),
     (SMALL, 0.05, 0.0), (SMALL, 0.01, 0.75), (SMALL, -0.1, 1.0)],
)  # fmt: skip
def test_penalties(penalty, value, expected):
    assert penalty.of(value) == pytest.approx(expected)


def test_a_score_is_the_weighted_rest_with_its_interval():
    values = [MetricValue("lean", value=5.0, uncertainty=0.6, start_s=0.0, end_s=2.0, n=5),
              MetricValue("margin", value=0.01, uncertainty=0.004, start_s=1.0, end_s=3.0, n=4)]  # fmt: skip
    found = score((LARGE, SMALL), values)
    assert found.value == pytest.approx(100.0 * (1 - (3 * 0.5 + 0.75) / 4))
    assert found.uncertainty == pytest.approx(100.0 * (3 * 0.1 + 0.1) / 4)
    assert (found.start_s, found.end_s, found.n) == (0.0, 3.0, 4)


def test_an_unknown_interval_stays_unknown():
    found = score((LARGE,), [MetricValue("lean", value=5.0)])
    assert math.isnan(found.uncertainty)


def test_a_part_that_is_absent_takes_the_score_with_it():
    values = [MetricValue("lean", value=5.0), MetricValue("margin", reason="view")]
    found = score((LARGE, SMALL), values)
    assert (found.reason, math.isnan(found.value)) == ("view", True)


def test_a_part_that_is_no_metric_is_refused():
    with pytest.raises(ValueError, match="lean"):
        score((LARGE,), [])


def test_every_score_has_its_parts_among_the_rows():
    known = {(row.id, side) for row in METRICS for side in row.sides}
    for row in SCORE_METRICS:
        parts = row.compute.penalties(ScoreSettings())
        assert {(part.metric_id, part.side) for part in parts} <= known


@pytest.mark.parametrize(
    ("build", "name"),
    [
        (lambda: Penalty("a", "none", 0.0, 1.0, 2.0), "weight"),
        (lambda: Penalty("a", "none", 1.0, 1.0, 1.0), "limit"),
        (lambda: ScoreSettings(balance_ap=()), "balance_ap"),
        (lambda: StandingSettings(max_hip_speed_torso_s=0.0), "max_hip_speed_torso_s"),
        (lambda: StandingSettings(min_leg_share=1.0), "min_leg_share"),
        (lambda: StandingSettings(min_duration_s=-1.0), "min_duration_s"),
        (lambda: SwaySettings(0.0), "min_duration_s"),
        (lambda: BaseOfSupportSettings(assumed_height_m=math.nan), "assumed_height_m"),
        (lambda: BalanceSettings(max_turn_rad=2.0), "max_turn_rad"),
    ],
)
def test_bad_settings_are_refused(build, name):
    with pytest.raises(ValueError, match=f"{name}: expected"):
        build()

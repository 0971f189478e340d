"""The scores of posture and balance as metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

from vidpose.biomech.balance.balance_context import BODY_LANDMARKS, FOOT_LANDMARKS, FORE_AFT, MIN_RATE_HZ, SIDEWAYS
from vidpose.biomech.balance.score import Penalty, ScoreSettings, score
from vidpose.biomech.metrics.metric import Metric, Outcome
from vidpose.types.metrics import MetricSide, MetricValue


@dataclass(frozen=True, slots=True)
class ScoredValues:
    """The metrics that scores are computed from, and what they are scored by."""

    values: Sequence[MetricValue]
    settings: ScoreSettings


@dataclass(frozen=True, slots=True)
class BalanceScore:
    """A score of the penalties that the settings name for it."""

    penalties: Callable[[ScoreSettings], Sequence[Penalty]]

    def __call__(self, scored: ScoredValues, _: MetricSide) -> Outcome:
        """Return the score, 0 to 100."""
        return score(self.penalties(scored.settings), scored.values)


_POSTURE_FRONTAL: Final = Metric[ScoredValues](
    id="posture_score_frontal",
    label="Posture score, frontal plane",
    definition="100 less weighted penalties for shoulder tilt, pelvic tilt, lateral lean of the trunk and frontal knee "
    "angles",
    formula="100 (1 - sum(w p) / sum(w)), p = clip((|x| - tolerance) / (limit - tolerance), 0, 1)",
    unit="score",
    positive="better",
    zero="every part beyond its limit",
    plane=SIDEWAYS.plane,
    views=SIDEWAYS.views,
    landmarks=BODY_LANDMARKS,
    source="ours: weights, tolerances and limits are settings; not a clinical scale",
    decimals=0,
    note="A summary for comparing a person with themselves under the same camera.",
    compute=BalanceScore(attrgetter("posture_frontal")),
)
_BALANCE_AP: Final = replace(
    _POSTURE_FRONTAL,
    id="balance_score_ap",
    label="Balance score, anteroposterior",
    definition="100 less weighted penalties for RMS sway, mean sway speed and margin of stability",
    plane=FORE_AFT.plane,
    views=FORE_AFT.views,
    landmarks=BODY_LANDMARKS + FOOT_LANDMARKS,
    min_rate_hz=MIN_RATE_HZ,
    still_camera=True,
    compute=BalanceScore(attrgetter("balance_ap")),
)

SCORE_METRICS: Final[tuple[Metric[ScoredValues], ...]] = (
    _POSTURE_FRONTAL,
    replace(
        _POSTURE_FRONTAL,
        id="posture_score_sagittal",
        label="Posture score, sagittal plane",
        definition="100 less weighted penalties for inclination of the trunk and forward head angle",
        plane=FORE_AFT.plane,
        views=FORE_AFT.views,
        compute=BalanceScore(attrgetter("posture_sagittal")),
    ),
    _BALANCE_AP,
    replace(
        _BALANCE_AP,
        id="balance_score_ml",
        label="Balance score, mediolateral",
        plane=SIDEWAYS.plane,
        views=SIDEWAYS.views,
        compute=BalanceScore(attrgetter("balance_ml")),
    ),
)
"""Every score."""

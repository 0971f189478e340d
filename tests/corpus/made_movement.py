"""Facts of two made-up recordings with known numbers, and examples about them."""

import math

from vidpose.corpus.example import Example, Fact, Message
from vidpose.corpus.facts.derived import side_differences, video_differences
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.facts.fact_table import fact_id
from vidpose.corpus.grounding.check import check_text


def made_fact(metric, side, value, uncertainty=math.nan, subject="v/0", kind="metric", **given):
    row = FACT_DICTIONARY[metric]
    key = fact_id(subject, metric, side, given.pop("key", kind))
    values = {"start_s": 0.5, "end_s": 4.25, "n": 14} | given
    return Fact(
        key, "v", subject, metric, row.label, kind, side, value, row.shown_unit, row.decimals, uncertainty, **values
    )


def recording(subject="v/0", shift=0.0):
    return [
        made_fact("contact_time", "left", 0.256 + shift, 0.004, subject),
        made_fact("contact_time", "right", 0.231 + shift, 0.004, subject),
        made_fact("cadence", "none", 172.34 + 100 * shift, 1.2, subject),
        made_fact("step_time", "both", 0.348, 0.002, subject),
        made_fact("duty_factor", "left", 36.2, 0.5, subject),
        made_fact("trunk_lean_lateral", "none", -4.2, 0.6, subject),
        made_fact("step_time_asymmetry", "both", 5.3, 0.9, subject),
        made_fact("jump_height_flight", "none", 0.312, 0.01, subject),
        made_fact("balance_score_ml", "none", 78.0, 2.0, subject),
        made_fact("smoothness_knee_sparc", "left", -2.14, 0.05, subject),
        made_fact("overstride", "left", math.nan, subject=subject, reason="view"),
        made_fact("event_foot_strike", "left", 7.0, subject=subject, kind="event_count"),
        made_fact("knee_flexion_max", "left", 92.34, subject=subject, kind="extreme", start_s=1.84, end_s=1.84),
        made_fact("cadence", "none", 160.0, subject=subject, kind="reference", key="reference_low", source="Made 2001"),
        made_fact(
            "cadence", "none", 170.0, subject=subject, kind="reference", key="reference_high", source="Made 2001"
        ),
    ]


ONE = recording()
TWO = recording("w/0", 0.08)
SIDES = side_differences(ONE)
VIDEOS = video_differences(ONE, TWO)
FACTS = {fact.id: fact for fact in [*ONE, *SIDES, *TWO, *VIDEOS]}
SINGLE = tuple(fact.id for fact in [*ONE, *SIDES])
PAIR = tuple(fact.id for fact in [*ONE, *TWO, *VIDEOS])


def made_example(answer, language="en", question="Please describe it.", facts=SINGLE, spans=()):
    messages = (Message("user", question), Message("assistant", answer))
    return Example("x", "describe", language, "v", messages, tuple(facts), tuple(spans))


def reasons(answer, language="en", question="Please describe it.", facts=SINGLE, spans=()):
    verdict = check_text(made_example(answer, language, question, facts, spans), FACTS)
    assert verdict.ok == (not verdict.failures)
    return {failure.reason for failure in verdict.failures}

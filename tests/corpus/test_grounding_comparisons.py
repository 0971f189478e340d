"""Comparisons of two recordings, and comparisons without numbers."""

import pytest
from made_movement import FACTS, PAIR, reasons

from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.grounding.vocabulary import UNIT_FACTORS, VOCABULARIES, name_of


@pytest.mark.parametrize(
    ("answer", "language", "reason"),
    [
        ("In the first video the cadence is 172.3 per minute, in the second video 180.3 per minute.", "en", ""),
        ("In the first video the cadence is 180.3 per minute, in the second video 172.3 per minute.", "en", "*"),
        ("The cadence rose by 8.0 per minute.", "en", ""),
        ("The cadence fell by 8.0 per minute.", "en", "wrong_direction"),
        ("The cadence is higher in the second recording than in the first recording.", "en", ""),
        ("The cadence is lower in the second recording than in the first recording.", "en", "wrong_direction"),
        ("The cadence is lower in A than in B.", "en", ""),
        ("The cadence is higher in A than in B.", "en", "wrong_direction"),
        ("The left contact time is 0.080 s longer in the second video.", "en", ""),
        ("The left contact time is 0.080 s longer in the first video.", "en", "wrong_direction"),
        ("The step time is longer in the second video.", "en", "gated_metric"),
        ("Die Schrittfrequenz ist in der zweiten Aufnahme um 8,0 pro Minute höher.", "de", ""),
        ("Die Schrittfrequenz ist in der zweiten Aufnahme um 8,0 pro Minute niedriger.", "de", "wrong_direction"),
    ],
)
def test_two_recordings(answer, language, reason):
    found = reasons(answer, language, facts=PAIR)
    assert found == set() if not reason else found if reason == "*" else reason in found


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("The contact time is longer on the left.", ""),
        ("The contact time is longer on the right.", "wrong_direction"),
        ("The contact time is not longer on the right.", ""),
        ("The right side has the shorter contact time.", ""),
        ("The contact time is better on the left.", "unknown_comparison"),
        ("The duty factor is larger on the left than on the right.", "unknown_comparison"),
        ("Your trunk, that is the sideways lean of the trunk, leans more to the left.", ""),
        ("Film for a longer time, then check the contact time.", ""),
        ("Is the contact time longer on the right?", ""),
        ("The cadence lies within the usual range.", "wrong_direction"),
        ("The step time lies within the usual range.", "unknown_comparison"),
    ],
)
def test_claims_without_numbers(answer, reason):
    found = reasons(answer)
    assert found == set() if not reason else reason in found


def test_every_metric_has_names_in_every_language():
    for vocabulary in VOCABULARIES.values():
        assert set(vocabulary.names) == set(FACT_DICTIONARY)
        first = [name_of(vocabulary, metric) for metric in FACT_DICTIONARY]
        assert all(first) and len({name.lower() for name in first}) == len(first)
        assert name_of(vocabulary, "no metric") == ""


def test_every_unit_of_the_dictionary_has_words_and_a_quantity():
    units = {row.shown_unit for row in FACT_DICTIONARY.values()} - {""}
    assert units <= set(UNIT_FACTORS)
    for vocabulary in VOCABULARIES.values():
        assert set(UNIT_FACTORS) == set(vocabulary.units)
        assert {fact.unit for fact in FACTS.values()} - {""} <= set(vocabulary.units)

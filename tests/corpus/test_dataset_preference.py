"""Controlled corruption: one known error, seen by the check, and nothing else changed."""

from collections import Counter

import pytest
from made_corpus import made_corpus, made_example, made_fact, made_failures

from vidpose.corpus.dataset.corruption_words import CLAIMS
from vidpose.corpus.dataset.preference import corrupted, make_pairs, sentence_at
from vidpose.corpus.example import Example, Message, Span
from vidpose.corpus.grounding.vocabulary import VOCABULARIES
from vidpose.corpus.settings.dataset import CORRUPTIONS, PreferenceSettings

FACT = made_fact("a", "knee_range", 65.04)
FACTS = {FACT.id: FACT}
EXAMPLE = made_example(FACT)
ANSWER = EXAMPLE.messages[-1].content


def wrong(kind, example=EXAMPLE, facts=None):
    return list(corrupted(example, kind, facts or FACTS, VOCABULARIES[example.language]))


def answered(text, stated, fact=FACT, language="en"):
    messages = (Message("user", "?"), Message("assistant", text))
    start = text.index(stated)
    spans = (Span(1, start, start + len(stated), fact.id),)
    return Example("id", "task", language, "a", messages, (fact.id,), spans)


def test_another_number_with_as_many_digits():
    versions = wrong("number")
    assert versions[0] == ANSWER.replace("65.0", "84.5")
    assert all(("65.0" not in text and len(text) == len(ANSWER)) or "117" in text or "156" in text for text in versions)


def test_a_small_number_leaves_its_rounding_and_its_uncertainty():
    example = answered("It is 0.2° on the left.", "0.2°")
    assert wrong("number", example)[0] == "It is 1.5° on the left."  # 0.2 + 3 * 0.1 + 1.0


def test_a_decimal_comma_stays_one_and_json_keeps_its_point():
    assert wrong("number", answered("Es sind 65,0° links.", "65,0°", language="de"))[0] == "Es sind 84,5° links."
    assert wrong("number", answered('{"wert": 65.0}', "65.0", language="de"))[0] == '{"wert": 84.5}'


def test_another_quantitys_unit():
    assert wrong("unit")[0] == ANSWER.replace("65.0°", "65.0 %")
    spoken = answered("It is 65.0 degrees per second there.", "65.0 degrees per second")
    assert wrong("unit", spoken)[0] == "It is 65.0 m/s there."
    assert wrong("unit", answered("It is 65 of them.", "65")) == []


def test_the_other_side_where_one_is_spoken_of():
    assert wrong("side") == [ANSWER.replace("left", "right")]
    assert wrong("side", answered("Left 65.0°, right 61.2°.", "65.0°")) == []
    german = answered("Am linken Knie sind es 65,0°.", "65,0°", language="de")
    assert wrong("side", german) == ["Am rechten Knie sind es 65,0°."]


def test_no_other_side_where_both_have_the_value():
    other = made_fact("a", "knee_range", 65.0, side="right")
    example = answered("On the left it is 65.0°.", "65.0°")
    both = Example("id", "t", "en", "a", example.messages, (FACT.id, other.id), example.spans)
    assert wrong("side", both, {FACT.id: FACT, other.id: other}) == []
    assert wrong("side", example) == ["On the right it is 65.0°."]


def test_the_opposite_direction():
    assert wrong("direction") == [ANSWER.replace("larger", "smaller")]
    assert wrong("direction", answered("Later by 65.0° than before.", "65.0°")) == ["Earlier by 65.0° than before."]
    assert wrong("direction", answered("It is 65.0°.", "65.0°")) == []


def test_a_claim_that_nobody_measured():
    assert {text.removeprefix(ANSWER + " ") for text in wrong("fault")} == set(CLAIMS["en"])
    assert wrong("fault", answered('{"value": 65.0}', "65.0")) == []


def test_sentences_do_not_end_inside_numbers():
    text = "It is 65.0° there. The next one follows! And one more"
    assert text[slice(*sentence_at(text, 8))] == "It is 65.0° there."
    assert text[slice(*sentence_at(text, 22))].strip() == "The next one follows!"
    assert text[slice(*sentence_at(text, len(text) - 1))].strip() == "And one more"


def test_every_pair_is_refused_and_every_kind_occurs():
    facts, examples = made_corpus(8, n_words=8)
    pairs, attempts = make_pairs(
        examples, facts, lambda example: not made_failures(example, facts), VOCABULARIES, PreferenceSettings(share=1.0)
    )
    assert len(pairs) == len(examples)
    assert set(Counter(pair.corruption for pair in pairs)) == set(CORRUPTIONS)
    assert sum(pair.corruption == "fault" for pair in pairs) < 0.2 * len(pairs)
    assert attempts.caught == Counter(pair.corruption for pair in pairs)
    assert all(pair.rejected != pair.chosen == pair.example.messages[-1].content for pair in pairs)
    assert all(pair.prompt == pair.example.messages[:-1] for pair in pairs)


def test_what_the_check_lets_through_is_counted_and_not_written():
    facts, examples = made_corpus(2)
    pairs, attempts = make_pairs(examples, facts, lambda _: True, VOCABULARIES, PreferenceSettings(share=1.0))
    assert pairs == []
    assert sum(attempts.tried.values()) > len(examples)
    assert not attempts.caught


def test_the_same_pairs_in_any_order_and_about_the_share_asked_for():
    facts, examples = made_corpus(20, n_words=4)
    made = [
        make_pairs(some, facts, lambda example: not made_failures(example, facts), VOCABULARIES)[0]
        for some in (examples, examples[::-1])
    ]
    assert made[0] == made[1]
    assert len(made[0]) == pytest.approx(0.3 * len(examples), rel=0.15)


@pytest.mark.parametrize(
    ("changes", "name"), [({"share": 1.5}, "share"), ({"kinds": ("colour",)}, "kinds"), ({"kinds": ()}, "kinds")]
)
def test_bad_settings_are_named(changes, name):
    with pytest.raises(ValueError, match=name):
        PreferenceSettings(**changes)

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.corpus.text.annotated import AnnotatedText, assembled, joined
from vidpose.corpus.text.grammar import Grammar
from vidpose.corpus.text.phrase_files import parse_phrases, read_phrases
from vidpose.corpus.text.phrasebooks import PHRASEBOOKS
from vidpose.corpus.text.seeded_choice import SeededChoice
from vidpose.types.metrics import REASONS

SMALL = Grammar(
    {
        "whole": ("{who} (walks|runs|) <where>.", "<where>, {who} (rests|sleeps)"),
        "where": ("here", "there"),
    }
)


def test_every_way_is_said_and_counted():
    said = {SMALL.say("whole", {"who": AnnotatedText("she")}, SeededChoice(str(k))).text for k in range(400)}
    assert said == {
        "she walks here.",
        "she walks there.",
        "she runs here.",
        "she runs there.",
        "she here.",
        "she there.",
        "here, she rests",
        "here, she sleeps",
        "there, she rests",
        "there, she sleeps",
    }
    assert SMALL.ways("whole") == len(said)


@pytest.mark.parametrize("phrase", ["(a|b", "a)", "a|b", "{no", "<unknown>", "<loop>"])
def test_a_broken_phrase_is_refused(phrase):
    with pytest.raises(ValueError, match="expected"):
        Grammar({"loop": (phrase,)})


def test_a_missing_slot_is_an_error():
    with pytest.raises(KeyError):
        SMALL.say("whole", {}, SeededChoice("x"))


@given(st.lists(st.sampled_from(["a ", " b", " ", ", c", "#1", ""]), max_size=8))
def test_marks_stay_on_their_characters(parts):
    pieces = [AnnotatedText.stating("7°", "f") if part == "#1" else AnnotatedText(part) for part in parts]
    text = assembled(pieces)
    assert [text.text[start:end] for start, end, _ in text.marks] == ["7°"] * parts.count("#1")
    assert "  " not in text.text
    assert " ," not in text.text


def test_joined_texts_keep_their_marks():
    text = joined([AnnotatedText("is ") + AnnotatedText.stating("5 m", "a"), AnnotatedText.stating("6 m", "b")], "; ")
    assert text.text == "is 5 m; 6 m"
    assert text.marks == ((3, 6, "a"), (8, 11, "b"))


def test_draws_depend_on_the_key_alone():
    one, other = SeededChoice("a", "b"), SeededChoice("a", "b")
    assert [one.share() for _ in range(5)] == [other.share() for _ in range(5)]
    assert SeededChoice("ab").share() != SeededChoice("a", "b").share()
    assert SeededChoice("k").pick("abc") == "c"  # the same on every machine and Python


def test_weights_are_kept():
    draws = [SeededChoice(str(k)).pick_weighted("ab", [1.0, 3.0]) for k in range(4000)]
    assert 0.72 < draws.count("b") / len(draws) < 0.78


@pytest.mark.parametrize("language", ["en", "de"])
def test_languages_have_the_same_rules_and_enough_ways(language):
    own, other = (PHRASEBOOKS[one].grammar.rules for one in (language, {"en": "de", "de": "en"}[language]))
    shared = {name for name in own if not re.match(r"explain_|ask_explain", name)}
    assert shared - set(other) <= {"is", "value_noun", "noun", "range", "source_dat", "has_no", "here_first"}
    for rule in ("state", "missing", "within_noise", "sides_differ", "it_differs", "both_values", "when"):
        assert PHRASEBOOKS[language].grammar.ways(rule) > 50  # no sentence above 2 % then


def test_phrases_are_read_from_text():
    text = "# a comment\n\n[rule]\none (a|\n  b) and\n  more\nanother\n\n[empty]\n"
    assert parse_phrases(text) == {"rule": ("one (a|b) and more", "another"), "empty": ()}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_reason_has_words_and_a_remedy(language):
    reasons = set(REASONS) - {""}
    assert set(read_phrases(language, "reasons")) == set(read_phrases(language, "remedies")) == reasons

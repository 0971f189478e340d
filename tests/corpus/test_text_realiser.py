import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.corpus.example import Fact
from vidpose.corpus.text.fact_layouts import show_facts
from vidpose.corpus.text.phrasebooks import PHRASEBOOKS
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.realiser import Realiser
from vidpose.corpus.text.seeded_choice import SeededChoice


def fact(metric="step_time", value=0.5432, **other):
    known = {"group": "g", "subject": "g/0", "label": "", "kind": "metric", "side": "left", "unit": "s", "decimals": 3}
    known |= {"id": f"{metric}:{other.get('side', 'left')}"} | other
    return Fact(metric=metric, value=value, **known)


def realiser(key, language="en"):
    return Realiser(PHRASEBOOKS[language], SeededChoice(str(key)))


@given(st.floats(-500, 500), st.integers(0, 4), st.integers())
def test_a_number_is_never_finer_than_its_fact_nor_far_from_it(value, decimals, key):
    text = realiser(key).value(fact(value=value, unit="", decimals=decimals)).text
    shown = len(text.partition(".")[2])
    assert shown <= decimals
    assert abs(float(text) - value) <= max(0.02 * abs(value), 0.5001 * 10.0**-decimals)
    assert text not in ("-0", "-0.0")


def test_german_writes_its_own_marks():
    shown = {realiser(key, "de").value(fact(value=-3.25, unit="°", decimals=1)).text for key in range(40)}
    assert shown == {"-3,2°", "-3,2 Grad"}


def test_a_difference_of_shares_is_told_in_points():
    said = fact("duty_factor", -4.5, unit="%", decimals=1, kind="difference", side="both")
    assert "percentage point" in realiser(1).size(said).text
    assert not realiser(1).size(said).text.startswith("-")


@pytest.mark.parametrize(
    ("metric", "article", "accusative", "dative"),
    [
        ("gait_speed", "die Ganggeschwindigkeit", "die Ganggeschwindigkeit", "der Ganggeschwindigkeit"),
        (
            "symmetry_knee_rom_nsi",
            "der normierte Symmetrieindex",
            "den normierten Symmetrieindex",
            "dem normierten Symmetrieindex",
        ),
    ],
)
def test_german_nouns_have_their_cases(metric, article, accusative, dative):
    forms = PHRASEBOOKS["de"].nouns(metric, "none", SeededChoice("x"))
    assert forms[""].startswith(article)
    assert forms["_acc"].startswith(accusative)
    assert forms["_dat"].startswith(dative)
    masculine = dative.startswith("dem ")
    assert forms["_bei"].startswith(dative.replace("dem", "beim") if masculine else f"bei {dative}")
    assert forms["_zu"].startswith(dative.replace("dem", "zum") if masculine else dative.replace("der", "zur", 1))
    assert not forms["_label"].startswith(("der ", "die "))


def test_a_pair_has_all_digits_and_one_unit_word():
    for key in range(40):
        one, number = realiser(key), fact("knee_flexion_max", -3.0, unit="°", decimals=1)
        assert one.value(number, exact=True).text.startswith("-3.0")
        assert len({one.value(number, exact=True).text for _ in range(5)}) == 1


def test_a_difference_behind_von_is_in_the_dative():
    said = fact("duty_factor", -4.5, unit="%", decimals=1, kind="difference", side="both")
    assert realiser(1, "de").size(said, dative=True).text == "4,5 Prozentpunkten"


def test_sides_are_said():
    for language, words in (("en", "left"), ("de", "link")):
        for key in range(30):
            forms = PHRASEBOOKS[language].nouns("step_time", "left", SeededChoice(str(key)))
            assert all(words in form for form in forms.values())


def test_no_sentence_ends_with_a_bare_whole_number():
    count = fact("cycle_count", 4.0, unit="", decimals=0, side="none")
    for key in range(200):
        one = realiser(key)
        assert not one.sentence("state", v=one.value(count), **one.nouns("m", count)).text.endswith(" 4.")


def test_questions_end_as_questions():
    ends = {one.question("ask_read", **one.nouns("m", fact()))[-1] for one in (realiser(key) for key in range(100))}
    assert ends == {"?", "."}
    assert all(realiser(key).question("ask_sure").endswith("?") for key in range(30))


def test_surfaces_show_every_value_or_why_there_is_none():
    missing = fact("cadence", math.nan, side="none", unit="per minute", decimals=1, reason="no_events")
    layouts = set()
    for key in range(80):
        text = show_facts([fact(), missing], realiser(key))
        layouts.add(text[:1])
        assert "0.543" in text
        assert PHRASEBOOKS["en"].reasons["no_events"][0] in text
    assert {"|", "["} < layouts


def test_the_planner_prefers_facts_that_stand_out():
    sure = fact("step_time", 1.0, uncertainty=0.01)
    vague = fact("contact_time", 1.0, uncertainty=2.0)
    planner = ContentPlanner.of([sure, vague])
    first = [planner.ranked([vague, sure], SeededChoice(str(key)))[0].metric for key in range(300)]
    assert 0.75 < first.count("step_time") / 300 < 1.0
    assert planner.weight(sure) > planner.weight(vague)


def test_the_planner_prefers_rare_metrics_and_takes_each_once():
    common = [fact("step_time", 1.0, id=f"c{k}", subject=f"s{k}") for k in range(20)]
    rare = fact("swing_time", 1.0, subject="s0")
    planner = ContentPlanner.of([*common, rare])
    assert planner.weight(rare) > 2 * planner.weight(common[0])
    sides = [fact(side="left"), fact(side="right"), rare]
    assert len(planner.chosen(sides, 3, SeededChoice("x"))) == 2

"""Texts with placeholders: nothing measured stays in them, and what was taken out comes back to its place."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.corpus.example import Example, Fact, Message, Span
from vidpose.corpus.synthesis import generation
from vidpose.corpus.synthesis.slots import (
    PLACEHOLDER,
    fill,
    filled_example,
    make_template,
    problem_of,
    states_numbers,
    without_numbers,
)


def fact(name="k", value=92.34, unit="°", decimals=1, **more):
    return Fact(name, "g", "g/p", "knee_flexion_max", "Largest knee flexion", more.pop("kind", "metric"), "left", value,
                unit, decimals, **more)  # fmt: skip


def example(*texts, spans=(), language="en", facts=("k",)):
    turns = []
    for text in texts:
        turns += [Message("user", "And?"), Message("assistant", text)]
    return Example("a" * 32, "read_metric", language, "g", tuple(turns), facts, tuple(spans))


def test_a_measurement_becomes_a_placeholder_and_comes_back():
    text = "The left knee bends to 92.3° at 1.84 s."
    original = example(text, spans=(Span(1, 23, 28, "k"),))
    template = make_template(original, {"k": fact()})
    assert template.turns == ("The left knee bends to {{n1}} at {{n2}} s.",)
    assert template.meanings() == {"n1": "largest knee flexion, left", "n2": "a number"}
    new = filled_example(original, template, ["At {{n2}} s, {{n1}} is where the left knee ends up."], "openai:m")
    assert new.messages[-1].content == "At 1.84 s, 92.3° is where the left knee ends up."
    assert new.spans == (Span(1, 11, 16, "k"),)
    assert (new.parent, new.generator) == (original.id, "openai:m")
    assert new.id != original.id
    assert len(new.id) == len(original.id)


def test_the_same_words_make_the_same_id_and_others_another():
    original = example("It is 5°.")
    template = make_template(original, {})
    one = filled_example(original, template, ["So it is {{n1}}."], "claude:m")
    assert one == filled_example(original, template, ["So it is {{n1}}."], "claude:m")
    assert one.id != filled_example(original, template, ["Thus it is {{n1}}."], "claude:m").id
    assert one.id != filled_example(original, template, ["So it is {{n1}}."], "openai:m").id


def test_overlapping_spans_make_one_placeholder_with_both_facts():
    text = "It lies between 80° and 95°."
    spans = (Span(1, 16, 27, "a"), Span(1, 24, 27, "b"))
    template = make_template(example(text, spans=spans), {})
    assert template.turns == ("It lies between {{n1}}.",)
    words, found = fill("{{n1}}!", template.slots, 3)
    assert words == "80° and 95°!"
    assert found == (Span(3, 0, 11, "a"), Span(3, 8, 11, "b"))


def test_several_turns_keep_their_own_placeholders():
    template = make_template(example("First 5°.", "Then 6°."), {})
    assert template.turns == ("First {{n1}}.", "Then {{n2}}.")
    assert problem_of(template, ["At first {{n1}}.", "Later {{n2}}."], "en") == ""
    assert problem_of(template, ["At first {{n2}}.", "Later {{n1}}."], "en") == "placeholders"
    assert problem_of(template, ["At first {{n1}}."], "en") == "turns"


@pytest.mark.parametrize(
    ("text", "language", "left"),
    [
        ("Twelve steps, twice as long.", "en", "{{n1}} steps, {{n2}} as long."),
        ("One side leads.", "en", "One side leads."),
        ("Es waren zwölf Schritte und −3,5 %.", "de", "Es waren {{n1}} Schritte und {{n2}}."),
        ("Eine Seite führt.", "de", "Eine Seite führt."),
        ("About ±1.2° of noise.", "en", "About {{n1}} of noise."),
    ],
)
def test_number_words_and_signs_go_too(text, language, left):
    template = make_template(example(text, language=language), {})
    assert template.turns == (left,)
    assert fill(left, template.slots, 0)[0] == text


@pytest.mark.parametrize("text", ['{"knee": 92.3}', "```\nx\n```", "| a | b |", "7", "A {{n1}} of its own."])
def test_what_is_no_prose_is_left_alone(text):
    assert make_template(example(text), {}) is None


@given(st.text(alphabet="ab ., 0123456789°%±−-é一", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_whatever_the_text_nothing_measured_is_sent_and_all_comes_back(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    original = example(text, spans=(Span(1, start, end, "k"),) if start < end else ())
    template = make_template(original, {"k": fact()})
    if template is None:
        return
    assert not re.search(r"\d", PLACEHOLDER.sub("", template.turns[0]))
    words, spans = fill(template.turns[0], template.slots, 1)
    assert words == text
    assert spans == original.spans


@pytest.mark.parametrize(
    ("turn", "problem"),
    [
        ("In this clip, the left knee reached {{n1}} at most.", ""),
        ("In this clip, the left knee reached it.", "placeholders"),
        ("The left knee reached {{n1}}, yes {{n1}}.", "placeholders"),
        ("The left knee reached {{n2}} at {{n1}}.", "placeholders"),
        ("The left knee reached {{n1}} in 2 tries.", "new_number"),
        ("The left knee reached {{n1}}, which is half of it.", "new_number"),
        ("The left knee reached {{n1}} in ⑤ tries.", "new_number"),
        ("the left knee, reached: {{n1}}", "unchanged"),
        ("The left knee reached {{n1}}. " + "It moved well. " * 20, "length"),
    ],
)
def test_rules_of_an_answer(turn, problem):
    template = make_template(example("The left knee reached 92.3°."), {})
    assert problem_of(template, [turn], "en") == problem


def test_numbers_are_hidden_in_questions():
    assert without_numbers("knee: 92.3° ± 1.2°, two steps", "en") == "knee: # ± #, # steps"
    assert without_numbers("Knie: −92,3°, zwei Schritte", "de") == "Knie: #, # Schritte"
    assert not states_numbers(without_numbers("12 or twelve", "en"), "en")


def free(kind="metric", value=92.34, *, values=False, language="en"):
    known = {"k": fact(value=value, kind=kind), "gone": fact("gone", float("nan"), reason="view")}
    original = example("It is 92.3°.", spans=(Span(1, 6, 11, "k"),), facts=("gone", "k"), language=language)
    asked = replace(original, messages=(Message("user", "Knee: 92.3°?"), original.messages[1]))
    return asked, generation.make_plan(asked, known, values=values)


def test_free_writing_is_offered_facts_with_a_value_and_sees_it_only_when_allowed():
    _, plan = free()
    assert plan.meanings == {"f1": "largest knee flexion, left"}
    assert plan.question == "Knee: #?"
    _, plan = free(values=True)
    assert plan.meanings == {"f1": "largest knee flexion, left: 92.3°"}
    assert plan.question == "Knee: 92.3°?"
    assert free("difference")[1] is None
    _, plan = free("difference", -4.0, values=True)
    assert plan.meanings["f1"].endswith("4.0°, larger: the left side or the first recording")


def test_a_free_answer_is_filled_in():
    original, plan = free(language="de")
    answer = generation.read_answer(
        '{"answer": "Das Knie: {{f1}}.", "follow_up_question": "Sicher?", "follow_up_answer": "Ja, {{f1}}."}'
    )
    assert generation.problem_of(plan, answer, "de") == ""
    new = generation.filled_example(original, plan, answer, "claude:m")
    assert [one.content for one in new.messages] == ["Knee: 92.3°?", "Das Knie: 92,3°.", "Sicher?", "Ja, 92,3°."]
    assert new.spans == (Span(1, 10, 15, "k"), Span(3, 4, 9, "k"))


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (generation.FreeAnswer("No value."), "placeholders"),
        (generation.FreeAnswer("{{f9}}"), "placeholders"),
        (generation.FreeAnswer("{{f1}} and {{f1}}"), "placeholders"),
        (generation.FreeAnswer("{{f1}}", "Is it {{f1}}?", "Yes."), "placeholders"),
        (generation.FreeAnswer("{{f1}} or 93"), "new_number"),
        (generation.FreeAnswer("{{f1}}" + "x" * 2000), "length"),
    ],
)
def test_rules_of_a_free_answer(answer, problem):
    assert generation.problem_of(free()[1], answer, "en") == problem


@pytest.mark.parametrize("text", ["", "[]", '{"answer": 1}', '{"answer": "a", "follow_up_question": "b"}',
                                  '{"answer": "a", "follow_up_question": "b", "follow_up_answer": null}'])  # fmt: skip
def test_other_json_is_no_free_answer(text):
    assert generation.read_answer(text) is None


@pytest.mark.parametrize(
    ("given", "language", "text"),
    [
        (fact(value=-12.345), "en", "−12.3°"),
        (fact(value=-0.04), "en", "0.0°"),
        (fact(value=12.345, unit="body heights/s", decimals=2), "de", "12,35 Körperhöhen/s"),
        (fact(value=-3.25, unit="%", kind="difference"), "en", "3.2 percentage points"),
        (fact(value=7, unit="", decimals=0), "en", "7"),
    ],
)
def test_values_are_written_as_the_language_does(given, language, text):
    assert generation.shown(given, language) == text

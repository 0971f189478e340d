"""Numbers in sentences written by hand: what a fact says is accepted, everything else is refused with its reason."""

import pytest
from made_movement import FACTS, SINGLE, made_example, reasons

from vidpose.corpus.example import Example, Message, Span
from vidpose.corpus.grounding.check import check_text
from vidpose.corpus.grounding.spans import check_spans

GOOD_EN = (
    "The cadence is 172.3 per minute.",
    "The cadence is 172 steps per minute.",
    "At 172.3 per minute, the cadence is high on the list.",
    "The step rate comes to 2.87 per second.",
    "The contact time is 0.256 s on the left and 0.231 s on the right.",
    "On the left, the contact time is 256 ms.",
    "Left contact time: 0.26 s.",
    "Contact time (right): 0.231 s ± 0.004 s.",
    "The contact time on the left is 0.256 s, with an uncertainty of 0.004 s.",
    "The contact time differs by 0.025 s between the sides.",
    "The contact time is longer on the left than on the right, by 0.025 s.",
    "The right contact time is 0.025 s shorter.",
    "Your sideways lean of the trunk is -4.2°, and your step time is 0.348 s.",
    "Your sideways lean of the trunk is \u22124.2 degrees.",
    "The sideways lean of the trunk is 4.2° to the left.",
    "The step-time asymmetry is 5.3 %, larger on the right.",
    "The largest left knee flexion is 92° at 1.84 s.",
    "There are 7 foot strikes on the left.",
    "There are seven foot strikes on the left.",
    "The sideways balance score is 78 of 100 points.",
    "The sideways balance score is 78/100.",
    "The spectral arc length of the left knee angle is -2.14.",
    "The cadence of 172.3 per minute is above the usual range of 160 to 170 per minute.",
    "The usual range of the cadence is 160-170 per minute; the cadence here is 172.3 per minute.",
    "The cadence was taken from 0.50 s to 4.25 s, from 14 samples.",
    "The jump height is 31.2 cm.",
    "The duty factor on the left is 36 percent.",
    "In 3-D, nothing was measured. Both of the two sides were seen.",
    "The overstride cannot be measured from this view.",
    "I give no diagnosis and cannot predict an injury.",
    "1. The cadence is 172.3 per minute.\n2. The step time is 0.348 s.",
    "| metric | side | value |\n| --- | --- | --- |\n| contact time | left | 0.256 s |",
    '{"metric": "cadence", "value": 172.3, "unit": "per minute"}',
)
GOOD_DE = (
    "Die Schrittfrequenz beträgt 172,3 pro Minute.",
    "Die Bodenkontaktzeit beträgt links 0,256 s und rechts 0,231 s.",
    "Die linke Bodenkontaktzeit beträgt 256 Millisekunden.",
    "Die Bodenkontaktzeit ist links um 0,025 s länger als rechts.",
    "Die größte Kniebeugung links beträgt 92 Grad bei 1,84 s.",
    "Links gab es sieben Fußaufsätze.",
    "Die Seitneigung des Rumpfes beträgt -4,2°.",
    "Die Gleichgewichtswertung zur Seite liegt bei 78 von 100 Punkten.",
    "Die Schrittfrequenz von 172,3 pro Minute liegt über dem üblichen Bereich von 160 bis 170 pro Minute.",
    "Der Fußvorsprung beim Aufsetzen ist aus dieser Ansicht nicht messbar.",
    "Eine Diagnose ist das nicht.",
)
BAD_EN = (
    ("The cadence is 173.3 per minute.", "unknown_number"),
    ("The cadence is 172.4 per minute.", "unknown_number"),
    ("The cadence is 172.34 per minute.", "too_precise"),
    ("The contact time on the left is 0.3 s.", "too_coarse"),
    ("The cadence is 172.3 m/s.", "wrong_unit"),
    ("The cadence is 172.3.", "wrong_unit"),
    ("The contact time is 0.256 s on the right.", "wrong_side"),
    ("The cadence is 0.348 s.", "wrong_metric"),
    ("The step length is 0.348 s.", "wrong_metric"),
    ("The sideways lean of the trunk is 4.2°.", "wrong_direction"),
    ("The sideways lean of the trunk is 4.2° to the right.", "wrong_direction"),
    ("The contact time is shorter on the left than on the right, by 0.025 s.", "wrong_direction"),
    ("The contact time is longer on the left than on the left.", "wrong_side"),
    ("The left contact time is 0.025 s.", "wrong_kind"),
    ("The usual range of the cadence is 160 to 172.3 per minute.", "wrong_kind"),
    ("The cadence of 172.3 per minute is below the usual range of 160 to 170 per minute.", "wrong_direction"),
    ("The overstride is 12.5 % on the left.", "gated_metric"),
    ("Two reps were slow.", "unknown_number"),
    ("There are 6 foot strikes on the left.", "unknown_number"),
    ("Do 3x10 squats.", "unknown_number"),
    ("The contact time is twice as long.", "unknown_number"),
    ("The cadence is 172.3 per minute ± 4.0 per minute.", "unknown_number"),
    ("The cadence was taken from 0.50 s to 5.25 s.", "unknown_number"),
    ("The step-time asymmetry is 5.3 %, larger on the left.", "wrong_direction"),
    ("A positive step-time asymmetry means longer steps on the left.", "wrong_direction"),
    ("The contact time says that you have tendinitis.", "banned_claim"),
    ("You will get an injury.", "banned_claim"),
    ("I saw that in anna_run.mp4.", "banned_claim"),
    ("The posture score from the front is good.", "wrong_metric"),
    ("| contact time | left | 0.231 s |", "wrong_side"),
    ('{"metric": "cadence", "value": 173.3, "unit": "per minute"}', "unknown_number"),
    ('{"metric": "cadence", "value": 172.3, "unit": "s"}', "wrong_unit"),
)
BAD_DE = (
    ("Die Schrittfrequenz beträgt 172,4 pro Minute.", "unknown_number"),
    ("Die Schrittfrequenz beträgt 172,3 Sekunden.", "wrong_unit"),
    ("Die Bodenkontaktzeit beträgt rechts 0,256 s.", "wrong_side"),
    ("Die Bodenkontaktzeit ist rechts um 0,025 s länger als links.", "wrong_direction"),
    ("Die Bodenkontaktzeit ist doppelt so lang.", "unknown_number"),
    ("Das zeigt ein Verletzungsrisiko.", "banned_claim"),
    ("Die Schrittzeit beträgt 172,3 pro Minute.", "wrong_metric"),
)


@pytest.mark.parametrize("answer", GOOD_EN)
def test_true_sentences_are_accepted(answer):
    assert reasons(answer) == set()


@pytest.mark.parametrize("answer", GOOD_DE)
def test_true_german_sentences_are_accepted(answer):
    assert reasons(answer, "de") == set()


@pytest.mark.parametrize(("answer", "reason"), BAD_EN)
def test_false_sentences_are_refused_with_the_reason(answer, reason):
    assert reason in reasons(answer)


@pytest.mark.parametrize(("answer", "reason"), BAD_DE)
def test_false_german_sentences_are_refused_with_the_reason(answer, reason):
    assert reason in reasons(answer, "de")


@pytest.mark.parametrize(
    ("question", "answer", "good"),
    [
        ("What is the cadence?", "It is 172.3 per minute.", True),
        ("What is the step time?", "It is 172.3 per minute.", False),
        ("What is the contact time on the left?", "It is 0.256 s.", True),
        ("What is the contact time on the left?", "It is 0.231 s.", False),
        ("Is a cadence of 172.3 per minute high?", "That is a matter of taste.", True),
        ("Is a cadence of 180 per minute high?", "That is a matter of taste.", False),
        ("cadence: 172.3 per minute\ncontact time, left: 0.256 s ± 0.0040 s\nDescribe it.", "Fine.", True),
        ("cadence: 172.3 per minute\ncontact time, left: 0.231 s\nDescribe it.", "Fine.", False),
    ],
)
def test_questions_give_the_context_and_are_checked_too(question, answer, good):
    assert (reasons(answer, question=question) == set()) == good


def test_only_declared_facts_may_be_stated():
    cadence = next(one for one in SINGLE if ":cadence:none:metric" in one)
    assert reasons("The cadence is 172.3 per minute.", facts=[cadence]) == set()
    assert reasons("The step time is 0.348 s.", facts=[cadence]) == {"wrong_metric", "unknown_number"}
    assert reasons("Fine.", facts=[cadence, "no such fact"]) == {"unknown_fact"}


def test_spans_must_say_what_the_text_says():
    answer = "The cadence is 172.3 per minute, the step time is 0.348 s."
    cadence = next(one for one in SINGLE if ":cadence:none:metric" in one)
    step = next(one for one in SINGLE if ":step_time:both:metric" in one)
    first, second = Span(1, 15, 31, cadence), Span(1, 50, 57, step)
    assert reasons(answer, spans=[first, second]) == set()
    assert reasons(answer, spans=[first]) == {"undeclared_span"}
    assert reasons(answer, spans=[first, Span(1, 50, 57, cadence)]) == {"wrong_span"}
    assert reasons(answer, spans=[first, second, Span(0, 0, 3, step)]) == {"wrong_span"}
    assert reasons(answer, spans=[first, Span(1, 50, 57, "other")]) >= {"unknown_fact"}
    assert reasons(answer, spans=[first, second, Span(1, 50, 999, step)]) == {"wrong_span"}


def test_without_spans_nothing_is_said_about_spans():
    example = made_example("The cadence is 172.3 per minute.")
    assert list(check_spans(example, check_text(example, FACTS).mentions, FACTS)) == []


def test_a_person_has_a_number_and_other_persons_are_unknown():
    assert reasons("Person 0 was measured.") == set()
    assert reasons("Person 3 was measured.") == {"unknown_number"}


def test_an_empty_answer_states_nothing():
    example = Example("x", "t", "en", "v", (Message("user", ""), Message("assistant", "")), ())
    assert check_text(example, FACTS).ok

import dataclasses
import json
import math
import re
from collections import Counter
from functools import cache

import pytest

from benchmarks.corpus_text import skeletons
from benchmarks.made_facts import made_facts
from vidpose.corpus.facts.references import reference_facts
from vidpose.corpus.grounding.check import check_text
from vidpose.corpus.settings.dataset import ReferenceRange, TextSettings
from vidpose.corpus.tasks.make_examples import make_examples
from vidpose.corpus.tasks.registry import TASKS
from vidpose.corpus.tasks.subject_facts import subjects_of

FACTS = made_facts(6)


@cache
def every():
    """All examples, written when the first test asks for them."""
    return tuple(make_examples(FACTS, TextSettings(max_per_subject=60)))


def of_task(task):
    return [one for one in every() if one.task == task]


def answers(example):
    return [message.content for message in example.messages if message.role == "assistant"]


def test_every_task_comes_alive_in_every_language_that_it_has():
    assert {(one.task, one.language) for one in every()} == {
        (task.name, language) for task in TASKS.values() for language in task.languages
    }


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.thorough
def test_texts_pass_the_grounding_check(task):
    failures = [(one.messages, check_text(one, FACTS).failures) for one in of_task(task)[:30]]
    assert [found for found in failures if found[1]] == []


def test_conversations_have_their_shape():
    for one in every():
        roles = [message.role for message in one.messages]
        if roles[0] == "system":
            roles = roles[1:]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        assert all(message.content.strip() == message.content for message in one.messages)
        assert not re.search(r"[{}<>]|  |\.\.", re.sub(r"\{.*\}|^ +", "", "".join(answers(one)), flags=re.S))


def test_every_number_of_an_answer_has_a_span_to_an_allowed_fact():
    for one in every():
        for number, message in enumerate(one.messages):
            if message.role != "assistant" or one.task == "explain_metric":
                continue
            stated = [(span.start, span.end) for span in one.spans if span.message == number]
            without_source = message.content.replace("a test, 2020", "a test, year")
            for match in re.finditer(r"\d+(?:[.,]\d+)*", without_source):
                assert any(start <= match.start() and match.end() <= end for start, end in stated), without_source
        assert {span.fact_id for span in one.spans} <= set(one.facts) <= set(FACTS)


@pytest.mark.thorough
def test_same_facts_same_bytes_in_any_order():
    again = tuple(make_examples(dict(reversed(FACTS.items())), TextSettings(max_per_subject=60)))
    assert again == every()
    assert len({one.id for one in every()}) == len(every())
    assert tuple(make_examples(FACTS, TextSettings(max_per_subject=60, seed="other"))) != every()


def test_a_task_alone_gives_the_texts_that_it_gives_among_others():
    alone = list(make_examples(FACTS, TextSettings(max_per_subject=60, tasks=("read_metric",), languages=("de",))))
    assert {one.id for one in of_task("read_metric") if one.language == "de"} <= {one.id for one in alone}


def test_the_amount_is_kept():
    for limit in (1, 7):
        examples = make_examples(FACTS, TextSettings(max_per_subject=limit))
        by_subject = Counter(FACTS[one.facts[0]].subject for one in examples if one.task != "compare_videos")
        assert max(by_subject.values(), default=0) <= limit


def test_withheld_metrics_get_no_number():
    for one in of_task("not_measurable"):
        assert {FACTS[span.fact_id].reason for span in one.spans} <= {""}
        assert any(FACTS[fact].reason for fact in one.facts)


def test_differences_in_the_noise_are_called_so():
    for one in of_task("nothing_stands_out"):
        differences = [FACTS[fact] for fact in one.facts if FACTS[fact].kind == "difference"]
        assert differences
        assert {difference.reason for difference in differences} == {"below_noise"}


def test_two_recordings_join_their_groups():
    facts = {key: dataclasses.replace(one, group="a|b") if "|" in one.subject else one for key, one in FACTS.items()}
    compared = list(make_examples(facts, TextSettings(tasks=("compare_videos",))))
    assert compared
    assert {one.group for one in compared} == {"a|b"}


def test_reports_are_json_with_the_values_of_the_facts():
    for one in of_task("json_report"):
        loaded = json.loads(answers(one)[0])
        rows = loaded if isinstance(loaded, list) else next(iter(loaded.values()))
        assert len(rows) == len(one.facts)
        numbers = sorted(value for row in rows for value in row.values() if isinstance(value, int | float))
        expected = sorted(
            round(FACTS[fact].value, FACTS[fact].decimals) for fact in one.facts if not FACTS[fact].reason
        )
        assert numbers == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "uncertainty", "word"),
    [(90.0, 1.0, "below"), (150.0, 1.0, "above"), (115.0, 1.0, "within"), (131.0, 5.0, "uncertainty")],
)
def test_cues_follow_from_the_range(value, uncertainty, word):
    cadence = next(one for one in FACTS.values() if one.metric == "cadence" and one.kind == "metric")
    cadence = dataclasses.replace(cadence, value=value, uncertainty=uncertainty, reason="")
    made = reference_facts([ReferenceRange("cadence", 100.0, 130.0, "a made source, 2020")], [cadence])
    facts = {one.id: one for one in (cadence, *made)}
    examples = list(make_examples(facts, TextSettings(tasks=("give_cue",), languages=("en",))))
    assert len(examples) == 1
    assert word in answers(examples[0])[0]
    assert "a made source, 2020" in answers(examples[0])[0]
    assert check_text(examples[0], facts).ok


def test_without_facts_there_is_nothing_to_say():
    assert list(make_examples({}, TextSettings())) == []
    one = next(iter(FACTS.values()))
    gated = {one.id: dataclasses.replace(one, value=math.nan, reason="view")}
    assert {example.task for example in make_examples(gated, TextSettings())} <= {"not_measurable", "explain_metric"}


def test_pairs_are_left_and_right():
    for view in subjects_of(FACTS):
        for pair in view.pairs:
            if not pair.of_recordings:
                assert (pair.first.side, pair.second.side) == ("left", "right")
            if pair.differs:
                assert pair.difference.value == pytest.approx(pair.second.value - pair.first.value)


@pytest.mark.parametrize(
    "wrong", [{"languages": ("fr",)}, {"languages": ()}, {"tasks": ("sing",)}, {"max_per_subject": 0}]
)
def test_settings_are_checked(wrong):
    with pytest.raises(ValueError, match="expected"):
        TextSettings(**wrong)


@pytest.mark.thorough
def test_no_sentence_stands_out():
    written = make_examples(made_facts(10), TextSettings(max_per_subject=100))
    for task, found in skeletons(written).items():
        if task in ("json_report", "explain_metric", "give_cue"):
            continue  # keys of JSON and definitions repeat by nature; few cues are made here
        n = sum(found.values())
        assert max(found.values()) <= max(0.02 * n, 4), (task, found.most_common(3))

"""One vendor writes, the other judges; and free writing, with and without values."""

import json

import pytest

pytest.importorskip("openai")
pytest.importorskip("anthropic")

from fake_servers import AnthropicFake, OpenAIFake, Running, rephrase
from synthesis_cases import Verdict, environment, made_cases, made_example, made_fact, settings_for

from vidpose.corpus.synthesis.session import synthesise


def judge_by_words(asked):
    bad = "knee" in str(asked["second"])
    return {"same_meaning": not bad, "adds_claims": False, "natural": "good"}


def test_the_first_writes_and_the_second_judges(tmp_path):
    examples, facts = made_cases(8)
    check = environment(
        check=lambda example, facts: Verdict(not example.parent or "hip" not in example.messages[-1].content)
    )
    with Running(OpenAIFake()) as writer, Running(AnthropicFake(answer=judge_by_words)) as judge:
        result = synthesise(examples, facts, settings_for(writer, judge), tmp_path, check)
        assert len(writer.charges) == len(judge.charges) == 8
        shown = json.loads(judge.user_of(judge.generated()[0].json))
        assert round(result.spend.spent_usd * 1e9) == writer.cost_nano(100, 500) + judge.cost_nano(100, 500)
    assert set(shown) == {"first", "second"}
    assert "{{n1}}" in shown["first"][0]
    assert result.counts == {"accepted": 6, "rejected:grounding": 1, "rejected:judge": 1, "requests": 8}
    assert {one.generator for one in result.examples} == {"openai:gpt-6-luna"}
    agreement = result.agreement
    assert (agreement.both_accept, agreement.judge_only, agreement.check_only, agreement.both_refuse) == (6, 1, 1, 0)


def test_the_other_way_round(tmp_path):
    examples, facts = made_cases(2)
    with Running(OpenAIFake(answer=judge_by_words)) as judge, Running(AnthropicFake()) as writer:
        settings = settings_for(judge, writer, vendors=("claude", "openai"))
        result = synthesise(examples, facts, settings, tmp_path, environment())
    assert {one.generator for one in result.examples} == {"claude:claude-haiku-5-5"}


def test_without_a_judgement_a_text_waits(tmp_path):
    examples, facts = made_cases(2)
    with Running(OpenAIFake()) as writer, Running(AnthropicFake()) as judge:
        judge.plan("generate", "401")
        settings = settings_for(writer, judge, concurrency=1)
        result = synthesise(examples, facts, settings, tmp_path, environment())
        assert result.examples == ()
        assert result.counts["unjudged"] == 2
        assert result.stopped[0].startswith("claude: wrong_key")
        assert synthesise(examples, facts, settings, tmp_path, environment()).counts["accepted"] == 2
        assert len(writer.charges) == 2


def test_one_answer_serves_all_that_differ_in_numbers_only(tmp_path):
    fact, other = made_fact(0), made_fact(0, value=81.07)
    one = made_example(0)
    text = one.messages[-1].content.replace("92.3°", "81.1°")
    two = type(one)("f" * 32, one.task, one.language, "g9", (one.messages[0], type(one.messages[0])("assistant", text)),
                    ("fact0b",), (type(one.spans[0])(1, one.spans[0].start, one.spans[0].end, "fact0b"),))  # fmt: skip
    facts = {"fact0": fact, "fact0b": other}
    with Running(OpenAIFake()) as fake:
        result = synthesise([one, two], facts, settings_for(fake), tmp_path, environment())
        assert len(fake.charges) == 1
    assert sorted(example.messages[-1].content for example in result.examples) == [
        "Put differently, the left knee flexion a was 81.1° in this recording.",
        "Put differently, the left knee flexion a was 92.3° in this recording.",
    ]


@pytest.mark.parametrize("send", ["slots", "values"])
def test_free_writing_shows_values_only_when_told_to(tmp_path, send):
    examples, facts = made_cases(3)
    with Running(AnthropicFake()) as fake:
        settings = settings_for(None, fake, mode="free", send=send)
        result = synthesise(examples, facts, settings, tmp_path, environment())
        sent = "".join(call.body.decode() for call in fake.calls)
    assert result.counts == {"accepted": 3, "requests": 3}
    assert ("92.3" in sent) == (send == "values")
    for example in result.examples:
        text, (span,) = example.messages[-1].content, example.spans
        value = facts[span.fact_id].value
        assert text[span.start : span.end] == f"{value:.1f}°"
        assert example.messages[0] == next(one for one in examples if one.id == example.parent).messages[0]


def test_a_free_answer_with_numbers_of_its_own_is_rejected(tmp_path):
    def invent(asked):
        made = rephrase(asked)
        return made | {"answer": made["answer"] + " That is 12 more than usual."}

    examples, facts = made_cases(1)
    with Running(AnthropicFake(answer=invent)) as fake:
        result = synthesise(examples, facts, settings_for(None, fake, mode="free"), tmp_path, environment())
    assert result.counts == {"rejected:new_number": 1, "requests": 1}

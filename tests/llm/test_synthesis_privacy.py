"""What leaves the machine, and what is written down: no measurement, no name, no key."""

import logging
import re

import pytest

pytest.importorskip("openai")
pytest.importorskip("anthropic")

from fake_servers import KEY, AnthropicFake, OpenAIFake, Running
from synthesis_cases import environment, made_cases, made_fact, settings_for

from vidpose.corpus.example import Example, Message, Span
from vidpose.corpus.synthesis.session import synthesise

FAULTS = ("401", "429", "500", "html", "bad_json", "cut", "refusal", "truncated", "hang")


def bodies(*fakes):
    return "\n".join(call.body.decode() for fake in fakes for call in fake.calls)


def test_a_request_holds_no_number_of_the_athlete_and_no_identifier(tmp_path):
    examples, facts = made_cases(20)
    with Running(OpenAIFake()) as openai, Running(AnthropicFake()) as claude:
        result = synthesise(examples, facts, settings_for(openai, claude), tmp_path, environment())
        assert result.counts["accepted"] == 20
        sent = bodies(openai, claude)
    for example in examples:
        assert example.id not in sent
        shown = example.messages[-1].content[example.spans[0].start : example.spans[0].end]
        assert shown not in sent
        assert shown.rstrip("°") not in sent
    assert not any(one in sent for one in ("fact0", "metric0", '"g0"', "g0/p"))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("as in clip_07.mp4", "file"),
        ("see /home/anna/videos", "path"),
        ("write to anna@example.org", "mail"),
        ("video 3fa9c1d2e4b5a6f7", "hash"),
        ("Anna moved well", "forbidden"),
    ],
)
def test_texts_with_something_private_are_withheld(tmp_path, words, reason):
    fact = made_fact(0)
    text = f"The left knee flexion was 92.3°, {words}."
    private = Example("0" * 32, "read_metric", "en", "g0", (Message("user", "And?"), Message("assistant", text)),
                      ("fact0",), (Span(1, 26, 31, "fact0"),))  # fmt: skip
    with Running(OpenAIFake()) as fake:
        settings = settings_for(fake, forbidden=("anna",))
        result = synthesise([private], {"fact0": fact}, settings, tmp_path, environment())
        assert fake.charges == []
    assert result.counts == {f"withheld:{reason}": 1, "requests": 0}


@pytest.mark.parametrize("vendor", ["openai", "claude"])
def test_no_key_in_any_log_file_or_message(vendor, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    said, results = [], []
    examples, facts = made_cases(4)
    with Running({"openai": OpenAIFake, "claude": AnthropicFake}[vendor](hang_s=0.6)) as fake:
        for fault in FAULTS:
            fake.plan("generate", fault)
            settings = settings_for(**{vendor: fake}, timeout_s=0.3, concurrency=1)
            results.append(synthesise(examples, facts, settings, tmp_path, environment(said=said)))
        fake.plan("models", "401")
        results.append(synthesise(examples, facts, settings, tmp_path, environment(said=said)))
    assert results[-1].stopped
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    everything = repr(results) + repr(said) + caplog.text + repr(written)
    assert KEY not in everything
    assert not re.search(r"sk-s\w+", everything)
    assert "placeholder for a measured value" not in caplog.text
    assert (tmp_path / "ledger.sqlite").stat().st_mode & 0o077 == 0

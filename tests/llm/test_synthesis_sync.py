"""Texts asked for one by one, from servers that speak the real wire formats and fail in every way they know."""

import dataclasses
import json
import sqlite3

import pytest

pytest.importorskip("openai")
pytest.importorskip("anthropic")

from fake_servers import KEY, AnthropicFake, OpenAIFake, Running
from synthesis_cases import SHORT, Verdict, environment, made_cases, settings_for

from vidpose.corpus.synthesis.access import preflight
from vidpose.corpus.synthesis.session import synthesise
from vidpose.errors import UsageError

VENDORS = {"openai": OpenAIFake, "claude": AnthropicFake}
PRICE = (100, 500)  # nano-dollars per token of both default models


@pytest.fixture(params=VENDORS)
def vendor(request):
    return request.param


@pytest.fixture
def fake(vendor):
    with Running(VENDORS[vendor]()) as running:
        yield running


def run(fake, vendor, folder, n=4, world=None, **more):
    examples, facts = made_cases(n)
    return synthesise(examples, facts, settings_for(**{vendor: fake}, **more), folder, world or environment())


def spent_nano(folder):
    with sqlite3.connect(folder / "ledger.sqlite") as file:
        sums = file.execute("SELECT sum(spent_nano), sum(held_nano), sum(lost_nano) FROM request").fetchone()
    file.close()
    return sums


def test_every_text_is_filled_in_and_paid_once(fake, vendor, tmp_path):
    result = run(fake, vendor, tmp_path)
    assert result.stopped == ()
    assert result.counts == {"accepted": 4, "requests": 4}
    examples, _ = made_cases(4)
    parents = {one.id: one for one in examples}
    for example in result.examples:
        parent, text = parents[example.parent], example.messages[-1].content
        assert text.startswith("Put differently, the left ")
        assert example.generator == {"openai": "openai:gpt-6-luna", "claude": "claude:claude-haiku-5-5"}[vendor]
        assert (example.group, example.facts, example.task) == (parent.group, parent.facts, parent.task)
        (span,), (old,) = example.spans, parent.spans
        assert span.fact_id == old.fact_id
        assert text[span.start : span.end] == parent.messages[-1].content[old.start : old.end]
    assert spent_nano(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)
    assert round(result.spend.spent_usd * 1e9) == fake.cost_nano(*PRICE)
    assert result.spend.n_calls == 4
    again = run(fake, vendor, tmp_path)
    assert len(fake.charges) == 4
    assert again.examples == result.examples


def test_what_travels_is_as_the_vendors_want_it(fake, vendor, tmp_path):
    run(fake, vendor, tmp_path, n=1)
    body = fake.generated()[0].json
    assert not {"temperature", "top_p", "top_k"} & set(body)
    if vendor == "openai":
        assert body["store"] is False
        form = body["text"]["format"]
        assert (form["type"], form["strict"]) == ("json_schema", True)
        assert body["reasoning"] == {"effort": "low"}
        assert fake.generated()[0].headers["x-client-request-id"].startswith("k_")
    else:
        form = body["output_config"]["format"]
        assert form["type"] == "json_schema"
        assert body["output_config"]["effort"] == "low"
    assert form["schema"]["additionalProperties"] is False
    assert form["schema"]["required"] == list(form["schema"]["properties"])


def test_a_server_on_this_machine_is_asked_in_the_chat_format(tmp_path):
    with Running(OpenAIFake()) as fake:
        fake.plan("models", "404")
        result = run(fake, "openai", tmp_path, openai_api="chat", models={"openai": "mine"}, prices={"mine": (0, 0)})
        assert result.counts == {"accepted": 4, "requests": 4}
        assert set(fake.paths()) == {"/v1/chat/completions"}
        assert result.spend.spent_usd == 0.0


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        ("429;retry-after=0.2", (0.2, 0.22)),
        ("429;retry-after-ms=120", (0.12, 0.132)),
        ("429;retry-after=100000", (0.5, 0.5)),  # capped
        ("429;retry-after=Thu, 01 Jan 1970 00:00:00 GMT", (0.0, 0.0)),
        ("429", (0.005, 0.01)),
        ("500", (0.005, 0.01)),
        ("503", (0.005, 0.01)),
        ("529", (0.005, 0.01)),
    ],
)
def test_a_passing_fault_is_waited_out(fake, vendor, tmp_path, fault, waits):
    fake.plan("generate", fault)
    slept = []
    result = run(fake, vendor, tmp_path, n=1, world=environment(slept=slept))
    assert result.counts == {"accepted": 1, "requests": 1}
    assert len(slept) == 1
    assert waits[0] <= slept[0] <= waits[1]
    assert len(fake.generated()) == 2
    assert spent_nano(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)


@pytest.mark.parametrize(("fault", "kind"), [("bad_json", "bad_body"), ("html", "bad_body"), ("cut", "connection")])
def test_an_answer_that_cannot_be_read_is_asked_for_again_and_its_cost_kept_in_mind(
    fake, vendor, tmp_path, fault, kind
):
    fake.plan("generate", fault)
    result = run(fake, vendor, tmp_path, n=1)
    assert result.counts == {"accepted": 1, "requests": 1}
    spent, held, lost = spent_nano(tmp_path)
    assert held == 0
    assert lost > 0  # it may have been charged; nobody knows
    assert fake.cost_nano(*PRICE) <= spent + lost


def test_a_time_out_is_asked_again_and_its_cost_kept_in_mind(fake, vendor, tmp_path):
    fake.plan("generate", "hang")
    result = run(fake, vendor, tmp_path, n=1, timeout_s=0.3)
    assert result.counts == {"accepted": 1, "requests": 1}
    assert result.spend.unknown_usd > 0.0


def test_five_failures_are_named_and_the_request_stays_open(fake, vendor, tmp_path):
    fake.plan("generate", *["500"] * 4)
    result = run(fake, vendor, tmp_path, n=1)
    assert result.counts == {"fault:server": 1, "requests": 1, "unanswered": 1}
    assert result.examples == ()
    later = run(fake, vendor, tmp_path, n=1)
    assert later.counts == {"accepted": 1, "requests": 1}


def test_a_vendor_that_always_fails_is_given_up(fake, vendor, tmp_path):
    fake.plan("generate", *["500"] * 400)
    retry = dataclasses.replace(SHORT, tries=1)
    result = run(fake, vendor, tmp_path, n=40, retry=retry, breaker=3, concurrency=1)
    assert len(fake.generated()) == 3
    assert "run again later" in result.stopped[0]
    assert result.counts["unanswered"] == 40


@pytest.mark.parametrize(
    ("fault", "kind", "advice"),
    [
        ("401", "wrong_key", "set a valid one"),
        ("402", "no_credit", "add credit"),
        ("credit", "no_credit", "add credit"),
        ("403", "forbidden", "choose another model"),
        ("404", "no_model", "choose another model"),
        ("400", "bad_request", "structured output"),
    ],
)
def test_a_fault_that_will_not_pass_stops_at_once_and_says_what_to_do(fake, vendor, tmp_path, fault, kind, advice):
    fake.plan("generate", fault)
    result = run(fake, vendor, tmp_path, n=20, concurrency=1)
    assert len(fake.generated()) == 1
    assert result.counts[f"fault:{kind}"] == 1
    assert advice in result.stopped[0]
    assert result.stopped[0].startswith(f"{vendor}: {kind}: ")
    assert KEY not in result.stopped[0]
    assert spent_nano(tmp_path) == (0, 0, 0)


def test_a_refusal_is_kept_and_not_asked_again(fake, vendor, tmp_path):
    fake.plan("generate", "refusal")
    result = run(fake, vendor, tmp_path, n=3)
    assert result.counts == {"accepted": 2, "rejected:refused": 1, "requests": 3}
    assert run(fake, vendor, tmp_path, n=3).counts == result.counts
    assert len(fake.charges) == 3
    assert spent_nano(tmp_path)[0] == fake.cost_nano(*PRICE)


def test_a_cut_answer_is_asked_for_once_more_with_twice_the_room(fake, vendor, tmp_path):
    fake.plan("generate", "truncated")
    result = run(fake, vendor, tmp_path, n=1)
    assert result.counts == {"accepted": 1, "requests": 1}
    field = {"openai": "max_output_tokens", "claude": "max_tokens"}[vendor]
    assert [call.json[field] for call in fake.generated()] == [1200, 2400]
    assert spent_nano(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)


@pytest.mark.parametrize("fault", ["truncated", "model_bad_json", "prose"])
def test_twice_bad_is_rejected_and_both_are_paid(fake, vendor, tmp_path, fault):
    fake.plan("generate", fault, fault)
    result = run(fake, vendor, tmp_path, n=1)
    why = "truncated" if fault == "truncated" else "malformed"
    assert result.counts == {f"rejected:{why}": 1, "requests": 1}
    assert len(fake.charges) == 2
    assert spent_nano(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)


def test_json_of_another_form_is_rejected(fake, vendor, tmp_path):
    fake.plan("generate", "off_schema")
    assert run(fake, vendor, tmp_path, n=1).counts == {"rejected:off_schema": 1, "requests": 1}


def test_thinking_before_the_text_does_no_harm(fake, vendor, tmp_path):
    fake.plan("generate", "thinking")
    assert run(fake, vendor, tmp_path, n=1).counts == {"accepted": 1, "requests": 1}


def test_an_answer_without_a_count_costs_what_was_reserved(fake, vendor, tmp_path):
    fake.plan("generate", "no_usage")
    run(fake, vendor, tmp_path, n=1)
    spent, held, lost = spent_nano(tmp_path)
    assert (held, lost) == (0, 0)
    assert spent > fake.cost_nano(*PRICE)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda turn: turn.replace("{{n1}}", "95°"), "placeholders"),
        (lambda turn: turn + " {{n1}}", "placeholders"),
        (lambda turn: turn + " It took 3 tries.", "new_number"),
        (lambda turn: turn + " It took twelve tries.", "new_number"),
        (lambda turn: turn + " And so on." * 40, "length"),
        (lambda turn: turn, "unchanged"),
    ],
)
def test_answers_that_break_the_rules_are_counted_by_rule(fake, vendor, tmp_path, spoil, reason):
    fake.answer = lambda asked: {"turns": [spoil(turn) for turn in asked["turns"]]}
    assert run(fake, vendor, tmp_path, n=1).counts == {f"rejected:{reason}": 1, "requests": 1}


def test_what_is_not_grounded_stays_out(fake, vendor, tmp_path):
    refuse = environment(
        check=lambda example, facts: Verdict(not example.parent or "knee" not in example.messages[-1].content)
    )
    assert run(fake, vendor, tmp_path, world=refuse).counts == {
        "accepted": 3,
        "rejected:grounding": 1,
        "requests": 4,
    }


@pytest.mark.parametrize("concurrency", [1, 4])
def test_the_limit_is_never_passed(fake, vendor, tmp_path, concurrency):
    limit = 0.002
    result = run(fake, vendor, tmp_path, n=60, max_cost_usd=limit, concurrency=concurrency)
    assert 0 < result.counts["accepted"] < 60
    assert "--max_cost" in result.stopped[0]
    assert fake.cost_nano(*PRICE) <= limit * 1e9
    assert spent_nano(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)
    before = len(fake.charges)
    more = run(fake, vendor, tmp_path, n=60, max_cost_usd=1.0)
    assert more.counts["accepted"] == 60
    assert len(fake.charges) == 60 > before


def test_a_limit_of_nothing_sends_nothing(fake, vendor, tmp_path):
    result = run(fake, vendor, tmp_path, max_cost_usd=0.0)
    assert fake.charges == []
    assert result.counts["unanswered"] == 4


def test_a_price_that_is_too_low_stops_after_one_request(fake, vendor, tmp_path):
    answer = fake.answer
    fake.answer = lambda asked: answer(asked) | {"filler": "word " * 30_000}
    result = run(fake, vendor, tmp_path, n=20, concurrency=1)
    assert len(fake.charges) == 1
    assert "at most" in result.stopped[0]


def test_a_dry_run_sends_nothing_and_needs_no_key(fake, vendor, tmp_path):
    world = dataclasses.replace(environment(), environ={})
    result = run(fake, vendor, tmp_path, dry_run=True, world=world)
    assert fake.calls == []
    lines = [json.loads(line) for line in (tmp_path / "synthesis_dry_run.jsonl").read_text().splitlines()]
    assert len(lines) == 4
    summary = json.loads((tmp_path / "synthesis_dry_run.json").read_text())
    assert summary["together"]["worst_usd"] == pytest.approx(sum(line["worst_usd"] for line in lines))
    assert result.planned.worst_usd == summary["together"]["worst_usd"]
    sent = run(fake, vendor, tmp_path)
    assert sorted(json.dumps(call.json, sort_keys=True) for call in fake.generated()) == sorted(
        json.dumps(line["body"], sort_keys=True) for line in lines
    )
    assert sent.spend.spent_usd <= result.planned.worst_usd


def test_without_a_key_nothing_is_sent(fake, vendor, tmp_path):
    for environ in ({}, {"OPENAI_API_KEY": "  ", "ANTHROPIC_API_KEY": ""}):
        with pytest.raises(UsageError, match="API_KEY"):
            run(fake, vendor, tmp_path, world=dataclasses.replace(environment(), environ=environ))
    assert fake.calls == []


def test_preflight_names_a_wrong_key_and_an_unknown_model_and_warns_of_an_end(fake, vendor):
    settings = settings_for(**{vendor: fake})
    assert preflight(settings, environment().environ) == ()
    fake.shutdown = "2027-01-14"
    assert "2027-01-14" in preflight(settings, environment().environ)[0]
    wrong = {"OPENAI_API_KEY": "sk-wrong", "ANTHROPIC_API_KEY": "sk-wrong"}
    with pytest.raises(UsageError, match="wrong_key") as raised:
        preflight(settings, wrong)
    assert "sk-" not in str(raised.value)
    unknown = dataclasses.replace(settings, models={vendor: "unknown"}, prices={"unknown": (1.0, 1.0)})
    with pytest.raises(UsageError, match="no_model"):
        preflight(unknown, environment().environ)
    assert fake.charges == []


def test_other_addresses_come_from_the_environment_too(fake, vendor, tmp_path):
    environ = dict(environment().environ) | {"OPENAI_BASE_URL": f"{fake.url}/v1", "ANTHROPIC_BASE_URL": fake.url}
    world = dataclasses.replace(environment(), environ=environ)
    assert run(fake, vendor, tmp_path, base_urls={}, world=world).counts["accepted"] == 4

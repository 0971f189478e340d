"""The ledger of money, prices, patience and privacy; what needs no SDK and no server."""

import math
import sqlite3
import stat
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidpose.corpus.privacy import reason_not_to_send, redact
from vidpose.corpus.settings.synthesis import RetrySettings, SynthesisSettings
from vidpose.corpus.synthesis.access import open_providers
from vidpose.corpus.synthesis.judge import Agreement, agreement_of, read_opinion
from vidpose.corpus.synthesis.prices import Price, estimate, price_of, table
from vidpose.corpus.synthesis.providers.client import Access, checked_url
from vidpose.corpus.synthesis.providers.faults import KINDS, Fault, fault, fault_of_status, retry_after_s
from vidpose.corpus.synthesis.providers.protocol import BatchIntent, Reply, Request, Usage
from vidpose.corpus.synthesis.retry import wait_s, with_retries
from vidpose.corpus.synthesis.spend_ledger import SpendLedger
from vidpose.errors import OutputError, OutputInUseError, UsageError


def request(text="hello", model="m"):
    return Request(
        "openai", model, "responses", "slots", {"input": text, "max_output_tokens": 100}, "max_output_tokens"
    )


@pytest.fixture
def ledger(tmp_path):
    made = SpendLedger(tmp_path / "ledger.sqlite", 10_000)
    yield made
    made.close()


ONE = request()


def held(ledger, nano=4_000, key=ONE.key):
    ledger.add([ONE])
    ledger.hold(key, nano)


def test_a_key_follows_from_the_body_and_fits_both_vendors():
    assert request().key == ONE.key
    assert request("other").key != ONE.key
    assert len(ONE.key) <= 64
    assert ONE.key.replace("_", "").isalnum()
    assert ONE.with_room(200)["max_output_tokens"] == 200
    assert ONE.max_output_tokens == 100


def test_held_money_counts_until_it_is_settled(ledger):
    held(ledger)
    assert ledger.spend().unknown_usd == 4e-6
    with pytest.raises(Fault, match="max_cost"):
        ledger.hold(ONE.key, 6_001)
    ledger.settle(ONE.key, 1_500, Reply("done", "{}", Usage(10, 5), "r1"), "done")
    spend = ledger.spend()
    assert (spend.spent_usd, spend.unknown_usd, spend.n_requests, spend.n_calls) == (1.5e-6, 0.0, 1, 1)
    assert (spend.input_tokens, spend.output_tokens) == (10, 5)
    assert ledger.stored(ONE.key).text == "{}"
    assert ledger.stored("k_unknown") is None


def test_what_may_have_been_charged_stays_counted(ledger):
    held(ledger)
    ledger.release(ONE.key, "timeout", lost=True)
    assert ledger.spend().unknown_usd == 4e-6
    with pytest.raises(Fault):
        ledger.hold(ONE.key, 6_001)
    ledger.hold(ONE.key, 6_000)
    ledger.release(ONE.key, "server", lost=False)
    assert ledger.spend().unknown_usd == 4e-6
    assert ledger.stored(ONE.key).state == "open"


def test_what_was_in_flight_at_a_crash_is_counted_as_lost(tmp_path):
    first = SpendLedger(tmp_path / "ledger.sqlite", 10_000)
    held(first)
    first.close()
    second = SpendLedger(tmp_path / "ledger.sqlite", 10_000)
    assert second.recover() == 1
    assert second.recover() == 0
    assert second.spend().unknown_usd == 4e-6
    assert second.stored(ONE.key).state == "open"
    second.close()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4_000), st.sampled_from(["settle", "lose", "free"])), max_size=12))
def test_whatever_happens_no_more_than_the_limit_is_committed(tmp_path_factory, steps):
    ledger = SpendLedger(tmp_path_factory.mktemp("l") / "ledger.sqlite", 10_000)
    ledger.add([ONE])
    for nano, end in steps:
        try:
            ledger.hold(ONE.key, nano)
        except Fault:
            continue
        if end == "settle":
            ledger.settle(ONE.key, nano // 2, Reply("truncated", "", None), "open")
        else:
            ledger.release(ONE.key, "timeout", lost=end == "lose")
    spend = ledger.spend()
    assert round((spend.spent_usd + spend.unknown_usd) * 1e9) <= 10_000
    ledger.close()


def test_a_batch_holds_money_for_all_lines_or_is_not_meant_at_all(ledger):
    requests = [request(str(one)) for one in range(3)]
    ledger.add(requests)
    intent = BatchIntent("b1", tuple(one.key for one in requests), 5.0)
    with pytest.raises(Fault, match="max_cost"):
        ledger.intend(intent, requests[0], [4_000] * 3)
    assert ledger.batches("openai", "m", "intent") == []
    ledger.intend(intent, requests[0], [3_000] * 3)
    assert ledger.spend().unknown_usd == 9e-6
    assert ledger.recover() == 0  # a batch is adopted, not lost
    assert ledger.batches("openai", "m", "intent") == [(intent, "")]
    ledger.mark_batch("b1", "submitted", "batch_7")
    ledger.settle(requests[0].key, 1_000, Reply("done", "{}", Usage(1, 1)), "done")
    ledger.mark_batch("b1", "collected")
    assert ledger.batch_ids() == ["batch_7"]
    assert (ledger.spend().spent_usd, ledger.spend().unknown_usd) == (1e-6, 0.0)
    assert [ledger.stored(one.key).state for one in requests] == ["done", "open", "open"]


def test_only_the_owner_may_read_it_and_one_process_may_write(tmp_path, ledger):
    assert stat.S_IMODE((tmp_path / "ledger.sqlite").stat().st_mode) == 0o600
    with pytest.raises(OutputInUseError, match="another run"):
        SpendLedger(tmp_path / "ledger.sqlite", 1)


def test_a_file_that_is_no_ledger_is_named(tmp_path):
    (tmp_path / "ledger.sqlite").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(OutputError, match="expected a spend ledger"):
        SpendLedger(tmp_path / "ledger.sqlite", 1)


def test_a_crash_inside_a_step_leaves_the_step_undone(ledger):
    held(ledger)
    with pytest.raises(sqlite3.Error):
        ledger.settle(ONE.key, object(), Reply("done", "{}", None), "done")
    assert ledger.stored(ONE.key).state == "sent"
    assert ledger.spend().unknown_usd == 4e-6


# --- prices -------------------------------------------------------------------------------------------------------


def test_costs_are_exact_and_the_worst_case_is_an_upper_bound():
    price = Price(100, 500, 0.5)
    assert price.cost_nano(Usage(3, 2)) == 1_300
    assert price.cost_nano(Usage(1, 0), batch=True) == 50
    assert price.worst_nano(ONE) >= price.cost_nano(Usage(ONE.n_bytes, 100))
    assert price.worst_nano(ONE, room=200) - price.worst_nano(ONE) == 100 * 500
    both = estimate([ONE, request("other")], {"m": price})
    assert both.n_requests == 2
    assert 0 < both.expected_usd < both.worst_usd


def test_prices_come_from_the_settings_then_the_table_and_else_are_asked_for():
    assert price_of("claude-opus-5-5", {}) == Price(4_000, 20_000, 0.5)
    assert price_of("claude-opus-5-5", {"claude-opus-5-5": (1.0, 2.0)}) == Price(1_000, 2_000, 0.5)
    assert price_of("mine", {"mine": (0.0, 0.0)}).worst_nano(ONE) == 0
    assert price_of("tiny", {"tiny": (0.00001, 0.0)}).input_nano == 1  # never rounded down to nothing
    with pytest.raises(UsageError, match="price of model 'nobody'"):
        price_of("nobody", {})
    assert set(table()["defaults"].values()) <= set(table()["models"])


# --- faults and patience ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (401, "", "wrong_key"),
        (429, "", "rate_limit"),
        (429, '{"error": {"message": "insufficient_quota"}}', "no_credit"),
        (400, '{"error": {"message": "Your credit balance is too low"}}', "no_credit"),
        (400, "", "bad_request"),
        (418, "", "bad_request"),
        (500, "", "server"),
        (529, "", "server"),
    ],
)
def test_statuses_have_names(status, text, kind):
    assert fault_of_status(status, {}, text, "").kind == kind


def test_the_servers_word_on_repeating_goes_first_unless_it_is_hopeless():
    assert not fault_of_status(500, {"x-should-retry": "false"}, "", "").may_repeat
    assert fault_of_status(413, {"x-should-retry": "true"}, "", "").may_repeat
    assert not fault_of_status(401, {"x-should-retry": "true"}, "", "").may_repeat


def test_every_kind_says_what_to_do():
    assert all(len(kind.advice) > 20 for kind in KINDS.values())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:02:00 GMT"}, 20.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, math.nan),
        ({}, math.nan),
    ],
)
def test_what_servers_ask_for(headers, seconds):
    assert retry_after_s(headers, 100.0) == pytest.approx(seconds, nan_ok=True)


SETTINGS = RetrySettings(tries=4, first_wait_s=1.0, longest_wait_s=10.0, total_wait_s=25.0)


@settings(deadline=None)
@given(st.integers(1, 30), st.one_of(st.just(math.nan), st.floats(0, 1e9)), st.text(max_size=5))
def test_no_wait_is_longer_than_allowed_and_each_can_be_repeated(number, asked, seed):
    wait = wait_s(number, asked, SETTINGS, seed)
    assert 0.0 <= wait <= 10.0
    assert wait == wait_s(number, asked, SETTINGS, seed)
    if asked <= 10.0:
        assert wait >= asked


def test_patience_ends():
    calls, slept = [], []

    def fail(kind, **more):
        calls.append(kind)
        raise fault(kind, "x", **more)

    with pytest.raises(Fault):
        with_retries(lambda: fail("server"), SETTINGS, "s", slept.append)
    assert (len(calls), len(slept)) == (4, 3)
    with pytest.raises(Fault):
        with_retries(lambda: fail("wrong_key"), SETTINGS, "s", slept.append)
    assert len(calls) == 5
    with pytest.raises(Fault):
        with_retries(lambda: fail("rate_limit", retry_after_s=1e6), SETTINGS, "s", slept.append)
    assert slept[3:] == [10.0, 10.0]  # a third wait would pass the total


# --- privacy ------------------------------------------------------------------------------------------------------


def test_keys_do_not_survive():
    assert redact("bad key sk-abc123456 here") == "bad key [key] here"
    assert redact("Authorization: Bearer whatever") == "Authorization: [key]"
    assert redact("odd-key-form", "odd-key-form") == "[key]"
    assert "hidden" not in repr(Access("hidden", "", 1.0))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("left/right: 5 body heights/s and m/s or km/h", ""),
        ("see C:\\clips\\anna", "path"),
        ("from videos/anna/one", "path"),
        ("squat.MP4", "file"),
        ("a@b.org", "mail"),
        ("deadbeef0123456789", "hash"),
        ("on 2026-11-21", "date"),
        ("Anna-Lena moved", "forbidden"),
        ("Annabel moved", ""),
    ],
)
def test_what_must_not_leave(text, why):
    assert reason_not_to_send([text], ("anna",)) == why


@pytest.mark.parametrize(
    "url", ["https://api.example.org/v1", "http://127.0.0.1:8000/v1/", "http://localhost:1", "http://[::1]:80"]
)
def test_addresses_that_a_key_may_go_to(url):
    assert checked_url(url, "openai") == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["http://example.org", "http://127.0.0.1.example.org", "ftp://x", "https://u:p@x.org", "x.org", "https://"]
)
def test_addresses_that_it_may_not(url):
    with pytest.raises(UsageError, match="base URL of openai"):
        checked_url(url, "openai")


def test_all_that_is_missing_is_said_at_once():
    settings = SynthesisSettings(vendors=("openai", "claude"), models={"claude": "nobody"})
    with pytest.raises(UsageError) as raised:
        open_providers(settings, {})
    assert "OPENAI_API_KEY" in str(raised.value)
    assert "nobody" in str(raised.value)


# --- the judge ----------------------------------------------------------------------------------------------------


def test_agreement_beyond_chance():
    seen = agreement_of([(True, True)] * 20 + [(False, False)] * 15 + [(True, False)] * 5 + [(False, True)] * 10)
    assert seen == Agreement(20, 15, 5, 10)
    assert seen.kappa == pytest.approx(0.4)  # the textbook table 20, 5, 10, 15
    assert math.isnan(Agreement().kappa)
    assert math.isnan(agreement_of([(True, True)]).kappa)


@pytest.mark.parametrize(
    ("text", "accepts"),
    [
        ('{"same_meaning": true, "adds_claims": false, "natural": "fair"}', True),
        ('{"same_meaning": true, "adds_claims": true, "natural": "good"}', False),
        ('{"same_meaning": false, "adds_claims": false, "natural": "good"}', False),
        ('{"same_meaning": true, "adds_claims": false, "natural": "poor"}', False),
    ],
)
def test_opinions(text, accepts):
    assert read_opinion(text).accepts is accepts


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"same_meaning": 1, "adds_claims": false, "natural": "good"}'])
def test_what_is_no_opinion(text):
    assert read_opinion(text) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"vendors": ("gemini",)},
        {"vendors": ("openai", "openai")},
        {"mode": "poem"},
        {"mode": "slots", "send": "values"},
        {"n_per_task": 0},
        {"max_cost_usd": -1.0},
        {"max_cost_usd": math.nan},
        {"max_batch": 60_000},
        {"prices": {"m": (1.0, -1.0)}},
        {"effort": "extreme"},
    ],
)
def test_bad_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong)) if "send" not in wrong else "send"):
        SynthesisSettings(**wrong)


@pytest.mark.parametrize("name", ["first_wait_s", "longest_wait_s", "total_wait_s"])
def test_bad_patience_is_refused(name):
    with pytest.raises(ValueError, match=name):
        replace(SETTINGS, **{name: -1.0})

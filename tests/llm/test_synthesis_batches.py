"""Batches: half the price, adopted after a crash, never handed in twice."""

import sqlite3

import pytest

pytest.importorskip("openai")
pytest.importorskip("anthropic")

from fake_servers import AnthropicFake, OpenAIFake, Running
from synthesis_cases import environment, made_cases, settings_for

from vidpose.corpus.synthesis.session import synthesise

VENDORS = {"openai": OpenAIFake, "claude": AnthropicFake}
PRICE = (100, 500)
N = 12


@pytest.fixture(params=VENDORS)
def vendor(request):
    return request.param


@pytest.fixture
def fake(vendor):
    with Running(VENDORS[vendor]()) as running:
        yield running


def run(fake, vendor, folder, n=N, said=None, **more):
    examples, facts = made_cases(n)
    settings = settings_for(**{vendor: fake}, **({"batch_threshold": 3} | more))
    return synthesise(examples, facts, settings, folder, environment(said=said))


def ledger(folder, query):
    with sqlite3.connect(folder / "ledger.sqlite") as file:
        rows = file.execute(query).fetchall()
    file.close()
    return rows


def sums(folder):
    return ledger(folder, "SELECT sum(spent_nano), sum(held_nano), sum(lost_nano) FROM request")[0]


def test_one_goes_ahead_and_the_rest_follows_at_half_the_price(fake, vendor, tmp_path):
    said = []
    fake.batch_polls = 3
    result = run(fake, vendor, tmp_path, said=said)
    assert result.counts == {"accepted": N, "requests": N}
    assert len(fake.generated()) == 1
    assert len(fake.batches) == 1
    assert [batch for _, _, batch in fake.charges].count(True) == N - 1
    assert sums(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)
    assert any("at most" in one for one in said)
    assert run(fake, vendor, tmp_path).examples == result.examples
    assert len(fake.charges) == N


def test_a_schema_that_is_refused_costs_one_request_and_no_batch(fake, vendor, tmp_path):
    fake.plan("generate", "400")
    result = run(fake, vendor, tmp_path)
    assert fake.batches == {}
    assert "bad_request" in result.stopped[0]


def test_lines_without_a_result_are_asked_for_again(fake, vendor, tmp_path):
    fake.plan("line", "expired", "500", "missing", "truncated", "model_bad_json", "refusal")
    result = run(fake, vendor, tmp_path, batch_threshold=6)
    assert result.counts == {
        "accepted": N - 1,
        "fault:expired": 1,
        "fault:server": 1,
        "rejected:refused": 1,
        "requests": N,
    }
    assert len(fake.batches) == 1
    assert len(fake.generated()) == 1 + 5
    assert sums(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)


def test_both_result_files_are_read_when_a_batch_expires(tmp_path):
    with Running(OpenAIFake()) as fake:
        fake.plan("batch_whole", "expired")
        fake.plan("line", *["expired"] * 5)
        result = run(fake, "openai", tmp_path, batch_threshold=6)
        assert result.counts == {"accepted": N, "fault:expired": 5, "requests": N}
        assert len(fake.charges) == N


def test_a_batch_that_is_turned_down_whole_costs_nothing(tmp_path):
    with Running(OpenAIFake()) as fake:
        fake.plan("batch_whole", "failed")
        result = run(fake, "openai", tmp_path)
        assert "line 1 is odd" in result.stopped[0]
        assert sums(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)
        assert len(fake.charges) == 1


def test_many_requests_make_several_batches(fake, vendor, tmp_path):
    assert run(fake, vendor, tmp_path, max_batch=4).counts == {"accepted": N, "requests": N}
    assert len(fake.batches) == 3


def test_a_batch_that_is_not_ready_is_collected_by_the_next_run(fake, vendor, tmp_path):
    fake.batch_polls = 6
    first = run(fake, vendor, tmp_path, batch_wait_s=0.04)
    assert "run the same command again" in first.stopped[0]
    assert first.counts["accepted"] == 1
    assert first.spend.unknown_usd > 0.0  # reserved
    second = run(fake, vendor, tmp_path)
    assert second.counts == {"accepted": N, "requests": N}
    assert len(fake.batches) == 1
    assert sums(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)


@pytest.mark.parametrize("fault", ["lost", "cut", "bad_json"])
def test_a_batch_whose_number_got_lost_is_found_in_the_list(fake, vendor, tmp_path, fault):
    said = []
    fake.plan("batches", fault)
    fake.batch_polls = 2
    result = run(fake, vendor, tmp_path, said=said)
    assert result.counts == {"accepted": N, "requests": N}
    assert len(fake.batches) == 1
    assert any("found the batch" in one for one in said)
    assert sums(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)


def test_a_batch_that_never_arrived_is_handed_in_by_the_next_run(fake, vendor, tmp_path):
    fake.plan("batches", "500")
    first = run(fake, vendor, tmp_path)
    assert fake.batches == {}
    assert "run again" in first.stopped[0]
    assert sums(tmp_path)[1] == 0
    assert run(fake, vendor, tmp_path).counts == {"accepted": N, "requests": N}
    assert len(fake.batches) == 1


def test_too_many_batches_are_waited_out(fake, vendor, tmp_path):
    fake.plan("batches", "429;retry-after-ms=10")
    assert run(fake, vendor, tmp_path).counts == {"accepted": N, "requests": N}
    assert len(fake.batches) == 1


def test_a_batch_that_would_pass_the_limit_is_not_handed_in(fake, vendor, tmp_path):
    result = run(fake, vendor, tmp_path, max_cost_usd=0.003)
    assert fake.batches == {}
    assert "--max_cost" in result.stopped[0]
    assert fake.cost_nano(*PRICE) <= 3_000_000
    assert ledger(tmp_path, "SELECT count(*) FROM batch") == [(0,)]


def test_of_two_batches_of_one_size_the_right_one_is_taken(tmp_path):
    with Running(AnthropicFake()) as fake:
        stranger = [{"custom_id": f"s{one}", "params": {"model": "m", "messages": [{"content": '{"turns": []}'}]}}
                    for one in range(N - 1)]  # fmt: skip
        fake.take_batch({"requests": stranger})
        fake.charges.clear()
        fake.plan("batches", "lost")
        assert run(fake, "claude", tmp_path).counts == {"accepted": N, "requests": N}
        assert len(fake.batches) == 2
        assert sums(tmp_path) == (fake.cost_nano(*PRICE), 0, 0)

"""Runs that are killed in the middle: nothing is paid twice that was answered, and no batch is handed in twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("openai")
pytest.importorskip("anthropic")

from fake_servers import KEY, AnthropicFake, OpenAIFake, Running

pytestmark = pytest.mark.slow
VENDORS = {"openai": OpenAIFake, "claude": AnthropicFake}
PRICE = (100, 500)
CONCURRENCY = 4
HERE = Path(__file__).parent


@pytest.fixture(params=VENDORS)
def vendor(request):
    return request.param


def start(fake, vendor, folder, n, threshold):
    url = f"{fake.url}/v1" if vendor == "openai" else fake.url
    environ = os.environ | {
        "OPENAI_API_KEY": KEY,
        "ANTHROPIC_API_KEY": KEY,
        "OPENAI_LOG": "debug",
        "ANTHROPIC_LOG": "debug",
    }
    command = [sys.executable, str(HERE / "synthesis_child.py"), str(folder), vendor, url, str(n), str(threshold)]
    with (folder.parent / "said.txt").open("ab") as said:
        return subprocess.Popen(command, env=environ, stdout=said, stderr=said)


def kill_when(process, ready):
    while not ready():
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def sums(folder):
    file = sqlite3.connect(folder / "ledger.sqlite")
    row = file.execute("SELECT sum(spent_nano), sum(held_nano), sum(lost_nano), sum(state = 'done') FROM request")
    found = row.fetchone()
    file.close()
    return found


def assert_nothing_leaked(tmp_path):
    """Neither the key nor a prompt is in any file or log, though the environment asked the SDKs for all details."""
    said = (tmp_path / "said.txt").read_text()
    assert "turns" not in said
    assert "placeholder for a measured value" not in said
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path.name
            assert b"sk-sentinel" not in path.read_bytes(), path.name


def test_killed_while_sending(vendor, tmp_path):
    n, folder = 40, tmp_path / "run"
    folder.mkdir()
    with Running(VENDORS[vendor](delay_s=0.05)) as fake:
        kill_when(start(fake, vendor, folder, n, 1000), lambda: len(fake.charges) >= 12)
        time.sleep(0.2)  # what was in flight arrives
        at_kill = len(fake.charges)
        spent, held, _, done = sums(folder)
        assert 0 < done < n
        assert spent <= fake.cost_nano(*PRICE) <= spent + held
        fake.delay_s = 0.0
        assert start(fake, vendor, folder, n, 1000).wait() == 0
        assert n <= len(fake.charges) <= n + CONCURRENCY
        assert len(fake.charges) == at_kill + n - done
        spent, held, lost, done = sums(folder)
        assert (held, done) == (0, n)
        assert spent <= fake.cost_nano(*PRICE) <= spent + lost
    assert_nothing_leaked(tmp_path)


def test_killed_after_handing_in_and_before_writing_it_down(vendor, tmp_path):
    n, folder = 10, tmp_path / "run"
    folder.mkdir()
    with Running(VENDORS[vendor](hang_s=3.0, batch_polls=4)) as fake:
        fake.plan("batches", "slow")
        kill_when(start(fake, vendor, folder, n, 3), lambda: bool(fake.batches))
        assert start(fake, vendor, folder, n, 3).wait() == 0
        assert len(fake.batches) == 1
        assert len(fake.charges) == n
        assert sums(folder) == (fake.cost_nano(*PRICE), 0, 0, n)
    assert "found the batch" in (tmp_path / "said.txt").read_text()
    assert_nothing_leaked(tmp_path)


def test_killed_while_waiting_for_a_batch(vendor, tmp_path):
    n, folder = 10, tmp_path / "run"
    folder.mkdir()
    with Running(VENDORS[vendor](batch_polls=1000)) as fake:
        kill_when(
            start(fake, vendor, folder, n, 3),
            lambda: any(made["polls"] > 3 for made in fake.batches.values()),
        )
        fake.batch_polls = 1
        assert start(fake, vendor, folder, n, 3).wait() == 0
        assert len(fake.batches) == 1
        assert sums(folder) == (fake.cost_nano(*PRICE), 0, 0, n)
    assert_nothing_leaked(tmp_path)

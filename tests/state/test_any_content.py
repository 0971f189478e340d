"""Whatever lies where a lock, a receipt, a ledger or a configuration is expected: an answer, never a surprise."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from vidpose.config import load_settings
from vidpose.errors import ConfigError, OutputError
from vidpose.state.ledger import Ledger
from vidpose.state.lock import LOCK_NAME, is_run_id, lock_folders
from vidpose.state.receipts import read_receipt, why_not_current

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
JSON_OR_NOISE = PLAIN.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200)
RECEIPT_KEYS = st.fixed_dictionaries({}, optional=dict.fromkeys(("key", "files", "facts"), PLAIN))
LOCK_KEYS = st.fixed_dictionaries({}, optional=dict.fromkeys(("pid", "run_id"), PLAIN))


def as_json(values: st.SearchStrategy[object]) -> st.SearchStrategy[bytes]:
    return values.map(lambda value: json.dumps(value).encode())


@given(content=JSON_OR_NOISE | as_json(RECEIPT_KEYS))
@example(content=b"[" * 100_000)
@example(content=b'{"key": "k", "files": {"../../etc/passwd": {"sha256": "", "bytes": 1}}, "facts": {}}')
def test_a_receipt_is_read_or_is_none(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "receipt.json"
        path.write_bytes(content)
        read_receipt(path)
        assert why_not_current(path, "another key") is not None


@given(content=JSON_OR_NOISE | as_json(LOCK_KEYS))
@example(content=b"[" * 4096)
@example(content=b'{"run_id": "*/../*"}')
def test_a_lock_names_an_earlier_run_or_none(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / LOCK_NAME).write_bytes(content)
        with lock_folders([Path(scratch)], "0" * 32) as earlier:
            assert all(is_run_id(run.run_id) for run in earlier)


@pytest.mark.thorough
@given(start=st.binary(max_size=100), at=st.integers(0, 8191), noise=st.binary(min_size=1, max_size=64))
def test_a_ledger_opens_whatever_was_written_over_it(start: bytes, at: int, noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "ledger.sqlite"
        with Ledger(path) as ledger:
            ledger.remember_speed("pose", 1.5)
        content = bytearray(path.read_bytes())
        content[at : at + len(noise)] = noise
        path.write_bytes(start + content if len(start) % 2 else content)
        with contextlib.suppress(OutputError), Ledger(path) as ledger:
            ledger.remember_speed("draw", 2.5)
            assert ledger.speed("pose") in (1.5, None) or isinstance(ledger.speed("pose"), float)


@given(values=st.dictionaries(st.sampled_from(["pose", "workers", "segments", "input", "analysis", "x"]), PLAIN))
def test_a_configuration_is_taken_or_refused_in_words(values: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "run.yaml"
        path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8", errors="replace")
        with contextlib.suppress(ConfigError):
            load_settings(path, {}, {})


@given(content=st.binary(max_size=100) | st.text(max_size=100).map(str.encode))
@example(content=b"[" * 3000)
@example(content=b"&a [*a]")
@example(content=b"!!python/object/apply:os.system [echo]")
@pytest.mark.thorough
def test_any_bytes_as_a_configuration(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "run.yaml"
        path.write_bytes(content)
        with contextlib.suppress(ConfigError):
            load_settings(path, {}, {})

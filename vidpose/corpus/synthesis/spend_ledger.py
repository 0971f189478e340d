"""The ledger of money: every request is written down before it leaves, and paid once.

A row's money is in one of three places: *held* (in flight), *spent* (settled by the vendor's own count), or *lost*
(outcome unknown: a time-out, a crash). All three count against the limit, in one transaction with each new reserve.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from vidpose.corpus.synthesis.prices import usd
from vidpose.corpus.synthesis.providers.faults import fault
from vidpose.corpus.synthesis.providers.protocol import BatchIntent, Reply, Request, Usage
from vidpose.errors import OutputError, OutputInUseError
from vidpose.state.atomic import open_file

State = Literal["open", "sent", "done", "refused", "failed"]
FINAL: Final = ("done", "refused", "failed")
BatchState = Literal["intent", "submitted", "collected", "dropped"]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS request (
    key TEXT PRIMARY KEY, vendor TEXT NOT NULL, model TEXT NOT NULL, api TEXT NOT NULL, purpose TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open', calls INTEGER NOT NULL DEFAULT 0, batch TEXT NOT NULL DEFAULT '',
    held_nano INTEGER NOT NULL DEFAULT 0, spent_nano INTEGER NOT NULL DEFAULT 0, lost_nano INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0,
    cached_tokens INTEGER NOT NULL DEFAULT 0,
    response_id TEXT NOT NULL DEFAULT '', fault TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',
    reply TEXT NOT NULL DEFAULT '', changed_s REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS batch (
    key TEXT PRIMARY KEY, vendor TEXT NOT NULL, model TEXT NOT NULL, vendor_id TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL, made_s REAL NOT NULL, request_keys TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the ledger knows of one request."""

    state: State
    text: str
    fault: str
    batch: str
    held_nano: int


@dataclass(frozen=True, slots=True)
class Spend:
    """What was spent, over the whole life of the ledger.

    Attributes
    ----------
    spent_usd
        By the vendors' own token counts; cached input at the full price.
    unknown_usd
        Upper bound of what requests without an answer may have cost.
    n_requests, n_calls
        Requests with an answer; calls that left the machine.
    input_tokens, output_tokens, cached_tokens
        By the vendors' counts.
    """

    spent_usd: float = 0.0
    unknown_usd: float = 0.0
    n_requests: int = 0
    n_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


class SpendLedger:
    """The file; one process at a time, any number of threads.

    Parameters
    ----------
    path
        SQLite file; made with mode 0600.
    limit_nano
        Most that may ever be committed, nano-dollars.

    Raises
    ------
    OutputInUseError
        When another process has it.
    OutputError
        When the file is no ledger.
    """

    def __init__(self, path: Path, limit_nano: int) -> None:
        self._guard = _alone(path.with_suffix(".lock"))
        os.close(open_file(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        self._limit_nano = limit_nano
        self._lock = threading.Lock()
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30.0)
        try:
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=FULL")
            self._file.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            self.close()
            raise OutputError(
                f"{path.name}: expected a spend ledger, got {error}; move the file away to start a new one "
                "(what it recorded as paid is then asked for again)",
                file=path.name,
            ) from error

    def close(self) -> None:
        """Close the file and let others at it."""
        self._file.close()
        os.close(self._guard)

    def recover(self) -> int:
        """Count what was in flight when the last run was killed as lost; return how many requests that were."""
        with self._write() as file:
            return file.execute(
                "UPDATE request SET lost_nano = lost_nano + held_nano, held_nano = 0, state = 'open' "
                "WHERE state = 'sent' AND batch = ''"
            ).rowcount

    def add(self, requests: Iterable[Request]) -> None:
        """Write requests down; known ones stay as they are."""
        rows = [(one.key, one.vendor, one.model, one.api, one.purpose) for one in requests]
        with self._write() as file:
            file.executemany(
                "INSERT OR IGNORE INTO request (key, vendor, model, api, purpose) VALUES (?,?,?,?,?)", rows
            )

    def stored(self, key: str) -> Stored | None:
        """Return what is known of a request; None when it was never written down."""
        with self._lock:
            row = self._file.execute(
                "SELECT state, reply, fault, batch, held_nano FROM request WHERE key = ?", (key,)
            ).fetchone()
        return None if row is None else Stored(*row)

    def hold(self, key: str, reserve_nano: int) -> None:
        """Reserve money for one call and mark it as sent; it is on disk before the bytes leave.

        Raises
        ------
        Fault
            ``budget`` when the limit would be passed; nothing is changed then.
        """
        with self._write() as file:
            self._check_limit(file, reserve_nano)
            file.execute(
                "UPDATE request SET state = 'sent', batch = '', held_nano = ?, calls = calls + 1, changed_s = ? "
                "WHERE key = ?",
                (reserve_nano, time.time(), key),
            )

    def settle(self, key: str, cost_nano: int, reply: Reply, state: State) -> None:
        """Replace a reserve by what the call cost and keep its answer, in one step: no crash can part them.

        Parameters
        ----------
        key
            Of the request.
        cost_nano
            What the call cost, nano-dollars.
        reply
            The answer with the vendor's count.
        state
            ``open`` when it shall be asked again, else a final one.
        """
        used = reply.usage or Usage(0, 0)
        why = "" if state == "done" else reply.outcome
        with self._write() as file:
            file.execute(
                "UPDATE request SET held_nano = 0, spent_nano = spent_nano + ?, input_tokens = input_tokens + ?, "
                "output_tokens = output_tokens + ?, cached_tokens = cached_tokens + ?, state = ?, batch = '', "
                "reply = ?, response_id = ?, fault = ?, detail = ?, changed_s = ? WHERE key = ?",
                (
                    *(cost_nano, used.input_tokens, used.output_tokens, used.cached_tokens, state),
                    *(reply.text, reply.response_id, why, reply.detail[:300], time.time(), key),
                ),
            )

    def release(self, key: str, kind: str, *, lost: bool) -> None:
        """End a call that brought no reply: its reserve is freed, or counted as lost."""
        with self._write() as file:
            file.execute(
                "UPDATE request SET lost_nano = lost_nano + CASE WHEN ? THEN held_nano ELSE 0 END, held_nano = 0, "
                "state = 'open', batch = '', fault = ?, changed_s = ? WHERE key = ?",
                (lost, kind, time.time(), key),
            )

    def spend(self) -> Spend:
        """Return the sums over everything."""
        with self._lock:
            row = self._file.execute(
                "SELECT sum(spent_nano), sum(held_nano + lost_nano), sum(state IN ('done', 'refused', 'failed')), "
                "sum(calls), sum(input_tokens), sum(output_tokens), sum(cached_tokens) FROM request"
            ).fetchone()
        spent, unknown, *counts = (one or 0 for one in row)
        return Spend(usd(spent), usd(unknown), *counts)

    # --- batches ----------------------------------------------------------------------------------------------------

    def intend(self, intent: BatchIntent, like: Request, reserves_nano: Iterable[int]) -> None:
        """Write a batch down before it is handed in, and reserve the money for all its lines.

        Parameters
        ----------
        intent
            The batch.
        like
            One of its requests; vendor and model are read from it.
        reserves_nano
            Money for each line, nano-dollars, in order.

        Raises
        ------
        Fault
            ``budget`` when the limit would be passed; nothing is changed then.
        """
        reserves = list(reserves_nano)
        with self._write() as file:
            self._check_limit(file, sum(reserves))
            file.execute(
                "INSERT INTO batch (key, vendor, model, state, made_s, request_keys) VALUES (?,?,?,'intent',?,?)",
                (intent.key, like.vendor, like.model, intent.made_s, " ".join(intent.request_keys)),
            )
            file.executemany(
                "UPDATE request SET state = 'sent', batch = ?, held_nano = ?, calls = calls + 1 WHERE key = ?",
                [(intent.key, held, key) for held, key in zip(reserves, intent.request_keys, strict=True)],
            )

    def batch_ids(self) -> list[str]:
        """Return the vendor's ids of all batches that are known."""
        with self._lock:
            rows = self._file.execute("SELECT vendor_id FROM batch WHERE vendor_id != '' ORDER BY vendor_id").fetchall()
        return [str(one) for (one,) in rows]

    def batches(self, vendor: str, model: str, state: BatchState) -> list[tuple[BatchIntent, str]]:
        """Return the batches of one model in one state, with the vendor's ids, oldest first."""
        with self._lock:
            rows = self._file.execute(
                "SELECT key, request_keys, made_s, vendor_id FROM batch WHERE vendor = ? AND model = ? AND state = ? "
                "ORDER BY made_s, key",
                (vendor, model, state),
            ).fetchall()
        known = frozenset(self.batch_ids())
        return [(BatchIntent(key, tuple(keys.split()), made, known), found) for key, keys, made, found in rows]

    def mark_batch(self, key: str, state: BatchState, vendor_id: str = "") -> None:
        """Note what became of a batch; a dropped or collected one holds no money any more."""
        with self._write() as file:
            file.execute(
                "UPDATE batch SET state = ?, vendor_id = CASE WHEN ? = '' THEN vendor_id ELSE ? END WHERE key = ?",
                (state, vendor_id, vendor_id, key),
            )
            if state in ("dropped", "collected"):
                file.execute(
                    "UPDATE request SET state = 'open', held_nano = 0, batch = '', calls = calls - ? "
                    "WHERE batch = ? AND state = 'sent'",
                    (state == "dropped", key),
                )

    # --- inside -----------------------------------------------------------------------------------------------------

    def _check_limit(self, file: sqlite3.Connection, reserve_nano: int) -> None:
        (committed,) = file.execute(
            "SELECT coalesce(sum(spent_nano + held_nano + lost_nano), 0) FROM request"
        ).fetchone()
        if committed + reserve_nano > self._limit_nano:
            raise fault(
                "budget",
                f"{usd(committed):.6f} USD are spent or reserved, the next step may cost {usd(reserve_nano):.6f}, "
                f"the limit is {usd(self._limit_nano):.6f}",
            )

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield self._file
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")


def _alone(path: Path) -> int:
    """Lock a file beside the ledger; the system frees it when the process ends, however it ends."""
    descriptor = open_file(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise OutputInUseError(
            f"{path.parent.name}: another run is spending from this ledger; wait for it, or choose another folder",
            folder=str(path.parent),
        ) from None
    return descriptor

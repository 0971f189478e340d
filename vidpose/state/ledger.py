"""What earlier runs found out about files: hashes, probes, verdicts, speeds. An index: losing it only costs time."""

from __future__ import annotations

import json
import logging
import math
import os
import sqlite3
import threading
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from vidpose.errors import OutputError
from vidpose.state.atomic import refuse_links
from vidpose.types.findings import Finding
from vidpose.types.video import VideoIndex

_LOG = logging.getLogger(__name__)
_TABLES = """
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stat TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS probes
    (sha256 TEXT, version TEXT, facts TEXT NOT NULL, pts BLOB, PRIMARY KEY (sha256, version));
CREATE TABLE IF NOT EXISTS verdicts (key TEXT PRIMARY KEY, finding TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS speeds (kind TEXT PRIMARY KEY, seconds_per_megapixel REAL NOT NULL);
"""
_MAX_PTS_BYTES = 1 << 28
"""More than any video has that is probed."""
_NOT_OURS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, zlib.error)
_PLAIN_FIELDS: Final[dict[str, type | tuple[type, ...]]] = {
    "size_bytes": int,
    "container": str,
    "codec": str,
    "pixel_format": str,
    "width_px": int,
    "height_px": int,
    "rotation_deg": int,
    "timing": str,
    "assumed_period": int,
    "audio_codec": (str, type(None)),
    "mirrored": bool,
    "origin_pts": int,
    "stream": (int, type(None)),
    "field_ticks": int,
    "top_field_first": bool,
    "recorded_at": (str, type(None)),
    "timecode": (str, type(None)),
}
_NUMBERS: Final = ("declared_duration_s", "capture_rate_hz")
_STAMPS: Final = ("key_pts", "jump_pts")


class Ledger:
    """SQLite file with one writer; replaced by an empty one when it is damaged.

    If it can no longer be read or written (a full disk), its entries are unknown, now or in the next run; nothing else
    depends on it.

    Raises
    ------
    OutputError
        When the file cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            # SQLite follows links, also those called as its other files.
            refuse_links(path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")))
            self._db = _open_or_replace(path)
        except (OSError, sqlite3.OperationalError) as error:
            raise OutputError(f"{path}: cannot be opened ({error}); choose another folder with --models") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._db.close()

    def known_hash(self, path: Path) -> str | None:
        """Return the content hash of a file whose size, times and inode did not change since it was hashed."""
        row = self._one("SELECT stat, sha256 FROM files WHERE path = ?", _text(path))
        return row[1] if row and row[0] == stat_mark(path) and isinstance(row[1], str) else None

    def remember_hash(self, path: Path, mark: str, sha256: str) -> None:
        """Keep a content hash with the :func:`stat_mark` taken before the file was read."""
        self._write("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", _text(path), mark, sha256)

    def known_probe(self, sha256: str, version: str, path: Path) -> VideoIndex | Finding | None:
        """Return what probing these bytes gave: an index, the reason why there is none, or None when not known."""
        row = self._one("SELECT facts, pts FROM probes WHERE sha256 = ? AND version = ?", sha256, version)
        if row is None:
            return None
        try:
            facts = json.loads(row[0])
            return Finding.from_dict(facts["failure"]) if "failure" in facts else _index(facts, row[1], sha256, path)
        except _NOT_OURS as error:
            _LOG.warning("the ledger has an entry that cannot be read: %r", error)
            return None

    def remember_probe(self, sha256: str, version: str, result: VideoIndex | Finding) -> None:
        """Keep the outcome of probing these bytes with this version of the prober."""
        facts = {"failure": result.as_dict()} if isinstance(result, Finding) else _facts(result)
        pts = b"" if isinstance(result, Finding) else zlib.compress(np.asarray(result.pts).tobytes(), 1)
        self._write("INSERT OR REPLACE INTO probes VALUES (?, ?, ?, ?)", sha256, version, json.dumps(facts), pts)

    def verdict(self, key: str) -> Finding | None:
        """Return why an earlier run failed to do the work of this key, or None."""
        row = self._one("SELECT finding FROM verdicts WHERE key = ?", key)
        try:
            return Finding.from_dict(json.loads(row[0])) if row else None
        except _NOT_OURS as error:
            _LOG.warning("the ledger has an entry that cannot be read: %r", error)
            return None

    def remember_verdict(self, key: str, finding: Finding) -> None:
        """Remember why the work of this key failed."""
        self._write("INSERT OR REPLACE INTO verdicts VALUES (?, ?)", key, json.dumps(finding.as_dict()))

    def forget_verdict(self, key: str) -> None:
        """Allow the work of this key to be tried again."""
        self._write("DELETE FROM verdicts WHERE key = ?", key)

    def speed(self, kind: str) -> float | None:
        """Return the measured seconds per megapixel of one kind of work, or None."""
        row = self._one("SELECT seconds_per_megapixel FROM speeds WHERE kind = ?", kind)
        return row[0] if row and isinstance(row[0], float) and 0 < row[0] < math.inf else None

    def remember_speed(self, kind: str, seconds_per_megapixel: float) -> None:
        """Keep a measured speed."""
        self._write("INSERT OR REPLACE INTO speeds VALUES (?, ?)", kind, seconds_per_megapixel)

    def _one(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        try:
            with self._lock:
                row: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
        except sqlite3.DatabaseError as error:
            _LOG.warning("the ledger cannot be read: %s", error)
            return None
        return row

    def _write(self, query: str, *values: Any) -> None:
        try:
            with self._lock, self._db:
                self._db.execute(query, values)
        except sqlite3.DatabaseError as error:
            _LOG.warning("the ledger cannot be written: %s", error)


def stat_mark(path: Path) -> str:
    """Return size, modification time and inode as text: changes when the file does."""
    stat = path.stat()
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_dev}:{stat.st_ino}"


def _open_or_replace(path: Path) -> sqlite3.Connection:
    try:
        return _open(path)
    except sqlite3.OperationalError:  # locked, no space, no permission: the content is not at fault
        raise
    except sqlite3.DatabaseError:
        for stale in path.parent.glob(path.name + "*"):
            stale.unlink()
        return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False)
    steps: list[Callable[[], object]] = [
        lambda: database.execute("PRAGMA journal_mode=WAL"),
        lambda: database.execute("PRAGMA synchronous=NORMAL"),
        lambda: database.executescript(_TABLES),
        lambda: _require_intact(database),
    ]
    try:
        for step in steps:
            step()
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _require_intact(database: sqlite3.Connection) -> None:
    verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _text(path: Path) -> str:
    """Return the path as text that SQLite accepts, also for names that are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _facts(index: VideoIndex) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(index, name) for name in _PLAIN_FIELDS}
    facts["time_base"] = [index.time_base.numerator, index.time_base.denominator]
    for name in _NUMBERS:
        number = getattr(index, name)
        facts[name] = number if math.isfinite(number) else None
    facts["findings"] = [finding.as_dict() for finding in index.findings]
    for name in _STAMPS:
        facts[name] = getattr(index, name).tolist()
    return facts


def _index(facts: dict[str, Any], packed: bytes, sha256: str, path: Path) -> VideoIndex:
    unpacked = zlib.decompressobj().decompress(packed, _MAX_PTS_BYTES)
    pts = np.frombuffer(unpacked, dtype=np.int64)
    if np.any(np.diff(pts) <= 0):
        raise ValueError("expected time stamps that increase")
    kinds = _PLAIN_FIELDS | {"time_base": list, "findings": list} | dict.fromkeys(_STAMPS, list)
    kinds |= dict.fromkeys(_NUMBERS, (int, float, type(None)))
    if not all(isinstance(facts[name], kind) for name, kind in kinds.items()) or facts["time_base"][0] <= 0:
        raise TypeError("expected numbers, words and lists of a probed video")
    known: dict[str, Any] = {name: facts[name] for name in _PLAIN_FIELDS}
    known |= {name: float("nan") if facts[name] is None else float(facts[name]) for name in _NUMBERS}
    known |= {name: np.array(facts[name], dtype=np.int64) for name in _STAMPS}
    return VideoIndex(
        path=path,
        sha256=sha256,
        pts=pts,
        time_base=Fraction(*facts["time_base"]),
        findings=tuple(Finding.from_dict(finding) for finding in facts["findings"]),
        **known,
    )

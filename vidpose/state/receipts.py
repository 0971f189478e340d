"""A receipt is written last: what it names is complete, and by which key it was made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from vidpose.hashing import file_sha256
from vidpose.state.atomic import write_bytes
from vidpose.types.findings import Finding
from vidpose.types.grades import Grade

_MAX_BYTES: Final = 4 << 20
"""More than any receipt takes."""


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What every receipt records: the findings, the frames of the video, and what it can answer (analyses only)."""

    findings: tuple[Finding, ...]
    n_frames: int
    grades: tuple[Grade, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class AnalysisFacts(StageFacts):
    """The facts of an analysis: also the frames in which a person was found, and the number of people."""

    n_found: int
    n_people: int


@dataclass(frozen=True, slots=True)
class PictureFacts(StageFacts):
    """The facts of an annotated video: also what became of the sound."""

    audio: str


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """A file beside a receipt, as it was when the receipt was written."""

    sha256: str
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Results of one stage for one video.

    Attributes
    ----------
    key
        Key of the stage, see :mod:`vidpose.planning.keys`.
    files
        The files beside the receipt, by name.
    facts
        About the result.
    """

    key: str
    files: dict[str, ReceiptFile]
    facts: StageFacts


def write_receipt(path: Path, key: str, files: Sequence[Path], facts: StageFacts) -> None:
    """Hash ``files`` (beside ``path``) and write the receipt."""
    plain = {item.name: getattr(facts, item.name) for item in fields(facts)}
    plain |= {name: [entry.as_dict() for entry in plain[name]] for name in ("findings", "grades")}
    document = {
        "key": key,
        "files": {file.name: {"sha256": file_sha256(file), "bytes": file.stat().st_size} for file in files},
        "facts": plain,
    }
    write_bytes(path, json.dumps(document, indent=1, sort_keys=True, allow_nan=False).encode())


def read_receipt(path: Path) -> Receipt | None:
    """Return the receipt, or None when there is none that can be read; it may come from anybody."""
    try:
        with path.open("rb") as stream:
            document = json.loads(stream.read(_MAX_BYTES))
        files = {_plain_name(name): _entry(entry) for name, entry in document["files"].items()}
        facts = document["facts"]
        findings = tuple(Finding.from_dict(entry) for entry in facts["findings"])
        grades = tuple(Grade.from_dict(entry) for entry in facts.get("grades", ()))
        return Receipt(str(document["key"]), files, StageFacts(findings, int(facts["n_frames"]), grades=grades))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None


def _plain_name(name: str) -> str:
    """Return the name of a file beside the receipt: one with a folder in it could be that of any file."""
    if Path(name).name != name or name == "..":
        raise ValueError(f"{name}: expected a file name without folders")
    return name


def _entry(entry: dict[str, Any]) -> ReceiptFile:
    return ReceiptFile(str(entry["sha256"]), int(entry["bytes"]))


def why_not_current(path: Path, key: str, *, verify: bool = False) -> str | None:
    """Return why the work of a receipt has to be done again, or None when it is up to date.

    Parameters
    ----------
    path
        Where the receipt should be.
    key
        Key that the work has today.
    verify
        Hash the files again instead of comparing their sizes.
    """
    receipt = read_receipt(path)
    if receipt is None:
        return "not done yet"
    if receipt.key != key:
        return "video, settings or model changed"
    for name, entry in receipt.files.items():
        file = path.parent / name
        if not file.is_file():
            return f"{name} is missing"
        if file.stat().st_size != entry.n_bytes or (verify and file_sha256(file) != entry.sha256):
            return f"{name} was changed"
    return None

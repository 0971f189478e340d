"""A receipt is written last: what it names is complete, and by which key it was made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vidpose.hashing import file_sha256
from vidpose.state.atomic import write_bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one stage made for one video.

    Attributes
    ----------
    key
        Key of the stage, see :mod:`vidpose.planning.keys`.
    files
        File name -> ``{"sha256": …, "bytes": …}``, beside the receipt.
    facts
        Plain JSON values about the result: findings, counts.
    """

    key: str
    files: dict[str, dict[str, Any]]
    facts: dict[str, Any] = field(default_factory=dict)


def write_receipt(path: Path, key: str, files: Sequence[Path], facts: dict[str, Any]) -> Receipt:
    """Hash ``files`` (beside ``path``) and write the receipt."""
    listed = {file.name: {"sha256": file_sha256(file), "bytes": file.stat().st_size} for file in files}
    receipt = Receipt(key, listed, facts)
    document = {"key": key, "files": listed, "facts": facts}
    write_bytes(path, json.dumps(document, indent=1, sort_keys=True, allow_nan=False).encode())
    return receipt


def read_receipt(path: Path) -> Receipt | None:
    """Return the receipt, or None when there is none that can be read."""
    try:
        document = json.loads(path.read_bytes())
        files = {
            name: {"sha256": entry["sha256"], "bytes": entry["bytes"]} for name, entry in document["files"].items()
        }
        return Receipt(document["key"], files, document["facts"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def why_not_current(path: Path, key: str, *, verify: bool = False) -> str | None:
    """Return why the work of a receipt has to be done again, or None when it stands.

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
        if file.stat().st_size != entry["bytes"] or (verify and file_sha256(file) != entry["sha256"]):
            return f"{name} was changed"
    return None

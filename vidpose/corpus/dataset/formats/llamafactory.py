"""LLaMA-Factory: a ``dataset_info.json`` that points at our JSONL, and preference lines as it wants them.

It takes a pair only when chosen and rejected are single messages, not lists of one (its ``SharegptDatasetConverter``),
so preferences need lines of their own; axolotl reads the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from vidpose.corpus.dataset.formats.openai import plain_messages
from vidpose.corpus.example import Message

_TAGS: Final = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}


def preference_row(prompt: Sequence[Message], chosen: str, rejected: str) -> dict[str, Any]:
    """Return one preference line.

    Parameters
    ----------
    prompt
        All turns before the answer.
    chosen, rejected
        The right answer and the wrong one.
    """
    return {
        "messages": plain_messages(prompt),
        "chosen": {"role": "assistant", "content": chosen},
        "rejected": {"role": "assistant", "content": rejected},
    }


def dataset_info(chat_files: Iterable[str], pair_files: Iterable[str]) -> dict[str, Any]:
    """Return the content of ``dataset_info.json``.

    Parameters
    ----------
    chat_files, pair_files
        Names of the files beside it, such as ``sft.openai.train.jsonl``; a data set has the name of its file with
        underscores.
    """
    info: dict[str, Any] = {}
    for name in sorted(chat_files):
        info[_name(name)] = _entry(name)
    for name in sorted(pair_files):
        entry = _entry(name)
        entry["columns"] = {"messages": "messages", "chosen": "chosen", "rejected": "rejected"}
        info[_name(name)] = {**entry, "ranking": True}
    return info


def _name(file_name: str) -> str:
    return "vidpose_" + PurePosixPath(file_name).stem.replace(".", "_")


def _entry(file_name: str) -> dict[str, Any]:
    return {
        "file_name": file_name,
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": dict(_TAGS),
    }

"""The shapes that TRL reads: ``messages`` for tuning, ``prompt``/``chosen``/``rejected`` for preferences.

TRL takes a row for a conversation by any of the names prompt, chosen, rejected, completion, messages, so one table may
hold only one of these shapes, and no other column may have one of the reserved names (trl 1.16, ``data_utils``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from vidpose.corpus.dataset.formats.openai import answer_errors, plain_messages
from vidpose.corpus.example import Message

SHAPE_NAMES: Final = frozenset({"prompt", "chosen", "rejected", "completion", "messages"})
"""Columns that hold conversations."""
RESERVED: Final = SHAPE_NAMES | {
    "text", "conversations", "image", "images", "tools", "chat_template_kwargs", "input_ids", "labels",
    "assistant_masks", "completion_mask", "seq_lengths",
}  # fmt: skip
"""Names that no evidence column may have."""
PREFERENCE_SHAPE: Final = frozenset({"prompt", "chosen", "rejected"})


def preference_row(prompt: Sequence[Message], chosen: str, rejected: str) -> dict[str, Any]:
    """Return one row of the preference shape.

    Parameters
    ----------
    prompt
        All turns before the answer.
    chosen, rejected
        The right answer and the wrong one.
    """
    return {
        "prompt": plain_messages(prompt),
        "chosen": [{"role": "assistant", "content": chosen}],
        "rejected": [{"role": "assistant", "content": rejected}],
    }


def shape_error(columns: Iterable[str], shape: frozenset[str]) -> str:
    """Return what is wrong with the columns of a table for TRL; empty when nothing is.

    Parameters
    ----------
    columns
        All columns.
    shape
        The conversation columns that it should have.
    """
    names = set(columns)
    if not shape <= names:
        return f"columns are missing: {', '.join(sorted(shape - names))}"
    mixed = (names & RESERVED) - shape
    return f"columns with reserved names beside the conversation: {', '.join(sorted(mixed))}" if mixed else ""


def preference_errors(row: Mapping[str, Any]) -> list[str]:
    """Return the names of the rules that a preference row breaks; the answers may be lists or single messages."""
    prompt = row["prompt"] if "prompt" in row else row.get("messages")
    if not isinstance(prompt, (list, tuple)) or not prompt:
        return ["missing_messages_list"]
    answers = [[one] if isinstance(one, Mapping) else one for one in (row.get("chosen"), row.get("rejected"))]
    good = [turns for turns in answers if isinstance(turns, (list, tuple)) and turns]
    missing = ["example_missing_assistant_message"] if len(good) < len(answers) else []
    return list(dict.fromkeys([*missing, *answer_errors(prompt, good)]))

"""JSONL for tuning Claude models: Amazon Bedrock's shape, the system text beside the messages.

Anthropic has no tuning service of its own; Bedrock's is the one published format. It wants 32 to 10 000 lines, turns
that alternate with the user first and the assistant last, and texts that do not begin with its reserved words (Amazon
Bedrock user guide, "Prepare your training datasets": Anthropic Claude 3 Haiku).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vidpose.corpus.dataset.formats.openai import chat_errors, plain_messages, strict_errors
from vidpose.corpus.example import Example

BEDROCK_RULES: Final[dict[str, str]] = {
    "system_in_messages": "the system's text stands in `system`, not among the messages",
    "bad_system": "`system` is text and not empty, or absent",
    "unrecognized_top_level_key": "a line has no other keys than system and messages",
    "reserved_prefix": "no text begins with `Human:` or `Assistant:`",
}
"""What Bedrock asks for besides alternating turns."""
_RESERVED: Final = ("human:", "assistant:")


def bedrock_row(example: Example) -> dict[str, Any]:
    """Return one line of the Bedrock format."""
    row: dict[str, Any] = {}
    messages = example.messages
    if messages[0].role == "system":
        row["system"] = messages[0].content
        messages = messages[1:]
    return {**row, "messages": plain_messages(messages)}


def bedrock_errors(row: Any) -> list[str]:
    """Return the names of the rules that a line breaks, those of the shared message format included."""
    wrong = chat_errors(row)
    if wrong:
        return wrong
    messages, system = row["messages"], row.get("system")
    broken = {
        "system_in_messages": any(message["role"] == "system" for message in messages),
        "bad_system": "system" in row and (not isinstance(system, str) or not system),
        "unrecognized_top_level_key": bool(set(row) - {"system", "messages"}),
        "reserved_prefix": any(_is_reserved(message) for message in messages),
    }
    return [name for name in BEDROCK_RULES if broken[name]] + strict_errors(row, top_level=False)


def _is_reserved(message: Mapping[str, Any]) -> bool:
    return str(message["content"]).lstrip().lower().startswith(_RESERVED)

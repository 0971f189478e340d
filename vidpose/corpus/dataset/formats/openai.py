"""OpenAI's chat and preference JSONL, with the rules of OpenAI's own checker by its own names.

The seven names and what they mean are those of the published notebook "Data preparation and analysis for chat model
fine-tuning" (OpenAI Cookbook); the preference shape is that of the guide "Direct preference optimization". The rules
below :data:`OUR_RULES` are ours: what other readers of this format refuse, or what a name in a message would give away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from vidpose.corpus.example import Example, Message

OPENAI_RULES: Final[dict[str, str]] = {
    "data_type": "a line is a JSON object",
    "missing_messages_list": "it has a list `messages` that is not empty",
    "message_missing_key": "every message has `role` and `content`",
    "message_unrecognized_key": "a message has no other keys than role, content, name, function_call, weight",
    "unrecognized_role": "a role is system, user, assistant or function",
    "missing_content": "content is text and not empty",
    "example_missing_assistant_message": "at least one message is the assistant's",
}
"""Error names of OpenAI's published checker."""

OUR_RULES: Final[dict[str, str]] = {
    "unrecognized_top_level_key": "a line has no other keys than messages, tools, parallel_tool_calls",
    "last_message_not_assistant": "the conversation ends with the assistant",
    "misplaced_system": "there is one system message at most, and it comes first",
    "roles_not_alternating": "user and assistant take turns, the user first",
    "bad_weight": "weight stands at assistant messages only and is 0 or 1",
    "name_given": "messages carry no names",
}
"""What we ask for besides."""

_MESSAGE_KEYS: Final = frozenset({"role", "content", "name", "function_call", "weight"})
_ROLES: Final = frozenset({"system", "user", "assistant", "function"})
_TOP_KEYS: Final = frozenset({"messages", "tools", "parallel_tool_calls"})
_PAIR_KEYS: Final = ("input", "preferred_output", "non_preferred_output")


def chat_row(example: Example) -> dict[str, Any]:
    """Return one line of the chat format."""
    return {"messages": plain_messages(example.messages)}


def preference_row(prompt: Sequence[Message], chosen: str, rejected: str) -> dict[str, Any]:
    """Return one line of the preference format.

    Parameters
    ----------
    prompt
        All turns before the answer.
    chosen, rejected
        The right answer and the wrong one.
    """
    return {
        "input": {"messages": plain_messages(prompt), "tools": [], "parallel_tool_calls": True},
        "preferred_output": [{"role": "assistant", "content": chosen}],
        "non_preferred_output": [{"role": "assistant", "content": rejected}],
    }


def plain_messages(messages: Iterable[Message]) -> list[dict[str, str]]:
    """Return messages as JSON values."""
    return [{"role": message.role, "content": message.content} for message in messages]


def chat_errors(row: Any) -> list[str]:
    """Return the names of the rules of OpenAI's checker that a line breaks, each once, in its order."""
    if not isinstance(row, Mapping):
        return ["data_type"]
    messages = row.get("messages")
    if not isinstance(messages, (list, tuple)) or not messages:
        return ["missing_messages_list"]
    found = {name for message in messages for name in _message_errors(message)}
    if not any(isinstance(message, Mapping) and message.get("role") == "assistant" for message in messages):
        found.add("example_missing_assistant_message")
    return [name for name in OPENAI_RULES if name in found]


def _message_errors(message: Any) -> list[str]:
    if not isinstance(message, Mapping):
        return ["message_missing_key"]
    found = []
    if "role" not in message or "content" not in message:
        found.append("message_missing_key")
    if set(message) - _MESSAGE_KEYS:
        found.append("message_unrecognized_key")
    if message.get("role") not in _ROLES:
        found.append("unrecognized_role")
    content = message.get("content")
    if not isinstance(content, str) or not (content or message.get("function_call")):
        found.append("missing_content")
    return found


def strict_errors(row: Mapping[str, Any], top_level: bool = True) -> list[str]:
    """Return the names of our rules that a line breaks, for a line that OpenAI's checker accepts.

    Parameters
    ----------
    row
        The line.
    top_level
        Whether further keys beside the messages are an error; columns of a table are none.
    """
    messages = row["messages"]
    roles = [message["role"] for message in messages]
    turns = roles[1:] if roles[0] == "system" else roles
    broken = {
        "unrecognized_top_level_key": top_level and bool(set(row) - _TOP_KEYS),
        "last_message_not_assistant": roles[-1] != "assistant",
        "misplaced_system": "system" in turns,
        "roles_not_alternating": any(role != ("user", "assistant")[n % 2] for n, role in enumerate(turns)),
        "bad_weight": any(_bad_weight(message) for message in messages),
        "name_given": any(message.get("name") for message in messages),
    }
    return [name for name in OUR_RULES if broken[name]]


def _bad_weight(message: Mapping[str, Any]) -> bool:
    weight = message.get("weight")
    return weight is not None and (message["role"] != "assistant" or weight not in (0, 1))


def preference_errors(row: Any) -> list[str]:
    """Return what is wrong with a line of the preference format, by the names above; empty for a good one."""
    if not isinstance(row, Mapping) or not all(key in row for key in _PAIR_KEYS):
        return ["data_type"]
    asked, chosen, rejected = (row[key] for key in _PAIR_KEYS)
    if not isinstance(asked, Mapping) or not isinstance(asked.get("messages"), (list, tuple)) or not asked["messages"]:
        return ["missing_messages_list"]
    outputs = (chosen, rejected)
    if not all(isinstance(output, (list, tuple)) and len(output) == 1 for output in outputs):
        return ["example_missing_assistant_message"]
    return answer_errors(asked["messages"], outputs)


def answer_errors(prompt: Sequence[Any], answers: Iterable[Sequence[Any]]) -> list[str]:
    """Return the names of the rules that a prompt with each of its answers breaks, each once."""
    found: list[str] = []
    for answer in answers:
        whole = {"messages": [*prompt, *answer]}
        found += chat_errors(whole) or strict_errors(whole)
    return list(dict.fromkeys(found))

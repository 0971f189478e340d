"""How many tokens a conversation has: counted by a tokenizer where one is given, else estimated and called so."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

from vidpose.corpus.example import Message

CountTokens = Callable[[str], int]
"""Number of tokens of a text."""

BYTES_PER_TOKEN: Final = 3.5
"""Ours: English prose has about 4 bytes per token in today's vocabularies, tables of numbers nearer 3."""
TOKENS_PER_TURN: Final = 4
"""Ours: role and turn marks of a ChatML-like template."""
ESTIMATE_LABEL: Final = f"estimate: UTF-8 bytes / {BYTES_PER_TOKEN}, plus {TOKENS_PER_TURN} per turn"
"""What a count is called that no tokenizer made."""


def estimate_tokens(text: str) -> int:
    """Return the estimated number of tokens of a text; needs no vocabulary and no network."""
    return math.ceil(len(text.encode()) / BYTES_PER_TOKEN)


def count_conversation(messages: Iterable[Message], count: CountTokens = estimate_tokens) -> int:
    """Return the tokens of a conversation, turn marks included.

    Parameters
    ----------
    messages
        All turns.
    count
        The base model's tokenizer, as a function; without one an estimate.
    """
    return sum(count(message.content) + TOKENS_PER_TURN for message in messages)

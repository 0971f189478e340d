"""Text that remembers which of its characters state which fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_CLINGING: Final = ",.;:!?)"
"""A space before one of these is removed: it remains from an omitted optional word."""


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A stretch of text.

    Attributes
    ----------
    text
        The words.
    marks
        Where it states facts: characters ``[start, end)`` and the fact's id, in the order of the text.
    """

    text: str = ""
    marks: tuple[tuple[int, int, str], ...] = ()

    @classmethod
    def stating(cls, text: str, fact_id: str) -> AnnotatedText:
        """Return a text that as a whole states a fact."""
        return cls(text, ((0, len(text), fact_id),))

    def __add__(self, other: AnnotatedText) -> AnnotatedText:
        shift = len(self.text)
        moved = tuple((start + shift, end + shift, fact) for start, end, fact in other.marks)
        return AnnotatedText(self.text + other.text, self.marks + moved)

    def capitalised(self) -> AnnotatedText:
        """Return it with a capital first letter."""
        first = self.text[:1].upper()
        return AnnotatedText(first + self.text[1:], self.marks) if len(first) == 1 else self


def joined(parts: Iterable[AnnotatedText], between: str) -> AnnotatedText:
    """Return the parts with ``between`` between them."""
    whole = AnnotatedText()
    for number, part in enumerate(parts):
        whole = whole + AnnotatedText(between if number else "") + part
    return whole


def assembled(pieces: Sequence[AnnotatedText]) -> AnnotatedText:
    """Return the pieces of a sentence as one text, with single blanks and none before a comma or a full stop."""
    whole = AnnotatedText()
    for piece in pieces:
        text, marks = piece.text, piece.marks
        if not marks:
            text = _without_double_blanks(text)
        if not whole.text or whole.text.endswith((" ", "\n")):
            cut = len(text) - len(text.lstrip(" "))
            text, marks = text[cut:], tuple((start - cut, end - cut, fact) for start, end, fact in marks)
        if text[:1] and text[0] in _CLINGING:
            whole = AnnotatedText(whole.text.rstrip(" "), whole.marks)
        whole = whole + AnnotatedText(text, marks)
    return AnnotatedText(whole.text.rstrip(" "), whole.marks)


def _without_double_blanks(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text

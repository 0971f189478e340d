"""Phrases as text files, so that an editor needs no Python: ``phrases/<language>/<part>.txt``.

A rule's name stands in square brackets, its phrases follow, one a line, in the notation of
:mod:`vidpose.corpus.text.grammar`. An indented line continues the one above it; a line with ``#`` is a comment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vidpose.corpus.settings.dataset import Language
from vidpose.corpus.text.grammar import Rules

_FOLDER: Final = Path(__file__).with_name("phrases")
_PREFIXES: Final = {"reasons": "why_", "remedies": "remedy_"}
"""Part -> what stands before a reason's code in the name of its rule."""


def language_rules(language: Language) -> Rules:
    """Return all rules of a language; reasons are ``why_<code>``, what would help is ``remedy_<code>``."""
    return {
        _PREFIXES.get(file.stem, "") + name: phrases
        for file in sorted((_FOLDER / language).glob("*.txt"))
        for name, phrases in read_phrases(language, file.stem).items()
    }


def read_phrases(language: Language, part: str) -> Rules:
    """Return the rules of one file.

    Parameters
    ----------
    language
        Folder of the file.
    part
        Its name: ``answers``, ``explain``, ``pairs``, ``prompts``, ``reasons`` or ``remedies``.
    """
    return parse_phrases((_FOLDER / language / f"{part}.txt").read_text(encoding="utf-8"))


def parse_phrases(text: str) -> Rules:
    """Return the rules of such a text: name -> phrases."""
    rules: dict[str, list[str]] = {}
    phrases: list[str] = []
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            phrases = rules.setdefault(line[1:-1], [])
        elif line.startswith(" "):
            phrases[-1] += ("" if phrases[-1].endswith(("|", "(")) else " ") + line.strip()
        elif line and not line.startswith("#"):
            phrases.append(line)
    return {name: tuple(known) for name, known in rules.items()}

"""The languages that texts can be written in."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.text.de import SPEECH as GERMAN
from vidpose.corpus.text.en import SPEECH as ENGLISH
from vidpose.corpus.text.voice import Speech
from vidpose.types.corpus import Language

SPEECHES: Final[dict[Language, Speech]] = {"en": ENGLISH, "de": GERMAN}
"""By code."""

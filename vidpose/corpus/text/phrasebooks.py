"""The languages that texts can be written in."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.settings.dataset import Language
from vidpose.corpus.text.de import PHRASEBOOK as GERMAN
from vidpose.corpus.text.en import PHRASEBOOK as ENGLISH
from vidpose.corpus.text.realiser import Phrasebook

PHRASEBOOKS: Final[dict[Language, Phrasebook]] = {"en": ENGLISH, "de": GERMAN}
"""By code."""

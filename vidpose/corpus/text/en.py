"""English: noun phrases, places, comparatives."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.grounding.english import ENGLISH as WORDS
from vidpose.corpus.grounding.words import split_words
from vidpose.corpus.text.grammar import Grammar
from vidpose.corpus.text.phrase_files import language_rules, read_phrases
from vidpose.corpus.text.realiser import Phrasebook
from vidpose.corpus.text.seeded_choice import SeededChoice
from vidpose.types.metrics import MetricSide

_AFTER: Final = ("{name} on the {side}", "{name} on the {side} side", "{name} ({side})")
_LABELS: Final = ("{name}, {side}", "{name} ({side})", "{name} {side}", "{side} {name}", "{name} on the {side}")
_NOT_AFTER_SIDE: Final = frozenset(
    (
        *("largest", "smallest", "peak", "maximum", "minimum", "greatest", "lowest", "mean", "average", "top"),
        *("number", "SPARC", "LDLJ", "CMC", "spread", "spectral", "jerk-based", "cycle-to-cycle"),
    )
)


def nouns(metric: str, side: MetricSide, choice: SeededChoice) -> dict[str, str]:
    """Return a metric's noun phrase: with its article, and as a label without."""
    name = WORDS.names[metric][0] if metric in _SHARED else choice.pick(_own(metric))
    label = name
    if side != "none":
        before = " of " not in name and name.split(" ", 1)[0] not in _NOT_AFTER_SIDE and choice.chance(0.5)
        label = choice.pick(_LABELS).format(name=name, side=side)
        name = (
            f"{choice.pick((side, side, side + '-side'))} {name}"
            if before
            else choice.pick(_AFTER).format(name=name, side=side)
        )
    return {"": f"the {name}", "_label": label}


def _own(metric: str) -> tuple[str, ...]:
    """Return the names to write: those that stand for this metric only, without a comma, which divides clauses."""
    names = (name for name in WORDS.names[metric] if _COUNTS[name.lower()] == 1 and "," not in name)
    return tuple(names) or WORDS.names[metric][:1]


def _counted() -> dict[str, int]:
    counts: dict[str, int] = {}
    for names in WORDS.names.values():
        for name in {name.lower() for name in names}:
            counts[name] = counts.get(name, 0) + 1
    return counts


_COUNTS: Final = _counted()
_SHARED: Final = frozenset(
    metric for metric, names in WORDS.names.items() if metric.endswith("_count") or "event_" in metric
)
"""Counts keep their full name: ``jumps: 3`` and ``3 jumps`` read differently."""

PLACES: Final[dict[str, tuple[str, ...]]] = {
    "left": ("on the left", "on the left side", "on the left"),
    "right": ("on the right", "on the right side", "on the right"),
}
RECORDINGS: Final = (
    *((f"the first {noun}", f"the second {noun}") for noun in ("video", "recording", "clip", "session", "take")),
    *((f"{noun} A", f"{noun} B") for noun in ("video", "recording", "clip", "session", "take")),
)

COMPARATIVES: Final[dict[str, tuple[str, ...]]] = {
    "signed larger": ("higher",),
    "signed smaller": ("lower",),
    "s larger": ("longer", "longer", "larger"),
    "s smaller": ("shorter", "shorter", "smaller"),
    "° larger": ("larger", "greater"),
    "° smaller": ("smaller",),
    "m larger": ("larger", "greater"),
    "m smaller": ("smaller",),
    "body heights larger": ("larger", "greater"),
    "body heights smaller": ("smaller",),
    "% larger": ("higher", "larger", "greater"),
    "% smaller": ("lower", "smaller"),
}
QUESTION_WORDS: Final = frozenset(
    split_words(
        "what | what's | which | who | when | where | why | how | is | are | was | does | do | did | can | "
        "could | would | will | may | should | left | right | anything | something | by | at | on | over | "
        "from | during | in | any | roughly | approximately | definition "
    )
)

PHRASEBOOK: Final = Phrasebook(
    vocabulary=WORDS,
    grammar=Grammar(language_rules("en")),
    nouns=nouns,
    question_words=QUESTION_WORDS,
    places=PLACES,
    recordings=tuple((one, two, f"in {one}", f"in {two}") for one, two in RECORDINGS),
    reasons=read_phrases("en", "reasons"),
    comparatives=COMPARATIVES,
    json_keys=(
        ("metric", "side", "value", "unit", "reason"),
        ("name", "side", "value", "unit", "why"),
        ("quantity", "body_side", "measured", "unit", "missing_because"),
        ("label", "side", "result", "unit", "not_measured"),
    ),
)

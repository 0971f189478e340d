"""German: noun phrases in their cases, places, comparatives."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.grounding.german import GERMAN as WORDS
from vidpose.corpus.grounding.german_names import WRITTEN
from vidpose.corpus.grounding.words import split_words
from vidpose.corpus.text.grammar import Grammar
from vidpose.corpus.text.phrase_files import language_rules, read_phrases
from vidpose.corpus.text.realiser import Phrasebook
from vidpose.corpus.text.seeded_choice import SeededChoice
from vidpose.types.metrics import MetricSide

_SIDES: Final = {"left": ("links", "linke"), "right": ("rechts", "rechte")}
_AFTER: Final = ("{name} {side}", "{name} {side}", "{name} ({side})", "{name} auf der {adjective}n Seite")
_LABELS: Final = ("{name} {side}", "{name}, {side}", "{name} ({side})")


def nouns(metric: str, side: MetricSide, choice: SeededChoice) -> dict[str, str]:
    """Return a metric's noun phrase with its article in nominative, accusative and dative, and as a label without.

    ``_bei`` and ``_zu`` are the dative behind these words, ``beim Hub`` and ``zur Kadenz``.
    """
    article, name = choice.pick(WRITTEN[metric])
    label, frame = _without_article(name, article), "{name}"
    if side != "none":
        word, adjective = _SIDES[side]
        label = choice.pick(_LABELS).format(name=label, side=word)
        if name[:1].isupper() and " de" not in name and choice.chance(0.4):
            name = f"{adjective} {name}"
        else:
            frame = choice.pick(_AFTER).replace("{side}", word).replace("{adjective}", adjective)
    nominative, weak = frame.format(name=name), frame.format(name=_with_weak_adjectives(name))
    masculine = article == "der"
    return {
        "": f"{article} {nominative}",
        "_acc": f"den {weak}" if masculine else f"{article} {nominative}",
        "_dat": f"{'dem' if masculine else 'der'} {weak}",
        "_bei": f"{'beim' if masculine else 'bei der'} {weak}",
        "_zu": f"{'zum' if masculine else 'zur'} {weak}",
        "_label": label,
    }


def _with_weak_adjectives(name: str) -> str:
    """Return a name with its leading adjectives as behind ``den`` and ``dem``: ``normierten Symmetrieindex``."""
    name = _with_adjectives(name, "n")
    return name.replace("koeffizient ", "koeffizienten ")  # a noun with weak endings of its own


def _without_article(name: str, article: str) -> str:
    """Return a name to stand without article; masculine adjectives then take its ending."""
    return _with_adjectives(name, "r") if article == "der" else name


def _with_adjectives(name: str, ending: str) -> str:
    words = name.split(" ")
    n_adjectives = next(place for place, word in enumerate(words) if word[:1].isupper())
    return " ".join([*(word + ending for word in words[:n_adjectives]), *words[n_adjectives:]])


PLACES: Final[dict[str, tuple[str, ...]]] = {
    "left": ("links", "auf der linken Seite", "links"),
    "right": ("rechts", "auf der rechten Seite", "rechts"),
}
RECORDINGS: Final = (
    ("das erste Video", "das zweite Video", "im ersten Video", "im zweiten Video"),
    ("der erste Clip", "der zweite Clip", "im ersten Clip", "im zweiten Clip"),
    ("die erste Aufnahme", "die zweite Aufnahme", "in der ersten Aufnahme", "in der zweiten Aufnahme"),
    ("die erste Einheit", "die zweite Einheit", "in der ersten Einheit", "in der zweiten Einheit"),
    ("der erste Durchgang", "der zweite Durchgang", "im ersten Durchgang", "im zweiten Durchgang"),
    *((f"{noun} A", f"{noun} B", f"in {noun} A", f"in {noun} B") for noun in ("Video", "Clip", "Durchgang")),
)
COMPARATIVES: Final[dict[str, tuple[str, ...]]] = {
    "signed larger": ("höher",),
    "signed smaller": ("niedriger",),
    "s larger": ("länger", "länger", "größer"),
    "s smaller": ("kürzer", "kürzer", "kleiner"),
    "° larger": ("größer",),
    "° smaller": ("kleiner",),
    "m larger": ("größer",),
    "m smaller": ("kleiner", "geringer"),
    "body heights larger": ("größer",),
    "body heights smaller": ("kleiner", "geringer"),
    "% larger": ("höher", "größer"),
    "% smaller": ("niedriger", "geringer", "kleiner"),
}
QUESTION_WORDS: Final = frozenset(
    split_words(
        "wie | was | welcher | welche | welches | welchen | wer | wo | worin | wann | warum | weshalb | wieso "
        "| gibt | siehst | erkennst | kannst | könntest | würdest | kann | darf | soll | muss | sollte | ist "
        "| wäre | passt | wirkt | hat | zeigt | fällt | sticht | links | rechts | um | auf | an | zu | in | "
        "und | nun | hast "
    )
)

PHRASEBOOK: Final = Phrasebook(
    vocabulary=WORDS,
    grammar=Grammar(language_rules("de")),
    nouns=nouns,
    question_words=QUESTION_WORDS,
    places=PLACES,
    recordings=RECORDINGS,
    reasons=read_phrases("de", "reasons"),
    comparatives=COMPARATIVES,
    datives={"Prozentpunkte": "Prozentpunkten", "Meter": "Metern", "Punkte": "Punkten"},
    json_keys=(
        ("kennzahl", "seite", "wert", "einheit", "grund"),
        ("name", "seite", "wert", "einheit", "warum_nicht"),
        ("groesse", "koerperseite", "gemessen", "einheit", "fehlt_weil"),
        ("metric", "side", "value", "unit", "reason"),
    ),
)

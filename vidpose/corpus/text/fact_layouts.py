"""The ways in which a prompt shows facts: lines, a markdown table, JSON, or a sentence.

They vary so that a model learns to read numbers and not one layout.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vidpose.corpus.example import Fact
from vidpose.corpus.grounding.words import Vocabulary
from vidpose.corpus.settings.dataset import Language
from vidpose.corpus.text.realiser import Realiser

_HEADS: Final[dict[Language, dict[str, tuple[str, ...]]]] = {
    "en": {
        "metric": ("metric", "quantity", "name"),
        "side": ("side",),
        "value": ("value", "measured"),
        "unit": ("unit",),
        "uncertainty": ("uncertainty", "±"),
        "when": ("at_s", "time_s"),
        "missing": ("not measured", "no value", "withheld"),
        "none": ("-", "", "none"),
    },
    "de": {
        "metric": ("Kennzahl", "Größe", "Name"),
        "side": ("Seite",),
        "value": ("Wert", "gemessen"),
        "unit": ("Einheit",),
        "uncertainty": ("Unsicherheit", "±"),
        "when": ("bei_s", "zeit_s"),
        "missing": ("nicht gemessen", "kein Wert", "zurückgehalten"),
        "none": ("-", "", "keine"),
    },
}


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One fact as a prompt shows it: words and digits; ``value`` is empty where there is none."""

    name: str
    side: str
    value: str
    unit: str
    uncertainty: str
    why: str
    at: str
    at_s: float | None

    @property
    def label(self) -> str:
        """Name and side."""
        return f"{self.name}, {self.side}" if self.side else self.name

    @property
    def reading(self) -> str:
        """Value, unit and uncertainty in one; empty where there is no value."""
        if not self.value:
            return ""
        tight = "" if self.unit[:1] in ("°", "%", "/") else " "
        amount = f"{self.value}{tight}{self.unit}".rstrip()
        if self.uncertainty:
            amount = f"{amount} ± {self.uncertainty}{tight}{self.unit}".rstrip()
        return f"{amount} {self.at}" if self.at else amount


def show_facts(facts: Sequence[Fact], realiser: Realiser, with_times: bool = False) -> str:
    """Return facts in one of the layouts.

    Parameters
    ----------
    facts
        What is shown, in this order, with all their digits; those without a value with the reason.
    realiser
        Language and seeded choices.
    with_times
        Whether facts of one moment come with it.
    """
    with_uncertainty = realiser.choice.chance(0.6)
    shown = [_shown(fact, realiser, with_uncertainty, with_times) for fact in facts]
    layouts: tuple[Callable[[list[ShownFact], Realiser], str], ...] = (_lines, _table, _json, _sentence)
    return realiser.choice.pick(layouts)(shown, realiser)


def _shown(fact: Fact, realiser: Realiser, with_uncertainty: bool, with_times: bool) -> ShownFact:
    words = realiser.phrasebook.vocabulary
    stands = not fact.reason
    timed = stands and with_times and fact.start_s == fact.end_s
    unsure = stands and with_uncertainty and math.isfinite(fact.uncertainty)
    return ShownFact(
        name=realiser.label(fact),
        side=words.sides[fact.side][0] if fact.side in ("left", "right") else "",
        value=realiser.number(fact.value, fact.decimals) if stands else "",
        unit=words.units[fact.unit][0] if fact.unit else "",
        uncertainty=realiser.number(fact.uncertainty, fact.decimals + 1) if unsure else "",
        why="" if stands else realiser.phrasebook.reasons[fact.reason][0],
        at=realiser.say("moment", t=realiser.moment(fact.start_s, fact)).text if timed else "",
        at_s=round(fact.start_s, 2) if timed else None,
    )


def _head(key: str, realiser: Realiser) -> str:
    return realiser.choice.pick(_HEADS[realiser.phrasebook.vocabulary.language][key])


def _lines(shown: list[ShownFact], realiser: Realiser) -> str:
    bullet, colon = realiser.choice.pick(("- ", "", "* ", "")), realiser.choice.pick((": ", " = ", ": "))
    missing = _head("missing", realiser)
    return "\n".join(f"{bullet}{one.label}{colon}{one.reading or f'{missing} ({one.why})'}" for one in shown)


def _table(shown: list[ShownFact], realiser: Realiser) -> str:
    missing = _head("missing", realiser)
    if realiser.choice.chance(0.5):
        head = [_head(key, realiser) for key in ("metric", "side", "value")]
        none = _head("none", realiser)
        rows = [[one.name, one.side or none, one.reading or f"{missing}: {one.why}"] for one in shown]
    else:
        head = [_head(key, realiser) for key in ("metric", "value")]
        rows = [[one.label, one.reading or f"{missing}: {one.why}"] for one in shown]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _json(shown: list[ShownFact], realiser: Realiser) -> str:
    keys = {key: _head(key, realiser) for key in ("metric", "side", "value", "unit", "missing", "when")}
    rows = [_json_row(one, keys, realiser.phrasebook.vocabulary) for one in shown]
    indent = realiser.choice.pick((None, 1, 2))
    return json.dumps(rows, ensure_ascii=False, indent=indent)


def _json_row(one: ShownFact, keys: dict[str, str], vocabulary: Vocabulary) -> dict[str, Any]:
    row: dict[str, Any] = {keys["metric"]: one.name}
    if one.side:
        row[keys["side"]] = one.side
    row[keys["value"]] = _json_number(one.value, vocabulary.decimal_mark)
    if one.unit:
        row[keys["unit"]] = without_digits(one.unit, vocabulary)
    if one.at_s is not None:
        row[keys["when"]] = one.at_s
    if one.why:
        row[keys["missing"]] = one.why
    return row


def without_digits(unit: str, vocabulary: Vocabulary) -> str:
    """Return a unit's first word without digits: a number beside a number is read as another value."""
    words = next((words for words in vocabulary.units.values() if unit in words), (unit,))
    return next((word for word in (unit, *words) if not any(letter.isdigit() for letter in word)), unit)


def _json_number(digits: str, mark: str) -> int | float | None:
    """Return the number that JSON writes with no more digits than were shown."""
    if not digits:
        return None
    return float(digits.replace(mark, ".")) if mark in digits else int(digits)


def _sentence(shown: list[ShownFact], realiser: Realiser) -> str:
    missing = _head("missing", realiser)
    return "; ".join(f"{one.label} {one.reading or f'{missing} ({one.why})'}" for one in shown) + "."

"""Numbers of a text with what they belong to: unit, metric, side, recording, and what they are used as."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vidpose.corpus.grounding.lexicon import Lexicon
from vidpose.corpus.grounding.text_parts import MASK, FoundWords, Passage, ReadText
from vidpose.corpus.grounding.verdict import Mention, Role

_CLOCK: Final = re.compile(r"(?<![\w:])(?P<minutes>\d{1,2}):(?P<seconds>\d{2})(?![\w:])")
_LIST_NUMBER: Final = re.compile(r"^\s*\d{1,2}[.)](?=\s)", re.MULTILINE)
_DEFINITE: Final = re.compile(r"\b(?:the|these|those|die|der|den|diese|diesen|beiden)\s+$", re.IGNORECASE)
"""``the two`` names what was spoken of; it counts nothing."""
_STRING: Final = re.compile(r'"[^"]*"')
_NEAR: Final = 24
"""Characters in which a word beside a number belongs to it. Ours: two or three words."""


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier turns named last: metrics and side of the question, for answers such as ``It is 0.25 s``."""

    metrics: frozenset[str] = frozenset()
    side: str = ""


def mentions_of(read: ReadText, message: int, words: Lexicon, context: Context) -> list[Mention]:
    """Return the numbers of a text in order, each tied to the metric, side and recording around it.

    Parameters
    ----------
    read
        The text, taken apart.
    message
        Its number in the conversation.
    words
        Its language.
    context
        What the question before it asked for.
    """
    found: list[Mention] = []
    listed = [(match.start(), match.end()) for match in _LIST_NUMBER.finditer(read.bare)]
    for passage in read.passages:
        for raw in _numbers(read.bare, passage, message, words):
            if not any(start <= raw.start < end for start, end in listed):
                found.append(_tied(raw, read, passage, words, context))
    return found


def context_of(read: ReadText, before: Context) -> Context:
    """Return what a user's turn asks about: the only metric of its last question or line of prose, and its side.

    Parameters
    ----------
    read
        The turn.
    before
        Context so far; kept where the turn names nothing.
    """
    prose = [one for one in read.passages if not one.is_row]
    asked = [one for one in prose if one.is_question] or prose[-1:]
    for passage in reversed(asked):
        names = _inside(read.names, passage.start, passage.end)
        if len({name.metrics for name in names}) == 1:
            sides = {side.meaning for side in _inside(read.sides, passage.start, passage.end)}
            return Context(names[0].metrics, sides.pop() if len(sides) == 1 else "")
    return before if not any(_inside(read.names, one.start, one.end) for one in asked) else Context()


def _numbers(bare: str, passage: Passage, message: int, words: Lexicon) -> list[Mention]:
    """Return numbers with their units, unit-less limits of a range with the unit of the other limit."""
    cell = words.unit_cell.search(bare, passage.start, passage.end) if passage.is_row else None
    if cell:  # a unit of its own may hold digits ("points of 100")
        bare = bare[: cell.start()] + " " * len(cell.group()) + bare[cell.end() :]
    raw = [_clock(match, message) for match in _CLOCK.finditer(bare, passage.start, passage.end)]
    taken = [(one.start, one.end) for one in raw]
    for match in _digits(bare, passage, words):
        if not any(start <= match.start() < end for start, end in taken):
            mention = _in_cell(_in_digits(match, message, bare, words), bare, passage, cell, words)
            taken.append((mention.start, mention.end))
            raw.append(mention)
    for match in words.words["number_words"].finditer(bare, passage.start, passage.end):
        value = words.number_words[match.group().lower()]
        unit, end = _unit_behind(bare, match.end(), words)
        if _counts(value, bare, match, unit, words):
            raw.append(Mention(message, match.start(), end, float(value), 0, False, unit))
    return _with_shared_units(sorted(raw, key=lambda one: one.start), bare, words)


def _in_cell(mention: Mention, bare: str, passage: Passage, cell: re.Match[str] | None, words: Lexicon) -> Mention:
    """Return a number of a row with what its neighbours say: keys and cells hold units."""
    if bare[passage.start] == "{" and bare[: mention.start].endswith('_s": '):
        return dataclasses.replace(mention, unit="s", moment=True)
    if cell and not mention.unit:
        return dataclasses.replace(mention, unit=words.unit_keys[cell["unit"].lower()])
    return mention


def _digits(bare: str, passage: Passage, words: Lexicon) -> Iterator[re.Match[str]]:
    """Yield numbers in digits; those of JSON have a point, those in its strings the marks of the language."""
    if bare[passage.start] != "{":
        yield from words.number.finditer(bare, passage.start, passage.end)
        return
    strings = [(match.start(), match.end()) for match in _STRING.finditer(bare, passage.start, passage.end)]
    for pattern, in_string in ((words.plain_number, False), (words.number, True)):
        for match in pattern.finditer(bare, passage.start, passage.end):
            if any(start <= match.start() < end for start, end in strings) == in_string:
                yield match


def _clock(match: re.Match[str], message: int) -> Mention:
    value = 60.0 * int(match["minutes"]) + int(match["seconds"])
    return Mention(message, match.start(), match.end(), value, 0, False, "s", moment=True)


def _in_digits(match: re.Match[str], message: int, bare: str, words: Lexicon) -> Mention:
    whole, part, sign = re.sub(r"\D", "", match["whole"]), match["part"] or "", match["sign"] or ""
    value = float(f"{whole}.{part or 0}") * (-1.0 if sign in ("-", "\u2212") else 1.0)
    unit, end = _unit_behind(bare, match.end(), words)
    return Mention(message, match.start(), end, value, len(part), bool(sign), unit)


def _unit_behind(bare: str, position: int, words: Lexicon) -> tuple[str, int]:
    match = words.unit.match(bare, position)
    return (words.unit_keys[match["unit"].lower()], match.end()) if match else ("", position)


def _counts(value: int, bare: str, match: re.Match[str], unit: str, words: Lexicon) -> bool:
    """Return whether a number in words counts something: ``three jumps``, not ``the two`` or ``one of them``."""
    behind = bare[match.end() :].lstrip()
    if unit or behind.startswith(MASK):
        return True
    noun = re.match(r"\w+", behind)
    if value == 1 or noun is None or _DEFINITE.search(bare, 0, match.start()):
        return False
    kinds = (words.words[kind] for kind in ("uncounted", "recordings", "persons"))
    return noun.group() not in ("of", "von", "der") and not any(kind.match(behind) for kind in kinds)


def _with_shared_units(raw: list[Mention], bare: str, words: Lexicon) -> list[Mention]:
    """Give the first limit of a range the unit of the second: ``160 to 180 per minute``."""
    for k in range(len(raw) - 2, -1, -1):
        between = bare[raw[k].end : raw[k + 1].start].strip()
        if not raw[k].unit and words.words["range_words"].fullmatch(between):
            raw[k] = dataclasses.replace(raw[k], unit=raw[k + 1].unit)
    return raw


def _tied(raw: Mention, read: ReadText, passage: Passage, words: Lexicon, context: Context) -> Mention:
    clause = (passage.start, passage.end) if passage.is_row else passage.clause(raw.start)
    name = _counted_name(raw, read) or _nearest(read.names, raw, clause, passage)
    side, stated = _side_of(raw, read, clause, passage)
    recording = _nearest(read.recordings, raw, clause, passage)
    metrics = name.metrics if name else _metrics_before(read, passage, context)
    if not side and name is None:
        side = context.side
    role, loose = _role(raw, read, clause, passage, words)
    return dataclasses.replace(
        raw,
        role=role,
        loose=loose,
        moment=raw.moment or _stands_before(words.words["time_words"], raw, read.bare),
        metrics=metrics,
        side=side,
        side_stated=stated,
        recording=recording.meaning if recording else "",
    )


def _metrics_before(read: ReadText, passage: Passage, context: Context) -> frozenset[str]:
    """Return the metrics of the last name in the sentence before, else those asked for."""
    before = [one for one in read.passages if one.end <= passage.start and not one.is_row]
    names = _inside(read.names, before[-1].start, before[-1].end) if before else []
    return names[-1].metrics if names else context.metrics


def _counted_name(raw: Mention, read: ReadText) -> FoundWords | None:
    """Return the name right behind a whole number: ``3 jumps``."""
    if raw.unit or raw.decimals:
        return None
    behind = re.compile(r"[ \u00a0]+").match(read.bare, raw.end)
    return next((name for name in read.names if behind and name.start == behind.end()), None)


def _nearest(found: Sequence[FoundWords], raw: Mention, clause: tuple[int, int], passage: Passage) -> FoundWords | None:
    """Return what a number belongs to: before it in its clause, then behind it, then the same in the sentence."""
    for start, end in (clause, (passage.start, passage.end)):
        inside = _inside(found, start, end)
        before = [one for one in inside if one.end <= raw.start]
        if before or inside:
            return before[-1] if before else inside[0]
    return None


def _side_of(raw: Mention, read: ReadText, clause: tuple[int, int], passage: Passage) -> tuple[str, bool]:
    """Return the side of a number and whether it stands in the number's own clause."""
    inside = _inside(read.sides, *clause)
    before = [one for one in inside if one.end <= raw.start]
    if before or inside:
        return (before[-1] if before else inside[0]).meaning, True
    earlier = _inside(read.sides, passage.start, raw.start)
    return (earlier[-1].meaning, False) if earlier and not passage.is_row else ("", False)


def _role(raw: Mention, read: ReadText, clause: tuple[int, int], passage: Passage, words: Lexicon) -> tuple[Role, bool]:
    bare = read.bare
    if passage.is_row:
        return "row", True
    if _stands_before(words.words["uncertainty_words"], raw, bare):
        return "uncertainty", False
    if not raw.unit and raw.decimals == 0 and words.words["sample_words"].match(bare[raw.end :].lstrip()):
        return "sample", False
    if _stands_before(words.words["by_words"], raw, bare) or _direction_behind(raw, bare, words):
        return "difference", False
    if _of_reference(raw, bare, clause, words):
        return "reference", False
    loose = any(pattern.search(bare, passage.start, passage.end) for pattern in _comparing(words))
    return "value", loose


def _comparing(words: Lexicon) -> list[re.Pattern[str]]:
    return [words.words["difference_words"], *words.directions.values()]


def _stands_before(pattern: re.Pattern[str], raw: Mention, bare: str) -> bool:
    """Return whether one of some words stands right before a number."""
    before = bare[max(0, raw.start - _NEAR) : raw.start].rstrip()
    return any(match.end() == len(before) for match in pattern.finditer(before))


def _direction_behind(raw: Mention, bare: str, words: Lexicon) -> bool:
    behind = bare[raw.end :].lstrip()
    return any(pattern.match(behind) for pattern in words.directions.values())


def _of_reference(raw: Mention, bare: str, clause: tuple[int, int], words: Lexicon) -> bool:
    """Return whether a number is the limit of a range: behind a word for it, or one of two limits in its clause.

    ``and`` divides clauses but not limits, so words up to one range word before the number count too.
    """
    start = clause[0]
    before = bare[max(0, start - _NEAR) : start]
    limits = re.search(r"\d[^\d,;.]*$", before)
    reach = start - len(before) * 2 if limits and words.words["range_words"].match(bare[start:].lstrip()) else start
    if words.words["reference_words"].search(bare, max(0, reach), raw.start):
        return True
    behind = bare[raw.end :].lstrip()
    to = words.words["range_words"].match(behind)
    from_limit = to is not None and behind[to.end() :].lstrip()[:1].isdigit()
    to_limit = re.search(r"\d\S*(?:\s\S{1,12})?\s*$", bare[start : raw.start]) is not None
    return (from_limit or to_limit) and bool(words.words["reference_words"].search(bare, raw.end, raw.end + 2 * _NEAR))


def _inside(found: Iterable[FoundWords], start: int, end: int) -> list[FoundWords]:
    return [one for one in found if start <= one.start < end]

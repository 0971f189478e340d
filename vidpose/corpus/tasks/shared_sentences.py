"""Sentences that several kinds of task share: a value with its doubt, two values, what is missing and why."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.example import Fact
from vidpose.corpus.tasks.conversation import TaskContext, known
from vidpose.corpus.tasks.subject_facts import FactPair
from vidpose.corpus.text.annotated import AnnotatedText
from vidpose.corpus.text.realiser import Realiser

_FIRM_SHARE: Final = 0.1
"""Ours: an uncertainty below a tenth of the value is called small."""
_UNNAMED_SHARE: Final = 0.5
"""Ours: half of the answers to a clear question do not repeat the metric's name, as people would."""
_SHAKY_SHARE: Final = 0.5
"""Ours: an uncertainty above half of the value makes it an indication only."""


def state(context: TaskContext, fact: Fact, asked: str = "") -> AnnotatedText:
    """Return a sentence with one value; behind a question that named the metric it may go unnamed."""
    if asked.endswith("?") and context.choice.chance(_UNNAMED_SHARE):
        return context.realiser.sentence("state_it", v=context.realiser.value(fact))
    return context.realiser.sentence("state", v=context.realiser.value(fact), **context.realiser.nouns("m", fact))


def doubt(context: TaskContext, fact: Fact, share: float) -> list[AnnotatedText]:
    """Return, with some probability, a sentence on how sure a value is: small, wide, or in numbers."""
    realiser = context.realiser
    if not known(fact) or fact.value == 0 or not realiser.choice.chance(share):
        return []
    if fact.uncertainty > 0 and realiser.choice.chance(0.4):
        return [realiser.sentence("margin", u=realiser.uncertainty(fact))]
    if known(fact, _FIRM_SHARE):
        return [realiser.sentence("confident")]
    return [] if known(fact, _SHAKY_SHARE) else [realiser.sentence("doubtful")]


def places(pair: FactPair, realiser: Realiser) -> tuple[str, str]:
    """Return where the first and the second fact of a pair belong: sides or recordings."""
    if pair.of_recordings:
        return realiser.recordings[2], realiser.recordings[3]
    return realiser.places(pair.first.side, pair.second.side)


def both_values(context: TaskContext, pair: FactPair, asked: str = "") -> AnnotatedText:
    """Return a sentence with the two values of a pair; behind a question that named the metric it may go unnamed."""
    realiser = context.realiser
    first, second = places(pair, realiser)
    one, two = (pair.first, pair.second)
    if realiser.choice.chance(0.35):
        first, second, one, two = second, first, two, one
    slots = realiser.nouns("name", one, sided=pair.of_recordings)
    words = dict(zip(("s1", "s2"), _bare(pair, realiser, (one, two)) or (first, second), strict=True))
    rule = "both_it" if asked.endswith("?") and realiser.choice.chance(_UNNAMED_SHARE) else "both_values"
    values = {"v1": realiser.value(one, exact=True), "v2": realiser.value(two, exact=True)}
    return realiser.sentence(rule, side1=first, side2=second, **values, **words, **slots)


def _bare(pair: FactPair, realiser: Realiser, facts: tuple[Fact, Fact]) -> tuple[str, ...]:
    """Return ``left`` and ``right`` without preposition; nothing for two recordings."""
    sides = realiser.phrasebook.vocabulary.sides
    return () if pair.of_recordings else tuple(sides[fact.side][0] for fact in facts)


def verdict(context: TaskContext, pair: FactPair, named: bool = True) -> list[AnnotatedText]:
    """Return sentences on the difference of a pair: which is larger and by how much, or that noise hides it.

    Parameters
    ----------
    context
        The conversation.
    pair
        The two facts and their difference.
    named
        Whether the metric is named again; not when the sentence before has named it.
    """
    realiser = context.realiser
    if not pair.differs:
        return [realiser.sentence("within_noise" if pair.noise_known else "noise_unknown")]
    named = named or realiser.choice.chance(0.15)
    first, second = places(pair, realiser)
    if pair.first.value > pair.second.value:
        larger, smaller = first, second
    else:
        larger, smaller = second, first
    key = "larger" if realiser.choice.chance(0.7) else "smaller"
    subject, rest = (larger, smaller) if key == "larger" else (smaller, larger)
    said = realiser.sentence(
        "sides_differ" if named else "it_differs",
        more=comparative(realiser, pair, key),
        d=realiser.size(pair.difference),
        d_dat=realiser.size(pair.difference, dative=True),
        side1=subject,
        side2=rest,
        **realiser.nouns("name", pair.first, sided=pair.of_recordings),
    )
    return [
        said,
        *([realiser.sentence("beyond_noise")] if known(pair.difference) and realiser.choice.chance(0.35) else []),
    ]


def comparative(realiser: Realiser, pair: FactPair, key: str) -> str:
    """Return ``longer``, ``larger``, ``higher`` or their opposites, as the unit and the sign allow."""
    kind = "signed" if min(pair.first.value, pair.second.value) < 0 else pair.first.unit
    forms = realiser.phrasebook.comparatives
    return realiser.choice.pick(forms.get(f"{kind} {key}", forms[f"signed {key}"]))


def missing(context: TaskContext, fact: Fact) -> AnnotatedText:
    """Return a sentence that a metric has no value, and why."""
    realiser = context.realiser
    why = realiser.say(f"why_{fact.reason}")
    return realiser.sentence("missing", why=why, **realiser.nouns("m", fact))

"""Sentences that several kinds of task share: a value with its doubt, two values, what is missing and why."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.tasks.task import Scene, known
from vidpose.corpus.tasks.view import Pair
from vidpose.corpus.text.spanned import Spanned
from vidpose.corpus.text.voice import Voice
from vidpose.types.corpus import Fact

_FIRM_SHARE: Final = 0.1
"""Ours: an uncertainty below a tenth of the value is called small."""
_UNNAMED_SHARE: Final = 0.5
"""Ours: half of the answers to a clear question do not repeat the metric's name, as people would."""
_SHAKY_SHARE: Final = 0.5
"""Ours: an uncertainty above half of the value makes it an indication only."""


def state(scene: Scene, fact: Fact, asked: str = "") -> Spanned:
    """Return a sentence with one value; behind a question that named the metric it may go unnamed."""
    if asked.endswith("?") and scene.draw.chance(_UNNAMED_SHARE):
        return scene.voice.sentence("state_it", v=scene.voice.value(fact))
    return scene.voice.sentence("state", v=scene.voice.value(fact), **scene.voice.nouns("m", fact))


def doubt(scene: Scene, fact: Fact, share: float) -> list[Spanned]:
    """Return, with some probability, a sentence on how sure a value is: small, wide, or in numbers."""
    voice = scene.voice
    if not known(fact) or fact.value == 0 or not voice.draw.chance(share):
        return []
    if fact.uncertainty > 0 and voice.draw.chance(0.4):
        return [voice.sentence("margin", u=voice.uncertainty(fact))]
    if known(fact, _FIRM_SHARE):
        return [voice.sentence("confident")]
    return [] if known(fact, _SHAKY_SHARE) else [voice.sentence("doubtful")]


def places(pair: Pair, voice: Voice) -> tuple[str, str]:
    """Return where the first and the second fact of a pair belong: sides or recordings."""
    if pair.of_recordings:
        return voice.recordings[2], voice.recordings[3]
    return voice.places(pair.first.side, pair.second.side)


def both_values(scene: Scene, pair: Pair, asked: str = "") -> Spanned:
    """Return a sentence with the two values of a pair; behind a question that named the metric it may go unnamed."""
    voice = scene.voice
    first, second = places(pair, voice)
    one, two = (pair.first, pair.second)
    if voice.draw.chance(0.35):
        first, second, one, two = second, first, two, one
    slots = voice.nouns("name", one, sided=pair.of_recordings)
    words = dict(zip(("s1", "s2"), _bare(pair, voice, (one, two)) or (first, second), strict=True))
    rule = "both_it" if asked.endswith("?") and voice.draw.chance(_UNNAMED_SHARE) else "both_values"
    values = {"v1": voice.value(one, exact=True), "v2": voice.value(two, exact=True)}
    return voice.sentence(rule, side1=first, side2=second, **values, **words, **slots)


def _bare(pair: Pair, voice: Voice, facts: tuple[Fact, Fact]) -> tuple[str, ...]:
    """Return ``left`` and ``right`` without preposition; nothing for two recordings."""
    sides = voice.speech.vocabulary.sides
    return () if pair.of_recordings else tuple(sides[fact.side][0] for fact in facts)


def verdict(scene: Scene, pair: Pair, named: bool = True) -> list[Spanned]:
    """Return sentences on the difference of a pair: which is larger and by how much, or that noise hides it.

    Parameters
    ----------
    scene
        The conversation.
    pair
        The two facts and their difference.
    named
        Whether the metric is named again; not when the sentence before has named it.
    """
    voice = scene.voice
    if not pair.differs:
        return [voice.sentence("within_noise" if pair.noise_known else "noise_unknown")]
    named = named or voice.draw.chance(0.15)
    first, second = places(pair, voice)
    if pair.first.value > pair.second.value:
        larger, smaller = first, second
    else:
        larger, smaller = second, first
    key = "larger" if voice.draw.chance(0.7) else "smaller"
    subject, rest = (larger, smaller) if key == "larger" else (smaller, larger)
    said = voice.sentence(
        "sides_differ" if named else "it_differs",
        more=comparative(voice, pair, key),
        d=voice.size(pair.difference),
        d_dat=voice.size(pair.difference, dative=True),
        side1=subject,
        side2=rest,
        **voice.nouns("name", pair.first, sided=pair.of_recordings),
    )
    return [said, *([voice.sentence("beyond_noise")] if known(pair.difference) and voice.draw.chance(0.35) else [])]


def comparative(voice: Voice, pair: Pair, key: str) -> str:
    """Return ``longer``, ``larger``, ``higher`` or their opposites, as the unit and the sign allow."""
    kind = "signed" if min(pair.first.value, pair.second.value) < 0 else pair.first.unit
    forms = voice.speech.comparatives
    return voice.draw.pick(forms.get(f"{kind} {key}", forms[f"signed {key}"]))


def missing(scene: Scene, fact: Fact) -> Spanned:
    """Return a sentence that a metric has no value, and why."""
    voice = scene.voice
    why = voice.say(f"why_{fact.reason}")
    return voice.sentence("missing", why=why, **voice.nouns("m", fact))

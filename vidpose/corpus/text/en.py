"""English: noun phrases, places, reasons and remedies."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.grounding.english import ENGLISH as WORDS
from vidpose.corpus.grounding.words import split_words
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.en_answers import ANSWERS
from vidpose.corpus.text.en_explain import EXPLANATIONS
from vidpose.corpus.text.en_pairs import PAIRS
from vidpose.corpus.text.en_prompts import PROMPTS
from vidpose.corpus.text.grammar import Grammar
from vidpose.corpus.text.voice import Speech
from vidpose.types.metrics import MetricSide

_ARTICLE_SHARE: Final = 0.65
_FIRST_NAME_SHARE: Final = 0.3
_AFTER: Final = ("{name} on the {side}", "{name} on the {side} side", "{name} ({side})")
_LABELS: Final = ("{name}, {side}", "{name} ({side})", "{name} {side}", "{side} {name}", "{name} on the {side}")
_NOT_AFTER_SIDE: Final = frozenset(
    ("largest", "smallest", "peak", "maximum", "minimum", "mean", "number", "SPARC", "LDLJ")
)


def nouns(metric: str, side: MetricSide, draw: Draw) -> dict[str, str]:
    """Return a metric's noun phrase: with an article, and as a label without."""
    known = WORDS.names[metric]
    name = (
        known[0] if len(known) < 2 or metric in _SHARED or draw.chance(_FIRST_NAME_SHARE) else draw.pick(_own(metric))
    )
    label = name
    if side != "none":
        before = " of " not in name and name.split(" ", 1)[0] not in _NOT_AFTER_SIDE and draw.chance(0.5)
        label = draw.pick(_LABELS).format(name=name, side=side)
        name = f"{side} {name}" if before else draw.pick(_AFTER).format(name=name, side=side)
    return {"": f"the {name}" if draw.chance(_ARTICLE_SHARE) else name, "_label": label}


def _own(metric: str) -> tuple[str, ...]:
    """Return the names that stand for this metric only."""
    return tuple(name for name in WORDS.names[metric] if _COUNTS[name.lower()] == 1) or WORDS.names[metric][:1]


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

REASONS: Final[dict[str, tuple[str, ...]]] = {
    "no_data": (
        "no frame shows the landmarks that it needs",
        "the body points behind it were never seen",
        "the landmarks it is built from do not appear in any frame",
    ),
    "low_confidence": (
        "too few of the samples can be trusted",
        "the pose estimate was too unsure too often",
        "most of the samples failed the confidence check",
    ),
    "too_short": (
        "the movement was seen for too short a time",
        "the usable stretch of video is too short",
        "there is not enough footage of the movement",
    ),
    "irregular_times": (
        "the frames are too unevenly spaced in time",
        "the time between frames varies too much",
        "the video's timing is too irregular",
    ),
    "frame_rate": (
        "the frame rate is too low",
        "the camera took too few frames for that",
        "so few frames cannot resolve it in time",
    ),
    "view": (
        "the camera does not see the plane that it is measured in",
        "it takes a different camera angle",
        "from this viewpoint the plane of the movement is hidden",
        "the view does not allow it",
    ),
    "one_side_hidden": (
        "the body hides a side that it would need",
        "the far side is covered by the body",
        "the sides cannot be seen equally well from here",
    ),
    "no_height": (
        "it needs the person's height, which was not given",
        "without the body height there is no scale in metres",
        "nobody entered the person's height",
    ),
    "no_feet": (
        "the pose model gives no feet",
        "heels and toes are missing from the pose model",
        "it cannot do without foot landmarks, and the pose model has none",
    ),
    "no_world": (
        "the pose model gives no world landmarks",
        "there are no landmarks in space, only in the picture",
    ),
    "no_events": (
        "too few of the events that it is counted from were found",
        "the events behind it hardly occur in the video",
        "the steps or jumps that it is built from were not found often enough",
    ),
    "not_static": (
        "it needs somebody who stands still",
        "the person moved, and it is defined for quiet standing",
        "there is no quiet stand in the video",
    ),
    "not_cyclic": (
        "the movement does not repeat itself",
        "it is made for repeating movements, and this is none",
        "no cycles could be told apart",
    ),
    "in_place": (
        "the body stays in place in the picture, so there are no distances",
        "on a treadmill, or with a camera that follows, the way covered is unknown",
        "the person does not travel through the picture",
    ),
    "not_moving": (
        "the point or joint hardly moves",
        "there is too little movement at this place",
        "what should move stays nearly still",
    ),
    "undefined": (
        "the formula has no value here",
        "it would mean a division by almost nothing",
        "the computation breaks down for these data",
    ),
    "scale": (
        "the person's size in the picture changes, so lengths cannot be compared",
        "the scale of the picture is not constant",
        "the camera's distance or pitch spoils the lengths",
    ),
    "below_noise": (
        "the difference does not clear the measurement noise",
        "the measurement cannot tell such a small difference",
    ),
}
REMEDIES: Final[dict[str, tuple[str, ...]]] = {
    "no_data": ("film so that the whole body stays in the picture", "keep the body in full view"),
    "low_confidence": ("use good light and plain clothes", "film with light from the front and a calm background"),
    "too_short": ("film for a longer time", "record a longer stretch of the movement"),
    "irregular_times": ("record with a constant frame rate", "switch off the variable frame rate"),
    "frame_rate": ("record with a higher frame rate", "choose the fast setting of the camera"),
    "view": ("place the camera in the plane that the metric asks for", "turn the camera towards the plane in question"),
    "one_side_hidden": ("film from the front or from behind", "choose a view in which neither side is covered"),
    "no_height": ("enter the person's height", "give the body height along with the video"),
    "no_feet": ("use a pose model with feet", "choose a pose estimator that finds heels and toes"),
    "no_world": ("use a pose model with world landmarks", "choose a pose estimator that works in space"),
    "no_events": ("film further steps or jumps", "record a longer series of the movement"),
    "not_static": ("have the person stand still for a while", "film a quiet stand"),
    "not_cyclic": ("film a series of the same movement", "repeat the movement several times in a row"),
    "in_place": ("use a fixed camera and let the person pass by", "film overground with the camera at rest"),
    "not_moving": ("film a movement that uses this joint", "choose an exercise in which this joint works"),
    "undefined": ("film a movement with a clear range", "record a fuller movement"),
    "scale": ("keep the camera level and the distance constant", "film from the side, level, at a constant distance"),
    "below_noise": ("film closer and for a longer time", "repeat the recording and compare again"),
}
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
        "from | during | in | any | roughly | definition "
    )
)

SPEECH: Final = Speech(
    vocabulary=WORDS,
    grammar=Grammar({**PROMPTS, **ANSWERS, **PAIRS, **EXPLANATIONS}),
    nouns=nouns,
    question_words=QUESTION_WORDS,
    places=PLACES,
    recordings=tuple((one, two, f"in {one}", f"in {two}") for one, two in RECORDINGS),
    reasons=REASONS,
    remedies=REMEDIES,
    comparatives=COMPARATIVES,
    json_keys=(
        ("metric", "side", "value", "unit", "reason"),
        ("name", "side", "value", "unit", "why"),
        ("quantity", "body_side", "measured", "unit", "missing_because"),
        ("label", "side", "result", "in", "not_measured"),
    ),
)

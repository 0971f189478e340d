"""English words for the facts of a movement."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.grounding.english_names import NAMES
from vidpose.corpus.grounding.words import Vocabulary, split_words

_NUMBER_WORDS: Final = split_words(
    "one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | "
    "thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty"
)

ENGLISH: Final = Vocabulary(
    language="en",
    decimal_mark=".",
    thousands_mark=",",
    names=NAMES,
    articles=dict.fromkeys(NAMES, "the"),
    sides={"left": ("left",), "right": ("right",), "both": ("both",)},
    units={
        "°": ("°", "degrees", "degree", "deg"),
        "°/s": ("°/s", "degrees per second", "deg/s"),
        "rad": ("radians", "rad"),
        "s": ("s", "seconds", "second", "sec"),
        "ms": ("ms", "milliseconds", "millisecond"),
        "m": ("m", "metres", "metre", "meters", "meter"),
        "cm": ("cm", "centimetres", "centimetre", "centimeters", "centimeter"),
        "mm": ("mm", "millimetres", "millimetre", "millimeters", "millimeter"),
        "kg": ("kg", "kilograms", "kilos"),
        "N": ("N", "newtons"),
        "m/s": ("m/s", "metres per second", "meters per second"),
        "km/h": ("km/h", "kilometres per hour", "kilometers per hour", "kph"),
        "per minute": (
            "per minute",
            "steps per minute",
            "/min",
            "1/min",
            "a minute",
            "steps a minute",
            "steps/min",
            "spm",
        ),
        "per second": ("per second", "steps per second", "Hz", "a second"),
        "body heights": ("body heights", "body height", "BH", "bh"),
        "body heights/s": ("body heights/s", "body heights per second", "body heights a second"),
        "%": ("%", "percent", "per cent"),
        "frames per second": ("frames per second", "fps"),
        "percentage points": ("percentage points", "percentage point", "pp"),
        "points of 100": (
            "points of 100",
            "of 100 points",
            "of 100",
            "out of 100 points",
            "points out of 100",
            "out of 100",
            "/100",
            "points",
        ),
    },
    directions={
        "larger": split_words(
            "larger | more | higher | greater | longer | bigger | wider | deeper | rose | "
            "rises | increased | increases | grew | increase | rise | gained"
        ),
        "smaller": split_words(
            "smaller | less | lower | shorter | fewer | narrower | shallower | fell | falls "
            "| decreased | decreases | dropped | shrank | decrease | drop"
        ),
        "faster": ("faster", "quicker"),
        "slower": ("slower",),
        "later": ("later",),
        "earlier": ("earlier",),
        "better": ("better", "improved", "improvement"),
        "worse": ("worse", "worsened"),
    },
    by_words=("by",),
    relations={
        "above": ("above", "over", "beyond"),
        "below": ("below", "under", "short of", "beneath"),
        "within": ("within", "inside", "in line with"),
    },
    reference_words=(
        "range",
        "reference",
        "usual range",
        "typical range",
        "usual",
        "norm",
        "reference range",
        "reference band",
    ),
    difference_words=("difference", "differ", "differs", "differed", "gap", "apart", "change", "changed", "asymmetry"),
    than_words=("than", "compared with", "compared to", "relative to", "against"),
    ordinals={"first": ("first", "A"), "second": ("second", "B")},
    recordings=("recording", "video", "clip", "session", "take", "recordings", "videos", "clips", "sessions", "takes"),
    uncounted=split_words(
        "sides | legs | feet | arms | hands | knees | hips | values | numbers | people | "
        "athletes | curves | measurements | results | metrics | figures | side | leg | thing | "
        "things | ways"
    ),
    persons=("person", "athlete"),
    uncertainty_words=("±", "+/-", "plus or minus", "give or take", "uncertainty of", "uncertainty is", "margin of"),
    sample_words=("samples", "sample", "measurements", "measurement", "values", "data points"),
    time_words=("at", "after", "from", "until", "to", "between", "and", "around", "reached at", "t ="),
    range_words=("to", "and", "-", "–"),
    from_words=("from", "to", "with"),
    negations=("not", "no", "cannot", "can't", "never", "nor", "without", "neither", "n't", "nothing"),
    clause_words=("and", "while", "whereas", "but", "or", "against", "versus", "vs"),
    number_words={word: value for value, word in enumerate(_NUMBER_WORDS, 1)},
    multiples=("twice", "double", "doubled", "triple", "half", "halved", "thrice", "third", "quarter", "dozen"),
    definition_words=split_words(
        "means | mean | if | would | when | stands for | defined | positive | negative | zero "
        "| whether | usually | generally"
    ),
    positive_words=("positive",),
    negative_words=("negative",),
    ignored=(
        r"\b[23]-?D\b",
        r"\b95\s?%(?=[\s-](?:confidence|interval|range|certain))",
        r"(?<!\d )\bpoints of 100\b",
        r"\bleft(?= (?:out|open|blank|over|empty|behind|unsaid|unanswered|alone)\b)",
        r"(?<=\bis )left(?=\s*[.?!,;:]|\s*$)",
    ),
    banned={
        "diagnosis": (
            r"\bdiagnos\w*",
            r"\b(?:arthritis|osteoarthritis|tendin\w+|scoliosis|sprain\w*|ruptur\w*|torn|tear of|stroke)\b",
            r"\byou (?:suffer|have a condition)\b",
        ),
        "injury": (r"\binjur\w+", r"\bget hurt\b", r"\brisk of\b"),
        "identity": (
            r"\b(?:looks like|this is|named|called) (?:Mr|Mrs|Ms|Dr)\b",
            r"\b(?:my|your|his|her|the athlete's) name is\b",
            r"\b(?:overweight|obese|skinny|underweight|ethnic\w*|years old)\b",
            r"\b[\w.-]+@[\w-]+\.\w+",
            r"\b[\w-]+\.(?:mp4|mov|avi|mkv|webm)\b",
            r"(?:^|\s)(?:/[\w.-]+){2,}",
        ),
    },
)

"""German words for the facts of a movement."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.grounding.german_names import ARTICLES, NAMES
from vidpose.corpus.grounding.words import Vocabulary, split_words

_NUMBER_WORDS: Final = split_words(
    "eins | zwei | drei | vier | fünf | sechs | sieben | acht | neun | zehn | elf | zwölf | "
    "dreizehn | vierzehn | fünfzehn | sechzehn | siebzehn | achtzehn | neunzehn | zwanzig"
)

GERMAN: Final = Vocabulary(
    language="de",
    decimal_mark=",",
    thousands_mark=".",
    names=NAMES,
    articles=ARTICLES,
    sides={
        "left": ("links", "linke", "linken", "linkes", "linker", "linkem"),
        "right": ("rechts", "rechte", "rechten", "rechtes", "rechter", "rechtem"),
        "both": ("beide", "beiden", "beider", "beides"),
    },
    units={
        "°": ("°", "Grad"),
        "°/s": ("°/s", "Grad pro Sekunde", "Grad je Sekunde"),
        "rad": ("rad", "Radiant"),
        "s": ("s", "Sekunden", "Sekunde"),
        "ms": ("ms", "Millisekunden", "Millisekunde"),
        "m": ("m", "Meter", "Metern"),
        "cm": ("cm", "Zentimeter", "Zentimetern"),
        "mm": ("mm", "Millimeter", "Millimetern"),
        "kg": ("kg", "Kilogramm", "Kilo"),
        "N": ("N", "Newton"),
        "m/s": ("m/s", "Meter pro Sekunde", "Metern pro Sekunde", "Meter je Sekunde"),
        "km/h": ("km/h", "Kilometer pro Stunde", "Stundenkilometer"),
        "per minute": ("pro Minute", "Schritte pro Minute", "je Minute", "/min", "1/min", "Schritten pro Minute"),
        "per second": ("pro Sekunde", "Schritte pro Sekunde", "je Sekunde", "Hz"),
        "body heights": ("Körperhöhen", "Körperhöhe", "Körpergrößen", "KH"),
        "body heights/s": ("Körperhöhen/s", "Körperhöhen pro Sekunde", "Körperhöhen je Sekunde"),
        "%": ("%", "Prozent"),
        "frames per second": ("Bilder pro Sekunde", "Bildern pro Sekunde", "Bilder je Sekunde"),
        "percentage points": ("Prozentpunkte", "Prozentpunkten", "Prozentpunkt"),
        "points of 100": (
            "von 100 Punkten",
            "Punkte von 100",
            "von 100",
            "Punkten von 100",
            "/100",
            "Punkte",
            "Punkten",
        ),
    },
    directions={
        "larger": split_words(
            "größer | mehr | höher | länger | breiter | weiter | tiefer | stärker | gestiegen | "
            "stieg | zugenommen | wuchs | erhöht | Zunahme | Anstieg | größere | größeren | höhere "
            "| höheren | längere"
        ),
        "smaller": split_words(
            "kleiner | weniger | niedriger | kürzer | geringer | schmaler | flacher | gesunken | "
            "sank | abgenommen | fiel | gefallen | Abnahme | Rückgang | kleinere | kleineren | "
            "geringere | kürzere"
        ),
        "faster": ("schneller",),
        "slower": ("langsamer",),
        "later": ("später",),
        "earlier": ("früher",),
        "better": ("besser", "verbessert", "Verbesserung"),
        "worse": ("schlechter", "verschlechtert"),
    },
    by_words=("um",),
    relations={
        "above": ("über", "oberhalb"),
        "below": ("unter", "unterhalb"),
        "within": ("innerhalb", "im üblichen Bereich", "im Referenzbereich"),
    },
    reference_words=split_words(
        "Bereich | Bereichs | Referenz | Referenzbereich | Referenzbereichs | üblich | üblicher Bereich | üblichen "
        "Bereich | übliche Bereich | üblichen Bereichs | Richtwert | Norm"
    ),
    difference_words=split_words(
        "Unterschied | Differenz | unterscheiden | unterscheidet | Abstand | Veränderung | "
        "verändert | Asymmetrie | auseinander | Unterschiede | Änderung"
    ),
    than_words=("als", "gegenüber", "verglichen mit", "im Vergleich zu", "im Vergleich zum", "im Vergleich zur"),
    ordinals={
        "first": ("erste", "A", "ersten", "erstes", "erster", "erstem"),
        "second": ("zweite", "B", "zweiten", "zweites", "zweiter", "zweitem"),
    },
    recordings=("Aufnahme", "Aufnahmen", "Video", "Videos", "Clip", "Clips", "Einheit", "Durchgang"),
    uncounted=split_words(
        "Seiten | Beine | Beinen | Füße | Füßen | Arme | Armen | Hände | Knie | Knien | Werte "
        "| Werten | Zahlen | Personen | Kurven | Messungen | Ergebnisse | Kennzahlen | Größen "
        "| Dinge"
    ),
    persons=("Person", "Athlet", "Athletin"),
    uncertainty_words=("±", "+/-", "plus/minus", "plus oder minus", "Unsicherheit von", "Unsicherheit beträgt"),
    sample_words=("Messwerte", "Messwerten", "Messungen", "Messwert", "Proben", "Datenpunkte", "Datenpunkten"),
    time_words=("bei", "nach", "von", "ab", "bis", "zwischen", "und", "um", "t ="),
    range_words=("bis", "und", "-", "–"),
    from_words=("von", "zu", "mit"),
    negations=("nicht", "kein", "keine", "keinen", "keiner", "keinem", "nie", "niemals", "ohne", "weder", "nichts"),
    clause_words=("und", "während", "wohingegen", "aber", "oder", "jedoch", "gegen", "gegenüber"),
    number_words={word: value for value, word in enumerate(_NUMBER_WORDS, 1)},
    multiples=split_words(
        "doppelt | doppelte | doppelten | verdoppelt | halb | halbe | halbiert | dreifach | "
        "Hälfte | zweimal | dreimal | Drittel | Viertel | Dutzend"
    ),
    definition_words=split_words(
        "bedeutet | heißt | wenn | falls | würde | wäre | positiv | positive | positiver | "
        "positives | negativ | negative | negativer | null | Null | steht für | definiert | ob "
        "| meist"
    ),
    positive_words=("positiv", "positive", "positiver", "positives", "positiven"),
    negative_words=("negativ", "negative", "negativer", "negatives", "negativen"),
    ignored=(
        r"\b[23]-?D\b",
        r"(?<!\d )\bvon 100 Punkten\b",
        r"\b95[\s-]?(?:%|Prozent)-(?:Konfidenz|Vertrauens|Intervall)\w*",
        r"\b95\s?(?:%|Prozent)(?=\s(?:Sicherheit|Konfidenz))",
    ),
    banned={
        "diagnosis": (
            r"\b[Dd]iagnos\w*",
            r"\b(?:Arthrose|Arthritis|Sehnenentzündung|Skoliose|Bänderriss|Kreuzbandriss|gerissen|Schlaganfall)\b",
            r"\bSie leiden\b",
        ),
        "injury": (r"\b[Vv]erletz\w+", r"\bRisiko (?:für|von|eine[rs]?)\b", r"\w*[Vv]erletzungsrisiko\w*"),
        "identity": (
            r"\b(?:heißt|namens|das ist) (?:Herr|Frau|Dr)\b",
            r"\b(?:mein|dein|sein|ihr|Ihr) Name ist\b",
            r"\b(?:übergewichtig|untergewichtig|fettleibig|Jahre alt)\b",
            r"\b[\w.-]+@[\w-]+\.\w+",
            r"\b[\w-]+\.(?:mp4|mov|avi|mkv|webm)\b",
            r"(?:^|\s)(?:/[\w.-]+){2,}",
        ),
    },
)

"""German: noun phrases in their cases, places, reasons and remedies."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.grounding.german import GERMAN as WORDS
from vidpose.corpus.grounding.words import split_words
from vidpose.corpus.text.de_answers import ANSWERS
from vidpose.corpus.text.de_pairs import PAIRS
from vidpose.corpus.text.de_prompts import PROMPTS
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.grammar import Grammar
from vidpose.corpus.text.voice import Speech
from vidpose.types.metrics import MetricSide

_SIDES: Final = {"left": ("links", "linke"), "right": ("rechts", "rechte")}
_AFTER: Final = ("{name} {side}", "{name} {side}", "{name} ({side})", "{name} auf der {adjective}n Seite")
_LABELS: Final = ("{name} {side}", "{name}, {side}", "{name} ({side})")
_DATIVE: Final = {"der": "dem", "das": "dem", "die": "der"}


def nouns(metric: str, side: MetricSide, draw: Draw) -> dict[str, str]:
    """Return a metric's noun phrase with its article in nominative, accusative and dative, and as a label without."""
    name, article = WORDS.names[metric][0], WORDS.articles[metric]
    label, frame = name, "{name}"
    if side != "none":
        word, adjective = _SIDES[side]
        label = draw.pick(_LABELS).format(name=name, side=word)
        if name[:1].isupper() and " de" not in name and draw.chance(0.4):
            name = f"{adjective} {name}"
        else:
            frame = draw.pick(_AFTER).replace("{side}", word).replace("{adjective}", adjective)
    weak = _with_weak_adjectives(name)
    return {
        "": f"{article} {frame.format(name=name)}",
        "_acc": f"den {frame.format(name=weak)}" if article == "der" else f"{article} {frame.format(name=name)}",
        "_dat": f"{_DATIVE[article]} {frame.format(name=weak)}",
        "_label": _without_article(label, article),
    }


def _with_weak_adjectives(name: str) -> str:
    """Return a name with its leading adjectives as behind ``den`` and ``dem``: ``normierten Symmetrieindex``."""
    words = name.split(" ")
    n_adjectives = next(place for place, word in enumerate(words) if word[:1].isupper())
    name = " ".join([*(word + "n" for word in words[:n_adjectives]), *words[n_adjectives:]])
    return name.replace("koeffizient ", "koeffizienten ")  # a noun with weak endings of its own


def _without_article(name: str, article: str) -> str:
    """Return a name without article; one that begins with a masculine adjective keeps it, for its ending needs it."""
    return f"{article} {name}" if article != "die" and name[:1].islower() else name


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
REASONS: Final[dict[str, tuple[str, ...]]] = {
    "no_data": (
        "kein Bild zeigt die Körperpunkte, die dafür nötig sind",
        "die nötigen Körperpunkte sind nirgends zu sehen",
        "in keinem Bild waren die Punkte dafür zu finden",
    ),
    "low_confidence": (
        "zu wenigen Messpunkten ist zu trauen",
        "die Posenschätzung war zu oft unsicher",
        "die meisten Stichproben haben die Prüfung nicht bestanden",
    ),
    "too_short": (
        "die Bewegung war zu kurz zu sehen",
        "der brauchbare Teil des Videos ist zu kurz",
        "es gibt nicht genug Bildmaterial von der Bewegung",
    ),
    "irregular_times": (
        "die Bilder folgen zeitlich zu ungleichmäßig aufeinander",
        "die Bildabstände schwanken zu stark",
        "die Zeitmarken des Videos sind zu unregelmäßig",
    ),
    "frame_rate": (
        "die Bildrate ist zu niedrig",
        "die Kamera hat dafür zu wenige Bilder aufgenommen",
        "mit so wenigen Bildern ist das zeitlich nicht aufzulösen",
    ),
    "view": (
        "die Kamera sieht die Ebene nicht, in der gemessen wird",
        "dafür braucht es einen anderen Blickwinkel",
        "aus dieser Richtung ist die Bewegungsebene verdeckt",
        "die Ansicht gibt das nicht her",
    ),
    "one_side_hidden": (
        "der Körper verdeckt eine Seite, die dafür nötig wäre",
        "die kameraferne Seite ist vom Körper verdeckt",
        "die Seiten sind von hier nicht gleich gut zu sehen",
    ),
    "no_height": (
        "dafür fehlt die Körpergröße der Person",
        "ohne Körpergröße gibt es keinen Maßstab in Metern",
        "niemand hat die Körpergröße angegeben",
    ),
    "no_feet": (
        "das Posenmodell liefert keine Füße",
        "Fersen und Zehen fehlen im Posenmodell",
        "ohne Fußpunkte geht es nicht, und das Posenmodell hat keine",
    ),
    "no_world": (
        "das Posenmodell liefert keine Raumpunkte",
        "es gibt keine Punkte im Raum, nur im Bild",
    ),
    "no_events": (
        "zu wenige der Ereignisse, aus denen gezählt wird, wurden gefunden",
        "die nötigen Ereignisse kommen im Video kaum vor",
        "die Schritte oder Sprünge, aus denen sich das ergibt, wurden nicht oft genug erkannt",
    ),
    "not_static": (
        "dafür müsste die Person still stehen",
        "die Person hat sich bewegt, und die Größe gilt für ruhiges Stehen",
        "ein ruhiger Stand kommt im Video nicht vor",
    ),
    "not_cyclic": (
        "die Bewegung wiederholt sich nicht",
        "die Größe gilt für sich wiederholende Bewegungen, und hier liegt keine vor",
        "einzelne Zyklen waren nicht zu erkennen",
    ),
    "in_place": (
        "der Körper bleibt im Bild auf der Stelle, also gibt es keine Strecken",
        "auf dem Laufband oder bei mitgeführter Kamera ist der Weg unbekannt",
        "die Person kommt im Bild nicht von der Stelle",
    ),
    "not_moving": (
        "der Punkt oder das Gelenk bewegt sich kaum",
        "an dieser Stelle ist zu wenig Bewegung",
        "was sich bewegen müsste, steht fast still",
    ),
    "undefined": (
        "die Formel hat hier keinen Wert",
        "das wäre eine Division durch fast nichts",
        "die Rechnung geht mit diesen Daten nicht auf",
    ),
    "scale": (
        "die Größe der Person im Bild ändert sich, also sind Längen nicht vergleichbar",
        "der Maßstab des Bildes ist nicht konstant",
        "Abstand oder Neigung der Kamera verderben die Längen",
    ),
    "below_noise": (
        "der Unterschied geht im Messrauschen unter",
        "so etwas Kleines kann die Messung nicht erkennen",
    ),
}
REMEDIES: Final[dict[str, tuple[str, ...]]] = {
    "no_data": ("so filmen, dass der ganze Körper im Bild bleibt", "den Körper ganz im Bild halten"),
    "low_confidence": (
        "gutes Licht und schlichte Kleidung wählen",
        "mit Licht von vorn und ruhigem Hintergrund filmen",
    ),
    "too_short": ("eine längere Strecke filmen", "die Bewegung länger aufnehmen"),
    "irregular_times": ("mit fester Bildrate aufnehmen", "die variable Bildrate ausschalten"),
    "frame_rate": ("mit höherer Bildrate aufnehmen", "die schnelle Einstellung der Kamera wählen"),
    "view": ("die Kamera auf die verlangte Ebene ausrichten", "die Kamera passend zur Ebene aufstellen"),
    "one_side_hidden": ("von vorn oder von hinten filmen", "eine Ansicht wählen, in der keine Seite verdeckt ist"),
    "no_height": ("die Körpergröße eingeben", "die Körpergröße zum Video angeben"),
    "no_feet": ("ein Posenmodell mit Füßen verwenden", "einen Schätzer wählen, der Fersen und Zehen findet"),
    "no_world": ("ein Posenmodell mit Raumpunkten verwenden", "einen Schätzer wählen, der im Raum arbeitet"),
    "no_events": ("weitere Schritte oder Sprünge filmen", "eine längere Folge der Bewegung aufnehmen"),
    "not_static": ("die Person eine Weile still stehen lassen", "einen ruhigen Stand filmen"),
    "not_cyclic": ("eine Folge derselben Bewegung filmen", "die Bewegung mehrfach hintereinander ausführen"),
    "in_place": (
        "die Kamera fest aufstellen und die Person vorbeigehen lassen",
        "auf festem Boden mit ruhender Kamera filmen",
    ),
    "not_moving": ("eine Bewegung filmen, die dieses Gelenk nutzt", "eine Übung wählen, in der das Gelenk arbeitet"),
    "undefined": ("eine Bewegung mit klarem Ausschlag filmen", "eine vollere Bewegung aufnehmen"),
    "scale": (
        "die Kamera gerade und im selben Abstand halten",
        "von der Seite, waagerecht und mit festem Abstand filmen",
    ),
    "below_noise": ("näher und länger filmen", "die Aufnahme wiederholen und neu vergleichen"),
}
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

SPEECH: Final = Speech(
    vocabulary=WORDS,
    grammar=Grammar({**PROMPTS, **ANSWERS, **PAIRS}),
    nouns=nouns,
    question_words=QUESTION_WORDS,
    places=PLACES,
    recordings=RECORDINGS,
    reasons=REASONS,
    remedies=REMEDIES,
    comparatives=COMPARATIVES,
    json_keys=(
        ("kennzahl", "seite", "wert", "einheit", "grund"),
        ("name", "seite", "wert", "einheit", "warum_nicht"),
        ("groesse", "koerperseite", "gemessen", "einheit", "fehlt_weil"),
        ("metric", "side", "value", "unit", "reason"),
    ),
)

"""Why a metric is withheld, in German, and what would help; the first reason of each is the one for tables."""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

REASONS: Rules = {
    "no_data": (
        "kein Bild zeigt die Körperpunkte, die dafür nötig sind",
        "die nötigen Körperpunkte sind (nirgends|nie) zu sehen",
        "in keinem Bild waren die Punkte dafür zu finden",
        "die Kamera zeigt die nötigen (Gelenke|Körperteile) an keiner Stelle",
        "(was dafür gebraucht wird, ist|der betreffende Körperteil ist) (nicht im Bild|verdeckt)",
        "die Punkte dafür (liegen die ganze Zeit außerhalb des Bildes|bleiben durchgehend verdeckt)",
    ),
    "low_confidence": (
        "zu wenigen Messpunkten ist zu trauen",
        "die Posenschätzung war zu oft unsicher",
        "die meisten (Stichproben|Bilder) haben die Prüfung nicht bestanden",
        "die Körperpunkte wurden (zu unruhig|zu unsicher) erkannt",
        "(auf zu wenige|nur auf wenige) Bilder ist Verlass",
        "die Erkennung war (nicht stabil genug|zu wacklig)",
    ),
    "too_short": (
        "die Bewegung war zu kurz zu sehen",
        "der brauchbare Teil des Videos ist zu kurz",
        "es gibt nicht genug Bildmaterial von der Bewegung",
        "der Clip (endet zu früh|dauert nicht lang genug)",
        "von der Bewegung ist (nur ein kurzer Moment|nicht genug) brauchbar",
    ),
    "irregular_times": (
        "die Bilder folgen zeitlich zu ungleichmäßig aufeinander",
        "die Bildabstände schwanken zu stark",
        "die Zeitmarken des Videos sind zu unregelmäßig",
        "die Kamera hielt keinen gleichmäßigen Takt",
    ),
    "frame_rate": (
        "die Bildrate ist zu niedrig",
        "die Kamera hat dafür zu wenige Bilder aufgenommen",
        "mit so wenigen Bildern ist das zeitlich nicht aufzulösen",
        "die Kamera ist dafür (zu langsam|nicht schnell genug)",
        "die Bewegung ist für diese Bildrate zu schnell",
        "dafür bräuchte es eine schnellere Kameraeinstellung",
    ),
    "view": (
        "die Kamera sieht die Ebene nicht, in der gemessen wird",
        "dafür braucht es einen anderen Blickwinkel",
        "aus dieser Richtung ist die Bewegungsebene verdeckt",
        "die Ansicht gibt das nicht her",
        "die Kamera steht dafür (falsch|im falschen Winkel|am falschen Platz)",
        "von diesem Standort aus ist das nicht zu sehen",
        "(dieser Blickwinkel|diese Ansicht) (lässt das nicht zu|reicht dafür nicht)",
    ),
    "one_side_hidden": (
        "der Körper verdeckt eine Seite, die dafür nötig wäre",
        "die kameraferne Seite ist vom Körper verdeckt",
        "die Seiten sind von hier nicht gleich gut zu sehen",
        "(die eine Körperseite|ein Teil des Körpers) verschwindet hinter (der anderen|dem Rumpf)",
        "die Kamera sieht nur die nahe Seite gut",
    ),
    "no_height": (
        "dafür fehlt die Körpergröße der Person",
        "ohne Körpergröße gibt es keinen Maßstab in Metern",
        "niemand hat die Körpergröße angegeben",
        "die Körpergröße ist nicht bekannt, und ohne sie gibt es keine Meter",
    ),
    "no_feet": (
        "das Posenmodell liefert keine Füße",
        "Fersen und Zehen fehlen im Posenmodell",
        "ohne Fußpunkte geht es nicht, und das Posenmodell hat keine",
        "dieses Posenmodell (endet an den Knöcheln|erkennt keine Füße)",
    ),
    "no_world": (
        "das Posenmodell liefert keine Raumpunkte",
        "es gibt keine Punkte im Raum, nur im Bild",
        "das Posenmodell (arbeitet nur im Bild|kennt keine Tiefe)",
    ),
    "no_events": (
        "zu wenige der Ereignisse, aus denen gezählt wird, wurden gefunden",
        "die nötigen Ereignisse kommen im Video kaum vor",
        "die Schritte oder Sprünge, aus denen sich das ergibt, wurden nicht oft genug erkannt",
        "es waren (nicht genug|zu wenige) (Schritte oder Sprünge|Wiederholungen) zu erkennen",
        "im Clip gibt es zu wenige (Schritte oder Sprünge|solche Ereignisse)",
    ),
    "not_static": (
        "dafür müsste die Person still stehen",
        "die Person hat sich bewegt, und die Größe gilt für ruhiges Stehen",
        "ein ruhiger Stand kommt im Video nicht vor",
        "(niemand steht|die Person steht nie) lange genug still",
        "das gilt nur für ruhiges Stehen, und hier (ist Bewegung im Spiel|wird nicht gestanden)",
    ),
    "not_cyclic": (
        "die Bewegung wiederholt sich nicht",
        "die Größe gilt für sich wiederholende Bewegungen, und hier liegt keine vor",
        "einzelne Zyklen waren nicht zu erkennen",
        "(es fehlt ein|zu sehen ist kein) (wiederkehrendes Muster|gleichmäßiger Rhythmus)",
        "dafür braucht es eine Bewegung, die sich wiederholt",
    ),
    "in_place": (
        "der Körper bleibt im Bild auf der Stelle, also gibt es keine Strecken",
        "auf dem Laufband oder bei mitgeführter Kamera ist der Weg unbekannt",
        "die Person kommt im Bild nicht von der Stelle",
        "im Bild wird kein Weg zurückgelegt, wie auf einem Laufband",
    ),
    "not_moving": (
        "der Punkt oder das Gelenk bewegt sich kaum",
        "an dieser Stelle ist zu wenig Bewegung",
        "was sich bewegen müsste, steht fast still",
        "dieser Körperteil ist (fast in Ruhe|kaum in Bewegung)",
    ),
    "undefined": (
        "die Formel hat hier keinen Wert",
        "das wäre eine Division durch fast nichts",
        "die Rechnung geht mit diesen Daten nicht auf",
        "die Formel (versagt bei|passt nicht zu) diesen Daten",
    ),
    "scale": (
        "die Größe der Person im Bild ändert sich, also sind Längen nicht vergleichbar",
        "der Maßstab des Bildes ist nicht konstant",
        "Abstand oder Neigung der Kamera verderben die Längen",
        "die Person kommt näher oder entfernt sich, (also sind|daher sind) Längen nicht vergleichbar",
    ),
    "below_noise": (
        "der Unterschied geht im Messrauschen unter",
        "so etwas Kleines kann die Messung nicht erkennen",
        "das verschwindet im Messrauschen",
    ),
}
REMEDIES: Rules = {
    "no_data": (
        "so filmen, dass der ganze Körper im Bild bleibt",
        "den Körper ganz im Bild halten",
        "mit der Kamera zurückgehen, bis Kopf und Füße im Bild sind",
        "darauf achten, dass (kein Körperteil|nichts vom Körper) aus dem Bild gerät",
    ),
    "low_confidence": (
        "gutes Licht und schlichte Kleidung wählen",
        "mit Licht von vorn und ruhigem Hintergrund filmen",
        "(einen helleren Ort|Kleidung, die sich vom Hintergrund abhebt,) wählen",
        "weite Kleidung und Gegenlicht vermeiden",
    ),
    "too_short": (
        "eine längere Strecke filmen",
        "die Bewegung länger aufnehmen",
        "die Kamera vor und nach der Bewegung weiterlaufen lassen",
    ),
    "irregular_times": (
        "mit fester Bildrate aufnehmen",
        "die variable Bildrate ausschalten",
    ),
    "frame_rate": (
        "mit höherer Bildrate aufnehmen",
        "die schnelle Einstellung der Kamera wählen",
        "die Kamera auf (Zeitlupe|eine höhere Bildrate) stellen",
    ),
    "view": (
        "die Kamera auf die verlangte Ebene ausrichten",
        "die Kamera passend zur Ebene aufstellen",
        "mit der Kamera den passenden Blickwinkel suchen",
    ),
    "one_side_hidden": (
        "von vorn oder von hinten filmen",
        "eine Ansicht wählen, in der keine Seite verdeckt ist",
        "so filmen, dass beide Seiten zu sehen sind",
    ),
    "no_height": (
        "die Körpergröße eingeben",
        "die Körpergröße zum Video angeben",
        "die Person messen und ihre Körpergröße eingeben",
    ),
    "no_feet": (
        "ein Posenmodell mit Füßen verwenden",
        "einen Schätzer wählen, der Fersen und Zehen findet",
    ),
    "no_world": (
        "ein Posenmodell mit Raumpunkten verwenden",
        "einen Schätzer wählen, der im Raum arbeitet",
    ),
    "no_events": (
        "weitere Schritte oder Sprünge filmen",
        "eine längere Folge der Bewegung aufnehmen",
        "vor der Kamera mehrere Schritte oder Sprünge machen",
    ),
    "not_static": (
        "die Person eine Weile still stehen lassen",
        "einen ruhigen Stand filmen",
        "vor der Kamera eine Weile ruhig stehen bleiben",
    ),
    "not_cyclic": (
        "eine Folge derselben Bewegung filmen",
        "die Bewegung mehrfach hintereinander ausführen",
        "mehrere Wiederholungen ohne Pause machen",
    ),
    "in_place": (
        "die Kamera fest aufstellen und die Person vorbeigehen lassen",
        "auf festem Boden mit ruhender Kamera filmen",
        "die Kamera auf ein Stativ stellen und daran vorbeilaufen",
    ),
    "not_moving": (
        "eine Bewegung filmen, die dieses Gelenk nutzt",
        "eine Übung wählen, in der das Gelenk arbeitet",
    ),
    "undefined": (
        "eine Bewegung mit klarem Ausschlag filmen",
        "eine vollere Bewegung aufnehmen",
    ),
    "scale": (
        "die Kamera gerade und im selben Abstand halten",
        "von der Seite, waagerecht und mit festem Abstand filmen",
        "die Kamera waagerecht auf ein Stativ stellen und den Abstand halten",
    ),
    "below_noise": (
        "näher und länger filmen",
        "die Aufnahme wiederholen und neu vergleichen",
    ),
}

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
        "zu wenige Messpunkte sind verlässlich",
        "die Posenschätzung war zu oft unsicher",
        "die meisten Bilder haben die Prüfung nicht bestanden",
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
        "dafür hätte in Zeitlupe gefilmt werden müssen",
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
        "die Körpergröße wurde nicht angegeben",
        "die Körpergröße ist nicht bekannt, und ohne sie lassen sich keine Meter angeben",
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
        "zu wenige der Ereignisse, auf denen die Kennzahl beruht, wurden erkannt",
        "die nötigen Ereignisse kommen im Video kaum vor",
        "die Schritte oder Sprünge, aus denen sich das ergibt, wurden nicht oft genug erkannt",
        "es waren (nicht genug|zu wenige) (Schritte oder Sprünge|Wiederholungen) zu erkennen",
        "im Clip gibt es zu wenige (Schritte oder Sprünge|solche Ereignisse)",
    ),
    "not_static": (
        "dafür müsste die Person still stehen",
        "die Person hat sich bewegt, und die Kennzahl gilt für ruhiges Stehen",
        "ein ruhiger Stand kommt im Video nicht vor",
        "(niemand steht|die Person steht nie) lange genug still",
        "das gilt nur für ruhiges Stehen, und hier (bewegt sich die Person|ist Bewegung im Spiel)",
    ),
    "not_cyclic": (
        "die Bewegung wiederholt sich nicht",
        "die Kennzahl gilt für zyklische Bewegungen, und hier liegt keine vor",
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
        "es müsste durch einen verschwindend kleinen Wert geteilt werden",
        "die Rechnung geht mit diesen Daten nicht auf",
        "die Formel (versagt bei|passt nicht zu) diesen Daten",
    ),
    "scale": (
        "die Größe der Person im Bild ändert sich, also sind Längen nicht vergleichbar",
        "der Maßstab des Bildes ist nicht konstant",
        "Abstand oder Neigung der Kamera verfälschen die Längen",
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
        "einen längeren Abschnitt filmen",
        "die Bewegung länger aufnehmen",
        "die Kamera vor und nach der Bewegung weiterlaufen lassen",
    ),
    "irregular_times": (
        "mit fester Bildrate aufnehmen",
        "die variable Bildrate ausschalten",
    ),
    "frame_rate": (
        "mit höherer Bildrate aufnehmen",
        "die Zeitlupe der Kamera nutzen",
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
        "ein Posenmodell wählen, das Fersen und Zehen erkennt",
    ),
    "no_world": (
        "ein Posenmodell mit Raumpunkten verwenden",
        "ein Posenmodell wählen, das auch die Tiefe liefert",
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
        "dieselbe Bewegung mehrmals filmen",
        "die Bewegung mehrfach hintereinander ausführen",
        "mehrere Wiederholungen ohne Pause machen",
    ),
    "in_place": (
        "die Kamera fest aufstellen und die Person vorbeigehen lassen",
        "auf festem Boden mit ruhender Kamera filmen",
        "die Kamera auf ein Stativ stellen und daran vorbeilaufen",
    ),
    "not_moving": (
        "eine Bewegung filmen, an der dieses Gelenk beteiligt ist",
        "eine Übung wählen, in der das Gelenk arbeitet",
    ),
    "undefined": (
        "eine Bewegung mit klarem Ausschlag filmen",
        "die Bewegung über den vollen Umfang ausführen",
    ),
    "scale": (
        "die Kamera waagerecht und im selben Abstand halten",
        "von der Seite, waagerecht und mit festem Abstand filmen",
        "die Kamera waagerecht auf ein Stativ stellen und den Abstand halten",
    ),
    "below_noise": (
        "näher und länger filmen",
        "die Aufnahme wiederholen und neu vergleichen",
    ),
}

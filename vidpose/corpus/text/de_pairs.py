"""How two values are set against each other, in German: what is larger, by how much, and what noise hides.

Slots: those of the answers; ``{s1}`` and ``{s2}`` are sides without a preposition.
"""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

PAIRS: Rules = {
    "sides_differ": (
        "{name} (ist|war) {side1} um {d} {more} als {side2}",
        "{side1} (ist|war) {name} (hier|im Video|in diesen Daten|) um {d} {more} als {side2}",
        "{name} (ist offenbar|war messbar|ist messbar|ist nachweislich) {side1} um {d} {more} als {side2}",
        "{name_label}(: | - ){side1} um {d} {more} als {side2}",
        (
            "{name_bei} (besteht|zeigt sich|findet sich|bleibt) ein Unterschied von {d_dat}(: |; |, ){side1} "
            "{more} als {side2}"
        ),
        "{name_label}(: | - )ein Unterschied von {d_dat}, {side1} {more} als {side2}",
        "laut <source_dat> ist {name} {side1} um {d} {more} als {side2}",
        "<source> <gives> {name_bei} einen Unterschied von {d_dat}(: |; |, ){side1} {more} als {side2}",
        "(es fällt auf|man sieht|ich sehe|die Messung zeigt): {name} ist {side1} um {d} {more} als {side2}",
        "um {d} (ist|war) {name} {side1} {more} als {side2}",
    ),
    "it_differs": (
        "{side1} (ist|war) (der <noun>|er) um {d} {more}( als {side2}|)",
        (
            "(<source> <gives>|ich sehe|wir sehen|man sieht|ich finde) einen Unterschied von {d_dat}(: |; |, "
            "){side1} {more}"
        ),
        "(kurz|anders gesagt|mit anderen Worten|im Vergleich)(: ){side1} um {d} {more}( als {side2}|)",
        "{side1} ist (er|der <noun>) um {d} {more} als {side2}",
        "(also|damit|somit|daher|das heißt:) {side1} um {d} {more}( als {side2}|)",
        "der Unterschied (beträgt|ist) {d}, {side1} {more}",
        "(das ist|das macht|es bleibt|dazwischen liegt) ein Unterschied von {d_dat}, {side1} {more}",
        "um {d} {more} (ist|war) (er|der <noun>) {side1}",
        "(damit|somit) ist (er|der <noun>) {side1} um {d} {more} als {side2}",
    ),
    "both_values": (
        "<source> <gives> {name_acc}(: |, und zwar ){side1} {v1} und {side2} {v2}",
        "{name} <is_plain> {side1} {v1}, {side2} (dagegen|aber|hingegen) {v2}",
        "{name} <is_plain> {side1} {v1} und {side2} {v2} <here>",
        "{side1} <is_plain> {name} {v1}, {side2} {v2}",
        "<source> <gives> für {name_acc} {side1} {v1} und {side2} {v2}",
        (
            "laut <source_dat> (beträgt|ist|misst|erreicht|ergibt|war|betrug) {name} {side1} {v1}(, | und |, "
            "aber ){side2} {v2}"
        ),
        "{name_label}(: | - ){side1} {v1}(, | und |, aber ){side2} {v2}",
        (
            "{name_bei} (stehen|finde ich|lese ich|sehe ich|haben wir|finden sich|nennt <source>|zeigt <source>) "
            "{side1} {v1} und {side2} {v2}"
        ),
        (
            "für {name_acc} (stehen|finde ich|lese ich|sehe ich|gelten|habe ich) {side1} {v1}(, | und ){side2} "
            "{v2} (im Blatt|in den Daten|im Datensatz|in der Liste|im Bericht)"
        ),
        "während {name} {side1} {v1} (beträgt|misst|erreicht|ergibt), (sind es|ist es|haben wir) {side2} {v2}",
    ),
    "both_it": (
        "{side1} {v1}(, | und |, aber ){side2} {v2} <here>",
        "{side1} (sind es|ist es|waren es|steht|lese ich|finde ich|messen wir|haben wir) {v1}(, | und ){side2} {v2}",
        "<source> <gives> {side1} {v1}(, | und ){side2} {v2}",
        "laut <source_dat> {side1} {v1}(, | und ){side2} {v2}",
        "(gemessen|abgelesen|ermittelt|gefunden|verzeichnet) wurden {side1} {v1}(, | und ){side2} {v2}",
        "(die Werte|die Messwerte|die Zahlen|die Einträge|die Ergebnisse)(: | lauten: ){side1} {v1}, {side2} {v2}",
    ),
    "beyond_noise": (
        "(das Rauschen|die Unsicherheit|das Messrauschen) ist zu (klein|gering), um (das|den Abstand) zu erklären",
        "(das|der Abstand) (darf|kann) als (echt|belegt|gesichert) gelten",
        "(also|daher|somit) (zählt|gilt) (das|der Abstand)",
        "(das|der Abstand) (geht|ragt) (klar|deutlich|) über das (Rauschen|Messrauschen) hinaus",
        "(Rauschen|Messrauschen|Zufall|die Unsicherheit) allein erklärt (das|diesen Abstand) nicht",
        "(die Messung|dieses Video|die Aufnahme) kann (das|so etwas|einen solchen Abstand) (auflösen|zeigen|belegen)",
    ),
    "within_noise": (
        ("(darin|hier) (sollte|kann|darf) man (keinen Unterschied|keine Asymmetrie) (sehen|erkennen)"),
        (
            "soweit (die Messung|dieses Video|die Aufnahme) (reicht|das zeigt), (stimmen sie überein|sind "
            "sie gleich|decken sie sich)"
        ),
        (
            "(sie|die Werte) (decken|überschneiden) sich (im Rahmen der Unsicherheit|innerhalb der "
            "Unsicherheiten|im Rauschen)"
        ),
        "(das ist|so etwas ist) (Rauschen|kein Befund|nicht belegt|nicht belastbar)",
        "(das|der Abstand|was sie trennt,) (liegt|bleibt) (im Rauschen|im Messrauschen|im Bereich der Unsicherheit)",
        (
            "(die Messung|dieses Video|die Aufnahme|die Posenschätzung) kann (sie|die Werte|das) nicht (trennen|"
            "auseinanderhalten)"
        ),
        (
            "(ich würde|wir sollten|man sollte) (sie|die Werte|das) als gleich (behandeln|ansehen|lesen)(, bei "
            "diesem Rauschen|, angesichts des Rauschens|)"
        ),
        (
            "(nichts|kein Unterschied) (außerhalb des Rauschens|außerhalb der Unsicherheit|außerhalb des "
            "Messrauschens) (ist zu sehen|wurde gefunden|zeigt sich|bleibt)"
        ),
        (
            "(also|daher|somit) ist kein (echter|belegter|verlässlicher) Unterschied (gezeigt|erkennbar|"
            "nachweisbar|nachgewiesen)"
        ),
        "(jeder|der) Abstand (geht im (Rauschen|Messrauschen) unter|verschwindet im (Rauschen|Messrauschen))",
    ),
    "noise_unknown": (
        (
            "(wie groß das Rauschen ist,|die Unsicherheit) ist hier nicht bekannt, (daher|also|somit) lässt sich "
            "kein (echter|belegter|verlässlicher) Unterschied (behaupten|zeigen)"
        ),
        "ohne bekannte Unsicherheit (lässt sich|kann man) (hier|da|dazu) nichts (behaupten|belegen|Sicheres sagen)",
        (
            "die Auswertung nennt dafür keine Unsicherheit, also (bleibt offen|lasse ich offen|ist nicht zu "
            "sagen), ob (sie sich unterscheiden|das ein Unterschied ist)"
        ),
    ),
}
"""Rules of comparisons; they use words of the answers."""

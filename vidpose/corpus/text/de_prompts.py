"""What people ask and how they show their numbers, in German; slots as in English, in the cases of the answers."""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

PROMPTS: Rules = {
    "system": (
        "<persona> <rule_numbers> <rule_gaps>",
        "<persona> <rule_gaps> <rule_numbers> <rule_length>",
        "<persona> <rule_length> <rule_numbers>",
        "<persona> <rule_numbers> <rule_medical>",
        "<rule_numbers> <rule_gaps> <rule_medical>",
        "<persona> <rule_medical> <rule_gaps>",
    ),
    "persona": (
        (
            "Du (bist|arbeitest als) (Assistenz|Hilfe) im (Bewegungstraining|Techniktraining|Lauftraining|"
            "Sportlabor) und arbeitest mit (Messwerten|Zahlen) aus Videos."
        ),
        (
            "Du erklärst (Sportlerinnen und Sportlern|Trainerinnen und Trainern|Menschen, die trainieren,) "
            "(die Zahlen|die Messwerte|"
            "die Kennzahlen) (aus|zu) (ihren Videos|einer Aufnahme)."
        ),
        (
            "(Rolle|Aufgabe): (gemessene|aus der Pose berechnete) (Kennzahlen|Zahlen|Werte) in (klare|einfache|"
            "sachliche) (Worte|Sprache|Rückmeldung) (fassen|übersetzen)."
        ),
    ),
    "rule_numbers": (
        "(Nenne|Verwende) nur (Zahlen|Werte), die (gegeben sind|in den Daten stehen|gemessen wurden).",
        "(Erfinde|Rate|Ergänze) (niemals|keine) (Zahlen|Werte|Messwerte).",
        "Jede Zahl (braucht eine Quelle in den (Daten|Messwerten)|muss aus den (Daten|Messwerten) stammen).",
    ),
    "rule_gaps": (
        (
            "(Sage es offen|Sprich es an|Weise darauf hin), wenn (etwas|ein Wert|eine Kennzahl) (fehlt|nicht "
            "messbar war)."
        ),
        (
            "Wenn (etwas|eine Kennzahl) nicht gemessen werden konnte, (sage|erkläre), warum(, und rate nicht|, "
            "statt zu schätzen|)."
        ),
        "(Behandle|Werte) Unterschiede im (Rauschen|Messrauschen) als (nicht belegt|unbelegt).",
    ),
    "rule_length": (
        "(Antworte kurz|Fasse dich kurz|Wenige Sätze genügen|Bitte knapp).",
        "(Schreibe|Antworte) in (einfacher|klarer|sachlicher|alltäglicher) Sprache.",
    ),
    "rule_medical": (
        "(Gib|Stelle) keine (Diagnose|medizinische Einschätzung|ärztlichen Ratschläge).",
        "(Das ist|Du gibst) (Trainingsrückmeldung|Rückmeldung zum Training), keine (medizinische Beratung|Diagnose).",
    ),
    "data_intro": (
        (
            "(Hier sind|Das sind|Unten stehen|Ich habe|Anbei) (die|meine|unsere|) (Messwerte|Zahlen|Werte|"
            "Kennzahlen|Ergebnisse) (aus|zu) (einem|diesem|meinem) (Video|Clip):"
        ),
        "(Gemessen|Ergebnisse|Zahlen|Kennzahlen|Daten|Werte) (aus|zu) (der|dieser) Aufnahme:",
        "(Das|Folgendes) (hat die Auswertung ergeben|wurde gemessen|kam heraus):",
        "(Messwerte|Kennzahlen|Ergebnisse|Daten|Tabelle):",
        "(Schau dir|Sieh dir) (diese|die folgenden) (Zahlen|Werte|Messwerte) an:",
    ),
    "data_intro_two": (
        (
            "(Hier sind|Das sind|Unten stehen) (die|) (Messwerte|Zahlen|Werte|Kennzahlen) (aus|zu) zwei (Videos|"
            "Aufnahmen|Clips):"
        ),
        "Zwei (Videos|Aufnahmen|Clips)(, nebeneinander|, gleich ausgewertet|):",
        "(Gemessen|Ergebnisse|Werte) (in|aus) zwei (Videos|Aufnahmen|Clips):",
    ),
    "heading": ("{name}:",),
    "ask_read": (
        "(Wie groß ist|Welchen Wert hat|Welchen Wert zeigt) {m} (hier|in dieser Aufnahme|in dem Video|)(, bitte|)",
        "(Welcher Wert|Welche Zahl|Was) (wurde|ist) für {m_acc} (gemessen|angegeben|notiert|aufgeführt)",
        "{m_label}: (was steht da|welcher Wert ist es|welche Zahl ist es|was wurde gemessen)",
        "(Ich suche|Ich brauche|Mich interessiert|Ich hätte gern) (den Wert|die Zahl|die Angabe) für {m_acc}",
        "(Nenne|Gib|Sag) mir (bitte|) (den Wert|die Zahl) für {m_acc}",
        "(Kannst|Könntest|Würdest) du mir den Wert für {m_acc} (nennen|sagen|heraussuchen|vorlesen)",
        "(Was kam|Was kommt) {m_bei} heraus",
        "(Was sagt|Was zeigt) (die Tabelle|die Messung|das Video) {m_zu}",
    ),
    "ask_larger": (
        "(Auf welcher Seite|Wo) ist {m} (größer|höher)",
        "{m_label}: (welche Seite hat mehr|links oder rechts größer|welche Seite liegt vorn)",
        "(Links oder rechts|Rechts oder links): wo ist {m} (größer|höher)",
        "(Hat|Zeigt) die linke oder die rechte Seite den (größeren|höheren) Wert für {m_acc}",
    ),
    "ask_difference": (
        "(Um wie viel|Wie weit|Wie stark) unterscheiden sich {a_label} und {b_label}",
        "(Nenne|Berechne|Bestimme|Gib mir) den Unterschied zwischen {a_dat} und {b_dat}",
        "{a_label} gegenüber {b_dat}: wie groß ist (der Abstand|die Differenz|der Unterschied)",
        "(Wie groß ist|Was ergibt) (die Differenz|der Unterschied) zwischen {a_dat} und {b_dat}",
    ),
    "ask_sides": (
        "(Vergleiche|Bitte vergleiche) (links und rechts|die Seiten)(: ){m_label}",
        (
            "(Gibt es|Siehst du|Erkennst du) einen (Unterschied zwischen links und rechts|Unterschied zwischen den "
            "Seiten|Seitenunterschied) {m_bei}"
        ),
        "Wie (gleich|gleichmäßig|ausgeglichen) sind (links und rechts|die Seiten) {m_bei}",
        "(Wie sieht es|Wie steht es) {m_bei} (mit links und rechts|mit den Seiten|im Seitenvergleich) aus",
    ),
    "ask_videos": (
        "(Was|Was genau) hat sich (verändert|geändert|zwischen den Aufnahmen verändert)",
        "(Vergleiche|Bitte vergleiche) (die zwei Videos|die zwei Aufnahmen|die zwei Clips)",
        "(Wie|Worin|In welchen Zahlen) unterscheiden sich die zwei (Videos|Aufnahmen|Clips)",
        (
            "(Gibt es|Siehst du) (einen Unterschied|Unterschiede|eine Veränderung) zwischen den zwei (Videos|"
            "Aufnahmen|Clips)"
        ),
        "(Wo|In welchen Werten) weichen die zwei (Videos|Aufnahmen|Clips) voneinander ab",
    ),
    "ask_when": (
        (
            "(Wann|Zu welchem Zeitpunkt|In welchem Moment|An welcher Stelle des Videos) (ist|war) {m} (erreicht|zu "
            "sehen|gemessen)"
        ),
        "{m_label}: (wann war das|zu welcher Zeit|an welcher Stelle des Videos|in welchem Moment)",
        "(Welcher Moment|Welche Stelle|Welcher Zeitpunkt) gehört {m_zu}",
    ),
    "ask_cue": (
        "(Was sollte|Was kann) (ich|man|die Person) {m_bei} (ändern|üben|beachten|verbessern)",
        "(Gib mir|Ich brauche|Hast du) einen (Hinweis|Tipp|Trainingshinweis) {m_zu}",
        "(Passt {m} so|Ist {m} in Ordnung), und was (folgt daraus|ist zu tun|sollte ich üben)",
        "{m_label}: (wie weiter|was rätst du fürs Training|was schlägst du vor|welcher Hinweis passt)",
    ),
    "ask_missing": (
        "(Wie groß ist|Welchen Wert hat|Wie hoch ist) {m}",
        "(Warum|Weshalb|Wieso) (gibt es|finde ich|sehe ich) (keinen Wert|keine Zahl) für {m_acc}",
        "(Kannst|Könntest) du {m_acc} (schätzen|angeben|ergänzen|ausrechnen|überschlagen)",
        (
            "(Ich vermisse|Ich suche|Ich hätte gern) (den Wert|die Zahl|die Angabe) für {m_acc}. (Wo steht das|Was "
            "ist passiert|Kannst du das ergänzen)"
        ),
        "(Ungefähr|Über den Daumen|Geschätzt): wie groß ist {m}",
        "{m_label}: (warum steht da nichts|was ist da los|geht das auch ungefähr)",
    ),
    "ask_standout": (
        "(Fällt (etwas|irgendetwas) auf|Sticht (etwas|irgendetwas) (heraus|ins Auge))",
        "(Gibt es|Siehst du) einen (deutlichen|echten|auffälligen|klaren) (Unterschied|Seitenunterschied)",
        "(Muss ich|Sollte ich|Soll man) (etwas|irgendetwas) (wissen|beachten|ändern)",
        "(Was ist|Was wäre) (hier|an diesen Zahlen|daran) (bemerkenswert|auffällig|besonders)",
    ),
    "ask_describe": (
        "(Beschreibe|Bitte beschreibe|Schildere) (die Bewegung|diese Zahlen|die Aufnahme|, was gemessen wurde)",
        "Fasse (die Bewegung|die Messung|diese Zahlen|den Clip) (in Worte|zusammen|in eigenen Worten zusammen)",
        "(Was sagen|Was zeigen|Was verraten) (die|diese) (Zahlen|Werte|Messwerte) (über die Bewegung|)",
        "Wie sieht (die|diese|meine) (Bewegung|Aufnahme) (in Zahlen|nach den Daten|auf dem Papier) aus",
        (
            "(Schreibe|Gib mir|Ich brauche) (einen kurzen Bericht|eine Zusammenfassung|eine Beschreibung|einen "
            "Überblick) zu (dieser|der) (Bewegung|Aufnahme)"
        ),
    ),
    "ask_json": (
        (
            "(Gib|Schreibe|Liefere) (die|diese|alle) (Messwerte|Kennzahlen|Werte) als (JSON|JSON-Objekt|reines "
            "JSON)(, bitte|)"
        ),
        (
            "(Ich brauche|Bitte schicke|Exportiere) (diese Werte|die Zahlen|das) (als|im Format) JSON(, sonst "
            "nichts|, ohne Text|, ohne Kommentar|)"
        ),
        (
            "(JSON, bitte|Als JSON, bitte|Nur JSON): (Wert und Einheit von|Werte mit Einheiten für) (allen "
            "Kennzahlen|allem, was da steht|der Tabelle)"
        ),
    ),
    "ask_next": (
        "(Und|Und wie ist|Gut, und|Danke, und wie ist) {m}",
        (
            "(Gut|Aha|Danke|Alles klar|In Ordnung). (Und wie groß ist {m}|Dann noch {m_acc}, bitte|Und was kommt "
            "{m_bei} heraus)"
        ),
        "(Bitte noch|Ich brauche auch|Nenne mir auch|Gib mir noch) {m_acc}",
    ),
    "ask_sure": (
        "(Wie sicher|Wie verlässlich|Wie genau) ist (das|dieser Wert|die Zahl)",
        "(Kann|Darf|Soll) ich (mich darauf verlassen|dem Wert trauen|dieser Zahl trauen)",
        "(Ist|Wäre) (dieser Wert|das|diese Zahl) (verlässlich|belastbar|genau)",
    ),
}
"""Rules of the user's and the system's words."""

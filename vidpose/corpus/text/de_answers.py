"""What is answered, in German; slots as in English, with ``_acc`` and ``_dat`` cases and ``_label`` without article."""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

ANSWERS: Rules = {
    "is": (
        "(beträgt|betrug|ist|war|liegt bei|lag bei|kommt auf|kam auf|erreicht|erreichte|ergibt|ergab|misst|maß|"
        "steht bei|stand bei|hat den Wert|bekommt den Wert|hatte den Wert|macht|landet bei|beläuft sich auf|"
        "belief sich auf|zeigt|zeigte|bewegt sich bei)",
    ),
    "is_plain": ("(beträgt|betrug|ist|war|misst|erreicht|ergibt|ergab|erreichte)",),
    "here": (
        "(|||hier|in dieser Aufnahme|in diesem Clip|im Video|in dieser Messung|bei dieser Person|in diesen "
        "Daten|im vorliegenden Video|an dieser Stelle|im Filmmaterial|diesmal|bei diesem Durchgang|in dieser "
        "Einheit|im ausgewerteten Teil|nach der Posenschätzung|im gefilmten Ablauf|laut Protokoll|bei der "
        "gefilmten Bewegung)",
    ),
    "source": (
        "(die Tabelle|die Messung|die Auswertung|die Aufnahme|der Clip|das Video|der Datensatz|die Posendatei|"
        "die Liste|das Messblatt|die Analyse|das Protokoll|der Bericht|die Übersicht|die Rechnung|das "
        "Ergebnisblatt|die Posenspur|das Filmmaterial|die Ausgabe|die Datei|deine Tabelle|dein Datenblatt)",
    ),
    "source_dat": (
        "(der Tabelle|der Messung|der Auswertung|der Aufnahme|dem Clip|dem Video|dem Datensatz|der Posendatei|"
        "der Liste|dem Messblatt|der Analyse|dem Protokoll|dem Bericht|der Übersicht|der Rechnung|dem "
        "Ergebnisblatt|der Posenspur|dem Filmmaterial|der Ausgabe|der Datei|deiner Tabelle|deinem Datenblatt)",
    ),
    "gives": (
        "(nennt|zeigt|enthält|meldet|führt|liefert|verzeichnet|ergibt|notiert|bietet|bringt|hat|vermerkt|"
        "belegt|dokumentiert|zählt auf:|weist aus:|gibt an:|hält fest:|listet)",
    ),
    "noun": ("(Wert|Messwert|Eintrag|Betrag|Zahlenwert|Zahlenbetrag)",),
    "state": (
        "{m} <is> {v} <here>",
        "<source> <gives> für {m_acc} (den <noun>|als <noun>|) {v}",
        "(laut|nach) <source_dat> <is_plain> {m} {v}",
        "(bei|zu) {m_dat} (steht|stehen|lesen wir|finde ich|findet sich|sehe ich|zeigt sich|notiere ich) {v} <here>",
        (
            "für {m_acc} (steht|lese ich|findet sich|finde ich|gibt es|sehe ich|haben wir) {v} (im Blatt|im "
            "Datensatz|in den Daten|im Ergebnis|in der Liste|in der Auswertung)"
        ),
        "{m_label}(: |, gemessen: |, laut <source_dat>: |, nach <source_dat>: | - ){v}",
        "der <noun> für {m_acc} (beträgt|ist|lautet|liegt bei|lag bei|heißt hier) {v} <here>",
        "als <noun> für {m_acc} (steht|nennt <source>|gilt|liegt vor|ergibt sich|finde ich|lese ich): {v}",
        "(gemessen|ermittelt|berechnet|bestimmt|abgelesen) (wurde|wird|ist) (hier|) für {m_acc}: {v}",
        "(ich lese|ich finde|wir sehen|wir haben|man liest|man findet|es gibt|ich sehe) für {m_acc} {v} <here>",
        "{m} (wurde|wird|ist) mit {v} (bestimmt|angegeben|verzeichnet|ermittelt|notiert|aufgeführt)",
    ),
    "state_it": (
        "(es sind|das sind|es ist|das ist|es war|hier sind es|gemessen:|Antwort:) {v} <here>",
        "<source> <gives> {v} <here>",
        "(laut|nach) <source_dat>(: | sind es | waren es | ist es ){v}",
        "{v} <here>",
        "{v}, (so|sagt|meldet|das nennt|das zeigt|das ergibt) <source>",
        "der <noun> <is> {v} <here>",
        "(ich lese|ich finde|wir sehen|wir haben|man liest|ich sehe|abzulesen sind|zu lesen sind) {v} <here>",
        "der (gesuchte|gefragte|passende|gemessene) <noun>(: | ist | war | lautet ){v}",
    ),
    "confident": (
        "(die|ihre|seine) Unsicherheit ist (dagegen|daneben|im Verhältnis dazu) (klein|gering|schmal|unbedeutend)",
        "(das|dieser Wert|die Angabe) liegt (klar|deutlich|sicher) außerhalb des (Rauschens|Messrauschens)",
        "(darauf|auf diesen Wert|auf die Angabe) (ist Verlass|kann man bauen|darf man sich stützen|lässt sich bauen)",
        "(der <noun>|die Angabe|das) ist (gut|solide|verlässlich|fest) (belegt|bestimmt|abgesichert)",
    ),
    "doubtful": (
        "(die|ihre|seine) Unsicherheit ist (dagegen|daneben|im Verhältnis dazu) (groß|breit|erheblich|beträchtlich)",
        (
            "(das|dieser Wert|die Angabe) ist (nur ein Anhaltspunkt|mit Vorsicht zu lesen|wenig gesichert|nur als "
            "Richtung zu verstehen)"
        ),
        "(man sollte|ich würde|bitte) (darauf|auf diesen Wert) nicht (bauen|allzu viel geben|setzen)",
        "(das Rauschen|das Messrauschen|die Unsicherheit) macht (einen guten Teil|viel) davon aus",
    ),
    "margin": (
        "(die|ihre|seine) Unsicherheit beträgt ±{u}",
        "(dazu|dabei|daran) (gehört|bleibt|hängt|kommt) eine Unsicherheit von ±{u}",
        "(rechne|rechnen Sie|man rechne|zu rechnen ist) mit einer Unsicherheit von ±{u}",
        "(das Rauschen|die Messung|die Posenschätzung) lässt eine Unsicherheit von ±{u} (offen|übrig|stehen|zu)",
    ),
    "overview": (
        (
            "(kurz gesagt|kurz gefasst|zusammengefasst|in Zahlen|im Überblick|insgesamt|vorweg)(: | gilt: "
            ")<overview_rest>"
        ),
        "<overview_rest>",
    ),
    "overview_rest": (
        "(das|Folgendes) (lässt sich sagen|wurde gemessen|gibt das Video her|lässt sich berichten)",
        (
            "(die Bewegung|die Aufnahme|der Clip) lässt sich (durch|mit) (diese|die folgenden) (Werte|Zahlen) "
            "(beschreiben|schildern|fassen)"
        ),
        "(die|diese) (Werte|Zahlen|Kennzahlen) (zeichnen|geben|ergeben) (das folgende|dieses|ein) Bild",
        (
            "(ich nenne|ich berichte|wir halten fest|zu nennen ist|festzuhalten ist), was (auffällt|gemessen wurde|"
            "feststeht)"
        ),
    ),
    "closing": (
        "(alles Weitere|der Rest|das Übrige) (wurde|wird) hier nicht (betrachtet|besprochen|bewertet)",
        "(ich stelle|daraus folgt|das ist) keine Diagnose",
        (
            "(bitte|man sollte) (das|diese Werte) als (Trainingsrückmeldung|Beschreibung|Rückmeldung) (lesen|"
            "verstehen|nehmen)"
        ),
        (
            "(die Werte|alle Werte|diese Angaben) (stammen|kommen) aus (einer einzigen Kamera|der Posenschätzung|"
            "dem Video)(, mit deren Grenzen|)"
        ),
        (
            "(eine Wiederholung|eine neue Aufnahme|ein neuer Blick) würde zeigen, ob (das|dieses Bild|es) (bleibt|"
            "hält|so bleibt)"
        ),
    ),
    "missing": (
        "(leider|hier|bisher) kein <noun> für {m_acc}(: |; | - ){why}",
        "{why}(; deshalb |; daher |; darum )(fehlt|entfällt|bleibt leer:|gibt es nicht:) {m}",
        "(Grund|der Grund|zur Erklärung|Ursache)(: ){why}(; |, und )(so|deshalb|daher) (fehlt|entfällt) {m}",
        "für {m_acc} (gibt es|habe ich|haben wir|finde ich|nennt <source>) keinen <noun>(: |; | - ){why}",
        "für {m_acc} (liegt kein <noun> vor|steht kein <noun> da|fehlt der <noun>)(: |; | - ){why}",
        "{m} (konnte|kann) nicht (gemessen|bestimmt|angegeben|berechnet|ermittelt) werden(: |; | - ){why}",
        "{m} (wurde|wird) (zurückgehalten|ausgelassen|weggelassen|offengelassen)(: |; | - ){why}",
        (
            "(warum|weshalb) {m} (fehlt|leer bleibt|nicht angegeben ist), (ist klar|ist bekannt|lässt sich "
            "sagen)(: |; ){why}"
        ),
        "(ich kann|man kann|wir können) {m_acc} <here> nicht (nennen|angeben|beziffern)(: |; | - ){why}",
        (
            "(bei|zu) {m_dat} (lässt sich nichts sagen|liegt nichts vor|fehlt der <noun>|bleibt das Feld leer)(: |"
            "; | - ){why}"
        ),
    ),
    "no_guess": (
        (
            "(eine Schätzung|eine geratene Zahl|ein erfundener Wert) (wäre|ist) (wertlos|irreführend|aus der Luft "
            "gegriffen|ohne Nutzen)"
        ),
        "(ich will|ich werde|wir sollten) nicht (raten|schätzen|spekulieren|etwas erfinden)",
        "(also|daher|deshalb) (lasse ich das offen|nenne ich keine Zahl|bleibt das Feld leer|steht hier keine Zahl)",
        "(Raten|Schätzen|Erfinden) (hilft niemandem|ist keine Antwort|kommt nicht in Frage|bringt nichts)",
    ),
    "instead": (
        "(stattdessen|dafür|als Ersatz) (liegt|kann ich|steht) {m2} (vor|anbieten|bereit)(: |, nämlich ){v2}",
        "(messbar|verfügbar|brauchbar|vorhanden) (ist|wäre|ist dagegen) {m2}(: |, nämlich ){v2}",
        (
            "(aus derselben Aufnahme|aus diesem Video|in denselben Daten) (gibt es|stammt|kommt|findet sich) "
            "{m2}(: |, nämlich ){v2}"
        ),
        "(ich kann|wir können|man kann) stattdessen {m2_acc} (nennen|angeben|anbieten)(: |, nämlich ){v2}",
    ),
    "instead_named": (
        "(stattdessen|dafür|als Ersatz) (liegt|steht) {m2} (vor|bereit)",
        "(ich kann|wir können|man kann) stattdessen über {m2_acc} (sprechen|reden)",
        "(messbar|verfügbar|brauchbar|vorhanden) (ist|wäre|ist dagegen) {m2}",
    ),
    "remedy": (
        "(für das nächste Mal|in Zukunft|für eine neue Aufnahme|beim nächsten Versuch)(: ){remedy}",
        "(was hilft|Abhilfe|ein Ausweg|so ginge es|was helfen würde)(: ){remedy}",
        "(wer den Wert braucht|damit es klappt|um den Wert zu bekommen)(: ){remedy}",
    ),
    "nothing": (
        "(nichts|kein Unterschied|keine Asymmetrie) (fällt auf|sticht heraus|ist auffällig|springt ins Auge) <here>",
        (
            "(ich sehe|es gibt|wir sehen|ich finde|die Daten zeigen) nichts (Auffälliges|Bemerkenswertes|"
            "Besonderes|Ungewöhnliches) <here>"
        ),
        "(kein|nicht ein einziger) (Vergleich|Unterschied|Abstand) (verlässt|übersteigt) das (Rauschen|Messrauschen)",
        ("(nach|laut) <source_dat> (stimmen|passen) (links und rechts|die verglichenen Werte|die Werte) überein"),
        (
            "(alles, was verglichen wurde,|alles Verglichene|was ich verglichen habe,) (liegt|bleibt) im (Rauschen|"
            "Messrauschen)"
        ),
    ),
    "keep_on": (
        (
            "(es gibt|ich sehe) keinen (Grund|Anlass|Bedarf), (deswegen|daran|an der Bewegung) etwas zu (ändern|"
            "korrigieren)"
        ),
        "(weitermachen|weiter so|fortfahren) wie (bisher|geplant|gewohnt)",
        (
            "(eine Wiederholung|eine weitere Aufnahme|ein weiterer Clip) (könnte|würde) (das|es|diesen Befund) "
            "(bestätigen|prüfen|absichern)"
        ),
        "(auch das|das) ist (gut zu wissen|ein Ergebnis|ein Befund)",
    ),
    "moment": ("bei {t}",),
    "when": (
        "{m} <is> {v}, (gesehen|gefunden|gemessen|abgelesen|erreicht|beobachtet|notiert|erfasst) {t}",
        "{t} <is_plain> {m} {v} <here>",
        (
            "(das war|man findet es|zu sehen ist es|es geschieht|man sieht es|es zeigt sich|die Stelle ist) {t}(: |"
            "; ){m} <is> {v}"
        ),
        "<source> <gives> für {m_acc} {v}, (und zwar|genau|gemessen|gesehen|erreicht) {t}",
        "{m_label}: {v}(, | und zwar |, gemessen |, gesehen |, erreicht ){t}",
        "(bei|zu) {m_dat} (lesen wir|finde ich|findet sich|sehe ich|zeigt sich|notiere ich) {v} {t}",
        "(ich lese|ich finde|wir sehen|wir haben|man liest|ich sehe) für {m_acc} {v}, (und zwar|genau|gemessen) {t}",
    ),
    "cue_below": (
        (
            "{m} (beträgt|ist|liegt bei|erreicht|misst) {v}, (das ist|und damit|also) unterhalb des "
            "Referenzbereichs von {low} bis {high}"
        ),
        "mit {v} liegt {m} (klar|) unterhalb des Referenzbereichs von {low} bis {high}",
        "<source> <gives> für {m_acc} {v}, unterhalb des üblichen Bereichs von {low} bis {high}",
    ),
    "cue_above": (
        (
            "{m} (beträgt|ist|liegt bei|erreicht|misst) {v}, (das ist|und damit|also) oberhalb des "
            "Referenzbereichs von {low} bis {high}"
        ),
        "mit {v} liegt {m} (klar|) oberhalb des Referenzbereichs von {low} bis {high}",
        "<source> <gives> für {m_acc} {v}, oberhalb des üblichen Bereichs von {low} bis {high}",
    ),
    "cue_within": (
        (
            "{m} (beträgt|ist|liegt bei|erreicht|misst) {v}, (das ist|und damit|also) innerhalb des "
            "Referenzbereichs von {low} bis {high}"
        ),
        "mit {v} liegt {m} innerhalb des Referenzbereichs von {low} bis {high}",
        "<source> <gives> für {m_acc} {v}, innerhalb des üblichen Bereichs von {low} bis {high}",
    ),
    "cue_source": (
        "der Bereich (stammt aus|ist entnommen aus|geht zurück auf|steht in): {source}",
        "(Quelle|Herkunft)(: | des Bereichs: ){source}",
    ),
    "cue_unsure": (
        (
            "(wegen der|angesichts der|mit dieser) Unsicherheit (ist nicht klar, auf welcher Seite der Grenze er "
            "liegt|lässt er sich nicht fest einordnen), daher gebe ich (noch|hier|) keinen Hinweis"
        ),
        (
            "die Unsicherheit reicht bis an die Grenze, also sollte (eine Wiederholung|eine neue Aufnahme) vor "
            "jedem Hinweis stehen"
        ),
    ),
    "cue_up": ("(nach oben|in den Bereich|in Richtung des Bereichs|zur Mitte des Bereichs)",),
    "cue_down": ("(nach unten|in den Bereich|in Richtung des Bereichs|zur Mitte des Bereichs)",),
    "cue_change": (
        (
            "(versuche|übe|arbeite daran), {name_acc} {way} zu bringen(, Schritt für Schritt|, ohne Zwang|, in "
            "kleinen Stufen|)"
        ),
        "(führe|bringe|lenke) {name_acc} (allmählich|Schritt für Schritt|nach und nach|behutsam) {way}",
        (
            "(Hinweis|Tipp|fürs Training|mein Hinweis)(: ){name_label} {way}(, langsam|, in kleinen Stufen|, dann "
            "neu filmen|)"
        ),
    ),
    "cue_keep": (
        "(das|es) (darf|kann|sollte) so bleiben",
        "(es gibt|ich sehe) keinen (Grund|Anlass), (etwas|das|daran etwas) zu ändern",
        "(Hinweis|Tipp|fürs Training)(: )(so beibehalten|weiter so|genau so wiederholen)",
    ),
    "sure_with": (
        "(nach|gemessen an) der (angegebenen|geschätzten) (Genauigkeit|Streuung) <is_plain> {m} {v}, und <margin>",
        "(ziemlich|einigermaßen|in Grenzen|halbwegs|im Rahmen des Rauschens)(: |, ){m} <is_plain> {v}, und <margin>",
        "{m} <is> {v}; <margin>",
        "zu {m_dat}: <margin>",
        "(das hängt vom Rauschen ab|eine Zahl hilft|das sagt das Rauschen)(: |; )bei {m_dat} gilt: <margin>",
    ),
}
"""Rules of the assistant's words."""

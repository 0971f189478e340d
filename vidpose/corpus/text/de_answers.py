"""What is answered, in German; slots as in English, with cases and ``_bei``, ``_zu``; ``_label`` without article."""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

ANSWERS: Rules = {
    "is": (
        (
            "(beträgt|beträgt|betrug|ist|war|liegt bei|liegt bei|lag bei|kommt auf|kam auf|erreicht|erreichte|"
            "hat den Wert|hatte den Wert|beläuft sich auf)"
        ),
    ),
    "is_plain": ("(beträgt|betrug|ist|war|erreicht|erreichte)",),
    "here": (
        (
            "(||||||hier|in dieser Aufnahme|in diesem Clip|im Video|in dieser Messung|in diesen Daten|diesmal|"
            "bei diesem Durchgang|in dieser Einheit)"
        ),
    ),
    "here_first": ("(hier|in dieser Aufnahme|in diesem Clip|im Video|in dieser Messung|diesmal|in dieser Einheit)",),
    "source": (
        (
            "(die Tabelle|die Messung|die Auswertung|die Aufnahme|der Clip|das Video|der Datensatz|die Liste|das "
            "Messprotokoll|die Analyse|das Protokoll|der Bericht|die Übersicht|die Posenerkennung|deine "
            "Tabelle|dein Datenblatt|die Videoanalyse|die Bewegungsanalyse)"
        ),
    ),
    "source_dat": (
        (
            "(der Tabelle|der Messung|der Auswertung|der Aufnahme|dem Clip|dem Video|dem Datensatz|der Liste|dem "
            "Messprotokoll|der Analyse|dem Protokoll|dem Bericht|der Übersicht|der Posenerkennung|"
            "deiner Tabelle|deinem Datenblatt|der Videoanalyse|der Bewegungsanalyse)"
        ),
    ),
    "gives": ("(nennt|zeigt|meldet|liefert|verzeichnet|ergibt|enthält|dokumentiert)",),
    "noun": ("(Wert|Wert|Messwert|Zahlenwert)",),
    "state": (
        "{m} <is> {v}",
        "{m} <is_plain> <here> {v}",
        "<here_first> <is_plain> {m} {v}",
        "<source> <gives> für {m_acc} (den <noun>|als <noun>|) {v}",
        "laut <source_dat> <is_plain> {m} {v}",
        "{m_bei} (lesen wir|finde ich|findet sich|sehe ich|zeigt sich|messe ich|habe ich|komme ich auf) {v}",
        (
            "für {m_acc} (lese ich|findet sich|finde ich|sehe ich|haben wir|habe ich) {v} (in der Tabelle|im Datensatz|"
            "in den Daten|in der Liste|in der Auswertung|im Video|)"
        ),
        "{m_label}(: |, gemessen: |, laut <source_dat>: | - ){v}",
        "der <noun> für {m_acc} (beträgt|ist|lautet|liegt bei|lag bei) {v}",
        "als <noun> für {m_acc} (nennt <source>|ergibt sich|finde ich|lese ich|habe ich): {v}",
        "(gemessen|ermittelt|berechnet|bestimmt) wurde (hier|im Video|in dieser Aufnahme|) für {m_acc}: {v}",
        (
            "(ich lese|ich finde|wir sehen|wir haben|man liest|man findet|ich sehe|ich habe|du hast) <here> für "
            "{m_acc} {v}"
        ),
        (
            "{m} (wurde <here> mit {v} (bestimmt|ermittelt|gemessen|berechnet)|ist <here> mit {v} (angegeben|"
            "verzeichnet|notiert|aufgeführt))"
        ),
        "auf {v} (kommt|kam|bringt es) {m} <here>",
        "was {m_acc} (angeht|betrifft)(: |, so sind es |, lese ich |, finde ich |, <gives> <source> ){v}",
        "(schauen wir auf|blicken wir auf|nehmen wir) {m_acc}: (das sind |hier sind es |ich lese |){v}",
    ),
    "state_it": (
        "(es sind|das sind|hier sind es|gemessen:|Antwort:) {v}",
        "<source> <gives> {v}",
        "laut <source_dat>(: | sind es | waren es ){v}",
        "{v} <here>",
        "{v}, (so|sagt|meldet|das zeigt|das ergibt) <source>",
        "der <noun> <is> {v}",
        (
            "(ich lese|ich finde|wir sehen|wir haben|man liest|ich sehe|ich komme auf|wir kommen auf|ich messe) "
            "{v} <here>"
        ),
        "der (gesuchte|gefragte|gemessene) <noun>(: | ist | war | lautet | beträgt ){v}",
        "(gern|klar|natürlich|sicher)(: |: das sind |, das sind |, es sind ){v} <here>",
        "(gemessen|ermittelt|abgelesen) (habe ich|haben wir|wurden) {v} <here>",
        "auf {v} (komme ich|kommt <source>|kommen wir) <here>",
    ),
    "confident": (
        "die Unsicherheit ist (dagegen|daneben|im Verhältnis dazu) (klein|gering)",
        "(das|dieser Wert|die Angabe) liegt (klar|deutlich|sicher) außerhalb des (Rauschens|Messrauschens)",
        "(darauf|auf diesen Wert|auf die Angabe) (ist Verlass|kann man bauen|darf man sich stützen)",
        "(der <noun>|die Angabe|das) ist (gut|solide|verlässlich) (belegt|bestimmt|abgesichert)",
        (
            "(das Messrauschen|die Unsicherheit) (fällt hier kaum ins Gewicht|spielt hier kaum eine Rolle|ändert "
            "daran wenig)"
        ),
    ),
    "doubtful": (
        "die Unsicherheit ist (dagegen|daneben|im Verhältnis dazu) (groß|breit|erheblich|beträchtlich)",
        (
            "(das|dieser Wert|die Angabe) ist (nur ein Anhaltspunkt|mit Vorsicht zu betrachten|wenig gesichert|nur "
            "als grober Anhaltspunkt zu verstehen)"
        ),
        "(man sollte|ich würde) (darauf|auf diesen Wert) nicht (bauen|allzu viel geben)",
        "(das Rauschen|das Messrauschen|die Unsicherheit) macht (einen guten Teil|viel) davon aus",
        "(bitte|am besten) (nur als Anhaltspunkt|nur als grobe Orientierung) (nehmen|verstehen)",
    ),
    "margin": (
        "die Unsicherheit beträgt ±{u}",
        "(dazu|zu diesem Wert|zu der Angabe) gehört eine Unsicherheit von ±{u}",
        "(rechne|wir rechnen|zu rechnen ist) mit einer Unsicherheit von ±{u}",
        "(die Messung|die Posenschätzung) hat (hier|dabei) eine Unsicherheit von ±{u}",
        "(die Angabe hat|dieser Wert hat|hier gilt) eine Unsicherheit von ±{u}",
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
            "(die Bewegung|die Aufnahme|der Clip) lässt sich (durch diese|durch die folgenden) (Werte|Zahlen) "
            "(beschreiben|zusammenfassen)"
        ),
        "(die|diese) (Werte|Zahlen|Kennzahlen) (zeichnen|geben|ergeben) (das folgende|dieses|ein) Bild",
        "(ich berichte|wir halten fest|zu nennen ist|festzuhalten ist), was (auffällt|gemessen wurde|feststeht)",
        "(hier ist|das ist) (die Bewegung|der Clip|die Einheit) in Zahlen",
    ),
    "closing": (
        "(alles Weitere|der Rest|das Übrige) (wurde|wird) hier nicht (betrachtet|besprochen|bewertet)",
        "(ich stelle damit|daraus folgt|das ist) keine Diagnose",
        (
            "(bitte|am besten) (das|diese Werte) als (Trainingsrückmeldung|Beschreibung|Rückmeldung) (lesen|"
            "verstehen|nehmen)"
        ),
        (
            "(die Werte|alle Werte|diese Angaben) (stammen|kommen) (aus einer einzigen Kamera, mit deren Grenzen|"
            "aus der Posenschätzung|aus dem Video|von einer einzigen Kamera)"
        ),
        (
            "(eine Wiederholung|eine neue Aufnahme) würde zeigen, ob (das|dieses Bild|es) (so bleibt|Bestand hat|"
            "sich hält)"
        ),
        (
            "(filme das|wiederhole das) (beim nächsten Mal|in der nächsten Einheit) (vom selben Standort aus|aus "
            "derselben Richtung), dann sieht man, (wie stabil es ist|ob es so bleibt)"
        ),
    ),
    "missing": (
        "(leider|bisher|hier) kein <noun> für {m_acc}(: |; | - ){why}",
        "{why}(; deshalb |; daher |; darum )(fehlt|entfällt) {m}",
        "{why}(; deshalb |; daher |; darum )gibt es {m_acc} <here> nicht",
        "(der Grund|zur Erklärung|die Ursache)(: ){why}(; |, und )(so|deshalb|daher) (fehlt|entfällt) {m}",
        "für {m_acc} (gibt es|habe ich|haben wir|finde ich|nennt <source>) keinen <noun>(: |; | - ){why}",
        "für {m_acc} (liegt kein <noun> vor|fehlt der <noun>)(: |; | - ){why}",
        "{m} (konnte|kann) <here> nicht (gemessen|bestimmt|angegeben|berechnet|ermittelt) werden(: |; | - ){why}",
        "{m} (wurde|wird) (zurückgehalten|ausgelassen|weggelassen|offengelassen)(: |; | - ){why}",
        ("(warum|weshalb) {m} (fehlt|nicht angegeben ist), (ist klar|ist bekannt|lässt sich sagen)(: |; ){why}"),
        "(ich kann|man kann|wir können) {m_acc} <here> nicht (nennen|angeben|beziffern)(: |; | - ){why}",
        "{m_bei} (lässt sich nichts sagen|liegt nichts vor|fehlt der <noun>|bleibt das Feld leer)(: |; | - ){why}",
        "{m_zu} (lässt sich nichts sagen|liegt nichts vor|fehlt die Angabe|kann ich nichts sagen)(: |; | - ){why}",
        "(das Video|der Clip|die Aufnahme) (gibt|gab) {m_acc} nicht her(: |; | - ){why}",
        "{m_acc} hätte ich gern genannt, (aber das geht hier nicht|nur geht das hier nicht)(: |; ){why}",
        "{m} bleibt <here> (offen|ohne Wert)(: |; | - ){why}",
    ),
    "no_guess": (
        (
            "(eine Schätzung|eine geratene Zahl|ein erfundener Wert) (wäre|ist) (wertlos|irreführend|aus der "
            "Luft gegriffen|ohne Nutzen)"
        ),
        "(ich will|ich werde|wir sollten) (nicht raten|nicht schätzen|nicht spekulieren|nichts erfinden)",
        "(also|daher|deshalb) (lasse ich das offen|nenne ich keine Zahl|bleibt das Feld leer|steht hier keine Zahl)",
        "(Raten|Schätzen|Erfinden) (hilft niemandem|ist keine Antwort|kommt nicht infrage|bringt nichts)",
        (
            "(keine Zahl|ein leeres Feld) (hilft eher als|ist ehrlicher als|ist mir lieber als) (ein geratener|"
            "ein erfundener|ein falscher) Wert"
        ),
        "(eine Zahl an dieser Stelle|jede Zahl hier) wäre (geraten|erfunden|Kaffeesatzlesen)",
    ),
    "instead": (
        (
            "(stattdessen|als Ersatz) (liegt {m2} vor|kann ich {m2_acc} anbieten|gibt es {m2_acc}|habe ich "
            "{m2_acc})(: |, nämlich ){v2}"
        ),
        "(messbar|verfügbar|brauchbar|vorhanden) ist (dagegen|stattdessen|) {m2}(: |, nämlich ){v2}",
        "(aus derselben Aufnahme|aus diesem Video) (gibt es|habe ich|kenne ich) {m2_acc}(: |, nämlich ){v2}",
        "(ich kann|wir können|man kann) stattdessen {m2_acc} (nennen|angeben|anbieten)(: |, nämlich ){v2}",
        "(damit verwandt|am ehesten vergleichbar|eng damit verwandt) ist {m2}(: |, nämlich ){v2}",
    ),
    "instead_named": (
        "(stattdessen|als Ersatz) (liegt {m2} vor|steht {m2} bereit|gibt es {m2_acc})",
        "(ich kann|wir können|man kann) stattdessen über {m2_acc} (sprechen|reden)",
        "(messbar|verfügbar|brauchbar|vorhanden) ist (dagegen|stattdessen|) {m2}",
        "(frag|frage) stattdessen nach {m2_dat}, (das wurde gemessen|die Angabe liegt vor)",
    ),
    "remedy": (
        (
            "(für das nächste Mal|in Zukunft|für eine neue Aufnahme|beim nächsten Versuch|mein Rat|mein "
            "Vorschlag)(: ){remedy}"
        ),
        "(was hilft|Abhilfe|ein Ausweg|so ginge es|was helfen würde)(: ){remedy}",
        "(wer den Wert braucht|damit es klappt|um den Wert zu bekommen)(: ){remedy}",
    ),
    "nothing": (
        (
            "(nichts|kein Unterschied|keine Asymmetrie) (fällt <here> auf|sticht <here> heraus|ist <here> "
            "auffällig|springt ins Auge)"
        ),
        (
            "(ich sehe|es gibt|wir sehen|ich finde|die Daten zeigen) <here> nichts (Auffälliges|Bemerkenswertes|"
            "Besonderes|Ungewöhnliches)"
        ),
        "(kein|nicht ein einziger) (Unterschied|Abstand) (übersteigt|übertrifft) das (Rauschen|Messrauschen)",
        "laut <source_dat> stimmen (links und rechts|die verglichenen Werte|die Werte) überein",
        (
            "(alles, was verglichen wurde,|alles Verglichene|was ich verglichen habe,) (liegt|bleibt) im "
            "(Rauschen|Messrauschen)"
        ),
        (
            "(links und rechts|beide Seiten) (arbeiten gleich|stimmen überein|passen zusammen), (soweit das Video "
            "es zeigt|soweit die Messung reicht)"
        ),
    ),
    "keep_on": (
        "(es gibt|ich sehe) keinen (Grund|Anlass), (deswegen|daran|an der Bewegung) etwas zu (ändern|korrigieren)",
        "(einfach weitermachen|weiter so|weitertrainieren) wie (bisher|geplant|gewohnt)",
        (
            "(eine Wiederholung|eine weitere Aufnahme|ein weiterer Clip) (könnte|würde) (das|diesen Befund) "
            "(bestätigen|prüfen|absichern)"
        ),
        "auch das ist (gut zu wissen|ein Ergebnis|ein Befund)",
    ),
    "moment": ("bei {t}",),
    "when": (
        "{m} <is> {v}, (gesehen|gemessen|abgelesen|erreicht|beobachtet) {t}",
        "{t} <is_plain> {m} {v} <here>",
        "(das war|zu sehen ist es|es geschieht|man sieht es|es zeigt sich|schau) {t}(: |; ){m} <is> {v}",
        "<source> <gives> für {m_acc} {v}, (und zwar|gemessen|gesehen|erreicht) {t}",
        "{m_label}: {v}(, | und zwar |, gemessen |, gesehen |, erreicht ){t}",
        "{m_bei} (lesen wir|finde ich|findet sich|sehe ich|zeigt sich|messe ich) {v} {t}",
        "(ich lese|ich finde|wir sehen|wir haben|man liest|ich sehe) für {m_acc} {v}, (und zwar|gemessen) {t}",
        "(halte das Video an|sieh hin|schau hin) {t}(: |; ){m} <is> {v}",
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
            "liegt|lässt er sich nicht sicher einordnen), daher gebe ich (noch|hier|) keinen Hinweis"
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
            "kleinen Schritten|)"
        ),
        "(führe|bringe) {name_acc} (allmählich|Schritt für Schritt|nach und nach|behutsam) {way}",
        (
            "(Hinweis|Tipp|fürs Training|mein Hinweis)(: ){name_acc} {way} bringen(, langsam|, in kleinen Schritten|"
            ", dann neu filmen|)"
        ),
        (
            "(in den nächsten Einheiten|in den kommenden Wochen|im nächsten Training) {name_acc} {way} bringen(, "
            "nach und nach|, in kleinen Schritten|)"
        ),
    ),
    "cue_keep": (
        "(das|es) (darf|kann|sollte) so bleiben",
        "(es gibt|ich sehe) keinen (Grund|Anlass), (etwas|daran etwas) zu ändern",
        "(Hinweis|Tipp|fürs Training)(: )(so beibehalten|weiter so|genau so wiederholen)",
        "(das passt|das ist in Ordnung), (also so weitermachen|hier ist nichts zu korrigieren)",
    ),
    "sure_with": (
        "nach der (angegebenen|geschätzten) Genauigkeit <is_plain> {m} {v}, und <margin>",
        "(ziemlich|einigermaßen|in Grenzen|halbwegs|im Rahmen des Rauschens)(: |, ){m} <is_plain> {v}, und <margin>",
        "{m} <is> {v}; <margin>",
        "{m_zu}: <margin>",
        "(das hängt vom Rauschen ab|eine Zahl hilft)(: |; ){m_bei} gilt: <margin>",
    ),
}
"""Rules of the assistant's words."""

"""German names of every metric, in the nominative, each a singular.

Those that carry their article are written; the others are only understood.
"""

from __future__ import annotations

from typing import Final

_JOINTS: Final = {
    "ankle": ("Sprunggelenk", "des Sprunggelenks", "am Sprunggelenk"),
    "knee": ("Knie", "des Knies", "am Knie"),
    "hip": ("Hüft", "der Hüfte", "an der Hüfte"),
    "shoulder": ("Schulter", "der Schulter", "an der Schulter"),
    "elbow": ("Ellenbogen", "des Ellenbogens", "am Ellenbogen"),
}
_QUANTITIES: Final = {
    "rom": ("des Bewegungsumfangs {place}", "des Bewegungsumfangs {owner}"),
    "peak": ("des größten {joint}winkels", "des größten Winkels {place}", "des größten Winkels {owner}"),
    "speed": ("der mittleren Winkelgeschwindigkeit {place}", "der mittleren Winkelgeschwindigkeit {owner}"),
}
_INDICES: Final = {
    "robinson": "der Symmetrieindex",
    "angle": "der Symmetriewinkel",
    "nsi": "der normierte Symmetrieindex",
}
_PARTS: Final = {
    "hand": "des Handwegs",
    "ankle_path": "des Knöchelwegs",
    "pelvis": "des Beckenwegs",
    "ankle": "des Sprunggelenkwinkels",
    "knee": "des Kniewinkels",
    "hip": "des Hüftwinkels",
    "shoulder": "des Schulterwinkels",
    "elbow": "des Ellenbogenwinkels",
}
_SMOOTHNESS: Final = {
    "sparc": ("SPARC", "die spektrale Bogenlänge", "der spektralen Bogenlänge"),
    "ldlj": ("LDLJ", "der logarithmierte dimensionslose Ruck", "des logarithmierten dimensionslosen Rucks"),
}
_SWAY: Final = {
    "ap": ("nach vorn und hinten", "{article} {noun} in Vor-Rück-Richtung"),
    "ml": ("zur Seite", "{article} seitliche {noun}"),
}
_FLEXIONS: Final = {
    "ankle_dorsiflexion": ("Dorsalextension des Sprunggelenks", "Dorsalflexion des Sprunggelenks"),
    "knee_flexion": ("Kniebeugung", "Knieflexion"),
    "hip_flexion": ("Hüftbeugung", "Hüftflexion"),
    "shoulder_flexion": ("Schulterbeugung", "Schulterflexion"),
    "elbow_flexion": ("Ellenbogenbeugung", "Ellenbogenflexion"),
    "wrist_flexion": ("Handgelenkbeugung", "Handgelenksflexion"),
}
_SINGLE: Final[dict[str, tuple[str, ...]]] = {
    "camera_roll": ("die Neigung des Bodens", "die Kameraneigung zur Seite"),
    "size_change": ("die Größenänderung der Person", "die Änderung der Größe der Person"),
    "camera_pitch": ("die Abwärtsneigung der Kamera", "die Kameraneigung nach unten"),
    "com_height": ("die Höhe des Körperschwerpunkts", "die Schwerpunkthöhe"),
    "com_height_metric": (
        "die Höhe des Körperschwerpunkts in Metern",
        "die Schwerpunkthöhe in Metern",
        "Höhe des Körperschwerpunkts",
    ),
    "com_vertical_range": (
        "der Hub des Körperschwerpunkts",
        "der Schwerpunkthub",
        "der senkrechte Weg des Schwerpunkts",
        "senkrechter Weg des Körperschwerpunkts",
    ),
    "com_vertical_range_metric": (
        "der Hub des Körperschwerpunkts in Metern",
        "der Schwerpunkthub in Metern",
        "der senkrechte Weg des Schwerpunkts in Metern",
        "Hub des Körperschwerpunkts",
    ),
    "com_speed_mean": (
        "die mittlere Geschwindigkeit des Körperschwerpunkts",
        "die mittlere Schwerpunktgeschwindigkeit",
        "die Durchschnittsgeschwindigkeit des Schwerpunkts",
        "Durchschnittsgeschwindigkeit des Körperschwerpunkts",
    ),
    "com_speed_mean_metric": (
        "die mittlere Geschwindigkeit des Körperschwerpunkts in Metern pro Sekunde",
        "die mittlere Schwerpunktgeschwindigkeit in m/s",
        "die Durchschnittsgeschwindigkeit des Schwerpunkts in m/s",
        "mittlere Geschwindigkeit des Körperschwerpunkts",
    ),
    "com_speed_max": (
        "die größte Geschwindigkeit des Körperschwerpunkts",
        "die größte Schwerpunktgeschwindigkeit",
        "die Höchstgeschwindigkeit des Schwerpunkts",
        "Höchstgeschwindigkeit des Körperschwerpunkts",
    ),
    "com_speed_max_metric": (
        "die größte Geschwindigkeit des Körperschwerpunkts in Metern pro Sekunde",
        "die größte Schwerpunktgeschwindigkeit in m/s",
        "die Höchstgeschwindigkeit des Schwerpunkts in m/s",
        "größte Geschwindigkeit des Körperschwerpunkts",
    ),
    "sway_ellipse_image": ("die Schwankungsellipse im Bild", "Schwankungsellipse"),
    "shoulder_tilt": ("die Schulterneigung", "die Neigung der Schultern", "der Schulterschiefstand"),
    "pelvis_tilt": ("die Beckenneigung", "die Neigung des Beckens", "der Beckenschiefstand"),
    "trunk_lean_lateral": ("die Seitneigung des Rumpfes", "die seitliche Rumpfneigung"),
    "frontal_knee_angle": ("der frontale Kniewinkel", "der Kniewinkel in der Frontalebene"),
    "trunk_inclination": ("die Vorneigung des Rumpfes", "die Rumpfvorneigung"),
    "head_forward": ("die Kopfvorhaltung", "die Vorhaltung des Kopfes"),
    "posture_score_frontal": ("die Haltungswertung von vorn", "die Haltungspunktzahl von vorn"),
    "posture_score_sagittal": ("die Haltungswertung von der Seite", "die Haltungspunktzahl von der Seite"),
    "balance_score_ap": (
        "die Gleichgewichtswertung nach vorn und hinten",
        "die Gleichgewichtspunktzahl nach vorn und hinten",
    ),
    "balance_score_ml": ("die Gleichgewichtswertung zur Seite", "die seitliche Gleichgewichtswertung"),
    "cadence": ("die Schrittfrequenz", "die Kadenz", "die Schrittrate"),
    "step_time": ("die Schrittzeit", "die Schrittdauer", "die Zeit je Schritt"),
    "step_time_sd": ("die Standardabweichung der Schrittzeit", "die Streuung der Schrittzeit"),
    "step_time_cv": ("der Variationskoeffizient der Schrittzeit", "die Schwankung der Schrittzeit"),
    "step_time_asymmetry": ("die Asymmetrie der Schrittzeit", "die Schrittzeitasymmetrie"),
    "stride_time": ("die Doppelschrittzeit", "die Doppelschrittdauer"),
    "stride_time_cv": ("der Variationskoeffizient der Doppelschrittzeit", "die Schwankung der Doppelschrittzeit"),
    "contact_time": ("die Bodenkontaktzeit", "die Kontaktzeit", "die Standzeit"),
    "swing_time": ("die Schwungzeit", "die Schwungdauer"),
    "duty_factor": ("der Standanteil", "der Standphasenanteil"),
    "double_support": ("der Anteil der Doppelstütze", "der Doppelstützanteil", "Doppelstütze"),
    "step_flight_time": ("die Flugzeit eines Schritts", "die Flugzeit je Schritt"),
    "step_length": ("die Schrittlänge",),
    "step_length_m": ("die Schrittlänge in Metern", "Schrittlänge"),
    "stride_length": ("die Doppelschrittlänge",),
    "stride_length_m": ("die Doppelschrittlänge in Metern", "Doppelschrittlänge"),
    "gait_speed": ("die Ganggeschwindigkeit", "Geschwindigkeit", "Laufgeschwindigkeit", "Gehgeschwindigkeit"),
    "gait_speed_m": ("die Ganggeschwindigkeit in Metern", "Ganggeschwindigkeit", "Laufgeschwindigkeit"),
    "vertical_oscillation": ("die senkrechte Beckenbewegung", "die vertikale Beckenbewegung", "vertikale Oszillation"),
    "vertical_oscillation_m": (
        "die senkrechte Beckenbewegung in Metern",
        "senkrechte Beckenbewegung",
        "vertikale Oszillation",
    ),
    "gait_trunk_lean": ("die Rumpfneigung im Gang", "die Rumpfneigung beim Gehen", "Rumpfneigung beim Laufen"),
    "overstride": ("der Abstand des Fußes vor der Hüfte beim Aufsetzen", "der Fußvorsprung beim Aufsetzen"),
    "shank_angle_at_contact": ("der Unterschenkelwinkel beim Aufsetzen", "der Schienbeinwinkel beim Aufsetzen"),
    "peak_stance_knee_flexion": ("die größte Kniebeugung im Stand", "die maximale Kniebeugung in der Standphase"),
    "jump_count": ("die Anzahl der Sprünge", "Sprünge", "Sprüngen", "Sprung"),
    "hop_count": ("die Anzahl der Hüpfer", "Hüpfer", "Hüpfern"),
    "leap_count": ("die Anzahl der Sprungschritte", "Sprungschritte", "Sprungschritten", "Sprungschritt"),
    "jump_flight_time": ("die Flugzeit des Sprungs", "die Flugzeit beim Sprung", "Flugzeit"),
    "jump_height_flight": ("die Sprunghöhe aus der Flugzeit", "Sprunghöhe"),
    "jump_height_flight_best": ("die beste Sprunghöhe aus der Flugzeit", "beste Sprunghöhe"),
    "jump_take_off_speed": ("die Absprunggeschwindigkeit",),
    "jump_height_com": ("die Sprunghöhe des Körperschwerpunkts",),
    "jump_height_com_m": ("die Sprunghöhe des Körperschwerpunkts in Metern", "Sprunghöhe des Körperschwerpunkts"),
    "countermovement_depth": ("die Tiefe der Ausholbewegung", "die Ausholtiefe"),
    "countermovement_depth_m": ("die Tiefe der Ausholbewegung in Metern", "Tiefe der Ausholbewegung"),
    "jump_push_off_time": ("die Abstoßzeit", "die Abdruckzeit", "die Abstoßdauer"),
    "cycle_count": ("die Anzahl der Zyklen", "Zyklen", "Zyklus", "Bewegungszyklen"),
    "cycle_duration": ("die Zyklusdauer", "die Dauer eines Zyklus"),
    "consistency_duration_cv": ("die Schwankung der Zyklusdauer", "die Variation der Zyklusdauer"),
    "event_foot_strike": ("die Anzahl der Fußaufsätze", "Fußaufsätze", "Fußaufsätzen", "Fußaufsatz"),
    "event_toe_off": ("die Anzahl der Zehenabhebungen", "Zehenabhebungen", "Zehenabhebung"),
    "event_take_off": ("die Anzahl der Absprünge", "Absprünge", "Absprüngen", "Absprung"),
    "event_landing": ("die Anzahl der Landungen", "Landungen", "Landung"),
}


def _sway() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for axis, (behind, other) in _SWAY.items():
        for key, article, noun in (
            ("sway_rms", "die", "mittlere Schwankung"),
            ("sway_range", "die", "Schwankungsbreite"),
            ("sway_path", "der", "Schwankungsweg"),
            ("sway_speed", "die", "Schwankungsgeschwindigkeit"),
            ("base_of_support", "die", "Breite der Unterstützungsfläche"),
            ("margin_of_stability", "die", "Stabilitätsreserve"),
        ):
            written = (f"{article} {noun} {behind}", other.format(article=article, noun=noun))
            unit = "in Metern pro Sekunde" if key == "sway_speed" else "in Metern"
            names[f"{key}_{axis}"] = written
            names[f"{key}_{axis}_metric"] = (*(f"{one} {unit}" for one in written), f"{noun} {behind}")
    return names


def _symmetry() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for key, (joint, owner, place) in _JOINTS.items():
        for quantity, phrases in _QUANTITIES.items():
            for index, noun in _INDICES.items():
                names[f"symmetry_{key}_{quantity}_{index}"] = tuple(
                    f"{noun} {phrase.format(joint=joint, owner=owner, place=place)}" for phrase in phrases
                )
        names[f"symmetry_{key}_level"] = _at(("die Stufe des Seitenunterschieds",), place, owner)
        names[f"symmetry_{key}_lag"] = _at(("der Zeitversatz zwischen den Seiten",), place, owner)
        names[f"symmetry_{key}_rmse"] = (
            f"der Abstand der beiden {joint}kurven",
            f"der Abstand der beiden Kurven {owner}",
        )
        names[f"consistency_{key}_sd"] = (
            f"die Streuung des {joint}winkels zwischen den Zyklen",
            f"die Streuung des {joint}winkels von Zyklus zu Zyklus",
            f"Streuung des Winkels {owner} zwischen den Zyklen",
        )
        names[f"consistency_{key}_cmc"] = (
            f"der multiple Korrelationskoeffizient des {joint}winkels",
            f"die Wiederholbarkeit des {joint}winkels nach CMC",
            f"multiple Korrelationskoeffizient {owner}",
        )
        names[f"consistency_{key}_rom_cv"] = _at(
            ("die Schwankung des Bewegungsumfangs", "die Variation des Bewegungsumfangs"), place, owner
        )
    return names


def _at(nouns: tuple[str, ...], place: str, owner: str) -> tuple[str, ...]:
    return tuple(f"{noun} {where}" for noun in nouns for where in (place, owner))


def _smoothness() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for part, owner in _PARTS.items():
        for key, (short, noun, genitive) in _SMOOTHNESS.items():
            names[f"smoothness_{part}_{key}"] = (
                f"die {short}-Glätte {owner}",
                f"die Bewegungsglätte {owner} nach {short}",
                f"{noun} {owner}",
            )
            names[f"smoothness_{part}_{key}_spread"] = (
                f"die Streuung der {short}-Glätte {owner}",
                f"die Streuung der Bewegungsglätte {owner} nach {short}",
                f"die Streuung {genitive} {owner}",
            )
    return names


def _extremes() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for angle, nouns in _FLEXIONS.items():
        for end, words in (("max", ("größte", "maximale")), ("min", ("kleinste", "minimale"))):
            names[f"{angle}_{end}"] = tuple(f"die {word} {noun}" for word in words for noun in nouns)
    return names


_ALL: Final = {**_SINGLE, **_sway(), **_symmetry(), **_smoothness(), **_extremes()}


def _split(name: str) -> tuple[str, str]:
    """Return a name's article, empty without one, and the rest."""
    article, _, rest = name.partition(" ")
    return (article, rest) if article in ("der", "die", "das") else ("", name)


NAMES: Final[dict[str, tuple[str, ...]]] = {
    metric: tuple(_split(name)[1] for name in names) for metric, names in _ALL.items()
}
"""Metric -> names without article."""

WRITTEN: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    metric: tuple(_split(name) for name in names if _split(name)[0]) for metric, names in _ALL.items()
}
"""Metric -> names to write, each with its definite article."""

ARTICLES: Final[dict[str, str]] = {metric: names[0][0] for metric, names in WRITTEN.items()}
"""Metric -> definite article of its first name."""

"""German names of every metric, in the nominative; the first is the one to write and carries its article."""

from __future__ import annotations

from typing import Final

_JOINTS: Final = {
    "ankle": ("Sprunggelenk", "des Sprunggelenks"),
    "knee": ("Knie", "des Knies"),
    "hip": ("Hüfte", "der Hüfte"),
    "shoulder": ("Schulter", "der Schulter"),
    "elbow": ("Ellenbogen", "des Ellenbogens"),
}
_QUANTITIES: Final = {
    "rom": "des Bewegungsumfangs",
    "peak": "des größten Winkels",
    "speed": "der mittleren Winkelgeschwindigkeit",
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
    "sparc": ("die spektrale Bogenlänge", "der spektralen Bogenlänge"),
    "ldlj": ("der logarithmierte dimensionslose Ruck", "des logarithmierten dimensionslosen Rucks"),
}
_SWAY: Final = {"ap": "nach vorn und hinten", "ml": "zur Seite"}
_FLEXIONS: Final = {
    "ankle_dorsiflexion": ("Dorsalextension des Sprunggelenks", "Dorsalflexion des Sprunggelenks"),
    "knee_flexion": ("Kniebeugung", "Knieflexion"),
    "hip_flexion": ("Hüftbeugung", "Hüftflexion"),
    "shoulder_flexion": ("Schulterbeugung", "Schulterflexion"),
    "elbow_flexion": ("Ellenbogenbeugung", "Ellenbogenflexion"),
    "wrist_flexion": ("Handgelenkbeugung", "Handgelenksflexion"),
}
_SINGLE: Final[dict[str, tuple[str, ...]]] = {
    "camera_roll": ("die Neigung des Bodens", "Kameraneigung zur Seite"),
    "size_change": ("die Größenänderung der Person", "Änderung der Größe der Person"),
    "camera_pitch": ("die Abwärtsneigung der Kamera", "Kameraneigung nach unten"),
    "com_height": ("die Höhe des Körperschwerpunkts", "Schwerpunkthöhe"),
    "com_height_metric": ("die Höhe des Körperschwerpunkts in Metern", "Höhe des Körperschwerpunkts"),
    "com_vertical_range": ("der Hub des Körperschwerpunkts", "senkrechter Weg des Körperschwerpunkts"),
    "com_vertical_range_metric": ("der Hub des Körperschwerpunkts in Metern", "Hub des Körperschwerpunkts"),
    "com_speed_mean": (
        "die mittlere Geschwindigkeit des Körperschwerpunkts",
        "Durchschnittsgeschwindigkeit des Körperschwerpunkts",
    ),
    "com_speed_mean_metric": (
        "die mittlere Geschwindigkeit des Körperschwerpunkts in Metern",
        "mittlere Geschwindigkeit des Körperschwerpunkts",
    ),
    "com_speed_max": (
        "die größte Geschwindigkeit des Körperschwerpunkts",
        "Höchstgeschwindigkeit des Körperschwerpunkts",
    ),
    "com_speed_max_metric": (
        "die größte Geschwindigkeit des Körperschwerpunkts in Metern",
        "größte Geschwindigkeit des Körperschwerpunkts",
    ),
    "sway_ellipse_image": ("die Schwankungsellipse im Bild", "Schwankungsellipse"),
    "shoulder_tilt": ("die Schulterneigung", "Neigung der Schultern", "Schulterschiefstand"),
    "pelvis_tilt": ("die Beckenneigung", "Neigung des Beckens", "Beckenschiefstand"),
    "trunk_lean_lateral": ("die Seitneigung des Rumpfes", "seitliche Rumpfneigung"),
    "frontal_knee_angle": ("der frontale Kniewinkel", "Kniewinkel in der Frontalebene"),
    "trunk_inclination": ("die Vorneigung des Rumpfes", "Rumpfvorneigung"),
    "head_forward": ("die Kopfvorhaltung", "Vorhaltung des Kopfes"),
    "posture_score_frontal": ("die Haltungswertung von vorn", "Haltungspunktzahl von vorn"),
    "posture_score_sagittal": ("die Haltungswertung von der Seite", "Haltungspunktzahl von der Seite"),
    "balance_score_ap": ("die Gleichgewichtswertung nach vorn und hinten",),
    "balance_score_ml": ("die Gleichgewichtswertung zur Seite",),
    "cadence": ("die Schrittfrequenz", "Kadenz", "Schrittrate"),
    "step_time": ("die Schrittzeit", "Schrittdauer", "Zeit je Schritt"),
    "step_time_sd": ("die Standardabweichung der Schrittzeit",),
    "step_time_cv": ("der Variationskoeffizient der Schrittzeit", "Schwankung der Schrittzeit"),
    "step_time_asymmetry": ("die Asymmetrie der Schrittzeit", "Schrittzeitasymmetrie"),
    "stride_time": ("die Doppelschrittzeit", "Doppelschrittdauer"),
    "stride_time_cv": ("der Variationskoeffizient der Doppelschrittzeit", "Schwankung der Doppelschrittzeit"),
    "contact_time": ("die Bodenkontaktzeit", "Kontaktzeit", "Standzeit"),
    "swing_time": ("die Schwungzeit", "Schwungdauer"),
    "duty_factor": ("der Standanteil", "Standphasenanteil"),
    "double_support": ("der Anteil der Doppelstütze", "Doppelstützanteil", "Doppelstütze"),
    "step_flight_time": ("die Flugzeit eines Schritts", "Flugzeit je Schritt"),
    "step_length": ("die Schrittlänge",),
    "step_length_m": ("die Schrittlänge in Metern", "Schrittlänge"),
    "stride_length": ("die Doppelschrittlänge",),
    "stride_length_m": ("die Doppelschrittlänge in Metern", "Doppelschrittlänge"),
    "gait_speed": ("die Ganggeschwindigkeit", "Geschwindigkeit", "Laufgeschwindigkeit", "Gehgeschwindigkeit"),
    "gait_speed_m": ("die Ganggeschwindigkeit in Metern", "Ganggeschwindigkeit", "Laufgeschwindigkeit"),
    "vertical_oscillation": ("die senkrechte Beckenbewegung", "vertikale Oszillation"),
    "vertical_oscillation_m": (
        "die senkrechte Beckenbewegung in Metern",
        "senkrechte Beckenbewegung",
        "vertikale Oszillation",
    ),
    "gait_trunk_lean": ("die Rumpfneigung im Gang", "Rumpfneigung beim Gehen", "Rumpfneigung beim Laufen"),
    "overstride": ("der Abstand des Fußes vor der Hüfte beim Aufsetzen", "Fußvorsprung beim Aufsetzen"),
    "shank_angle_at_contact": ("der Unterschenkelwinkel beim Aufsetzen", "Schienbeinwinkel beim Aufsetzen"),
    "peak_stance_knee_flexion": ("die größte Kniebeugung im Stand", "maximale Kniebeugung in der Standphase"),
    "jump_count": ("die Anzahl der Sprünge", "Sprünge", "Sprüngen", "Sprung"),
    "jump_flight_time": ("die Flugzeit des Sprungs", "Flugzeit beim Sprung", "Flugzeit"),
    "jump_height_flight": ("die Sprunghöhe aus der Flugzeit", "Sprunghöhe"),
    "jump_height_flight_best": ("die beste Sprunghöhe aus der Flugzeit", "beste Sprunghöhe"),
    "jump_take_off_speed": ("die Absprunggeschwindigkeit",),
    "jump_height_com": ("die Sprunghöhe des Körperschwerpunkts",),
    "jump_height_com_m": ("die Sprunghöhe des Körperschwerpunkts in Metern", "Sprunghöhe des Körperschwerpunkts"),
    "countermovement_depth": ("die Tiefe der Ausholbewegung", "Ausholtiefe"),
    "countermovement_depth_m": ("die Tiefe der Ausholbewegung in Metern", "Tiefe der Ausholbewegung"),
    "jump_push_off_time": ("die Abstoßzeit", "Abdruckzeit", "Abstoßdauer"),
    "cycle_count": ("die Anzahl der Zyklen", "Zyklen", "Zyklus", "Bewegungszyklen"),
    "cycle_duration": ("die Zyklusdauer", "Dauer eines Zyklus"),
    "consistency_duration_cv": ("die Schwankung der Zyklusdauer", "Variation der Zyklusdauer"),
    "event_foot_strike": ("die Anzahl der Fußaufsätze", "Fußaufsätze", "Fußaufsätzen", "Fußaufsatz"),
    "event_toe_off": ("die Anzahl der Zehenabhebungen", "Zehenabhebungen", "Zehenabhebung"),
    "event_take_off": ("die Anzahl der Absprünge", "Absprünge", "Absprüngen", "Absprung"),
    "event_landing": ("die Anzahl der Landungen", "Landungen", "Landung"),
}


def _sway() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for axis, words in _SWAY.items():
        for key, noun in (
            ("sway_rms", "die mittlere Schwankung"),
            ("sway_range", "die Schwankungsbreite"),
            ("sway_path", "der Schwankungsweg"),
            ("sway_speed", "die Schwankungsgeschwindigkeit"),
            ("base_of_support", "die Breite der Unterstützungsfläche"),
            ("margin_of_stability", "die Stabilitätsreserve"),
        ):
            bare = noun.split(" ", 1)[1]
            names[f"{key}_{axis}"] = (f"{noun} {words}",)
            names[f"{key}_{axis}_metric"] = (f"{noun} {words} in Metern", f"{bare} {words}")
    return names


def _symmetry() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for joint, (_, owner) in _JOINTS.items():
        for quantity, words in _QUANTITIES.items():
            for index, noun in _INDICES.items():
                names[f"symmetry_{joint}_{quantity}_{index}"] = (f"{noun} {words} {owner}",)
        names[f"symmetry_{joint}_level"] = (f"die Stufe des Seitenunterschieds {owner}",)
        names[f"symmetry_{joint}_lag"] = (f"der Zeitversatz zwischen den Seiten {owner}",)
        names[f"symmetry_{joint}_rmse"] = (f"der Abstand der beiden Kurven {owner}",)
        names[f"consistency_{joint}_sd"] = (f"die Streuung des Winkels {owner} zwischen den Zyklen",)
        names[f"consistency_{joint}_cmc"] = (f"der multiple Korrelationskoeffizient {owner}",)
        names[f"consistency_{joint}_rom_cv"] = (f"die Schwankung des Bewegungsumfangs {owner}",)
    return names


def _smoothness() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for part, owner in _PARTS.items():
        for key, (noun, genitive) in _SMOOTHNESS.items():
            names[f"smoothness_{part}_{key}"] = (f"{noun} {owner}",)
            names[f"smoothness_{part}_{key}_spread"] = (f"die Streuung {genitive} {owner}",)
    return names


def _extremes() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for angle, nouns in _FLEXIONS.items():
        for end, words in (("max", ("größte", "maximale")), ("min", ("kleinste", "minimale"))):
            phrases = [f"{word} {noun}" for word in words for noun in nouns]
            names[f"{angle}_{end}"] = (f"die {phrases[0]}", *phrases[1:])
    return names


_WITH_ARTICLE: Final = {**_SINGLE, **_sway(), **_symmetry(), **_smoothness(), **_extremes()}

NAMES: Final[dict[str, tuple[str, ...]]] = {
    metric: (names[0].split(" ", 1)[1], *names[1:]) for metric, names in _WITH_ARTICLE.items()
}
"""Metric -> names without article."""

ARTICLES: Final[dict[str, str]] = {metric: names[0].split(" ", 1)[0] for metric, names in _WITH_ARTICLE.items()}
"""Metric -> definite article of its first name; every first name is a singular."""

"""English names of every metric, as noun phrases without article; the first is the one to write."""

from __future__ import annotations

from typing import Final

_JOINTS: Final = ("ankle", "knee", "hip", "shoulder", "elbow")
_QUANTITIES: Final = {
    "rom": ("range of motion", "range-of-motion"),
    "peak": ("peak angle", "peak-angle"),
    "speed": ("mean angular speed", "angular-speed"),
}
_INDICES: Final = {"robinson": "symmetry index", "angle": "symmetry angle", "nsi": "normalised symmetry index"}
_PARTS: Final = {
    "hand": "hand path",
    "ankle_path": "ankle path",
    "pelvis": "pelvis path",
    "ankle": "ankle angle",
    "knee": "knee angle",
    "hip": "hip angle",
    "shoulder": "shoulder angle",
    "elbow": "elbow angle",
}
_SMOOTHNESS: Final = {
    "sparc": ("spectral arc length", "SPARC", "spectral smoothness"),
    "ldlj": ("log dimensionless jerk", "LDLJ", "jerk-based smoothness"),
}
_SWAY: Final = {"ap": ("fore-and-aft", "fore and aft", "front-to-back"), "ml": ("sideways", "sideways", "side-to-side")}
_ENDS: Final = {"max": ("largest", "maximum", "peak", "greatest"), "min": ("smallest", "minimum", "lowest")}
_SINGLE: Final[dict[str, tuple[str, ...]]] = {
    "camera_roll": ("slope of the floor", "camera roll"),
    "size_change": ("change of the person's size", "change in apparent size"),
    "camera_pitch": ("downward pitch of the camera", "camera pitch", "downward camera tilt"),
    "com_height": ("height of the centre of mass", "centre-of-mass height"),
    "com_height_metric": (
        "height of the centre of mass in metres",
        "centre-of-mass height in metres",
        "height of the centre of mass",
    ),
    "com_vertical_range": (
        "vertical travel of the centre of mass",
        "vertical centre-of-mass travel",
        "up-and-down centre-of-mass travel",
    ),
    "com_vertical_range_metric": (
        "vertical travel of the centre of mass in metres",
        "vertical centre-of-mass travel in metres",
        "up-and-down centre-of-mass travel in metres",
        "vertical travel of the centre of mass",
    ),
    "com_speed_mean": (
        "mean speed of the centre of mass",
        "mean centre-of-mass speed",
        "average speed of the centre of mass",
    ),
    "com_speed_mean_metric": (
        "mean speed of the centre of mass in metres per second",
        "mean centre-of-mass speed in m/s",
        "average centre-of-mass speed in m/s",
        "mean speed of the centre of mass",
    ),
    "com_speed_max": (
        "largest speed of the centre of mass",
        "top centre-of-mass speed",
        "peak speed of the centre of mass",
    ),
    "com_speed_max_metric": (
        "largest speed of the centre of mass in metres per second",
        "top centre-of-mass speed in m/s",
        "peak centre-of-mass speed in m/s",
        "largest speed of the centre of mass",
    ),
    "sway_ellipse_image": ("sway ellipse in the picture", "sway ellipse"),
    "shoulder_tilt": ("shoulder tilt", "tilt of the shoulders"),
    "pelvis_tilt": ("pelvis tilt", "tilt of the pelvis", "pelvic tilt"),
    "trunk_lean_lateral": ("sideways lean of the trunk", "lateral trunk lean", "sideways trunk lean"),
    "frontal_knee_angle": ("frontal knee angle", "frontal-plane knee angle", "knee valgus angle"),
    "trunk_inclination": ("inclination of the trunk", "trunk inclination", "forward lean of the trunk"),
    "head_forward": ("forward head angle", "forward head", "forward head position"),
    "posture_score_frontal": ("posture score from the front", "frontal posture score"),
    "posture_score_sagittal": ("posture score from the side", "sagittal posture score"),
    "balance_score_ap": ("fore-and-aft balance score", "balance score fore and aft"),
    "balance_score_ml": ("sideways balance score", "balance score sideways"),
    "cadence": ("cadence", "step rate", "step frequency", "stepping rate"),
    "step_time": ("step time", "step duration", "time per step"),
    "step_time_sd": ("standard deviation of the step time", "step-time standard deviation"),
    "step_time_cv": ("coefficient of variation of the step time", "step-time variability", "step time variability"),
    "step_time_asymmetry": ("step-time asymmetry", "asymmetry of the step time", "step time asymmetry"),
    "stride_time": ("stride time", "stride duration"),
    "stride_time_cv": ("coefficient of variation of the stride time", "stride-time variability"),
    "contact_time": ("contact time", "ground contact time", "stance time"),
    "swing_time": ("swing time", "swing duration"),
    "duty_factor": ("duty factor", "stance share"),
    "double_support": ("double support", "double-support share", "double support share"),
    "step_flight_time": ("flight time of a step", "step flight time", "flight time per step"),
    "step_length": ("step length",),
    "step_length_m": ("step length in metres", "step length"),
    "stride_length": ("stride length",),
    "stride_length_m": ("stride length in metres", "stride length"),
    "gait_speed": ("gait speed", "speed", "forward speed", "walking speed", "running speed"),
    "gait_speed_m": ("gait speed in metres", "gait speed", "speed", "forward speed", "walking speed", "running speed"),
    "vertical_oscillation": ("vertical oscillation of the pelvis", "vertical oscillation"),
    "vertical_oscillation_m": (
        "vertical oscillation of the pelvis in metres",
        "vertical oscillation of the pelvis",
        "vertical oscillation",
    ),
    "gait_trunk_lean": ("trunk lean in gait", "trunk lean", "forward trunk lean"),
    "overstride": ("distance of the foot ahead of the hips at contact", "overstride", "foot ahead of the hips"),
    "shank_angle_at_contact": ("shank angle at contact", "shin angle at contact", "shank angle"),
    "peak_stance_knee_flexion": ("peak knee flexion in stance", "peak stance knee flexion"),
    "jump_count": ("number of jumps", "jumps", "jump", "jump count"),
    "hop_count": ("number of hops", "hops", "hop", "hop count"),
    "leap_count": ("number of leaps", "leaps", "leap", "leap count"),
    "jump_flight_time": ("flight time of the jump", "jump flight time", "flight time"),
    "jump_height_flight": ("jump height from flight time", "flight-time jump height", "jump height"),
    "jump_height_flight_best": ("best jump height from flight time", "best jump height"),
    "jump_take_off_speed": ("take-off speed", "takeoff speed"),
    "jump_height_com": ("jump height of the centre of mass",),
    "jump_height_com_m": ("jump height of the centre of mass in metres", "jump height of the centre of mass"),
    "countermovement_depth": ("countermovement depth", "depth of the countermovement"),
    "countermovement_depth_m": ("countermovement depth in metres", "countermovement depth"),
    "jump_push_off_time": ("push-off time", "push-off duration"),
    "cycle_count": ("number of cycles", "cycles", "cycle", "movement cycles"),
    "cycle_duration": ("cycle duration", "duration of a cycle", "cycle time"),
    "consistency_duration_cv": ("variation of the cycle duration", "cycle-duration variability"),
    "event_foot_strike": ("number of foot strikes", "foot strikes", "foot strike", "foot contacts"),
    "event_toe_off": ("number of toe-offs", "toe-offs", "toe-off"),
    "event_take_off": ("number of take-offs", "take-offs", "take-off"),
    "event_landing": ("number of landings", "landings", "landing"),
}


def _sway() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for axis, (front, behind, other) in _SWAY.items():
        for key, noun in (
            ("sway_rms", "RMS sway"),
            ("sway_range", "sway range"),
            ("sway_path", "sway path"),
            ("sway_speed", "sway speed"),
            ("base_of_support", "base of support"),
            ("margin_of_stability", "margin of stability"),
        ):
            name = f"{front} {noun}"
            # with ", sideways" behind it a name is understood, not written
            names[f"{key}_{axis}"] = (name, f"{other} {noun}", f"{noun} {behind}", f"{noun}, {behind}")
            unit, short = (" in metres per second", " in m/s") if key == "sway_speed" else (" in metres",) * 2
            names[f"{key}_{axis}_metric"] = (
                name + unit,
                f"{other} {noun}{short}",
                name,
                f"{noun} {behind}",
                f"{noun}, {behind}",
            )
    return names


def _symmetry() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for joint in _JOINTS:
        for quantity, (words, hyphened) in _QUANTITIES.items():
            for index, noun in _INDICES.items():
                names[f"symmetry_{joint}_{quantity}_{index}"] = (
                    f"{noun} of the {joint} {words}",
                    f"{joint} {hyphened} {noun}",
                    f"{noun} of the {joint}'s {words}",
                )
        names[f"symmetry_{joint}_level"] = (f"side-difference level of the {joint}", f"{joint} side-difference level")
        names[f"symmetry_{joint}_lag"] = (f"lag between the sides at the {joint}", f"{joint} lag between the sides")
        names[f"symmetry_{joint}_rmse"] = (
            f"distance between the two {joint} curves",
            f"distance of the sides' {joint} curves",
        )
        names[f"consistency_{joint}_sd"] = (
            f"spread of the {joint} angle between cycles",
            f"cycle-to-cycle spread of the {joint} angle",
            f"{joint} spread between cycles",
        )
        names[f"consistency_{joint}_cmc"] = (
            f"coefficient of multiple correlation of the {joint} angle",
            f"CMC repeatability of the {joint} angle",
            f"{joint} angle repeatability by CMC",
            f"{joint} coefficient of multiple correlation",
        )
        names[f"consistency_{joint}_rom_cv"] = (
            f"variation of the {joint} range of motion",
            f"cycle-to-cycle variation of the {joint} range of motion",
            f"{joint} range-of-motion variability",
        )
    return names


def _smoothness() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for part, path in _PARTS.items():
        for key, (noun, short, plain) in _SMOOTHNESS.items():
            names[f"smoothness_{part}_{key}"] = (
                f"{short} smoothness of the {path}",
                f"{path} smoothness by {short}",
                f"{plain} of the {path}",
                f"{noun} of the {path}",
                f"{path} {noun}",
            )
            names[f"smoothness_{part}_{key}_spread"] = (
                f"spread of the {short} smoothness of the {path}",
                f"spread of the {path} smoothness by {short}",
                f"cycle-to-cycle spread of the {path} {short} smoothness",
                f"spread of the {noun} of the {path}",
                f"{path} {noun} spread",
            )
    return names


def _extremes() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for joint, motion in (*((joint, "flexion") for joint in (*_JOINTS[1:], "wrist")), ("ankle", "dorsiflexion")):
        for end, words in _ENDS.items():
            names[f"{joint}_{motion}_{end}"] = tuple(f"{word} {joint} {motion}" for word in words)
    return names


NAMES: Final[dict[str, tuple[str, ...]]] = {**_SINGLE, **_sway(), **_symmetry(), **_smoothness(), **_extremes()}
"""Metric -> names."""

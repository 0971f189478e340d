"""The metrics of the whole body as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from vidpose.biomech.conventions import IMAGE_VIEWS, SIDE_VIEWS
from vidpose.biomech.metrics.row import MetricRow, Plane
from vidpose.types.metrics import MetricSide
from vidpose.types.motion import Facing

METRIC_TWIN: Final = "_metric"
"""Ending of the id of a metric in metres that is also given in body heights."""

_FRONT_VIEWS: Final = (Facing.FRONT, Facing.BACK)
_NONE: Final[tuple[MetricSide, ...]] = ("none",)
_BOTH: Final[tuple[MetricSide, ...]] = ("left", "right")
_MIN_RATE_HZ: Final = 15.0  # carries the 6 Hz that the filter leaves
_BODY: Final = ("head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_FEET: Final = ("heel", "foot_index")
_COM_SOURCE: Final = "body-segment masses: de Leva, J Biomech 29 (1996) 1223; landmarks ours"
_HOF: Final = "Hof, Gazendam & Sinke, J Biomech 38 (2005) 1"
_PRIETO: Final = "Prieto et al., IEEE Trans Biomed Eng 43 (1996) 956, applied to the centre of mass"
_POSTURE: Final = "ours"
_STILL: Final = "while the person stands still"
_TRUNK_LINE: Final = "line from the middle of the hips to that of the shoulders, against the vertical"
_LEVEL: Final = "The camera must be level: see the slope of the floor."
_NOT_A_PLATE: Final = "The centre of mass moves less than a force plate's centre of pressure: compare with neither."


def _com() -> Iterator[MetricRow]:
    base = MetricRow(
        id="com_height",
        label="Height of the centre of mass",
        definition=f"Median height of the centre of mass above the lowest resting foot point, {_STILL}",
        formula="median(y_foot - y_com) / body height",
        unit="body_heights",
        positive="higher",
        zero="on the floor",
        plane="image",
        landmarks=_BODY + _FEET,
        views=IMAGE_VIEWS,
        sides=_NONE,
        source=_COM_SOURCE,
        decimals=3,
        note="Biased by the pose model: of a drawn mannequin it is 0.03 too low from the side (hips and knees are put "
        "0.02 too low, heels and toes 0.01 too high, and the body is found 2 % taller), and right to 0.005 from the "
        "front.",
    )
    yield base
    yield replace(
        base,
        id="com_vertical_range",
        label="Vertical way of the centre of mass",
        definition="Height of the highest place of the centre of mass over its lowest, whole recording",
        formula="(max(y_com) - min(y_com)) / body height",
        positive="more movement",
        zero="no vertical movement",
        still_camera=True,
        landmarks=_BODY,
        note="A person who walks up to the camera also moves in the picture: absent when the size changes.",
    )
    for which, word in (("mean", "Mean"), ("max", "Largest")):
        yield replace(
            base,
            id=f"com_speed_{which}",
            label=f"{word} speed of the centre of mass",
            definition=f"{word} speed of the centre of mass in the picture, whole recording",
            formula=f"{which}(|d(x, y)_com / dt|) / body height",
            unit="body_heights/s",
            positive="faster",
            zero="at rest",
            landmarks=_BODY,
            min_rate_hz=_MIN_RATE_HZ,
            still_camera=True,
            note="Movement towards the camera is not seen, and a moving camera adds its own.",
        )


def _axes() -> Iterator[tuple[str, str, Plane, tuple[Facing, ...]]]:
    yield "ap", "fore and aft", "sagittal", SIDE_VIEWS
    yield "ml", "sideways", "frontal", _FRONT_VIEWS


def _sway() -> Iterator[MetricRow]:
    kinds = (
        ("rms", "RMS sway", "Root mean square distance from the mean place", "sqrt(mean((x - mean(x))²))"),
        ("range", "Range of sway", "Length that holds the middle 95 %", "(quantile(x, 0.975) - quantile(x, 0.025))"),
        ("path", "Sway path", "Way covered there and back", "sum(|dx|)"),
        ("speed", "Sway speed", "Way covered per second", "sum(|dx|) / time"),
    )
    for axis, words, plane, views in _axes():
        for kind, label, definition, formula in kinds:
            yield MetricRow(
                id=f"sway_{kind}_{axis}",
                label=f"{label}, {words}",
                definition=f"{definition}, of the centre of mass {words}, in the longest quiet stand of 5 s or more",
                formula=f"{formula} / body height",
                unit="body_heights/s" if kind == "speed" else "body_heights",
                positive="more sway",
                zero="no sway",
                plane=plane,
                landmarks=_BODY,
                views=views,
                sides=_NONE,
                source=_PRIETO,
                min_rate_hz=_MIN_RATE_HZ if kind in {"path", "speed"} else 0.0,
                still_camera=True,
                decimals=4,
                note=f"{_NOT_A_PLATE} Grows with the time." if kind in {"range", "path"} else _NOT_A_PLATE,
            )
    yield MetricRow(
        id="sway_ellipse_image",
        label="Sway ellipse in the picture",
        definition="Area that holds 95 % of the places of the centre of mass in the picture, in the longest quiet "
        "stand of 5 s or more",
        formula="pi 5.991 sqrt(det(cov(x, y))) / (body height / 100)²",
        unit="none",
        positive="more sway",
        zero="no sway",
        plane="image",
        landmarks=_BODY,
        views=IMAGE_VIEWS,
        sides=_NONE,
        source=f"{_PRIETO}; plane ours",
        still_camera=True,
        decimals=3,
        note="In squares of a hundredth of the body height. Its axes are one horizontal and the vertical: it is not "
        "the usual ellipse of fore-aft and sideways sway, which one camera cannot see.",
    )


def _support() -> Iterator[MetricRow]:
    for axis, words, plane, views in _axes():
        feet = "a foot" if plane == "sagittal" else "both feet"
        one_foot = "" if plane == "sagittal" else " Absent on one foot: from the front it shows no width."
        yield MetricRow(
            id=f"base_of_support_{axis}",
            label=f"Base of support, {words}",
            definition=f"Median distance {words} between the outermost heel and toe landmarks that rest on the floor, "
            f"{_STILL}",
            formula="median(max(x_foot) - min(x_foot)) / body height",
            unit="body_heights",
            positive="wider",
            zero="one point",
            plane=plane,
            landmarks=_FEET,
            views=views,
            sides=_NONE,
            source=f"{_HOF}; one axis: ours",
            decimals=3,
            note=f"Between landmarks, not the edges of the shoes.{one_foot}",
        )
        yield MetricRow(
            id=f"margin_of_stability_{axis}",
            label=f"Margin of stability, {words}",
            definition=f"Distance {words} from the extrapolated centre of mass to the nearer end of the base of "
            f"support: the value that 95 % of the frames with {feet} on the floor exceed",
            formula="quantile(min(x_front - xcom, xcom - x_back), 0.05) / body height, xcom = x + v / sqrt(g / l)",
            unit="body_heights",
            positive="inside the base of support",
            zero="about to tip over",
            plane=plane,
            landmarks=_BODY + _FEET,
            views=views,
            sides=_NONE,
            source=f"{_HOF}; one axis, pendulum of 1.29 hip heights: ours",
            still_camera=True,
            min_rate_hz=_MIN_RATE_HZ,
            decimals=3,
            note="Who walks is outside their base of support for part of every step; that is no fault. Between "
            f"landmarks: sideways, shoes reach about 0.03 body heights further.{one_foot}",
        )


def _posture() -> Iterator[MetricRow]:
    for metric_id, label, words, formula, positive, views, sides, landmarks in (
        ("shoulder_tilt", "Shoulder tilt", "line of the shoulders, against the horizontal",
         "atan2(y_right - y_left, |x_right - x_left|)", "left higher", _FRONT_VIEWS, _NONE, ("shoulder",)),
        ("pelvis_tilt", "Pelvis tilt", "line of the hips, against the horizontal",
         "atan2(y_right - y_left, |x_right - x_left|)", "left higher", _FRONT_VIEWS, _NONE, ("hip",)),
        ("trunk_lean_lateral", "Sideways lean of the trunk", _TRUNK_LINE,
         "atan2(dx to the person's right, dy upwards)", "to the person's right", _FRONT_VIEWS, _NONE,
         ("hip", "shoulder")),
        ("frontal_knee_angle", "Frontal knee angle", "turn from thigh to shank, seen from the front or behind",
         "angle between hip-knee and knee-ankle", "inwards (valgus)", _FRONT_VIEWS, _BOTH, ("hip", "knee", "ankle")),
        ("trunk_inclination", "Inclination of the trunk", _TRUNK_LINE,
         "atan2(dx forward, dy upwards)", "forward", SIDE_VIEWS, _NONE, ("hip", "shoulder")),
        ("head_forward", "Forward head", "line from mid-shoulders to mid-ears, against the vertical",
         "atan2(dx forward, dy upwards)", "forward", SIDE_VIEWS, _NONE, ("shoulder", "ear")),
    ):  # fmt: skip
        yield MetricRow(
            id=metric_id,
            label=label,
            definition=f"Median angle of the {words}, {_STILL}",
            formula=f"median({formula})",
            unit="rad",
            positive=positive,
            zero="straight" if metric_id == "frontal_knee_angle" else "aligned with the picture",
            plane="sagittal" if views == SIDE_VIEWS else "frontal",
            landmarks=landmarks,
            views=views,
            sides=sides,
            source=_POSTURE,
            decimals=1,
            note="A proxy of the craniovertebral angle, which needs the seventh vertebra. " + _LEVEL
            if metric_id == "head_forward"
            else _LEVEL,
        )


def _scores() -> Iterator[MetricRow]:
    for metric_id, label, parts, views in (
        ("posture_score_frontal", "Posture score, from the front", "tilt of shoulders and pelvis, lean of the trunk "
         "and frontal knee angles", _FRONT_VIEWS),
        ("posture_score_sagittal", "Posture score, from the side", "inclination of the trunk and forward head",
         SIDE_VIEWS),
        ("balance_score_ap", "Balance score, fore and aft", "RMS and speed of sway and margin of stability",
         SIDE_VIEWS),
        ("balance_score_ml", "Balance score, sideways", "RMS and speed of sway and margin of stability",
         _FRONT_VIEWS),
    ):  # fmt: skip
        yield MetricRow(
            id=metric_id,
            label=label,
            definition=f"100 less weighted penalties for {parts}",
            formula="100 (1 - sum(w p) / sum(w)), p = clip((|x| - tolerance) / (limit - tolerance), 0, 1)",
            unit="score",
            positive="better",
            zero="every part beyond its limit",
            plane="sagittal" if views == SIDE_VIEWS else "frontal",
            landmarks=_BODY + _FEET if metric_id.startswith("balance") else _BODY,
            views=views,
            sides=_NONE,
            source="ours: weights, tolerances and limits are settings; no clinical scale",
            min_rate_hz=_MIN_RATE_HZ if metric_id.startswith("balance") else 0.0,
            still_camera=metric_id.startswith("balance"),
            decimals=0,
            note="A summary to compare one person with themselves under the same camera.",
        )


def _in_metres(row: MetricRow) -> MetricRow:
    return replace(
        row,
        id=row.id + METRIC_TWIN,
        label=f"{row.label}, metric",
        formula=row.formula.replace("/ body height", "· height_m / body height"),
        unit="m/s" if row.unit == "body_heights/s" else "m",
        needs_height=True,
        note=f"{row.note} In the plane through the person.".strip(),
    )


_PLAIN: Final = (*_com(), *_sway(), *_support())

METRICS: Final[tuple[MetricRow, ...]] = (
    *(each for row in _PLAIN for each in ((row, _in_metres(row)) if row.unit.startswith("body_heights") else (row,))),
    *_posture(),
    *_scores(),
)
"""Every metric of the whole body, in the order of the tables."""

METRIC_BY_ID: Final[dict[str, MetricRow]] = {row.id: row for row in METRICS}

"""Joint angles over time: both sides, their uncertainty, gaps as gaps, and why a value is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from vidpose.results.plots.style import (
    FAINT,
    INK,
    QUIET,
    SIDE_COLOURS,
    SIDE_INKS,
    Margins,
    PlotSettings,
    new_figure,
    panels,
    people_shown,
    person_title,
)
from vidpose.results.video_result import DEGREES_PER_RADIAN, Person, VideoResult
from vidpose.types.arrays import ByteArray, FloatArray, IntArray
from vidpose.types.mapped_arrays import release
from vidpose.types.motion import AngleStatus, Facing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_Side = Literal["right", "left"]
_SIDES: Final[tuple[_Side, _Side]] = ("right", "left")
_JOINTS: Final = (
    # label, angle in the image, included angle in 3-D
    ("Hip flexion", "hip_flexion", "hip_included_3d"),
    ("Knee flexion", "knee_flexion", "knee_included_3d"),
    ("Ankle dorsiflexion", "ankle_dorsiflexion", "ankle_included_3d"),
    ("Shoulder flexion", "shoulder_flexion", "shoulder_included_3d"),
    ("Elbow flexion", "elbow_flexion", "elbow_included_3d"),
)
REASON_WORDS: Final = {
    AngleStatus.REJECTED: "not trusted",
    AngleStatus.WITHHELD_VIEW: "needs another view",
    AngleStatus.WITHHELD_SHORT: "points towards the camera",
    AngleStatus.WITHHELD_IMPOSSIBLE: "impossible value",
    AngleStatus.WITHHELD_UNCERTAIN: "too uncertain in this view",
    AngleStatus.WITHHELD_OUTSIDE: "outside the picture",
}
"""Why a stretch is hatched. A stretch without landmarks is an empty gap."""
_N_STRIPS: Final = 300  # parts of the time that are hatched or not
_LEAST_SPAN: Final = 150  # a stretch shorter than the whole divided by this shows as a gap only
_LEAST_LETTERS: Final = 62.0  # letters along a panel: shorter stretches are hatched without words
_MARGINS: Final = Margins(left=0.5, right=0.15, bottom=0.5, top=0.2, columns=0.55, rows=0.3)
_NOBODY_IN: Final = (8.5, 1.6)  # width and height of a figure without angles
_WHO_IN: Final = 0.2  # for the number of a person above the panels
_LEAST_RANGE_DEG: Final = 50.0  # of an axis, so that noise does not look like movement
_Z95: Final = 1.96


@dataclass(frozen=True, slots=True)
class Curve:
    """One angle, thinned to what a picture can show.

    ``times_s``, ``values_deg`` and ``half_width_deg`` (95 %, NaN when unknown) have shape (n,); NaN is a gap.
    """

    times_s: FloatArray
    values_deg: FloatArray
    half_width_deg: FloatArray


def draw_angles(result: VideoResult, name: str, settings: PlotSettings) -> Figure:
    """Draw one column per person and one panel per joint; bands where the precision of the angles is known.

    Parameters
    ----------
    result
        The video's people.
    name
        The video's name for the title.
    settings
        Length of lines and number of people.
    """
    people, left_out = people_shown(result, settings)
    if not people:
        return _no_person_notice(name)
    n_columns = len(people)
    size = (max(8.5, 5.2 * n_columns + 0.6), 1.62 * len(_JOINTS) + 1.1)
    banded = any(np.isfinite(person.analysis.angles.precision_rad).any() for person in people)
    band = "; band: 95 % interval from measurement noise" if banded else ""
    words = f"Degrees over time{band}; hatched: withheld, with the reason; empty: not seen. {left_out}"
    figure = new_figure(size, f"Joint angles – {name}", words.strip())
    margins = _MARGINS if len(result.people) <= 1 else replace(_MARGINS, top=_MARGINS.top + _WHO_IN)
    all_axes = panels(figure, (len(_JOINTS), n_columns), margins, sharex=True)
    times = result.timestamps_s
    for column, person in enumerate(people):
        for row, joint in enumerate(_JOINTS):
            axes = all_axes[row, column]
            _clean(axes, times, last=row == len(_JOINTS) - 1)
            _panel(axes, person, joint, times, settings)
        if who := person_title(person, result):
            all_axes[0, column].annotate(
                who, (0, 1), (0, 18), xycoords="axes fraction", textcoords="offset points", fontsize=10, color=QUIET
            )
    _legend(figure, size)
    return figure


def _no_person_notice(name: str) -> Figure:
    figure = new_figure(_NOBODY_IN, f"Joint angles – {name}")
    figure.text(0.5, 0.4, "no person found", ha="center", fontsize=11, color=QUIET)
    return figure


def _panel(axes: Any, person: Person, joint: tuple[str, str, str], times_s: FloatArray, settings: PlotSettings) -> None:
    title, in_image, in_space = joint
    angles = person.analysis.angles
    columns = [angles.ids.index(f"{in_image}_{side[0]}") for side in _SIDES]
    if not np.isfinite(angles.values_rad[:, columns]).any():
        replaced = [angles.ids.index(f"{in_space}_{side[0]}") for side in _SIDES]
        if np.isfinite(angles.values_rad[:, replaced]).any():
            columns, title = replaced, f"{title.split()[0]}, included angle in 3-D (image angle not visible)"
    axes.set_title(title, loc="left", fontsize=9.5, color=INK, pad=3)
    for side, column in zip(_SIDES, columns, strict=True):
        noise = angles.precision_rad[:, column]
        curve = thinned_curve(times_s, angles.values_rad[:, column], noise, label_of(person), settings.max_points)
        _line(axes, curve, side)
    low, high = _limits(angles.values_rad[:, columns])
    axes.set_ylim(low, high)
    for side, column in zip(_SIDES, columns, strict=True):
        _hatch(axes, times_s, angles.status[:, column], side)
    release()


def _line(axes: Any, curve: Curve, side: _Side) -> None:
    if np.isfinite(curve.half_width_deg).any():
        axes.fill_between(
            curve.times_s,
            curve.values_deg - curve.half_width_deg,
            curve.values_deg + curve.half_width_deg,
            color=SIDE_COLOURS[side],
            alpha=0.22,
            linewidth=0,
        )
    style = "-" if side == "right" else (0, (5, 1.2))  # told apart also without colours
    axes.plot(curve.times_s, curve.values_deg, color=SIDE_INKS[side], linewidth=1.4, linestyle=style)
    alone = np.isfinite(curve.values_deg) & ~_has_neighbour(np.isfinite(curve.values_deg))
    # A ring around a dot: both show when a right and a left value are the same.
    marker = {"markersize": 3} if side == "right" else {"markersize": 6, "fillstyle": "none", "markeredgewidth": 0.8}
    axes.plot(curve.times_s[alone], curve.values_deg[alone], "o", color=SIDE_INKS[side], **marker)


def _has_neighbour(known: Any) -> Any:
    padded = np.concatenate([[False], known, [False]])
    return padded[:-2] | padded[2:]


def label_of(person: Person) -> IntArray:
    """Return a number per frame that changes where a curve is interrupted: a new stretch, or another view."""
    analysis = person.analysis
    result: IntArray = analysis.filtered.stretch * len(Facing) + analysis.facing
    return result


def thinned_curve(
    times_s: FloatArray, values_rad: FloatArray, noise_rad: FloatArray, label: IntArray, max_points: int
) -> Curve:
    """Return a curve of at most about ``max_points`` points with its extremes and gaps.

    Long curves are cut into parts of equal length of which the lowest and the highest sample are kept; a part with a
    missing sample keeps one missing point, so that a gap stays visible. A change of the label and a wrap of the angle
    interrupt the curve.

    Parameters
    ----------
    times_s, values_rad
        Shape (T,).
    noise_rad
        Standard deviation, shape (T,); NaN when unknown.
    label
        See :func:`label_of`, shape (T,).
    max_points
        Wanted length.
    """
    n = len(values_rad)
    kept = np.arange(n)
    if n > max_points:
        length = -(-3 * n // max_points)
        starts = range(0, n, length)
        kept = np.unique(np.concatenate([_extremes(values_rad, start, min(start + length, n)) for start in starts]))
    half = _Z95 * noise_rad[kept] * DEGREES_PER_RADIAN
    with np.errstate(invalid="ignore"):
        cut = (np.diff(label[kept]) != 0) | (np.abs(np.diff(values_rad[kept])) > np.pi)
    places = np.flatnonzero(cut) + 1
    return Curve(
        np.insert(times_s[kept], places, times_s[kept][places]),
        np.insert(values_rad[kept] * DEGREES_PER_RADIAN, places, np.nan),
        np.insert(half, places, np.nan),
    )


def _extremes(values: FloatArray, start: int, stop: int) -> IntArray:
    part = values[start:stop]
    known = np.isfinite(part)
    chosen = [] if known.all() else [int(np.argmin(known))]
    if known.any():
        chosen += [int(np.nanargmin(part)), int(np.nanargmax(part))]
    return start + np.asarray(chosen, dtype=np.int64)


def withheld_spans(times_s: FloatArray, status: ByteArray) -> Iterator[tuple[float, float, AngleStatus]]:
    """Yield begin, end and reason of the stretches in which most values are withheld for one reason.

    Parameters
    ----------
    times_s
        Seconds, shape (T,).
    status
        :class:`AngleStatus` per frame, shape (T,).
    """
    if len(times_s) < 2:
        return
    edges = np.unique(np.linspace(0, len(status), min(_N_STRIPS, len(status)) + 1).astype(np.int64))
    sizes = np.diff(edges)
    codes = np.zeros(len(sizes), dtype=np.int64)
    for reason in REASON_WORDS:
        counts = np.add.reduceat((status == reason).astype(np.int64), edges[:-1])
        codes[2 * counts > sizes] = reason
    borders = np.flatnonzero(np.diff(codes)) + 1
    for first, last in zip([0, *borders], [*borders, len(codes)], strict=True):
        if codes[first] and (last - first) * _LEAST_SPAN >= len(codes):
            end = min(int(edges[last]), len(times_s) - 1)
            yield float(times_s[edges[first]]), float(times_s[end]), AngleStatus(int(codes[first]))


def _hatch(axes: Any, times_s: FloatArray, status: ByteArray, side: _Side) -> None:
    """Hatch the upper half for the right side and the lower half for the left one."""
    low, high = (0.5, 1.0) if side == "right" else (0.0, 0.5)
    whole_s = float(times_s[-1] - times_s[0]) if len(times_s) > 1 else 1.0
    for begin_s, end_s, reason in withheld_spans(times_s, status):
        axes.axvspan(
            begin_s,
            end_s,
            low,
            high,
            facecolor="none",
            edgecolor=SIDE_COLOURS[side],
            hatch="////",
            linewidth=0,
            alpha=0.4,
        )
        words = REASON_WORDS[reason]
        if (end_s - begin_s) / whole_s * _LEAST_LETTERS > len(words):
            axes.text(
                0.5 * (begin_s + end_s),
                0.5 * (low + high),
                words,
                transform=axes.get_xaxis_transform(),
                ha="center",
                va="center",
                fontsize=7.5,
                color=SIDE_INKS[side],
                bbox={"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
            )


def _limits(values_rad: FloatArray) -> tuple[float, float]:
    known = values_rad[np.isfinite(values_rad)] * DEGREES_PER_RADIAN
    if len(known) == 0:
        return -10.0, 100.0
    low, high = (float(edge) for edge in np.quantile(known, (0.002, 0.998)))
    margin = max(0.08 * (high - low), 0.5 * (_LEAST_RANGE_DEG - (high - low)))
    return low - margin, high + margin


def _clean(axes: Any, times_s: FloatArray, last: bool) -> None:
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)
    axes.grid(True, color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(length=2, labelsize=8)
    axes.margins(x=0)
    if len(times_s) > 1:
        axes.set_xlim(float(times_s[0]), float(times_s[-1]))
    else:  # one frame has one time, and no range that matplotlib could find
        axes.set(xlim=(float(times_s[0]) - 0.5, float(times_s[0]) + 0.5), xticks=times_s)
    axes.yaxis.set_major_formatter("{x:g}°")
    if last:
        axes.set_xlabel("time, s")


def _legend(figure: Figure, size: tuple[float, float]) -> None:
    from matplotlib.lines import Line2D

    styles: dict[_Side, Any] = {"right": "-", "left": (0, (5, 1.2))}
    handles = [Line2D([], [], color=SIDE_INKS[side], linewidth=2, linestyle=styles[side]) for side in _SIDES]
    place = (1.0 - 0.15 / size[0], 1.0 - 0.1 / size[1])
    figure.legend(handles, list(_SIDES), loc="upper right", bbox_to_anchor=place, ncols=2, frameon=False, fontsize=9)

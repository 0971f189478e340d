"""Which ways hands, hips and feet took through the picture, coloured by time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.points import named_points
from vidpose.results.plots.style import (
    GHOST,
    HEAD_IN,
    NIGHT,
    PAPER,
    QUIET,
    SIDE_INKS,
    Margins,
    PlotSettings,
    camera_axes,
    ghost,
    middle_frame,
    new_figure,
    panels,
    people_shown,
    person_title,
    time_map,
)
from vidpose.results.video_result import Person, VideoResult
from vidpose.types.arrays import FloatArray, IntArray
from vidpose.types.mapped_arrays import frame_blocks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POINTS: Final = (("wrist", (7, 8)), ("hip", (7, -9)), ("ankle", (7, -9)))
"""Landmarks without side, and where the word stands, points from the start."""
_N_COLOURS: Final = 120
_MARGIN_SHARE: Final = 0.06
_PANEL_IN: Final = 4.4
_MARGINS: Final = Margins(left=0.16, right=0.84, bottom=0.12, top=0.24, columns=0.2, rows=0.34)
_BAR_IN: Final = (0.15, 0.14)  # from the panels to the colour bar, and its width


def draw_trajectories(result: VideoResult, name: str, settings: PlotSettings) -> Figure:
    """Draw two panels per person, right and left, over a faint body from the middle of the time.

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
    boxes = [_box(person, result) for person in people] or [_whole(result)]
    shapes = [(box[3] - box[1]) / (box[2] - box[0]) for box in boxes]
    heights_in = [min(5.6, max(1.8, _PANEL_IN * shape)) for shape in shapes]
    words = "Paths in the picture, coloured by time; dot: start; faint body: halfway through the time. " + left_out
    size = (
        2 * _PANEL_IN + _MARGINS.left + _MARGINS.right + _MARGINS.columns,
        sum(heights_in) + (len(boxes) - 1) * _MARGINS.rows + HEAD_IN + _MARGINS.top + _MARGINS.bottom,
    )
    figure = new_figure(size, f"Paths of wrists, hips and ankles – {name}", words.strip())
    all_axes = panels(figure, (len(boxes), 2), _MARGINS, gridspec_kw={"height_ratios": heights_in})
    times = result.timestamps_s
    span_s = (float(times[0]), float(times[-1])) if len(times) > 1 else (0.0, 1.0)
    for row, box in enumerate(boxes):
        for axes, side in zip(all_axes[row], ("right", "left"), strict=True):
            camera_axes(axes, box)
            if row >= len(people):
                axes.text(0.5, 0.5, "no person found", transform=axes.transAxes, ha="center", color=GHOST)
                continue
            who = person_title(people[row], result)
            words = f"{side.capitalize()} side"
            title = f"{who}  ·  {words}" if who else words
            axes.set_title(title, loc="left", fontsize=10, color=SIDE_INKS[side])
            _side(axes, people[row], side, span_s, settings)
    if people:
        _time_scale(figure, span_s)
    return figure


def _side(axes: Any, person: Person, side: str, span_s: tuple[float, float], settings: PlotSettings) -> None:
    left, right = axes.get_xlim()
    from matplotlib.collections import LineCollection
    from matplotlib.patheffects import withStroke

    track = person.analysis.filtered
    frame = middle_frame(person)
    if frame is not None:
        ghost(axes, track.image_px[frame])
    for point, offset in _POINTS:
        places = named_points(track.image_px, (f"{side}_{point}",))[:, 0]
        pieces = coloured_pieces(places, track.timestamps_s, track.stretch, span_s, settings.max_points)
        if not pieces:
            continue
        lines = LineCollection([piece for piece, _ in pieces], cmap=time_map(), linewidths=1.7, capstyle="round")
        lines.set_array([middle_s for _, middle_s in pieces])
        lines.set_clim(*span_s)
        axes.add_collection(lines, False)
        start = pieces[0][0][0]
        axes.plot(*start, "o", markersize=5, markerfacecolor=PAPER, markeredgecolor=NIGHT, zorder=5)
        near_edge = start[0] > 0.15 * left + 0.85 * right
        place = (-offset[0] if near_edge else offset[0], offset[1])
        written = axes.annotate(
            point,
            start,
            place,
            textcoords="offset points",
            fontsize=8,
            color=PAPER,
            ha="right" if near_edge else "left",
            va="center",
            zorder=6,
        )
        written.set_path_effects([withStroke(linewidth=2.5, foreground=NIGHT)])


def coloured_pieces(
    places: FloatArray, times_s: FloatArray, stretch: IntArray, span_s: tuple[float, float], max_points: int
) -> list[tuple[FloatArray, float]]:
    """Cut a path into pieces of one colour each; gaps and new stretches interrupt it.

    Parameters
    ----------
    places
        Pixels, shape (T, 2); NaN is missing.
    times_s, stretch
        Seconds and number of the stretch, shape (T,).
    span_s
        Time of the first and of the last colour, s.
    max_points
        Longer paths keep every n-th frame, beside the ends of every run.

    Returns
    -------
    list of tuple
        Points, shape (n, 2) with n >= 2, and the middle of their time, s.
    """
    step = max(1, -(-len(places) // max_points))
    colour = np.clip((times_s - span_s[0]) / max(span_s[1] - span_s[0], 1e-9) * _N_COLOURS, 0, _N_COLOURS - 1)
    pieces = []
    for run in contiguous_runs(np.all(np.isfinite(places), axis=1), stretch):
        frames = np.unique(np.append(np.arange(run.start, run.stop, step), run.stop - 1))
        cuts = np.flatnonzero(np.diff(colour[frames].astype(np.int64))) + 1
        for first, last in zip([0, *cuts], [*cuts, len(frames) - 1], strict=True):
            part = frames[first : last + 1]  # a piece ends where the next one begins
            if len(part) > 1:
                pieces.append((places[part], float(0.5 * (times_s[part[0]] + times_s[part[-1]]))))
    return pieces


def _time_scale(figure: Figure, span_s: tuple[float, float]) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    scale = ScalarMappable(Normalize(*span_s), time_map())
    width, height = figure.get_size_inches()
    inner_in = height - HEAD_IN - _MARGINS.top - _MARGINS.bottom
    left_in = width - _MARGINS.right + _BAR_IN[0]
    place = (
        left_in / width,
        (_MARGINS.bottom + 0.08 * inner_in) / height,
        _BAR_IN[1] / width,
        0.84 * inner_in / height,
    )
    bar = figure.colorbar(scale, cax=figure.add_axes(place))
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=8, length=2)
    bar.set_label("time, s", color=QUIET)


def _whole(result: VideoResult) -> tuple[float, float, float, float]:
    return 0.0, 0.0, float(result.index.width_px), float(result.index.height_px)


def _box(person: Person, result: VideoResult) -> tuple[float, float, float, float]:
    """Return the part of the picture that holds the person, with a margin; the whole image if no person was found."""
    image_px = person.analysis.filtered.image_px
    edges = []
    for axis in range(2):
        blocks = (image_px[rows] for rows in frame_blocks(len(image_px)))
        known = np.concatenate([block[np.isfinite(block).all(axis=2), axis] for block in blocks])
        if len(known) == 0:
            return _whole(result)
        edges.append(np.quantile(known, (0.001, 0.999), overwrite_input=True))
    low, high = np.stack(edges, axis=1)
    margin = _MARGIN_SHARE * float((high - low).max()) + 4.0
    left, top = low - 1.6 * margin
    right, bottom = high + margin
    return float(left), float(top), float(right), float(bottom)

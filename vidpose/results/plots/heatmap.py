"""Where each person's body, hands and feet were, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vidpose.biomech.points import named_points
from vidpose.results.plots.style import (
    GHOST,
    HEAD_IN,
    HEAT_MAP,
    NIGHT,
    QUIET,
    Margins,
    PlotSettings,
    camera_axes,
    ghost,
    middle_frame,
    new_figure,
    panels,
    people_shown,
    person_title,
)
from vidpose.results.video_result import Person, VideoResult, chunks
from vidpose.types.arrays import FloatArray, IntArray
from vidpose.types.pose import FilteredTrack

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MAX_STEP_S: Final = 0.5  # a sample stands for no longer than this: time between sightings is not time at a place
_BLUR_CELLS: Final = 0.7
_LEAST_SHARE: Final = 2e-3  # of the largest time in a cell: less stays dark
_GHOST_STRENGTH: Final = 0.4
_WIDE_IN, _LEAST_IN = 3.4, 2.4  # of a panel
_MARGINS: Final = Margins(left=0.16, right=0.8, bottom=0.12, top=0.24, columns=0.8, rows=0.34)
_BAR: Final = (1.02, 0.05, 0.12, 0.9)  # left, bottom, width (inches) and height of a colour bar; else shares of a panel


def draw_heatmap(result: VideoResult, name: str, settings: PlotSettings) -> Figure:
    """Draw one row per person: where the body as a whole, the wrists and the ankles spent the time.

    Parameters
    ----------
    result
        The video's people.
    name
        The video's name for the title.
    settings
        Cells and number of people.
    """
    width, height = result.index.width_px, result.index.height_px
    people, left_out = people_shown(result, settings)
    n_rows = max(1, len(people))
    high_in = min(5.2, max(1.6, _WIDE_IN * height / width))
    wide_in = min(_WIDE_IN, max(_LEAST_IN, high_in * width / height))
    size = (
        3 * wide_in + _MARGINS.left + _MARGINS.right + 2 * _MARGINS.columns,
        n_rows * (high_in + _MARGINS.rows) - _MARGINS.rows + HEAD_IN + _MARGINS.top + _MARGINS.bottom,
    )
    cells = _cells(width, height, settings.heat_cells)
    words = f"Time spent in each part of the picture; a cell is {_cell_words(cells)} of it. {left_out}"
    figure = new_figure(size, f"Where the movement took place – {name}", words.strip())
    all_axes = panels(figure, (n_rows, 3), _MARGINS)
    for axes in all_axes.ravel():
        camera_axes(axes, (0.0, 0.0, float(width), float(height)))
    for row, person in enumerate(people):
        who, track = person_title(person, result), person.analysis.filtered
        for axes, (title, places_px) in zip(all_axes[row], _parts(person), strict=True):
            axes.set_title(f"{who}  ·  {title}" if who else title, loc="left", fontsize=10)
            _panel(figure, axes, time_at_places(places_px, track, (width, height), cells), (width, height))
            if (frame := middle_frame(person)) is not None:
                ghost(axes, track.image_px[frame], _GHOST_STRENGTH)
    if not people:
        all_axes[0, 1].text(0.5, 0.5, "no person found", transform=all_axes[0, 1].transAxes, ha="center", color=GHOST)
    return figure


def time_at_places(
    places_px: FloatArray, track: FilteredTrack, size_px: tuple[int, int], cells: tuple[int, int]
) -> FloatArray:
    """Return the seconds that points spent in each cell of the picture, mean over the points.

    Parameters
    ----------
    places_px
        Points over time, pixels, shape (T, k, 2); NaN is missing.
    track
        Times and stretches.
    size_px
        Width and height of the picture.
    cells
        Number of columns and rows.

    Returns
    -------
    FloatArray
        Seconds, shape (rows, columns); time outside the picture and time without the point are left out.
    """
    seconds = np.zeros(cells[0] * cells[1])
    for rows in chunks(len(track.timestamps_s)):
        weight_s = _weights_s(track.timestamps_s, track.stretch, rows)
        for number in range(places_px.shape[1]):
            index, inside = _cell_of(places_px[rows, number], size_px, cells)
            seconds += np.bincount(index[inside], weights=weight_s[inside], minlength=len(seconds))
    grid: FloatArray = seconds.reshape(cells[1], cells[0]) / places_px.shape[1]
    return grid


def _parts(person: Person) -> list[tuple[str, FloatArray]]:
    """Return what is shown of a person: words, and points over time of shape (T, k, 2)."""
    image_px, com_px = person.analysis.filtered.image_px, person.analysis.com_px
    whole = ("Centre of mass", com_px[:, None])
    if not np.isfinite(com_px).any():
        whole = ("Hips", named_points(image_px, ("mid_hip",)))
    return [
        whole,
        ("Wrists", named_points(image_px, ("left_wrist", "right_wrist"))),
        ("Ankles", named_points(image_px, ("left_ankle", "right_ankle"))),
    ]


def _weights_s(times_s: FloatArray, stretch: IntArray, rows: slice) -> FloatArray:
    """Return the time that each frame stands for: half of the way to either neighbour within its stretch, s."""
    first, stop = max(rows.start - 1, 0), min(rows.stop + 1, len(times_s))
    steps = np.where(np.diff(stretch[first:stop]) == 0, np.diff(times_s[first:stop]), 0.0)
    halves = 0.5 * np.minimum(steps, _MAX_STEP_S)
    weights = np.zeros(stop - first)
    weights[:-1] += halves
    weights[1:] += halves
    return weights[rows.start - first :][: rows.stop - rows.start]


def _cell_of(places: FloatArray, size_px: tuple[int, int], cells: tuple[int, int]) -> tuple[IntArray, Any]:
    share = places / np.asarray(size_px)
    with np.errstate(invalid="ignore"):
        inside = ((share >= 0) & (share < 1)).all(axis=1)
    column_row = np.zeros(places.shape, dtype=np.int64)
    column_row[inside] = (share[inside] * np.asarray(cells)).astype(np.int64)
    return column_row[:, 1] * cells[0] + column_row[:, 0], inside


def _cells(width: int, height: int, along: int) -> tuple[int, int]:
    longest = max(width, height)
    return max(1, round(along * width / longest)), max(1, round(along * height / longest))


def _cell_words(cells: tuple[int, int]) -> str:
    return f"{1 / cells[0]:.1%} x {1 / cells[1]:.1%}".replace("%", " %")


def _panel(figure: Figure, axes: Any, seconds: FloatArray, size_px: tuple[int, int]) -> None:
    from matplotlib import colormaps
    from matplotlib.colors import PowerNorm
    from matplotlib.ticker import MaxNLocator
    from scipy.ndimage import gaussian_filter

    smooth = gaussian_filter(seconds, _BLUR_CELLS)  # keeps the total; hides that a cell has edges
    top = float(smooth.max())
    if top <= 0:
        axes.text(0.5, 0.5, "not seen", transform=axes.transAxes, ha="center", color=GHOST)
        return
    colours = colormaps[HEAT_MAP].with_extremes(bad=NIGHT)
    shown = np.where(smooth < _LEAST_SHARE * top, np.nan, smooth)
    picture = axes.imshow(
        shown,
        cmap=colours,
        norm=PowerNorm(0.5, vmin=0.0, vmax=top),  # standing still must not hide the way there
        extent=(0, size_px[0], size_px[1], 0),
        interpolation="bilinear",
        interpolation_stage="rgba",
    )
    wide_in = axes.get_position().width * figure.get_size_inches()[0]
    bar = figure.colorbar(picture, cax=axes.inset_axes((_BAR[0], _BAR[1], _BAR[2] / wide_in, _BAR[3])))
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=7, length=2)
    bar.locator = MaxNLocator(4)
    bar.update_ticks()
    bar.set_label("s per cell", fontsize=7, color=QUIET)
    axes.set(xlim=(0, size_px[0]), ylim=(size_px[1], 0))

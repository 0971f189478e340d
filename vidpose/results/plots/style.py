"""Style of all plots, and how they are written: the same bytes for the same numbers, without a screen."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from vidpose.results.video_result import Person, VideoResult
from vidpose.state.atomic import atomic_path
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import BONES, LANDMARK_INDEX

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

PictureFormat = Literal["png", "svg"]

# Orange against blue stays apart in every common colour vision deficiency (Okabe and Ito 2008); as on the video.
SIDE_COLOURS: Final = {"right": "#ff8c1a", "left": "#40aaff"}
SIDE_INKS: Final = {"right": "#c85f00", "left": "#1273c4"}
"""The same two, dark enough for letters and thin lines on white."""
NIGHT: Final = "#10141a"
"""Behind everything that stands for the camera's picture."""
PAPER, INK, QUIET, FAINT = "#ffffff", "#1b222b", "#5d6873", "#d5dae0"
GHOST: Final = "#8a94a0"
HEAT_MAP: Final = "inferno"
_TIME_MAP: Final = "viridis"
"""Both even in lightness and readable in every common colour vision deficiency (van der Walt & Smith 2015)."""
_TIME_FROM: Final = 0.28  # of the map: its darkest part does not show on the dark picture

_FONT: Final = "DejaVu Sans"  # comes with matplotlib: the same letters everywhere
_HIDDEN_IN_GHOSTS: Final = frozenset(
    LANDMARK_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("pinky", "index", "thumb")
)
HEAD_IN: Final = 0.62
"""Height of title and subtitle, inches."""
_LETTERS_PER_IN: Final = 8.5  # of a title
_COMPRESSION: Final = 4  # of PNG: half the time of the usual 6, and files a tenth larger
_LEGEND_IN: Final = 2.2
_ENDS: Final = ("ear", "shoulder")
_HEAD_SHARE: Final = 0.62  # radius of the drawn head over the distance from the shoulders' middle to the ears
_MOST: Final = 0.7  # share of the landmarks that a ghost needs


@dataclass(frozen=True, slots=True)
class Margins:
    """What stays free around the panels of a figure and between them, inches; ``top`` counts from below the titles.

    matplotlib's own layouts measure every word on every panel twice, which took a third of a picture's time.
    """

    left: float
    right: float
    bottom: float
    top: float
    columns: float
    rows: float


@dataclass(frozen=True, slots=True)
class PlotSettings:
    """What is drawn.

    Attributes
    ----------
    formats
        File formats.
    dpi
        Resolution of PNG, dots per inch.
    max_people
        People in one picture; those seen longest.
    heat_cells
        Cells of the heatmap along the longer edge of the picture.
    max_points
        Points of one line; longer ones are thinned without losing their extremes.
    """

    formats: tuple[PictureFormat, ...] = ("png",)
    dpi: int = 110
    max_people: int = 4
    heat_cells: int = 96
    max_points: int = 3000

    def __post_init__(self) -> None:
        if not self.formats or not set(self.formats) <= {"png", "svg"}:
            raise ValueError(f"formats: expected png, svg or both, got {self.formats}")
        for name, least in (("dpi", 30), ("max_people", 1), ("heat_cells", 8), ("max_points", 100)):
            if getattr(self, name) < least:
                raise ValueError(f"{name}: expected at least {least}, got {getattr(self, name)}")


def new_figure(size_in: tuple[float, float], title: str, subtitle: str = "") -> Figure:
    """Return an empty figure with a title, owned by the caller alone (pyplot is not involved).

    Parameters
    ----------
    size_in
        Width and height, inches.
    title, subtitle
        Words above the picture.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=size_in, facecolor=PAPER)
    left, top = 0.18 / size_in[0], 1.0 - 0.14 / size_in[1]
    figure.text(
        left,
        top,
        shortened(title, size_in[0]),
        ha="left",
        va="top",
        fontsize=13,
        fontweight="bold",
        color=INK,
        parse_math=False,
    )
    figure.text(left, top - 0.26 / size_in[1], subtitle, ha="left", va="top", fontsize=9, color=QUIET, parse_math=False)
    return figure


def panels(figure: Figure, shape: tuple[int, int], margins: Margins, **options: Any) -> Any:
    """Return the axes of a grid of panels, shape (rows, columns).

    Parameters
    ----------
    figure
        From :func:`new_figure`.
    shape
        Number of rows and columns.
    margins
        What stays free.
    options
        For matplotlib's ``subplots``.
    """
    width, height = figure.get_size_inches()
    inner = (width - margins.left - margins.right, height - HEAD_IN - margins.top - margins.bottom)
    n_rows, n_columns = shape
    figure.subplots_adjust(
        left=margins.left / width,
        right=1.0 - margins.right / width,
        bottom=margins.bottom / height,
        top=1.0 - (HEAD_IN + margins.top) / height,
        wspace=margins.columns * n_columns / (inner[0] - (n_columns - 1) * margins.columns),
        hspace=margins.rows * n_rows / (inner[1] - (n_rows - 1) * margins.rows),
    )
    return figure.subplots(n_rows, n_columns, squeeze=False, **options)


def shortened(title: str, width_in: float) -> str:
    """Return a title that leaves room for a legend beside it, its middle left out when it is too long."""
    n_letters = max(20, int(_LETTERS_PER_IN * (width_in - _LEGEND_IN)))
    if len(title) <= n_letters:
        return title
    return f"{title[: n_letters - n_letters // 3]}…{title[-(n_letters // 3) :]}"


def time_map() -> Colormap:
    """Return the colours of time, early to late."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps[_TIME_MAP](np.linspace(_TIME_FROM, 1.0, 256)), name="time")


@contextmanager
def plot_style() -> Iterator[None]:
    """Set fonts, sizes and everything that the bytes of a file depend on, for the time of the block."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": [_FONT],
                "font.size": 9,
                "svg.hashsalt": "vidpose",
                "svg.fonttype": "path",
                "axes.edgecolor": QUIET,
                "axes.labelcolor": INK,
                "axes.linewidth": 0.7,
                "xtick.color": QUIET,
                "ytick.color": QUIET,
                "text.color": INK,
                "hatch.linewidth": 0.6,
                "path.simplify": True,
            }
        )
        yield


def save(figure: Figure, folder: Path, name: str, settings: PlotSettings) -> list[Path]:
    """Write a figure in every format, atomically; return the files.

    Parameters
    ----------
    figure
        Made inside :func:`plot_style`, which must still be active.
    folder, name
        Where, without suffix.
    settings
        Formats and resolution.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    paths = []
    for kind in settings.formats:
        path = folder / f"{name}.{kind}"
        with atomic_path(path) as temporary, warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # a title in another script: boxes, not a fault
            if kind == "png":
                FigureCanvasAgg(figure).print_png(  # type: ignore[no-untyped-call]
                    temporary, metadata={"Software": None}, pil_kwargs={"compress_level": _COMPRESSION}
                )
            else:
                FigureCanvasSVG(figure).print_svg(temporary, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
        paths.append(path)
    return paths


def people_shown(result: VideoResult, settings: PlotSettings) -> tuple[tuple[Person, ...], str]:
    """Return the people seen longest, in the order of their ids, and words about those left out."""
    found = [person for person in result.people if person.track.found.any()]  # an empty video has an empty person
    seen = {person.id: int((person.analysis.filtered.stretch >= 0).sum()) for person in found}
    longest = sorted(found, key=lambda person: (-seen[person.id], person.id))[: settings.max_people]
    left_out = len(found) - len(longest)
    words = f"{left_out} more people, seen for a shorter time, are not shown" if left_out else ""
    return tuple(sorted(longest, key=lambda person: person.id)), words


def person_title(person: Person, result: VideoResult) -> str:
    """Return a person's name in a plot; empty if there is no other person in the video."""
    return f"Person {person.id}" if len(result.people) > 1 else ""


def camera_axes(axes: Axes, box_px: tuple[float, float, float, float]) -> None:
    """Make axes a part of the camera's picture: dark, pixels square, y down.

    Parameters
    ----------
    axes
        To be changed.
    box_px
        Left, top, right, bottom of the part, pixels.
    """
    left, top, right, bottom = box_px
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", xticks=[], yticks=[], facecolor=NIGHT)
    for spine in axes.spines.values():
        spine.set_visible(False)


def ghost(axes: Axes, image_px: FloatArray, strength: float = 0.7) -> None:
    """Draw a faint skeleton for orientation.

    Parameters
    ----------
    axes
        Camera axes.
    image_px
        Landmarks of one frame, shape (33, 2); NaN is left out.
    strength
        Opacity.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Circle

    bones = [image_px[[a, b]] for a, b, _ in BONES if not {a, b} & _HIDDEN_IN_GHOSTS]
    lines: list[Any] = [bone for bone in bones if np.isfinite(bone).all()]
    axes.add_collection(LineCollection(lines, colors=GHOST, linewidths=1.6, alpha=strength, capstyle="round"), False)
    ears, shoulders = (image_px[[LANDMARK_INDEX[f"{side}_{name}"] for side in ("left", "right")]] for name in _ENDS)
    head, neck = ears.mean(axis=0), shoulders.mean(axis=0)
    if np.isfinite(head).all() and np.isfinite(neck).all():
        radius = _HEAD_SHARE * float(np.hypot(*(head - neck)))
        axes.add_patch(Circle(tuple(head), radius, fill=False, edgecolor=GHOST, linewidth=1.6, alpha=strength))


def middle_frame(person: Person) -> int | None:
    """Return the frame in the middle of those that show most of the body, or None."""
    seen = np.flatnonzero(np.isfinite(person.analysis.filtered.image_px[:, :, 0]).mean(axis=1) > _MOST)
    return int(seen[len(seen) // 2]) if len(seen) else None

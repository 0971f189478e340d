"""All pictures of one video."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vidpose.results.plots.angle_curves import draw_angles
from vidpose.results.plots.heatmap import draw_heatmap
from vidpose.results.plots.style import PlotSettings, plot_style, save
from vidpose.results.plots.trajectories import draw_trajectories
from vidpose.results.video_result import VideoResult

_DRAWERS: Final = {"heatmap": draw_heatmap, "trajectories": draw_trajectories, "angles": draw_angles}
NAMES: Final = tuple(_DRAWERS)
"""Names of the files, without suffix."""


def write_plots(
    folder: Path,
    result: VideoResult,
    name: str,
    settings: PlotSettings | None = None,
) -> list[Path]:
    """Write heatmap, trajectories and angle curves of one video; return the files.

    The same result gives the same bytes with the same versions of matplotlib and numpy.

    Parameters
    ----------
    folder
        Where the files go; made when missing.
    result
        The video's people, any number of them, any number of frames.
    name
        The video's name, for the titles.
    settings
        What is drawn; defaults when None.
    """
    settings = settings or PlotSettings()
    paths: list[Path] = []
    with plot_style():
        for file_name, draw in _DRAWERS.items():
            figure = draw(result, name, settings)
            figure.set_dpi(settings.dpi)
            paths += save(figure, folder, file_name, settings)
    return paths

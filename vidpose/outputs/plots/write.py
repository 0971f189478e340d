"""All pictures of one video."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from vidpose.outputs.plots.angle_curves import draw_angles
from vidpose.outputs.plots.heatmap import draw_heatmap
from vidpose.outputs.plots.style import PlotSettings, look, save
from vidpose.outputs.plots.trajectories import draw_trajectories
from vidpose.outputs.video_result import VideoResult
from vidpose.types.arrays import FloatArray

_DRAWERS: Final = {"heatmap": draw_heatmap, "trajectories": draw_trajectories, "angles": draw_angles}
NAMES: Final = tuple(_DRAWERS)
"""Names of the files, without suffix."""


def write_plots(
    folder: Path,
    result: VideoResult,
    name: str,
    settings: PlotSettings | None = None,
    precision_rad: Mapping[int, FloatArray] | None = None,
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
        The video's name as people know it, for the titles.
    settings
        What is drawn; defaults when None.
    precision_rad
        By person's id the standard deviation of every angle, shape (T, n), NaN when unknown, for the bands; that of
        the analysis for people who are not in it, and for all when None.
    """
    settings = settings or PlotSettings()
    if precision_rad is not None:
        result = _with_precision(result, precision_rad)
    paths: list[Path] = []
    with look():
        for file_name, draw in _DRAWERS.items():
            figure = draw(result, name, settings)
            figure.set_dpi(settings.dpi)
            paths += save(figure, folder, file_name, settings)
    return paths


def _with_precision(result: VideoResult, precision_rad: Mapping[int, FloatArray]) -> VideoResult:
    """Return the result with the given precision in place of the analysis' own."""
    people = []
    for person in result.people:
        own = person.analysis.angles
        angles = replace(own, precision_rad=precision_rad.get(person.id, own.precision_rad))
        people.append(replace(person, analysis=replace(person.analysis, angles=angles)))
    return replace(result, people=tuple(people))

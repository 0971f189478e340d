"""Pictures of the results for docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.bars import WORDS
from benchmarks.harness.ratios import spread
from benchmarks.harness.rounds import Measured
from benchmarks.results import BarLine, Results, bar_lines

OURS, THEIRS = "#d95f02", "#7f7f7f"


def draw_all(results: Results, folder: Path) -> list[Path]:
    """Draw what the results hold; return the files."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update(
        {"svg.hashsalt": "vidpose", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
    )
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        line for line in bar_lines(results) if line.clips and line.experiment in ("models", "job", "cold", "cores")
    ]
    by_length = [one for one in results.measured if one.experiment == "length"]
    drawn = []
    if lines:
        drawn.append(_ratios(lines, folder / "speed_ratios.svg"))
    for clip in dict.fromkeys(one.clip for one in results.measured if one.experiment == "models"):
        mine = [one for one in results.measured if one.experiment == "models" and one.clip == clip]
        drawn.append(_times(mine, clip, folder / f"speed_{Path(clip).stem}.svg"))
    if len(by_length) > 1:
        drawn.append(_lengths(by_length, folder / "speed_length.svg"))
    return drawn


def _ratios(lines: Sequence[BarLine], path: Path) -> Path:
    """Draw every ratio with its clips' spread and its bound."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 0.5 + 0.36 * len(lines)), layout="constrained")
    for row, line in enumerate(lines):
        axes.barh(row, line.overall or 0.0, color=OURS, alpha=0.75, height=0.6)
        for one in line.clips.values():
            axes.plot([one.low, one.high], [row, row], color="black", linewidth=1)
            axes.plot([one.median], [row], color="black", marker="o", markersize=3)
        if line.least is not None:
            axes.plot([line.least] * 2, [row - 0.4, row + 0.4], color="tab:blue", linewidth=2)
    axes.set_yticks(range(len(lines)), [line.words for line in lines])
    axes.invert_yaxis()
    axes.set_xlabel("ratio; points: clips, with spread; blue: promised")
    return _save(figure, path)


def _times(measured: Sequence[Measured], clip: str, path: Path) -> Path:
    """Draw wall time per frame of every contender on one clip."""
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys(one.contender for one in measured))
    figure, axes = plt.subplots(figsize=(8, 0.6 + 0.3 * len(names)), layout="constrained")
    for row, name in enumerate(names):
        one = spread([each.ms_per_frame for each in measured if each.contender == name])
        axes.barh(row, one.median, color=OURS if name.startswith("pose") else THEIRS, height=0.6)
        axes.plot([one.low, one.high], [row, row], color="black", linewidth=1)
        axes.text(one.high, row, f" {one.median:.1f}", va="center")
    axes.set_yticks(range(len(names)), [WORDS.get(name, name) for name in names])
    axes.invert_yaxis()
    axes.set_xlabel(f"{clip}: wall time per frame, ms")
    return _save(figure, path)


def _lengths(measured: Sequence[Measured], path: Path) -> Path:
    """Draw time per frame and peak memory against the length of the footage."""
    from matplotlib import pyplot as plt

    minutes = [int(one.contender.split("_")[0]) for one in measured]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 2.6), layout="constrained")
    left.plot(minutes, [one.ms_per_frame for one in measured], "o-", color=OURS)
    left.set_ylabel("wall time per frame, ms")
    right.plot(minutes, [one.peak_bytes / 2**20 for one in measured], "o-", color=OURS)
    right.set_ylabel("peak memory, MiB")
    for axes in (left, right):
        axes.set_ylim(bottom=0)
        axes.set_xscale("log")
        axes.set_xticks(minutes, [str(each) for each in minutes])
        axes.minorticks_off()
        axes.set_xlabel("minutes of footage")
    return _save(figure, path)


def _save(figure: Any, path: Path) -> Path:
    from matplotlib import pyplot as plt

    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path

"""``python -m benchmarks.report`` turns the last results into docs/performance.md and its pictures."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from benchmarks.bars import WORDS
from benchmarks.experiments.plan import EXPERIMENTS
from benchmarks.harness.clips import PROJECT
from benchmarks.harness.ratios import Spread, spread
from benchmarks.harness.rounds import Measured
from benchmarks.plots import draw_all
from benchmarks.results import Results, bar_lines, machine_as_text, others_as_text, read_results
from benchmarks.speed import RESULTS

METHOD = """
## How it is measured

- *Ours* is vidpose. Every program runs in a separate process (or one per core), in alternation (A B C A B C). Ratios
  are computed within a round, so that a temporarily slow machine affects all programs alike. The tables give the
  median over the rounds with minimum and maximum in brackets; over clips, the geometric mean of the medians.
- *Time per frame* is wall time in steady state: every process opens its files and processes 30 frames, then all
  continue together until the last frame of the last process. For the job it is the additional time of further clips,
  which excludes the start; *whole process* includes it.
- A run during which other processes used more than 0.15 of a core is repeated, at most twice, and the least disturbed
  is kept. Disturbed rounds count only if there is no undisturbed one; the line then says so.
- Clips are looped packet by packet, without encoding again, to at least 600 frames.
- The plain loop is `cv2.VideoCapture`, `cvtColor`, `mediapipe.solutions.pose` (complexity 1); with drawing,
  `draw_landmarks` and `cv2.VideoWriter` (mp4v, without sound).
- The floor is decoding with one thread per process and nothing else, plus the landmark network without its unused
  output on a constant picture, both in a process per core. No program that uses this network in every frame can be
  faster. `fast` has a separate floor with the whole network in bfloat16, whose landmarks are useless but whose speed
  is a limit.
"""


@click.command()
@click.option(
    "--results", type=click.Path(exists=True, path_type=Path), default=RESULTS, help="File of the measurements."
)
@click.option("--docs", type=click.Path(path_type=Path), default=PROJECT / "docs", help="Folder to write to.")
def main(results: Path, docs: Path) -> None:
    """Write performance.md and images/speed_*.svg."""
    found = read_results(results)
    pictures = draw_all(found, docs / "images")
    (docs / "performance.md").write_text(as_markdown(found, [path.name for path in pictures]), encoding="utf-8")
    print(docs / "performance.md")


def as_markdown(results: Results, pictures: Sequence[str]) -> str:
    """Return the whole page; everything in it comes from the results."""
    parts = [
        "# Speed",
        f"Printed by `{results.command}` (vidpose {results.version}) and turned into this page by "
        f"`python -m benchmarks.report`.\nMachine: {machine_as_text(results.machine)}.",
        others_as_text(results.measured),
        "## Targets and results",
        "\n".join(_bars(results)),
    ]
    if "speed_ratios.svg" in pictures:
        parts.append("![Ratios with their spread and bounds](images/speed_ratios.svg)")
    for name in EXPERIMENTS:
        mine = [one for one in results.measured if one.experiment == name]
        if mine:
            told = " ".join((EXPERIMENTS[name].__doc__ or "").split())
            parts += [f"## {name.capitalize()}", told, "\n".join(TABLES.get(name, _times)(mine))]
    parts += [f"![{name}](images/{name})" for name in pictures if name != "speed_ratios.svg"]
    parts.append(METHOD.strip())
    if results.failures:
        missing = [f"- {name}: {why.splitlines()[-1]}" for name, why in results.failures.items()]
        parts += ["## Could not be run", "\n".join(missing)]
    return "\n\n".join(parts) + "\n"


def _bars(results: Results) -> Iterable[str]:
    yield "| ratio | all clips | bound | | per clip: median (least to largest round) |"
    yield "|---|---|---|---|---|"
    for line in bar_lines(results):
        overall = "" if line.overall is None else f"**{line.overall:.2f}**"
        clips = "; ".join(f"{clip} {_brackets(one)}" for clip, one in line.clips.items())
        yield f"| {line.words} | {overall} | {line.bounds} | {line.verdict} | {clips} |"


def _times(measured: Sequence[Measured]) -> Iterable[str]:
    """One row per clip and contender: wall and CPU time per frame, whole process, memory."""
    yield "| clip | contender | wall ms/frame | CPU ms/frame | whole process s | peak MiB |"
    yield "|---|---|---|---|---|---|"
    for clip, name, group in _groups(measured):
        wall = spread([one.ms_per_frame for one in group])
        cpu = statistics.median(1000 * one.cpu_s / one.n_frames for one in group)
        whole = statistics.median(one.whole_s for one in group)
        peak = max(one.peak_bytes for one in group)
        memory = f"{peak / 2**20:.0f}" if peak else ""
        yield f"| {clip} | {WORDS.get(name, name)} | {_brackets(wall)} | {cpu:.2f} | {whole:.1f} | {memory} |"


def _starts(measured: Sequence[Measured]) -> Iterable[str]:
    yield "| | wall s | CPU s |"
    yield "|---|---|---|"
    for _, name, group in _groups(measured):
        wall = spread([one.whole_s for one in group])
        cpu = statistics.median(one.cpu_s for one in group)
        yield f"| {name} | {_brackets(wall)} | {cpu:.2f} |"


def _stages(measured: Sequence[Measured]) -> Iterable[str]:
    """One row per clip and precision, a column per stage: median CPU ms per frame."""
    stages = list(dict.fromkeys(stage for one in measured for stage in one.extra["cpu_ms"]))
    yield "| clip | | " + " | ".join(stages) + " |"
    yield "|---|---|" + "---|" * len(stages)
    for clip, name, group in _groups(measured):
        cells = [statistics.median(one.extra["cpu_ms"][stage] for one in group) for stage in stages]
        yield f"| {clip} | {WORDS[name]} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |"


TABLES = {"start": _starts, "stages": _stages}


def _groups(measured: Sequence[Measured]) -> Iterable[tuple[str, str, list[Measured]]]:
    for clip, name in dict.fromkeys((one.clip, one.contender) for one in measured):
        yield clip, name, [one for one in measured if (one.clip, one.contender) == (clip, name)]


def _brackets(one: Spread) -> str:
    return f"{one.median:.2f} ({one.low:.2f} to {one.high:.2f})"


if __name__ == "__main__":
    main()

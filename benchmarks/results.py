"""What was measured, as a file and as text for the terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.bars import BARS
from benchmarks.harness.ratios import Spread, spread
from benchmarks.harness.rounds import Measured


@dataclass(frozen=True, slots=True)
class Results:
    """One run of the benchmarks.

    Attributes
    ----------
    machine
        Processor, cores, memory, system.
    command, version
        What was called, of which version.
    measured
        Everything that was kept.
    failures
        Contenders that could not be run, as ``experiment, clip, contender``, with the reason.
    """

    machine: Mapping[str, Any]
    command: str
    version: str
    measured: tuple[Measured, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)


def write_results(path: Path, results: Results) -> None:
    """Write everything as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(results), indent=1) + "\n", encoding="utf-8")


def read_results(path: Path) -> Results:
    """Read what :func:`write_results` wrote."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["measured"] = tuple(Measured(**one) for one in facts["measured"])
    return Results(**facts)


def machine_as_text(machine: Mapping[str, Any]) -> str:
    """Return the machine in one line."""
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}, "
        f"Python {machine['python']}"
    )


def others_as_text(measured: Sequence[Measured]) -> str:
    """Say how busy others kept the machine."""
    others = spread([one.others for one in measured])
    repeated = sum(one.attempts > 1 for one in measured)
    return (
        f"Other processes used {others.median:.2f} cores in the median run, {others.high:.2f} in the worst; "
        f"{repeated} of {len(measured)} runs were repeated for that reason, and the least disturbed was kept."
    )


def line_of(one: Measured) -> str:
    """Return one measurement in one line."""
    memory = f", peak {one.peak_bytes / 2**20:.0f} MiB" if one.peak_bytes else ""
    return (
        f"{one.contender:<36} {one.ms_per_frame:9.2f} ms/frame ({one.n_frames} frames in {one.wall_s:.1f} s), CPU "
        f"{1000 * one.cpu_s / one.n_frames:.2f}, whole {one.whole_s:.1f} s, others {one.others:.2f}{memory}"
    )


@dataclass(frozen=True, slots=True)
class BarLine:
    """One bar as found: words, bounds in words, lower bound, ratio over all clips, spread per clip, verdict.

    ``verdict`` is ``"reached"``, ``"missed"``, ``"not measured"`` or, for a ratio without bounds, empty; it says so
    when others disturbed every round of a clip.
    """

    experiment: str
    words: str
    bounds: str
    least: float | None
    overall: float | None
    clips: Mapping[str, Spread]
    verdict: str


def bar_lines(results: Results) -> list[BarLine]:
    """Return all bars of the experiments that were run, found or not."""
    ran = {one.experiment for one in results.measured} | {name.split(", ")[0] for name in results.failures}
    lines = []
    for bar in BARS:
        if bar.experiment not in ran:
            continue
        found = bar.found(results.measured)
        if found is None:
            lines.append(BarLine(bar.experiment, bar.words, bar.bounds, bar.least, None, {}, "not measured"))
            continue
        words = [
            {True: "reached", False: "missed", None: ""}[bar.reached(found)],
            "disturbed" if found.disturbed else "",
        ]
        verdict = ", ".join(filter(None, words))
        lines.append(BarLine(bar.experiment, bar.words, bar.bounds, bar.least, found.overall, found.clips, verdict))
    return lines


def bars_as_text(results: Results) -> str:
    """Return the bars as a table for the terminal: median per clip with least and largest round."""
    lines = [f"{'ratio':<66} {'all':>6} {'bound':>14}  {'':<18} per clip: median (least to largest)"]
    for line in bar_lines(results):
        overall = "-" if line.overall is None else f"{line.overall:.2f}"
        clips = "; ".join(f"{clip} {_spread(one)}" for clip, one in line.clips.items())
        lines.append(f"{line.words:<66} {overall:>6} {line.bounds:>14}  {line.verdict:<18} {clips}")
    if results.measured:
        lines += ["", others_as_text(results.measured)]
    lines += [f"could not be run: {name}: {why.splitlines()[-1]}" for name, why in results.failures.items()]
    return "\n".join(lines)


def _spread(one: Spread) -> str:
    return f"{one.median:.2f} ({one.low:.2f} to {one.high:.2f})"

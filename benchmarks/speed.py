"""How fast is it? Runs everything in turns, prints what came out, and keeps it for ``python -m benchmarks.report``.

``python -m benchmarks.speed`` (``make bench``) takes about 25 minutes on two cores; ``--quick`` about 5, to try things.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click

import vidpose
from benchmarks.experiments.plan import EXPERIMENTS, Effort, Experiment
from benchmarks.harness.clips import SHARED
from benchmarks.harness.machine import machine
from benchmarks.harness.rounds import Measured, take_turns
from benchmarks.results import Results, bars_as_text, line_of, machine_as_text, write_results

RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path), default=SHARED, help="Folder of clips; without it, the sample is used."
)
@click.option("--scratch", type=click.Path(path_type=Path), help="Folder for looped clips [a temporary folder].")
@click.option("--only", multiple=True, type=click.Choice(list(EXPERIMENTS)), help="Run only this experiment.")
@click.option("--rounds", type=int, default=3, show_default=True, help="Number of rounds.")
@click.option("--quick", "size", flag_value="quick", help="One round of few frames: a trial, not for publication.")
@click.option("--long", "size", flag_value="long", help="60 minutes of footage too, and a third clip.")
@click.option("--results", type=click.Path(path_type=Path), default=RESULTS, help="File for the measurements.")
def main(
    folder: Path, scratch: Path | None, only: tuple[str, ...], rounds: int, size: str | None, results: Path
) -> None:
    """Run the experiments, print the results and write them to a file."""
    place = (scratch or Path(tempfile.gettempdir()) / "vidpose_benchmarks").resolve()
    effort = Effort(folder.resolve(), place, rounds=rounds)
    if size == "quick":
        effort = replace(effort, rounds=1, attempts=1, n_frames=240, clips=effort.clips[:1], minutes=(1,))
    elif size == "long":
        effort = replace(effort, clips=(*effort.clips, "gaitlab_male_side.mp4"), minutes=(1, 5, 20, 60))
    command = " ".join(["python -m benchmarks.speed", *sys.argv[1:]])
    found = Results(machine(), command, vidpose.__version__)
    print(machine_as_text(found.machine), flush=True)
    for name in only or EXPERIMENTS:
        print(f"\n{name}: {' '.join((EXPERIMENTS[name].__doc__ or '').split())}", flush=True)
        for experiment in EXPERIMENTS[name](effort):
            measured, missing = _run(experiment)
            told = {f"{experiment.name}, {experiment.clip}, {which}": why for which, why in missing.items()}
            found = replace(found, measured=(*found.measured, *measured), failures={**found.failures, **told})
            write_results(results, found)  # each time: who stops early keeps what there is
    print("\n" + bars_as_text(found))


def _run(experiment: Experiment) -> tuple[list[Measured], dict[str, str]]:
    def tell(one: Measured) -> None:
        print(f"  {one.clip} round {one.turn + 1}: {line_of(one)}", flush=True)

    return take_turns(experiment.contenders, experiment.patience, (experiment.name, experiment.clip), tell)


if __name__ == "__main__":
    main()

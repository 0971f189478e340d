"""``vidpose run --dry_run``: what would run, what would be skipped, why, and what it would cost."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from vidpose.cli.display import printable, why_given_up
from vidpose.config import Settings
from vidpose.exit_codes import ExitCode
from vidpose.pose.fetching import get_networks
from vidpose.state.ledger import Ledger
from vidpose.workflow.estimate import WorkEstimate, estimate
from vidpose.workflow.run import find_inputs, layout_of, prepare
from vidpose.workflow.video_plan import Planner, ReadyVideo, RefusedVideo, VideoPlan

_FILE_WIDTH = 200  # letters of a row that no terminal limits (ours)


def show_dry_run(settings: Settings) -> int:
    """Print the plan of every video; write nothing."""
    found = find_inputs(settings)
    get_networks(settings.pose, lambda sentence: click.echo(sentence, err=True), offline=settings.offline)
    settings, estimator, _ = prepare(settings)
    layout = layout_of(settings)
    with tempfile.TemporaryDirectory() as scratch:
        # Planning writes what it learns into the ledger; a dry run writes nothing, so it learns in a passing copy.
        for part in layout.ledger.parent.glob(layout.ledger.name + "*"):
            shutil.copy(part, scratch)
        with Ledger(Path(scratch) / layout.ledger.name) as ledger:
            planner = Planner(settings, layout, ledger, estimator)
            plans = list(planner.plans(found))
            costs = [estimate(plan, ledger.speed) for plan in plans]
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = _FILE_WIDTH
    console.print(_table(plans, costs))
    for plan in plans:
        if isinstance(plan, RefusedVideo):
            console.print(why_given_up(plan.found.relative, plan.failure), soft_wrap=True)
    total = sum(costs, WorkEstimate(0.0, 0.0))
    n_work = sum(isinstance(plan, ReadyVideo) and not plan.up_to_date for plan in plans)
    console.print(
        f"{n_work} of {len(plans)} videos need work: about {_minutes(total.seconds)} on one core, "
        f"{total.disk_bytes / 1e6:.0f} MB of new files; nothing was done",
        soft_wrap=True,
    )
    return ExitCode.DONE


def _table(plans: list[VideoPlan], costs: list[WorkEstimate]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("video", "size", "frames", "segments", "would do", "why", "about", "disk"):
        right = name in ("frames", "segments", "about", "disk")
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for plan, cost in zip(plans, costs, strict=True):
        index = plan.index
        table.add_row(
            printable(plan.found.relative),
            f"{index.width_px}x{index.height_px}" if index else "-",
            str(index.n_frames) if index else "-",
            str(len(plan.segments)) if isinstance(plan, ReadyVideo) else "-",
            _work(plan),
            _why(plan),
            _minutes(cost.seconds) if cost.seconds else "-",
            f"{cost.disk_bytes / 1e6:.1f} MB" if cost.disk_bytes else "-",
        )
    return table


def _work(plan: VideoPlan) -> str:
    if isinstance(plan, RefusedVideo):
        return "quarantine"
    steps = [
        ("pose", bool(plan.missing_segments)),
        ("analyse", plan.why_analyse is not None),
        ("draw", plan.why_render is not None),
    ]
    return ", ".join(name for name, wanted in steps if wanted) or "skip"


def _why(plan: VideoPlan) -> str:
    if isinstance(plan, RefusedVideo):
        return plan.failure.code
    return plan.why_analyse or plan.why_render or "up to date"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds >= 60 else f"{seconds:.0f} s"

"""``vidpose run --dry_run``: what would run, what would be skipped, why, and what it would cost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from vidpose.cli.display import printable, why_given_up
from vidpose.config import Settings
from vidpose.engines.prober import Prober, n_probers
from vidpose.engines.secrets import secrets_withheld
from vidpose.exit_codes import ExitCode
from vidpose.governor.limits import LimitReader, LimitSettings
from vidpose.governor.worker_plan import usable_cores
from vidpose.pose.fetching import get_networks
from vidpose.state.ledger import Ledger
from vidpose.video.ahead import Pending, mapped_ahead
from vidpose.video.discover import FoundVideo
from vidpose.workflow.estimate import WorkEstimate, estimate
from vidpose.workflow.run import find_inputs, layout_of, prepare
from vidpose.workflow.video_plan import Planner, ReadyVideo, RefusedVideo, VideoPlan

_COLUMNS: Final = ("video", "size", "frames", "segments", "would do", "why", "about", "disk")
_RIGHT: Final = frozenset({"frames", "segments", "about", "disk"})
_MOST_FOLDED: Final = 200
"""Videos up to which a table is fitted to the terminal, which takes long for thousands (ours)."""
_N_AHEAD: Final = 8


@dataclass(frozen=True, slots=True)
class _PlannedRow:
    """What is shown of a plan: small, as there may be thousands."""

    cells: tuple[str, ...]
    refusal: str | None
    cost: WorkEstimate
    needs_work: bool


def show_dry_run(settings: Settings) -> int:
    """Print the plan of every video; write nothing."""
    get_networks(settings.pose, lambda sentence: click.echo(sentence, err=True), offline=settings.offline)
    inputs = find_inputs(settings)
    rows = list(_rows(settings, inputs.videos))
    console = Console(highlight=False, markup=False)
    if console.is_terminal and len(rows) <= _MOST_FOLDED:
        console.print(_table(rows))
    else:
        for line in _lines([_COLUMNS, *(row.cells for row in rows)]):
            click.echo(line)
    for row in rows:
        if row.refusal is not None:
            console.print(row.refusal, soft_wrap=True)
    for one in inputs.left_out:
        console.print(printable(f"{one.name}: left out. {one.reason}"), soft_wrap=True)
    total = sum((row.cost for row in rows), WorkEstimate(0.0, 0.0))
    console.print(
        f"{sum(row.needs_work for row in rows)} of {len(rows)} videos need work: about {_minutes(total.seconds)} on "
        f"one core, {total.disk_bytes / 1e6:.0f} MB of new files; nothing was done",
        soft_wrap=True,
    )
    return ExitCode.DONE


def _rows(settings: Settings, found: Sequence[FoundVideo]) -> Iterator[_PlannedRow]:
    settings, estimator, _ = prepare(settings)
    layout = layout_of(settings)
    limit_bytes = LimitReader(LimitSettings(settings.memory_limit)).read(0).allowed_bytes
    n_threads = n_probers(len(found), usable_cores(), limit_bytes)
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory())
        # Planning writes what it learns into the ledger; a dry run writes nothing, so it learns in a passing copy.
        for part in layout.ledger.parent.glob(layout.ledger.name + "*"):
            shutil.copy(part, scratch)
        ledger = stack.enter_context(Ledger(Path(scratch) / layout.ledger.name))
        stack.enter_context(secrets_withheld())
        prober = stack.enter_context(Prober(settings.probing, limit_bytes, n_threads, settings.reading))
        planner = Planner(settings, layout, ledger, estimator, prober.probe)
        speeds = {kind: ledger.speed(kind) for kind in ("pose", "render")}
        for plan in mapped_ahead(planner.plan, found, n_threads, _N_AHEAD):
            if not isinstance(plan, Pending):
                yield _row(plan, estimate(plan, speeds.get))


def _row(plan: VideoPlan, cost: WorkEstimate) -> _PlannedRow:
    index = plan.index
    ready = plan if isinstance(plan, ReadyVideo) else None
    cells = (
        printable(plan.found.relative),
        f"{index.width_px}x{index.height_px}" if index else "-",
        str(index.n_frames) if index else "-",
        str(len(ready.segments)) if ready else "-",
        _work(plan),
        _why(plan),
        _minutes(cost.seconds) if cost.seconds else "-",
        f"{cost.disk_bytes / 1e6:.1f} MB" if cost.disk_bytes else "-",
    )
    refused = why_given_up(plan.found.relative, plan.failure) if isinstance(plan, RefusedVideo) else None
    return _PlannedRow(cells, refused, cost, ready is not None and not ready.up_to_date)


def _lines(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows with aligned columns, however long."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padding = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        padded = [
            space + cell if name in _RIGHT else cell + space
            for name, cell, space in zip(_COLUMNS, row, padding, strict=True)
        ]
        yield "  ".join(padded).rstrip()


def _table(rows: Sequence[_PlannedRow]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in _COLUMNS:
        table.add_column(name, justify="right" if name in _RIGHT else "left", overflow="fold")
    for row in rows:
        table.add_row(*row.cells)
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

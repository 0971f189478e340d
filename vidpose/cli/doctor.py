"""``vidpose doctor``: check this machine, and that vidpose measures correctly on it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from vidpose.cli.checks import Check, machine_checks
from vidpose.exit_codes import ExitCode, exit_code_help

BUNDLE_NAME = "vidpose-report.zip"


@click.command(epilog=exit_code_help(ExitCode.DONE, ExitCode.FAILED))
@click.option(
    "--no_selftest", "--no-selftest", "no_selftest", is_flag=True, help="Only check; do not measure the clip."
)
@click.option(
    "--memory_limit",
    "--memory-limit",
    "memory_limit",
    type=float,
    default=None,
    help="Share of the machine's memory that a run may use [0.4].",
)
@click.option("--report", is_flag=True, help=f"Write {BUNDLE_NAME} for a bug report: without names, paths and results.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("output"),
    help="Output folder of the run that the report is about [output].",
)
def command(no_selftest: bool, memory_limit: float | None, report: bool, output: Path) -> None:
    """Check packages, models, memory and codecs, then measure a clip with known joint angles (half a minute)."""
    failed, lines = False, []
    for check in _all_checks(memory_limit, selftest=not no_selftest):
        mark, colour = {"ok": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "red")}[check.verdict]
        click.echo(f"{click.style(mark, fg=colour)}  {check.name}: {check.result}")
        lines.append(f"{mark}  {check.name}: {check.result}")
        failed |= check.verdict == "bad"
    click.echo("something needs attention, see BAD above" if failed else "this machine is ready")
    if report:
        from vidpose.cli.support_bundle import write_bundle

        members = write_bundle(Path(BUNDLE_NAME), output, lines)
        click.echo(f"wrote {BUNDLE_NAME} ({', '.join(members)}); please read it before you attach it to an issue")
    raise SystemExit(ExitCode.FAILED if failed else ExitCode.DONE)


def _all_checks(memory_limit: float | None, *, selftest: bool) -> Iterator[Check]:
    yield from machine_checks(memory_limit)
    if selftest:
        yield from _selftest_checks()


def _selftest_checks() -> Iterator[Check]:
    from vidpose.cli.display import RunDisplay
    from vidpose.cli.terminal import terminal_for_us
    from vidpose.engines.stop import StopRequest
    from vidpose.errors import VidposeError
    from vidpose.selftest import LIMITS_DEG, MIN_FOUND_SHARE, run_selftest

    with tempfile.TemporaryDirectory(prefix="vidpose-doctor-") as scratch:
        folder = Path(scratch)
        try:
            with terminal_for_us(folder / "log") as (out, _):
                display = RunDisplay(out, "quiet")
                with StopRequest(display.say) as stop:
                    accuracy, report = run_selftest(folder, "distributed", display, stop)
        except VidposeError as error:
            yield Check("self-test", "bad", str(error))
            return
    found_ok = accuracy.found_share >= MIN_FOUND_SHARE
    yield Check(
        "self-test, person found",
        "ok" if found_ok else "bad",
        f"{accuracy.found_share:.1%} of {accuracy.n_frames} frames (at least {MIN_FOUND_SHARE:.0%})",
    )
    for joint in accuracy.joints:
        limit = LIMITS_DEG[joint.angle_id[:-2]]
        yield Check(
            f"self-test, {joint.angle_id}",
            "ok" if joint.median_abs_deg <= limit else "bad",
            f"median error {joint.median_abs_deg:.1f}° (at most {limit:.0f}°), 95 % below {joint.p95_deg:.1f}°, "
            f"bias {joint.bias_deg:+.1f}°, {joint.valid_share:.0%} of the side-view frames have a value",
        )
    memory = report.memory
    yield Check(
        "self-test, run",
        "ok" if memory["n_samples_over"] == 0 else "bad",
        f"{accuracy.n_frames / report.wall_s:.0f} frames/s with start-up, memory peak "
        f"{memory['peak_bytes'] / 2**20:.0f} of {memory['limit_bytes'] / 2**20:.0f} MiB",
    )

"""The metric dictionary as a page: ``python -m vidpose.biomech.metric_dictionary_doc [docs/metrics.md]``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vidpose.biomech.metric_dictionary import ROOMS
from vidpose.biomech.metrics.gates import MIN_VIEW_SHARE
from vidpose.biomech.metrics.row import MetricRow
from vidpose.types.metrics import REASONS
from vidpose.types.motion import Facing

_INTRODUCTION: Final = f"""# Metrics

This page is generated from the metric dictionary (`vidpose/biomech/metric_dictionary.py` and the `*_metrics.py` of
every room); change a row there and run `python -m vidpose.biomech.metric_dictionary_doc`.

Every metric has one row per person and side in `metrics.parquet`, `metrics.csv`, the pose model and the cohort file,
without exception: where it cannot be given, the value is missing and the status says why. A metric is given when at
least {MIN_VIEW_SHARE:.0%} of the frames with the person are in one of its views and the frame rate is high enough.
`uncertainty` is half the 95 % interval from measurement noise, where it can be estimated; it says nothing about bias.
Nothing is computed across gaps. The unit 1 is that of plain numbers, an empty cell in the tables. The largest angle and
the range of motion of a joint are no metrics: they are in `summary.json`, from the values of `angles.parquet`.
"""


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield from ("## Why a value is missing", "", "| status | meaning |", "|---|---|")
    yield from (f"| `{code or 'ok'}` | {meaning} |" for code, meaning in REASONS.items())
    for heading, rows in ROOMS.items():
        yield from ("", f"## {heading}", "")
        yield "| metric | what it is | formula | unit | zero; positive | needs | source |"
        yield "|---|---|---|---|---|---|---|"
        yield from (_line(row) for row in rows)


def _line(row: MetricRow) -> str:
    note = f" {row.note}" if row.note else ""
    definition = row.definition.rstrip(".")
    sides = "" if row.sides == ("none",) else f" ({', '.join(row.sides)})"
    cells = (
        f"`{row.id}`{sides}",
        f"{row.label}. {definition}.{note}",
        row.formula,
        row.shown_unit or "1",
        f"0: {row.zero}; +: {row.positive}",
        _needs(row),
        row.source,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _needs(row: MetricRow) -> str:
    needs = [f"{row.plane} plane" if row.plane != "any" else "any plane"]
    needs.append("views: " + ", ".join(Facing(int(view)).name.lower() for view in row.views))
    if row.min_rate_hz:
        needs.append(f"at least {row.min_rate_hz:g} Hz")
    if row.needs_height:
        needs.append("the person's height")
    if row.still_camera:
        needs.append("a stationary camera")
    if row.landmarks:
        needs.append("landmarks: " + ", ".join(row.landmarks))
    return "; ".join(needs)


def main() -> None:
    """Write the page."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/metrics.md")
    path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

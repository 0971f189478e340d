"""Probe and pose every video of a folder by the functions of a run, without analysis; for :mod:`benchmarks.fuzz`.

``python -m benchmarks.posed_only FOLDER``, where the videos lie in ``FOLDER/in``; writes ``FOLDER/entries.json``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from vidpose.config import Settings
from vidpose.engines.prober import Prober
from vidpose.engines.run_unit import run_unit
from vidpose.pose.opening import describe_estimator
from vidpose.state.layout import Layout
from vidpose.state.ledger import Ledger
from vidpose.workflow.run import find_inputs
from vidpose.workflow.unit_maker import UnitMaker
from vidpose.workflow.video_plan import Planner, RefusedVideo, VideoPlan

LIMIT_BYTES = 2 << 30


def pose_all(folder: Path) -> list[dict[str, Any]]:
    """Pose what can be posed; return an entry of each video like those of a run report."""
    settings = Settings(input=folder / "in", pose={"max_people": 1})
    layout = Layout(folder / "output", folder / "models")
    estimator = describe_estimator(settings.pose)
    maker = UnitMaker(settings, layout, estimator, ())
    with Ledger(layout.ledger) as ledger, Prober(settings.probing, LIMIT_BYTES) as prober:
        planner = Planner(settings, layout, ledger, estimator, prober.probe)
        return [_pose(planner.plan(found), maker) for found in find_inputs(settings).videos]


def _pose(plan: VideoPlan, maker: UnitMaker) -> dict[str, Any]:
    if isinstance(plan, RefusedVideo):
        return _entry(plan, "quarantined", [plan.failure.as_dict()])
    if not plan.missing_segments:
        return _entry(plan, "skipped_unchanged", [])
    unit = maker.pose(plan, list(plan.missing_segments))
    outcome = run_unit(unit)
    if outcome.failure is not None:
        return _entry(plan, "quarantined", [outcome.failure.finding.as_dict()])
    digest = hashlib.sha256(b"".join(part.read_bytes() for part in unit.task.results)).hexdigest()
    return _entry(plan, "done", [], plan.index.n_frames) | {"poses": digest}


def _entry(plan: VideoPlan, state: str, findings: list[dict[str, Any]], n_frames: int = 0) -> dict[str, Any]:
    return {"name": plan.found.relative, "state": state, "findings": findings, "frames": n_frames, "poses": ""}


if __name__ == "__main__":
    place = Path(sys.argv[1])
    (place / "entries.json").write_text(json.dumps({"videos": pose_all(place)}))

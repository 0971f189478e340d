"""The whole program over a folder of clips, as a user calls it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.harness.clips import PROJECT, Clip
from benchmarks.harness.rounds import Measured, run_command

ALONE = ("--estimator", "blazepose", "--max_people", "1")
"""Like for like: MediaPipe's graph follows one person."""
ON_ONE_CORE = "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])}); os.execv(sys.argv[2], sys.argv[2:])"


def job(clips: Sequence[Clip], *options: str, memory: bool = False, one_core: bool = False) -> Measured:
    """Run vidpose from its start to its end over some clips; the results are checked and thrown away.

    Raises
    ------
    RuntimeError
        When not every frame of every clip was done.
    """
    with tempfile.TemporaryDirectory(dir=clips[0].path.parent) as scratch:  # on one disk: links need no space
        folder, output = Path(scratch) / "clips", Path(scratch) / "output"
        folder.mkdir()
        for clip in clips:
            os.link(clip.path, folder / clip.path.name)
        places = ["--input", str(folder), "--output", str(output), "--models", str(Path(scratch) / "models")]
        command = [sys.executable, str(PROJECT / "pipeline.py"), *places, "--quiet", *options]
        if one_core:
            core = min(os.sched_getaffinity(0))
            command = [sys.executable, "-c", ON_ONE_CORE, str(core), *command]
        n_frames = sum(clip.n_frames for clip in clips)
        measured = run_command(command, n_frames, memory=memory)
        _refuse_less(output / "run_report.json", n_frames)
    return measured


def difference(more: Measured, less: Measured) -> Measured:
    """Return what the additional frames of the larger job cost: start and end of the program fall out."""
    return replace(
        more,
        n_frames=more.n_frames - less.n_frames,
        wall_s=more.wall_s - less.wall_s,
        cpu_s=more.cpu_s - less.cpu_s,
        others=max(more.others, less.others),
    )


def _refuse_less(report: Path, n_frames: int) -> None:
    facts = json.loads(report.read_bytes())
    bad = [entry["name"] for entry in facts["videos"] if not entry["state"].startswith("done")]
    # Long videos are posed in chains, each with warm-up frames of its own.
    if bad or facts["totals"]["frames"] < n_frames:
        raise RuntimeError(f"expected {n_frames} frames done, got {facts['totals']['frames']}; not done: {bad}")

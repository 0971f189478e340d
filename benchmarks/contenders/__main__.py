"""One contender in a process of its own: ``python -m benchmarks.contenders NAME [CLIP ...]``.

It gets warm, says ``ready``, waits for a line, works, and says in JSON what it did and when it ended.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

Gate = Callable[[], None]


def _naive(clips: list[Path], gate: Gate, **options: Any) -> dict[str, Any]:
    from benchmarks.contenders.naive import naive

    return naive(clips, gate, **options)


def _decode(clips: list[Path], gate: Gate) -> dict[str, Any]:
    from benchmarks.contenders.floor import decode

    return decode(clips, gate)


def _inference(_: list[Path], gate: Gate, precision: str) -> dict[str, Any]:
    from benchmarks.contenders.floor import inference

    return inference(gate, precision)


def _pose(clips: list[Path], gate: Gate, **settings: Any) -> dict[str, Any]:
    from benchmarks.contenders.pose import pose_stage
    from vidpose.pose.estimator import PoseSettings

    return pose_stage(clips, gate, PoseSettings(**settings))


def _stages(clips: list[Path], gate: Gate, **settings: Any) -> dict[str, Any]:
    from benchmarks.contenders.stages import stages
    from vidpose.pose.estimator import PoseSettings

    return stages(clips, gate, PoseSettings(**settings))


CONTENDERS: dict[str, Callable[[list[Path], Gate], dict[str, Any]]] = {
    "naive": partial(_naive, draw=False),
    "naive_draw": partial(_naive, draw=True),
    "decode": _decode,
    "inference_f32": partial(_inference, precision="f32"),
    "inference_fast": partial(_inference, precision="fast"),
    "pose_f32": partial(_pose, estimator="blazepose", max_people=1),
    "pose_fast": partial(_pose, estimator="blazepose", max_people=1, precision="fast"),
    "pose_people": partial(_pose, estimator="blazepose"),
    "pose_mediapipe": partial(_pose, estimator="mediapipe", max_people=1),
    "stages_f32": partial(_stages, estimator="blazepose", max_people=1),
    "stages_fast": partial(_stages, estimator="blazepose", max_people=1, precision="fast"),
    "stages_mediapipe": partial(_stages, estimator="mediapipe", max_people=1),
}
"""By name; each imports what it needs only when it runs, so that the plain loop starts as if alone."""


def main(name: str, clips: list[Path]) -> None:
    """Run one contender between the two lines."""
    spent_s = 0.0

    def gate() -> None:
        nonlocal spent_s
        print("ready", flush=True)
        sys.stdin.readline()
        spent_s = time.process_time()

    answer = CONTENDERS[name](clips, gate)
    answer |= {"end_s": time.monotonic(), "cpu_s": time.process_time() - spent_s}
    print(json.dumps(answer), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], [Path(argument) for argument in sys.argv[2:]])

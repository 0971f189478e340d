"""What is promised: one line per bar, which contenders it compares, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.harness.ratios import Ratio, ratio
from benchmarks.harness.rounds import Measured

VALUES: Final[dict[str, Callable[[Measured], float]]] = {
    "steady": lambda one: one.ms_per_frame,
    "whole": lambda one: one.whole_s,
    "memory": lambda one: float(one.peak_bytes),
}
"""What can be compared: wall time per frame in steady state, whole process, peak memory."""


WORDS: Final[dict[str, str]] = {
    "naive": "plain loop",
    "naive_draw": "plain loop that draws",
    "graphs": "MediaPipe's graph, a process per core",
    "decode": "decoding alone, a process per core",
    "inference_f32": "the network alone, f32, a process per core",
    "inference_fast": "the network alone, bfloat16, a process per core",
    "pose_f32": "ours, f32, a process per core",
    "pose_fast": "ours, fast, a process per core",
    "pose_people": "ours, everybody, f32, a process per core",
    "pose_f32_alone": "ours, f32, one process",
    "job": "the job at full size, f32",
    "job_720": "the job at 720 lines, f32",
    "job_fast": "the job at full size, fast",
    "job_720_fast": "the job at 720 lines, fast",
    "numbers": "the job without video",
    "one_core": "one core",
    "all_cores": "all cores",
    "stages_f32": "f32",
    "stages_fast": "fast",
}
"""Contenders in words; the others are named in words already."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio of contenders, and between which bounds it belongs; without bounds it is printed for information.

    Attributes
    ----------
    experiment
        Where the contenders took turns.
    words
        What it says, for people.
    over, under
        Contenders; several are added up.
    value
        A key of :data:`VALUES`.
    least, most
        Bounds; None is none.
    """

    experiment: str
    words: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    value: str = "steady"
    least: float | None = None
    most: float | None = None

    def reached(self, found: Ratio) -> bool | None:
        """Return whether the ratio lies between the bounds; None when there are none."""
        if self.least is None and self.most is None:
            return None
        high_enough = self.least is None or found.overall >= self.least
        return high_enough and (self.most is None or found.overall <= self.most)

    def found(self, measured: Sequence[Measured]) -> Ratio | None:
        """Return the ratio in the measurements of its experiment; None when they lack a contender."""
        mine = [one for one in measured if one.experiment == self.experiment]
        return ratio(mine, self.over, self.under, VALUES[self.value])

    @property
    def bounds(self) -> str:
        """The bounds in words."""
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}"
        if self.least is not None:
            return f"at least {self.least:g}"
        return "" if self.most is None else f"at most {self.most:g}"


def _against(slow: str, words: str, least: tuple[float, float]) -> list[Bar]:
    return [
        Bar("models", f"{words} over ours, {precision}", (slow,), (f"pose_{precision}",), least=bound)
        for precision, bound in zip(("f32", "fast"), least, strict=True)
    ]


BARS: Final[tuple[Bar, ...]] = (
    *_against("naive", "plain loop", (2.7, 3.3)),
    *_against("naive_draw", "plain loop that draws and writes mp4v", (4.0, 4.8)),
    *_against("graphs", "MediaPipe's graph in a process per core", (1.7, 2.0)),
    Bar("models", "share of the floor reached, f32", ("decode", "inference_f32"), ("pose_f32",), least=0.85),
    Bar("models", "share of the floor reached, fast", ("decode", "inference_fast"), ("pose_fast",), least=0.85),
    Bar("models", "plain loop over ours that follows everybody, f32", ("naive",), ("pose_people",)),
    Bar("models", "one process over a process per core, f32", ("pose_f32_alone",), ("pose_f32",), least=1.85),
    Bar("job", "plain loop that draws over the job at full size, f32", ("naive_draw",), ("job",), least=2.3),
    Bar("job", "plain loop that draws over the job at 720 lines, f32", ("naive_draw",), ("job_720",), least=2.7),
    Bar("job", "plain loop that draws over the job at full size, fast", ("naive_draw",), ("job_fast",)),
    Bar("job", "plain loop that draws over the job at 720 lines, fast", ("naive_draw",), ("job_720_fast",)),
    Bar("cold", "plain loop that draws over the job, one clip of 10 s", ("naive_draw",), ("job",), "whole", least=1.0),
    Bar("cold", "plain loop over the job without video", ("naive",), ("numbers",), "whole"),
    Bar("cores", "one core over all cores, a folder without video", ("one_core",), ("all_cores",), least=1.85),
    Bar("length", "time per frame, 5 minutes over 1", ("5_min",), ("1_min",), least=0.9, most=1.1),
    Bar("length", "time per frame, 20 minutes over 1", ("20_min",), ("1_min",), least=0.9, most=1.1),
    Bar("length", "time per frame, 60 minutes over 1", ("60_min",), ("1_min",), least=0.9, most=1.1),
    Bar("length", "peak memory, 20 minutes over 5", ("20_min",), ("5_min",), "memory", most=1.1),
    Bar("length", "peak memory, 60 minutes over 5", ("60_min",), ("5_min",), "memory", most=1.1),
)

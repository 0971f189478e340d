"""Connects a run with the governor (memory), the ledger (speeds) and the display."""

from __future__ import annotations

import logging
import os
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol, Self

from vidpose.config import Settings
from vidpose.engines.engine import Engine, EngineName, EngineSettings
from vidpose.engines.pool import Pool
from vidpose.engines.scheduler import Concurrency
from vidpose.engines.tasks import Kind, Unit, UnitOutcome
from vidpose.governor.governor import Governor
from vidpose.governor.limits import LimitReader, LimitSettings
from vidpose.governor.meter import TreeMeter
from vidpose.governor.policy import is_worn
from vidpose.governor.predict import UnitPredictor, UnitShape, first_guess_bytes
from vidpose.governor.readers import this_system_reader
from vidpose.governor.sizes import in_words
from vidpose.governor.worker_plan import EngineName as PlanEngine
from vidpose.governor.worker_plan import WorkerPlan, plan_workers, usable_cores, why_never
from vidpose.state.ledger import Ledger
from vidpose.types.left_out import LeftOut
from vidpose.workflow.video_job import VideoRecord
from vidpose.workflow.video_plan import ReadyVideo

MAX_GROWTH = 2.5
"""An idle worker this much larger than after its first unit is replaced. Below 2 the figure would follow the size of
the videos and how much of its libraries it shares with others, not leaks (ours)."""
QUICK_FRAMES = 3600
"""One video with no more frames than these to pose is done inline by ``auto``: Ray and Dask take 5 to 10 s to start and
to end, which is what half of these frames take (ours)."""
_LOG = logging.getLogger(__name__)
_USUAL_UNIT = UnitShape("pose", 1920, 1080, "h264", batch=5)
"""Stands for the units to come when the first one says nothing about memory."""


class Display(Protocol):
    """What a run shows; see :class:`vidpose.cli.display.RunDisplay`."""

    def say(self, sentence: str) -> None:
        """Show a sentence, whatever else is shown; from any thread."""
        ...

    def found(self, n_videos: int, left_out: Sequence[LeftOut]) -> None:
        """Note how many videos there are, and show what looks like one and is left out."""
        ...

    def planned(self, video: ReadyVideo) -> None:
        """Note what one video needs."""
        ...

    def ended(self, record: VideoRecord) -> None:
        """Note what became of one video."""
        ...

    def progress(self, unit_id: str, n_frames: int) -> None:
        """Note the progress of a unit; from any thread."""
        ...

    def segment_posed(self) -> None:
        """Count one more segment with poses."""
        ...

    def status(self, *, used_bytes: int, limit_bytes: int, n_running: int) -> None:
        """Note memory and running work, some times a second."""
        ...


class Supervision:
    """Admits units, observes them, and collects what the run report needs.

    Parameters
    ----------
    settings
        The run's settings.
    ledger
        Keeps measured speeds.
    display
        Shows the run.
    n_videos
        How many videos the run goes through.
    """

    def __init__(self, settings: Settings, ledger: Ledger, display: Display, n_videos: int) -> None:
        self._settings = settings
        self._ledger = ledger
        self._display = display
        self._n_videos = n_videos
        self._n_cores = usable_cores()
        self.engine_name: EngineName = "inline"
        self._announced: list[str] = []
        self._meter = TreeMeter(this_system_reader(), {os.getpid()})
        self._limits = LimitReader(LimitSettings(settings.memory_limit))
        self._governor: Governor | None = None
        self._predictor = UnitPredictor()
        self._batch_divisor = 1
        self._fresh_bytes: dict[int, int] = {}
        self._plan_why = "no process was needed"
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._work: dict[Kind, tuple[float, float]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: Any) -> None:
        if self._governor is not None:
            self._governor.__exit__(None, None, None)
        for kind, (seconds, megapixels) in self._work.items():
            self._ledger.remember_speed(kind, seconds / megapixels)

    @property
    def concurrency(self) -> Concurrency:
        """Videos that may be open at once (enough that no worker waits, few enough for any archive), and cores."""
        return Concurrency(2 * (self._settings.workers or self._n_cores) + 2, self._n_cores)

    def choose_engine(self, first: Sequence[Unit]) -> EngineSettings:
        """Return how many processes to start for what the first video needs; refuse if the memory limit is too low.

        Raises
        ------
        MemoryLimitError
            When the limit does not hold the fixed cost.
        """
        settings = self._settings
        n_frames = sum(unit.n_frames for unit in first)
        quick = self._n_videos == 1 and n_frames <= QUICK_FRAMES and settings.workers is None
        chosen: EngineName = "inline" if quick else "distributed"
        self.engine_name = chosen if settings.engine == "auto" else settings.engine
        reading = self._meter.read(time.monotonic(), None)
        plan = plan_workers(
            self._limits.read(reading.used_bytes),
            settings.workers,
            self._n_cores,
            self._predictor.predict_bytes(first[0].shape or _USUAL_UNIT),
            "inline" if self.engine_name == "inline" else "dask",
        )
        self._plan_why = plan.why
        self._governor = Governor(self._meter, self._limits, plan)
        self._governor.__enter__()
        return EngineSettings(self.engine_name, plan.n_workers)

    def announce(self, sentence: str) -> None:
        """Tell the user what became of the engine; from any thread."""
        self._announced.append(sentence)
        self._display.say(sentence)

    @property
    def engine_in_words(self) -> str:
        """The engine, and what had to be done without it."""
        return "; ".join([self.engine_name, *self._announced])

    @property
    def allowed_bytes(self) -> int:
        """The user's share of the machine's memory, whatever other programs leave of it."""
        return self._limits.read(0).allowed_bytes

    def why_never(self, shape: UnitShape) -> str | None:
        """Return why a unit of this shape can never run under the memory limit, whatever runs before it; else None."""
        engine: PlanEngine = "dask"
        if self._settings.engine == "inline" or (self._settings.engine == "auto" and self._n_videos == 1):
            engine = "inline"
        return why_never(self._limits.read(0), first_guess_bytes(shape), engine)

    def why_not_now(self, unit: Unit) -> str:
        """Return the arithmetic of a unit that has to wait though nothing runs."""
        limit = self._started.limit
        now = in_words(limit.limit_bytes) if limit is not None else "unknown"
        why = f" ({limit.why})" if limit is not None else ""
        return f"it needs {in_words(self._bytes_of(unit))} beside what the run takes itself; the limit is {now}{why}"

    def admits(self, unit: Unit, running: list[Unit]) -> bool:
        """Ask the governor whether ``unit`` may start beside those that run."""
        if unit.shape is None and not unit.held_bytes:
            return True
        others = [other for other in running if self._bytes_of(other)]
        in_flight_bytes = sum(self._bytes_of(other) for other in others)
        return self._started.admits(self._bytes_of(unit), in_flight_bytes, len(others))

    def unit_started(self, unit: Unit) -> None:
        """Do nothing: only ends are of interest."""

    def unit_ended(self, outcome: UnitOutcome, *, final: bool) -> None:
        """Learn memory and speed from a unit."""
        unit = outcome.unit
        self._seconds[unit.video] += outcome.seconds
        failure = outcome.failure
        if failure is not None and failure.kind != "cancelled":
            again = "" if final else ", will be tried again"
            _LOG.error("%s (%s): %s%s\n%s", unit.video, unit.id, failure.finding.message, again, failure.traceback)
        if failure is not None or unit.shape is None:
            return
        self._display.progress(unit.id, unit.n_frames)
        if unit.kind == "pose":
            self._display.segment_posed()
        if outcome.peak_bytes is not None:
            self._predictor.learn(unit.shape, outcome.peak_bytes)
        seconds, megapixels = self._work.get(unit.kind, (0.0, 0.0))
        worked: float = unit.n_frames * unit.shape.width_px * unit.shape.height_px / 1e6
        self._work[unit.kind] = (seconds + outcome.seconds, megapixels + worked)

    def tick(self, engine: Engine) -> None:
        """Do what the governor orders; tell the display."""
        governor = self._governor
        if governor is None or governor.limit is None:
            return
        pools = engine.pools
        if governor.batch_divisor != self._batch_divisor:
            self._batch_divisor = governor.batch_divisor
            for pool in pools:
                pool.set_batch_divisor(self._batch_divisor)
        for pool in pools:
            for action in governor.take_actions(pool.idle_pids(), pool.busy_pids()):
                (pool.recycle if action.kind == "recycle" else pool.kill)(action.pid)
            self._recycle_worn(pool, governor)
        self._display.status(
            used_bytes=sum(governor.process_bytes.values()),
            limit_bytes=governor.limit.limit_bytes,
            n_running=sum(pool.n_running for pool in pools),
        )

    def _recycle_worn(self, pool: Pool, governor: Governor) -> None:
        """Replace an idle process that has grown or worked for long: libraries leak."""
        for pid in pool.idle_pids():
            used_bytes, n_units = governor.process_bytes.get(pid), pool.n_units(pid)
            if used_bytes is None or not n_units:
                continue
            fresh_bytes = self._fresh_bytes.setdefault(pid, used_bytes)
            if is_worn(used_bytes, fresh_bytes, n_units, MAX_GROWTH):
                pool.recycle(pid)

    def planned(self, video: ReadyVideo) -> None:
        """Pass on what one video needs."""
        self._display.planned(video)

    def progress(self, unit_id: str, n_frames: int) -> None:
        """Pass on the progress of a unit; from any thread."""
        self._display.progress(unit_id, n_frames)

    def video_ended(self, record: VideoRecord) -> None:
        """Pass on what became of one video."""
        self._display.ended(record)

    def seconds_of(self, video: str) -> float:
        """Working time of a video's units so far, s."""
        return self._seconds[video]

    def memory_report(self) -> dict[str, Any]:
        """Return what the governor saw; one sample when no process was needed."""
        if self._governor is None:
            idle = WorkerPlan(1, 0, 0, self._plan_why)
            governor = Governor(self._meter, self._limits, idle)
            governor.sample()
            return governor.report().as_dict() | {"workers": self._plan_why}
        learned = {"workers": self._plan_why, "measured_over_predicted": self._predictor.as_dict()}
        return self._governor.report().as_dict() | learned

    @property
    def _started(self) -> Governor:
        assert self._governor is not None, "units are admitted after the engine was chosen"
        return self._governor

    def _bytes_of(self, unit: Unit) -> int:
        return self._predictor.predict_bytes(unit.shape) if unit.shape is not None else unit.held_bytes

"""The pools of one run, started in the background with the first unit of work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from vidpose.engines.pool import Pool, ProgressSink
from vidpose.engines.tasks import Kind, Unit
from vidpose.errors import VidposeError

CLOSE_TIMEOUT_S = 30.0
"""A pool that does not start or end within this time is left to the watcher."""

EngineName = Literal["distributed", "inline"]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Which engine, and how many processes it may start (threads, for the inline engine)."""

    name: EngineName
    n_workers: int
    n_actors: int = 1


class Engine:
    """Starts the pools with the first unit; the planning of further videos continues meanwhile.

    Parameters
    ----------
    choose
        Chooses the processes to start, given the first units; may refuse with an error.
    progress
        Called with unit id and frames done.
    """

    def __init__(self, choose: Callable[[Sequence[Unit]], EngineSettings], progress: ProgressSink) -> None:
        self._choose = choose
        self._progress = progress
        self._pools: dict[Kind, Pool] = {}
        self._ready: set[int] = set()
        self._errors: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    @property
    def pools(self) -> list[Pool]:
        """All pools, each once."""
        return list({id(pool): pool for pool in self._pools.values()}.values())

    def ensure_started(self, first: Sequence[Unit]) -> None:
        """Start every pool in a thread of its own and return at once; later calls do nothing.

        Raises
        ------
        MemoryLimitError
            When the limit does not hold the fixed cost.
        """
        if self._pools:
            return
        self._pools = _make_pools(self._choose(first), self._progress)
        for pool in self.pools:
            name = f"start-{type(pool).__name__}"
            thread = threading.Thread(target=self._start_one, args=(pool,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def ready(self, kind: Kind) -> Pool | None:
        """Return the pool for this kind of unit, or None while it starts.

        Raises
        ------
        VidposeError
            When a pool could not be started.
        """
        if self._errors:
            error = self._errors[0]
            raise VidposeError(f"the engine did not start: {error}. Try again, or use --engine inline") from error
        pool = self._pools[kind]
        return pool if id(pool) in self._ready else None

    def running_pools(self) -> list[Pool]:
        """Return the pools that have started."""
        return [pool for pool in self.pools if id(pool) in self._ready]

    def close(self) -> None:
        """End every process that was started."""
        for thread in self._threads:
            thread.join(CLOSE_TIMEOUT_S)
        enders = [threading.Thread(target=pool.close, daemon=True) for pool in self.pools]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join(CLOSE_TIMEOUT_S)

    def _start_one(self, pool: Pool) -> None:
        try:
            pool.start()
        except Exception as error:  # noqa: BLE001 - crosses a thread: reported by ready()
            self._errors.append(error)
        else:
            self._ready.add(id(pool))


def _make_pools(settings: EngineSettings, progress: ProgressSink) -> dict[Kind, Pool]:
    if settings.name == "inline":
        from vidpose.engines.inline import InlinePool

        inline = InlinePool(progress, settings.n_workers)
        return {"pose": inline, "analyse": inline, "render": inline}
    from vidpose.engines.dask_pose import DaskPool
    from vidpose.engines.ray_biomech import RayPool

    dask_pool = DaskPool(settings.n_workers, progress)
    return {"pose": dask_pool, "render": dask_pool, "analyse": RayPool(settings.n_actors)}

"""The pools of one run, started in the background with the first unit of work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from vidpose.engines.pool import Pool, ProgressSink
from vidpose.engines.reliable_pool import CLOSE_LIMIT_S, ReliablePool
from vidpose.engines.tasks import Kind, Unit

EngineName = Literal["distributed", "inline"]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Which engine, and how many processes it may start (threads, for the inline engine)."""

    name: EngineName
    n_workers: int
    n_actors: int = 1


class Engine:
    """Starts the pools with the first unit; the planning of further videos continues meanwhile.

    Units are taken as soon as their own pool has started: videos are posed before Ray, which analyses, is there.

    Parameters
    ----------
    choose
        Chooses the processes to start, given the first units; may refuse with an error.
    progress
        Called with unit id and frames done.
    announce
        Called with what the user has to know about the start, from any thread.
    """

    def __init__(
        self,
        choose: Callable[[Sequence[Unit]], EngineSettings],
        progress: ProgressSink,
        announce: Callable[[str], None],
    ) -> None:
        self._choose = choose
        self._progress = progress
        self._announce = announce
        self._pools: dict[Kind, Pool] = {}

    @property
    def pools(self) -> list[Pool]:
        """All pools, each once."""
        return list({id(pool): pool for pool in self._pools.values()}.values())

    @property
    def is_starting(self) -> bool:
        """True while one of the pools cannot take units yet."""
        return any(isinstance(pool, ReliablePool) and pool.is_starting for pool in self.pools)

    def ensure_started(self, first: Sequence[Unit]) -> None:
        """Begin to start every pool and return at once; later calls do nothing.

        Raises
        ------
        MemoryLimitError
            When the limit does not hold the fixed cost.
        """
        if not self._pools:
            self._pools = _make_pools(self._choose(first), self._progress, self._announce)
            for pool in self.pools:
                pool.start()

    def pool(self, kind: Kind) -> Pool:
        """Return the pool for this kind of unit; its capacity is 0 while it starts."""
        return self._pools[kind]

    def close(self) -> None:
        """End every process that was started."""
        enders = [threading.Thread(target=pool.close, daemon=True) for pool in self.pools]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join(2 * CLOSE_LIMIT_S)


def _make_pools(settings: EngineSettings, progress: ProgressSink, announce: Callable[[str], None]) -> dict[Kind, Pool]:
    from vidpose.engines.inline import InlinePool

    def inline() -> InlinePool:
        return InlinePool(progress, settings.n_workers)

    if settings.name == "inline":
        alone = inline()
        return {"pose": alone, "analyse": alone, "render": alone}
    from vidpose.engines.dask_pose import DaskPool
    from vidpose.engines.ray_biomech import RayPool

    n_workers, n_actors = settings.n_workers, settings.n_actors
    dask = ReliablePool("Dask", lambda _: DaskPool(n_workers, progress), inline, n_workers, announce)
    ray = ReliablePool("Ray", lambda limit_s: RayPool(n_actors, start_limit_s=limit_s), inline, n_actors, announce)
    return {"pose": dask, "render": dask, "analyse": ray}

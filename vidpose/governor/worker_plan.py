"""How many workers fit, and whether one more unit does."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from typing import Final, Literal

from vidpose.errors import MemoryLimitError
from vidpose.governor.limits import MemoryLimit
from vidpose.governor.predict import POSE_WORKER_BYTES
from vidpose.governor.sizes import MIB, in_words

EngineName = Literal["dask", "inline"]

DRIVER_BYTES: Final[int] = 330 * MIB
"""The user's own process: pandas, SciPy, PyArrow, Matplotlib (210-230 MiB), the Dask scheduler and the nannies; and the
process that probes (84 MiB). Measured as PSS, like the next two. A Dask worker (50 MiB) is part of every unit's
prediction."""

RAY_BYTES: Final[int] = 325 * MIB
"""Ray without dashboard: GCS 40, raylet 24, monitors and agents 48 + 55 + 46 + 53 + 50, resource tracker 7 MiB."""

RAY_ACTOR_BYTES: Final[int] = 155 * MIB
"""One actor with SciPy, pandas and PyArrow."""

INLINE_BYTES: Final[int] = 210 * MIB
"""The user's own process without Dask and Ray: pandas, SciPy, PyArrow, Matplotlib."""

ADMIT_BELOW: Final[float] = 0.85
"""Share of the limit that predictions may fill; the rest absorbs their errors (ours)."""

MAX_FRACTION: Final[float] = 0.95
"""Largest fraction worth advising: at least 5 % of the memory is kept in reserve anyway."""


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """What is started.

    Attributes
    ----------
    n_workers
        Pose workers, at least 1; with the inline engine, its threads.
    fixed_bytes
        Predicted memory of everything but the units that run.
    unit_bytes
        Predicted memory of the largest unit, worker included.
    why
        How the number came about, for people.
    """

    n_workers: int
    fixed_bytes: int
    unit_bytes: int
    why: str


def fixed_cost_bytes(engine: EngineName, n_actors: int = 1) -> int:
    """Return the predicted memory of a run in which no unit is running."""
    if engine == "inline":
        return INLINE_BYTES
    return DRIVER_BYTES + RAY_BYTES + n_actors * RAY_ACTOR_BYTES


def fits(predicted_bytes: int, in_flight_bytes: int, fixed_bytes: int, limit_bytes: int) -> bool:
    """Return True when a unit may start: fixed + running + new at most 0.85 of the limit."""
    return fixed_bytes + in_flight_bytes + predicted_bytes <= ADMIT_BELOW * limit_bytes


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def plan_workers(
    limit: MemoryLimit, requested: int | None, n_cores: int, unit_bytes: int, engine: EngineName
) -> WorkerPlan:
    """Return how many pose workers to start.

    Parameters
    ----------
    limit
        The limit in force before anything is started.
    requested
        What the user asked for; None for one worker per core.
    n_cores
        Processor cores.
    unit_bytes
        Predicted memory of the largest unit, worker included.
    engine
        What runs the units; ``"inline"`` has threads instead of workers.

    Raises
    ------
    MemoryLimitError
        When not even one unit fits.
    """
    fixed_bytes = fixed_cost_bytes(engine)
    if fixed_bytes + unit_bytes > limit.limit_bytes:
        raise MemoryLimitError(
            _refusal(limit, fixed_bytes, unit_bytes, engine),
            limit_bytes=limit.limit_bytes,
            needed_bytes=fixed_bytes + unit_bytes,
        )
    wanted = max(requested if requested is not None else n_cores, 1)
    n_fitting = max(int((ADMIT_BELOW * limit.limit_bytes - fixed_bytes) // unit_bytes), 1)
    n_workers = min(wanted, n_fitting)
    source = f"{wanted} requested" if requested is not None else f"{n_cores} cores"
    source = f"inline, {source}" if engine == "inline" else source
    why = (
        f"{n_workers} of {wanted} ({source}): {in_words(fixed_bytes)} fixed + {n_workers} x {in_words(unit_bytes)}"
        f" of at most {ADMIT_BELOW:.2f} x {in_words(limit.limit_bytes)} ({limit.why})"
    )
    return WorkerPlan(n_workers, fixed_bytes, unit_bytes, why)


def why_never(limit: MemoryLimit, unit_bytes: int, engine: EngineName) -> str | None:
    """Return why a unit can never run, with the arithmetic; None when it can once other programs leave enough memory.

    Also None when not even a worker without frames would fit: then it is not the video that is too large, and
    :func:`plan_workers` refuses the run.
    """
    allowed = replace(limit, limit_bytes=limit.allowed_bytes, bound_by="fraction")
    fixed_bytes = fixed_cost_bytes(engine)
    if fixed_bytes + unit_bytes <= allowed.limit_bytes or fixed_bytes + POSE_WORKER_BYTES > allowed.limit_bytes:
        return None
    return _refusal(allowed, fixed_bytes, unit_bytes, engine)


def _refusal(limit: MemoryLimit, fixed_bytes: int, unit_bytes: int, engine: EngineName) -> str:
    """Return the arithmetic of a limit that is too small, and advice."""
    lines = [
        f"the memory limit is too small: {in_words(fixed_bytes)} fixed ({engine} engine)"
        f" + {in_words(unit_bytes)} for the largest unit = {in_words(fixed_bytes + unit_bytes)},"
        f" but the limit is {in_words(limit.limit_bytes)} ({limit.why}).",
        *_advice(limit, fixed_bytes, unit_bytes, engine),
    ]
    return " ".join(lines)


def _advice(limit: MemoryLimit, fixed_bytes: int, unit_bytes: int, engine: EngineName) -> list[str]:
    ways: list[str] = []
    fraction = _smallest_fraction(fixed_bytes + unit_bytes, limit.base_bytes)
    if limit.bound_by == "available":
        ways.append("Close other programs.")
    if limit.fraction < fraction <= MAX_FRACTION:
        ways.append(f"Use --memory_limit {fraction:.2f} or more.")
    inline_bytes = fixed_cost_bytes("inline") + unit_bytes
    if engine != "inline" and inline_bytes <= limit.limit_bytes:
        ways.append(f"Use --engine inline, which needs {in_words(inline_bytes)}.")
    elif engine != "inline" and (inline_fraction := _smallest_fraction(inline_bytes, limit.base_bytes)) <= MAX_FRACTION:
        ways.append(f"Use --engine inline with --memory_limit {max(inline_fraction, limit.fraction):.2f} or more.")
    if not ways:
        ways.append("No setting helps on this machine: scale the video down, or use a machine with more memory.")
    return ways


def _smallest_fraction(needed_bytes: int, base_bytes: int) -> float:
    """Return the smallest fraction, in steps of 0.01, at which the need fits."""
    hundredths = math.ceil(needed_bytes * 100 / base_bytes)
    while int(hundredths / 100 * base_bytes) < needed_bytes:  # the limit is cut to whole bytes
        hundredths += 1
    return hundredths / 100

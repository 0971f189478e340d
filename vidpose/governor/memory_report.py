"""What the governor has seen and done over a run, in memory that does not grow with its length."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any, Final

from vidpose.governor.limits import MemoryLimit
from vidpose.governor.meter import MemoryReading
from vidpose.governor.policy import Band, PolicyState
from vidpose.governor.sizes import MIB, in_words

MAX_KEPT: Final[int] = 1000
"""Excursions and credit changes that are listed; older ones are only counted."""


@dataclass(frozen=True, slots=True)
class Excursion:
    """A stretch of samples over the limit.

    ``duration_s`` runs to the first sample at or below the limit again, or to the last sample of the run; times count
    from the first sample.
    """

    start_s: float
    duration_s: float
    peak_bytes: int
    limit_bytes: int
    why: str


@dataclass(frozen=True, slots=True)
class CreditChange:
    """From ``at_s`` on ``credit`` units might run, with the batch divided by ``batch_divisor``."""

    at_s: float
    credit: int
    batch_divisor: int
    used_share: float


@dataclass(frozen=True, slots=True)
class MemoryReport:
    """The memory of a run.

    Attributes
    ----------
    peak_bytes
        Largest sample, estimates included.
    p50_bytes, p95_bytes
        Median and 95th percentile of the samples, to the next whole MiB.
    limit_bytes, lowest_limit_bytes
        Limit in force at the end, and the lowest in force at any sample.
    why
        Where the last limit comes from.
    n_samples, n_exact, n_stale
        Samples in all; those read exactly; those repeated because reading failed.
    n_samples_over, n_excursions
        Samples over the limit in force at their time, and the stretches that they form.
    excursions
        Those stretches.
    seconds_per_band
        Time by name of :class:`~vidpose.governor.policy.Band`, s.
    credit_history
        Every change of the number of units that may run.
    n_recycles, n_kills
        Workers whose replacement or end was ordered.
    approximate
        True when this system knows no exact figure.
    """

    peak_bytes: int
    p50_bytes: int
    p95_bytes: int
    limit_bytes: int
    lowest_limit_bytes: int
    why: str
    n_samples: int
    n_exact: int
    n_stale: int
    n_samples_over: int
    n_excursions: int
    excursions: tuple[Excursion, ...]
    seconds_per_band: dict[str, float]
    credit_history: tuple[CreditChange, ...]
    n_recycles: int
    n_kills: int
    approximate: bool

    @property
    def sentence(self) -> str:
        """One line for people: the peak, the limit, and whether it was kept."""
        kept = f"{self.n_samples_over} of {self.n_samples} samples over"
        if self.n_excursions:
            longest_s = max(excursion.duration_s for excursion in self.excursions)
            kept += f" in {self.n_excursions} excursions, the longest {longest_s:.1f} s"
        about = " (approximate on this system)" if self.approximate else ""
        return f"memory peak {in_words(self.peak_bytes)} of limit {in_words(self.limit_bytes)}{about}; {kept}"

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self) | {
            "excursions": [asdict(excursion) for excursion in self.excursions],
            "credit_history": [asdict(change) for change in self.credit_history],
        }


class MemoryTally:
    """Adds samples up."""

    def __init__(self) -> None:
        self._start_s: float | None = None
        self._previous: tuple[float, Band] | None = None
        self._mebibytes: Counter[int] = Counter()
        self._counts: Counter[str] = Counter()
        self._band_s: dict[Band, float] = dict.fromkeys(Band, 0.0)
        self._excursions: deque[Excursion] = deque(maxlen=MAX_KEPT)
        self._open = False  # the last excursion still goes on
        self._changes: deque[CreditChange] = deque(maxlen=MAX_KEPT)
        self._peak_bytes = 0
        self._lowest_limit_bytes: int | None = None
        self._limit: MemoryLimit | None = None
        self._approximate = False

    def add(self, now_s: float, reading: MemoryReading, limit: MemoryLimit, band: Band) -> None:
        """Take in one sample; ``band`` is what the policy decided on."""
        if self._start_s is None:
            self._start_s = now_s
        if self._previous is not None:
            self._band_s[self._previous[1]] += now_s - self._previous[0]
        self._previous = (now_s, band)
        self._mebibytes[-(-reading.used_bytes // MIB)] += 1
        self._counts.update(samples=1, exact=int(reading.exact), stale=int(reading.stale))
        self._peak_bytes = max(self._peak_bytes, reading.used_bytes)
        self._limit = limit
        self._lowest_limit_bytes = min(limit.limit_bytes, self._lowest_limit_bytes or limit.limit_bytes)
        self._approximate = self._approximate or reading.approximate
        self._add_excursion(now_s - self._start_s, reading.used_bytes, limit)

    def add_change(self, now_s: float, state: PolicyState, used_share: float) -> None:
        """Take in a new credit or batch divisor."""
        at_s = now_s - (self._start_s if self._start_s is not None else now_s)
        self._changes.append(CreditChange(at_s, state.credit, state.batch_divisor, used_share))

    def count(self, kind: str) -> None:
        """Count an action that was handed to the engine."""
        self._counts[kind] += 1

    def report(self) -> MemoryReport:
        """Return everything seen so far.

        Raises
        ------
        RuntimeError
            Before the first sample.
        """
        if self._limit is None or self._lowest_limit_bytes is None:
            raise RuntimeError("no memory sample was taken; start the governor first")
        return MemoryReport(
            peak_bytes=self._peak_bytes,
            p50_bytes=self._percentile_bytes(0.50),
            p95_bytes=self._percentile_bytes(0.95),
            limit_bytes=self._limit.limit_bytes,
            lowest_limit_bytes=self._lowest_limit_bytes,
            why=self._limit.why,
            n_samples=self._counts["samples"],
            n_exact=self._counts["exact"],
            n_stale=self._counts["stale"],
            n_samples_over=self._counts["over"],
            n_excursions=self._counts["excursions"],
            excursions=tuple(self._excursions),
            seconds_per_band={band.name.lower(): self._band_s[band] for band in Band},
            credit_history=tuple(self._changes),
            n_recycles=self._counts["recycle"],
            n_kills=self._counts["kill"],
            approximate=self._approximate,
        )

    def _add_excursion(self, at_s: float, used_bytes: int, limit: MemoryLimit) -> None:
        over = used_bytes > limit.limit_bytes
        if self._open:
            last = self._excursions.pop()
            peak_bytes = max(last.peak_bytes, used_bytes)
            self._excursions.append(
                Excursion(last.start_s, at_s - last.start_s, peak_bytes, last.limit_bytes, last.why)
            )
        elif over:
            self._excursions.append(Excursion(at_s, 0.0, used_bytes, limit.limit_bytes, limit.why))
            self._counts["excursions"] += 1
        self._counts["over"] += over
        self._open = over

    def _percentile_bytes(self, share: float) -> int:
        """Return the smallest whole MiB that at least ``share`` of the samples do not exceed, bytes."""
        remaining = share * self._counts["samples"]
        for mebibytes, n in sorted(self._mebibytes.items()):
            remaining -= n
            if remaining <= 0:
                return mebibytes * MIB
        return 0

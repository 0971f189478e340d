"""Settings of texts that are written by API: who writes, how much, for how much money."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Vendor = Literal["openai", "claude"]
VENDORS: Final[tuple[Vendor, ...]] = ("openai", "claude")
_CHOICES: Final = {
    "openai_api": ("responses", "chat"),
    "mode": ("slots", "free"),
    "send": ("slots", "values"),
    "effort": ("", "low", "medium", "high"),
}
MOST_IN_A_BATCH: Final = 50_000
"""OpenAI's limit; Anthropic's is twice that."""
MOST_OUTPUT_TOKENS: Final = 8_000
"""Anthropic's SDK refuses more than about 21 000 without streaming; a cut answer is asked for with twice the room."""
_RANGES: Final = {
    "n_per_task": (1, math.inf),
    "n_per_answer": (1, math.inf),
    "batch_threshold": (1, math.inf),
    "max_batch": (1, MOST_IN_A_BATCH),
    "concurrency": (1, 64),
    "breaker": (1, math.inf),
    "max_output_tokens": (64, MOST_OUTPUT_TOKENS),
    "max_cost_usd": (0, math.inf),
    "batch_wait_s": (0, math.inf),
    "poll_s": (0.01, math.inf),
    "adopt_pause_s": (0, math.inf),
    "timeout_s": (0.01, math.inf),
}


@dataclass(frozen=True, slots=True)
class RetrySettings:
    """How patient to be.

    Attributes
    ----------
    tries
        Most attempts per request, the first included.
    first_wait_s
        Wait before the second attempt without a word from the server, s; it doubles.
    longest_wait_s
        Longest single wait, s, whatever the server asks for.
    total_wait_s
        Most waiting per request, s.
    """

    tries: int = 5
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    total_wait_s: float = 300.0

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ValueError(f"tries: expected 1 or more, got {self.tries}")
        for name in ("first_wait_s", "longest_wait_s", "total_wait_s"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0.0):
                raise ValueError(f"{name}: expected 0 s or more, got {value}")


@dataclass(frozen=True, slots=True)
class SynthesisSettings:
    """Who writes, how much of it, for how much money.

    Attributes
    ----------
    vendors
        ``openai``, ``claude`` or both; of both the first writes and the second judges.
    models
        Model by vendor; missing ones come from the price table.
    base_urls
        Other addresses by vendor: https, or http to this machine. Else ``OPENAI_BASE_URL`` and ``ANTHROPIC_BASE_URL``.
    openai_api
        ``responses``, or ``chat`` for servers that offer only the older format.
    mode
        ``slots`` rephrases texts, ``free`` writes new ones from the facts.
    send
        ``slots`` sends no measurement; with ``values`` free writing sees them.
    n_per_task
        Most requests per task and language.
    n_per_answer
        Most texts that one paid answer is filled into.
    max_cost_usd
        Most that the folder's ledger may ever hold, US dollars.
    prices
        US dollars per million input and output tokens by model; go before the price table.
    effort
        How hard models think; empty for models that do not.
    max_output_tokens
        Limit per answer, hidden reasoning included.
    batch_threshold
        More requests than this go as a batch, at half the price.
    max_batch
        Most requests in one batch.
    batch_wait_s, poll_s
        How long to wait for a batch before leaving it to the next run, and how often to look, s.
    adopt_pause_s
        Wait before a second look for a batch that was perhaps handed in, s; ours: lists may lag behind.
    concurrency
        Requests in flight at once; a killed run can ask at most that many twice.
    timeout_s
        Longest wait for one answer, s.
    retry
        When to send again.
    breaker
        Requests in a row that fail before the vendor is given up for this run; ours.
    forbidden
        Words that must not leave the machine: names of athletes and files.
    dry_run
        Write what would be sent, send nothing.
    """

    vendors: tuple[Vendor, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    base_urls: Mapping[str, str] = field(default_factory=dict)
    openai_api: Literal["responses", "chat"] = "responses"
    mode: Literal["slots", "free"] = "slots"
    send: Literal["slots", "values"] = "slots"
    n_per_task: int = 50
    n_per_answer: int = 3
    max_cost_usd: float = 5.0
    prices: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    effort: Literal["", "low", "medium", "high"] = "low"
    max_output_tokens: int = 1200
    batch_threshold: int = 200
    max_batch: int = 10_000
    batch_wait_s: float = 86_400.0
    poll_s: float = 30.0
    adopt_pause_s: float = 10.0
    concurrency: int = 4
    timeout_s: float = 120.0
    retry: RetrySettings = field(default_factory=RetrySettings)
    breaker: int = 5
    forbidden: tuple[str, ...] = ()
    dry_run: bool = False

    def __post_init__(self) -> None:
        if len(set(self.vendors)) != len(self.vendors) or not set(self.vendors) <= set(VENDORS):
            raise ValueError(f"vendors: expected each of {', '.join(VENDORS)} at most once, got {self.vendors}")
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name}: expected one of {allowed}, got {getattr(self, name)!r}")
        if self.mode == "slots" and self.send == "values":
            raise ValueError("send: expected slots, since rephrasing needs no values, got values")
        self._check_numbers()

    def _check_numbers(self) -> None:
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and least <= value <= most):
                raise ValueError(f"{name}: expected {least:g} to {most:g}, got {value}")
        for model, price in self.prices.items():
            if len(price) != 2 or not all(math.isfinite(one) and one >= 0.0 for one in price):
                raise ValueError(f"prices: expected two numbers of 0 or more for {model}, got {price}")

    @property
    def writer(self) -> Vendor:
        """Vendor that writes."""
        return self.vendors[0]

    @property
    def judge(self) -> Vendor | None:
        """Vendor that judges; None with one vendor."""
        return self.vendors[1] if len(self.vendors) > 1 else None

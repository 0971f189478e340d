"""Requests as a batch: half the price, hours of patience, and never handed in twice.

Neither vendor knows a repeated submission from a new one. So the intent is on disk, with the money reserved, before
the batch is handed in, and after a crash the vendor's own list is asked first.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar, cast

from vidpose.corpus.settings.synthesis import RetrySettings
from vidpose.corpus.synthesis.providers.faults import Fault, fault
from vidpose.corpus.synthesis.providers.protocol import BatchIntent, BatchProvider, Reply, Request
from vidpose.corpus.synthesis.retry import with_retries
from vidpose.corpus.synthesis.sending import PaidModel, SendReport, check_reserve, graded
from vidpose.planning.keys import fingerprint

T = TypeVar("T")
LINE_BYTES: Final = 200
"""Of a batch line beside the request's body."""


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """How batches are handled.

    Attributes
    ----------
    max_requests
        Most requests in one batch.
    max_bytes
        Most bytes in one batch; half of what OpenAI takes (200 MB), Anthropic takes more.
    wait_s
        How long to wait for all batches together, s.
    poll_s
        How often to look, s.
    adopt_pause_s
        Wait before a second look for a batch that was perhaps handed in, s.
    retry
        When to repeat what may be repeated; handing in may not.
    sleep
        Waits that many seconds.
    say
        Takes a sentence about what is going on.
    """

    max_requests: int
    max_bytes: int
    wait_s: float
    poll_s: float
    adopt_pause_s: float
    retry: RetrySettings
    sleep: Callable[[float], None]
    say: Callable[[str], None]


class BatchPendingError(Exception):
    """A batch is not ready, or cannot be distinguished from others yet; nothing more may be handed in before it is."""


class BatchRunner:
    """The batches of one model.

    Parameters
    ----------
    paid_model
        The model, whose provider has batches, and who pays.
    settings
        How.
    """

    def __init__(self, paid_model: PaidModel, settings: BatchSettings) -> None:
        self._paid_model = paid_model
        self._provider = cast("BatchProvider", paid_model.provider)
        self._settings = settings
        self._left_s = settings.wait_s
        self.faults: Counter[str] = Counter()

    def resume(self) -> None:
        """Adopt and collect what an earlier run handed in.

        Raises
        ------
        BatchPendingError
            When that is not possible yet.
        Fault
            When the vendor cannot be asked.
        """
        vendor, model = self._provider.vendor, self._provider.model
        for intent, _ in self._paid_model.ledger.batches(vendor, model, "intent"):
            self._adopt(intent)
        for intent, vendor_id in self._paid_model.ledger.batches(vendor, model, "submitted"):
            self._collect(intent, vendor_id)

    def run(self, requests: Sequence[Request]) -> SendReport:
        """Hand requests in and collect their replies; those without one stay open in the ledger.

        Parameters
        ----------
        requests
            Open ones.

        Raises
        ------
        BatchPendingError
            When a batch is not ready in time.
        """
        stop: Fault | None = None
        handed_in = []
        for part in self._parts(requests):
            try:
                handed_in.append(self._hand_in(part))
            except Fault as found:
                self.faults[found.kind] += 1
                stop = found
                break
        for intent, vendor_id in handed_in:
            self._collect(intent, vendor_id)
        return SendReport(self.faults, stop)

    def _hand_in(self, requests: Sequence[Request]) -> tuple[BatchIntent, str]:
        paid_model = self._paid_model
        keys = tuple(one.key for one in requests)
        handle = self._patiently(partial(self._provider.stage_batch, requests), keys[0])
        known = paid_model.ledger.batch_ids()
        name = fingerprint(keys=keys, number=len(known), now=time.time())[:40]
        intent = BatchIntent(name, keys, time.time(), frozenset(known))
        paid_model.ledger.intend(
            intent, requests[0], [paid_model.price.worst_nano(one, batch=True) for one in requests]
        )
        try:
            vendor_id = self._patiently(partial(self._create, requests, handle, intent), name)
        except Fault as found:
            if not found.treatment.billed and found.kind != "server":  # a clear no: there is no batch
                paid_model.ledger.mark_batch(name, "dropped")
                raise
            vendor_id = self._adopt(intent)
            if not vendor_id:
                raise
        paid_model.ledger.mark_batch(name, "submitted", vendor_id)
        self._settings.say(f"{self._provider.vendor}: submitted a batch of {len(keys)} requests")
        return intent, vendor_id

    def _create(self, requests: Sequence[Request], handle: str, intent: BatchIntent) -> str:
        """Hand in; only a 429 may be followed by another try, since nothing else says surely that there is no batch."""
        try:
            return self._provider.create_batch(requests, handle, intent)
        except Fault as found:
            again = found.kind == "rate_limit" and found.may_repeat
            raise Fault(found.message, **{**found.context, "may_repeat": again}) from None

    def _adopt(self, intent: BatchIntent) -> str:
        """Find the batch of an intent and return its id; empty, and the intent dropped, when there is none."""
        provider, ledger = self._provider, self._paid_model.ledger
        for pause in (self._settings.adopt_pause_s, 0.0):
            found = self._patiently(partial(provider.find_batch, intent), intent.key)
            while found.undecided:
                self._wait("a batch that may be ours still runs at the vendor")
                found = self._patiently(partial(provider.find_batch, intent), intent.key)
            if found.batch_id:
                ledger.mark_batch(intent.key, "submitted", found.batch_id)
                self._settings.say(f"{provider.vendor}: found the batch that an interrupted run had submitted")
                return found.batch_id
            if pause:
                self._settings.sleep(pause)
        ledger.mark_batch(intent.key, "dropped")
        return ""

    def _collect(self, intent: BatchIntent, vendor_id: str) -> None:
        provider, ledger = self._provider, self._paid_model.ledger
        status = self._patiently(partial(provider.batch_status, vendor_id), intent.key)
        while not status.ended:
            self._wait("the batch is still running")
            status = self._patiently(partial(provider.batch_status, vendor_id), intent.key)
        lines = self._patiently(lambda: list(provider.batch_replies(vendor_id)), intent.key)
        ours = set(intent.request_keys)
        for key, reply in lines:
            known = ledger.stored(key) if key in ours else None
            if known is not None and known.batch == intent.key:  # else it is settled already, or not ours
                self._record(key, reply, known.held_nano)
        ledger.mark_batch(intent.key, "collected")
        if status.problem:
            raise fault("no_batch", status.problem)

    def _record(self, key: str, reply: Reply | Fault, held: int) -> None:
        ledger, price = self._paid_model.ledger, self._paid_model.price
        if isinstance(reply, Fault):
            self.faults[reply.kind] += 1
            ledger.release(key, reply.kind, lost=False)  # lines without a result are not charged
            return
        cost = held if reply.usage is None else price.cost_nano(reply.usage, batch=True)
        ledger.settle(key, cost, *graded(reply, last=False))
        check_reserve(cost, held)

    def _parts(self, requests: Sequence[Request]) -> Iterator[list[Request]]:
        part: list[Request] = []
        n_bytes = 0
        for one in requests:
            size = one.n_bytes + LINE_BYTES
            if part and (len(part) >= self._settings.max_requests or n_bytes + size > self._settings.max_bytes):
                yield part
                part, n_bytes = [], 0
            part.append(one)
            n_bytes += size
        if part:
            yield part

    def _wait(self, why: str) -> None:
        if self._left_s < self._settings.poll_s:
            raise BatchPendingError(f"{self._provider.vendor}: {why}; run the same command again to collect it")
        self._left_s -= self._settings.poll_s
        self._settings.sleep(self._settings.poll_s)

    def _patiently(self, ask: Callable[[], T], seed: str) -> T:
        return with_retries(ask, self._settings.retry, seed, self._settings.sleep)

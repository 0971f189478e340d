"""Requests one by one: reserve, send, settle, and stop early when going on is pointless or too dear."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from vidpose.corpus.settings.synthesis import RetrySettings
from vidpose.corpus.synthesis.prices import Price, usd
from vidpose.corpus.synthesis.providers.faults import Fault, fault
from vidpose.corpus.synthesis.providers.protocol import Provider, Reply, Request
from vidpose.corpus.synthesis.retry import with_retries
from vidpose.corpus.synthesis.spend_ledger import FINAL, SpendLedger, State

ASKED_AGAIN = 2
"""Answers that were cut or are no JSON are asked for once more, a cut one with twice the room."""


@dataclass(frozen=True, slots=True)
class PaidModel:
    """One vendor's model, its price, and the ledger that pays."""

    provider: Provider
    price: Price
    ledger: SpendLedger


@dataclass(frozen=True, slots=True)
class SendSettings:
    """How requests are sent one by one.

    Attributes
    ----------
    concurrency
        Requests in flight at once.
    breaker
        Requests in a row that fail before no more are sent.
    retry
        When to send again.
    sleep
        Waits that many seconds.
    """

    concurrency: int
    breaker: int
    retry: RetrySettings
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class SendReport:
    """How it went: faults by kind, and what ended it early."""

    faults: Counter[str]
    stop: Fault | None


def send_all(paid_model: PaidModel, requests: Sequence[Request], settings: SendSettings) -> SendReport:
    """Send every request that has no final answer yet.

    Parameters
    ----------
    paid_model
        The model, and who pays.
    requests
        Written down in the ledger before.
    settings
        How.
    """
    sender = _Sender(paid_model, settings)
    with ThreadPoolExecutor(max_workers=settings.concurrency) as threads:
        list(threads.map(sender.ask, requests))
    return SendReport(sender.faults, sender.stop)


def is_final(ledger: SpendLedger, request: Request) -> bool:
    """Return whether the ledger has a final answer."""
    known = ledger.stored(request.key)
    return known is not None and known.state in FINAL


def graded(reply: Reply, *, last: bool) -> tuple[Reply, State]:
    """Return a reply, called malformed when its text is no JSON object, and the state that follows.

    Parameters
    ----------
    reply
        As it came.
    last
        Whether a cut or malformed one is not asked for again.
    """
    if reply.outcome == "done" and not _is_object(reply.text):
        reply = replace(reply, outcome="malformed", detail="the text is not a JSON object")
    if reply.outcome == "done":
        return reply, "done"
    if reply.outcome == "refused":
        return reply, "refused"
    return reply, "failed" if last else "open"


class _Sender:
    """What the threads share, behind one lock."""

    def __init__(self, paid_model: PaidModel, settings: SendSettings) -> None:
        self._paid_model = paid_model
        self._settings = settings
        self._landed = threading.Condition()
        self._flying = 0
        self._failed_in_row = 0
        self.faults: Counter[str] = Counter()
        self.stop: Fault | None = None

    def ask(self, request: Request) -> None:
        """Get a final answer to one request, or note why there is none."""
        if self.stop is not None or is_final(self._paid_model.ledger, request):
            return
        try:
            self._ask(request)
        except Fault as found:
            self._note(found)
        else:
            with self._landed:
                self._failed_in_row = 0

    def _ask(self, request: Request) -> None:
        room = request.max_output_tokens
        for number in range(1, ASKED_AGAIN + 1):
            call = partial(self._call, request, room, last=number == ASKED_AGAIN)
            reply = with_retries(call, self._settings.retry, request.key, self._settings.sleep)
            if reply.outcome in ("done", "refused"):
                return
            room = room * 2 if reply.outcome == "truncated" else room

    def _call(self, request: Request, room: int, *, last: bool) -> Reply:
        paid_model = self._paid_model
        reserve = paid_model.price.worst_nano(request, room=room)
        self._hold(request.key, reserve)
        try:
            reply = paid_model.provider.send(request.with_room(room), request.key)
        except Fault as found:
            paid_model.ledger.release(request.key, found.kind, lost=found.treatment.billed)
            raise
        else:
            cost = reserve if reply.usage is None else paid_model.price.cost_nano(reply.usage)
            reply, state = graded(reply, last=last)
            paid_model.ledger.settle(request.key, cost, reply, state)
        finally:
            with self._landed:
                self._flying -= 1
                self._landed.notify_all()
        check_reserve(cost, reserve)
        return reply

    def _hold(self, key: str, reserve_nano: int) -> None:
        """Reserve money; when none is left, wait for requests in flight, since most cost less than was reserved."""
        with self._landed:
            while True:
                try:
                    self._paid_model.ledger.hold(key, reserve_nano)
                except Fault:
                    if not self._flying:
                        raise
                    self._landed.wait()
                else:
                    self._flying += 1
                    return

    def _note(self, found: Fault) -> None:
        with self._landed:
            self.faults[found.kind] += 1
            self._failed_in_row += 1
            if found.treatment.stops or self._failed_in_row >= self._settings.breaker:
                self.stop = self.stop or found


def check_reserve(cost_nano: int, reserve_nano: int) -> None:
    """Raise a ``budget`` fault when a call cost more than it could have: the next ones could pass the limit."""
    if cost_nano > reserve_nano:
        raise fault(
            "budget",
            f"a request cost {usd(cost_nano):.6f} USD where at most {usd(reserve_nano):.6f} were possible: "
            "the price or the vendor's count is not what the settings say",
        )


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False

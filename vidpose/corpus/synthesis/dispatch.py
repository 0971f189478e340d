"""All requests of one model: what the ledger has already, one request to try the way, then one by one or as a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vidpose.corpus.settings.synthesis import SynthesisSettings
from vidpose.corpus.synthesis.batches import BatchPendingError, BatchRunner, BatchSettings
from vidpose.corpus.synthesis.environment import Environment
from vidpose.corpus.synthesis.prices import estimate
from vidpose.corpus.synthesis.providers.faults import Fault
from vidpose.corpus.synthesis.providers.protocol import Request
from vidpose.corpus.synthesis.sending import PaidModel, SendReport, SendSettings, is_final, send_all

BATCH_ROUNDS: Final = 2
"""Batches that leave lines unanswered are followed by one more; what is open then goes one by one. Ours."""
MOST_BATCH_BYTES: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class DispatchReport:
    """How asking went.

    Attributes
    ----------
    faults
        Faults by kind, after all repetitions.
    stopped
        Why it ended early and what to do; empty when it did not.
    """

    faults: Counter[str]
    stopped: str = ""


def dispatch_all(
    paid_model: PaidModel, requests: Sequence[Request], settings: SynthesisSettings, environment: Environment
) -> DispatchReport:
    """Get an answer to every request that has none, as far as money and the vendor allow.

    Parameters
    ----------
    paid_model
        The model, and who pays.
    requests
        In any order; equal ones are asked once.
    settings
        Limits.
    environment
        The world.
    """
    faults: Counter[str] = Counter()
    unique = [one for _, one in sorted({one.key: one for one in requests}.items())]
    paid_model.ledger.add(unique)
    try:
        for warning in paid_model.provider.preflight():
            environment.say(warning)
        stop = _ask(paid_model, unique, settings, environment, faults)
    except Fault as found:
        faults[found.kind] += 1
        stop = found.message
    except BatchPendingError as pending:
        stop = str(pending)
    return DispatchReport(faults, f"{paid_model.provider.vendor}: {stop}" if stop else "")


def _ask(
    paid_model: PaidModel,
    requests: Sequence[Request],
    settings: SynthesisSettings,
    environment: Environment,
    faults: Counter[str],
) -> str:
    """Return why it ended early, empty when it did not."""
    batches = BatchRunner(paid_model, _batch_settings(settings, environment))
    sending = SendSettings(settings.concurrency, settings.breaker, settings.retry, environment.sleep)
    if paid_model.provider.has_batches:
        batches.resume()
    for _ in range(BATCH_ROUNDS):
        pending = _open(paid_model, requests)
        if not paid_model.provider.has_batches or len(pending) <= settings.batch_threshold:
            break
        report = send_all(paid_model, pending[:1], sending)  # a wrong schema would fail every line, a day later
        faults += report.faults
        if report.stop is not None or not is_final(paid_model.ledger, pending[0]):
            return _why(report) or "the first request was not answered, so no batch was submitted"
        costs = estimate(pending[1:], {paid_model.provider.model: paid_model.price}, batch=True)
        price = f"about {costs.expected_usd:.4f} USD, at most {costs.worst_usd:.4f}"
        environment.say(f"{paid_model.provider.vendor}: a batch of {costs.n_requests} requests, {price}")
        report = batches.run(pending[1:])
        if report.stop is not None:
            return _why(report)
    report = send_all(paid_model, _open(paid_model, requests), sending)
    faults += report.faults + batches.faults
    return _why(report)


def _open(paid_model: PaidModel, requests: Sequence[Request]) -> list[Request]:
    return [one for one in requests if not is_final(paid_model.ledger, one)]


def _why(report: SendReport) -> str:
    return "" if report.stop is None else report.stop.message


def _batch_settings(settings: SynthesisSettings, environment: Environment) -> BatchSettings:
    return BatchSettings(
        max_requests=settings.max_batch,
        max_bytes=MOST_BATCH_BYTES,
        wait_s=settings.batch_wait_s,
        poll_s=settings.poll_s,
        adopt_pause_s=settings.adopt_pause_s,
        retry=settings.retry,
        sleep=environment.sleep,
        say=environment.say,
    )

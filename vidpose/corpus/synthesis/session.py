"""The story of synthetic texts: plan, ask, fill in, check, let the other vendor judge, count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from vidpose.corpus.example import Example, Fact
from vidpose.corpus.settings.synthesis import SynthesisSettings, Vendor
from vidpose.corpus.synthesis.access import open_providers, prices_of
from vidpose.corpus.synthesis.dispatch import dispatch_all
from vidpose.corpus.synthesis.dry_run import foreseen_costs, write_dry_run
from vidpose.corpus.synthesis.environment import Environment
from vidpose.corpus.synthesis.judge import Agreement, agreement_of, read_opinion
from vidpose.corpus.synthesis.planned_requests import PlannedRequest, plan_requests
from vidpose.corpus.synthesis.prices import NANO, CostEstimate
from vidpose.corpus.synthesis.prompts import judge_prompt
from vidpose.corpus.synthesis.providers.protocol import Provider, Request
from vidpose.corpus.synthesis.sending import PaidModel, is_final
from vidpose.corpus.synthesis.spend_ledger import Spend, SpendLedger
from vidpose.corpus.synthesis.written_texts import Text, read_texts, source_of
from vidpose.errors import UsageError

LEDGER_FILE: Final = "ledger.sqlite"


@dataclass(frozen=True, slots=True)
class SynthesisResult:
    """What came out.

    Attributes
    ----------
    examples
        Texts that passed every check, in the order of their ids.
    counts
        How many requests and texts went which way: ``accepted`` and ``rejected:<reason>`` count texts,
        ``ungrounded:<reason>`` says what the grounding check found in those that it rejected.
    spend
        Sums of the ledger, all runs in this folder together.
    planned
        CostEstimate for the requests that had no answer yet when the run began.
    agreement
        How the judge and the grounding check agree, when there is a judge.
    stopped
        Why asking ended early and what to do; empty when it did not. The texts so far are in ``examples``.
    """

    examples: tuple[Example, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    spend: Spend = field(default_factory=Spend)
    planned: CostEstimate = field(default_factory=CostEstimate)
    agreement: Agreement | None = None
    stopped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionContext:
    """What every step of one session needs."""

    settings: SynthesisSettings
    environment: Environment
    paid_models: Mapping[Vendor, PaidModel]
    counts: Counter[str]

    def ask(self, vendor: Vendor, requests: Sequence[Request]) -> str:
        """Ask, count the faults, and return why it ended early."""
        report = dispatch_all(self.paid_models[vendor], requests, self.settings, self.environment)
        for kind, times in report.faults.items():
            self.counts[f"fault:{kind}"] += times
        return report.stopped


def synthesise(
    examples: Iterable[Example],
    facts: Mapping[str, Fact],
    settings: SynthesisSettings,
    folder: Path,
    environment: Environment | None = None,
) -> SynthesisResult:
    """Have texts written by a model and keep those that state nothing but facts.

    Parameters
    ----------
    examples
        Originals, with spans.
    facts
        Facts by id.
    settings
        Who writes, how much, for how much money.
    folder
        Where the ledger is, or comes to be; the same folder again pays for nothing twice.
    environment
        The grounding check and the environment; the real ones when None.

    Raises
    ------
    UsageError
        For a missing key or vendor, a refused address, an unknown price; nothing was sent then. Trouble with a vendor
        is no exception: see ``stopped``.
    """
    if not settings.vendors:
        raise UsageError("vendors: expected openai or claude, got none")
    environment = environment or Environment()
    providers = open_providers(settings, environment.environ)
    counts: Counter[str] = Counter()
    jobs = plan_requests(examples, facts, settings, providers[settings.writer], environment.check, counts)
    counts["requests"] = len(jobs)
    ledger = SpendLedger(folder / LEDGER_FILE, round(settings.max_cost_usd * NANO))
    try:
        foreseen = [one for one in _foreseen(jobs, providers, settings) if not is_final(ledger, one)]
        costs = foreseen_costs(foreseen, tuple(providers.values()), prices_of(settings), settings.batch_threshold)
        if settings.dry_run:
            write_dry_run(folder, foreseen, costs)
            return SynthesisResult(counts=_sorted(counts), spend=ledger.spend(), planned=costs.together)
        ledger.recover()
        prices = prices_of(settings)
        paid_models = {name: PaidModel(one, prices[one.model], ledger) for name, one in providers.items()}
        result = _session(jobs, facts, SessionContext(settings, environment, paid_models, counts))
        return replace(result, spend=ledger.spend(), planned=costs.together)
    finally:
        ledger.close()
        for provider in providers.values():
            provider.close()


def _session(jobs: Sequence[PlannedRequest], facts: Mapping[str, Fact], context: SessionContext) -> SynthesisResult:
    writer = context.paid_models[context.settings.writer]
    _announce(context)
    stopped = [context.ask(context.settings.writer, [job.request for job in jobs])]
    texts = read_texts(jobs, writer.ledger, f"{writer.provider.vendor}:{writer.provider.model}", context.counts)
    judge = context.settings.judge
    opinions: list[bool | None] = [True] * len(texts)
    if judge:
        requests = [
            _judge_request(one.job, one.first, one.second, context.paid_models[judge].provider, context.settings)
            for one in texts
        ]
        stopped.append(context.ask(judge, requests))
        opinions = [_opinion(one, writer.ledger) for one in requests]
    accepted, pairs = _sifted(texts, opinions, facts, context)
    return SynthesisResult(
        examples=tuple(sorted(accepted, key=lambda one: one.id)),
        counts=_sorted(context.counts),
        agreement=agreement_of(pairs) if judge else None,
        stopped=tuple(one for one in stopped if one),
    )


def _sifted(
    texts: Sequence[Text], opinions: Sequence[bool | None], facts: Mapping[str, Fact], context: SessionContext
) -> tuple[list[Example], list[tuple[bool, bool]]]:
    """Return the examples that pass, and pairs of (judge accepts, check accepts)."""
    accepted: list[Example] = []
    pairs: list[tuple[bool, bool]] = []
    for text, opinion in zip(texts, opinions, strict=True):
        for example in text.examples:
            verdict = context.environment.check(example, facts)
            context.counts.update({f"ungrounded:{one.reason}" for one in verdict.failures})
            if opinion is not None:
                pairs.append((opinion, verdict.ok))
            fate = _fate(verdict.ok, opinion)
            context.counts[fate] += 1
            if fate == "accepted":
                accepted.append(example)
    return accepted, pairs


def _fate(grounded: bool, opinion: bool | None) -> str:
    if not grounded:
        return "rejected:grounding"
    if opinion is None:
        return "unjudged"
    return "accepted" if opinion else "rejected:judge"


def _opinion(request: Request, ledger: SpendLedger) -> bool | None:
    known = ledger.stored(request.key)
    opinion = read_opinion(known.text) if known is not None and known.state == "done" else None
    return None if opinion is None else opinion.accepts


def _foreseen(
    jobs: Sequence[PlannedRequest], providers: Mapping[Vendor, Provider], settings: SynthesisSettings
) -> list[Request]:
    """Return the requests that can be known before anything is answered; a judge is shown the originals twice."""
    requests = [job.request for job in jobs]
    if settings.judge:
        judge = providers[settings.judge]
        requests += [_judge_request(job, source_of(job), source_of(job), judge, settings) for job in jobs]
    return list({one.key: one for one in requests}.values())


def _judge_request(
    job: PlannedRequest, first: Any, second: Any, provider: Provider, settings: SynthesisSettings
) -> Request:
    prompt = judge_prompt(job.uses[0][0].language, first, second)
    return provider.request(prompt, settings.max_output_tokens, settings.effort)


def _announce(context: SessionContext) -> None:
    what = (
        "texts, facts and their values"
        if context.settings.send == "values"
        else "texts with placeholders, no measurement"
    )
    for vendor, paid_model in context.paid_models.items():
        context.environment.say(f"{vendor}: {what} go to {paid_model.provider.model} at {paid_model.provider.host}")


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))

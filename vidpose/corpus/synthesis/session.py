"""The story of synthetic texts: plan, ask, fill in, check, let the other vendor judge, count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from vidpose.corpus.synthesis.asking import ask_all
from vidpose.corpus.synthesis.dry_run import foreseen_costs, write_dry_run
from vidpose.corpus.synthesis.jobs import Job, plan_jobs
from vidpose.corpus.synthesis.judge import Agreement, agreement_of, read_opinion
from vidpose.corpus.synthesis.ledger import Ledger, Spend
from vidpose.corpus.synthesis.opening import open_providers, prices_of
from vidpose.corpus.synthesis.outside import Outside
from vidpose.corpus.synthesis.prices import NANO, Estimate
from vidpose.corpus.synthesis.prompts import judge_prompt
from vidpose.corpus.synthesis.providers.protocol import Provider, Request, Vendor
from vidpose.corpus.synthesis.sending import Till, is_final
from vidpose.corpus.synthesis.settings import SynthesisSettings
from vidpose.corpus.synthesis.texts import Text, read_texts, source_of
from vidpose.errors import UsageError
from vidpose.types.corpus import Example, Fact

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
        Estimate for the requests that had no answer yet when the run began.
    agreement
        How the judge and the grounding check agree, when there is a judge.
    stopped
        Why asking ended early and what to do; empty when it did not. The texts so far are in ``examples``.
    """

    examples: tuple[Example, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    spend: Spend = field(default_factory=Spend)
    planned: Estimate = field(default_factory=Estimate)
    agreement: Agreement | None = None
    stopped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every step of one session needs."""

    settings: SynthesisSettings
    outside: Outside
    tills: Mapping[Vendor, Till]
    counts: Counter[str]

    def ask(self, vendor: Vendor, requests: Sequence[Request]) -> str:
        """Ask, count the faults, and return why it ended early."""
        report = ask_all(self.tills[vendor], requests, self.settings, self.outside)
        for kind, times in report.faults.items():
            self.counts[f"fault:{kind}"] += times
        return report.stopped


def synthesise(
    examples: Iterable[Example],
    facts: Mapping[str, Fact],
    settings: SynthesisSettings,
    folder: Path,
    outside: Outside | None = None,
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
    outside
        The grounding check and the environment; the real ones when None.

    Raises
    ------
    UsageError
        For a missing key or vendor, a refused address, an unknown price; nothing was sent then. Trouble with a vendor
        is no exception: see ``stopped``.
    """
    if not settings.vendors:
        raise UsageError("vendors: expected openai or claude, got none")
    outside = outside or Outside()
    providers = open_providers(settings, outside.environ)
    counts: Counter[str] = Counter()
    jobs = plan_jobs(examples, facts, settings, providers[settings.writer], outside.check, counts)
    counts["requests"] = len(jobs)
    ledger = Ledger(folder / LEDGER_FILE, round(settings.max_cost_usd * NANO))
    try:
        foreseen = [one for one in _foreseen(jobs, providers, settings) if not is_final(ledger, one)]
        costs = foreseen_costs(foreseen, tuple(providers.values()), prices_of(settings), settings.batch_threshold)
        if settings.dry_run:
            write_dry_run(folder, foreseen, costs)
            return SynthesisResult(counts=_sorted(counts), spend=ledger.spend(), planned=costs.together)
        ledger.recover()
        prices = prices_of(settings)
        tills = {name: Till(one, prices[one.model], ledger) for name, one in providers.items()}
        result = _session(jobs, facts, _Desk(settings, outside, tills, counts))
        return replace(result, spend=ledger.spend(), planned=costs.together)
    finally:
        ledger.close()
        for provider in providers.values():
            provider.close()


def _session(jobs: Sequence[Job], facts: Mapping[str, Fact], desk: _Desk) -> SynthesisResult:
    writer = desk.tills[desk.settings.writer]
    _announce(desk)
    stopped = [desk.ask(desk.settings.writer, [job.request for job in jobs])]
    texts = read_texts(jobs, writer.ledger, f"{writer.provider.vendor}:{writer.provider.model}", desk.counts)
    judge = desk.settings.judge
    opinions: list[bool | None] = [True] * len(texts)
    if judge:
        requests = [
            _judge_request(one.job, one.first, one.second, desk.tills[judge].provider, desk.settings) for one in texts
        ]
        stopped.append(desk.ask(judge, requests))
        opinions = [_opinion(one, writer.ledger) for one in requests]
    accepted, pairs = _sifted(texts, opinions, facts, desk)
    return SynthesisResult(
        examples=tuple(sorted(accepted, key=lambda one: one.id)),
        counts=_sorted(desk.counts),
        agreement=agreement_of(pairs) if judge else None,
        stopped=tuple(one for one in stopped if one),
    )


def _sifted(
    texts: Sequence[Text], opinions: Sequence[bool | None], facts: Mapping[str, Fact], desk: _Desk
) -> tuple[list[Example], list[tuple[bool, bool]]]:
    """Return the examples that pass, and pairs of (judge accepts, check accepts)."""
    accepted: list[Example] = []
    pairs: list[tuple[bool, bool]] = []
    for text, opinion in zip(texts, opinions, strict=True):
        for example in text.examples:
            verdict = desk.outside.check(example, facts)
            desk.counts.update({f"ungrounded:{one.reason}" for one in verdict.failures})
            if opinion is not None:
                pairs.append((opinion, verdict.ok))
            fate = _fate(verdict.ok, opinion)
            desk.counts[fate] += 1
            if fate == "accepted":
                accepted.append(example)
    return accepted, pairs


def _fate(grounded: bool, opinion: bool | None) -> str:
    if not grounded:
        return "rejected:grounding"
    if opinion is None:
        return "unjudged"
    return "accepted" if opinion else "rejected:judge"


def _opinion(request: Request, ledger: Ledger) -> bool | None:
    known = ledger.stored(request.key)
    opinion = read_opinion(known.text) if known is not None and known.state == "done" else None
    return None if opinion is None else opinion.accepts


def _foreseen(jobs: Sequence[Job], providers: Mapping[Vendor, Provider], settings: SynthesisSettings) -> list[Request]:
    """Return the requests that can be known before anything is answered; a judge is shown the originals twice."""
    requests = [job.request for job in jobs]
    if settings.judge:
        judge = providers[settings.judge]
        requests += [_judge_request(job, source_of(job), source_of(job), judge, settings) for job in jobs]
    return list({one.key: one for one in requests}.values())


def _judge_request(job: Job, first: Any, second: Any, provider: Provider, settings: SynthesisSettings) -> Request:
    prompt = judge_prompt(job.uses[0][0].language, first, second)
    return provider.request(prompt, settings.max_output_tokens, settings.effort)


def _announce(desk: _Desk) -> None:
    what = (
        "texts, facts and their values" if desk.settings.send == "values" else "texts with placeholders, no measurement"
    )
    for vendor, till in desk.tills.items():
        desk.outside.say(f"{vendor}: {what} go to {till.provider.model} at {till.provider.host}")


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))

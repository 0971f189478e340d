"""From a model's JSON to examples, or to the reason why not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vidpose.corpus.example import Example
from vidpose.corpus.synthesis import generation, slots
from vidpose.corpus.synthesis.planned_requests import PlannedRequest, Source
from vidpose.corpus.synthesis.spend_ledger import SpendLedger


@dataclass(frozen=True, slots=True)
class Text:
    """A well-formed answer.

    Attributes
    ----------
    job
        What was asked.
    examples
        The answer, filled in for every example that it serves.
    first, second
        What it was made from and what was written, with placeholders; for the judge.
    """

    job: PlannedRequest
    examples: tuple[Example, ...]
    first: Any
    second: Any


class NotUsableError(Exception):
    """An answer that breaks a rule; the message is the rule's name."""


def read_texts(jobs: Sequence[PlannedRequest], ledger: SpendLedger, generator: str, counts: Counter[str]) -> list[Text]:
    """Read the answers that the ledger has.

    Parameters
    ----------
    jobs
        What was asked.
    ledger
        With the answers.
    generator
        Who wrote them.
    counts
        Gets what is missing or was rejected, by reason.
    """
    texts: list[Text] = []
    for job in jobs:
        known = ledger.stored(job.request.key)
        if known is None or known.state in ("open", "sent"):
            counts["unanswered"] += 1
        elif known.state != "done":
            counts[f"rejected:{known.fault}"] += 1
        else:
            try:
                texts.append(_text(job, known.text, generator))
            except NotUsableError as why:
                counts[f"rejected:{why}"] += 1
    return texts


def source_of(job: PlannedRequest) -> Any:
    """Return what a text is made from, as a judge is shown it."""
    source = job.uses[0][1]
    return (
        list(source.turns) if isinstance(source, slots.Template) else {"question": source.question, **source.meanings}
    )


def _text(job: PlannedRequest, answer: str, generator: str) -> Text:
    made = [_made(example, source, answer, generator) for example, source in job.uses]
    return Text(job, tuple(example for example, _ in made), source_of(job), made[0][1])


def _made(example: Example, source: Source, answer: str, generator: str) -> tuple[Example, Any]:
    if isinstance(source, slots.Template):
        turns = _turns(answer)
        _refuse(slots.problem_of(source, turns, example.language))
        return slots.filled_example(example, source, turns, generator), turns
    written = generation.read_answer(answer)
    if written is None:
        raise NotUsableError("off_schema")
    _refuse(generation.problem_of(source, written, example.language))
    shown = [one for one in (written.answer, written.question, written.follow_up) if one]
    return generation.filled_example(example, source, written, generator), shown


def _turns(answer: str) -> list[str]:
    try:
        turns = json.loads(answer)["turns"]
    except (ValueError, KeyError, TypeError):
        turns = None
    if not isinstance(turns, list) or not all(isinstance(one, str) for one in turns):
        raise NotUsableError("off_schema")
    return turns


def _refuse(problem: str) -> None:
    if problem:
        raise NotUsableError(problem)

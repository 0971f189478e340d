"""From a table of facts to examples: every subject, every task that it has the facts for, every language."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from vidpose.corpus.example import Example, Fact
from vidpose.corpus.settings.dataset import Language, TextSettings
from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType
from vidpose.corpus.tasks.registry import TASKS
from vidpose.corpus.tasks.subject_facts import SubjectFacts, subjects_of
from vidpose.corpus.text.phrasebooks import PHRASEBOOKS
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.realiser import Realiser
from vidpose.corpus.text.seeded_choice import SeededChoice

_ID_DIGITS: Final = 32
_LEAST_KINDS: Final = 10
"""Ours: no task in one language gets more than a tenth, else subjects with one task would fill the corpus."""


def make_examples(facts: Mapping[str, Fact], settings: TextSettings) -> Iterator[Example]:
    """Yield conversations about the facts, in the order of subject, task, language and number.

    The choices of an example come from its own key, so that neither the order of the facts nor the other examples
    change it; which facts are rare is a property of the whole table.

    Parameters
    ----------
    facts
        Facts by id.
    settings
        Languages, tasks, amount, seed.
    """
    planner = ContentPlanner.of(facts.values())
    tasks = [task for name, task in TASKS.items() if not settings.tasks or name in settings.tasks]
    for view in subjects_of(_named(facts, settings.languages)):
        alive = [task for task in tasks if task.targets(view, planner, SeededChoice(settings.seed), 1)]
        pairs = [(task, language) for task in alive for language in settings.languages if language in task.languages]
        ends = list(accumulate((task.weight for task, _ in pairs), initial=0))
        places = [settings.max_per_subject * end // ends[-1] for end in ends] if pairs else []
        for (task, language), (start, end) in zip(pairs, pairwise(places), strict=True):
            share = min(end - start, max(1, settings.max_per_subject // _LEAST_KINDS))
            yield from _examples(view, task, language, planner, _Amount(share, settings.seed))


@dataclass(frozen=True, slots=True)
class _Amount:
    n: int
    seed: str


def _examples(
    view: SubjectFacts, task: TaskType, language: Language, planner: ContentPlanner, amount: _Amount
) -> Iterator[Example]:
    key = (amount.seed, task.name, view.subject, language)
    seen: set[Target] = set()
    for target in task.targets(view, planner, SeededChoice(*key), amount.n):
        if target in seen:
            continue
        seen.add(target)
        choice = SeededChoice(*key, *(fact.id for fact in target))
        context = TaskContext(view, target, Realiser(PHRASEBOOKS[language], choice), planner)
        yield _example(task, language, view.group, task.converse(context))


def _example(task: TaskType, language: Language, group: str, conversation: Conversation) -> Example:
    made_of = [
        task.name,
        language,
        group,
        [dataclasses.astuple(message) for message in conversation.messages],
        sorted(conversation.facts),
        [dataclasses.astuple(span) for span in conversation.spans],
    ]
    digest = hashlib.sha256(json.dumps(made_of, ensure_ascii=False).encode()).hexdigest()[:_ID_DIGITS]
    return Example(
        id=digest,
        task=task.name,
        language=language,
        group=group,
        messages=tuple(conversation.messages),
        facts=tuple(sorted(conversation.facts)),
        spans=tuple(conversation.spans),
    )


def _named(facts: Mapping[str, Fact], languages: tuple[Language, ...]) -> dict[str, Fact]:
    """Return the facts whose metric every language has a name for."""
    known = set.intersection(*(set(PHRASEBOOKS[language].vocabulary.names) for language in languages))
    return {key: fact for key, fact in facts.items() if fact.metric in known}

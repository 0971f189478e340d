"""What a type of task is, and how its conversations are put together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from vidpose.biomech.metrics.row import MetricRow
from vidpose.corpus.example import Fact, Message, Span
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.settings.dataset import Language
from vidpose.corpus.tasks.subject_facts import SubjectFacts
from vidpose.corpus.text.annotated import AnnotatedText, joined
from vidpose.corpus.text.fact_layouts import show_facts
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.realiser import Realiser
from vidpose.corpus.text.seeded_choice import SeededChoice

Target: TypeAlias = tuple[Fact, ...]
"""The facts that one conversation is about."""

_SYSTEM_SHARE = 0.7  # ours: models are used with and without a system prompt
_DATA_FIRST_SHARE = 0.6
_MOST_SHOWN = 12  # ours: a prompt stays below about 600 tokens


@dataclass(frozen=True, slots=True)
class TaskContext:
    """What a task has to work with.

    Attributes
    ----------
    view
        Facts of the subject.
    target
        What the conversation is about.
    realiser
        Language and seeded choices.
    planner
        Chooses facts to add.
    """

    view: SubjectFacts
    target: Target
    realiser: Realiser
    planner: ContentPlanner

    @property
    def choice(self) -> SeededChoice:
        """The choices."""
        return self.realiser.choice

    def row(self, fact: Fact) -> MetricRow:
        """Return what the dictionary says of a fact's metric."""
        return FACT_DICTIONARY[fact.metric]


@dataclass(frozen=True, slots=True)
class TaskType:
    """One kind of task.

    Attributes
    ----------
    name
        Key in files.
    needs
        The facts that bring it to life, for readers.
    targets
        From a subject, the planner, a choice and a number: what conversations could be about, best first; none when the
        subject does not have the facts.
    converse
        Writes one conversation.
    languages
        Languages that it has words in.
    weight
        How many conversations it gets beside the others. One whose answers are alike by nature (JSON, definitions,
        refusals) gets fewer than one in free words.
    """

    name: str
    needs: str
    targets: Callable[[SubjectFacts, ContentPlanner, SeededChoice, int], Sequence[Target]]
    converse: Callable[[TaskContext], Conversation]
    languages: tuple[Language, ...] = ("en", "de")
    weight: int = 4


@dataclass(slots=True)
class Conversation:
    """A conversation while it is written."""

    context: TaskContext
    messages: list[Message] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)

    def open(self, question: str, shown: Iterable[Fact], data: str = "", with_times: bool = False) -> None:
        """Begin: perhaps a system prompt, then the user's facts and question in either order.

        Parameters
        ----------
        question
            What is asked.
        shown
            Facts that the prompt shows.
        data
            The facts as text, where the task lays them out itself.
        with_times
            Whether moments are shown with them.
        """
        realiser, facts = self.context.realiser, list(shown)
        if realiser.choice.chance(_SYSTEM_SHARE):
            self.messages.append(Message("system", _sentences_of(realiser.say("system").text)))
        self.facts.update(fact.id for fact in facts)
        if facts:
            data = f"{realiser.say('data_intro').capitalised().text}\n{show_facts(facts, realiser, with_times)}"
        parts = [data, question] if realiser.choice.chance(_DATA_FIRST_SHARE) else [question, data]
        self.messages.append(Message("user", "\n\n".join(part for part in parts if part)))

    def ask(self, question: str) -> None:
        """Add a further question."""
        self.messages.append(Message("user", question))

    def answer(self, parts: Sequence[AnnotatedText], between: str = " ", about: Iterable[Fact] = ()) -> None:
        """Add the assistant's turn.

        Parameters
        ----------
        parts
            Its sentences.
        between
            What stands between them.
        about
            Facts that it rests on without giving a number: a difference within the noise.
        """
        text = joined(parts, between)
        number = len(self.messages)
        self.messages.append(Message("assistant", text.text))
        self.spans.extend(Span(number, start, end, fact) for start, end, fact in text.marks)
        self.facts.update(fact for _, _, fact in text.marks)
        self.facts.update(fact.id for fact in about)


def with_others(context: TaskContext, facts: Sequence[Fact], n_others: int, withheld: int = 1) -> list[Fact]:
    """Return the facts with some of the subject's other ones among them, as the dictionary orders them or shuffled."""
    taken = {fact.id for fact in facts}
    others = [fact for fact in context.planner.ranked(context.view.read, context.choice) if fact.id not in taken]
    missing = [fact for fact in context.view.withheld if fact.id not in taken]
    shown = [*facts, *others[:n_others], *context.choice.some(missing, withheld if context.choice.chance(0.5) else 0)]
    shown = shown[:_MOST_SHOWN]
    if context.choice.chance(0.5):
        return context.choice.shuffled(shown)
    order = {metric: place for place, metric in enumerate(FACT_DICTIONARY)}
    return sorted(shown, key=lambda fact: (order[fact.metric], fact.side, fact.id))


def known(fact: Fact, limit: float = math.inf) -> bool:
    """Return whether a fact's uncertainty is known and below a share of its value."""
    return math.isfinite(fact.uncertainty) and fact.uncertainty <= limit * abs(fact.value)


def single_targets(facts: Iterable[Fact], planner: ContentPlanner, choice: SeededChoice, n: int) -> list[Target]:
    """Return targets of one fact each, the more informative ones tending to come first."""
    return [(fact,) for fact in planner.ranked(tuple(facts), choice)[:n]]


def _sentences_of(text: str) -> str:
    """Return text with a capital behind every full stop."""
    parts = text.split(". ")
    return ". ".join(part[:1].upper() + part[1:] for part in parts)

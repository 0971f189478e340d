"""Answers about one video by a trained model, every number of them checked against the video's facts."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.corpus.example import Example, Fact, Message
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.grounding.check import check_text
from vidpose.corpus.grounding.verdict import GroundingFailure, Verdict
from vidpose.corpus.grounding.vocabulary import VOCABULARIES, name_of
from vidpose.corpus.settings.dataset import Language
from vidpose.corpus.tasks.conversation import Conversation, TaskContext
from vidpose.corpus.tasks.subject_facts import SubjectFacts, subjects_of
from vidpose.corpus.text.phrasebooks import PHRASEBOOKS
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.realiser import Realiser
from vidpose.corpus.text.seeded_choice import SeededChoice
from vidpose.corpus.training.base_model import child_environment, read_base
from vidpose.corpus.training.failures import BaseModelError, raised_by_child
from vidpose.corpus.training.parent import require_libraries, run_child
from vidpose.errors import InputError, UsageError

MOST_SHOWN: Final = 12
"""Facts in the prompt, as in the corpus, so that the model sees what it was trained on."""

MARKS: Final[dict[Language, str]] = {"en": "unsupported", "de": "nicht belegt"}
GENERATE_MODULE: Final = "vidpose.corpus.training.generate"


@dataclass(frozen=True, slots=True)
class CoachAnswer:
    """What the model said, and what of it the facts support.

    Attributes
    ----------
    text
        As the model said it.
    marked
        The same with every unsupported statement marked.
    ok
        Whether nothing is unsupported.
    ended
        Whether the model stopped by itself.
    verdict
        The grounding check of the whole conversation; the answer is its last message.
    shown
        Facts that the model was shown.
    n_checked
        Numbers in the answer.
    """

    text: str
    marked: str
    ok: bool
    ended: bool
    verdict: Verdict
    shown: tuple[Fact, ...]
    n_checked: int = 0


def answer(
    model_folder: Path, facts: Sequence[Fact], question: str, language: Language = "en", base_model: str = ""
) -> CoachAnswer:
    """Ask a trained model about one video.

    Parameters
    ----------
    model_folder
        Folder of a training run.
    facts
        Facts of the video; of several people the one with the most facts is spoken of.
    question
        What to ask, in ``language``.
    language
        Of question and answer.
    base_model
        Where the base model is, when it is no longer where training found it.

    Raises
    ------
    UsageError
        When ``model_folder`` is no finished training run, or the question is empty.
    InputError
        When no fact may be stated.
    BaseModelError
        When the base model is gone.
    """
    require_libraries()
    if not question.strip():
        raise UsageError("expected a question, got an empty text")
    view = chosen_subject(facts, language)
    shown = relevant(view, facts, question, language)
    opening = conversation(view, shown, question, language)
    said = _ask(model_folder, [{"role": turn.role, "content": turn.content} for turn in opening], base_model)
    return judged(opening, said["text"], said["ended"], facts, shown, language)


def chosen_subject(facts: Sequence[Fact], language: Language) -> SubjectFacts:
    """Return the person with the most values among those that the language has words for.

    Raises
    ------
    InputError
        When no value stands.
    """
    named = {fact.id: fact for fact in facts if name_of(VOCABULARIES[language], fact.metric)}
    views = [view for view in subjects_of(named) if view.read and not view.of_two]
    if not views:
        raise InputError("this video has no value that may be stated, so there is nothing to coach on", code="no_facts")
    return max(views, key=lambda view: (len(view.read), view.subject))


def relevant(view: SubjectFacts, facts: Sequence[Fact], question: str, language: Language) -> tuple[Fact, ...]:
    """Return the facts to show: those that the question names first, then the most informative ones.

    Parameters
    ----------
    view
        The person.
    facts
        All facts of the video, from which their rarity follows.
    question, language
        What is asked.
    """
    asked = question.casefold()
    names = VOCABULARIES[language].names
    counts = Counter(
        {
            fact.id: sum(word in asked for word in {*" ".join(names[fact.metric]).casefold().split()} if len(word) > 3)
            for fact in (*view.read, *view.withheld)
        }
    )
    planner = ContentPlanner.of(facts)
    ranked = [*planner.ranked(view.read, SeededChoice("coach", view.subject, question)), *view.withheld]
    best = sorted(ranked, key=lambda fact: -counts[fact.id])[:MOST_SHOWN]
    order = {metric: place for place, metric in enumerate(FACT_DICTIONARY)}
    return tuple(sorted(best, key=lambda fact: (order[fact.metric], fact.side, fact.id)))


def conversation(view: SubjectFacts, shown: Sequence[Fact], question: str, language: Language) -> tuple[Message, ...]:
    """Return the prompt, made by the same hand as those of the corpus."""
    realiser = Realiser(PHRASEBOOKS[language], SeededChoice("coach", view.subject, question))
    conversation = Conversation(TaskContext(view, tuple(shown), realiser, ContentPlanner.of(shown)))
    conversation.open(question.strip(), shown)
    return tuple(conversation.messages)


def judged(
    opening: Sequence[Message],
    text: str,
    ended: bool,
    facts: Sequence[Fact],
    shown: Sequence[Fact],
    language: Language,
) -> CoachAnswer:
    """Check an answer against everything that is known of the video, and mark what is not supported.

    Parameters
    ----------
    opening
        The prompt.
    text, ended
        The answer, and whether it ended by itself.
    facts
        What it may state.
    shown
        What the model saw of it.
    language
        Of all turns.
    """
    example = Example(
        id="coach",
        task="coach",
        language=language,
        group=shown[0].group if shown else "",
        messages=(*opening, Message("assistant", text)),
        facts=tuple(fact.id for fact in facts),
        generator="model",
    )
    verdict = check_text(example, {fact.id: fact for fact in facts})
    failures = [one for one in verdict.failures if one.message == len(opening)]
    n_checked = sum(mention.message == len(opening) for mention in verdict.mentions)
    marked = marked_text(text, failures, language)
    return CoachAnswer(text, marked, not failures, ended, verdict, tuple(shown), n_checked)


def marked_text(text: str, failures: Sequence[GroundingFailure], language: Language) -> str:
    """Return ``text`` with a remark behind every unsupported stretch.

    Parameters
    ----------
    text
        The answer.
    failures
        What is wrong with it.
    language
        Of the remark.
    """
    for end in sorted({one.end for one in failures}, reverse=True):
        text = f"{text[:end]} [{MARKS[language]}]{text[end:]}"
    return text


def _ask(model_folder: Path, chat: list[dict[str, str]], base_model: str) -> dict[str, Any]:
    """Let a child process answer, because the environment must be set before its imports."""
    if not (model_folder / "run.json").is_file():
        raise UsageError(f"{model_folder}: expected the folder of a finished training run (with run.json)")
    record = orjson.loads((model_folder / "run.json").read_bytes())
    base = read_base(model_folder / "base.json")
    spec = base_model or (str(base.folder.resolve()) if base else "")
    if not spec:
        base_record = record["base"]
        raise BaseModelError(
            f"the base model {base_record['name']} is no longer where training found it: "
            "give its id or folder as base_model"
        )
    with tempfile.TemporaryDirectory(prefix="vidpose-coach-") as name:
        folder = Path(name)
        asked = {
            "model": spec,
            "adapter": str((model_folder / "adapter").resolve()),
            "chats": [chat],
            "most_tokens": record["settings"]["answer_tokens"],
        }
        (folder / "request.json").write_bytes(orjson.dumps(asked))
        with (folder / ".lock").open("w") as lock:
            code, _ = run_child(
                [sys.executable, "-m", GENERATE_MODULE, str(folder / "request.json"), str(folder / "reply.json")],
                folder,
                child_environment(spec, os.environ, 0),
                0,
                lock.fileno(),
            )
        if code:
            raise raised_by_child(folder, code)
        reply: list[dict[str, Any]] = orjson.loads((folder / "reply.json").read_bytes())
        return reply[0]

"""The prompts of the models. A changed word changes the requests' keys, so earlier answers are not reused."""

from __future__ import annotations

import json
from typing import Any, Final

from vidpose.corpus.settings.dataset import Language
from vidpose.corpus.synthesis.providers.protocol import Prompt
from vidpose.corpus.text.seeded_choice import SeededChoice

LANGUAGES: Final[dict[Language, str]] = {"en": "English", "de": "German"}

VOICES: Final = (
    "a calm coach who speaks to an athlete",
    "a physiotherapist who explains things plainly",
    "an analyst who writes a short note to a colleague",
    "an encouraging trainer, informal but exact",
    "a teacher who says the main thing first",
    "a matter-of-fact report",
)
SHAPES: Final = ("about as long as the original", "a little shorter", "a little longer, in two or three sentences")
"""Variety comes from these: today's models take no temperature."""

_RULES: Final = """\
Every {{...}} is a placeholder for a measured value that is not shown to you; "placeholders" lists what each one means.
Do not write digits or number words other than "one". Never change, translate or split a placeholder, and never mention
its braces.
Keep the names of metrics word for word, each before its placeholder and in the same sentence. Keep left and right, and
which of two values is larger, smaller, earlier or later, exactly as given.
Do not add any fact, cause, diagnosis, injury, name or praise that the text does not contain.
Answer only with JSON that matches the schema."""

_SLOTS: Final = (
    "You rephrase answers about measured human movement in {language}. Say the same thing in different words and with "
    "a different sentence structure, natural to a native speaker, in the requested voice and length. Return the same "
    "number of turns, in the same order. Each placeholder of a turn appears exactly once in your version of it.\n"
)
_FREE: Final = (
    "You write answers about measured human movement in {language}, in the requested voice. You are given a question "
    "and the facts that may be stated. Write an answer that states at least one fact through its placeholder and, "
    "where it is natural, a follow-up question from the athlete with its answer; otherwise null for both. A "
    "placeholder appears at most once in an answer and never in a question. For a difference, say what is larger.\n"
)
_JUDGE: Final = (
    "You compare two texts about measured human movement in {language}. The second was written from the first, or from "
    "facts. Judge strictly: same_meaning is true only if every statement of the second follows from the first; "
    "adds_claims is true if the second contains any statement, cause, advice or judgement that the first does not "
    "contain; natural rates how it reads to a native speaker, from poor to good. {{...}} stands for a measured value.\n"
    "Answer only with JSON that matches the schema."
)


def closed_object(**fields: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with exactly these fields, in the words that both vendors take."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


TEXT: Final[dict[str, Any]] = {"type": "string"}
MAYBE_TEXT: Final[dict[str, Any]] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
SLOTS_SCHEMA: Final = closed_object(turns={"type": "array", "items": TEXT})
FREE_SCHEMA: Final = closed_object(answer=TEXT, follow_up_question=MAYBE_TEXT, follow_up_answer=MAYBE_TEXT)
JUDGE_SCHEMA: Final = closed_object(
    same_meaning={"type": "boolean"},
    adds_claims={"type": "boolean"},
    natural={"type": "string", "enum": ["poor", "fair", "good"]},
)


def slots_prompt(language: Language, task: str, turns: tuple[str, ...], meanings: dict[str, str]) -> Prompt:
    """Return the prompt that asks for another wording.

    Parameters
    ----------
    language
        Of the texts.
    task
        Task type.
    turns
        With placeholders.
    meanings
        What the placeholders mean.
    """
    draw = SeededChoice("voice", language, task, *turns)
    user = {
        "task": task,
        "voice": draw.pick(VOICES),
        "length": draw.pick(SHAPES),
        "turns": list(turns),
        "placeholders": meanings,
    }
    return Prompt("slots", (_SLOTS + _RULES).replace("{language}", LANGUAGES[language]), _json(user), SLOTS_SCHEMA)


def free_prompt(language: Language, task: str, question: str, meanings: dict[str, str]) -> Prompt:
    """Return the prompt that asks for a new answer.

    Parameters
    ----------
    language
        Of the texts.
    task
        Task type.
    question
        The user's turn.
    meanings
        What the placeholders mean, with values only when the user lets them leave.
    """
    draw = SeededChoice("voice", language, task, question, *meanings.values())
    user = {"task": task, "voice": draw.pick(VOICES), "question": question, "placeholders": meanings}
    return Prompt("free", (_FREE + _RULES).replace("{language}", LANGUAGES[language]), _json(user), FREE_SCHEMA)


def judge_prompt(language: Language, first: Any, second: Any) -> Prompt:
    """Return the prompt that asks the other vendor whether ``second`` says what ``first`` says."""
    user = {"first": first, "second": second}
    return Prompt("judge", _JUDGE.replace("{language}", LANGUAGES[language]), _json(user), JUDGE_SCHEMA)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)

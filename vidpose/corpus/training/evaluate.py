"""How good answers are: numbers, grounding, direction, and whether they end; rates with their intervals.

Nothing here needs a model: answers are texts, whatever their source.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

from vidpose.corpus.grounding.check import check_text
from vidpose.corpus.training.examples import Row
from vidpose.corpus.training.quantities import compares, quantities, same_numbers

N_TRANSCRIPTS: Final = 20
"""Answers that are kept to be read by people, spread over tasks and languages."""

_CONTRADICTIONS: Final = ("wrong_direction", "wrong_side", "unknown_comparison")


@dataclass(frozen=True, slots=True)
class Score:
    """One answer's marks; None where there was nothing to judge.

    Attributes
    ----------
    numeric_exact
        It has all the numbers of the corpus's answer, and no other.
    n_numbers, n_grounded
        Its numbers, and those that a fact supports.
    grounded
        Nothing in it is unsupported, and it states a number where the corpus's answer does: babble is not grounded.
    direction
        It compares, as the corpus's answer does, and no fact says otherwise.
    ended
        It stopped by itself.
    """

    numeric_exact: bool | None
    n_numbers: int
    n_grounded: int
    grounded: bool
    direction: bool | None
    ended: bool


@dataclass(frozen=True, slots=True)
class Grounding:
    """What the grounding check found in an answer.

    Attributes
    ----------
    ok
        Everything is supported.
    n_numbers
        Numbers that it judged.
    n_grounded
        Those that a fact supports.
    contradicted
        A side or a direction is wrong, or nothing is known that it compares.
    """

    ok: bool
    n_numbers: int
    n_grounded: int
    contradicted: bool


def check_grounding(row: Row, text: str) -> Grounding:
    """Check an answer to a row's question against the row's facts."""
    verdict = check_text(row.answered(text), {fact.id: fact for fact in row.facts})
    last = len(row.example.messages) - 1
    failures = [one for one in verdict.failures if one.message == last]
    numbers = [one for one in verdict.mentions if one.message == last]
    return Grounding(
        ok=not failures,
        n_numbers=len(numbers),
        n_grounded=sum(bool(number.facts) for number in numbers),
        contradicted=any(one.reason in _CONTRADICTIONS for one in failures),
    )


def score_answer(row: Row, text: str, ended: bool, check: Callable[[Row, str], Grounding]) -> Score:
    """Judge one answer.

    Parameters
    ----------
    row
        Question, the corpus's answer and the facts.
    text
        The answer.
    ended
        Whether it stopped by itself.
    check
        The grounding check.
    """
    language = row.example.language
    compared = compares(row.answer, language)
    numeric = None
    if quantities(row.answer, language):
        numeric = same_numbers(text, row.answer, language, signed=not compared)
    found = check(row, text)
    direction = compares(text, language) and not found.contradicted if compared else None
    grounded = found.ok and bool(text) and (numeric is None or bool(quantities(text, language)))
    return Score(numeric, found.n_numbers, found.n_grounded, grounded, direction, ended)


def assess_answers(
    rows: Sequence[Row],
    answers: Sequence[tuple[str, bool]],
    check: Callable[[Row, str], Grounding] = check_grounding,
) -> dict[str, Any]:
    """Return the rates over all answers, by task and by language, and some transcripts.

    Parameters
    ----------
    rows
        Questions.
    answers
        Text of each answer, and whether it ended by itself.
    check
        The grounding check.
    """
    scores = [score_answer(row, text, ended, check) for row, (text, ended) in zip(rows, answers, strict=True)]
    step = max(1, len(rows) // N_TRANSCRIPTS)
    kept = list(zip(rows, answers, scores, strict=True))[::step][:N_TRANSCRIPTS]
    return {
        "all": summary(scores),
        "by_task": _grouped(rows, scores, lambda row: row.example.task),
        "by_language": _grouped(rows, scores, lambda row: row.example.language),
        "transcripts": [
            {"id": row.example.id, "prompt": row.prompt, "wanted": row.answer, "said": text, "grounded": score.grounded}
            for row, (text, _), score in kept
        ],
    }


def _grouped(rows: Sequence[Row], scores: Sequence[Score], key: Callable[[Row], str]) -> dict[str, Any]:
    names = [key(row) for row in rows]
    return {
        name: summary([score for score, own in zip(scores, names, strict=True) if own == name])
        for name in sorted(set(names))
    }


def summary(scores: Sequence[Score]) -> dict[str, Any]:
    """Return every rate with its count and interval."""
    return {
        "n": len(scores),
        "numeric_exact": _share(score.numeric_exact for score in scores),
        "grounded_numbers": rate(sum(s.n_grounded for s in scores), sum(s.n_numbers for s in scores)),
        "grounded_answers": _share(score.grounded for score in scores),
        "direction": _share(score.direction for score in scores),
        "ended": _share(score.ended for score in scores),
    }


def _share(marks: Iterable[bool | None]) -> dict[str, Any]:
    judged = [mark for mark in marks if mark is not None]
    return rate(sum(judged), len(judged))


def rate(hits: int, n: int) -> dict[str, Any]:
    """Return a share with its Wilson interval; nulls when nothing was judged.

    Parameters
    ----------
    hits, n
        Successes, trials.
    """
    if not n:
        return {"n": 0, "hits": 0, "rate": None, "low": None, "high": None}
    low, high = wilson_interval(hits, n)
    return {"n": n, "hits": hits, "rate": hits / n, "low": low, "high": high}


def wilson_interval(hits: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a proportion (Wilson 1927), which holds for few trials and shares near 0 and 1.

    Parameters
    ----------
    hits, n
        Successes, trials (1 or more).
    confidence
        Two-sided.
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, weight = hits / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * math.sqrt(share * (1 - share) / n + weight / (4 * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def baselines(
    rows: Sequence[Row], train: Sequence[Row], check: Callable[[Row, str], Grounding] = check_grounding
) -> dict[str, Any]:
    """Return how the corpus's own answers do, the most that can be hoped for, and one constant answer per task.

    Parameters
    ----------
    rows
        Held-out questions.
    train
        Rows that constant answers are taken from.
    check
        The grounding check.
    """
    said: dict[tuple[str, str], Counter[str]] = {}
    for row in train:
        said.setdefault((row.example.task, row.example.language), Counter())[row.answer] += 1
    constant = {key: min(counts, key=lambda text: (-counts[text], text)) for key, counts in said.items()}
    answers = {
        "reference": [row.answer for row in rows],
        "constant": [constant.get((row.example.task, row.example.language), "") for row in rows],
    }
    marks = {
        name: [score_answer(row, text, True, check) for row, text in zip(rows, texts, strict=True)]
        for name, texts in answers.items()
    }
    return {name: {"all": summary(scores)} for name, scores in marks.items()}

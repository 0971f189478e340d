"""Checks of one row: its format, its evidence, and what it gives away."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from vidpose.corpus.dataset.data_files import Problem, RawRow, split_of
from vidpose.corpus.dataset.evidence_json import read_facts_json, read_spans_json
from vidpose.corpus.dataset.formats import anthropic, openai, trl
from vidpose.corpus.dataset.leakage import CheckedRow
from vidpose.corpus.example import Example, Fact, Message
from vidpose.corpus.grounding.check import check_text
from vidpose.corpus.privacy import find_personal_data

Failures = Callable[[Example, Mapping[str, Fact]], Sequence[tuple[str, str]]]
"""The grounding check: reasons and details of what a text states without a fact; none for a good one."""


def failures_of(example: Example, facts: Mapping[str, Fact]) -> list[tuple[str, str]]:
    """Return reason and place of everything that an example states without a fact; none for a good example."""
    verdict = check_text(example, facts)
    return [(one.reason, f"turn {one.message + 1}, {one.text!r}") for one in verdict.failures]


_RULES = {**openai.OPENAI_RULES, **openai.OUR_RULES, **anthropic.BEDROCK_RULES}


def check_row(row: RawRow, failures: Failures) -> tuple[list[Problem], bool]:
    """Return what is wrong with a row, and whether its texts were checked against facts.

    Parameters
    ----------
    row
        The row.
    failures
        The grounding check.
    """
    found = list(_format_problems(row))
    if any(problem.severity == "error" for problem in found):
        return found, False
    for number, text in enumerate(_texts(row)):
        for kind, what in find_personal_data(text):
            found.append(Problem(f"personal_data_{kind}", row.file, row.line, f"turn {number + 1} holds {what!r}"))
    if not row.is_table or "facts" not in row.value:
        return found, False
    try:
        facts = read_facts_json(row.value["facts"] or "")
        read_spans_json(row.value.get("spans") or "[]")
    except (ValueError, TypeError) as error:
        return [*found, Problem("bad_evidence", row.file, row.line, str(error))], False
    return [*found, *_grounding_problems(row, facts, failures)], True


def checked_row(row: RawRow) -> CheckedRow:
    """Return what leakage is looked for in, of a row with a good format."""
    value = row.value
    turns = _turns(row)
    text = "\n".join(turn["content"] for turn in turns if turn["role"] != "system")
    answer = "\n".join(turn["content"] for turn in turns if turn["role"] == "assistant")
    own = {name: str(value.get(name) or "") if row.is_table else "" for name in ("id", "parent", "group")}
    groups = tuple(own["group"].split("|")) if own["group"] else ()
    return CheckedRow(row.file, row.line, split_of(row.file), text, answer, own["id"], own["parent"], groups)


def _format_problems(row: RawRow) -> Iterator[Problem]:
    shape = row.shape
    if shape == "openai_pair":
        broken = openai.preference_errors(row.value)
    elif shape == "pair":
        broken = trl.preference_errors(row.value)
    elif shape == "bedrock":
        broken = anthropic.bedrock_errors(row.value)
    else:
        broken = openai.chat_errors(row.value) or openai.strict_errors(row.value, top_level=not row.is_table)
    strict = ".openai." in row.file
    for name in broken:
        # only OpenAI's own format forbids further keys; other readers of JSONL take them
        warning = name == "unrecognized_top_level_key" and not strict
        rule = _RULES.get(name, "")
        yield Problem(name, row.file, row.line, f"expected that {rule}", "warning" if warning else "error")
    if row.is_table and shape in ("chat", "pair") and not broken:
        wanted = frozenset({"messages"}) if shape == "chat" else trl.PREFERENCE_SHAPE
        wrong = trl.shape_error(row.value, wanted)
        if wrong and row.line == 1:
            yield Problem("mixed_columns", row.file, 0, wrong)


def _grounding_problems(row: RawRow, facts: Mapping[str, Fact], failures: Failures) -> Iterator[Problem]:
    spans = read_spans_json(row.value.get("spans") or "[]")
    good = dataclasses.replace(_example(row.value, _turns(row), facts), spans=spans)
    for reason, detail in failures(good, facts):
        yield Problem(f"ungrounded_{reason}", row.file, row.line, detail)
    if row.shape == "pair":
        wrong = _example(row.value, [*row.value["prompt"], *row.value["rejected"]], facts)
        if not failures(wrong, facts):
            message = "the rejected answer is as right as the chosen one"
            yield Problem("rejected_answer_is_right", row.file, row.line, message)


def _example(value: Mapping[str, Any], turns: Sequence[Mapping[str, Any]], facts: Mapping[str, Fact]) -> Example:
    return Example(
        id=str(value.get("id") or ""),
        task=str(value.get("task") or ""),
        language=value.get("language") or "en",
        group=str(value.get("group") or ""),
        messages=tuple(Message(turn["role"], turn["content"]) for turn in turns),
        facts=tuple(facts),
    )


def _turns(row: RawRow) -> list[Mapping[str, str]]:
    """Return the conversation with the right answer."""
    value = row.value
    if row.shape == "openai_pair":
        return [*value["input"]["messages"], *value["preferred_output"]]
    if row.shape == "pair":
        chosen = value["chosen"]
        return [*(value.get("prompt") or value["messages"]), *([chosen] if isinstance(chosen, dict) else chosen)]
    return list(value["messages"])


def _texts(row: RawRow) -> Iterator[str]:
    """Yield all texts of a row, wrong answers and the system's included."""
    yield from (turn["content"] for turn in _turns(row))
    value = row.value
    if row.shape == "openai_pair":
        yield from (turn["content"] for turn in value["non_preferred_output"])
    if row.shape == "pair":
        rejected = value["rejected"]
        yield from (turn["content"] for turn in ([rejected] if isinstance(rejected, dict) else rejected))
    if row.shape == "bedrock":
        yield value.get("system") or ""

"""Facts of made videos, conversations about them, and a check that reads their one kind of sentence."""

import hashlib
import math
import re

from vidpose.corpus.example import Example, Fact, Message, Span

SYSTEM = "State nothing but what was measured."


def made_fact(group, metric="knee_range", value=65.0, *, side="left", unit="°", person=0, reason="", decimals=1):
    subject = f"{group}/{person}"
    return Fact(
        id=f"{subject}:{metric}:{side}:metric",
        group=group,
        subject=subject,
        metric=metric,
        label=metric.replace("_", " "),
        kind="metric",
        side=side,
        value=math.nan if reason else value,
        unit=unit,
        decimals=decimals,
        uncertainty=math.nan if reason else 1.0,
        reason=reason,
        start_s=0.0,
        end_s=2.5,
        n=60,
    )


def made_id(*parts):
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def made_example(fact, *, task="read_metric", language="en", generator="grammar", parent="", group="", more=""):
    """One question about one fact; ``more`` makes the question another one."""
    label = fact.metric.replace("_", " ")
    stated = f"{fact.value:.1f}{fact.unit}"
    answer = f"The {fact.side} {label} of this recording is {stated}, which is larger than on the other side."
    turns = (
        Message("system", SYSTEM),
        Message("user", f"{more} What was measured for the {fact.side} {label} of subject {fact.subject[:6]}?".strip()),
        Message("assistant", answer),
    )
    start = answer.index(stated)
    return Example(
        id=made_id(task, language, generator, fact.id, more, answer),
        task=task,
        language=language,
        group=group or fact.group,
        messages=turns,
        facts=(fact.id,),
        spans=(Span(2, start, start + len(stated), fact.id),),
        generator=generator,
        parent=parent,
    )


_STATED = re.compile(r"The (left|right) ([\w ]+?) of this recording is ([\d.]+)\s?([^\s,]*), which is (\w+) than")


def made_failures(example, facts):
    """Reasons against an answer: the sentence of :func:`made_example` must agree with a fact in every word."""
    text = example.messages[-1].content
    found = _STATED.match(text)
    if not found:
        return [("unknown_number", text[:20])]
    side, label, value, unit, direction = found.groups()
    if not text.endswith("than on the other side."):
        return [("banned_claim", text[-30:])]
    if direction != "larger":
        return [("wrong_direction", direction)]
    for fact in facts.values():
        own = (fact.side, fact.metric.replace("_", " "), f"{fact.value:.1f}", fact.unit)
        if own == (side, label, value, unit):
            return []
    return [("unknown_number", f"{value}{unit}")]


METRICS = ("knee_range", "hip_range", "elbow_range", "trunk_lean", "ankle_range", "shoulder_range")
WORDS = ("please", "quickly", "for my diary", "in one sentence", "before training", "again", "for the coach", "now")


def made_video(number, n_metrics=6):
    """Facts of one video; every video has its own values."""
    group = made_id("video", number)[:16]
    values = [20.0 + 7.3 * place + 3.1 * number * (place + 1) for place in range(2 * n_metrics)]
    return [
        made_fact(group, metric, values[2 * place + (side == "right")], side=side)
        for place, metric in enumerate(METRICS[:n_metrics])
        for side in ("left", "right")
    ]


def made_corpus(n_videos, n_words=1):
    """Facts by id, and examples of so many videos."""
    facts = [fact for number in range(n_videos) for fact in made_video(number)]
    examples = [made_example(fact, more=word) for fact in facts for word in WORDS[:n_words]]
    return {fact.id: fact for fact in facts}, examples

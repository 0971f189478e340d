"""Whether the spans of an example and the numbers found in its texts say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vidpose.corpus.example import Example, Fact, Span
from vidpose.corpus.grounding.verdict import GroundingFailure, Mention


def check_spans(example: Example, mentions: Sequence[Mention], facts: Mapping[str, Fact]) -> Iterator[GroundingFailure]:
    """Yield what is wrong with the spans; nothing for an example without spans.

    Every number of an assistant's turn needs a span, and every span with a number needs a fact that agrees with it.
    A span without a number may name a fact in words (a metric that has no value).

    Parameters
    ----------
    example
        The conversation with its spans.
    mentions
        Numbers found, with the facts that agree.
    facts
        All facts by id.
    """
    if not example.spans:
        return
    spoken = [one for one in mentions if example.messages[one.message].role == "assistant"]
    for span in example.spans:
        yield from _check_span(span, example, spoken, facts)
    for mention in spoken:
        if not any(_overlap(span, mention) for span in example.spans):
            text = example.messages[mention.message].content[mention.start : mention.end]
            yield GroundingFailure("undeclared_span", mention.message, mention.start, mention.end, text)


def _check_span(
    span: Span, example: Example, spoken: Sequence[Mention], facts: Mapping[str, Fact]
) -> Iterator[GroundingFailure]:
    if not 0 <= span.message < len(example.messages) or example.messages[span.message].role != "assistant":
        yield GroundingFailure("wrong_span", span.message, span.start, span.end, "not in a turn of the assistant")
        return
    content = example.messages[span.message].content
    text = content[max(0, span.start) : span.end]
    if span.fact_id not in example.facts or span.fact_id not in facts:
        yield GroundingFailure("unknown_fact", span.message, span.start, span.end, span.fact_id)
    elif not 0 <= span.start < span.end <= len(content) or not text.strip():
        yield GroundingFailure("wrong_span", span.message, span.start, span.end, "outside the text")
    elif any(_overlap(span, one) and one.facts and span.fact_id not in one.facts for one in spoken):
        # a number without any fact has its own failure already
        yield GroundingFailure("wrong_span", span.message, span.start, span.end, text)


def _overlap(span: Span, mention: Mention) -> bool:
    return span.message == mention.message and span.start < mention.end and mention.start < span.end

"""``python -m benchmarks.corpus_text``: how varied the written texts are, against one template per task."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import click

from benchmarks.made_facts import made_facts
from vidpose.corpus.example import Example, Fact
from vidpose.corpus.facts.read_facts import read_facts
from vidpose.corpus.grounding.check import check_text
from vidpose.corpus.grounding.lexicon import lexicon
from vidpose.corpus.settings.dataset import FactSettings, TextSettings
from vidpose.corpus.tasks.make_examples import make_examples
from vidpose.corpus.text.phrasebooks import PHRASEBOOKS
from vidpose.corpus.text.realiser import Realiser
from vidpose.corpus.text.seeded_choice import SeededChoice

Tokens: TypeAlias = list[str]
ORDERS: Final = (1, 2, 3, 4)
HYPOTHESES: Final = 200
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
"""Words and numbers; marks are left out, they are alike in all texts and would only dilute the figures."""
_NUMBER: Final = re.compile(r"[-±]?\d+(?:[.,]\d+)*")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+(?:- )?")


@click.command()
@click.option("--models", type=click.Path(exists=True, path_type=Path), help="Results to write about [made facts].")
@click.option("--n", "n_examples", default=1000, help="Examples that are compared.")
def main(models: Path | None, n_examples: int) -> None:
    """Print distinct-n, skeletons and self-BLEU of the grammar and of one template per task."""
    facts = dict(read_facts(models, FactSettings()).by_id) if models else made_facts(40)
    written = list(make_examples(facts, TextSettings(max_per_subject=160)))
    chosen = SeededChoice("benchmark").some(written, n_examples)
    refused = sum(not check_text(one, facts).ok for one in chosen)
    print(f"{len(written)} examples written, {len(chosen)} compared, {refused} of them refused by the grounding check")
    answers = [_answer(one) for one in chosen]
    print(_line("", ["distinct-1", "distinct-2", "distinct-3", "self-BLEU"]))
    print(_line("grammar", _variety(answers)))
    print(_line("numbers masked", _variety([_NUMBER.sub("#", text) for text in answers])))
    print(_line("one template", _variety([template_of(one, facts) for one in chosen])))
    print(_line("task", ["sentences", "largest %", "entropy", "of bits"]))
    for task, found in sorted(skeletons(chosen if n_examples < len(written) else written).items()):
        print(_line(task, _skeleton_figures(found)))
    print("largest %: share of the most frequent sentence of a task, numbers, names and sides masked")


def distinct(texts: Sequence[Tokens], n: int) -> float:
    """Return distinct n-grams over all n-grams (Li et al., NAACL 2016)."""
    grams = [gram for tokens in texts for gram in _grams(tokens, n)]
    return len(set(grams)) / max(1, len(grams))


def self_bleu(texts: Sequence[Tokens], n_hypotheses: int = HYPOTHESES) -> float:
    """Return the mean BLEU-4 of some texts against all the others (Zhu et al., SIGIR 2018), 0 to 1.

    Own code: libraries count the references anew for each hypothesis, which takes minutes for a thousand of them.
    The references are many, so the brevity penalty is 1; a text without a common n-gram counts half of one.
    """
    most = [_two_most(texts, n) for n in ORDERS]
    scores = []
    for place, tokens in enumerate(texts[:n_hypotheses]):
        logs = [
            math.log(_precision(place, Counter(_grams(tokens, n)), most[n - 1])) for n in ORDERS if len(tokens) >= n
        ]
        scores.append(math.exp(sum(logs) / len(logs)) if logs else 0.0)
    return sum(scores) / max(1, len(scores))


def skeletons(examples: Iterable[Example]) -> dict[str, Counter[str]]:
    """Return the sentences of the answers with numbers, metric names and sides masked, counted by task."""
    found: dict[str, Counter[str]] = {}
    for example in examples:
        for sentence in _SENTENCE.split(_answer(example)):
            found.setdefault(example.task, Counter())[skeleton(sentence, example)] += 1
    return found


def skeleton(sentence: str, example: Example) -> str:
    """Return a sentence without what differs between facts."""
    words = lexicon(example.language)
    text = words.names.sub("M", sentence)
    text = _NUMBER.sub("#", words.number.sub("#", text))
    for side in ("left", "right"):
        text = words.sides[side].sub("S", text)
    return text.lower().strip()


def template_of(example: Example, facts: Mapping[str, Fact]) -> str:
    """Return what one template per task and language says about the same facts."""
    realiser = Realiser(PHRASEBOOKS[example.language], SeededChoice("template"))
    frames = {"en": "The {name} is {value}.", "de": "{name} beträgt {value}."}
    said = []
    for fact_id in dict.fromkeys(span.fact_id for span in example.spans) or example.facts[:1]:
        fact = facts[fact_id]
        name = realiser.phrasebook.vocabulary.names[fact.metric][0]
        side = "" if fact.side in ("none", "both") else f" ({realiser.phrasebook.vocabulary.sides[fact.side][0]})"
        value = realiser.number(fact.value, fact.decimals) if not fact.reason else "-"
        said.append(frames[example.language].format(name=name + side, value=f"{value} {fact.unit}".strip()))
    return f"{example.task}: {' '.join(said)}"


def _answer(example: Example) -> str:
    return "\n".join(message.content for message in example.messages if message.role == "assistant")


def _variety(texts: Sequence[str]) -> list[str]:
    tokens = [_TOKEN.findall(text.lower()) for text in texts]
    return [f"{figure:.3f}" for figure in (*(distinct(tokens, n) for n in ORDERS[:3]), self_bleu(tokens))]


def _skeleton_figures(found: Counter[str]) -> list[str]:
    total = sum(found.values())
    entropy = -sum(n / total * math.log2(n / total) for n in found.values())
    return [str(total), f"{100 * max(found.values()) / total:.1f}", f"{entropy:.2f}", f"{math.log2(total):.2f}"]


def _grams(tokens: Tokens, n: int) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[start:] for start in range(n)), strict=False))


def _two_most(texts: Sequence[Tokens], n: int) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Return for each n-gram the most often that one text has it, which text, and the most in any other."""
    most: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for place, tokens in enumerate(texts):
        for gram, count in Counter(_grams(tokens, n)).items():
            first, owner, second = most.get(gram, (0, -1, 0))
            most[gram] = (count, place, first) if count > first else (first, owner, max(second, count))
    return most


def _precision(
    place: int, own: Counter[tuple[str, ...]], most: Mapping[tuple[str, ...], tuple[int, int, int]]
) -> float:
    hits = 0
    for gram, count in own.items():
        first, owner, second = most[gram]
        hits += min(count, second if owner == place else first)
    return max(hits, 0.5) / sum(own.values())


def _line(name: str, figures: Sequence[str]) -> str:
    return f"{name:<20}" + "".join(f"{figure:>12}" for figure in figures)


if __name__ == "__main__":
    main()

"""Statistics of a dataset, for the card and ``stats.json``."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from vidpose.corpus.dataset.content import Content
from vidpose.corpus.dataset.deduplicate import alike_pairs, answer_text, by_language, texts_of
from vidpose.corpus.dataset.diversity import compression_ratio, distinct, largest_skeleton_share, self_bleu
from vidpose.corpus.dataset.splits import SPLITS, groups_of
from vidpose.corpus.dataset.tokens import ESTIMATE_LABEL, count_conversation, estimate_tokens
from vidpose.corpus.example import Example
from vidpose.corpus.settings.dataset import DuplicateSettings

_DIGITS = 4


def describe(content: Content) -> dict[str, Any]:
    """Return the statistics of a dataset as plain JSON values; shares are fractions of one, unknown ones null."""
    examples = content.examples
    return {
        "examples": {
            part: {split: len(splits.get(split, ())) for split in SPLITS} for part, splits in content.parts.items()
        },
        "n_examples": len(examples),
        "pairs": {split: len(content.pairs.get(split, ())) for split in SPLITS},
        "by_task": _counts(example.task for example in examples),
        "by_language": _counts(example.language for example in examples),
        "by_generator": _counts(example.generator for example in examples),
        "groups": {split: len(names) for split, names in _groups(content).items()},
        "statements": sum(len(example.spans) for example in examples),
        "tokens": _tokens(content),
        "near_duplicates": _near_duplicates(examples, content.duplicates),
        "diversity_of_answers": _diversity(examples),
        "rejects": _rejects(content),
        "corruptions": {
            kind: {"tried": tried, "caught": content.attempts.caught[kind]}
            for kind, tried in sorted(content.attempts.tried.items())
        },
    }


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _groups(content: Content) -> dict[str, set[str]]:
    """Return the groups that each split holds."""
    found: dict[str, set[str]] = {split: set() for split in SPLITS}
    for splits in content.parts.values():
        for split, examples in splits.items():
            found[split] |= {group for example in examples for group in groups_of(example)}
    return found


def _tokens(content: Content) -> dict[str, Any]:
    counts = np.array([count_conversation(one.messages, content.count) for one in content.examples] or [0])
    return {
        "counted_by": ESTIMATE_LABEL if content.count is estimate_tokens else "the base model's tokenizer",
        "total": int(counts.sum()),
        "median": int(np.median(counts)),
        "p95": int(np.quantile(counts, 0.95, method="higher")),
        "max": int(counts.max()),
    }


def _near_duplicates(examples: Sequence[Example], settings: DuplicateSettings) -> dict[str, Any]:
    """Return the share of the examples that have an earlier near-duplicate, and that of those that only look alike."""
    alike: set[str] = set()
    near: set[str] = set()
    for some in by_language(examples).values():
        for _, later, same_answer in alike_pairs(map(texts_of, some), settings):
            (near if same_answer else alike).add(some[later].id)
    return {
        "similarity": settings.similarity,
        "shingle_words": settings.shingle_words,
        "share": _share(len(near), len(examples)),
        "share_of_alike_conversations_with_other_answers": _share(len(alike - near), len(examples)),
    }


def _diversity(examples: Sequence[Example]) -> dict[str, dict[str, float | None]]:
    """Return the variety of the answers of each language."""
    found = {}
    for language, some in by_language(examples).items():
        answers = [answer_text(example) for example in some]
        skeletons = [
            largest_skeleton_share([answer_text(example) for example in some if example.task == task])
            for task in sorted({example.task for example in some})
        ]
        found[language] = {
            "distinct_2": _rounded(distinct(answers, 2)),
            "distinct_3": _rounded(distinct(answers, 3)),
            "self_bleu_4": _rounded(self_bleu(answers)),
            "compression_ratio": _rounded(compression_ratio(answers)),
            "largest_skeleton_share_of_a_task": _rounded(max(skeletons)),
        }
    return found


def _rejects(content: Content) -> Mapping[str, dict[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for reject in content.rejects:
        found[reject.stage][reject.reason] += 1
    return {stage: dict(sorted(reasons.items())) for stage, reasons in sorted(found.items())}


def _share(n: int, total: int) -> float | None:
    return _rounded(n / total) if total else None


def _rounded(value: float) -> float | None:
    return round(value, _DIGITS) if math.isfinite(value) else None

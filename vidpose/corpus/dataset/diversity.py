"""How varied texts are: distinct word pairs, likeness among themselves, compressibility, the commonest skeleton.

Own code: the packages for it bring a translation score's whole tool chain for three short formulas.
"""

from __future__ import annotations

import hashlib
import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from vidpose.corpus.dataset.deduplicate import words

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_MAX_ORDER: Final = 4
SELF_BLEU_SAMPLE: Final = 200
"""Texts that self-BLEU looks at: it compares each with all others."""


def distinct(texts: Sequence[str], n: int) -> float:
    """Return different runs of ``n`` words over all of them (Li et al. 2016, arXiv:1510.03055); NaN without any."""
    runs = Counter(run for text in texts for run in _runs(words(text), n))
    total = sum(runs.values())
    return len(runs) / total if total else math.nan


def skeleton(text: str) -> str:
    """Return a text with its numbers masked: what remains when a template is filled in."""
    return _NUMBER.sub("#", text)


def largest_skeleton_share(texts: Sequence[str]) -> float:
    """Return the share of the texts that have the commonest skeleton; NaN without texts."""
    if not texts:
        return math.nan
    return Counter(skeleton(text) for text in texts).most_common(1)[0][1] / len(texts)


def compression_ratio(texts: Sequence[str]) -> float:
    """Return bytes over compressed bytes (Shaib et al. 2024, arXiv:2403.00553); NaN without texts."""
    raw = "\n".join(texts).encode()
    return len(raw) / len(zlib.compress(raw, 9)) if raw else math.nan


def self_bleu(texts: Sequence[str], n_sample: int = SELF_BLEU_SAMPLE) -> float:
    """Return the mean BLEU-4 of each sampled text against all others (Zhu et al. 2018, arXiv:1802.01886).

    One is a corpus that repeats itself. The sample is drawn by hash, so it does not depend on the order. An order
    without any match counts as half a match, else a single one would make the whole score 0.

    Parameters
    ----------
    texts
        The texts.
    n_sample
        How many of them are looked at; NaN with fewer than two.
    """
    drawn = sorted(texts, key=lambda text: (hashlib.sha256(text.encode()).digest(), text))[:n_sample]
    sample = [words(text) for text in drawn]
    if len(sample) < 2:
        return math.nan
    by_order = [[Counter(_runs(one, order)) for one in sample] for order in range(1, _MAX_ORDER + 1)]
    matched = [_matched(counts) for counts in by_order]
    scores = []
    for place, length in enumerate(map(len, sample)):
        totals = [counts[place].total() for counts in by_order]
        logs = [math.log(max(own[place], 0.5) / total) for own, total in zip(matched, totals, strict=True) if total]
        closest = min((abs(len(one) - length), len(one)) for other, one in enumerate(sample) if other != place)[1]
        brevity = 0.0 if length >= closest else 1.0 - closest / max(length, 1)
        scores.append(math.exp(brevity + sum(logs) / len(logs)) if logs else 0.0)
    return sum(scores) / len(scores)


def _matched(counted: Sequence[Counter[tuple[str, ...]]]) -> list[int]:
    """Return the matches of each text: of every run at most as many as the other text that has most of them."""
    most: Counter[tuple[str, ...]] = Counter()
    next_most: Counter[tuple[str, ...]] = Counter()
    for counts in counted:
        for run, n in counts.items():
            next_most[run] = max(next_most[run], min(most[run], n))
            most[run] = max(most[run], n)
    return [
        sum(min(n, next_most[run] if n == most[run] else most[run]) for run, n in counts.items()) for counts in counted
    ]


def _runs(tokens: Sequence[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]

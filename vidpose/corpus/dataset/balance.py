"""No video, person or task drowns the others: caps, kept by a draw that depends on the examples' ids alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from vidpose.corpus.dataset.splits import groups_of
from vidpose.corpus.example import Example, Fact
from vidpose.corpus.settings.dataset import CorpusBalanceSettings


def find_surplus(
    examples: Sequence[Example], facts: Mapping[str, Fact], settings: CorpusBalanceSettings | None = None
) -> dict[str, str]:
    """Return the examples to leave out, each with the cap that it exceeds: ``subject``, ``group`` or ``task``.

    Ids are hashes, so the first ones in their order are a random draw that every build makes alike.

    Parameters
    ----------
    examples
        All examples.
    facts
        All facts by id.
    settings
        The caps.
    """
    settings = settings or CorpusBalanceSettings()
    gone: dict[str, str] = {}

    def subjects(example: Example) -> Iterable[str]:
        return {name for fact in example.facts for name in facts[fact].subject.split("|")}

    ordered = sorted(examples, key=lambda example: example.id)
    _cap(ordered, subjects, settings.per_subject, "subject", gone)
    _cap(ordered, groups_of, settings.per_group, "group", gone)
    left = [example for example in ordered if example.id not in gone]
    most = most_per_task(Counter(example.task for example in left), settings.task_share)
    _cap(left, lambda example: (example.task,), most, "task", gone)
    return gone


def most_per_task(counts: Mapping[str, int], share: float) -> int:
    """Return the largest cap under which no task has more than ``share`` of what remains.

    Parameters
    ----------
    counts
        Examples by task.
    share
        Largest share; with too few tasks to keep it there is no cap.
    """
    largest = max(counts.values(), default=0)
    if len(counts) * share <= 1.0:
        return max(largest, 1)
    low, high = 1, max(largest, 1)
    while low < high:  # what remains grows slower than the cap, so whether a cap holds changes once
        middle = (low + high + 1) // 2
        if middle <= share * sum(min(count, middle) for count in counts.values()):
            low = middle
        else:
            high = middle - 1
    return low


def _cap(
    examples: Iterable[Example],
    kinds: Callable[[Example], Iterable[str]],
    most: int,
    name: str,
    gone: dict[str, str],
) -> None:
    """Mark what exceeds a cap, in the order given."""
    seen: dict[str, int] = defaultdict(int)
    for example in examples:
        if example.id in gone:
            continue
        own = sorted(set(kinds(example)))
        if any(seen[kind] >= most for kind in own):
            gone[example.id] = name
            continue
        for kind in own:
            seen[kind] += 1

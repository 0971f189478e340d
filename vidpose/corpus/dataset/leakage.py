"""Repetition inside a split, and what two splits have in common."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vidpose.corpus.dataset.data_files import Problem
from vidpose.corpus.dataset.deduplicate import alike_pairs
from vidpose.corpus.settings.dataset import DuplicateSettings

MAX_NEAR_SHARE: Final = 0.02
"""Share of near-duplicates inside a collection above which it is an error; the project's goal."""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """What leakage is looked for in: one row.

    Attributes
    ----------
    file, line
        Where it stands.
    split
        Split of the file; empty for none.
    text, answer
        Conversation without the system's turn; the assistant's turns.
    id, parent, groups
        Its name, that of the row it rephrases, and its groups; empty where the file has no such columns.
    """

    file: str
    line: int
    split: str
    text: str
    answer: str
    id: str = ""
    parent: str = ""
    groups: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Hash of the text without case and spacing."""
        return hashlib.sha256(" ".join(self.text.lower().split()).encode()).hexdigest()

    @property
    def place(self) -> str:
        """File and line for messages."""
        return f"{self.file}, line {self.line}"


def find_repeats(rows: Sequence[CheckedRow], settings: DuplicateSettings) -> Iterator[Problem]:
    """Yield texts and ids that come twice, in one split or in two, exactly or nearly.

    Parameters
    ----------
    rows
        All rows of one collection, all splits.
    settings
        What a near-duplicate is.
    """
    yield from _same_text(rows)
    yield from _same_id(rows)
    yield from _near(rows, settings)


def find_shared(rows: Sequence[CheckedRow]) -> Iterator[Problem]:
    """Yield groups and families of examples that two splits have in common.

    Parameters
    ----------
    rows
        All rows of a dataset that say what group they belong to.
    """
    yield from _shared_groups(rows)
    yield from _split_families(rows)


def _same_text(rows: Iterable[CheckedRow]) -> Iterator[Problem]:
    first: dict[str, CheckedRow] = {}
    for row in rows:
        earlier = first.setdefault(row.key, row)
        if earlier is not row:
            code = "duplicate" if earlier.split == row.split else "leak_text"
            yield Problem(code, row.file, row.line, f"the same conversation as {earlier.place}")


def _same_id(rows: Iterable[CheckedRow]) -> Iterator[Problem]:
    first: dict[str, CheckedRow] = {}
    for row in rows:
        if row.id and first.setdefault(row.id, row) is not row:
            yield Problem("duplicate_id", row.file, row.line, f"the same id as {first[row.id].place}")


def _shared_groups(rows: Iterable[CheckedRow]) -> Iterator[Problem]:
    found: dict[str, dict[str, CheckedRow]] = defaultdict(dict)
    for row in rows:
        for group in row.groups:
            found[group].setdefault(row.split, row)
    for group, by_split in sorted(found.items()):
        if len(by_split) > 1:
            *others, last = (by_split[split] for split in sorted(by_split))
            places = "; ".join(row.place for row in others)
            yield Problem("leak_group", last.file, last.line, f"group {group} is also in another split: {places}")


def _split_families(rows: Sequence[CheckedRow]) -> Iterator[Problem]:
    """Rows whose parent, or whose sibling, lies in another split."""
    home: dict[str, CheckedRow] = {row.id: row for row in rows if row.id}
    for row in rows:
        if not row.parent:
            continue
        other = home.setdefault(row.parent, row)
        if other.split != row.split:
            yield Problem("leak_parent", row.file, row.line, f"rephrases or corrupts what {other.place} is made of")


def _near(rows: Sequence[CheckedRow], settings: DuplicateSettings) -> Iterator[Problem]:
    """Near-duplicates across splits each; inside a split one error when they are too many."""
    distinct = list({row.key: row for row in reversed(rows)}.values())[::-1]
    near: dict[int, int] = {}
    for earlier, later, same_answer in alike_pairs([(row.text, row.answer) for row in distinct], settings):
        if not same_answer:
            continue
        row, other = distinct[later], distinct[earlier]
        if row.split != other.split:
            yield Problem("leak_near_duplicate", row.file, row.line, f"nearly the same as {other.place}")
        near.setdefault(later, earlier)
    if len(near) > MAX_NEAR_SHARE * len(rows):
        later = min(near)
        row = distinct[later]
        share = len(near) / len(rows)
        message = f"{share:.1%} near-duplicates, expected at most {MAX_NEAR_SHARE:.0%}; the first is nearly the same as"
        yield Problem("near_duplicates", row.file, row.line, f"{message} {distinct[near[later]].place}")

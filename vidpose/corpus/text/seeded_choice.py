"""Choices that follow from a key alone, so that a text does not depend on what was written before it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class SeededChoice:
    """A row of choices from the hash of a key.

    Only ``random.Random.random`` is used: Python promises its numbers for all versions, and those of ``choice`` and
    ``shuffle`` for none.

    Parameters
    ----------
    key
        Words that name what is drawn for; equal keys give equal choices.
    """

    def __init__(self, *key: str) -> None:
        digest = hashlib.sha256("\x1f".join(key).encode()).digest()
        self._random = random.Random(int.from_bytes(digest[:16], "big"))

    def share(self) -> float:
        """Return a number from 0 up to and without 1."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """Return True with this probability."""
        return self.share() < probability

    def below(self, n: int) -> int:
        """Return a whole number from 0 up to and without ``n``."""
        return int(self.share() * n)

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items, each as likely as the others."""
        return items[self.below(len(items))]

    def pick_weighted(self, items: Sequence[Item], weights: Sequence[float]) -> Item:
        """Return one of the items, as likely as its share of the weights."""
        left = self.share() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return the items in a drawn order."""
        return [item for _, _, item in sorted((self.share(), place, item) for place, item in enumerate(items))]

    def some(self, items: Sequence[Item], n: int) -> list[Item]:
        """Return at most ``n`` of the items, in a drawn order."""
        return self.shuffled(items)[:n]

"""Near-duplicates: word shingles, MinHash, bands of equal signature rows, then the exact similarity.

Own code, because a library for this (datasketch) brings SciPy-sized dependencies and a random generator of its own
into a core that needs neither; and because every candidate is verified by its exact Jaccard similarity here, so the
signatures decide only what is looked at. Broder 1997, doi:10.1109/SEQUEN.1997.666900; bands: Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, section 3.4.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidpose.corpus.example import Example
from vidpose.corpus.settings.dataset import DuplicateSettings

_WORD: Final = re.compile(r"\w+(?:[.,]\d+)?|[^\w\s]")
_PRIME: Final = np.uint64(4_294_967_311)  # the first above 2**32: products of two 32-bit numbers fit into 64 bits
_BANDS, _ROWS = 21, 6
"""126 permutations: of pairs with similarity 0.8 the bands miss 0.2 %, and they look at 28 % of those with 0.5."""


def words(text: str) -> list[str]:
    """Return the words and marks of a text, lower case."""
    return _WORD.findall(text.lower())


def shingles(text: str, n_words: int) -> frozenset[str]:
    """Return all runs of ``n_words`` words of a text, lower case; a shorter text is one run, an empty one none."""
    known = words(text)
    if len(known) <= n_words:
        return frozenset([" ".join(known)] if known else [])
    return frozenset(" ".join(known[start : start + n_words]) for start in range(len(known) - n_words + 1))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return shared elements over all elements; two empty sets are equal."""
    if not one and not other:
        return 1.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def minhash(elements: Iterable[str]) -> NDArray[np.uint64]:
    """Return the signature of a set, shape (126,): the smallest hash under each permutation.

    Parameters
    ----------
    elements
        The set's members; for an empty set all values are the greatest.
    """
    hashes = np.array([zlib.crc32(element.encode()) for element in elements], dtype=np.uint64)
    if hashes.size == 0:
        return np.full(_BANDS * _ROWS, _PRIME)
    permuted = (hashes[:, None] * _FACTORS + _SHIFTS) % _PRIME
    return np.asarray(permuted.min(axis=0), dtype=np.uint64)


def near_pairs(sets: Sequence[frozenset[str]], similarity: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs ``(earlier, later)`` whose Jaccard similarity is at least ``similarity``.

    Pairs far above the limit are found with certainty for practical purposes, 99.8 % of those at 0.8.

    Parameters
    ----------
    sets
        The sets to compare.
    similarity
        Smallest similarity.
    """
    bands: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for later, elements in enumerate(sets):
        rows = minhash(elements).reshape(_BANDS, _ROWS)
        keys = [(number, row.tobytes()) for number, row in enumerate(rows)]
        for earlier in sorted({index for key in keys for index in bands[key]}):
            if jaccard(sets[earlier], elements) >= similarity:
                yield earlier, later
        for key in keys:
            bands[key].append(later)


def find_duplicates(examples: Sequence[Example], settings: DuplicateSettings | None = None) -> dict[str, str]:
    """Return the examples to leave out, each with the id of the one that says the same.

    Two examples of one language are near-duplicates when both their whole conversations and their answers are alike:
    the same table with another question is no duplicate, neither is the same short answer about another video.
    Of such a pair the later one goes, unless the earlier one is already gone.

    Parameters
    ----------
    examples
        In the order of preference.
    settings
        When two conversations say the same.
    """
    settings = settings or DuplicateSettings()
    gone: dict[str, str] = {}
    for some in by_language(examples).values():
        for earlier, later, same_answer in alike_pairs(map(texts_of, some), settings):
            if same_answer and some[earlier].id not in gone and some[later].id not in gone:
                gone[some[later].id] = some[earlier].id
    return gone


def alike_pairs(texts: Iterable[tuple[str, str]], settings: DuplicateSettings) -> Iterator[tuple[int, int, bool]]:
    """Yield pairs of alike conversations, ``(earlier, later)``, and whether their answers are alike, too.

    Parameters
    ----------
    texts
        Whole conversation and answer of each.
    settings
        What counts as alike.
    """
    sets = [tuple(shingles(text, settings.shingle_words) for text in both) for both in texts]
    for earlier, later in near_pairs([whole for whole, _ in sets], settings.similarity):
        yield earlier, later, jaccard(sets[earlier][1], sets[later][1]) >= settings.similarity


def by_language(examples: Iterable[Example]) -> dict[str, list[Example]]:
    """Return the examples of each language, languages sorted."""
    found: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        found[example.language].append(example)
    return dict(sorted(found.items()))


def texts_of(example: Example) -> tuple[str, str]:
    """Return what user and assistant say, and what the assistant says; the system's turn is the same everywhere."""
    turns = [message for message in example.messages if message.role != "system"]
    return "\n".join(turn.content for turn in turns), answer_text(example)


def answer_text(example: Example) -> str:
    """Return what the assistant says."""
    return "\n".join(message.content for message in example.messages if message.role == "assistant")


def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return factors and shifts, drawn from hashes of their number: the same with every version of NumPy."""
    numbers = range(_BANDS * _ROWS)
    factors = [zlib.crc32(b"factor %d" % number) | 1 for number in numbers]
    shifts = [zlib.crc32(b"shift %d" % number) for number in numbers]
    return np.array(factors, dtype=np.uint64), np.array(shifts, dtype=np.uint64)


_FACTORS, _SHIFTS = _permutations()

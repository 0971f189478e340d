"""Series of pictures with consecutive numbers in their names, which may be the frames of a video."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_NUMBERED: Final = re.compile(r"(?P<prefix>.*?)(?P<digits>\d+)(?P<suffix>\.(?:jpe?g|png|bmp|tiff?|dpx|exr|webp))", re.I)
_MIN_PICTURES: Final = 10
"""Ours: fewer are photographs, or no movement."""


@dataclass(frozen=True, slots=True)
class PictureSeries:
    """Pictures whose names differ in consecutive numbers.

    Attributes
    ----------
    pattern
        Their name with the number as ``%04d``, or ``%d`` where it is not padded; a percent sign is doubled.
    names
        In the order of the numbers.
    """

    pattern: str
    names: tuple[str, ...]


def picture_series(names: Iterable[str]) -> Iterator[PictureSeries]:
    """Yield the series among the names of one folder; a missing number ends a series.

    Parameters
    ----------
    names
        Names of files.

    Examples
    --------
    >>> [series.pattern for series in picture_series(f"run_{k:03d}.png" for k in range(12))]
    ['run_%03d.png']
    """
    numbered: defaultdict[tuple[str, str, int], list[tuple[int, str]]] = defaultdict(list)
    for name in names:
        match = _NUMBERED.fullmatch(name)
        if match is not None:
            digits = match["digits"]
            width = len(digits) if digits.startswith("0") else 0
            numbered[match["prefix"], match["suffix"], width].append((int(digits), name))
    _join_widths(numbered)
    for (prefix, suffix, width), pictures in sorted(numbered.items()):
        pictures.sort()
        for _, run in groupby(enumerate(pictures), key=lambda item: item[1][0] - item[0]):
            found = tuple(name for _, (_, name) in run)
            if len(found) >= _MIN_PICTURES:
                place = f"%0{width}d" if width else "%d"
                yield PictureSeries(f"{_plain(prefix)}{place}{_plain(suffix)}", found)


def _join_widths(numbered: defaultdict[tuple[str, str, int], list[tuple[int, str]]]) -> None:
    """Put ``1000`` to ``0999``: a number without a leading zero may belong to padded ones of the same length."""
    for prefix, suffix, width in [key for key in numbered if key[2]]:
        unpadded = numbered.get((prefix, suffix, 0), [])
        same = [entry for entry in unpadded if len(str(entry[0])) >= width]
        numbered[prefix, suffix, width] += same
        rest = [entry for entry in unpadded if entry not in same]
        numbered[prefix, suffix, 0] = rest


def _plain(text: str) -> str:
    return text.replace("%", "%%")

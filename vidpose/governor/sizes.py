"""Amounts of memory: the units and how they are written in messages."""

from __future__ import annotations

from typing import Final

KIB: Final[int] = 1024
MIB: Final[int] = 1024**2
GIB: Final[int] = 1024**3


def in_words(n_bytes: float) -> str:
    """Return an amount of memory for people: ``"433 MiB"``, ``"23.5 GiB"``."""
    if abs(n_bytes) >= GIB:
        return f"{n_bytes / GIB:.1f} GiB"
    return f"{n_bytes / MIB:.0f} MiB"

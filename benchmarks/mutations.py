"""Damage for video files: what broken disks, broken programs and hostile people do to bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final

EXTREMES: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_CONTAINERS: Final = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta", b"mvex", b"moof", b"traf"}
_HEADER_BYTES: Final = 512

Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def atoms(content: bytes | bytearray, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, bytes]]:
    """Yield start, end and type of the boxes of an MP4 or MOV file, those inside others too."""
    stop = len(content) if stop is None else stop
    while start + 8 <= stop:
        size, name = int.from_bytes(content[start : start + 4], "big"), bytes(content[start + 4 : start + 8])
        end = start + size
        if size < 8 or end > stop or not name.isalnum():
            return
        yield start, end, name
        if name in _CONTAINERS:
            yield from atoms(content, start + 8, end)
        start = end


def flip_bits(content: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Turn some bits anywhere."""
    for _ in range(1 << chance.randrange(8)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def flip_header(content: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Turn some bits at the start or the end, where most formats keep what describes the rest."""
    for _ in range(1 << chance.randrange(4)):
        place = chance.randrange(min(_HEADER_BYTES, len(content)))
        content[place if chance.random() < 0.5 else -1 - place] ^= 1 << chance.randrange(8)


def overwrite(content: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Replace a stretch by zeros or by noise."""
    start, n_bytes = _stretch(content, chance)
    content[start : start + n_bytes] = bytes(n_bytes) if chance.random() < 0.5 else chance.randbytes(n_bytes)


def cut(content: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """End the file early, as while it was recorded or copied."""
    del content[chance.randrange(1, len(content)) :]


def leave_out(content: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Leave a stretch out, so that everything behind it moves."""
    start, n_bytes = _stretch(content, chance)
    del content[start : start + n_bytes]


def repeat(content: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Repeat a stretch."""
    start, n_bytes = _stretch(content, chance)
    content[start:start] = content[start : start + n_bytes]


def splice(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """Put a stretch of another file in."""
    other = bytearray(chance.choice(others))
    start, n_bytes = _stretch(other, chance)
    at = chance.randrange(len(content))
    content[at : at + (n_bytes if chance.random() < 0.5 else 0)] = other[start : start + n_bytes]


def damage_atom(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """Empty, rename, repeat or leave out a box, or state an absurd size for it."""
    found = list(atoms(content))
    if not found:
        overwrite(content, chance, others)
        return
    start, end, _ = chance.choice(found)
    kind = chance.randrange(5)
    if kind == 0:
        content[start + 8 : end] = bytes(end - start - 8)
    elif kind == 1:
        content[start + 4 : start + 8] = chance.choice([b"free", b"moov", b"mdat", b"stsz", b"\0\0\0\0"])
    elif kind == 2:
        content[end:end] = content[start:end]
    elif kind == 3:
        del content[start:end]
    else:
        content[start : start + 4] = chance.choice(EXTREMES).to_bytes(4, "big")


def extreme_number(content: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Write the greatest, the least or an odd number into a field of a header."""
    fields = [(start + 8, end) for start, end, name in atoms(content) if name not in _CONTAINERS | {b"mdat"}]
    start, end = chance.choice(fields) if fields else (0, min(_HEADER_BYTES, len(content)))
    width = chance.choice((1, 2, 4, 4))
    if end - start <= width:
        return
    at = start + chance.randrange((end - start) // width) * width
    value = chance.choice(EXTREMES) & ((1 << 8 * width) - 1)
    content[at : at + width] = value.to_bytes(width, chance.choice(("big", "little")))


MUTATIONS: Final[tuple[Mutation, ...]] = (
    flip_bits,
    flip_bits,
    flip_header,
    overwrite,
    overwrite,
    cut,
    leave_out,
    repeat,
    splice,
    damage_atom,
    extreme_number,
    extreme_number,
)


def mutated(seeds: Sequence[bytes], which: int, chance: random.Random) -> tuple[bytes, str]:
    """Return a damaged copy of a seed, and what was done to it."""
    content = bytearray(seeds[which])
    done = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        mutation = chance.choice(MUTATIONS)
        if len(content) > 1:
            mutation(content, chance, seeds)
            done.append(mutation.__name__)
    return bytes(content), " ".join(done)


def _stretch(content: bytes | bytearray, chance: random.Random) -> tuple[int, int]:
    """Return start and length of a stretch, most often a short one."""
    start = chance.randrange(len(content))
    return start, min(len(content) - start, 1 + int(len(content) ** chance.random()))

"""Names of output folders: readable, valid on common file systems, and unique."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

MAX_COMPONENT_BYTES: Final[int] = 200
"""Longest part of an output name; common file systems allow 255 bytes, the rest is left for suffixes."""

# Forbidden by Windows, or special in ffmpeg's file patterns or in the escape itself.
_RESERVED: Final[frozenset[str]] = frozenset('<>:"|?*\\%')
# Control characters, line and paragraph separators, surrogate escapes.
_UNSAFE_CATEGORIES: Final[frozenset[str]] = frozenset({"Cc", "Zl", "Zp", "Cs"})
_WINDOWS_DEVICES: Final[frozenset[str]] = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
)
_HASH_LENGTHS: Final[tuple[int, ...]] = (8, 16, 64)
_MAX_SUFFIX_BYTES: Final[int] = 16


def output_names(relatives: Iterable[str]) -> dict[str, str]:
    """Return the output name of every relative path.

    A name mirrors the path, extension included, in Unicode's composed form (NFC). Characters that file systems or
    ffmpeg cannot handle become ``%XX`` of their UTF-8 bytes. A component that is too long is truncated and marked with
    a hash. When two names are equal but for case and composition, or one would lie inside the other, each gets a hash
    of its path.

    Parameters
    ----------
    relatives
        Paths with ``/`` between parts; surrogate escapes stand for bytes that are not UTF-8.

    Returns
    -------
    dict
        From relative path to output name; no two values are equal, even on a file system that ignores case.
    """
    wanted = {relative: _safe_path(relative) for relative in relatives}
    taken = Counter(_key(name) for name in wanted.values())
    folders = {_key(str(parent)) for name in wanted.values() for parent in PurePosixPath(name).parents}
    clashing = {relative for relative, name in wanted.items() if taken[_key(name)] > 1 or _key(name) in folders}
    names = wanted
    for length in _HASH_LENGTHS:
        names = {
            relative: _marked_path(name, _hash(relative)[:length]) if relative in clashing else name
            for relative, name in wanted.items()
        }
        if len({_key(name) for name in names.values()}) == len(names):
            break
    return names


def _safe_path(relative: str) -> str:
    return "/".join(_safe_component(part) for part in relative.split("/"))


def _safe_component(part: str) -> str:
    composed = unicodedata.normalize("NFC", part)
    last = len(composed) - 1
    escaped = "".join(
        _percent(letter) if _is_unsafe(letter, first=i == 0, last=i == last) else letter
        for i, letter in enumerate(composed)
    )
    if escaped.split(".")[0].rstrip(" ").lower() in _WINDOWS_DEVICES:
        escaped = _percent(escaped[0]) + escaped[1:]
    return escaped if _n_bytes(escaped) <= MAX_COMPONENT_BYTES else _marked(escaped, _hash(part)[:8])


def _is_unsafe(letter: str, *, first: bool, last: bool) -> bool:
    return (
        letter in _RESERVED
        or unicodedata.category(letter) in _UNSAFE_CATEGORIES
        or (first and letter in "-.")
        or (last and letter in ". ")
    )


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "surrogateescape"))


def _marked_path(name: str, mark: str) -> str:
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{_marked(last, mark)}"


def _marked(component: str, mark: str) -> str:
    """Put ``~mark`` before the extension, truncating the stem to keep the length limit."""
    stem, dot, suffix = component.rpartition(".")
    if not dot or _n_bytes(suffix) > _MAX_SUFFIX_BYTES:
        stem, dot, suffix = component, "", ""
    tail = f"~{mark}{dot}{suffix}"
    room = MAX_COMPONENT_BYTES - _n_bytes(tail)
    kept = stem.encode()[:room].decode(errors="ignore")
    return kept.rstrip(" ") + tail


def _key(name: str) -> str:
    """Return the form in which a file system that ignores case and composition compares names."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _n_bytes(text: str) -> int:
    return len(text.encode())


def _hash(relative: str) -> str:
    return hashlib.sha256(os.fsencode(relative)).hexdigest()

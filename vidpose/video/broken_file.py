"""Why a file that should be a video cannot be read: what its bytes say it is, and what helps."""

from __future__ import annotations

import errno
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from vidpose.errors import InputError
from vidpose.video.file_kinds import first_bytes
from vidpose.video.mp4_boxes import boxes_in, whole_file
from vidpose.video.probe_limits import refusal

_HEADER: Final = struct.Struct(">I4s")
_NO_ACCESS: Final = frozenset({errno.EACCES, errno.EPERM})
_ATOMS: Final = frozenset({b"ftyp", b"mdat", b"moov", b"wide", b"free", b"skip", b"uuid", b"pnot", b"styp", b"moof"})
"""Boxes with which an MP4 or QuickTime file begins."""
_ZEROS: Final = bytes(4096)
_MARKUP: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|script|meta)\b|<\?xml.*<(?:error|html)\b", re.I | re.S)
_OTHER_FILES: Final = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "a database"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"bplist", "a property list"),
)


def unreadable(path: Path, error: OSError) -> InputError:
    """Return the refusal of a file that the system does not let us read."""
    if error.errno in _NO_ACCESS:
        return refusal("no_access", path, f"this user may not read it ({error.strerror})")
    if path.is_symlink() and not path.exists():
        target = str(path.readlink())
        if "annex/objects" in target:
            return refusal("content_not_fetched", path, "a git-annex link to content that is not here")
        return refusal("unreadable", path, f"a link to {target}, where nothing is")
    return refusal("unreadable", path, str(error.strerror))


def not_a_video(path: Path, code: str, said: str) -> InputError:
    """Return the refusal of a file in which the decoder finds no video: what it is instead, where its bytes say so.

    Parameters
    ----------
    path
        The file.
    code
        Finding code where they do not.
    said
        What the decoder said.
    """
    try:
        with path.open("rb") as file:
            code, said = next(_what_it_is(path, file), (code, said))
    except OSError as error:
        return unreadable(path, error)
    return refusal(code, path, said)


def _what_it_is(path: Path, file: BinaryIO) -> Iterator[tuple[str, str]]:
    head = first_bytes(path)
    text = _text(head)
    if "git-lfs" in text and text.startswith("version "):
        yield "content_not_fetched", "a Git LFS pointer, not the video"
    elif text.startswith("/annex/objects/") or (text.startswith(("../", ".git/")) and "/annex/objects/" in text):
        yield "content_not_fetched", "a git-annex pointer, not the video"
    elif _MARKUP.search(text):
        yield "web_page", "a web page, not the video"
    elif text.lstrip().startswith("{") and '"' in text:
        yield "web_page", "the answer of a web service (JSON), not the video"
    if _only_zeros(file):
        yield "content_missing", "nothing but zeros"
    for beginning, what in _OTHER_FILES:
        if head.startswith(beginning):
            yield "other_content", what
    yield from _without_index(file)


def _text(head: bytes) -> str:
    """Return the beginning as text; nothing when it is none."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, errors="ignore")
    return text if all(letter.isprintable() or letter.isspace() for letter in text) else ""


def _only_zeros(file: BinaryIO) -> bool:
    """Say whether the beginning, the middle and the end hold zeros only, as unfinished copies and placeholders do."""
    end = file.seek(0, 2)
    for start in (0, end // 2, max(0, end - len(_ZEROS))):
        file.seek(start)
        if file.read(len(_ZEROS)).strip(b"\0"):
            return False
    return True


def _without_index(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yield what is missing of an MP4 or QuickTime file: its index, the box ``moov``, or a part of that."""
    whole = whole_file(file)
    boxes = list(boxes_in(file, whole))
    if _header_at(file, 0)[1] not in _ATOMS or any(box.kind == b"moov" for box in boxes):
        return
    end = boxes[-1].stop if boxes else 0
    size, kind = _header_at(file, end)
    if kind == b"moov":
        seen = f"its index (moov) is cut off: {whole.stop - end} of {size} bytes are there"
    else:
        seen = f"{whole.stop} bytes without the index (moov) that the camera writes when it stops recording"
    yield "recording_not_finished", seen


def _header_at(file: BinaryIO, start: int) -> tuple[int, bytes]:
    """Return size and type of the box that begins there; zero and nothing behind the end of the file."""
    file.seek(start)
    header = file.read(_HEADER.size)
    return _HEADER.unpack(header) if len(header) == _HEADER.size else (0, b"")

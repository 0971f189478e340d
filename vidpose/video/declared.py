"""What a file declares about its recording: date, timecode, and the rate at which the camera took the frames."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidpose.video.mp4_boxes import boxes_in, whole_file

_DATE_KEYS: Final = (
    *("com.apple.quicktime.creationdate", "date_recorded", "date_time_original", "creation_time"),
    *("modification_date", "date"),
)
"""Keys of the date of a recording, the most exact first: Apple's has the time zone."""
# com.android.capture.fps, com.apple.quicktime.capture.framerate, captureFrameRate, recording_fps ...; but not
# com.apple.quicktime.full-frame-rate-playback-intent, which is no rate.
_RATE_KEY: Final = re.compile(
    r"(captur|record|sensor|shooting|original|camera|com\.apple|gopro|samsung).*(fps|frame[._-]?rate)(_hz)?$",
    re.IGNORECASE,
)
_SONY_RATE: Final = re.compile(rb'captureFps="([0-9.]+)')
_FIRST_YEAR: Final = 1990
"""Clocks that were never set begin in 1904 or 1970."""
_AVCHD_DATE: Final = b"MDPM"
_SAMSUNG_RATES_HZ: Final = {12: 240.0, 13: 120.0}
"""Rate of the recording modes whose number implies it."""
_SANE_HZ: Final = (0.001, 100_000.0)
_MAX_WORDS: Final = 64


@dataclass(frozen=True, slots=True)
class Declared:
    """See :class:`~vidpose.types.video.VideoIndex`."""

    recorded_at: str | None
    timecode: str | None
    capture_rate_hz: float


def read_declared(container: InputContainer, stream: VideoStream, frame: VideoFrame, path: Path) -> Declared:
    """Return what the file says, in its header, its stream and its first frame."""
    others = [other.metadata for other in container.streams if other.index != stream.index]
    tags = [{key.lower(): value for key, value in found.items()} for found in (container.metadata, stream.metadata)]
    timecodes = [found.get("timecode") for found in (*reversed(tags), *others)]
    user_data = [bytes(data) for data in cast("Iterable[Any]", frame.side_data)]
    return Declared(
        recorded_at=_date(tags) or next(filter(None, map(avchd_date, user_data)), None),
        timecode=next((words[:_MAX_WORDS] for words in timecodes if words), None),
        capture_rate_hz=next(_rates_hz(tags, path), float("nan")),
    )


def _date(tags: list[dict[str, str]]) -> str | None:
    for key in _DATE_KEYS:
        for found in tags:
            date = _iso(found.get(key, ""))
            if date is not None:
                return date
    return None


def _iso(words: str) -> str | None:
    """Return a date in ISO 8601 if it is one; a clock that was never set gives none."""
    words = words.strip().removesuffix(" UTC")
    try:
        date = datetime.fromisoformat(words)
    except ValueError:
        return None
    if date.year < _FIRST_YEAR:
        return None
    return words if len(words) <= len("2026-11-03") else date.isoformat()


def avchd_date(content: bytes) -> str | None:
    """Return the date in the user data of an AVCHD camcorder's frame: a number and four bytes for each of its facts."""
    place = content.find(_AVCHD_DATE)
    if place < 0:
        return None
    facts = content[place + len(_AVCHD_DATE) + 1 :]
    known = {facts[at]: facts[at + 1 : at + 5].hex() for at in range(0, len(facts) - 4, 5)}
    day, clock = known.get(0x18, "")[2:], known.get(0x19, "")
    return _iso(f"{day[:4]}-{day[4:6]}-{clock[:2]}T{clock[2:4]}:{clock[4:6]}:{clock[6:]}")


def _rates_hz(tags: list[dict[str, str]], path: Path) -> Iterator[float]:
    for found in tags:
        for key, value in found.items():
            if _RATE_KEY.search(key):
                yield from _sane(_number(value))
    try:
        with path.open("rb") as file:
            yield from _sane(*_camera_rates_hz(file))
    except (OSError, struct.error, IndexError):
        return


def _camera_rates_hz(file: BinaryIO) -> Iterator[float]:
    """Yield the rates in Samsung's, GoPro's and Sony's own boxes of an MP4 file."""
    whole = whole_file(file)
    for box in boxes_in(file, whole, b"moov", b"udta", b"smta"):
        yield from _samsung_hz(box.content(file))
    for box in boxes_in(file, whole, b"moov", b"udta", b"GPMF"):
        yield from _gopro_hz(box.content(file))
    for box in boxes_in(file, whole, b"meta"):
        yield from (_number(found.decode()) for found in _SONY_RATE.findall(box.content(file)))


def _samsung_hz(content: bytes) -> Iterator[float]:
    """Yield the rate in a box ``smta``: the one in its ``srfr``, or that of the recording mode in its ``saut``."""
    place = content.find(b"srfr")
    if place >= 0:
        yield struct.unpack_from(">I", content, place + 4)[0] / 65536
    place = content.find(b"saut")
    if place >= 0:
        yield _SAMSUNG_RATES_HZ.get(content[place + 9], float("nan"))  # after four bytes of the author and one of zeros


def _gopro_hz(content: bytes) -> Iterator[float]:
    """Yield the rate in GoPro's settings: the key VFPS, its type, size and number, then two whole numbers."""
    place = content.find(b"VFPS")
    if place >= 0:
        numerator, denominator = struct.unpack_from(">II", content, place + 8)
        yield numerator / denominator if denominator else float("nan")


def _sane(*rates_hz: float) -> Iterator[float]:
    yield from (rate_hz for rate_hz in rates_hz if _SANE_HZ[0] <= rate_hz <= _SANE_HZ[1])


def _number(words: Any) -> float:
    """Return a rate written as a number, or as one number over another."""
    numerator, _, denominator = str(words).partition("/")
    try:
        return float(numerator) / float(denominator or 1)
    except (ValueError, ZeroDivisionError):
        return float("nan")

"""Files with the encoded pictures of one part of an annotated video, kept until the parts are joined.

A line that names the format; a line of JSON with the picture format and the encoder's parameter sets; then the packets,
each a byte ``P``, stamps, duration, keyframe, length and content; finally a byte ``E``, a line of JSON with the decode
report, and a checksum. The content does not depend on when or where it was written.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, cast

from vidpose.errors import OutputError
from vidpose.video.damage import DecodeReport
from vidpose.video.encode import EncodedPicture, PictureFormat
from vidpose.video.picture_conversion import ColourTags

_MAGIC: Final = b"vidpose.part/1\n"
_PACKET: Final = struct.Struct("<qqq?I")
_CHECKSUM: Final = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class PartReport:
    """Result of one part: number of frames drawn, and the report of decoding."""

    n_frames: int
    decode: DecodeReport


class PartWriter:
    """Writes one part.

    Parameters
    ----------
    stream
        Output, opened for writing bytes.
    picture_format
        Format of the part's pictures.
    extradata
        The encoder's parameter sets.
    """

    def __init__(self, stream: BinaryIO, picture_format: PictureFormat, extradata: bytes) -> None:
        self._stream = stream
        self._checksum = 0
        self._n_frames = 0
        self._put(_MAGIC + _line({"format": _plain(picture_format), "extradata": extradata.hex()}))

    def write(self, picture: EncodedPicture) -> None:
        """Add a packet."""
        head = _PACKET.pack(picture.pts, picture.dts, picture.duration, picture.is_keyframe, len(picture.content))
        self._put(b"P" + head)
        self._put(picture.content)
        self._n_frames += 1

    def finish(self, decode: DecodeReport) -> PartReport:
        """Write the end, without which the file counts as damaged."""
        self._put(b"E" + _line({"n_frames": self._n_frames, "decode": asdict(decode)}))
        self._stream.write(_CHECKSUM.pack(self._checksum))
        return PartReport(self._n_frames, decode)

    def _put(self, content: bytes) -> None:
        self._checksum = zlib.crc32(content, self._checksum)
        self._stream.write(content)


class PartFile:
    """Reads the packets that :class:`PartWriter` wrote, one by one.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    OutputError
        On opening or while reading, when the file is missing, truncated, damaged or of another format.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._checksum = 0
        try:
            self._stream = path.open("rb")
        except OSError as error:
            raise self._damaged(f"cannot be opened ({error.strerror})") from error
        try:
            self.format, self.extradata = self._header()
        except BaseException:
            self._stream.close()
            raise
        self.report: PartReport | None = None

    def __enter__(self) -> PartFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def pictures(self) -> Iterator[EncodedPicture]:
        """Yield the packets; after the last one, :attr:`report` is known."""
        n_frames = 0
        while (kind := self._take(1)) == b"P":
            pts, dts, duration, is_keyframe, length = _PACKET.unpack(self._take(_PACKET.size))
            yield EncodedPicture(pts, dts, duration, is_keyframe, self._take(length))
            n_frames += 1
        end = self._json() if kind == b"E" else {}
        checksum = self._checksum
        if _CHECKSUM.unpack(self._take(_CHECKSUM.size))[0] != checksum or end.get("n_frames") != n_frames:
            raise self._damaged("does not match its checksum")
        decode = end["decode"]
        gaps = tuple((float(start_s), float(stop_s)) for start_s, stop_s in decode["gaps"])
        self.report = PartReport(n_frames, DecodeReport(**(decode | {"gaps": gaps})))

    def _header(self) -> tuple[PictureFormat, bytes]:
        if self._take(len(_MAGIC)) != _MAGIC:
            raise self._damaged("is not a part of an annotated video")
        header = self._json()
        try:
            return _format(header["format"]), bytes.fromhex(header["extradata"])
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged("has an unknown header") from error

    def _json(self) -> dict[str, Any]:
        line = self._stream.readline()
        self._checksum = zlib.crc32(line, self._checksum)
        try:
            return cast(dict[str, Any], json.loads(line))
        except ValueError as error:
            raise self._damaged("is truncated") from error

    def _take(self, length: int) -> bytes:
        content = self._stream.read(length)
        self._checksum = zlib.crc32(content, self._checksum)
        if len(content) != length:
            raise self._damaged("is truncated")
        return content

    def _damaged(self, what: str) -> OutputError:
        return OutputError(f"{self._path.name} {what}; delete it and run again", path=str(self._path))


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True).encode() + b"\n"


def _plain(picture_format: PictureFormat) -> dict[str, Any]:
    time_base, rate_hz = picture_format.time_base, picture_format.rate_hz
    return asdict(picture_format) | {"time_base": str(time_base), "rate_hz": str(rate_hz)}


def _format(plain: dict[str, Any]) -> PictureFormat:
    own = {
        "time_base": Fraction(plain["time_base"]),
        "rate_hz": Fraction(plain["rate_hz"]),
        "tags": ColourTags(**plain["tags"]),
    }
    return PictureFormat(**(plain | own))

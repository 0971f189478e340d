"""Long JSON documents, written and read column by column, so that memory stays bounded for hours of video.

The layout is plain JSON with one habit: every value that is not a container of columns stands on a line of its own.
The reader goes line by line and lets the caller shrink each value at once. It also reads the document after any
formatter has indented or joined it, then with more memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
import orjson

from vidpose.results.video_result import chunks
from vidpose.state.json_text import json_bytes

Shrink = Callable[[str, Any], Any]
_CLOSING: Final = {b"{": b"}", b"[": b"]"}


class ColumnWriter:
    """Writes a JSON document to a stream, one value per line.

    Parameters
    ----------
    stream
        Binary stream; the caller opens and closes it.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._first = True

    def value(self, key: str | None, value: Any) -> None:
        """Write plain JSON values; NaN becomes null. ``key`` is None inside a list."""
        self._key(key)
        self._stream.write(json_bytes(value))

    def column(self, key: str, values: npt.NDArray[Any], decimals: int | None = None, factor: float = 1.0) -> None:
        """Write an array row by row.

        Parameters
        ----------
        key
            Name of the column.
        values
            Shape (T,) or (T, n). NaN becomes null.
        decimals
            Digits after the point; None for whole numbers, which are written as they are.
        factor
            What the numbers are multiplied by, for another unit.
        """
        self._key(key)
        self._stream.write(b"[")
        for part in chunks(len(values)):
            if part.start:
                self._stream.write(b",")
            self._stream.write(_rows(values[part], decimals, factor))
        self._stream.write(b"]")

    @contextmanager
    def block(self, key: str | None, opening: bytes = b"{") -> Iterator[None]:
        """Write an object, or with ``b"["`` a list, around what is written inside."""
        self._key(key)
        self._stream.write(opening)
        self._first = True
        yield
        self._stream.write(b"\n" + _CLOSING[opening])
        self._first = False

    def _key(self, key: str | None) -> None:
        if not self._first:
            self._stream.write(b",")
        if self._stream.tell():
            self._stream.write(b"\n")
        if key is not None:
            self._stream.write(orjson.dumps(key) + b":")
        self._first = False


def _rows(values: npt.NDArray[Any], decimals: int | None, factor: float) -> bytes:
    """Return the rows as JSON without the outer brackets."""
    if decimals is not None:
        values = np.round(values * values.dtype.type(factor), decimals) + values.dtype.type(
            0
        )  # + 0 turns -0.0 into 0.0
    return orjson.dumps(np.ascontiguousarray(values), option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]


def read_columns(stream: BinaryIO, shrink: Shrink) -> Any:
    """Read a JSON document line by line.

    Parameters
    ----------
    stream
        Binary stream at its start.
    shrink
        Called with each key and value that stands on one line; what it returns is kept. Inside a list the key is
        the list's.

    Raises
    ------
    ValueError
        When the text is not one complete JSON document.
    """
    lines = _Lines(stream)
    document = _value(lines, "", lines.next(), shrink)
    if not lines.at_end():
        raise ValueError("text after the end of the JSON document")
    return document


class _Lines:
    """Lines without indentation; a missing line is an error, not an end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = filter(None, map(bytes.strip, stream))

    def next(self) -> bytes:
        line = next(self._lines, None)
        if line is None:
            raise ValueError("the JSON document ends early")
        return line

    def at_end(self) -> bool:
        return next(self._lines, None) is None


def _value(lines: _Lines, key: str, text: bytes, shrink: Shrink) -> Any:
    """Return the value that begins with ``text``, which has neither its key nor a trailing comma."""
    if text == b"{":
        return _object(lines, shrink)
    if text == b"[":
        return _list(lines, key, shrink)
    return shrink(key, orjson.loads(text))


def _object(lines: _Lines, shrink: Shrink) -> dict[str, Any]:
    result: dict[str, Any] = {}
    while (line := lines.next().removesuffix(b",")) != b"}":
        if line.endswith((b"{", b"[")):  # a string value would end with a quotation mark
            opening = line[-1:]
            (key,) = orjson.loads(b"{" + line + _CLOSING[opening] + b"}")
            result[key] = _value(lines, key, opening, shrink)
        else:
            ((key, value),) = orjson.loads(b"{" + line + b"}").items()
            result[key] = shrink(key, value)
    return result


def _list(lines: _Lines, key: str, shrink: Shrink) -> list[Any]:
    result: list[Any] = []
    while (line := lines.next().removesuffix(b",")) != b"]":
        result.append(_value(lines, key, line, shrink))
    return result

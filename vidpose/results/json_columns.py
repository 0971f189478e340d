"""Long JSON documents, written column by column, so that memory stays bounded for hours of video.

The layout is plain JSON in which every value that is not a container of columns is on a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
import orjson

from vidpose.results.video_result import chunks
from vidpose.state.json_text import json_bytes

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

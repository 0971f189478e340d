"""JSON text of plain values that also survives file names which are not UTF-8."""

from __future__ import annotations

from typing import Any

import orjson


def json_bytes(value: Any, option: int = 0) -> bytes:
    r"""Return JSON; NaN becomes null, a byte that is not UTF-8 is written out.

    Parameters
    ----------
    value
        Plain JSON values.
    option
        Options of orjson.
    """
    try:
        return orjson.dumps(value, option=option)
    except orjson.JSONEncodeError:
        return orjson.dumps(_displayable_values(value), option=option)


def displayable(text: str) -> str:
    r"""Return the text with every byte that Python could not decode written out, ``\udcff`` for the byte ff."""
    return text.encode("utf-8", "backslashreplace").decode()


def _displayable_values(value: Any) -> Any:
    if isinstance(value, str):
        return displayable(value)
    if isinstance(value, dict):
        return {_displayable_values(key): _displayable_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_displayable_values(item) for item in value]
    return value

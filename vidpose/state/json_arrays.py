"""Small arrays as plain JSON values, exact and compressed: for state that a segment hands to the next."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt


def array_to_json(array: npt.NDArray[Any]) -> dict[str, Any]:
    """Return an array as JSON values."""
    packed = base64.b64encode(zlib.compress(np.ascontiguousarray(array).tobytes(), 1)).decode()
    return {"dtype": array.dtype.str, "shape": list(array.shape), "zlib": packed}


def array_from_json(state: dict[str, Any]) -> npt.NDArray[Any]:
    """Return the array that :func:`array_to_json` was given."""
    values = np.frombuffer(zlib.decompress(base64.b64decode(state["zlib"])), np.dtype(state["dtype"]))
    return values.reshape(state["shape"])

"""Read-only arrays with a checked shape, used by every value type."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from vidpose.types.mapped_arrays import copy_to_store, to_readonly

FloatArray = npt.NDArray[np.float64]
Float32Array = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
ByteArray = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]


def not_given() -> Any:
    """Return what stands for an array that is left out; use it as ``field(default_factory=not_given)``.

    It is empty, as every array of a field that may be left out is when there are no frames.
    """
    return np.empty(0)


def frozen(values: Any, dtype: npt.DTypeLike, shape: tuple[int | None, ...], name: str) -> Any:
    """Return ``values`` as a read-only contiguous array of the given type and shape.

    Parameters
    ----------
    values
        Anything that numpy can convert to an array. A writeable array is copied.
    dtype
        Element type of the result.
    shape
        Expected shape; ``None`` stands for any length along that axis.
    name
        Name of the field, used in the error message.

    Raises
    ------
    ValueError
        When the number of axes or a length differs.
    """
    array = np.asarray(values, dtype=dtype)
    fits = array.ndim == len(shape) and all(
        want is None or want == have for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = tuple("any" if n is None else n for n in shape)
        raise ValueError(f"{name}: expected shape {wanted}, got {array.shape}")
    if array.flags.writeable or not array.flags.c_contiguous:
        array = copy_to_store(array)
    return to_readonly(array)

"""Positions relative to the background where the camera moves: in the picture of the shot's first frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vidpose.biomech.long_series import per_frame
from vidpose.types.arrays import FloatArray
from vidpose.types.footage import CameraPath
from vidpose.types.pose import FilteredTrack


def in_fixed_frame(track: FilteredTrack, camera: CameraPath) -> FilteredTrack:
    """Return a track with its landmarks where they would be in the picture of a still camera."""
    return replace(track, image_px=per_frame(_turned, track.image_px, camera.to_fixed))


def in_picture(points_px: FloatArray, camera: CameraPath | None) -> FloatArray:
    """Return points of the fixed frame, shape (T, 2), in the pictures that were filmed."""
    if camera is None:
        return points_px
    turn, shift = _complex(camera.to_fixed)
    back, away = 1.0 / turn, -shift / turn
    inverse = np.column_stack([back.real, back.imag, away.real, away.imag])
    return _turned(points_px[:, np.newaxis], inverse)[:, 0]


def motion_unknown(track: FilteredTrack, camera: CameraPath | None) -> bool:
    """Return whether the camera moves in an unknown way while the person is seen."""
    return camera is not None and bool(camera.unknown[track.stretch >= 0].any())


def _turned(points_px: FloatArray, similarity: FloatArray) -> FloatArray:
    turn, shift = _complex(similarity)
    places = (points_px[..., 0] + 1j * points_px[..., 1]) * turn[:, np.newaxis] + shift[:, np.newaxis]
    return np.stack([places.real, places.imag], axis=2)


def _complex(similarity: FloatArray) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    return similarity[:, 0] + 1j * similarity[:, 1], similarity[:, 2] + 1j * similarity[:, 3]

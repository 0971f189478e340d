"""Converts landmarks from any source to a track of the 33 landmarks of the analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from vidpose.api.doubts import describe_doubts, share_outside
from vidpose.errors import UsageError, did_you_mean
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.findings import Finding
from vidpose.types.layouts import LAYOUTS, KeypointLayout, landmark_by_keypoint_name
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES, N_LANDMARKS

if TYPE_CHECKING:
    import xarray

    LandmarkSource: TypeAlias = npt.ArrayLike | xarray.Dataset
    LayoutChoice: TypeAlias = str | Sequence[str | None] | Mapping[str, str]

_SHARES_OF_FRAME: Final = 2.0
"""Coordinates that are all below this are shares of the frame, not pixels (ours)."""
_MAX_OUTSIDE: Final = 0.5
"""Share of the landmarks that may lie outside the frame (ours): people walk out of the picture."""


def layout_of(layout: str | Sequence[str | None]) -> KeypointLayout:
    """Return a layout by name, or the one that a list of landmarks describes.

    Parameters
    ----------
    layout
        A key of :data:`~vidpose.types.layouts.LAYOUTS`, or the landmark of each keypoint in order, None for those that
        are none.

    Raises
    ------
    UsageError
        When there is no such layout or landmark.
    """
    if isinstance(layout, str):
        if layout not in LAYOUTS:
            raise UsageError(
                f"layout: expected one of {', '.join(LAYOUTS)}, or the names of landmarks in order, got {layout!r}"
                f"{did_you_mean(layout, LAYOUTS)}"
            )
        return LAYOUTS[layout]
    names = tuple(layout)
    try:
        return KeypointLayout("your layout", tuple(map(str, names)), names, "the caller")
    except ValueError as error:
        raise UsageError(f"layout: {error}; the landmarks are {', '.join(LANDMARK_NAMES)}") from None


def in_33(keypoints: npt.ArrayLike, layout: str | Sequence[str | None]) -> FloatArray:
    """Return keypoints as the 33 landmarks; NaN for those that the layout lacks.

    Parameters
    ----------
    keypoints
        Shape (T, K, d), any unit; NaN is missing.
    layout
        See :func:`layout_of`.

    Returns
    -------
    FloatArray
        Shape (T, 33, d), same unit.

    Raises
    ------
    UsageError
        When K is not the layout's number of keypoints.
    """
    known = layout_of(layout)
    values = np.asarray(keypoints, dtype=np.float64)
    if values.ndim != 3 or values.shape[1] != len(known.keypoints):
        raise UsageError(
            f"landmarks: expected shape (frames, {len(known.keypoints)}, coordinates) for the layout {known.name}, "
            f"got {values.shape}"
        )
    result = np.full((len(values), N_LANDMARKS, values.shape[2]), np.nan)
    for column, name in enumerate(known.landmarks):
        if name is not None:
            result[:, LANDMARK_INDEX[name]] = values[:, column]
    return result


def as_track(
    landmarks: LandmarkSource,
    time_s: npt.ArrayLike | None,
    layout: LayoutChoice | None,
    frame_size: tuple[int, int] | None,
    extras: Mapping[str, npt.ArrayLike | None],
) -> tuple[PoseTrack, tuple[Finding, ...]]:
    """Return the track of one person and what limits it.

    Parameters
    ----------
    landmarks
        Pixels, shape (T, K, 2), or (T, K, 3) with the confidence last; or a dataset of ``movement``.
    time_s
        Seconds, shape (T,); None takes those of a dataset.
    layout
        See :func:`vidpose.analyse`.
    frame_size
        Width and height of the picture, pixels, or None.
    extras
        ``confidence``, shape (T, K), and ``world_m``, shape (T, K, 3); None for what is not known.

    Raises
    ------
    UsageError
        When shapes, times or names do not fit.
    """
    confidence, world_m = extras.get("confidence"), extras.get("world_m")
    if hasattr(landmarks, "data_vars"):
        values, times, names, certainty = _from_dataset(landmarks, layout)
        time_s = times if time_s is None else time_s
        confidence = certainty if confidence is None else confidence
        order: str | Sequence[str | None] = names
    else:
        values = np.asarray(landmarks, dtype=np.float64)
        if layout is None or isinstance(layout, Mapping):
            layout = "blazepose33" if layout is None else list(layout.values())
        order = layout
    if values.ndim != 3 or values.shape[2] not in (2, 3):
        raise UsageError(
            f"landmarks: expected shape (frames, keypoints, 2 or 3), x, y and, optionally, the confidence, got "
            f"{values.shape}"
        )
    if values.shape[2] == 3 and confidence is None:
        confidence = values[:, :, 2]
    image_px = in_33(values[:, :, :2], order)
    _check_pixels(image_px, frame_size)
    times = _times(time_s, len(values))
    track = _track(image_px, times, order, confidence, world_m)
    return track, (*_limits(order), *describe_doubts(image_px, times))


def _from_dataset(
    dataset: Any, layout: LayoutChoice | None
) -> tuple[FloatArray, FloatArray | None, list[str | None], FloatArray | None]:
    """Return positions (T, K, 2), times, the landmark of each keypoint, and confidence (T, K) of one individual."""
    missing = {"time", "space", "keypoints"} - set(dataset.dims)
    if "position" not in dataset.data_vars or missing:
        raise UsageError("landmarks: expected a poses dataset of movement (position over time, space, keypoints)")
    if "individuals" in dataset.dims:
        names = [str(name) for name in dataset["individuals"].values]
        if len(names) != 1:
            raise UsageError(
                f"landmarks: expected one individual, got {', '.join(names)}; choose one with "
                f"dataset.sel(individuals=[{names[0]!r}])"
            )
        dataset = dataset.isel(individuals=0)
    axes = [str(axis) for axis in dataset["space"].values]
    if axes[:2] != ["x", "y"] or len(axes) != 2:
        raise UsageError(f"landmarks: expected x and y in pixels, got {', '.join(axes)}; 3-D poses are not analysed")
    positions = dataset["position"].transpose("time", "keypoints", "space").values
    order = _landmarks_by_name([str(name) for name in dataset["keypoints"].values], layout)
    times = dataset["time"].values if dataset.attrs.get("time_unit") == "seconds" else None
    certainty = None
    if "confidence" in dataset.data_vars:
        certainty = dataset["confidence"].transpose("time", "keypoints").values
        certainty = None if np.isnan(certainty).all() else certainty
    return np.asarray(positions, np.float64), times, order, certainty


def _landmarks_by_name(keypoints: Sequence[str], layout: LayoutChoice | None) -> list[str | None]:
    """Return the landmark of each keypoint of a dataset: by the caller's names, or by those of the known layouts."""
    if isinstance(layout, Mapping):
        unknown = sorted(set(layout) - set(keypoints))
        if unknown:
            raise UsageError(f"layout: no such keypoint: {', '.join(unknown)}; there are {', '.join(keypoints)}")
        return [layout.get(name) for name in keypoints]
    if layout is not None:
        order = layout_of(layout)
        if len(order.landmarks) != len(keypoints):
            raise UsageError(f"layout: {order.name} has {len(order.landmarks)} keypoints, the data {len(keypoints)}")
        return list(order.landmarks)
    known = landmark_by_keypoint_name()
    found = [known.get(name.lower().replace(" ", "_").replace("-", "_")) for name in keypoints]
    if not any(found):
        raise UsageError(
            f"layout: none of the keypoints {', '.join(keypoints)} has a known name; state which landmarks they "
            'are, for example layout={"KneeL": "left_knee"}'
        )
    return found


def _times(time_s: npt.ArrayLike | None, n_frames: int) -> FloatArray:
    if time_s is None:
        raise UsageError("time_s: expected the time of every frame, s, for example np.arange(n_frames) / 30")
    times = np.asarray(time_s, dtype=np.float64)
    if times.shape != (n_frames,):
        raise UsageError(f"time_s: expected shape ({n_frames},), one time per frame, got {times.shape}")
    return increasing(times)


def increasing(times_s: FloatArray) -> FloatArray:
    """Return the times, s, shape (T,), if they are finite and strictly increasing.

    Raises
    ------
    UsageError
        When they are not.
    """
    if not (np.isfinite(times_s).all() and bool((np.diff(times_s) > 0).all())):
        raise UsageError("time_s: expected finite, strictly increasing times, s")
    return times_s


def _check_pixels(image_px: FloatArray, frame_size: tuple[int, int] | None) -> None:
    if np.isinf(image_px).any():
        raise UsageError("landmarks: expected finite numbers, or NaN where one is missing, got infinite ones")
    known = image_px[np.isfinite(image_px).all(axis=2)]
    if len(known) and np.abs(known).max() < _SHARES_OF_FRAME:
        raise UsageError(
            "landmarks: expected pixels, got shares of the frame; multiply x by its width, y by its height"
        )
    if frame_size is not None and (outside := share_outside(image_px, frame_size)) > _MAX_OUTSIDE:
        raise UsageError(
            f"landmarks: {outside:.0%} lie outside a frame of {frame_size[0]} x {frame_size[1]} pixels; expected "
            "x to the right and y down from its upper left corner, and frame_size as (width, height)"
        )


def _track(
    image_px: FloatArray,
    times: FloatArray,
    order: str | Sequence[str | None],
    confidence: npt.ArrayLike | None,
    world_m: npt.ArrayLike | None,
) -> PoseTrack:
    n_frames = len(times)
    there: BoolArray = np.asarray(np.isfinite(image_px).all(axis=2))
    visibility = np.where(there, 1.0, np.nan)
    if confidence is not None:
        visibility = np.where(there, in_33(np.asarray(confidence, np.float64)[..., None], order)[:, :, 0], np.nan)
        if ((visibility < 0) | (visibility > 1)).any():
            raise UsageError(f"confidence: expected 0 to 1, got {np.nanmin(visibility):g} to {np.nanmax(visibility):g}")
    world = np.full((n_frames, N_LANDMARKS, 3), np.nan, np.float32)
    if world_m is not None:
        world = in_33(world_m, order).astype(np.float32)
    return PoseTrack(
        pts=np.arange(n_frames),
        timestamps_s=times,
        image_px=np.where(there[:, :, None], image_px, np.nan),
        z_rel=np.full((n_frames, N_LANDMARKS), np.nan),
        visibility=visibility,
        presence=np.full((n_frames, N_LANDMARKS), np.nan),
        world_m=world,
        corrupt=np.zeros(n_frames, dtype=np.bool_),
    )


def _limits(order: str | Sequence[str | None]) -> tuple[Finding, ...]:
    """Return the finding that names the landmarks that the layout lacks."""
    layout = layout_of(order)
    if not layout.missing:
        return ()
    without_side = dict.fromkeys(name.removeprefix("left_").removeprefix("right_") for name in layout.missing)
    message = (
        f"{layout.name} has {N_LANDMARKS - len(layout.missing)} of {N_LANDMARKS} landmarks; it lacks "
        f"{', '.join(without_side)}. Angles that need them are missing, metrics that need them are withheld."
    )
    details = {"landmarks": list(layout.missing)}
    return (Finding("landmarks_not_estimated", message, severity="info", details=details),)

"""The estimator ``file``: poses come from a file beside the video instead of a network.

The kinds of file are those of :mod:`vidpose.pose.landmark_series`. Frames are matched by their time stamps, within half
a frame period of the file; a frame without a match has no people. Frames do not depend on each other, so
the state is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import numpy as np

import vidpose
from vidpose.errors import InputError
from vidpose.hashing import file_sha256
from vidpose.pose.estimator import (
    EstimatorInfo,
    FrameByFrame,
    FramePose,
    PersonPose,
    PoseEstimator,
    PoseSettings,
)
from vidpose.pose.landmark_series import LandmarkSeries, read_landmark_file, unusable
from vidpose.types.arrays import Float32Array
from vidpose.types.findings import CODES
from vidpose.types.picture import Picture

_SHAPE_TOLERANCE: Final = 0.02  # a video scaled to even sizes keeps its aspect ratio within this


def find_landmark_file(video: Path, folder: Path | None) -> Path:
    """Return the landmark file of a video.

    Parameters
    ----------
    video
        The video, for example ``squat.mp4``.
    folder
        Where the file is; None looks beside the video. Searched in this order: ``squat.mp4.npz``, ``squat.npz``,
        ``squat.mp4.json``, ``squat.json``, ``squat.mp4/pose_model.json``.

    Raises
    ------
    InputError
        When there is none.
    """
    where = video.parent if folder is None else folder
    names = (f"{video.name}.npz", f"{video.stem}.npz", f"{video.name}.json", f"{video.stem}.json")
    for candidate in (*(where / name for name in names), where / video.name / "pose_model.json"):
        if candidate.is_file() and candidate != video:
            return candidate
    raise InputError(
        f"{video.name}: no landmark file in {where}; expected {', '.join(names)} or {video.name}/pose_model.json. "
        + CODES["no_landmark_file"],
        code="no_landmark_file",
    )


def landmark_file_sha256(path: Path) -> str:
    """Return the hash of a landmark file, hexadecimal: a part of its video's key, as a network's hash is of all keys.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    try:
        return file_sha256(path)
    except OSError as error:
        raise unusable(path, error.strerror or error) from error


def describe(settings: PoseSettings) -> EstimatorInfo:
    """Return what all videos have in common: there is no network, and every video has its own file."""
    return EstimatorInfo(
        name="file",
        package="vidpose",
        version=vidpose.__version__,
        models={},
        settings=settings,
        exports_state=True,
    )


def open_estimator(settings: PoseSettings, video: Path, n_threads: int) -> PoseEstimator:  # noqa: ARG001
    """See :class:`vidpose.pose.estimator.EstimatorModule`."""
    return FileEstimator(find_landmark_file(video, settings.pose_files), settings.max_people)


class FileEstimator(FrameByFrame):
    """Returns the poses of a landmark file; see :class:`vidpose.pose.estimator.PoseEstimator`.

    Parameters
    ----------
    path
        The file, see :func:`find_landmark_file`.
    max_people
        People beyond this number, in the order of the file, are left out.
    """

    def __init__(self, path: Path, max_people: int) -> None:
        self._path = path
        self._max_people = max_people
        self._series: LandmarkSeries | None = None

    def __enter__(self) -> Self:
        """Read the file.

        Raises
        ------
        InputError
            When it is missing, damaged or of another kind.
        """
        self._series = read_landmark_file(self._path)
        return self

    def __exit__(self, *details: object) -> None:
        self._series = None

    def estimate(self, picture: Picture, time_s: float) -> Sequence[PersonPose]:
        """Return all people in the file at that time; only the size of the picture is used.

        Raises
        ------
        InputError
            When the landmarks belong to a picture of another aspect ratio.
        """
        if self._series is None:
            raise RuntimeError("FileEstimator: expected to be opened; use it in a with block")
        row = self._series.row_at(time_s)
        if row is None:
            return ()
        scale = self._scale(self._series.size_px, picture.size_px)
        poses = [
            FramePose(**{name: array[row] for name, array in person.items()})
            for person in self._series.people[: self._max_people]
        ]
        return [
            PersonPose(number, pose if scale is None else _scaled(pose, scale))
            for number, pose in enumerate(poses)
            if np.isfinite(pose.image_px).any()
        ]

    def _scale(self, stated_px: tuple[int, int] | None, shown_px: tuple[int, int]) -> Float32Array | None:
        """Return the factors from the file's pixels to the picture's; None where they are equal."""
        if stated_px is None or stated_px == shown_px:
            return None
        factors: Float32Array = np.divide(shown_px, stated_px, dtype=np.float32)
        if abs(factors[0] / factors[1] - 1.0) > _SHAPE_TOLERANCE:
            raise InputError(
                f"{self._path.name}: the landmarks belong to a picture of {stated_px[0]} x {stated_px[1]} pixels, the "
                f"video has {shown_px[0]} x {shown_px[1]}. {CODES['landmark_file_unusable']}",
                code="landmark_file_unusable",
            )
        return factors


def _scaled(pose: FramePose, factors: Float32Array) -> FramePose:
    return FramePose(pose.image_px * factors, pose.z_rel, pose.visibility, pose.presence, pose.world_m)

"""``vidpose.estimate`` and ``vidpose.iter_poses``: the poses of a video, and nothing else."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vidpose.errors import UsageError
from vidpose.types.arrays import Float32Array, FloatArray, IntArray, frozen
from vidpose.types.skeleton import LANDMARK_NAMES, N_LANDMARKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vidpose.config import Settings
    from vidpose.pose.estimator import PersonPose
    from vidpose.types.video import VideoIndex
    from vidpose.video.decode import Frame
    from vidpose.video.reading import ReadingSettings

_ARRAYS = {"image_px": (2,), "world_m": (3,), "visibility": ()}


@dataclass(frozen=True, slots=True, eq=False)
class FramePoses:
    """All people in one frame.

    Attributes
    ----------
    frame
        Number of the decoded frame, from 0.
    time_s
        Its time stamp, s.
    people
        Number of each person since the beginning of the video, shape (P,); empty where no person was found.
    image_px
        x (right) and y (down), pixels of the upright picture, shape (P, 33, 2); NaN is missing.
    world_m
        x (right), y (down), z (away from the camera), metres of an average body, origin mid-hip, shape (P, 33, 3).
    visibility
        The model's confidence that a landmark is seen, 0 to 1, shape (P, 33).

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> empty = vidpose.FramePoses(0, 0.0, [], np.empty((0, 33, 2)), np.empty((0, 33, 3)), np.empty((0, 33)))
    >>> len(empty.people)
    0
    """

    frame: int
    time_s: float
    people: IntArray
    image_px: Float32Array
    world_m: Float32Array
    visibility: Float32Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", frozen(self.people, np.int64, (None,), "people"))
        for name, shape in _ARRAYS.items():
            wanted = (len(self.people), N_LANDMARKS, *shape)
            object.__setattr__(self, name, frozen(getattr(self, name), np.float32, wanted, name))


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """All people in all frames of a video.

    Attributes
    ----------
    timestamps_s
        Time stamps of the frames, s, shape (T,).
    people
        Number of each person that was seen, shape (P,).
    image_px
        x (right) and y (down), pixels of the upright picture, shape (T, P, 33, 2); NaN where a person was not found.
    world_m
        x (right), y (down), z (away from the camera), metres of an average body, origin mid-hip, shape (T, P, 33, 3).
    visibility
        The model's confidence that a landmark is seen, 0 to 1, shape (T, P, 33).
    frame_size
        Width and height of the upright picture, pixels.

    Examples
    --------
    >>> import vidpose
    >>> poses = vidpose.estimate("squat.mp4")
    >>> poses.image_px.shape == (len(poses.timestamps_s), len(poses.people), 33, 2)
    True
    >>> knee = vidpose.LANDMARK_NAMES.index("right_knee")
    >>> height_px = poses.image_px[:, 0, knee, 1]
    >>> analysis = vidpose.analyse(
    ...     poses.image_px[:, 0], poses.timestamps_s, confidence=poses.visibility[:, 0], world_m=poses.world_m[:, 0]
    ... )
    """

    timestamps_s: FloatArray
    people: IntArray
    image_px: Float32Array
    world_m: Float32Array
    visibility: Float32Array
    frame_size: tuple[int, int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "timestamps_s", frozen(self.timestamps_s, np.float64, (None,), "timestamps_s"))
        object.__setattr__(self, "people", frozen(self.people, np.int64, (None,), "people"))
        for name, shape in _ARRAYS.items():
            wanted = (len(self.timestamps_s), len(self.people), N_LANDMARKS, *shape)
            object.__setattr__(self, name, frozen(getattr(self, name), np.float32, wanted, name))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the 33 landmarks, in the order of the arrays."""
        return LANDMARK_NAMES


def iter_poses(video: str | os.PathLike[str], **settings: Any) -> Iterator[FramePoses]:
    """Yield the poses of every frame of a video, one frame after the other; memory does not grow with its length.

    Parameters
    ----------
    video
        The file.
    **settings
        ``estimator``, ``max_people``, ``device``, ``precision``, ``pose_model``, ``yolo_model``, ``pose_files``,
        ``video_stream``, ``split_fields``, as options of ``vidpose run``; other settings of the group as
        ``pose={...}``.

    Yields
    ------
    FramePoses
        Frames in which no person is found have no people; every decoded frame is yielded.

    Raises
    ------
    UsageError
        When a setting is refused.
    InputError
        When the video cannot be read.
    EstimatorError
        When the estimator or its model is missing.

    See Also
    --------
    vidpose.estimate : All frames at once.

    Examples
    --------
    >>> import vidpose
    >>> first = next(vidpose.iter_poses("squat.mp4"))
    >>> first.frame, first.image_px.shape
    (0, (1, 33, 2))
    """
    chosen = _settings(video, settings)
    return _estimated(_probed(Path(video), chosen.reading), chosen)


def estimate(video: str | os.PathLike[str], **settings: Any) -> Poses:
    """Return the poses of all frames of a video.

    Parameters
    ----------
    video
        The file.
    **settings
        See :func:`vidpose.iter_poses`.

    Returns
    -------
    Poses
        Landmarks as estimated: nothing is rejected, filled or filtered, which :func:`vidpose.analyse` does.

    Raises
    ------
    UsageError
        When a setting is refused.
    InputError
        When the video cannot be read, or not one frame decoded.
    EstimatorError
        When the estimator or its model is missing.

    See Also
    --------
    vidpose.iter_poses : One frame after the other.
    vidpose.process : Videos of any length with everything else, in parallel, and resumable.

    Examples
    --------
    >>> import vidpose
    >>> poses = vidpose.estimate("squat.mp4", max_people=1)
    >>> poses.people.tolist(), poses.frame_size
    ([0], (1280, 720))
    """
    chosen = _settings(video, settings)
    index = _probed(Path(video), chosen.reading)
    frames = list(_estimated(index, chosen))
    people = np.unique(np.concatenate([frame.people for frame in frames])) if frames else np.empty(0, np.int64)
    shape = (len(frames), len(people), N_LANDMARKS)
    arrays = {name: np.full((*shape, *rest), np.nan, np.float32) for name, rest in _ARRAYS.items()}
    for row, frame in enumerate(frames):
        columns = np.searchsorted(people, frame.people)
        for name, array in arrays.items():
            array[row, columns] = getattr(frame, name)
    times_s = np.array([frame.time_s for frame in frames])
    return Poses(times_s, people, **arrays, frame_size=(index.width_px, index.height_px))


def _settings(video: str | os.PathLike[str], given: dict[str, Any]) -> Settings:
    from vidpose.config import load_settings
    from vidpose.short_names import SHORT_NAMES, in_groups

    allowed = ["pose", *(name for name, place in SHORT_NAMES.items() if place[0] in ("pose", "reading"))]
    unknown = [name for name in given if name not in allowed]
    if unknown:
        raise UsageError(f"unknown argument {', '.join(unknown)}; expected {', '.join(allowed)}")
    if not Path(video).is_file():
        raise UsageError(f"{video}: expected a video, found {'a folder' if Path(video).is_dir() else 'none'}")
    return load_settings(None, in_groups(given), names=None)


def _probed(video: Path, reading: ReadingSettings) -> VideoIndex:
    from vidpose.video.probe import content_sha256, probe

    return probe(video.absolute(), content_sha256(video), reading=reading)


def _estimated(index: VideoIndex, settings: Settings) -> Iterator[FramePoses]:
    from vidpose.governor.worker_plan import usable_cores
    from vidpose.pose.fetching import get_networks
    from vidpose.pose.opening import licence_notice, open_estimator, usable
    from vidpose.video.decode import VideoReader

    pose, findings = usable(settings.pose)
    notices = [licence_notice(pose), *(finding.message for finding in findings if finding.severity != "info")]
    for notice in filter(None, notices):
        warnings.warn(notice, UserWarning, stacklevel=3)
    get_networks(pose, lambda sentence: warnings.warn(sentence, UserWarning, stacklevel=3))
    with open_estimator(pose, index.path, usable_cores()) as estimator, VideoReader(index.source) as reader:
        number = 0
        for batch in reader.batches(1):
            for frame in batch:
                yield _frame_poses(number, frame, estimator.estimate(frame.picture, frame.time_s))
                number += 1


def _frame_poses(number: int, frame: Frame, people: Sequence[PersonPose]) -> FramePoses:
    arrays = {
        name: np.array([getattr(one.pose, name) for one in people], np.float32).reshape(-1, N_LANDMARKS, *rest)
        for name, rest in _ARRAYS.items()
    }
    return FramePoses(number, frame.time_s, np.array([one.person for one in people], np.int64), **arrays)

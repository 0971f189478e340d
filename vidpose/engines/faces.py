"""Where the faces of all people are, for blurring them: by their landmarks.

Landmarks are those of everybody who was tracked, also of those who are not analysed. People beyond the number that is
tracked at once, and people in frames in which their track was lost, are searched in every frame once more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from vidpose.errors import EstimatorError, OutputError
from vidpose.pose.blazepose.follower import region_around
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.regions import Detector, Landmarker, Region
from vidpose.pose.tracking.views import View, find_people, squares, whole
from vidpose.state.pose_store import load_segment
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray
from vidpose.types.picture import Picture
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX
from vidpose.video.blur import blur_discs
from vidpose.video.canvas import Canvas

_FACE: Final = slice(0, 11)  # nose, eyes, ears, mouth
_HIPS: Final = [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]
_SHOULDERS: Final = [LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]]
# Ours, so that chin, hair and ears are inside:
_FACE_SHARE: Final = 1.7  # radius, in distances from the middle of the face to its outermost landmark
_TORSO_SHARE: Final = 0.27  # least radius, in torso lengths: from behind, the landmarks of a face lie close together
_GROWN: Final = 1.3  # where a face was not seen in this very frame
_GAP_S: Final = 1.0  # faces are interpolated over gaps up to this
_HOLD_S: Final = 0.5  # and stay for this long before and after
_SAME_S: Final = 1e-6
_MIN_SCORE: Final = 0.3  # of a detection
_MIN_PRESENCE: Final = 0.2  # of a person there: below what tracking asks for, as a blurred chair does no harm
_APART: Final = 0.25  # of a region's side: closer detections are of one person
_SMALL_VIEWS: Final = ((3, 0.25), (4, 0.5))  # squares for small people: along the longer side, and their overlap
_EVERY: Final = 5  # frames from one search for small people to the next; between, their landmarks are followed
_SMALL_PX: Final = 32  # side of the picture in which a cut is looked for
_CHANGE: Final = 10.0  # mean change of luma that may be one


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """The face of one person over time: times in which it was found, s, shape (n,), and discs, shape (n, 3)."""

    times_s: FloatArray
    discs: FloatArray

    @classmethod
    def of(cls, track: PoseTrack) -> FaceTrack:
        """Return the face of a person, from the landmarks as estimated."""
        discs = face_discs(np.asarray(track.image_px, np.float64))
        found = np.isfinite(discs).all(axis=1)
        return cls(track.timestamps_s[found], discs[found])

    def at(self, time_s: float) -> FloatArray | None:
        """Return the disc at a time: as found, interpolated, or held; None where the person is out of sight."""
        after = int(np.searchsorted(self.times_s, time_s - _SAME_S))
        if after < len(self.times_s) and self.times_s[after] <= time_s + _SAME_S:
            here: FloatArray = self.discs[after]
            return here
        before_s = time_s - self.times_s[after - 1] if after else np.inf
        after_s = self.times_s[after] - time_s if after < len(self.times_s) else np.inf
        grown = np.array([1.0, 1.0, _GROWN])
        if before_s + after_s <= _GAP_S:
            share = before_s / (before_s + after_s)
            between: FloatArray = grown * ((1 - share) * self.discs[after - 1] + share * self.discs[after])
            return between
        if min(before_s, after_s) > _HOLD_S:
            return None
        held: FloatArray = grown * self.discs[after - 1 if before_s <= after_s else after]
        return held


def face_discs(image_px: FloatArray) -> FloatArray:
    """Return centre and radius of the face in every frame, shape (T, 3), given landmarks, shape (T, 33, 2)."""
    face = image_px[:, _FACE]
    known: BoolArray = np.asarray(np.isfinite(face).all(axis=2))
    n_known = known.sum(axis=1, keepdims=True)
    centre = np.where(n_known > 0, np.nansum(face, axis=1) / np.maximum(n_known, 1), np.nan)
    reach = np.where(known, np.linalg.norm(face - centre[:, None], axis=2), 0.0).max(axis=1)
    torso = np.linalg.norm(image_px[:, _SHOULDERS].mean(axis=1) - image_px[:, _HIPS].mean(axis=1), axis=1)
    radius = np.fmax(_FACE_SHARE * reach, _TORSO_SHARE * torso)
    return np.column_stack([centre, radius])


@dataclass(frozen=True, slots=True)
class _Followed:
    """Somebody who was found without a track: when, where their landmarks are read next, and their face."""

    seen_s: float
    region: Region
    disc: FloatArray


class FaceBlur:
    """Blurs the faces of everybody in the frames of a part, in their order.

    Parameters
    ----------
    tracks
        Faces by landmarks, pixels of the source's upright frame.
    scale
        Pixels of the drawn picture per pixel of the frame, (x, y).
    detector, landmarker
        Find people in a picture, and read their landmarks.
    """

    def __init__(
        self, tracks: Iterable[FaceTrack], scale: tuple[float, float], detector: Detector, landmarker: Landmarker
    ) -> None:
        self._tracks = [track for track in tracks if len(track.times_s)]
        self._scale = np.array([*scale, max(scale)])
        self._detector = detector
        self._landmarker = landmarker
        self._followed: list[_Followed] = []
        self._small = np.zeros((_SMALL_PX, _SMALL_PX))
        self._n_frames = 0

    def blur(self, time_s: float, canvas: Canvas) -> None:
        """Blur all faces of one frame, before anything is drawn on it."""
        tracked = [self._scale * disc for disc in (track.at(time_s) for track in self._tracks) if disc is not None]
        self._followed = self._found(time_s, canvas)
        discs = [*tracked, *(one.disc for one in self._followed)]
        if discs:
            blur_discs(canvas, np.array(discs))

    def _found(self, time_s: float, canvas: Canvas) -> list[_Followed]:
        """Return who is found in this frame, and who was a moment ago."""
        width, height = canvas.size_px
        y, u, v = (
            plane[: -(-height // k), : -(-width // k)] for plane, k in zip(canvas.planes, (1, 2, 2), strict=True)
        )
        picture = Picture(y, u, v, 0, canvas.colour, _none)
        people = sorted(find_people(self._detector, picture, self._views(picture)), key=lambda one: -one.score)
        regions = _distinct([*(one.region for one in people), *(one.region for one in self._followed)])
        found = []
        for read in self._landmarker.landmarks(picture, regions):
            disc = face_discs(read.pose.image_px[None].astype(np.float64))[0]
            if read.presence >= _MIN_PRESENCE and np.isfinite(disc).all():
                found.append(_Followed(time_s, region_around(*read.aux_px), disc))
        held = [
            one
            for one in self._followed
            if time_s - one.seen_s <= _HOLD_S and not any(_same(one.disc, other.disc) for other in found)
        ]
        return [*found, *held]

    def _views(self, picture: Picture) -> list[View]:
        """Return where to search: everywhere at first, at a cut and at intervals, else only for large people."""
        size = picture.size_px
        small = cv2.resize(picture.y, (_SMALL_PX, _SMALL_PX), interpolation=cv2.INTER_AREA).astype(np.float64)
        cut = self._n_frames % _EVERY == 0 or float(np.abs(small - self._small).mean()) > _CHANGE
        self._small = small
        self._n_frames = 1 if cut else self._n_frames + 1
        views = [whole(size), *squares(size, min(size))]
        if cut:
            views += [
                view for parts, share in _SMALL_VIEWS for view in squares(size, max(2, max(size) // parts), share)
            ]
        return list(dict.fromkeys(views))


def face_blur(
    segments: Sequence[Path], scale: tuple[float, float], settings: PoseSettings, n_threads: int
) -> Callable[[float, Canvas], None]:
    """Return what blurs the faces in the frames of a part.

    Parameters
    ----------
    segments
        Pose files of the part and its surroundings; those that are gone are left out.
    scale
        Pixels of the drawn picture per pixel of the frame.
    settings
        Says which networks are used.
    n_threads
        Cores that the detector may use.

    Raises
    ------
    OutputError
        When there are no networks: faces of people who were not tracked would stay.
    """
    from vidpose.pose.blazepose.detector import BlazePoseDetector
    from vidpose.pose.blazepose.landmarker import BlazePoseLandmarker

    tracks = [track for path in segments if path.is_file() for track in load_segment(path).tracks]
    try:
        detector, landmarker = (
            BlazePoseDetector(settings, _MIN_SCORE, n_threads),
            BlazePoseLandmarker(settings, n_threads),
        )
    except (EstimatorError, ImportError) as error:
        message = f"faces cannot be blurred without BlazePose's networks ({error}); run vidpose doctor"
        raise OutputError(message) from error
    return FaceBlur(map(FaceTrack.of, tracks), scale, detector, landmarker).blur


def _same(disc: FloatArray, other: FloatArray) -> bool:
    return math.dist(disc[:2].tolist(), other[:2].tolist()) < max(float(disc[2]), float(other[2]))


def _distinct(regions: Sequence[Region]) -> list[Region]:
    """Return the regions without those of people who have one already, the first ones first."""
    kept: list[Region] = []
    for one in regions:
        apart = [math.hypot(one.centre_x_px - other.centre_x_px, one.centre_y_px - other.centre_y_px) for other in kept]
        if all(px >= _APART * max(one.side_px, other.side_px) for px, other in zip(apart, kept, strict=True)):
            kept.append(one)
    return kept


def _none() -> ByteArray:
    raise NotImplementedError("the detector reads planes")

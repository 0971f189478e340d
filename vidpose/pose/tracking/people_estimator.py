"""Several people in a video: detected at intervals, each followed by their landmarks in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.estimator import FramePose, PersonPose, PoseSettings, State
from vidpose.pose.identity.body_motion import place_of
from vidpose.pose.identity.encounters import occluders
from vidpose.pose.identity.masking import mask_others
from vidpose.pose.identity.people import FoundPerson, People
from vidpose.pose.identity.track import Track
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.pose.regions import Detection, Detector, Landmarked, Landmarker
from vidpose.pose.tracking.search import Newcomer, Search, count_others, newcomers
from vidpose.pose.tracking.views import find_people, whole
from vidpose.types.picture import Picture


class PeopleEstimator:
    """Follows up to ``settings.max_people`` people; implements :class:`vidpose.pose.estimator.PoseEstimator`.

    A person alone in the picture is followed exactly as with ``max_people`` 1.

    Parameters
    ----------
    settings
        How many people, and the required confidence.
    detector, landmarker
        The networks, opened.
    new_follower
        Creates the tracking state of one more person.
    tracking
        Thresholds; None for the defaults.
    """

    def __init__(
        self,
        settings: PoseSettings,
        detector: Detector,
        landmarker: Landmarker,
        new_follower: Callable[[], Follower],
        tracking: TrackingSettings | None = None,
    ) -> None:
        self._settings = settings
        self._tracking = tracking or TrackingSettings()
        self._detector = detector
        self._landmarker = landmarker
        self._new_follower = new_follower
        self._people = People(self._tracking)
        self._search = Search()

    def __enter__(self) -> Self:
        import cv2

        cv2.setNumThreads(1)  # more threads only wait for each other on squares this small
        return self

    def __exit__(self, *details: object) -> None:
        """Do nothing: the caller who opened the networks owns them."""

    def estimate(self, picture: Picture, time_s: float) -> Sequence[PersonPose]:
        """See :class:`vidpose.pose.estimator.PoseEstimator`."""
        people, size_px = self._people, picture.size_px
        candidates = self._candidates(picture, time_s)
        followed = people.in_sight
        followers = [track.body.follower for track in followed if track.body is not None]
        followers += [follower for follower, _ in candidates]
        regions = [follower.region for follower in followers if follower.region is not None]
        pictures = [self._masked_picture(picture, track, time_s) for track in followed] + [picture] * len(candidates)
        landmarked = [
            self._landmarker.landmarks(seen, [region])[0] for seen, region in zip(pictures, regions, strict=True)
        ]
        poses: dict[int, FramePose] = {}
        for track, follower, answer in zip(followed, followers, landmarked, strict=False):
            if answer.presence > self._settings.min_tracking_confidence:
                poses[track.key] = follower.accept(answer, size_px)
            else:
                people.lose(track)
        people.move(poses, time_s, place_of)
        people.doubt(poses, time_s)
        people.confirm(poses)
        found = self._found(picture, candidates, landmarked[len(followed) :], time_s)
        people.welcome(found, picture, poses, time_s)
        people.compare(picture, poses, time_s)
        return people.answers(poses)

    def export_state(self) -> State:
        """Return everything that later frames depend on."""
        return {"people": self._people.export(), "search": self._search.export()}

    def restore_state(self, state: State) -> None:
        """Continue from an exported state."""
        self._people = People.restored(state["people"], self._tracking, self._new_follower)
        self._search = Search(**state["search"])

    def forget(self) -> None:
        """Follow nobody any more, and search the next frame as the first one."""
        self._people = People(self._tracking)
        self._search = Search(n_not_followed=self._search.n_not_followed)

    def appearances(self) -> Mapping[int, Sequence[float]]:
        """Return the colours on torso and legs of each person, see :mod:`vidpose.pose.identity.appearance`."""
        return {
            track.number: track.appearance.values.tolist()
            for track in self._people.tracks
            if track.number is not None and track.appearance.n_samples
        }

    def n_not_followed(self) -> int:
        """See :class:`vidpose.pose.estimator.PoseEstimator`."""
        return self._search.n_not_followed

    def _masked_picture(self, picture: Picture, track: Track, time_s: float) -> Picture:
        """Return the picture in which a person's landmarks are read, with occluders masked."""
        others = occluders(track, self._people.tracks, self._people.encounters)
        return mask_others(picture, track, others, time_s, self._tracking)

    def _candidates(self, picture: Picture, time_s: float) -> list[tuple[Follower, Newcomer]]:
        """Search where and when it is due; return a tracking state for each person not followed yet."""
        tracks = self._people.tracks
        room = max(self._settings.max_people - len(self._people.in_sight), 0)
        views = self._search.due(time_s, picture.size_px, tracks, self._tracking, room)
        found = find_people(self._detector, picture, views)
        new = newcomers(found, tracks, self._tracking)
        if not room and self._search.is_count_due(time_s, self._tracking):
            found = find_people(self._detector, picture, [whole(picture.size_px)])
        n_others = count_others(found, tracks, self._tracking)
        self._search.n_not_followed = max(self._search.n_not_followed, n_others - room)
        followers = [self._new_follower() for _ in new[:room]]
        for follower, newcomer in zip(followers, new, strict=False):
            follower.begin(newcomer.detection)
        return list(zip(followers, new, strict=False))

    def _found(
        self,
        picture: Picture,
        candidates: Sequence[tuple[Follower, Newcomer]],
        landmarked: Sequence[Landmarked],
        time_s: float,
    ) -> list[FoundPerson]:
        """Return the candidates whose landmarks show a person."""
        found = []
        for (follower, newcomer), first in zip(candidates, landmarked, strict=True):
            answer = self._read_again(picture, follower, newcomer.detection, first)
            if answer.presence > self._settings.min_tracking_confidence:
                pose = follower.accept(answer, picture.size_px)
                found.append(
                    FoundPerson(follower, pose, place_of(answer.pose, time_s), self._is_sure(newcomer, answer))
                )
        return found

    def _is_sure(self, newcomer: Newcomer, answer: Landmarked) -> bool:
        limits = self._tracking
        detected = newcomer.detection.score >= limits.sure_score or newcomer.n_found > limits.n_confirming
        return detected and answer.presence >= limits.sure_presence

    def _read_again(self, picture: Picture, follower: Follower, detection: Detection, first: Landmarked) -> Landmarked:
        """Read the landmarks again in the region they give, when a box alone did not give the body's direction."""
        if not detection.rough:
            return first
        follower.accept(first, picture.size_px)
        region = follower.region
        assert region is not None
        follower.begin(replace(detection, region=region))
        return self._landmarker.landmarks(picture, [region])[0]

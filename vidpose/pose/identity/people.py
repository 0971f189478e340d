"""All known people of a video so far: who is in sight, who is hidden, who is near whom. Independent of networks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.estimator import FramePose, PersonPose, State
from vidpose.pose.identity.appearance import Appearance, read_appearance
from vidpose.pose.identity.body_motion import Place, distance, motion_of, pose_distance
from vidpose.pose.identity.encounters import (
    Encounter,
    find_hidden,
    in_encounter,
    people_nearby,
    resolve_encounters,
    update_encounters,
)
from vidpose.pose.identity.identity_evidence import is_mixture, recognise, swap_evidence
from vidpose.pose.identity.landmark_motion import LandmarkMotion
from vidpose.pose.identity.track import FollowedBody, Track, swap_bodies
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.types.picture import Picture


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person who was detected and whose landmarks were read: tracking state, pose, place, certainty."""

    follower: Follower
    pose: FramePose
    place: Place
    sure: bool


@dataclass(slots=True)
class People:
    """All known people, as tracks in order of their keys; ``n_numbers`` and ``n_keys`` count those given so far."""

    settings: TrackingSettings
    tracks: list[Track] = field(default_factory=list)
    encounters: list[Encounter] = field(default_factory=list)
    n_numbers: int = 0
    n_keys: int = 0

    @property
    def in_sight(self) -> list[Track]:
        """Tracks that are followed now."""
        return [track for track in self.tracks if not track.hidden]

    def lose(self, track: Track) -> None:
        """Mark a person as out of sight; drop the track when it had no number yet."""
        track.hide()
        if track.number is None:
            self.tracks.remove(track)

    def move(self, poses: Mapping[int, FramePose], time_s: float, place: Callable[[FramePose, float], Place]) -> None:
        """Update the positions of all visible people; ``poses`` are by key."""
        for track in self.in_sight:
            assert track.body is not None
            track.body.move_to(place(poses[track.key], time_s), self.settings.motion_window_s)

    def doubt(self, poses: dict[int, FramePose], time_s: float) -> None:
        """Set visibility to 0 for landmarks that jumped while others are near; see :class:`LandmarkMotion`."""
        for track in self.in_sight:
            body, pose = track.body, poses[track.key]
            assert body is not None
            near = people_nearby(track, self.tracks, self.encounters)
            max_jump_px = self.settings.max_jump * body.place.size_px if near else math.inf
            body.landmarks, jumped = body.landmarks.moved(pose, time_s, max_jump_px, self.settings)
            if jumped.any():
                poses[track.key] = replace(pose, visibility=np.where(jumped, np.float32(0.0), pose.visibility))

    def compare(self, picture: Picture, poses: dict[int, FramePose], time_s: float) -> None:
        """Decide who is near whom, who is hidden and whose numbers were exchanged; learn from people who are alone.

        People who turn out to be hidden are removed from ``poses``.
        """
        settings = self.settings
        self.encounters = update_encounters(self.encounters, self.tracks, settings)
        self._sample_appearances(picture, poses, time_s)
        for track, other in find_hidden(self.in_sight, poses, settings):
            if track.number is not None and not any(met.involves(track.key, other.key) for met in self.encounters):
                self.encounters.append(Encounter(track.key, other.key))
            del poses[track.key]
            self.lose(track)
        before = {track.key: track.body for track in self.tracks}
        self.encounters = resolve_encounters(self.encounters, self.tracks, time_s, settings)
        self._exchange(poses, before)
        self._learn(time_s)
        self._forget()

    def welcome(
        self, found: Sequence[FoundPerson], picture: Picture, poses: dict[int, FramePose], time_s: float
    ) -> None:
        """Add people who were detected and are not followed yet; their poses are added to ``poses``."""
        bodies: list[FollowedBody] = []
        kept: list[FoundPerson] = []
        for new in found:
            if not self._is_known(new, poses, kept):
                kept.append(new)
                appearance = Appearance.unknown()
                appearance.add(read_appearance(picture, new.pose))
                landmarks = LandmarkMotion.of(new.pose, new.place.time_s)
                bodies.append(FollowedBody(new.follower, [new.place], landmarks, appearance))
        hidden = [track for track in self.tracks if track.hidden]
        followed = [track.body.place for track in self.in_sight if track.body is not None]
        alone = not followed
        again = dict(recognise(bodies, hidden, self.settings, anywhere=alone))
        lately = any(time_s - track.motion.time_s <= self.settings.alert_s for track in hidden)
        for index, (new, body) in enumerate(zip(kept, bodies, strict=True)):
            if index in again:
                track = hidden[again[index]]
                track.body = body
                poses[track.key] = new.pose
                self._settle_exchange(track, poses)
                continue
            track = self._track(body)
            poses[track.key] = new.pose
            # A region between two people shows parts of both, and its pose can be as confident as any.
            between = any(distance(new.place, place) < self.settings.near for place in followed)
            if alone or (new.sure and not lately and not between):
                self._number(track, poses)
                alone = False

    def confirm(self, poses: dict[int, FramePose]) -> None:
        """Give numbers to people who were detected again often enough."""
        for track in self.in_sight:
            if track.number is None and track.n_found >= self.settings.n_confirming:
                self._number(track, poses)

    def answers(self, poses: Mapping[int, FramePose]) -> list[PersonPose]:
        """Return the poses of people with numbers, in order of the numbers; mixtures of two bodies are left out."""
        numbered = [
            (track.number, poses[track.key])
            for track in self.in_sight
            if track.number is not None
            and not (in_encounter(track, self.encounters) and is_mixture(track, self.settings))
        ]
        return [PersonPose(number, pose) for number, pose in sorted(numbered, key=lambda pair: pair[0])]

    def export(self) -> State:
        """Return plain JSON values."""
        return {
            "tracks": [track.export() for track in self.tracks],
            "meetings": [encounter.export() for encounter in self.encounters],
            "n_numbers": self.n_numbers,
            "n_keys": self.n_keys,
        }

    @classmethod
    def restored(cls, state: State, settings: TrackingSettings, new_follower: Callable[[], Follower]) -> People:
        """Return the people who were exported."""
        return cls(
            settings=settings,
            tracks=[Track.restored(track, new_follower) for track in state["tracks"]],
            encounters=[Encounter(**encounter) for encounter in state["meetings"]],
            n_numbers=state["n_numbers"],
            n_keys=state["n_keys"],
        )

    def _is_known(self, new: FoundPerson, poses: Mapping[int, FramePose], kept: Sequence[FoundPerson]) -> bool:
        """Return whether a detected person is one who is followed already or was added before."""
        others = [(poses[track.key], track.body.place) for track in self.in_sight if track.body is not None]
        others += [(other.pose, other.place) for other in kept]
        return any(
            pose_distance(new.pose, pose, max(new.place.size_px, place.size_px)) < self.settings.same_newcomer
            for pose, place in others
        )

    def _track(self, body: FollowedBody) -> Track:
        region = body.follower.region
        assert region is not None
        track = Track(self.n_keys, None, body, motion_of(body.places), Appearance.unknown(), region.side_px)
        self.n_keys += 1
        self.tracks.append(track)
        return track

    def _number(self, track: Track, poses: dict[int, FramePose]) -> None:
        """Give a person the number of the hidden person they resemble, or a new one."""
        assert track.body is not None
        hidden = [other for other in self.tracks if other.hidden]
        again = recognise([track.body], hidden, self.settings, anywhere=True)
        if not again:
            track.number = self.n_numbers
            self.n_numbers += 1
            return
        known = hidden[again[0][1]]
        known.body, known.side_px = track.body, track.side_px
        poses[known.key] = poses.pop(track.key)
        self.tracks.remove(track)
        self._settle_exchange(known, poses)

    def _settle_exchange(self, track: Track, poses: dict[int, FramePose]) -> None:
        """A hidden person was found: check whether the person who took over their body was the hidden one instead."""
        for encounter in self.encounters:
            if not encounter.involves(track.key):
                continue
            key = encounter.second if encounter.first == track.key else encounter.first
            other = next((other for other in self.tracks if other.key == key), None)
            if other is None or other.hidden:
                continue
            if swap_evidence(track, other, self.settings) > self.settings.min_swap_evidence:
                before = {track.key: track.body, other.key: other.body}
                swap_bodies(track, other)
                self._exchange(poses, before)
                return

    def _exchange(self, poses: dict[int, FramePose], before: Mapping[int, FollowedBody | None]) -> None:
        """Move this frame's poses along with the bodies."""
        owner = {id(body): key for key, body in before.items() if body is not None}
        moved = {track.key: poses[owner[id(track.body)]] for track in self.in_sight if id(track.body) in owner}
        poses.update(moved)

    def _sample_appearances(self, picture: Picture, poses: Mapping[int, FramePose], time_s: float) -> None:
        """Sample the colours of all people: at intervals of people who are alone, in every frame of an encounter."""
        for track in self.in_sight:
            body = track.body
            assert body is not None
            if not in_encounter(track, self.encounters):
                if time_s - track.sampled_s < self.settings.appearance_interval_s:
                    continue
                body.appearance = Appearance.unknown()
            elif not any(encounter.parted for encounter in self.encounters if encounter.involves(track.key)):
                body.appearance = Appearance.unknown()
            body.appearance.add(read_appearance(picture, poses[track.key]))
            track.sampled_s = time_s

    def _learn(self, time_s: float) -> None:
        for track in self.in_sight:
            body = track.body
            assert body is not None
            if body.follower.region is not None:
                track.side_px = body.follower.region.side_px
            met = in_encounter(track, self.encounters)
            if not met:
                track.settle()
            elif time_s - track.motion.time_s > self.settings.max_forecast_s:
                track.stay()  # a velocity measured during an encounter is not reliable
            if track.sampled_s == time_s and (not met or not track.appearance.n_samples):
                track.appearance.add(body.appearance.values)

    def _forget(self) -> None:
        """Drop the people who have been out of sight longest, when there are too many."""
        hidden = sorted((track for track in self.tracks if track.hidden), key=lambda track: track.motion.time_s)
        for track in hidden[: max(0, len(hidden) - self.settings.max_remembered)]:
            self.tracks.remove(track)

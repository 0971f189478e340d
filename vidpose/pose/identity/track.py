"""One person on their way through the video: where they are, what they look like, whether they are in sight."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.estimator import State
from vidpose.pose.identity.appearance import Appearance
from vidpose.pose.identity.body_motion import Motion, Place, motion_of
from vidpose.pose.identity.landmark_motion import LandmarkMotion


@dataclass(slots=True)
class FollowedBody:
    """What is followed in the pictures, whoever it is.

    Attributes
    ----------
    follower
        Its state of tracking.
    places
        Where it was lately, in order of time; never empty.
    landmarks
        Its landmarks in motion.
    appearance
        What it has looked like since it was last near another one.
    """

    follower: Follower
    places: list[Place]
    landmarks: LandmarkMotion
    appearance: Appearance = field(default_factory=Appearance.unknown)

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.places[-1]

    def move_to(self, place: Place, window_s: float) -> None:
        """Add a place, forget those that are older than the window."""
        self.places = [old for old in self.places if old.time_s >= place.time_s - window_s]
        self.places.append(place)


@dataclass(slots=True)
class Track:
    """Somebody, with what is known of them from times when nobody else was near.

    Attributes
    ----------
    key
        Tells tracks apart; never used twice.
    number
        The person's number; None until it is certain that this is a person.
    body
        Theirs in the pictures; None while they are out of sight.
    motion
        How they moved before they came near somebody or went out of sight.
    appearance
        What they look like.
    side_px
        Side of their last region.
    n_found
        How often they were detected again since they were first.
    sampled_s
        When their appearance was last sampled.
    taken_over
        Whether the body was followed as somebody else's and no detection has shown it since. On its way from one body
        to the other, a pose has parts of both.
    """

    key: int
    number: int | None
    body: FollowedBody | None
    motion: Motion
    appearance: Appearance
    side_px: float
    n_found: int = 0
    sampled_s: float = -math.inf
    taken_over: bool = False

    @property
    def hidden(self) -> bool:
        """Whether they are out of sight."""
        return self.body is None

    def settle(self) -> None:
        """Take the body's present motion for the person's."""
        assert self.body is not None
        self.motion = motion_of(self.body.places)

    def stay(self) -> None:
        """Take the body's present place for the person's; they are expected to stand."""
        self.settle()
        self.motion = replace(self.motion, velocity_x_px_s=0.0, velocity_y_px_s=0.0)

    def hide(self) -> None:
        """Put out of sight, until found again."""
        self.body = None

    def export(self) -> dict[str, Any]:
        """Return plain JSON values."""
        body = self.body
        return {
            "key": self.key,
            "number": self.number,
            "body": body
            and {
                "follower": body.follower.export(),
                "places": [list(astuple(place)) for place in body.places],
                "skeleton": body.landmarks.export(),
                "look": body.appearance.export(),
            },
            "motion": list(astuple(self.motion)),
            "look": self.appearance.export(),
            "side_px": self.side_px,
            "n_found": self.n_found,
            "looked_s": self.sampled_s,
            "taken_over": self.taken_over,
        }

    @classmethod
    def restored(cls, state: State, new_follower: Callable[[], Follower]) -> Track:
        """Return the track that was exported."""
        body = None
        if state["body"] is not None:
            follower = new_follower()
            follower.restore(state["body"]["follower"])
            places = [Place(*values) for values in state["body"]["places"]]
            landmarks = LandmarkMotion.restored(state["body"]["skeleton"])
            body = FollowedBody(follower, places, landmarks, Appearance.restored(state["body"]["look"]))
        return cls(
            key=state["key"],
            number=state["number"],
            body=body,
            motion=Motion(*state["motion"]),
            appearance=Appearance.restored(state["look"]),
            side_px=state["side_px"],
            n_found=state["n_found"],
            sampled_s=state["looked_s"],
            taken_over=state["taken_over"],
        )


def swap_bodies(first: Track, second: Track) -> None:
    """Give each the other's body: the numbers were exchanged."""
    first.body, second.body = second.body, first.body
    first.side_px, second.side_px = second.side_px, first.side_px

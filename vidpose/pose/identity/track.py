"""One person over time: position, motion and appearance, and whether they are in sight."""

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
    """A body tracked in the pictures, before its identity is decided.

    Attributes
    ----------
    follower
        Its tracking state.
    places
        Its recent places, in order of time; never empty.
    landmarks
        Where its landmarks are and how they move.
    appearance
        Its appearance since it was last near another body.
    """

    follower: Follower
    places: list[Place]
    landmarks: LandmarkMotion
    appearance: Appearance = field(default_factory=Appearance.unknown)

    @property
    def place(self) -> Place:
        """Its latest place."""
        return self.places[-1]

    def move_to(self, place: Place, window_s: float) -> None:
        """Add a place, and drop those older than the window."""
        self.places = [old for old in self.places if old.time_s >= place.time_s - window_s]
        self.places.append(place)


@dataclass(slots=True)
class Track:
    """A person, with what was learnt about them while no other person was near.

    Attributes
    ----------
    key
        Identifies the track; never used twice.
    number
        The person's number in the results; None until it is certain that this is a person.
    body
        Their body in the pictures; None while they are hidden.
    motion
        How they moved before they came near another person or were hidden.
    appearance
        Colours of their clothes.
    side_px
        Side of their latest region.
    n_found
        How often they were detected again after the first time.
    sampled_s
        When their appearance was last sampled.
    taken_over
        Whether the body was followed as another person's and no detection has shown it since. While a track moves from
        one body to the other, its pose has parts of both.
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
        """Whether the person is out of sight."""
        return self.body is None

    def settle(self) -> None:
        """Adopt the body's present motion as the person's."""
        assert self.body is not None
        self.motion = motion_of(self.body.places)

    def stay(self) -> None:
        """Adopt the body's present place, and expect the person to stand still."""
        self.settle()
        self.motion = replace(self.motion, velocity_x_px_s=0.0, velocity_y_px_s=0.0)

    def hide(self) -> None:
        """Mark as out of sight until found again."""
        self.body = None

    def export(self) -> dict[str, Any]:
        """Return plain JSON values, under the names that stored poses use."""
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
    """Give each track the other's body: their numbers had been exchanged."""
    first.body, second.body = second.body, first.body
    first.side_px, second.side_px = second.side_px, first.side_px

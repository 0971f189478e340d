"""People in a video of several shots: after a cut nobody is known, and nobody gets a number that was given before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vidpose.pose.estimator import PoseEstimator, State
from vidpose.pose.sampling import FrameResult, Sampler, SamplingSettings
from vidpose.types.picture import Picture


class ShotSampler:
    """A :class:`~vidpose.pose.sampling.Sampler` that can begin a new shot, with everybody in it unknown.

    Parameters
    ----------
    estimator, settings
        As for the sampler.
    """

    def __init__(self, estimator: PoseEstimator, settings: SamplingSettings) -> None:
        self._estimator = estimator
        self._sampler = Sampler(estimator, settings)
        self._first_number = 0  # of this shot's people
        self._next_number = 0  # that nobody has had
        self._earlier: dict[int, Sequence[float]] = {}  # appearances of people of earlier shots of this segment

    def feed(self, picture: Picture, time_s: float, *, always: bool = False) -> list[FrameResult]:
        """See :meth:`vidpose.pose.sampling.Sampler.feed`."""
        return self._numbered(self._sampler.feed(picture, time_s, always=always))

    def flush(self) -> list[FrameResult]:
        """See :meth:`vidpose.pose.sampling.Sampler.flush`."""
        return self._numbered(self._sampler.flush())

    def begin_shot(self) -> list[FrameResult]:
        """Return the results still missing of the shot that ends, and forget everybody in it."""
        results = self.flush()
        self._earlier = dict(self.appearances())
        self._estimator.forget()
        self._first_number = self._next_number
        return results

    def appearances(self) -> Mapping[int, Sequence[float]]:
        """Return the colours of everybody known since the segment began, see ``PoseEstimator.appearances``."""
        known = {self._first_number + number: values for number, values in self._estimator.appearances().items()}
        return {**self._earlier, **known}

    def export_state(self) -> dict[str, Any]:
        """Return everything that the next segment depends on: plain JSON values."""
        self._earlier = {}
        numbers = {"first": self._first_number, "next": self._next_number}
        return {"estimator": self._sampler.export_state(), "numbers": numbers}

    def restore_state(self, state: State) -> None:
        """Continue after the segment whose state this is."""
        self._sampler.restore_state(state["estimator"])
        self._first_number, self._next_number = state["numbers"]["first"], state["numbers"]["next"]

    def _numbered(self, results: Iterable[FrameResult]) -> list[FrameResult]:
        numbered = []
        for result in results:
            people = tuple(replace(one, person=self._first_number + one.person) for one in result.people)
            self._next_number = max([self._next_number, *(one.person + 1 for one in people)])
            numbered.append(replace(result, people=people))
        return numbered

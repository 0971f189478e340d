"""Who is who across two chains of a video."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vidpose.planning.chains import PoseSeries
from vidpose.planning.joining import Seam, SeamSettings, seam_disagreement
from vidpose.pose.identity.appearance import appearance_distance
from vidpose.pose.identity.assignment import assign
from vidpose.pose.identity.people_settings import PeopleSettings

Evidence = Literal["position", "appearance", "new"]


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Which person a person of the later chain is.

    Attributes
    ----------
    later
        Number in the later chain.
    number
        Number from now on: the earlier chain's, or a new one.
    by
        What decided: landmarks in the same place, the same appearance, or nothing (a new person).
    disagreement
        Torso lengths for ``position``, distance of appearances (0 to 1) for ``appearance``, None for ``new``.
    """

    later: int
    number: int
    by: Evidence
    disagreement: float | None


@dataclass(frozen=True, slots=True)
class PeopleMatch:
    """Which people those of a later chain are."""

    people: tuple[SamePerson, ...]

    @property
    def numbers(self) -> dict[int, int]:
        """The number from now on of each person of the later chain."""
        return {same.later: same.number for same in self.people}

    def seam(self, segment: int, time_s: float, settings: SeamSettings | None = None) -> Seam:
        """Return the border for the record: the largest disagreement among people matched by position.

        Parameters
        ----------
        segment, time_s
            Number and first time of the segment after the border.
        settings
            The disagreement above which nothing is joined across the border; None for the defaults.
        """
        limit = (settings or SeamSettings()).max_disagreement
        apart = [same.disagreement for same in self.people if same.by == "position" and same.disagreement is not None]
        if not apart:
            return Seam(segment, time_s, "not_comparable", None)
        return Seam(segment, time_s, "agrees" if max(apart) <= limit else "disagrees", max(apart))


def match_people(
    earlier: PoseSeries,
    later: PoseSeries,
    settings: PeopleSettings,
    may_be_same: Callable[[int, int], bool] = lambda _earlier, _later: True,
) -> PeopleMatch:
    """Match the people of a later chain with those of the earlier one.

    Both chains contain the later one's warm-up frames. People in the same place there are the same person (assignment
    by :func:`vidpose.planning.joining.seam_disagreement`). Of the others, two who were never seen in the same frame are
    the same person if their appearances agree; two who were seen in one frame in different places are not, and those of
    whom ``may_be_same`` denies it. All others get a new number.
    """
    apart: dict[tuple[int, int], float | None] = {
        (a, b): seam_disagreement(earlier.people[a], later.people[b], later.warmup)
        for a in earlier.people
        for b in later.people
    }

    def by_position(a: int, b: int) -> float | None:
        return apart[a, b]

    def by_appearance(a: int, b: int) -> float | None:
        if apart[a, b] is not None or not may_be_same(a, b):
            return None
        return appearance_distance(earlier.appearances.get(a, ()), later.appearances.get(b, ()))

    found = _same(earlier.people, later.people, by_position, settings.max_disagreement, "position")
    known, numbered = {same.number for same in found}, {same.later for same in found}
    others, unknown = set(earlier.people) - known, set(later.people) - numbered
    found += _same(others, unknown, by_appearance, settings.max_appearance_distance, "appearance")
    numbered = {same.later for same in found}
    new = max(earlier.people, default=-1) + 1
    for number in sorted(set(later.people) - numbered):
        found.append(SamePerson(number, new, "new", None))
        new += 1
    return PeopleMatch(tuple(sorted(found, key=lambda same: same.later)))


def _same(
    earlier: Collection[int],
    later: Collection[int],
    cost: Callable[[int, int], float | None],
    max_cost: float,
    by: Evidence,
) -> list[SamePerson]:
    rows, columns = sorted(earlier), sorted(later)
    table = np.array([[cost(a, b) for b in columns] for a in rows], dtype=np.float64).reshape(len(rows), len(columns))
    return [SamePerson(columns[b], rows[a], by, float(table[a, b])) for a, b in assign(table, max_cost)]

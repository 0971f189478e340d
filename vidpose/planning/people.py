"""Who is who across two chains of a video, and who of those found is the main person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vidpose.planning.chains import Stretch
from vidpose.planning.joining import Seam, SeamSettings, seam_disagreement
from vidpose.planning.likeness import assign, look_distance
from vidpose.types.arrays import Float32Array, FloatArray
from vidpose.types.findings import Finding
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX

Evidence = Literal["position", "appearance", "new"]


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """Who counts as a person, and as the same person.

    Attributes
    ----------
    min_seen_s
        Somebody seen for less time is taken for a false alarm, s. Ours: reflections and objects last some frames.
    min_seen_share
        In short videos, the share of the video that is enough instead. Ours.
    max_disagreement
        Torso lengths between the two sides of a border above which they show different people. Ours: where the same
        person was found, sides differed by up to 0.25; neighbours stand 1 and more apart.
    max_look_distance
        Distance of appearances, 0 to 1, above which they are different people. Ours.
    clear_margin
        The choice of the main person is told about when the runner-up is less prominent by less than this share. Ours.
    """

    min_seen_s: float = 0.5
    min_seen_share: float = 0.2
    max_disagreement: float = 0.6
    max_look_distance: float = 0.30
    clear_margin: float = 0.2

    def __post_init__(self) -> None:
        if self.min_seen_s < 0:
            raise ValueError(f"min_seen_s: expected 0 or more, got {self.min_seen_s}")
        if self.max_disagreement <= 0:
            raise ValueError(f"max_disagreement: expected more than 0, got {self.max_disagreement}")
        for name in ("min_seen_share", "max_look_distance", "clear_margin"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Who a person of the later chain is.

    Attributes
    ----------
    later
        Number in the later chain.
    number
        Number from now on: that of the earlier chain, or a new one.
    by
        What told: landmarks in the same place, looking alike, or nothing (somebody new).
    disagreement
        Torso lengths for ``position``, distance of looks (0 to 1) for ``appearance``, None for ``new``.
    """

    later: int
    number: int
    by: Evidence
    disagreement: float | None


@dataclass(frozen=True, slots=True)
class PeopleMatch:
    """Who the people of a later chain are, by their numbers there."""

    people: tuple[SamePerson, ...]

    @property
    def numbers(self) -> dict[int, int]:
        """The number from now on of each person of the later chain."""
        return {same.later: same.number for same in self.people}

    def seam(self, segment: int, time_s: float, settings: SeamSettings | None = None) -> Seam:
        """Return the border for the record: how far those apart are who differ most of those in the same place.

        Parameters
        ----------
        segment, time_s
            Number and first time of the segment after the border.
        settings
            Says from which disagreement on nothing is joined across the border; None for the defaults.
        """
        limit = (settings or SeamSettings()).max_disagreement
        apart = [same.disagreement for same in self.people if same.by == "position" and same.disagreement is not None]
        if not apart:
            return Seam(segment, time_s, "not_comparable", None)
        return Seam(segment, time_s, "agrees" if max(apart) <= limit else "disagrees", max(apart))


@dataclass(frozen=True, slots=True)
class Seen:
    """How much there is to see of a person: time, share of the frames, body height in pixels."""

    number: int
    seen_s: float
    share: float
    height_px: float

    @property
    def prominence(self) -> float:
        """Height in pixels x share of the frames."""
        return self.height_px * self.share

    def as_dict(self) -> dict[str, float]:
        """Return plain JSON values."""
        return {
            "person": self.number,
            "seen_s": round(self.seen_s, 3),
            "share": round(self.share, 4),
            "height_px": round(self.height_px, 1),
        }


@dataclass(frozen=True, slots=True)
class ChosenPeople:
    """Whom to keep, the main person first.

    Attributes
    ----------
    people
        Those who are kept, most prominent first.
    dropped
        Those who were seen too short.
    margin
        How much less prominent the runner-up is, 0 (equally) to 1 (not at all); None when there is no other.
    findings
        What to tell about the choice.
    """

    people: tuple[Seen, ...]
    dropped: tuple[Seen, ...]
    margin: float | None
    findings: tuple[Finding, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """Numbers of those who are kept, the main person first."""
        return tuple(seen.number for seen in self.people)


def match_people(earlier: Stretch, later: Stretch, settings: PeopleSettings) -> PeopleMatch:
    """Tell who of the earlier chain the people of the later one are.

    Both chains have seen the later one's warm-up frames. Whoever is in the same place there is the same person
    (assignment by :func:`vidpose.planning.joining.seam_disagreement`). Of the others, two who were never seen in the
    same frame may be one person who looks alike; two who were seen in one frame in different places are not. Anybody
    else gets a new number.
    """
    apart: dict[tuple[int, int], float | None] = {
        (a, b): seam_disagreement(earlier.people[a], later.people[b], later.warmup)
        for a in earlier.people
        for b in later.people
    }

    def place(a: int, b: int) -> float | None:
        return apart[a, b]

    def look(a: int, b: int) -> float | None:
        if apart[a, b] is not None:
            return None
        return look_distance(earlier.looks.get(a, ()), later.looks.get(b, ()))

    found = _same(earlier.people, later.people, place, settings.max_disagreement, "position")
    known, told = {same.number for same in found}, {same.later for same in found}
    others, unknown = set(earlier.people) - known, set(later.people) - told
    found += _same(others, unknown, look, settings.max_look_distance, "appearance")
    told = {same.later for same in found}
    new = max(earlier.people, default=-1) + 1
    for number in sorted(set(later.people) - told):
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


def choose_people(tracks: Mapping[int, PoseTrack], settings: PeopleSettings) -> ChosenPeople:
    """Leave out who was seen too short, and put the main person first.

    The main person is the one with the largest product of median body height in pixels and share of frames seen
    (ours). Of the rules that Sports2D offers, clicking needs somebody at the screen, the largest size alone prefers a
    passer-by who walks past the camera, the most frames alone prefers a spectator at the back, the greatest
    displacement fails for exercises on the spot, and confidence hardly differs between people. The product is what a
    viewer would say: the film is about whoever fills most of the picture most of the time. Equal products go to the
    smaller number. Somebody is always kept.

    Parameters
    ----------
    tracks
        One track per person by number, over the same frames.
    settings
        Who was seen too short, and when the choice is unclear.
    """
    everybody = sorted((_seen(number, track) for number, track in tracks.items()), key=_rank)
    long_enough = [
        seen for seen in everybody if seen.share > 0 and seen.seen_s >= _least_s(tracks[seen.number], settings)
    ]
    kept = long_enough or everybody[:1]
    dropped = [seen for seen in everybody if seen not in kept]
    margin = None
    if len(kept) > 1 and kept[0].prominence > 0:
        margin = 1.0 - kept[1].prominence / kept[0].prominence
    findings = _choice_findings(kept, dropped, margin, settings)
    return ChosenPeople(tuple(kept), tuple(dropped), margin, findings)


def _choice_findings(
    kept: Sequence[Seen], dropped: Sequence[Seen], margin: float | None, settings: PeopleSettings
) -> tuple[Finding, ...]:
    findings = []
    if margin is not None and margin < settings.clear_margin:
        message = f"person 1 is {margin:.0%} less prominent than person 0, who is taken for the main person"
        people = [seen.as_dict() for seen in kept]
        findings.append(Finding("main_person_unclear", message, "info", {"margin": round(margin, 4), "people": people}))
    if dropped:
        longest = max(seen.seen_s for seen in dropped)
        message = f"{len(dropped)} left out as seen for {longest:.2f} s at most"
        details = {"dropped": [seen.as_dict() for seen in dropped]}
        findings.append(Finding("people_seen_too_short", message, "info", details))
    return tuple(findings)


def _rank(seen: Seen) -> tuple[float, int]:
    return -seen.prominence, seen.number


def _seen(number: int, track: PoseTrack) -> Seen:
    asked = track.estimated
    share = float(np.mean(track.found[asked])) if asked.any() else 0.0
    heights = _heights_px(track.image_px[track.found])
    known = heights[np.isfinite(heights)]
    height = float(np.median(known)) if len(known) else 0.0
    return Seen(number, share * _duration_s(track), share, height)


def _least_s(track: PoseTrack, settings: PeopleSettings) -> float:
    return min(settings.min_seen_s, settings.min_seen_share * _duration_s(track))


def _duration_s(track: PoseTrack) -> float:
    times = track.timestamps_s
    return float(times[-1] - times[0] + np.median(np.diff(times))) if len(times) > 1 else 0.0


def _heights_px(image_px: Float32Array) -> FloatArray:
    """Return the height of the body, straightened, from nose to ankle, px, shape (T,); squatting changes little."""

    def at(name: str) -> Float32Array:
        place: Float32Array = image_px[:, LANDMARK_INDEX[name]]
        return place

    def length(first: Float32Array, second: Float32Array) -> FloatArray:
        px: FloatArray = np.linalg.norm(np.asarray(first - second, dtype=np.float64), axis=1)
        return px

    def middle(name: str) -> Float32Array:
        place: Float32Array = np.divide(at(f"left_{name}") + at(f"right_{name}"), 2, dtype=np.float32)
        return place

    shoulders, hips = middle("shoulder"), middle("hip")
    legs = [
        length(at(f"{side}_hip"), at(f"{side}_knee")) + length(at(f"{side}_knee"), at(f"{side}_ankle"))
        for side in ("left", "right")
    ]
    height_px: FloatArray = length(at("nose"), shoulders) + length(shoulders, hips) + np.fmax(*legs)
    return height_px

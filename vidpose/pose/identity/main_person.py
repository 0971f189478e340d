"""Who is the main person of a video, and who was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vidpose.pose.identity.people_settings import PeopleSettings, PicturePlace
from vidpose.pose.identity.prominence import Prominence, duration_s, heights_px, prominence_of
from vidpose.types.arrays import FloatArray
from vidpose.types.findings import Finding
from vidpose.types.pose import PoseTrack

_REACH = 0.25  # body heights around a figure within which a place still points at it (ours)
_AROUND_S = 0.5  # how far from the stated time the person may be seen, s (ours)


@dataclass(frozen=True, slots=True)
class ChosenPeople:
    """The people to keep, the main person first.

    Attributes
    ----------
    people
        People who are kept, most prominent first; the one who was asked for before all others.
    dropped
        Who was left out.
    margin
        How much less prominent the runner-up is, 0 (equally) to 1 (not at all); None when there is no other, or the
        main person was asked for.
    findings
        Remarks about the choice.
    """

    people: tuple[Prominence, ...]
    dropped: tuple[Prominence, ...]
    margin: float | None
    findings: tuple[Finding, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """Numbers of the people who are kept, the main person first."""
        return tuple(seen.number for seen in self.people)


def choose_people(tracks: Mapping[int, PoseTrack], settings: PeopleSettings) -> ChosenPeople:
    """Leave out people seen too briefly, and put the main person first.

    The main person is the one with the largest product of median body height in pixels, share of frames seen, and
    movement (ours). Of the rules that Sports2D offers, clicking needs an operator, the largest size alone prefers a
    passer-by close to the camera, the most frames alone prefer a spectator in the background, the greatest
    displacement fails for exercises on the spot, and confidence hardly differs between people. The product follows a
    viewer's judgement: the video is about the person who fills most of the picture for most of the time, and moves.
    Movement only tells who moves from who does not, as a poster or somebody who watches: more of it does not count.
    Equal products go to the smaller number. Left out is also whose landmarks move as no body does.

    Parameters
    ----------
    tracks
        One track per person by number, over the same frames.
    settings
        Who is asked for, who was seen too briefly, and when the choice is unclear.
    """
    everybody = sorted((prominence_of(number, track, settings) for number, track in tracks.items()), key=_rank)
    lasting = [seen for seen in everybody if seen.share > 0 and seen.seen_s >= _least_s(tracks[seen.number], settings)]
    kept = [seen for seen in lasting if seen.is_body]
    asked, notes = _asked_for(everybody, kept, tracks, settings)
    margin = None
    if asked is not None:
        kept = [asked, *(seen for seen in kept if seen is not asked)]
    elif len(kept) > 1 and kept[0].prominence > 0:
        margin = 1.0 - kept[1].prominence / kept[0].prominence
    brief = [seen for seen in everybody if seen not in lasting and seen not in kept]
    objects = [seen for seen in lasting if seen not in kept]
    findings = (*notes, *_unclear(kept, margin, settings), *_left_out(brief, objects))
    return ChosenPeople(tuple(kept), (*brief, *objects), margin, findings)


def _asked_for(
    everybody: Sequence[Prominence],
    kept: Sequence[Prominence],
    tracks: Mapping[int, PoseTrack],
    settings: PeopleSettings,
) -> tuple[Prominence | None, list[Finding]]:
    """Return the person whom the settings name, and what is to be said when there is none."""
    if settings.person_at is not None:
        place = PicturePlace.read(settings.person_at)
        number = person_at({seen.number: tracks[seen.number] for seen in kept}, place)
        number = person_at(tracks, place) if number is None else number
        found = next((seen for seen in everybody if seen.number == number), None)
        wanted = f"nobody was seen at {settings.person_at}"
    elif settings.person is not None:
        found = kept[settings.person] if settings.person < len(kept) else None
        wanted = f"there is no person {settings.person}: people are numbered from 0, and {len(kept)} were found"
    else:
        return None, []
    if found is not None or not kept:
        return found, []
    details = {"person": settings.person, "person_at": settings.person_at}
    return None, [Finding("person_not_there", f"{wanted}; the most prominent person is person 0", details=details)]


def person_at(tracks: Mapping[int, PoseTrack], place: PicturePlace) -> int | None:
    """Return the number of the person who is at a place in the picture; None when nobody is.

    Without a time it is who is there first. Of several, it is the one the middle of whose body is nearest.

    Parameters
    ----------
    tracks
        One track per person by number, over the same frames.
    place
        Where, and when.
    """
    best: tuple[float, float, int] | None = None
    for number, track in sorted(tracks.items()):
        apart = _distance_bh(track, place)
        late_s = track.timestamps_s - place.time_s if place.time_s is not None else track.timestamps_s
        late_s = np.abs(late_s) if place.time_s is not None else late_s - late_s[:1]
        there = np.isfinite(apart) & ((late_s <= _AROUND_S) if place.time_s is not None else True)
        if there.any():
            frame = int(np.flatnonzero(there)[np.argmin(late_s[there])])
            candidate = (float(late_s[frame]), float(apart[frame]), number)
            best = candidate if best is None else min(best, candidate)
    return None if best is None else best[2]


def _distance_bh(track: PoseTrack, place: PicturePlace) -> FloatArray:
    """Return how far a place is from the middle of a body, body heights, shape (T,); NaN out of its reach."""
    with np.errstate(invalid="ignore"):
        px = track.image_px.astype(np.float64)
        low, high = np.fmin.reduce(px, axis=1), np.fmax.reduce(px, axis=1)
        height_px = heights_px(track.image_px)
        point = np.array([place.x_px, place.y_px])
        outside = np.hypot(*np.maximum(np.maximum(low - point, point - high), 0.0).T)
        middle = np.hypot(*((low + high) / 2.0 - point).T)
        apart: FloatArray = np.where(outside <= _REACH * height_px, middle / height_px, np.nan)
    return apart


def people_not_followed(n_people: int) -> Iterator[Finding]:
    """Yield how many people were detected at once beyond those who may be tracked, when there were any."""
    if n_people:
        were = "person was" if n_people == 1 else "people were"
        message = f"at least {n_people} more {were} in the picture than are tracked at once"
        yield Finding("people_not_followed", message, "info", {"n_people": n_people})


def _unclear(kept: Sequence[Prominence], margin: float | None, settings: PeopleSettings) -> Iterator[Finding]:
    if margin is not None and margin < settings.clear_margin:
        message = f"person 1 is {margin:.0%} less prominent than person 0, who is taken as the main person"
        people = [seen.as_dict() for seen in kept]
        yield Finding("main_person_unclear", message, "info", {"margin": round(margin, 4), "people": people})


def _left_out(brief: Sequence[Prominence], objects: Sequence[Prominence]) -> Iterator[Finding]:
    if brief:
        longest = max(seen.seen_s for seen in brief)
        were = "1 person was" if len(brief) == 1 else f"{len(brief)} people were"
        message = f"{were} left out: seen for at most {longest:.2f} s"
        yield Finding("people_seen_too_short", message, "info", {"dropped": [seen.as_dict() for seen in brief]})
    if objects:
        least = min(seen.trembling_bh for seen in objects)
        were = "1 figure was" if len(objects) == 1 else f"{len(objects)} figures were"
        message = (
            f"{were} left out: the landmarks jump by {least:.0%} of the body's height from frame to frame, as on an "
            "object or a pattern"
        )
        yield Finding("objects_left_out", message, "info", {"dropped": [seen.as_dict() for seen in objects]})


def _rank(seen: Prominence) -> tuple[float, int]:
    return -seen.prominence, seen.number


def _least_s(track: PoseTrack, settings: PeopleSettings) -> float:
    return min(settings.min_seen_s, settings.min_seen_share * duration_s(track))

"""Who is the main person of a video, and who was seen too briefly to count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vidpose.pose.identity.people_settings import PeopleSettings
from vidpose.types.arrays import Float32Array, FloatArray
from vidpose.types.findings import Finding
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX


@dataclass(frozen=True, slots=True)
class Prominence:
    """How prominent a person is: time in view, share of the frames, body height in pixels."""

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
    """The people to keep, the main person first.

    Attributes
    ----------
    people
        People who are kept, most prominent first.
    dropped
        People who were seen too briefly.
    margin
        How much less prominent the runner-up is, 0 (equally) to 1 (not at all); None when there is no other.
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

    The main person is the one with the largest product of median body height in pixels and share of frames seen
    (ours). Of the rules that Sports2D offers, clicking needs an operator, the largest size alone prefers a passer-by
    close to the camera, the most frames alone prefer a spectator in the background, the greatest displacement fails for
    exercises on the spot, and confidence hardly differs between people. The product follows a viewer's judgement: the
    video is about the person who fills most of the picture for most of the time. Equal products go to the smaller
    number. At least one person is kept.

    Parameters
    ----------
    tracks
        One track per person by number, over the same frames.
    settings
        Who was seen too briefly, and when the choice is unclear.
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
    kept: Sequence[Prominence], dropped: Sequence[Prominence], margin: float | None, settings: PeopleSettings
) -> tuple[Finding, ...]:
    findings = []
    if margin is not None and margin < settings.clear_margin:
        message = f"person 1 is {margin:.0%} less prominent than person 0, who is taken as the main person"
        people = [seen.as_dict() for seen in kept]
        findings.append(Finding("main_person_unclear", message, "info", {"margin": round(margin, 4), "people": people}))
    if dropped:
        longest = max(seen.seen_s for seen in dropped)
        message = f"{len(dropped)} people were left out: none was seen for more than {longest:.2f} s"
        details = {"dropped": [seen.as_dict() for seen in dropped]}
        findings.append(Finding("people_seen_too_short", message, "info", details))
    return tuple(findings)


def _rank(seen: Prominence) -> tuple[float, int]:
    return -seen.prominence, seen.number


def _seen(number: int, track: PoseTrack) -> Prominence:
    asked = track.estimated
    share = float(np.mean(track.found[asked])) if asked.any() else 0.0
    heights = _heights_px(track.image_px[track.found])
    known = heights[np.isfinite(heights)]
    height = float(np.median(known)) if len(known) else 0.0
    return Prominence(number, share * _duration_s(track), share, height)


def _least_s(track: PoseTrack, settings: PeopleSettings) -> float:
    return min(settings.min_seen_s, settings.min_seen_share * _duration_s(track))


def _duration_s(track: PoseTrack) -> float:
    times = track.timestamps_s
    return float(times[-1] - times[0] + np.median(np.diff(times))) if len(times) > 1 else 0.0


def _heights_px(image_px: Float32Array) -> FloatArray:
    """Return the length of the straightened body from nose to ankle, px, shape (T,); squatting changes it little."""

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

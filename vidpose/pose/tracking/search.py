"""When and where to search for people, and which of those detected are not followed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from vidpose.pose.identity.track import Track
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.pose.regions import Detection, Region
from vidpose.pose.tracking.views import View, around, squares, whole

_APART = 0.35  # of a region's side: closer detections are counted once (ours)
_SLACK_S = 1e-6  # frames exactly one interval apart count as one interval apart


@dataclass(slots=True)
class Search:
    """The searches so far: times of the latest one of each kind, and how many views were taken in turn.

    ``calm_s``, ``alert_s`` and ``counted_s`` are None before the first search of that kind; ``n_not_followed`` is the
    largest number of people who were detected at once beyond those who may be followed.
    """

    calm_s: float | None = None
    alert_s: float | None = None
    n_views: int = 0
    counted_s: float | None = None
    n_not_followed: int = 0

    def export(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    def due(
        self, time_s: float, size_px: tuple[int, int], tracks: Sequence[Track], settings: TrackingSettings, room: int
    ) -> list[View]:
        """Return the views to search in this frame, and remember that they are searched.

        At first every view. While no person is tracked, the whole picture, as MediaPipe's graph does, and one further
        view in turn. Otherwise where people are expected who are out of sight or not confirmed; else one view in turn
        at intervals, as long as more people may be followed.

        Parameters
        ----------
        time_s, size_px
            Time and size of the frame.
        tracks
            All known people.
        settings
            Intervals.
        room
            How many more people may be followed.
        """
        if self.calm_s is None or self.alert_s is None:
            self.calm_s = self.alert_s = time_s
            small = squares(size_px, max(2, max(size_px) // settings.small_views), settings.small_overlap)
            return _distinct([*_turns(size_px), *small]) if settings.parts else [whole(size_px)]
        if all(track.hidden for track in tracks):
            self.calm_s = self.alert_s = time_s
            return _distinct([whole(size_px), self._next(size_px, settings, first=1)])
        expected = [_expected(track, time_s, settings) for track in tracks if _is_sought(track, time_s, settings, room)]
        if expected and time_s - self.alert_s >= settings.alert_interval_s - _SLACK_S:
            self.alert_s = time_s
            return _distinct([around(region, size_px) if settings.parts else whole(size_px) for region in expected])
        if room and time_s - self.calm_s >= settings.calm_interval_s - _SLACK_S:
            self.calm_s = time_s
            return [self._next(size_px, settings)]
        return []

    def is_count_due(self, time_s: float, settings: TrackingSettings) -> bool:
        """Return whether it is time to look for people beyond those who may be followed; remember that it is done."""
        due = self.counted_s is None or time_s - self.counted_s >= settings.calm_interval_s - _SLACK_S
        if due:
            self.counted_s = time_s
        return due

    def _next(self, size_px: tuple[int, int], settings: TrackingSettings, first: int = 0) -> View:
        turns = _turns(size_px) if settings.parts else [whole(size_px)]
        choice = turns[first:] or turns
        self.n_views += 1
        return choice[self.n_views % len(choice)]


def _turns(size_px: tuple[int, int]) -> list[View]:
    """Return the views that are searched in turn: the whole picture, and squares of its full height or width."""
    return _distinct([whole(size_px), *squares(size_px, min(size_px))])


def _distinct(views: list[View]) -> list[View]:
    return list(dict.fromkeys(views))


def _is_sought(track: Track, time_s: float, settings: TrackingSettings, room: int) -> bool:
    if track.number is None:
        return not track.hidden
    return track.hidden and room > 0 and time_s - track.motion.time_s <= settings.alert_s


def _expected(track: Track, time_s: float, settings: TrackingSettings) -> Region:
    place = track.body.place if track.body is not None else track.motion.at(time_s, settings.max_forecast_s)
    return Region(place.x_px, place.y_px, track.side_px, 0.0)


@dataclass(slots=True)
class Newcomer:
    """A person not followed yet, and how many detections show them."""

    detection: Detection
    n_found: int = 1


def newcomers(found: Sequence[Detection], tracks: Sequence[Track], settings: TrackingSettings) -> list[Newcomer]:
    """Return the people not followed yet, in the order detected; count the others as detected again."""
    new: list[Newcomer] = []
    again: set[int] = set()
    for detection in found:
        followed = [track for track in tracks if _shows(detection.region, track, settings)]
        again |= {track.key for track in followed}
        if followed:
            continue
        same = [
            other
            for other in new
            if same_region(detection.region, other.detection.region, settings.same_detection, settings)
        ]
        for other in same:
            other.n_found += 1
        if not same:
            new.append(Newcomer(detection))
    for track in tracks:
        track.n_found += track.key in again
        track.taken_over &= track.key not in again
    return new


def count_others(found: Sequence[Detection], tracks: Sequence[Track], settings: TrackingSettings) -> int:
    """Return how many people were detected with confidence, away from everybody who is followed."""
    taken = [track.body.follower.region for track in tracks if track.body is not None]
    n_known = len(taken)
    for detection in found:
        new = detection.score >= settings.sure_score
        if new and not any(region is not None and _overlaps(detection.region, region) for region in taken):
            taken.append(detection.region)
    return len(taken) - n_known


def _overlaps(first: Region, second: Region) -> bool:
    limit = _APART * max(first.side_px, second.side_px)
    return abs(first.centre_x_px - second.centre_x_px) <= limit and abs(first.centre_y_px - second.centre_y_px) <= limit


def _shows(region: Region, track: Track, settings: TrackingSettings) -> bool:
    followed = track.body.follower.region if track.body is not None else None
    return followed is not None and same_region(region, followed, settings.same_region, settings)


def same_region(first: Region, second: Region, share: float, settings: TrackingSettings) -> bool:
    """Return whether two regions are similar enough to show one person."""
    larger, smaller = max(first.side_px, second.side_px), min(first.side_px, second.side_px)
    limit = share * larger
    return (
        larger <= settings.max_size_ratio * smaller
        and abs(first.centre_x_px - second.centre_x_px) <= limit
        and abs(first.centre_y_px - second.centre_y_px) <= limit
    )

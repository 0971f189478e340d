"""How well a body fits a person: by the position expected of them, and by their appearance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from vidpose.pose.identity.assignment import assign
from vidpose.pose.identity.body_motion import Place, distance
from vidpose.pose.identity.track import FollowedBody, Track
from vidpose.pose.identity.tracking_settings import TrackingSettings

_MAX_DRIFT_UNITS: Final = 2.0  # a wrong prediction never outweighs a clear difference of appearance (ours)
_UNKNOWN_DISTANCE: Final = 0.2  # assumed where an appearance is not known: between that of one person and of two (ours)


def drift(track: Track, place: Place, settings: TrackingSettings) -> float:
    """Return the distance of a place from where a person is expected, in sizes."""
    return distance(track.motion.at(place.time_s, settings.max_forecast_s), place)


def misfit(track: Track, body: FollowedBody, settings: TrackingSettings) -> float:
    """Return how badly a body fits a person, in units of evidence.

    Position counts as long as the prediction holds; its mean over the body's recent places recognises a person who has
    just turned round.
    """
    forecast = [place for place in body.places if abs(place.time_s - track.motion.time_s) <= settings.max_forecast_s]
    off = 0.0
    if forecast:
        mean = math.fsum(drift(track, place, settings) for place in forecast) / len(forecast)
        off = min(mean / settings.drift_scale, _MAX_DRIFT_UNITS)
    return off + _known(track.appearance.distance(body.appearance)) / settings.appearance_scale


def _known(unlike: float) -> float:
    return _UNKNOWN_DISTANCE if math.isnan(unlike) else unlike


def is_mixture(track: Track, settings: TrackingSettings) -> bool:
    """Return whether the pose of a person near another one seems to mix both bodies.

    Its colours differ too much from the person's, or the body was followed as the other person's until now.
    """
    if track.body is None:
        return False
    return track.taken_over or track.appearance.distance(track.body.appearance) > settings.max_own_distance


def swap_evidence(first: Track, second: Track, settings: TrackingSettings) -> float:
    """Return the evidence that two visible people have exchanged numbers, less the evidence that they have not."""
    assert first.body is not None
    assert second.body is not None
    straight = misfit(first, first.body, settings) + misfit(second, second.body, settings)
    crossed = misfit(first, second.body, settings) + misfit(second, first.body, settings)
    return straight - crossed


def takeover_evidence(hidden: Track, seen: Track, settings: TrackingSettings) -> float:
    """Return the evidence that a visible body belongs to the hidden person rather than to the one it is taken for."""
    assert seen.body is not None
    return misfit(seen, seen.body, settings) - misfit(hidden, seen.body, settings)


def recognise(
    bodies: Sequence[FollowedBody], hidden: Sequence[Track], settings: TrackingSettings, *, anywhere: bool
) -> list[tuple[int, int]]:
    """Return which hidden people have been found again, as pairs (body, hidden track).

    Parameters
    ----------
    bodies
        Newly detected bodies, with an appearance each.
    hidden
        Tracks of people out of sight.
    settings
        Thresholds.
    anywhere
        Whether appearance alone is enough; otherwise the body must be near where the person is expected.
    """
    costs = np.array([[_cost(body, track, settings, anywhere) for track in hidden] for body in bodies])
    return assign(costs.reshape(len(bodies), len(hidden)), math.inf)


def _cost(body: FollowedBody, track: Track, settings: TrackingSettings, anywhere: bool) -> float:
    """Return the misfit of a new body; NaN when it cannot be this person's."""
    unlike = track.appearance.distance(body.appearance)
    away_s = body.place.time_s - track.motion.time_s
    ratio = max(body.place.size_px, track.motion.size_px) / min(body.place.size_px, track.motion.size_px)
    near = (
        away_s <= settings.alert_s
        and ratio <= settings.max_size_ratio
        and drift(track, body.place, settings) <= settings.max_drift + settings.drift_growth_per_s * away_s
    )
    if near and not unlike > 2 * settings.max_appearance_distance:  # an unknown appearance (NaN) rules nothing out
        return misfit(track, body, settings)
    if anywhere and unlike <= settings.max_appearance_distance:
        return _MAX_DRIFT_UNITS + unlike / settings.appearance_scale
    return math.nan

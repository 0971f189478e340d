"""Tracks in which poses were estimated in some frames only, because sampling was asked for.

The rule (ours)
    Frames that were left out are gaps like any other: filled over at most ``max_gap_s`` and flagged as imputed. The
    filled series is filtered at the frame rate. Over ten real clips that came closest to the analysis of all frames;
    filtering the estimates' own series and interpolating then was never better, for knee angles by up to 0.5 and for
    their velocities by up to 10 degrees per second worse in the median. But a filter cannot take away noise that the
    estimates are too far apart to show, so samples between estimates that do not carry the cut-off count as
    unfiltered, as they do in a video of that frame rate.
"""

from __future__ import annotations

import numpy as np

from vidpose.types.arrays import BoolArray, Float32Array, FloatArray
from vidpose.types.pose import PoseTrack


def estimate_interval_s(timestamps_s: FloatArray, estimated: BoolArray) -> FloatArray:
    """Return how far apart the estimates around every frame are where frames between them were left out.

    Parameters
    ----------
    timestamps_s
        Seconds, shape (T,).
    estimated
        False where a frame was left out, shape (T,).

    Returns
    -------
    FloatArray
        Seconds, shape (T,); 0 where nothing beside the frame was left out, infinite before the first and after the
        last estimate. An estimate between two intervals has the longer one.
    """
    n_frames = len(timestamps_s)
    frame = np.arange(n_frames)
    before = np.maximum.accumulate(np.where(estimated, frame, -1))
    after = np.minimum.accumulate(np.where(estimated, frame, n_frames)[::-1])[::-1]
    known = (before >= 0) & (after < n_frames)
    inside = ~estimated & known
    interval_s = np.where(estimated, 0.0, np.inf)
    interval_s[inside] = timestamps_s[after[inside]] - timestamps_s[before[inside]]
    beside = np.where(inside, interval_s, 0.0)
    around = np.maximum(np.append(0.0, beside[:-1]), np.append(beside[1:], 0.0)) if n_frames else beside
    result: FloatArray = np.where(estimated, around, interval_s)
    return result


def known_visibility(track: PoseTrack) -> Float32Array:
    """Return the visibility of every landmark, shape (T, 33), also where nobody asked the model.

    A frame that was left out, or in which nobody was found, has the lower visibility of the estimates around it; NaN
    without any.
    """
    known = track.found
    if not known.any():
        return track.visibility
    frame = np.arange(track.n_frames)
    before = np.maximum.accumulate(np.where(known, frame, -1))
    after = np.minimum.accumulate(np.where(known, frame, track.n_frames)[::-1])[::-1]
    first, last = int(np.argmax(known)), int(frame[known][-1])
    around = track.visibility[np.maximum(before, first)], track.visibility[np.minimum(after, last)]
    result: Float32Array = np.fmin(*around)
    return result


def effective_rate_hz(track: PoseTrack) -> float:
    """Return the mean rate of the estimates; 0 for fewer than two."""
    times_s = track.timestamps_s[track.estimated]
    return float((len(times_s) - 1) / (times_s[-1] - times_s[0])) if len(times_s) > 1 else 0.0

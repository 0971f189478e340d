"""Left-right swaps: frames in which the pose model mistook the left limb for the right one.

Swapping the sides changes only the sign of d, left minus right. The signs sought are those for which d of all joints of
a group changes most steadily: every frame is predicted from the two before it (constant velocity), and the Viterbi
algorithm finds the signs of least cost for a whole section. Limbs that merely cross in a side view keep their velocity
through the crossing, whereas swapped sides reverse it. The formulation is ours; a comparison of single pairs of frames
mistakes crossings for swaps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.types.arrays import BoolArray, FloatArray, IntArray
from vidpose.types.findings import Finding
from vidpose.types.pose import LANDMARK_ARRAYS, PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX

Group = Literal["legs", "arms"]

GROUPS: Final[dict[Group, tuple[str, ...]]] = {
    "legs": ("hip", "knee", "ankle", "heel", "foot_index"),
    "arms": ("shoulder", "elbow", "wrist", "pinky", "index", "thumb"),
}
"""Joints whose sides are swapped together."""

_EVIDENCE: Final[dict[Group, tuple[str, ...]]] = {
    "legs": ("hip", "knee", "ankle", "foot_index"),
    "arms": ("shoulder", "elbow", "wrist"),
}
"""Joints that enter the decision; a joint next to another one adds no information."""

_PAIRS: Final = ((0, 0), (0, 1), (1, 0), (1, 1))
"""States: whether the previous and the present frame are swapped. A state's number is 2 * first + second."""


@dataclass(frozen=True, slots=True)
class SwapSettings:
    """Detection of left-right swaps. Ours, chosen on rendered people with injected swaps and on real clips.

    Attributes
    ----------
    flip_cost
        Cost of a change of sides: the logarithm of the factor by which the squared residuals must decrease.
    frame_cost
        Additional cost of every swapped frame: of the two ways to label the sides, the rarer one is the swap.
    noise_bh
        Residual of the prediction that is explained by jitter, body heights. 0.015: the model's jitter of about 0.004
        times sqrt(2) for two sides times sqrt(6) for the second difference.
    clear_bh
        Distance between the limbs, body heights, from which on a change of sides costs ``flip_cost``. It costs
        proportionally less for limbs that are closer together, where a swap is hardly visible.
    min_margin
        Least gain of a swap beyond its cost; weaker ones are not reported.
    max_step_s
        Longest time between two frames over which a limb is predicted, s; a longer one begins a new section. 0.07
        suffices for 15 frames per second; slower video is not checked.
    min_joints
        Least number of joints of the group with both sides visible; other frames are left out.
    """

    flip_cost: float = 2.0
    frame_cost: float = 0.1
    noise_bh: float = 0.015
    clear_bh: float = 0.1
    min_margin: float = 2.0
    max_step_s: float = 0.07
    min_joints: int = 2

    def __post_init__(self) -> None:
        for name in ("noise_bh", "clear_bh", "max_step_s", "min_joints"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected above 0, got {getattr(self, name)}")
        for name in ("flip_cost", "frame_cost", "min_margin"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}: expected at least 0, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Swap:
    """Frames ``[start, stop)`` in which the sides of a group are swapped.

    ``margin`` is the gain beyond the cost, in the unit of :attr:`SwapSettings.flip_cost`. Frames that were left out
    but lie between swapped ones are included.
    """

    group: Group
    start: int
    stop: int
    margin: float


def find_swaps(
    image_px: FloatArray, timestamps_s: FloatArray, stretch: IntArray, settings: SwapSettings | None = None
) -> tuple[Swap, ...]:
    """Return where the sides of the legs or the arms are swapped.

    Continuity cannot show which of the two ways of labelling the sides is the wrong one; it is taken to be the one that
    holds for fewer frames of a section. Swaps of overlapping limbs are not found, as they change nothing. Where limbs
    overlap for some time, the beginning or the end of a swap can be misplaced.

    Parameters
    ----------
    image_px
        Landmarks as estimated, not filtered, shape (T, 33, 2); NaN where they are not trusted.
    timestamps_s
        Seconds, shape (T,).
    stretch
        Number of the stretch of every frame, shape (T,), -1 outside; no swap reaches across two.
    settings
        See :class:`SwapSettings`; the defaults when None.

    Returns
    -------
    tuple of Swap
        In order of group and time.
    """
    settings = settings or SwapSettings()
    if len(timestamps_s) < 3:
        return ()
    height_px = local_height_px(pose_height_px(image_px), timestamps_s, stretch)
    found: list[Swap] = []
    for group in GROUPS:
        apart = _left_minus_right(image_px, group) / height_px[:, None, None]
        usable = (np.isfinite(apart).all(axis=2).sum(axis=1) >= settings.min_joints) & (stretch >= 0)
        for frames in _sections(np.flatnonzero(usable), timestamps_s, stretch, settings):
            found += _swaps_of_section(group, frames, apart[frames], timestamps_s[frames], settings)
    return tuple(found)


def repair_swaps(track: PoseTrack, swaps: Sequence[Swap]) -> PoseTrack:
    """Return the track with the swaps undone in pixels, depth, world landmarks and confidences."""
    order = np.tile(np.arange(len(LANDMARK_INDEX)), (track.n_frames, 1))
    for swap in swaps:
        left, right = _columns(GROUPS[swap.group])
        rows = slice(swap.start, swap.stop)
        order[rows, left], order[rows, right] = order[rows, right].copy(), order[rows, left].copy()
    changed = {
        name: np.take_along_axis(values, order if values.ndim == 2 else order[:, :, None], axis=1)
        for name in LANDMARK_ARRAYS
        for values in (getattr(track, name),)
    }
    return replace(track, **changed)


def describe_swaps(swaps: Sequence[Swap], timestamps_s: FloatArray, *, repaired: bool) -> Iterator[Finding]:
    """Yield one finding per group with swapped sides.

    Parameters
    ----------
    swaps
        Result of :func:`find_swaps`.
    timestamps_s
        Seconds, shape (T,).
    repaired
        Whether the swaps were undone.
    """
    for group in GROUPS:
        spans = [swap for swap in swaps if swap.group == group]
        if not spans:
            continue
        n_frames = sum(swap.stop - swap.start for swap in spans)
        times_s = [[round(float(timestamps_s[i]), 3) for i in (swap.start, swap.stop - 1)] for swap in spans]
        yield Finding(
            "sides_swapped",
            f"left and right {group} are swapped in {n_frames} of {len(timestamps_s)} frames, first at "
            f"{times_s[0][0]:.2f} s; " + ("the swaps were undone" if repaired else "the swaps were not undone"),
            severity="info" if repaired else "warning",
            details={"group": group, "n_frames": n_frames, "spans_s": times_s, "repaired": repaired},
        )


def _columns(joints: Sequence[str]) -> tuple[list[int], list[int]]:
    left, right = ([LANDMARK_INDEX[f"{side}_{joint}"] for joint in joints] for side in ("left", "right"))
    return left, right


def _left_minus_right(image_px: FloatArray, group: Group) -> FloatArray:
    """Return the vectors from the right joints to the left ones, pixels, shape (T, joints, 2)."""
    left, right = _columns(_EVIDENCE[group])
    return image_px[:, left].astype(np.float64) - image_px[:, right]


def _sections(
    frames: IntArray, timestamps_s: FloatArray, stretch: IntArray, settings: SwapSettings
) -> Iterator[IntArray]:
    """Yield runs of at least three usable frames that follow each other closely within one stretch."""
    if len(frames) < 3:
        return
    cut = (np.diff(timestamps_s[frames]) > settings.max_step_s) | (np.diff(stretch[frames]) != 0)
    for section in np.split(frames, np.flatnonzero(cut) + 1):
        if len(section) >= 3:
            yield section


def _swaps_of_section(
    group: Group, frames: IntArray, apart: FloatArray, times_s: FloatArray, settings: SwapSettings
) -> Iterator[Swap]:
    cost, change = _going_on(apart, times_s, settings), _changing(apart, settings)
    swapped = _cheapest(cost, change, settings.frame_cost)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], swapped, [False]]).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2):
        margin = _margin(cost, change, (int(start), int(stop)), settings.frame_cost)
        if margin >= settings.min_margin:
            yield Swap(group, int(frames[start]), int(frames[stop - 1]) + 1, margin)


def _going_on(apart: FloatArray, times_s: FloatArray, settings: SwapSettings) -> FloatArray:
    """Return the prediction cost of every frame from the two before it, shape (T - 2, 2, 2).

    The axes are: frame, from the third; whether the sides change on the way into the frame before it; whether they
    change on the way into the frame. A joint's cost is log(1 + (residual / noise)^2), as of a heavy-tailed error, so
    that one lost joint cannot outvote the others; the mean over the joints with a value counts.
    """
    step_s = np.diff(times_s)
    ratio = (step_s[1:] / step_s[:-1])[:, None, None]
    cost = np.zeros((len(times_s) - 2, 2, 2))
    for before, sign_before in enumerate((1.0, -1.0)):
        for now, sign_now in enumerate((1.0, -1.0)):
            residual = sign_now * apart[2:] - apart[1:-1] - (apart[1:-1] - sign_before * apart[:-2]) * ratio
            square = np.sum(residual**2, axis=2) / settings.noise_bh**2
            known = np.isfinite(square)
            cost[:, before, now] = np.log1p(np.where(known, square, 0.0)).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return cost


def _changing(apart: FloatArray, settings: SwapSettings) -> FloatArray:
    """Return the cost of a change of sides before every frame, shape (T,); before the first one it is free.

    Where limbs overlap a swap is invisible: there the change costs little, and the frames before and after decide.
    """
    known = np.isfinite(apart[:, :, 0])
    square = np.where(known, np.sum(np.square(apart), axis=2), 0.0).sum(axis=1)
    distance = np.sqrt(square / np.maximum(known.sum(axis=1), 1))
    share = np.minimum(distance / settings.clear_bh, 1.0)
    cost = np.zeros(len(apart))
    cost[1:] = settings.flip_cost * np.minimum(share[1:], share[:-1])
    return cost


def _cheapest(cost: FloatArray, change: FloatArray, frame_cost: float) -> BoolArray:
    """Return where the sides are swapped, shape (T,); Viterbi over the states (previous frame, frame)."""
    table = _state_costs(cost, change, frame_cost)
    choice = np.zeros((len(cost), 4), dtype=np.int8)
    best = [float(frame_cost * sum(pair) + change[1] * (pair[0] != pair[1])) for pair in _PAIRS]
    for row, costs in enumerate(table):
        step, fresh = costs.tolist(), []
        for state, (middle, now) in enumerate(_PAIRS):
            by_plain, by_swapped = best[middle] + step[middle][now], best[2 + middle] + step[2 + middle][now]
            choice[row, state] = int(by_swapped < by_plain)
            fresh.append(min(by_plain, by_swapped))
        best = fresh
    state = int(np.argmin(best))
    states = np.zeros(len(cost) + 2, dtype=np.bool_)
    states[-1], states[-2] = _PAIRS[state][1], _PAIRS[state][0]
    for row in range(len(cost) - 1, -1, -1):
        state = 2 * int(choice[row, state]) + _PAIRS[state][0]
        states[row] = _PAIRS[state][0]
    return states


def _state_costs(cost: FloatArray, change: FloatArray, frame_cost: float) -> FloatArray:
    """Return the cost of every step from a state to the next frame's plain or swapped sides, shape (T - 2, 4, 2)."""
    table = np.empty((len(cost), 4, 2))
    for state, (first, middle) in enumerate(_PAIRS):
        for now in (0, 1):
            flip = middle != now
            table[:, state, now] = cost[:, int(first != middle), int(flip)] + flip * change[2:] + frame_cost * now
    return table


def _margin(cost: FloatArray, change: FloatArray, span: tuple[int, int], frame_cost: float) -> float:
    """Return the gain of swapping the sides in ``span``, beyond its cost."""
    n_frames = len(change)
    flips = np.zeros(n_frames, dtype=np.int64)
    changes = [frame for frame in span if 0 < frame < n_frames]
    flips[changes] = 1
    rows = np.unique([row for frame in changes for row in (frame - 2, frame - 1) if 0 <= row < len(cost)])
    rows = rows.astype(np.int64)
    gain = cost[rows, 0, 0] - cost[rows, flips[rows + 1], flips[rows + 2]]
    return float(gain.sum() - change[changes].sum() - frame_cost * (span[1] - span[0]))

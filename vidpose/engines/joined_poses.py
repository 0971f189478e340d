"""The poses of a whole video: its stored segments and chains joined, every person under one number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from vidpose.engines.tasks import AnalyseTask
from vidpose.planning.camera_path import camera_path
from vidpose.planning.chains import PoseSeries, concatenate, empty_track, renumbered, without_warmup
from vidpose.planning.joining import Seam
from vidpose.planning.repeats import find_repeats, without_repeats
from vidpose.planning.shots import shot_of, shot_starts, without_fades
from vidpose.pose.identity.chain_matching import match_people
from vidpose.state.pose_store import load_segment, load_warmup
from vidpose.types.arrays import BoolArray
from vidpose.types.footage import CameraPath
from vidpose.types.transition import Cut
from vidpose.video.damage import DecodeReport


@dataclass(frozen=True, slots=True)
class JoinedPoses:
    """The poses of a video, how its borders agree, how its segments were decoded, where it is cut, what is repeated.

    ``repeated`` is True in frames that show the picture of the frame before again, shape (T,); ``camera`` is None where
    the camera stands still. ``shot_starts`` are the frames at which a shot, or the change to one, begins;
    ``n_not_followed`` is the largest number of people who were seen at once and not tracked.
    """

    series: PoseSeries
    seams: Sequence[Seam]
    reports: Sequence[DecodeReport]
    cuts: Sequence[Cut]
    repeated: BoolArray
    camera: CameraPath | None
    shot_starts: Sequence[int]
    n_not_followed: int


def join_poses(task: AnalyseTask) -> JoinedPoses:
    """Return the poses of all segments of a video."""
    seams = {seam.segment: seam for seam in task.seams}
    warmups = [load_warmup(path) for path in task.files]  # one array of each file: how long the series will be
    n_frames = {path: len(warmup) for path, warmup in zip(task.files, warmups, strict=True)}
    n_core = sum(int(np.sum(~warmup)) for warmup in warmups)
    chains = _Chains(task, n_frames, seams)
    series = without_fades(concatenate(chains.cores(), n_core), chains.cuts)
    repeated = find_repeats(np.array(chains.changes, dtype=np.float64), series.frames.timestamps_s)
    borders = [seams[number] for number in sorted(seams)]
    starts, size_px = shot_starts(series.frames, chains.cuts), (task.index.width_px, task.index.height_px)
    camera = camera_path(chains.camera, series.frames.timestamps_s, starts, size_px)
    return JoinedPoses(
        series=without_repeats(series, repeated),
        seams=borders,
        reports=chains.reports,
        cuts=chains.cuts,
        repeated=repeated,
        camera=camera,
        shot_starts=starts,
        n_not_followed=chains.n_not_followed,
    )


@dataclass(slots=True)
class _Chains:
    """Goes through the chains of a video, and notes borders, reports, cuts, changes and the camera's motion on the way.

    ``shots`` holds in which shot each person is seen, by their number.
    """

    task: AnalyseTask
    n_frames: Mapping[Path, int]
    seams: dict[int, Seam]
    reports: list[DecodeReport] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    camera: list[Sequence[float] | None] = field(default_factory=list)
    changes: list[float | None] = field(default_factory=list)
    n_not_followed: int = 0
    shots: dict[int, int] = field(default_factory=dict)
    appearances: dict[int, Sequence[float]] = field(default_factory=dict)

    def cores(self) -> Iterator[PoseSeries]:
        """Yield the chains without warm-up frames, each person under one number."""
        before: PoseSeries | None = None
        pairs = zip(self.task.segments, self.task.files, strict=True)
        for _, group in groupby(pairs, key=lambda pair: pair[0].chain):
            segments, paths = zip(*group, strict=True)
            chain = concatenate(self._segments(paths), sum(self.n_frames[path] for path in paths))
            if before is not None:
                chain = self._matched(before, chain, segments[0].number, segments[0].start)
            self.shots |= {number: shot_of(track, self.cuts) for number, track in chain.people.items()}
            self.appearances |= chain.appearances
            before = without_warmup(chain)
            yield before

    def _matched(self, before: PoseSeries, chain: PoseSeries, segment: int, first_frame: int) -> PoseSeries:
        """Return a chain with the numbers that its people have in the chains before; note how the border agrees."""
        shots = {number: shot_of(track, self.cuts) for number, track in chain.people.items()}
        known = self._with_all(before)
        match = match_people(known, chain, self.task.people, lambda a, b: self.shots[a] == shots[b])
        if segment not in self.seams:
            self.seams[segment] = match.seam(segment, float(self.task.index.timestamps_s[first_frame]))
        return renumbered(chain, match.numbers)

    def _with_all(self, before: PoseSeries) -> PoseSeries:
        """Return the chain before with all people seen so far: appearances are also known of people not in it."""
        others = {number: empty_track(before.frames) for number in self.shots.keys() - before.people.keys()}
        return replace(before, people={**before.people, **others}, appearances=self.appearances)

    def _segments(self, paths: Sequence[Path]) -> Iterator[PoseSeries]:
        """Yield the segments of a chain; note how they were decoded, their cuts, and how pictures change."""
        for path in paths:
            part = load_segment(path)
            self.reports.append(DecodeReport(**part.meta["decode"]))
            self.cuts += [Cut(**cut) for cut in part.meta["cuts"]]
            self.n_not_followed = max(self.n_not_followed, part.meta["n_not_followed"])
            for known, name in ((self.changes, "changes"), (self.camera, "camera")):
                known += [part.meta[name][frame] for frame in np.flatnonzero(~part.warmup)]
            people = dict(zip(part.meta["people"], part.tracks, strict=False))
            appearances = {int(number): values for number, values in part.meta["appearances"].items()}
            yield PoseSeries(people, part.tracks[0], part.warmup, appearances)

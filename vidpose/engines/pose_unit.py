"""Pose consecutive segments of a chain: decode, estimate, write the landmarks and the trackers' state after each."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vidpose.engines.control import CONTROL
from vidpose.engines.guided import blank_outside
from vidpose.engines.tasks import PoseTask, UnitResult
from vidpose.errors import InputError
from vidpose.pose.estimator import FramePose, PoseEstimator, State
from vidpose.pose.opening import open_estimator
from vidpose.pose.sampling import FrameResult
from vidpose.pose.shot_sampler import ShotSampler
from vidpose.state.ledger import stat_mark
from vidpose.state.pose_store import is_usable, load_header, save_segment
from vidpose.types.arrays import BoolArray
from vidpose.types.pose import LANDMARK_ARRAYS, PoseTrack
from vidpose.types.transition import Cut
from vidpose.types.video import Segment
from vidpose.video.ahead import computed_ahead
from vidpose.video.decode import Frame, VideoReader
from vidpose.video.picture_watch import PictureWatch


def pose_segments(unit_id: str, task: PoseTask, n_threads: int = 1) -> UnitResult:
    """Write the landmarks of the task's segments.

    Segments that an earlier try has finished are kept. With more than one thread, frames are decoded while poses are
    estimated.

    Raises
    ------
    InputError
        When the file cannot be read, or changed since it was hashed.
    """
    refuse_changed(task.source.path, task.stat_mark)
    n_done = _finished(task)
    n_frames = 0
    if n_done == len(task.segments):
        return UnitResult(n_frames)
    with ExitStack() as stack:
        estimator = stack.enter_context(open_estimator(task.pose, task.source.path, n_threads))
        chain = _Chain(unit_id, task, estimator, n_threads)
        stack.callback(chain.close)
        before = task.results[n_done - 1] if n_done else task.before
        if before is not None:
            chain.continue_after(load_header(before).meta["state"])
        for segment, result in list(zip(task.segments, task.results, strict=True))[n_done:]:
            rows, meta = chain.pose(segment)
            refuse_changed(task.source.path, task.stat_mark)
            people, tracks = rows.tracks()
            save_segment(result, tracks, rows.warmup, {"key": task.key, "people": people, **meta})
            n_frames += len(rows.frames)
    return UnitResult(n_frames)


def refuse_changed(path: Path, mark: str) -> None:
    """Refuse a file that is not the one that was hashed."""
    try:
        same = stat_mark(path) == mark
    except OSError:
        same = False
    if not same:
        raise InputError(f"{path.name}: the file changed or vanished while it was read", code="changed_during_run")


def _finished(task: PoseTask) -> int:
    """Return how many segments, from the first one on, are there already."""
    for number, result in enumerate(task.results):
        if task.guide is not None or not is_usable(result, task.key):
            return number
    return len(task.results)


@dataclass(slots=True)
class _SegmentFrames:
    """A segment's frames: stamp, time, damage, warm-up; what was estimated in each; what the pictures say."""

    frames: list[tuple[int, float, bool, bool]] = field(default_factory=list)
    answers: list[FrameResult] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    changes: list[float | None] = field(default_factory=list)
    camera: list[Sequence[float] | None] = field(default_factory=list)

    @property
    def warmup(self) -> BoolArray:
        return np.array([row[3] for row in self.frames], dtype=np.bool_)

    def tracks(self) -> tuple[list[int], list[PoseTrack]]:
        """Return the numbers of the people found, and a track for each; one empty track if there are none."""
        people = sorted({person.person for answer in self.answers for person in answer.people})
        pts, times, corrupt, _ = zip(*self.frames, strict=True) if self.frames else ((), (), (), ())
        facts: dict[str, Any] = {
            "pts": np.array(pts, dtype=np.int64),
            "timestamps_s": np.array(times, dtype=np.float64),
            "corrupt": np.array(corrupt, dtype=np.bool_),
            "estimated": np.array([answer.estimated for answer in self.answers], dtype=np.bool_),
        }
        return people, [PoseTrack(**facts, **self._landmarks(number)) for number in people or [-1]]

    def _landmarks(self, number: int) -> dict[str, Any]:
        missing = FramePose.missing()
        arrays = {name: np.tile(getattr(missing, name), (len(self.frames), 1, 1)) for name in LANDMARK_ARRAYS}
        arrays = {name: array.reshape(-1, *getattr(missing, name).shape) for name, array in arrays.items()}
        for row, answer in enumerate(self.answers):
            for person in answer.people:
                if person.person == number:
                    for name, array in arrays.items():
                        array[row] = getattr(person.pose, name)
        return arrays


class _Chain:
    """Goes through consecutive segments with one estimator and, as long as nothing is damaged, one open file."""

    def __init__(self, unit_id: str, task: PoseTask, estimator: PoseEstimator, n_threads: int) -> None:
        self._unit_id = unit_id
        self._task = task
        self._n_threads = n_threads
        self._n_frames = 0
        self._reader: VideoReader | None = None
        self._estimator = estimator
        self._sampler = ShotSampler(estimator, task.sampling)
        self._watch = PictureWatch()

    def close(self) -> None:
        """Close the file."""
        if self._reader is not None:
            self._reader.__exit__(None, None, None)

    def continue_after(self, state: State) -> None:
        """Continue after the segment whose state this is."""
        self._sampler.restore_state(state["sampler"])
        self._watch = PictureWatch.restored(state["watch"])

    def pose(self, segment: Segment) -> tuple[_SegmentFrames, dict[str, Any]]:
        """Estimate one segment; also return what to remember of it, plain JSON values."""
        rows = _SegmentFrames()
        reader = self._reader_of(segment)
        with closing(self._frames(reader)) as frames:  # so that no thread reads when the file is closed
            for frame in frames:
                self._watch_picture(frame, rows)
                picture = frame.picture
                if self._task.guide is not None and frame.warmup:
                    picture = blank_outside(picture, self._task.guide, frame.pts)
                rows.frames.append((frame.pts, frame.time_s, frame.corrupt, frame.warmup))
                answers = self._sampler.feed(picture, frame.time_s, always=frame.warmup)
                rows.answers += answers
                self._note_people(answers)
                self._n_frames += 1
                self._step(self._n_frames)
        rows.answers += self._sampler.flush()
        appearances = {str(number): list(values) for number, values in self._sampler.appearances().items()}
        return rows, {
            "segment": segment.number,
            "decode": asdict(reader.report),
            "appearances": appearances,
            "cuts": [asdict(cut) for cut in rows.cuts],
            "changes": rows.changes,
            "camera": rows.camera,
            "n_not_followed": self._estimator.n_not_followed(),
            "state": {"sampler": self._sampler.export_state(), "watch": self._watch.export_state()},
        }

    def _watch_picture(self, frame: Frame, rows: _SegmentFrames) -> None:
        """Note what the picture says; begin a new shot where it is cut."""
        facts = self._watch.look(frame)
        rows.changes.append(facts.change)
        rows.camera.append(facts.camera)
        if facts.cut is not None:
            rows.answers += self._sampler.begin_shot()
            rows.cuts += [] if frame.warmup else [facts.cut]

    def _note_people(self, answers: Sequence[FrameResult]) -> None:
        """Tell where people were seen last."""
        latest = next((answer for answer in reversed(answers) if answer.estimated), None)
        if latest is not None:
            self._watch.people_at([one.pose.box_px for one in latest.people])

    def _reader_of(self, segment: Segment) -> VideoReader:
        if self._reader is not None and self._reader.continue_with(segment):
            return self._reader
        self.close()
        self._reader = VideoReader(self._task.source, segment, lambda: self._step(self._n_frames))
        return self._reader

    def _frames(self, reader: VideoReader) -> Generator[Frame, None, None]:
        if self._n_threads > 1:
            one_by_one = (frame for batch in reader.batches(1) for frame in batch)
            n_ahead = CONTROL.batch_size(self._task.batch_size)
            yield from computed_ahead(one_by_one, n_ahead)
            return
        for batch in reader.batches(lambda: CONTROL.batch_size(self._task.batch_size)):
            yield from batch

    def _step(self, n_frames: int) -> None:
        CONTROL.step(self._unit_id, n_frames)

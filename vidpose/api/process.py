"""``vidpose.process``: what ``vidpose run`` does, from Python."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidpose.errors import UsageError

if TYPE_CHECKING:
    from vidpose.engines.stop import StopRequest
    from vidpose.results.run_report import RunReport
    from vidpose.types.left_out import LeftOut
    from vidpose.workflow.video_job import VideoRecord
    from vidpose.workflow.video_plan import ReadyVideo

    VideoPath = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    n_videos, n_videos_done
        Videos that were found, and those that have come to an end.
    n_frames, n_frames_done
        Frames to pose and to draw as far as they are planned, and those that are done.
    video, state
        The video that has just ended, and how: ``"done"``, ``"done_with_warnings"``, ``"quarantined"`` (it could not
        be processed), ``"skipped_unchanged"`` or ``"interrupted"``. None between two videos.

    Examples
    --------
    >>> from vidpose import Progress
    >>> Progress(n_videos=4, n_videos_done=1, n_frames=1200, n_frames_done=300).share
    0.25
    """

    n_videos: int
    n_videos_done: int
    n_frames: int
    n_frames_done: int
    video: str | None = None
    state: str | None = None

    @property
    def share(self) -> float:
        """Share of the planned frames that is done, 0 to 1; 1 when there is nothing to do."""
        return min(self.n_frames_done / self.n_frames, 1.0) if self.n_frames else 1.0


def process(
    videos: VideoPath | Sequence[VideoPath],
    *,
    output: VideoPath = "output",
    models: VideoPath = "models",
    config: VideoPath | None = None,
    progress: Callable[[Progress], None] | None = None,
    **settings: Any,
) -> RunReport:
    """Process videos: poses, angles, metrics, annotated videos, as ``vidpose run`` does, with the same results.

    What is done is never done twice: call it again to go on where it ended. A video that cannot be processed has the
    state ``"quarantined"`` in the report, with the reason; the others go on. Nothing is printed: ``vidpose.log`` in
    the folder ``output`` says what happens, and ``progress`` how far the run is.

    Parameters
    ----------
    videos
        A folder that is searched with its sub-folders, one video, or a list of videos.
    output
        Folder for annotated videos and the run report.
    models
        Folder for pose models and tables, which :func:`vidpose.read` opens.
    config
        YAML file with settings.
    progress
        Called some times a second, and whenever a video ends; from any thread. What it raises ends the run.
    **settings
        Settings by the names of the command's options, such as ``height_m=1.78``, ``estimator="yolo"``,
        ``cutoff_hz=10``, ``no_video=True``, ``engine="inline"``; groups of settings as dictionaries, such as
        ``analysis={"gaps": {"max_gap_s": 0.1}}``.

    Returns
    -------
    RunReport
        One entry per video, with its state, findings and files.

    Raises
    ------
    UsageError
        When a path or setting is refused, or no video is found; nothing was done, and earlier results, the cohort
        among them, stay as they were.
    OutputInUseError
        When another run writes to the same folders.
    MemoryLimitError
        When the memory limit does not even hold the fixed cost.
    KeyboardInterrupt
        After Ctrl-C, when running work has ended; what is finished is kept.

    Notes
    -----
    With several videos, processes are started. A script must therefore call it below
    ``if __name__ == "__main__":``, as with all of Python's multiprocessing; a notebook need not.

    See Also
    --------
    vidpose.read : Opens the results.
    vidpose.analyse : The numbers alone, from landmarks of any tool.

    Examples
    --------
    >>> import vidpose
    >>> report = vidpose.process("squat.mp4", output="output", models="models", no_video=True, engine="inline")
    >>> [(entry.name, entry.state) for entry in report.videos]
    [('squat.mp4', 'skipped_unchanged')]
    """
    from vidpose.config import load_settings
    from vidpose.engines.stop import StopRequest
    from vidpose.pose.opening import licence_notice
    from vidpose.short_names import in_groups
    from vidpose.workflow.run import run

    if parent_process() is not None and threading.current_thread() is threading.main_thread():
        raise UsageError('process: call it below `if __name__ == "__main__":`, so that worker processes do not call it')
    where, several = _inputs(videos)
    given = in_groups({**settings, **where, "output": Path(output), "models": Path(models)})
    chosen = load_settings(None if config is None else Path(config), given, names=None)
    if chosen.train_llm or chosen.use_openai or chosen.use_claude:
        raise UsageError(
            "process: the coaching corpus and training have their own commands, vidpose corpus and vidpose train"
        )
    notice = licence_notice(chosen.pose)
    if notice is not None:
        warnings.warn(notice, UserWarning, stacklevel=2)
    display = _ProgressDisplay(progress)
    stop = StopRequest(display.say)
    with _listening(stop):
        report = run(chosen, display, stop, several)
    if stop.requested:
        raise KeyboardInterrupt
    return report


def _inputs(videos: VideoPath | Sequence[VideoPath]) -> tuple[dict[str, Path], tuple[Path, ...]]:
    """Return the setting for a folder or a video, and the videos of a list."""
    if isinstance(videos, (str, os.PathLike)):
        path = Path(videos)
        if not path.exists():
            raise UsageError(f"{path}: expected a folder with videos or a video, found none; check the path")
        return {"input" if path.is_dir() else "video": path}, ()
    paths = tuple(Path(video).absolute() for video in videos)
    if not paths:
        raise UsageError("videos: expected at least one video, got an empty list")
    absent = [str(path) for path in paths if not path.is_file()]
    if absent:
        raise UsageError(f"videos: expected files, found none at {', '.join(absent)}; check the paths")
    return {"input": Path(os.path.commonpath([path.parent for path in paths]))}, paths


def _listening(stop: StopRequest) -> AbstractContextManager[Any]:
    """Handle Ctrl-C where Python allows it, which is in the main thread."""
    return stop if threading.current_thread() is threading.main_thread() else nullcontext()


class _ProgressDisplay:
    """Passes the events of a run to the user's function; see :class:`vidpose.workflow.supervision.Display`."""

    def __init__(self, callback: Callable[[Progress], None] | None) -> None:
        self._callback = callback
        self._lock = threading.Lock()
        self._n_videos = 0
        self._n_ended = 0
        self._n_frames = 0
        self._frames_done: dict[str, int] = {}

    def say(self, sentence: str) -> None:
        """Pass a sentence about Ctrl-C on as a warning."""
        warnings.warn(sentence, UserWarning, stacklevel=2)

    def found(self, n_videos: int, left_out: Sequence[LeftOut]) -> None:  # noqa: ARG002
        """Note how many videos there are."""
        self._n_videos = n_videos

    def planned(self, video: ReadyVideo) -> None:
        """Add the frames of one video."""
        with self._lock:
            self._n_frames += video.frames_to_process

    def ended(self, record: VideoRecord) -> None:
        """Report the end of one video."""
        with self._lock:
            self._n_ended += 1
        self._report(record.relative, record.state)

    def progress(self, unit_id: str, n_frames: int) -> None:
        """Note the progress of a unit of work."""
        with self._lock:
            self._frames_done[unit_id] = n_frames

    def segment_posed(self) -> None:
        """Do nothing: frames are counted."""

    def status(self, *, used_bytes: int, limit_bytes: int, n_running: int) -> None:  # noqa: ARG002
        """Report how far the run is."""
        self._report(None, None)

    def _report(self, video: str | None, state: str | None) -> None:
        if self._callback is None:
            return
        with self._lock:
            done = sum(self._frames_done.values())
            now = Progress(self._n_videos, self._n_ended, self._n_frames, done, video, state)
        try:
            self._callback(now)
        except BaseException:
            self._callback = None  # the run ends now: what is interrupted by that is not reported any more
            raise

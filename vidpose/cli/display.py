"""The progress display of a run: two live lines on a terminal, one line per video elsewhere."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from vidpose.types.findings import Finding
from vidpose.types.grades import in_one_line
from vidpose.types.left_out import LeftOut
from vidpose.workflow.video_job import VideoRecord
from vidpose.workflow.video_plan import ReadyVideo

Level = Literal["quiet", "normal", "verbose"]
_MOST_NAMED = 5
"""Files left out that are named without --verbose (ours)."""
_MARKS = {
    "done": ("done", "green"),
    "done_with_warnings": ("done", "yellow"),
    "quarantined": ("quarantined", "red"),
    "skipped_unchanged": ("unchanged", "dim"),
    "interrupted": ("interrupted", "magenta"),
}


class RunDisplay:
    """Shows the progress of a run.

    Parameters
    ----------
    out
        The terminal's standard output.
    level
        ``quiet`` shows the last line only, ``verbose`` also why each video is processed, and every finding.
    clock
        Seconds that never go back.
    """

    def __init__(self, out: TextIO, level: Level, clock: Callable[[], float] = time.monotonic) -> None:
        self.console = Console(file=out, highlight=False, soft_wrap=True)
        self._level = level
        self._clock = clock
        self._lock = threading.Lock()
        self._states: Counter[str] = Counter()
        self._n_videos = 0
        self._frames_to_process = 0
        self._segments = [0, 0]
        self._frames_done: dict[str, int] = {}
        self._first_frame_s: float | None = None
        self._memory = (0, 0)
        self._n_running = 0
        # What libraries print stays out of the picture: it goes to the log file.
        self._live: Live | None = None
        if level != "quiet" and self.console.is_terminal:
            self._live = Live(
                get_renderable=self.panel,
                console=self.console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, sentence: str) -> None:
        """Print one sentence, whatever the level."""
        self.console.print(Text(sentence))

    def found(self, n_videos: int, left_out: Sequence[LeftOut]) -> None:
        """Note how many videos there are; say what looks like one and is left out."""
        self._n_videos = n_videos
        if left_out and self._level != "quiet":
            self.say(f"{len(left_out)} left out, though a person may call it a video:")
            for one in left_out if self._level == "verbose" else left_out[:_MOST_NAMED]:
                self.say(printable(f"    {one.name}: {one.reason}"))
            if len(left_out) > _MOST_NAMED and self._level != "verbose":
                self.say(f"    and {len(left_out) - _MOST_NAMED} more, see the run report")

    def planned(self, video: ReadyVideo) -> None:
        """Add the frames and segments of one video."""
        with self._lock:
            self._frames_to_process += video.frames_to_process
            self._segments[1] += len(video.missing_segments)
        if self._level == "verbose" and not video.up_to_date:
            self.say(f"{printable(video.found.relative)}: {video.why_analyse or video.why_render}")

    def ended(self, record: VideoRecord) -> None:
        """Print what became of one video."""
        with self._lock:
            self._states[record.state] += 1
        silent = {"quiet": tuple(_MARKS), "normal": ("skipped_unchanged", "interrupted"), "verbose": ()}
        if record.state in silent[self._level]:
            return
        words, colour = _MARKS[record.state]
        line = Text.assemble((f"{words}: ", colour), printable(record.relative))
        if record.state == "quarantined":
            line.append(f" ({'; '.join(finding.code for finding in record.findings)})", "dim")
        elif record.grades:
            line.append(f" ({in_one_line(record.grades)})", "dim")
        self.console.print(line)
        if self._level == "verbose" and record.state != "quarantined":
            for finding in record.findings:
                self.console.print(Text(printable(f"    {finding.severity}: {finding.message}. {finding.advice}")))

    def progress(self, unit_id: str, n_frames: int) -> None:
        """Note the progress of a unit; from any thread."""
        with self._lock:
            if self._first_frame_s is None:
                self._first_frame_s = self._clock()
            self._frames_done[unit_id] = n_frames

    def segment_posed(self) -> None:
        """Count one more segment with poses."""
        with self._lock:
            self._segments[0] += 1

    def status(self, *, used_bytes: int, limit_bytes: int, n_running: int) -> None:
        """Note memory and running work."""
        self._memory = (used_bytes, limit_bytes)
        self._n_running = n_running

    def panel(self) -> Text:
        """Return the live lines."""
        with self._lock:
            done, wanted = sum(self._frames_done.values()), self._frames_to_process
            since = self._clock() - self._first_frame_s if self._first_frame_s is not None else 0.0
            posed, to_pose = self._segments
            ended, quarantined = sum(self._states.values()), self._states["quarantined"]
        rate = done / since if since > 1.0 else 0.0
        left = "starting"
        if rate > 0:
            left = f"{_clock((wanted - done) / rate)} left" if wanted > done else "nearly done"
        used, limit = (value / 2**20 for value in self._memory)
        text = Text()  # two lines, so that 80 columns hold them
        text.append(f"videos {ended}/{self._n_videos}", "bold")
        text.append(f"  segments {posed}/{to_pose}  running {self._n_running}")
        if quarantined:
            text.append(f"  quarantined {quarantined}", "red")
        text.append(f"\nframes {done}/{wanted}  {rate:.0f} frames/s  {left}")
        text.append(f"  memory {used:.0f}/{limit:.0f} MiB")
        return text


def why_given_up(name: str, finding: Finding) -> str:
    """Return what was wrong with a video and what to do, without repeating its name or the advice."""
    seen = finding.message.removeprefix(f"{Path(name).name}: ").removesuffix(finding.advice).rstrip()
    return printable(f"{name}: {seen} {finding.advice}")


def printable(name: str) -> str:
    """Return a file name without bytes or control characters that a terminal cannot show."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"

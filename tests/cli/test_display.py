"""What is said during a run and at its end."""

import io
from pathlib import Path

import pytest

from vidpose.cli.display import RunDisplay, why_given_up
from vidpose.types.findings import CODES, Finding
from vidpose.types.grades import Grade
from vidpose.types.video import Segment
from vidpose.video.discover import FoundVideo
from vidpose.workflow.video_job import VideoRecord
from vidpose.workflow.video_plan import ReadyVideo

ADVICE = CODES["empty_file"]


@pytest.mark.parametrize("message", [f"a.mp4: 0 bytes. {ADVICE}", "0 bytes."])
def test_a_video_given_up_is_told_once_with_its_advice(message):
    assert why_given_up("sub/a.mp4", Finding("empty_file", message, "fatal")) == f"sub/a.mp4: 0 bytes. {ADVICE}"


def said_of(level, state, **facts):
    out = io.StringIO()
    RunDisplay(out, level).ended(VideoRecord("a.mp4", "a.mp4", state, **facts))
    return out.getvalue().splitlines()


def test_a_line_per_video_has_the_code_when_given_up_and_the_grades_when_done():
    warned = [Finding("no_person", "no person in any of 49 frames")]
    grades = (Grade("knee depth", "yes", "± 6°"), Grade("gait", "no", "oblique view"), Grade("jumps", "none"))
    assert said_of("normal", "quarantined", findings=warned) == ["quarantined: a.mp4 (no_person)"]
    line = "done: a.mp4 (knee depth yes ± 6°; gait no, oblique view)"
    assert said_of("normal", "done_with_warnings", findings=warned, grades=grades) == [line]
    assert said_of("verbose", "done_with_warnings", findings=warned, grades=grades) == [
        line,
        f"    warning: no person in any of 49 frames. {CODES['no_person']}",
    ]


def test_the_live_lines_fit_on_a_narrow_terminal_and_know_begin_and_end():
    clock_s = iter([100.0, 100.5, 150.0, 200.0])
    display = RunDisplay(io.StringIO(), "normal", lambda: next(clock_s))
    display.found(1234, ())
    display.status(used_bytes=12345 * 2**20, limit_bytes=23456 * 2**20, n_running=16)
    whole = Segment(0, 0, 0, 1_000_000, None, 0, None)
    display.planned(
        ReadyVideo(FoundVideo(Path("a.mp4"), "a.mp4", "a.mp4"), None, "", (whole,), None, missing_segments=(whole,))
    )
    assert "starting" in display.panel().plain
    display.progress("a", 250_000)
    assert "starting" in display.panel().plain, "half a second is too short for a rate"
    lines = display.panel().plain.splitlines()
    assert "2:30 left" in lines[1]
    assert max(map(len, lines)) <= 80
    display.progress("a", 1_000_000)
    assert "nearly done" in display.panel().plain

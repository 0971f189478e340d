import json

import orjson
import pytest

from vidpose.results.run_report import RunReport, VideoEntry, as_table, write_run_report
from vidpose.types.findings import CODES, Finding
from vidpose.types.grades import Grade
from vidpose.types.left_out import LEFT_OUT_REASONS, LeftOut

GAPS = Finding("decode_gaps", "20 of 150 frames could not be decoded", details={"n_frames": 20})
EMPTY = Finding("empty_file", "0 bytes", "fatal")
GRADES = (Grade("knee depth", "yes", "± 6°"), Grade("gait", "no", "oblique view"), Grade("jumps", "none"))
OUTPUTS = ("squat.mp4/annotated.mp4", "squat.mp4/angles.csv")


def made_report(**changes):
    values = {
        "version": "0.1.0",
        "options": {"input": "public", "workers": None},
        "engine": "dask+ray",
        "started_at": "2026-11-21T10:00:00+01:00",
        "ended_at": "2026-11-21T10:00:20+01:00",
        "wall_s": 20.00049,
        "videos": (
            VideoEntry("squat.mp4", "done", grades=GRADES, frames=600, seconds=12.5, outputs=OUTPUTS),
            VideoEntry("hole.mp4", "done_with_warnings", (GAPS,), frames=130, seconds=2.0),
            VideoEntry("empty.mp4", "quarantined", (EMPTY,)),
            VideoEntry("old.mp4", "skipped_unchanged"),
        ),
        "memory": {
            "limit_bytes": 3 * 2**30,
            "peak_bytes": 1_064 * 2**20,
            "why": "0.4 of 7.5 GiB",
            "n_samples": 40,
            "n_samples_over": 0,
        },
        "exit_code": 3,
    }
    return RunReport(**values | changes)


def test_json_holds_everything(tmp_path):
    write_run_report(tmp_path / "run_report.json", made_report())
    content = (tmp_path / "run_report.json").read_bytes()
    document = json.loads(content)
    assert content == orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), "as if at once"
    assert document["schema"] == "vidpose.run_report"
    assert document["exit_code"] == 3
    assert document["wall_s"] == 20.0
    assert document["options"] == {"input": "public", "workers": None}
    assert document["memory"]["peak_bytes"] == 1_064 * 2**20
    assert document["totals"] == {
        "videos": 4,
        "done": 1,
        "done_with_warnings": 1,
        "quarantined": 1,
        "skipped_unchanged": 1,
        "interrupted": 0,
        "left_out": 0,
        "frames": 730,
        "frames_per_s": 36.5,
    }
    squat, hole, empty, old = document["videos"]
    assert squat["grades"][1] == {"question": "gait", "answer": "no", "because": "oblique view"}
    assert squat["frames_per_s"] == 48.0
    assert squat["outputs"] == list(OUTPUTS)
    assert hole["findings"][0]["advice"] == CODES["decode_gaps"]
    assert empty["frames_per_s"] is old["frames_per_s"] is None


def test_the_table_is_for_people(tmp_path):
    write_run_report(tmp_path / "run_report.json", made_report())
    text = (tmp_path / "run_report.txt").read_text()
    assert text == as_table(made_report())
    lines = text.splitlines()
    assert "squat.mp4  knee depth yes ± 6°; gait no, oblique view" in lines
    assert "old.mp4    skipped unchanged" in lines
    assert "    0 bytes" in lines
    assert f"    1  decode gaps: {CODES['decode_gaps']}" in lines
    assert f"      -> {CODES['empty_file']}" in lines
    assert "4 videos: 1 done, 1 done with warnings, 1 quarantined, 1 skipped unchanged" in lines
    assert "730 frames in 20.0 s, 36.5 frames/s; exit code 3" in lines
    assert "memory peak 1064 MiB of 3072 MiB (0.4 of 7.5 GiB); 0 of 40 samples over" in lines


def test_what_was_left_out_is_named_once_per_reason(tmp_path):
    left_out = (
        LeftOut("a.braw", "raw_camera_format"),
        LeftOut("b.r3d", "raw_camera_format"),
        LeftOut(".c.mp4", "hidden"),
    )
    write_run_report(tmp_path / "run_report.json", made_report(left_out=left_out))
    document = json.loads((tmp_path / "run_report.json").read_text())
    assert document["left_out"][0] == {
        "name": "a.braw",
        "code": "raw_camera_format",
        "reason": LEFT_OUT_REASONS["raw_camera_format"],
    }
    assert document["totals"]["left_out"] == 3
    lines = (tmp_path / "run_report.txt").read_text().splitlines()
    assert "    a.braw, b.r3d" in lines
    assert f"      -> {LEFT_OUT_REASONS['hidden']}" in lines
    assert any(line.startswith("4 videos: ") and line.endswith(", 3 left out") for line in lines)


def test_advice_that_the_message_gives_is_not_said_again(tmp_path):
    said = Finding("empty_file", f"empty.mp4: 0 bytes. {CODES['empty_file']}", "fatal")
    text = as_table(made_report(videos=(VideoEntry("empty.mp4", "quarantined", (said,)),)))
    assert text.count(CODES["empty_file"]) == 1


def test_a_run_without_videos_has_a_report(tmp_path):
    write_run_report(tmp_path / "run_report.json", made_report(videos=(), memory={}, wall_s=0.0, exit_code=0))
    assert json.loads((tmp_path / "run_report.json").read_text())["totals"]["frames_per_s"] is None
    assert "0 videos: none found" in (tmp_path / "run_report.txt").read_text()


@pytest.mark.parametrize("name", ["two\nlines\x1b[31m.mp4", "bytes\udcff.mp4", "x" * 200 + ".mp4", "größe 测试.mp4"])
def test_hostile_names_stay_on_one_line(tmp_path, name):
    report = made_report(videos=(VideoEntry(name, "done", frames=1, seconds=1.0),), memory={})
    write_run_report(tmp_path / "run_report.json", report)
    assert len(json.loads((tmp_path / "run_report.json").read_text())["videos"]) == 1
    lines = (tmp_path / "run_report.txt").read_text().splitlines()
    (line,) = [line for line in lines if ".mp4" in line]
    assert "\x1b" not in line
    assert len(line) < 120


def test_the_report_of_38_clips_fits_two_screens():
    rest = [Grade(question, "rough", "valid 55% of the time, oblique view") for question in ("hip", "ankle", "arms")]
    warned = tuple(Finding(code, "seen " * 40) for code in ("view_oblique", "sides_swapped", "floor_moves"))
    videos = tuple(
        VideoEntry(f"session 3/athlete_{number:02d}.mp4", "done_with_warnings", warned, (*GRADES, *rest))
        for number in range(38)
    )
    lines = as_table(made_report(videos=videos)).splitlines()
    assert sum(1 + len(line) // 120 for line in lines) <= 100


def test_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="finished"):
        VideoEntry("a.mp4", "finished")

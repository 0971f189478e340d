"""One bad file never costs another one; every input ends in one state with its reason."""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

import av
import numpy as np
import pytest

from .conftest import Workspace
from .small_clips import cut

pytestmark = [pytest.mark.slow, pytest.mark.thorough]  # tests/cli tries bad files more quickly

GOOD_NAMES = (
    "plain.mp4",
    "unicode ä 日本.mp4",
    "new\nline [bold]markup.mp4",
    "a:%03d.mp4",
    "-dash.mp4",
    "same/twin.mp4",
    "other/twin.mp4",
    "UPPER.MP4",
)


def write_audio_only(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def write_noise(path: Path, n_frames: int, container_format: str | None = None) -> None:
    with av.open(str(path), "w", format=container_format) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for k in range(n_frames):
            rgb = np.random.default_rng(k).integers(0, 255, (120, 160, 3), dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory):
    """One run over everything that people and cameras do to files."""
    workspace = Workspace(tmp_path_factory.mktemp("bad"))
    videos = workspace.folder / "in"
    videos.mkdir()
    cut(videos / "plain.mp4", 12)
    for name in GOOD_NAMES[1:]:
        (videos / name).parent.mkdir(exist_ok=True)
        shutil.copy(videos / "plain.mp4", videos / name)
    shutil.copy(videos / "plain.mp4", os.fsencode(videos) + b"/bytes \xff\xfe.mp4")
    (videos / "empty.mp4").touch()
    (videos / "text.mp4").write_text("this is not a video\n" * 50)
    (videos / "truncated.mp4").write_bytes((videos / "plain.mp4").read_bytes()[:3000])
    write_audio_only(videos / "audio.mp4")
    write_noise(videos / "nobody.mkv", 12)
    write_noise(videos / "one_frame.avi", 1)
    write_noise(videos / "plain.mov", 5)
    write_noise(videos / "raw.h264", 8, "h264")
    (videos / "dangling.mp4").symlink_to(videos / "nowhere.mp4")
    (videos / "loop").symlink_to(videos, target_is_directory=True)
    (videos / "notes.txt").write_text("no video by its name")
    done = workspace.run("--engine", "inline", "--no_plots", "--no_video")
    assert "Traceback" not in done.stdout + done.stderr
    return workspace, done, workspace.report()


def by_name(report) -> dict[str, dict]:
    return {entry["name"]: entry for entry in report[2]["videos"]}


def codes(entry: dict) -> set[str]:
    return {finding["code"] for finding in entry["findings"]}


def test_exit_code_says_that_some_were_quarantined(report) -> None:
    assert report[1].returncode == 3
    assert report[2]["exit_code"] == 3


def test_every_video_is_accounted_for_once(report) -> None:
    names = [entry["name"] for entry in report[2]["videos"]]
    assert len(names) == len(set(names)) == len(GOOD_NAMES) + 1 + 9
    assert not any("loop" in name for name in names)


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_hostile_names_are_done(report, name: str) -> None:
    assert by_name(report)[name]["state"] == "done"


def test_a_name_that_is_not_utf8_is_done(report) -> None:
    entry = next(entry for name, entry in by_name(report).items() if name.startswith("bytes"))
    assert entry["state"] == "done"


def test_results_of_equal_names_do_not_meet(report) -> None:
    workspace = report[0]
    models = sorted(path.parent.name for path in (workspace.folder / "a" / "models").rglob("pose_model.json"))
    assert len(models) == len(GOOD_NAMES) + 1 + 4
    assert {"plain.mp4", "plain.mov"} <= set(models)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.mp4", "empty_file"),
        ("text.mp4", "not_a_video"),
        ("truncated.mp4", "no_frames"),
        ("audio.mp4", "no_video_stream"),
        ("dangling.mp4", "unreadable"),
    ],
)
def test_unusable_files_are_quarantined_with_reason_and_advice(report, name: str, code: str) -> None:
    entry = by_name(report)[name]
    assert entry["state"] == "quarantined"
    assert codes(entry) == {code}
    assert all(finding["advice"] and name in finding["message"] for finding in entry["findings"])


@pytest.mark.parametrize("name", ["nobody.mkv", "one_frame.avi", "plain.mov", "raw.h264"])
def test_nobody_in_the_picture_is_a_result_too(report, name: str) -> None:
    entry = by_name(report)[name]
    assert entry["state"] == "done_with_warnings"
    assert "no_person" in codes(entry)


def test_equal_content_was_posed_once(report) -> None:
    posed = [entry for entry in report[2]["videos"] if entry["state"] == "done" and entry["frames"] > 0]
    stored = list((report[0].folder / "a" / "models" / ".vidpose" / "poses").rglob("segment_00000.npz"))
    assert len(posed) <= len(GOOD_NAMES) + 1
    assert len(stored) == 1 + 4


def test_second_run_says_the_same_without_work(report) -> None:
    workspace = report[0]
    again = workspace.run("--engine", "inline", "--no_plots", "--no_video")
    assert again.returncode == 3
    states = workspace.states()
    assert sum(state == "skipped_unchanged" for state in states.values()) == len(GOOD_NAMES) + 1 + 4
    assert sum(state == "quarantined" for state in states.values()) == 5


@pytest.mark.parametrize(
    "bomb",
    [
        "0 first.mov",
        *(pytest.param(name, marks=pytest.mark.chaos) for name in ("m between.mov", "z last.mov")),
    ],
)
def test_what_decodes_to_gigabytes_costs_itself_only(tmp_path: Path, shared_data: Path, bomb: str) -> None:
    workspace = Workspace(tmp_path)
    videos = tmp_path / "in"
    for name in ("a.mp4", "s.mp4"):
        cut(videos / name, 20)
    packed = shared_data / "cases" / "attack" / "bomb_png_16k_rgba64.mov.gz"
    (videos / bomb).write_bytes(gzip.decompress(packed.read_bytes()))
    fraction = 1450 * 2**20 / (os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    done = workspace.run("--no_video", "--memory_limit", f"{fraction:.4f}")
    assert done.returncode == 3, done.stdout + done.stderr
    states = workspace.states()
    assert states.pop(bomb) == "quarantined"
    assert set(states.values()) <= {"done", "done_with_warnings"}
    report = workspace.report()
    assert report["memory"]["n_samples_over"] == 0
    assert "0.25 of the memory limit, probing.memory_share" in done.stdout

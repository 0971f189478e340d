"""The analysis of a long video with everything that it writes: how its memory grows, and that files change nothing."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from made_results import made_index, made_provenance, made_track

from vidpose.biomech.analysis import AnalysisSettings
from vidpose.engines.analyse_unit import _analyse_video, analyse_video
from vidpose.engines.tasks import AnalyseTask
from vidpose.pose.identity.people_settings import PeopleSettings
from vidpose.results.csv_files import TableSettings
from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.plots.style import PlotSettings
from vidpose.state.pose_store import save_segment
from vidpose.types.mapped_arrays import BLOCK_FRAMES
from vidpose.types.pose import PoseTrack
from vidpose.types.video import Segment
from vidpose.video.damage import DecodeReport

MAX_BYTES_PER_FRAME = 1_300
"""What every frame of a person may add to the largest memory: an hour at 30 Hz stays below 135 MiB. Measured 700 here;
without series in files 2 700."""

SEGMENT_FRAMES = 1_800


def swaying(start, stop):
    """The hand-made body, going back and forth in the picture for ever."""
    still, frame = made_track(2, lost=()), np.arange(start, stop)
    way = np.sin(frame / 20.0)[:, None, None]
    whole = {
        name: np.repeat(getattr(still, name)[:1], len(frame), axis=0) for name in ("z_rel", "visibility", "presence")
    }
    return PoseTrack(
        pts=1001 * frame,
        timestamps_s=1001 * frame / 30000,
        image_px=still.image_px[:1] * 3 + 40 * way,
        world_m=still.world_m[:1] + 0.1 * way,
        corrupt=np.zeros(len(frame), np.bool_),
        **whole,
    )


def task_of(folder, n_frames):
    folder.mkdir()
    starts = range(0, n_frames, SEGMENT_FRAMES)
    segments = [Segment(k, s, s, min(s + SEGMENT_FRAMES, n_frames), None, 1001 * s, None) for k, s in enumerate(starts)]
    files = [folder / f"segment_{segment.number}.npz" for segment in segments]
    for segment, path in zip(segments, files, strict=True):
        track = swaying(segment.start, segment.stop)
        meta = {"people": [0], "appearances": {}, "n_not_followed": 0, "decode": asdict(DecodeReport())}
        meta |= {"cuts": [], "changes": [None] * track.n_frames, "camera": [None] * track.n_frames}
        save_segment(path, [track], np.zeros(track.n_frames, np.bool_), meta)
    return AnalyseTask(
        key="key",
        index=made_index(n_frames),
        segments=tuple(segments),
        files=tuple(files),
        seams=(),
        people=PeopleSettings(),
        settings=AnalysisSettings(),
        height_m=1.8,
        sex="mean",
        exports=ExportSettings(),
        tables=TableSettings(),
        plots=PlotSettings(),
        provenance=made_provenance(),
        folder=folder / "result",
        motion=folder / "state" / "motion.npz",
    )


def peaks_bytes(folder, analyse, n_frames):
    """Return what this process takes at most for each analysis, after one that loads all that is needed."""

    def resident(word):
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return 1024 * int(status.split(word)[1].split()[0])

    analyse(task_of(folder / "first", 100))
    peaks = []
    for n in n_frames:
        task = task_of(folder / str(n), n)
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # forgets the peak so far
        before = resident("VmRSS:")
        analyse(task)
        peaks.append(resident("VmHWM:") - before)
    return peaks


def growth_bytes_per_frame(folder, which):
    """Measure in a process of its own, which other tests have left nothing in."""
    n_frames = (2 * BLOCK_FRAMES, 7 * BLOCK_FRAMES)
    code = (
        "import json, sys; from pathlib import Path; import test_analysis_memory as m;"
        "from vidpose.engines.allocator import return_large_blocks; return_large_blocks();"
        f"print(json.dumps(m.peaks_bytes(Path(sys.argv[1]), m.{which}, {n_frames})))"
    )
    command = [sys.executable, "-c", code, str(folder)]
    places = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=800, env={**os.environ, "PYTHONPATH": places}
    )
    short, long = json.loads(done.stdout)
    return (long - short) / (n_frames[1] - n_frames[0])


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux")
def test_an_hour_takes_little_more_memory_than_minutes(tmp_path):
    for name in ("files", "memory"):
        (tmp_path / name).mkdir()
    assert growth_bytes_per_frame(tmp_path / "files", "analyse_video") < MAX_BYTES_PER_FRAME
    seen = growth_bytes_per_frame(tmp_path / "memory", "_analyse_video")
    assert seen > 1.5 * MAX_BYTES_PER_FRAME  # the measurement sees the series


@pytest.mark.slow
@pytest.mark.thorough
def test_series_in_files_change_no_byte_of_any_result(tmp_path):
    in_files, in_memory = (task_of(tmp_path / name, BLOCK_FRAMES + 300) for name in ("files", "memory"))
    analyse_video(in_files)
    _analyse_video(in_memory)
    names = sorted(path.name for path in in_files.folder.iterdir())
    assert {"pose_model.json", "landmarks.parquet", "angles.png", "metrics.csv"} <= set(names)
    assert names == sorted(path.name for path in in_memory.folder.iterdir())
    for name in names:
        assert (in_files.folder / name).read_bytes() == (in_memory.folder / name).read_bytes(), name
    assert in_files.motion.read_bytes() == in_memory.motion.read_bytes()

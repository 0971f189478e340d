"""The pool without processes, and the boundary that turns whatever a unit throws into a failure."""

import errno
import threading
import time
from fractions import Fraction

import numpy as np
import pytest

from vidpose.engines.control import CONTROL, Cancelled, Control, set_control
from vidpose.engines.inline import InlinePool
from vidpose.engines.run_unit import _failure, run_unit
from vidpose.engines.tasks import PoseTask, RenderTask, Unit
from vidpose.errors import InputError, OutputError
from vidpose.planning.parts import Part
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.sampling import SamplingSettings
from vidpose.state.ledger import stat_mark
from vidpose.types.video import Segment, VideoSource
from vidpose.video.encode import RenderSettings
from vidpose.video.overlay import OverlaySettings
from vidpose.video.probe import probe


@pytest.fixture(autouse=True)
def control_as_before():
    """The pool sets this process's control; put it back."""
    before = (CONTROL.cancelled, CONTROL.batch_divisor, CONTROL.report)
    yield
    CONTROL.cancelled, CONTROL.batch_divisor, CONTROL.report = before


def source(path):
    return VideoSource(path, 64, 48, 0, Fraction(1, 30), "container")


def pose_unit(folder):
    """A unit whose video is not there."""
    path = folder / "gone.mp4"
    segment = Segment(0, 0, 0, 10, None, 0, None)
    results = (folder / "poses.npz",)
    task = PoseTask("key", source(path), (segment,), results, "mark", PoseSettings(), SamplingSettings(), 5)
    return Unit("pose:1", "pose", task, "gone.mp4")


def render_unit(folder):
    """A unit whose filtered series are not there."""
    video, motion = folder / "a.mp4", folder / "motion.npz"
    video.write_bytes(b"some bytes")
    mark = stat_mark(video)
    part = Part(0, 0, 10, None, None)
    result = folder / "out" / "0.part"
    task = RenderTask(source(video), part, mark, motion, RenderSettings(), OverlaySettings(), 5, result)
    return Unit("render:1", "render", task, "a.mp4")


def silent(unit_id, n_frames):
    """Hear nothing."""


def test_a_submitted_unit_is_done_at_once_and_collected_once(tmp_path):
    pool = InlinePool(silent)
    pool.start()
    assert (pool.n_running, pool.capacity) == (0, 1)
    pool.submit(pose_unit(tmp_path))
    assert pool.n_running == 1, "until it is collected, so that no second one is handed over"
    (outcome,) = pool.collect()
    assert outcome.unit.id == "pose:1"
    assert pool.n_running == 0
    assert pool.collect() == []
    pool.close()


def test_there_is_no_process_to_replace_or_kill():
    pool = InlinePool(silent)
    assert (pool.idle_pids(), pool.busy_pids()) == ([], [])


def test_a_new_pool_forgets_what_the_last_one_was_told():
    pool = InlinePool(silent)
    pool.cancel()
    pool.set_batch_divisor(8)
    assert (CONTROL.cancelled, CONTROL.batch_divisor) == (True, 8)
    InlinePool(silent)
    assert (CONTROL.cancelled, CONTROL.batch_divisor) == (False, 1)


def test_progress_goes_to_the_pools_sink():
    heard = []
    InlinePool(lambda unit_id, n_frames: heard.append((unit_id, n_frames)))
    CONTROL.step("pose:1", 15)
    assert heard == [("pose:1", 15)]


def test_after_a_cancel_the_running_unit_stops_at_its_next_batch():
    pool = InlinePool(silent)
    CONTROL.step("pose:1", 5)
    pool.cancel()
    with pytest.raises(Cancelled):
        CONTROL.step("pose:1", 10)


# --- control ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("divisor", "size"), [(1, 5), (2, 2), (4, 1), (16, 1)])
def test_the_batch_shrinks_but_never_below_one_frame(divisor, size):
    assert Control(batch_divisor=divisor).batch_size(5) == size


def test_the_driver_changes_only_what_it_names():
    set_control(batch_divisor=4)
    set_control(cancelled=True)
    assert (CONTROL.cancelled, CONTROL.batch_divisor) == (True, 4)
    set_control(cancelled=False)
    assert (CONTROL.cancelled, CONTROL.batch_divisor) == (False, 4)


# --- the boundary -------------------------------------------------------------------------------------------------


def test_a_unit_never_raises(tmp_path):
    outcome = run_unit(pose_unit(tmp_path))
    assert outcome.result is outcome.failure
    assert (outcome.failure.kind, outcome.failure.finding.code) == ("input", "changed_during_run")
    assert outcome.failure.finding.severity == "fatal"
    assert "gone.mp4" in outcome.failure.finding.message
    assert "Traceback" in outcome.failure.traceback
    assert outcome.seconds >= 0.0


@pytest.mark.parametrize("make", [pose_unit, render_unit])
def test_a_video_that_changed_since_it_was_hashed_is_refused_before_any_work(tmp_path, make):
    item = make(tmp_path)
    item.task.source.path.write_bytes(b"other bytes, another size")
    outcome = run_unit(item)
    assert (outcome.failure.kind, outcome.failure.finding.code) == ("input", "changed_during_run")
    assert "motion" not in outcome.failure.finding.message


def test_a_missing_intermediate_file_is_no_fault_of_the_input(tmp_path):
    outcome = run_unit(render_unit(tmp_path))
    assert outcome.failure.kind == "bug"
    assert "motion.npz" in outcome.failure.finding.message
    assert not (tmp_path / "out" / "annotated.mp4").exists()


@pytest.mark.parametrize(
    ("error", "kind", "code", "message"),
    [
        (InputError("a.mp4: no frame", code="no_frames"), "input", "no_frames", "a.mp4: no frame"),
        (InputError("a.mp4: something"), "input", "failed", "a.mp4: something"),
        (Cancelled("stopped on request"), "cancelled", "failed", "stopped on request"),
        (OutputError("x.npz: damaged"), "bug", "failed", "x.npz: damaged"),
        (ZeroDivisionError("division by zero"), "bug", "failed", "ZeroDivisionError: division by zero"),
        (PermissionError(errno.EACCES, "Permission denied"), "bug", "failed", "PermissionError: [Errno 13] Permission"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk", "failed", "OSError: [Errno 28] No space left"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk", "failed", "OSError: [Errno 122] Disk quota exceeded"),
    ],
)
def test_what_an_error_counts_as(error, kind, code, message):
    failure = _failure(error)
    assert (failure.kind, failure.finding.code) == (kind, code)
    assert failure.finding.message.startswith(message)


def test_details_of_an_input_error_are_kept():
    failure = _failure(InputError("cut off", code="no_frames", details={"n_packets": 3}))
    assert failure.finding.details == {"n_packets": 3}


def test_units_that_share_the_cores_run_side_by_side(tmp_path, sample_video):
    """Each waits at its first frame until the other is there, too. Landmarks come from a file, which is quick."""
    both = threading.Barrier(2)

    def meet(unit_id, n_frames):
        if n_frames == 1:
            both.wait(timeout=600)

    index = probe(sample_video, "00")
    nowhere = np.full((index.n_frames, 33, 2), np.nan)
    np.savez(tmp_path / f"{sample_video.stem}.npz", timestamps_s=index.timestamps_s, image_px=nowhere)
    settings = PoseSettings(estimator="file", pose_files=tmp_path)
    segment = Segment(0, 0, 0, 3, None, 0, int(index.pts[3]))
    pool = InlinePool(meet, n_threads=2)
    for name in ("a", "b"):
        result = tmp_path / f"result_{name}.npz"
        task = PoseTask(
            "key", index.source, (segment,), (result,), stat_mark(sample_video), settings, SamplingSettings(), 5
        )
        pool.submit(Unit(name, "pose", task, "a.mp4", n_frames=3, n_threads=1))
    assert pool.n_running == 2
    outcomes = []
    while pool.n_running:
        outcomes += pool.collect()
        time.sleep(0.01)
    pool.close()
    assert [outcome.failure for outcome in outcomes] == [None, None]

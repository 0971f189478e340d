"""What a job remembers for later runs, driven by hand in the place of the scheduler."""

import pytest
from tiny_clips import Bench, found, tiny_clip

from vidpose.config import Settings
from vidpose.engines.scheduler import UnitFailed
from vidpose.engines.tasks import UnitFailure, UnitResult
from vidpose.errors import OutputError
from vidpose.pose.estimator import EstimatorInfo
from vidpose.state.ledger import Ledger
from vidpose.state.receipts import StageFacts, write_receipt
from vidpose.types.findings import Finding
from vidpose.workflow.video_job import RunContext, job_of
from vidpose.workflow.video_plan import RENDER_RECEIPT, ReadyVideo, RefusedVideo


class JobBed:
    """Jobs over a ledger of their own."""

    def __init__(self, folder, ledger):
        self.bench = Bench(folder)
        self.ledger = ledger
        self.clip = found(tiny_clip(folder / "in" / "clip.mp4"))
        self.records = []

    def job(self, plan=None, **changes):
        settings = Settings(no_video=True, **changes)
        estimator = EstimatorInfo("mediapipe", "mediapipe", "0.10.21", {}, settings.pose)
        context = RunContext(settings, self.bench.layout, self.ledger, estimator)
        return job_of(context, plan or self.plan(**changes), self.records.append)

    def plan(self, **changes):
        return self.bench.planner(self.ledger, no_video=True, **changes).plan(self.clip)


@pytest.fixture
def bed(tmp_path):
    with Ledger(tmp_path / "models" / ".vidpose" / "ledger.sqlite") as ledger:
        yield JobBed(tmp_path, ledger)


def fail(job, kind, code):
    next(job)
    failure = UnitFailure(kind, Finding(code, "it broke"), "traceback")
    with pytest.raises(StopIteration):
        job.throw(UnitFailed("it broke", failure=failure, unit_kind="pose"))


@pytest.mark.parametrize(
    ("kind", "code", "kept"),
    [
        ("input", "no_frames", True),
        ("lost", "worker_lost", True),
        ("stalled", "stalled", True),
        ("memory", "too_large", False),  # a higher limit may be given next time
        ("input", "changed_during_run", False),
        ("bug", "failed", False),
        ("engine", "failed", False),
    ],
)
def test_only_what_would_fail_again_is_remembered(bed, kind, code, kept):
    fail(bed.job(), kind, code)
    (record,) = bed.records
    assert (record.state, [finding.severity for finding in record.findings]) == ("quarantined", ["fatal"])
    assert isinstance(bed.plan(), RefusedVideo) == kept


def test_an_analysis_that_is_lost_does_not_give_up_the_poses(bed):
    job = bed.job()
    next(job)
    failure = UnitFailure("lost", Finding("worker_lost", "it broke"), "traceback")
    with pytest.raises(StopIteration):
        job.throw(UnitFailed("it broke", failure=failure, unit_kind="analyse"))
    assert bed.records[0].state == "quarantined"
    assert isinstance(bed.plan(), ReadyVideo)


def test_a_cancelled_unit_leaves_the_video_interrupted(bed):
    fail(bed.job(), "cancelled", "failed")
    assert bed.records[0].state == "interrupted"
    assert isinstance(bed.plan(), ReadyVideo)


def test_a_closed_job_hands_its_record_over(bed):
    job = bed.job()
    next(job)
    job.close()
    assert [record.state for record in bed.records] == ["interrupted"]


def test_a_failure_that_was_tried_again_with_success_is_forgotten(bed):
    fail(bed.job(), "lost", "worker_lost")
    assert bed.plan().failure.code == "worker_lost"
    plan = bed.plan(redo_failures=True)
    job = bed.job(plan, redo_failures=True)
    next(job)
    bed.bench.lay_poses(plan)
    job.send([UnitResult(12)])
    with pytest.raises(StopIteration):
        job.send([UnitResult(12)])
    assert bed.records[-1].state == "done"
    assert isinstance(bed.plan(), ReadyVideo)


def test_poses_that_a_copy_brought_meanwhile_are_not_made_again(bed):
    plan = bed.plan()
    job = bed.job(plan)
    bed.bench.lay_poses(plan)  # by the job of another file with the same bytes
    (unit,) = next(job)
    assert unit.kind == "analyse"


def test_fresh_makes_poses_again_whatever_is_there(bed):
    bed.bench.lay_poses(bed.plan())
    (unit,) = next(bed.job(fresh=True))
    assert unit.kind == "pose"


def test_a_stored_file_that_cannot_be_read_costs_this_video_only(bed, monkeypatch):
    def gone(*_):
        raise OutputError("segment_00000.npz: not a readable file")

    monkeypatch.setattr("vidpose.workflow.video_job.is_usable", gone)
    with pytest.raises(StopIteration):
        next(bed.job())
    assert bed.records[0].state == "quarantined"
    assert bed.records[0].findings[0].message == "segment_00000.npz: not a readable file"


def test_the_picture_of_earlier_numbers_is_not_reported_as_todays(bed):
    plan = bed.bench.planner(bed.ledger).plan(bed.clip)
    folder = bed.bench.layout.picture_folder(plan.name)
    folder.mkdir(parents=True)
    (folder / "annotated.mp4").write_bytes(b"old")
    write_receipt(folder / RENDER_RECEIPT, "an earlier key", [folder / "annotated.mp4"], StageFacts((), 9))
    settings = Settings()
    estimator = EstimatorInfo("mediapipe", "mediapipe", "0.10.21", {}, settings.pose)
    job = job_of(RunContext(settings, bed.bench.layout, bed.ledger, estimator), plan, bed.records.append)
    next(job)
    bed.bench.lay_poses(plan)
    job.send([UnitResult(12)])
    job.send([UnitResult(12)])
    failure = UnitFailure("bug", Finding("failed", "no picture"), "traceback")
    with pytest.raises(StopIteration):
        job.throw(UnitFailed("no picture", failure=failure))
    (record,) = bed.records
    assert record.outputs == []
    assert [finding.code for finding in record.findings] == ["not_annotated"]


def test_what_a_lost_process_left_in_the_middle_of_a_file_is_removed(bed):
    job = bed.job()
    next(job)
    folder = bed.bench.layout.tables_folder(bed.plan().name)
    folder.mkdir(parents=True, exist_ok=True)
    ours, theirs = folder / f".{'a' * 32}.part.parquet", folder / ".notes.part"
    for path in (ours, theirs):
        path.touch()
    failure = UnitFailure("lost", Finding("worker_lost", "it broke"), "traceback")
    with pytest.raises(StopIteration):
        job.throw(UnitFailed("it broke", failure=failure, unit_kind="analyse"))
    assert (ours.exists(), theirs.exists()) == (False, True)

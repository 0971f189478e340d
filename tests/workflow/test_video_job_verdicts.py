"""What a story remembers for later runs, driven by hand in the place of the scheduler."""

import pytest
from tiny_clips import Bench, found, tiny_clip

from vidpose.config import Settings
from vidpose.engines.scheduler import UnitFailed
from vidpose.engines.tasks import Failure
from vidpose.errors import OutputError
from vidpose.pose.estimator import EstimatorInfo
from vidpose.state.ledger import Ledger
from vidpose.state.receipts import write_receipt
from vidpose.types.findings import Finding
from vidpose.workflow.video_job import StoryTeller
from vidpose.workflow.video_plan import RENDER_RECEIPT


class Told:
    """A story teller over a ledger of its own."""

    def __init__(self, folder, ledger):
        self.bench = Bench(folder)
        self.ledger = ledger
        self.clip = found(tiny_clip(folder / "in" / "clip.mp4"))
        self.records = []

    def story(self, plan=None, **changes):
        settings = Settings(no_video=True, **changes)
        estimator = EstimatorInfo("mediapipe", "mediapipe", "0.10.21", {}, settings.pose)
        teller = StoryTeller(settings, self.bench.layout, self.ledger, estimator, self.records.append)
        return teller.tell(plan or self.plan(**changes))

    def plan(self, **changes):
        return self.bench.planner(self.ledger, no_video=True, **changes).plan(self.clip)


@pytest.fixture
def told(tmp_path):
    with Ledger(tmp_path / "models" / ".vidpose" / "ledger.sqlite") as ledger:
        yield Told(tmp_path, ledger)


def fail(story, kind, code):
    next(story)
    failure = Failure(kind, Finding(code, "it broke"), "traceback")
    with pytest.raises(StopIteration):
        story.throw(UnitFailed("it broke", failure=failure, unit_kind="pose"))


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
def test_only_what_would_fail_again_is_remembered(told, kind, code, kept):
    fail(told.story(), kind, code)
    (record,) = told.records
    assert (record.state, [finding.severity for finding in record.findings]) == ("quarantined", ["fatal"])
    assert (told.plan().failure is not None) == kept


def test_an_analysis_that_is_lost_does_not_give_up_the_poses(told):
    story = told.story()
    next(story)
    failure = Failure("lost", Finding("worker_lost", "it broke"), "traceback")
    with pytest.raises(StopIteration):
        story.throw(UnitFailed("it broke", failure=failure, unit_kind="analyse"))
    assert told.records[0].state == "quarantined"
    assert told.plan().failure is None


def test_a_cancelled_unit_leaves_the_video_interrupted(told):
    fail(told.story(), "cancelled", "failed")
    assert told.records[0].state == "interrupted"
    assert told.plan().failure is None


def test_a_closed_story_hands_its_record_over(told):
    story = told.story()
    next(story)
    story.close()
    assert [record.state for record in told.records] == ["interrupted"]


def test_a_failure_that_was_tried_again_with_success_is_forgotten(told):
    fail(told.story(), "lost", "worker_lost")
    assert told.plan().failure.code == "worker_lost"
    plan = told.plan(redo_failures=True)
    story = told.story(plan, redo_failures=True)
    next(story)
    told.bench.lay_poses(plan)
    story.send([{"n_frames": 12, "n_found": 0}])
    with pytest.raises(StopIteration):
        story.send([{"n_frames": 12}])
    assert told.records[-1].state == "done"
    assert told.plan().failure is None


def test_poses_that_a_copy_brought_meanwhile_are_not_made_again(told):
    plan = told.plan()
    story = told.story(plan)
    told.bench.lay_poses(plan)  # by the story of another file with the same bytes
    (unit,) = next(story)
    assert unit.kind == "analyse"


def test_fresh_makes_poses_again_whatever_is_there(told):
    told.bench.lay_poses(told.plan())
    (unit,) = next(told.story(fresh=True))
    assert unit.kind == "pose"


def test_a_stored_file_that_cannot_be_read_costs_this_video_only(told, monkeypatch):
    def gone(*_):
        raise OutputError("segment_00000.npz: not a readable file")

    monkeypatch.setattr("vidpose.workflow.video_job.is_usable", gone)
    with pytest.raises(StopIteration):
        next(told.story())
    assert told.records[0].state == "quarantined"
    assert told.records[0].findings[0].message == "segment_00000.npz: not a readable file"


def test_the_picture_of_earlier_numbers_is_not_reported_as_todays(told):
    plan = told.bench.planner(told.ledger).plan(told.clip)
    folder = told.bench.layout.picture_folder(plan.name)
    folder.mkdir(parents=True)
    (folder / "annotated.mp4").write_bytes(b"old")
    write_receipt(
        folder / RENDER_RECEIPT, "an earlier key", [folder / "annotated.mp4"], {"findings": [], "n_frames": 9}
    )
    settings = Settings()
    estimator = EstimatorInfo("mediapipe", "mediapipe", "0.10.21", {}, settings.pose)
    story = StoryTeller(settings, told.bench.layout, told.ledger, estimator, told.records.append).tell(plan)
    next(story)
    told.bench.lay_poses(plan)
    story.send([{"n_frames": 12, "n_found": 0}])
    story.send([{"n_frames": 12}])
    failure = Failure("bug", Finding("failed", "no picture"), "traceback")
    with pytest.raises(StopIteration):
        story.throw(UnitFailed("no picture", failure=failure))
    (record,) = told.records
    assert record.outputs == []
    assert [finding.code for finding in record.findings] == ["not_annotated"]

"""What keeps a folder of thousands of videos quick: nothing is looked up, asked or written again for each."""

from importlib import metadata

import pytest
from tiny_clips import Bench, found, tiny_clip

from vidpose.engines.prober import Prober
from vidpose.results.csv_files import TableSettings
from vidpose.state.layout import COHORT_RECEIPT, Layout
from vidpose.state.ledger import Ledger
from vidpose.types.findings import Finding
from vidpose.video.ahead import Pending, mapped_ahead
from vidpose.video.probe_limits import ProbeSettings
from vidpose.workflow.cohort_update import update_cohort
from vidpose.workflow.video_job import VideoRecord


@pytest.fixture
def clips(tmp_path):
    made = [tiny_clip(tmp_path / "in" / f"{shade}.mp4", n_frames=2, shade=shade) for shade in range(100, 106)]
    (tmp_path / "in" / "words.mp4").write_bytes(b"no video" * 50)
    (tmp_path / "in" / "copy of words.mp4").write_bytes(b"no video" * 50)
    return [*made, tmp_path / "in" / "words.mp4", tmp_path / "in" / "copy of words.mp4"]


def plans(planner, clips, n_threads):
    made = mapped_ahead(planner.plan, map(found, clips), n_threads, 4)
    return [plan for plan in made if not isinstance(plan, Pending)]


def test_a_second_plan_asks_the_ledger_three_times_per_video_and_writes_and_looks_up_nothing(
    tmp_path, clips, monkeypatch
):
    bench, statements = Bench(tmp_path), []
    with Ledger(bench.layout.ledger) as ledger:
        plans(bench.planner(ledger), clips, 1)
        planner = bench.planner(ledger)
        ledger._db.set_trace_callback(statements.append)
        monkeypatch.setattr(metadata, "version", None)
        monkeypatch.setattr(planner, "_probe_video", None)
        assert len(plans(planner, clips, 1)) == len(clips)
    assert {statement.split()[0] for statement in statements} == {"SELECT"}
    assert len(statements) <= 3 * len(clips)


@pytest.mark.slow
def test_several_probers_give_the_plans_of_one(tmp_path, clips):
    def planned(n_threads):
        bench = Bench(tmp_path / str(n_threads))
        with Ledger(bench.layout.ledger) as ledger, Prober(ProbeSettings(), 0, n_threads) as prober:
            planner = bench.planner(ledger)
            planner._probe_video = prober.probe
            made = plans(planner, clips, n_threads)
            assert len(prober._idle) <= n_threads
        return [getattr(plan, "keys", None) or plan.failure for plan in made]

    assert planned(1) == planned(3)
    assert [finding.message.split(":")[0] for finding in planned(1)[-2:]] == ["words.mp4", "copy of words.mp4"]


def test_the_cohort_of_the_same_tables_is_not_made_again(tmp_path, monkeypatch):
    layout = Layout(tmp_path / "output", tmp_path / "models")
    layout.state.mkdir(parents=True)
    quarantined = VideoRecord("b.mp4", "b.mp4", "quarantined", [Finding("not_a_video", "words", "fatal")])
    records = [VideoRecord("a.mp4", "a.mp4", "done", tables="1"), quarantined]
    update_cohort(records, (), layout, TableSettings(), verify=False)
    assert (layout.models / COHORT_RECEIPT).is_file()
    made = []
    monkeypatch.setattr(
        "vidpose.workflow.cohort_update.write_cohort",
        lambda folder, videos, left_out, tables: made.append(list(videos)) or [],
    )
    records[0].state = "skipped_unchanged"
    update_cohort(records, (), layout, TableSettings(), verify=True)
    assert made == []
    records[0].tables = "2"
    update_cohort(records, (), layout, TableSettings(), verify=False)
    (layout.models / "cohort.csv").write_bytes(b"edited by hand")
    update_cohort(records, (), layout, TableSettings(), verify=False)
    assert len(made) == 2

"""What a video needs, from an empty folder to a finished one, and which setting asks for what."""

import dataclasses
import os

import pytest
from tiny_clips import Bench, found, tiny_clip

from vidpose.config import Settings
from vidpose.state.ledger import Ledger, stat_mark
from vidpose.state.motion_store import save_motion
from vidpose.state.receipts import StageFacts, write_receipt
from vidpose.types.findings import Finding
from vidpose.video.ahead import Pending, mapped_ahead
from vidpose.workflow.video_plan import ANALYSIS_RECEIPT, RENDER_RECEIPT, ReadyVideo, is_usable


@pytest.fixture
def clip(tmp_path):
    return tiny_clip(tmp_path / "in" / "clip.mp4")


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.fixture
def done(bench, clip):
    """The plan of a video whose results all lie in their place."""
    plan = bench.plan(clip)
    bench.lay_poses(plan)
    tables, pictures = bench.layout.tables_folder(plan.name), bench.layout.picture_folder(plan.name)
    for folder, name, receipt, key in (
        (tables, "angles.csv", ANALYSIS_RECEIPT, plan.keys.analysis),
        (pictures, "annotated.mp4", RENDER_RECEIPT, plan.keys.render),
    ):
        folder.mkdir(parents=True)
        (folder / name).write_bytes(b"content")
        write_receipt(folder / receipt, key, [folder / name], StageFacts((), 12))
    motion = bench.layout.motion(plan.keys.analysis)
    save_motion(motion, [])
    return plan


# --- from nothing to everything -----------------------------------------------------------------------------------


def test_a_new_video_needs_everything(bench, clip):
    plan = bench.plan(clip)
    assert (plan.why_analyse, plan.why_render) == ("not done yet", "not done yet")
    assert plan.missing_segments == plan.segments
    assert plan.frames_to_pose == plan.index.n_frames == 12
    assert not plan.up_to_date
    assert plan.mark == stat_mark(clip)


def test_a_finished_video_needs_nothing(bench, clip, done):
    plan = bench.plan(clip)
    assert plan.up_to_date
    assert (plan.missing_segments, plan.frames_to_pose) == ((), 0)
    assert plan.keys == done.keys


def test_a_copy_elsewhere_has_the_same_keys(bench, clip):
    copy = clip.parent / "copy of it.mp4"
    copy.write_bytes(clip.read_bytes())
    assert bench.plan(copy).keys == bench.plan(clip).keys
    assert bench.plan(copy).name != bench.plan(clip).name


def test_other_bytes_have_other_keys(bench, clip):
    before = bench.plan(clip).keys
    tiny_clip(clip, shade=101)
    after = bench.plan(clip).keys
    assert all(getattr(before, name) != getattr(after, name) for name in ("pose", "analysis", "render"))


def test_posed_segments_are_not_posed_again(bench, tmp_path):
    long = tiny_clip(tmp_path / "in" / "long.mp4", n_frames=90)
    settings = {"segments": {"length_s": 1.0, "warmup_s": 0.2, "min_warmup_frames": 5}}
    plan = bench.plan(long, **settings)
    assert [(part.warmup_start, part.start, part.stop) for part in plan.segments] == [
        (0, 0, 30),
        (24, 30, 60),
        (54, 60, 90),
    ]
    assert plan.frames_to_pose == 90 + 2 * 6
    bench.lay_poses(plan, plan.segments[:2])
    again = bench.plan(long, **settings)
    assert again.missing_segments == plan.segments[2:]
    assert again.frames_to_pose == 36


def test_what_is_missing_is_named(bench, clip, done):
    (bench.layout.picture_folder("clip.mp4") / "annotated.mp4").unlink()
    plan = bench.plan(clip)
    assert (plan.why_analyse, plan.why_render) == (None, "annotated.mp4 is missing")


def test_tables_that_were_changed_are_made_again_from_the_poses(bench, clip, done):
    (bench.layout.tables_folder("clip.mp4") / "angles.csv").write_bytes(b"edited by hand")
    plan = bench.plan(clip)
    assert (plan.why_analyse, plan.why_render) == ("angles.csv was changed", None)
    assert plan.missing_segments == ()


def test_a_picture_without_its_series_needs_the_analysis_too(bench, clip, done):
    (bench.layout.picture_folder("clip.mp4") / "annotated.mp4").unlink()
    bench.layout.motion(done.keys.analysis).unlink()
    assert bench.plan(clip).why_analyse == "filtered series are missing"
    bench.layout.motion(done.keys.analysis).write_bytes(b"damaged")
    assert bench.plan(clip).why_analyse == "filtered series are missing"
    assert bench.layout.motion(done.keys.analysis).read_bytes() == b"damaged", (
        "planning writes nothing: it serves dry runs"
    )


def test_a_folder_that_cannot_be_listed_is_reported_like_a_video(bench, tmp_path):
    (tmp_path / "closed").mkdir()
    failure = bench.plan(tmp_path / "closed").failure
    assert failure.code == "no_access"
    assert "closed" in failure.message


def test_finished_results_do_not_need_poses_or_series(bench, clip, done):
    bench.layout.motion(done.keys.analysis).unlink()
    bench.layout.pose_segment(done.keys.pose, 0).unlink()
    assert bench.plan(clip).up_to_date


def test_damaged_poses_are_not_used_and_planning_leaves_them_alone(bench, clip):
    plan = bench.plan(clip)
    bench.lay_poses(plan)
    path = bench.layout.pose_segment(plan.keys.pose, 0)
    assert is_usable(path, plan.keys.pose)
    assert not is_usable(path, "another key")
    path.write_bytes(path.read_bytes()[:-100])
    assert bench.plan(clip).missing_segments == plan.segments
    assert path.is_file()


# --- flags --------------------------------------------------------------------------------------------------------


def test_fresh_does_everything_again(bench, clip, done):
    plan = bench.plan(clip, fresh=True)
    assert (plan.why_analyse, plan.why_render) == ("--fresh was given", "--fresh was given")
    assert plan.missing_segments == plan.segments


def test_no_video_needs_no_picture(bench, clip, done):
    (bench.layout.picture_folder("clip.mp4") / "annotated.mp4").unlink()
    assert bench.plan(clip, no_video=True).up_to_date
    assert bench.plan(clip, no_video=True, fresh=True).why_render is None


def test_verify_sees_what_sizes_do_not_show(bench, clip, done):
    (bench.layout.tables_folder("clip.mp4") / "angles.csv").write_bytes(b"CONTENT")
    assert bench.plan(clip).up_to_date
    assert bench.plan(clip, verify=True).why_analyse == "angles.csv was changed"


# --- keys and settings --------------------------------------------------------------------------------------------

ALL, NUMBERS, PICTURE, NOTHING = (True, True, True), (False, True, True), (False, False, True), (False, False, False)
CHANGED = {
    "segments": ({"length_s": 61.0}, ALL),
    "seams": ({"guide_margin": 0.4}, ALL),
    "reading": ({"split_fields": True}, ALL),
    "pose": ({"min_detection_confidence": 0.6}, ALL),
    "sampling": ({"stride": 2}, ALL),
    "hardware_decode": (True, ALL),
    "people": ({"min_seen_s": 0.6}, NUMBERS),
    "analysis": ({"gaps": {"max_gap_s": 0.3}}, NUMBERS),
    "height_m": (1.8, NUMBERS),
    "render": ({"crf": 24}, PICTURE),
    "overlay": ({"show_legend": False}, PICTURE),
    "input": ("elsewhere", NOTHING),
    "video": ("a.mp4", NOTHING),
    "output": ("elsewhere", NOTHING),
    "models": ("elsewhere", NOTHING),
    "llm_data": ("elsewhere", NOTHING),
    "llm_models": ("elsewhere", NOTHING),
    "memory_limit": (0.2, NOTHING),
    "workers": (7, NOTHING),
    "batch_size": (1, NOTHING),
    "no_video": (True, NOTHING),
    "engine": ("inline", NOTHING),
    "fresh": (True, NOTHING),
    "verify": (True, NOTHING),
    "redo_failures": (True, NOTHING),
    "offline": (True, NOTHING),
    "train_llm": (True, NOTHING),
    "use_openai": (True, NOTHING),
    "use_claude": (True, NOTHING),
    "sport_type": ("running", NUMBERS),
    "sex": ("female", NUMBERS),
    "exports": ({"kinds": ["trc"]}, NUMBERS),
    "tables": ({"csv_style": "excel-de"}, NUMBERS),
    "plots": ({"dpi": 100}, NUMBERS),
    "probing": ({"max_frames": 1000}, NOTHING),
    "no_plots": (True, NUMBERS),
    "no_pose": (True, NOTHING),
    "athletes_file": ("athletes.csv", NOTHING),
    "corpus": ({"balance": {"per_subject": 10}}, NOTHING),
    "synthesis": ({"max_cost_usd": 1.0}, NOTHING),
    "training": ({"epochs": 1}, NOTHING),
}


def test_every_setting_is_classed_here():
    assert set(CHANGED) == set(Settings.model_fields)


@pytest.mark.parametrize("name", CHANGED)
def test_which_stages_a_setting_belongs_to(bench, clip, name):
    value, expected = CHANGED[name]
    before, after = bench.plan(clip).keys, bench.plan(clip, **{name: value}).keys
    changed = tuple(getattr(before, field.name) != getattr(after, field.name) for field in dataclasses.fields(before))
    assert changed == expected


def test_another_version_of_the_estimator_changes_all_keys(bench, clip):
    before, after = bench.plan(clip).keys, bench.plan(clip, version="0.10.22").keys
    assert before.pose != after.pose
    assert before.render != after.render


# --- inputs that cannot be used -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty_file"), (b"only some words, no video at all" * 50, "not_a_video")]
)
def test_a_file_that_is_no_video_gets_its_reason_also_the_second_time(bench, tmp_path, content, code):
    path = tmp_path / "words.mp4"
    path.write_bytes(content)
    first, second = bench.plan(path), bench.plan(path)
    assert first.failure.code == second.failure.code == code
    assert first.failure.severity == "fatal"
    assert first.failure == second.failure
    assert first.index is None


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.symlink_to("nowhere.mp4")])
def test_a_file_that_is_gone_is_unreadable(bench, tmp_path, make):
    path = tmp_path / "gone.mp4"
    make(path)
    plan = bench.plan(path)
    assert plan.failure.code == "unreadable"
    assert "gone.mp4" in plan.failure.message


def test_a_limit_holds_whatever_it_was_when_the_video_was_probed(bench, clip):
    few = {"probing": {"max_frames": 11}}
    assert bench.plan(clip, **few).failure.code == "beyond_limit"
    assert bench.plan(clip).index.n_frames == 12
    assert bench.plan(clip, **few).failure.code == "beyond_limit"


def test_a_hash_that_is_known_is_not_made_again(bench, clip):
    with Ledger(bench.layout.ledger) as ledger:
        ledger.remember_hash(clip, stat_mark(clip), "ab" * 32)
        assert bench.planner(ledger).plan(found(clip)).index.sha256 == "ab" * 32
        os.utime(clip, ns=(0, 0))
        assert bench.planner(ledger).plan(found(clip)).index.sha256 != "ab" * 32


def test_plans_come_in_the_order_given(bench, tmp_path, clip):
    paths = [tiny_clip(tmp_path / "in" / f"{name}.mp4", n_frames=2) for name in "cab"]
    with Ledger(bench.layout.ledger) as ledger:
        made = mapped_ahead(bench.planner(ledger).plan, map(found, paths), n_threads=3, n_ahead=1)
        plans = [plan for plan in made if not isinstance(plan, Pending)]
    assert [plan.name for plan in plans] == ["c.mp4", "a.mp4", "b.mp4"]


# --- verdicts of earlier runs -------------------------------------------------------------------------------------

VERDICT = Finding("worker_lost", "died 3 times", "fatal")


def test_a_video_that_was_given_up_stays_so_until_it_is_asked_for(bench, clip):
    with Ledger(bench.layout.ledger) as ledger:
        planner = bench.planner(ledger)
        ledger.remember_verdict(planner.plan(found(clip)).keys.pose, VERDICT)
        failure = planner.plan(found(clip)).failure
        assert (failure.code, failure.severity) == (VERDICT.code, VERDICT.severity)
        assert failure.message == f"{VERDICT.message} (in an earlier run; --redo_failures tries again)"
        assert isinstance(bench.planner(ledger, redo_failures=True).plan(found(clip)), ReadyVideo)


def test_a_verdict_holds_for_these_bytes_and_these_settings_only(bench, clip):
    with Ledger(bench.layout.ledger) as ledger:
        ledger.remember_verdict(bench.planner(ledger).plan(found(clip)).keys.pose, VERDICT)
        assert isinstance(bench.planner(ledger, pose={"min_detection_confidence": 0.6}).plan(found(clip)), ReadyVideo)
        tiny_clip(clip, shade=101)
        assert isinstance(bench.planner(ledger).plan(found(clip)), ReadyVideo)

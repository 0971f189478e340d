import json
import shutil
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_metrics import ROWS, VALUES, made_people
from made_results import made_provenance, made_result

from vidpose.results.cohort import COHORT_FILES, CohortVideo, write_cohort
from vidpose.results.cohort_columns import COHORT_COLUMNS, EXCLUSION_COLUMNS
from vidpose.results.metric_tables import METRIC_COLUMNS, write_metric_tables
from vidpose.results.table_sink import ROWS_PER_GROUP, open_sink
from vidpose.results.video_summary import write_summary
from vidpose.types.findings import Finding
from vidpose.types.left_out import LeftOut

N_ABSENT = sum(value.reason != "" for value in VALUES)


def made_video(root, name, n_people=1, **changes):
    """Write what the analysis leaves of one video."""
    folder, provenance = root / "videos" / name, made_provenance(input_name=name)
    write_summary(folder / "summary.json", made_result(5, n_people=n_people), provenance)
    write_metric_tables(folder, made_people(n_people), ROWS, provenance)
    return CohortVideo(name, folder, **{"state": "done", "findings": provenance.findings} | changes)


def cohort(root, videos):
    paths = write_cohort(root, videos)
    assert [path.name for path in paths] == list(COHORT_FILES)
    rows, exclusions = pd.read_parquet(paths[0]), pd.read_parquet(paths[2])
    assert list(rows.columns) == [column.name for column in COHORT_COLUMNS]
    assert list(exclusions.columns) == [column.name for column in EXCLUSION_COLUMNS]
    for number, table in ((1, rows), (3, exclusions)):
        text = pd.read_csv(paths[number])
        assert list(text.columns) == list(table.columns)
        assert len(text) == len(table)
    return rows, exclusions, json.loads(paths[4].read_text())


def test_all_videos_in_their_order_with_their_quality(tmp_path):
    videos = [made_video(tmp_path, "b.mp4", 2), made_video(tmp_path, "a,1.mp4")]
    rows, exclusions, flow = cohort(tmp_path, videos)
    n = len(VALUES)
    assert rows.video_id.tolist() == ["b.mp4"] * 2 * n + ["a,1.mp4"] * n
    assert rows.person.tolist() == [0] * n + [1] * n + [0] * n
    assert set(rows.found_share) == {0.8}
    assert set(rows.angle_share) == {0.8}
    assert set(rows.frame_rate_hz) == {29.97}
    assert set(rows.facing_right_share) == {1.0}
    assert set(rows.findings) == {"corrupt_frames;view_frontal"}
    assert set(rows.video_sha256) == {"ab" * 32}
    assert set(rows.config_sha256) == {made_provenance().config_sha256}
    assert rows.value.notna().sum() == 3 * (n - N_ABSENT)
    assert flow["videos"] | {"found": 2, "analysed": 2, "quarantined": 0} == flow["videos"]
    assert flow["people"] == 3
    assert flow["values"] == {
        "possible": 3 * n,
        "given": 3 * (n - N_ABSENT),
        "absent_by_code": {"no_height": 3, "one_side_hidden": 3},
    }
    assert flow["metrics"]["knee_range"] == {"ok": 3, "one_side_hidden": 3}
    assert len(exclusions) == 3 * N_ABSENT


def test_values_are_those_of_the_videos_own_table(tmp_path):
    video = made_video(tmp_path, "a.mp4")
    rows, *_ = cohort(tmp_path, [video])
    own = pd.read_csv(video.folder / "metrics.csv")
    pd.testing.assert_frame_equal(
        rows[[column.name for column in METRIC_COLUMNS]].fillna({"reason": ""}),
        own.fillna({"reason": ""}),
        check_dtype=False,
    )


def test_every_absent_metric_is_an_exclusion_with_its_reason(tmp_path):
    _, exclusions, _ = cohort(tmp_path, [made_video(tmp_path, "a.mp4")])
    assert exclusions[["metric", "side", "code"]].values.tolist() == [
        ["knee_range", "right", "one_side_hidden"],
        ["jump_height", "none", "no_height"],
    ]
    assert exclusions.meaning.str.len().min() > 10


def test_failed_and_unfinished_videos_are_named(tmp_path):
    fatal = Finding("empty_file", "The file has 0 bytes.", "fatal")
    videos = [
        CohortVideo("bad.mp4", tmp_path / "nothing", "quarantined", (fatal,)),
        CohortVideo("late.mp4", tmp_path / "nothing", "interrupted"),
    ]
    rows, exclusions, flow = cohort(tmp_path, videos)
    assert len(rows) == 0
    assert exclusions[["video_id", "code"]].values.tolist() == [["bad.mp4", "empty_file"], ["late.mp4", "not_finished"]]
    assert exclusions.person.isna().all()
    assert exclusions.meaning[0] == "The file has 0 bytes."
    assert flow["videos"] == {
        "found": 2,
        "not_finished": 1,
        "quarantined": 1,
        "results_unreadable": 0,
        "analysed": 0,
        "without_person": 0,
    }


def test_what_was_left_out_stands_in_the_flow_and_in_the_exclusions(tmp_path):
    left_out = (LeftOut("b.braw", "raw_camera_format"), LeftOut(".c.mp4", "hidden"))
    write_cohort(tmp_path, [], left_out)
    flow = json.loads((tmp_path / "cohort_flow.json").read_text())
    assert flow["left_out_files_by_code"] == {"hidden": 1, "raw_camera_format": 1}
    assert flow["videos"]["found"] == 0
    rows = pd.read_parquet(tmp_path / "cohort_exclusions.parquet")
    assert rows[["video_id", "code"]].values.tolist() == [
        ["b.braw", "left_out_raw_camera_format"],
        [".c.mp4", "left_out_hidden"],
    ]
    assert rows.meaning[0].startswith("The decoder")


def test_a_video_without_anybody_is_excluded_as_a_whole(tmp_path):
    nobody = Finding("no_person", "No person in 5 frames.")
    _, exclusions, flow = cohort(tmp_path, [made_video(tmp_path, "empty.mp4", findings=(nobody,))])
    assert (exclusions.code[0], exclusions.metric.isna()[0]) == ("no_person", True)
    assert (flow["videos"]["without_person"], flow["people"]) == (1, 0)


def truncate(path):
    path.write_bytes(path.read_bytes()[:100])


SPOILERS = {
    "no folder": shutil.rmtree,
    "no metrics": lambda folder: (folder / "metrics.parquet").unlink(),
    "no summary": lambda folder: (folder / "summary.json").unlink(),
    "metrics cut off": lambda folder: truncate(folder / "metrics.parquet"),
    "summary cut off": lambda folder: truncate(folder / "summary.json"),
    "summary of another kind": lambda folder: (folder / "summary.json").write_text("[]"),
    "summary without people": lambda folder: (folder / "summary.json").write_text(
        '{"input_sha256": "' + "ab" * 32 + '"}'
    ),
    "another table": lambda folder: shutil.copy(folder / "events.parquet", folder / "metrics.parquet"),
    "another video": lambda folder: write_metric_tables(
        folder, made_people(), ROWS, made_provenance(input_sha256="cd" * 32)
    ),
    "a person too many": lambda folder: write_metric_tables(folder, made_people(3), ROWS, made_provenance()),
}


@pytest.mark.parametrize("spoiler", sorted(SPOILERS))
def test_one_broken_result_costs_one_video(tmp_path, spoiler):
    videos = [made_video(tmp_path, name) for name in ("a.mp4", "b.mp4", "c.mp4")]
    SPOILERS[spoiler](videos[1].folder)
    rows, exclusions, flow = cohort(tmp_path, videos)
    assert rows.video_id.drop_duplicates().tolist() == ["a.mp4", "c.mp4"]
    broken = exclusions[exclusions.video_id == "b.mp4"]
    assert broken.code.tolist() == ["results_unreadable"]
    assert broken.meaning.str.contains("analyse the video again").all()
    assert (flow["videos"]["analysed"], flow["videos"]["results_unreadable"]) == (2, 1)


def test_a_run_without_videos_has_its_columns(tmp_path):
    rows, exclusions, flow = cohort(tmp_path, [])
    assert (len(rows), len(exclusions), flow["videos"]["found"]) == (0, 0, 0)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    videos = [made_video(tmp_path, name) for name in ("a.mp4", "b.mp4")]
    for folder in ("one", "two"):
        write_cohort(tmp_path / folder, iter(videos))
    for name in COHORT_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_rows_are_written_in_groups_and_not_kept(tmp_path):
    """More rows than two groups hold, in small pieces: they are in the file before the last piece comes."""
    video = made_video(tmp_path, "a.mp4", 2)
    rows = pd.read_parquet(video.folder / "metrics.parquet")
    n_pieces = 2 * ROWS_PER_GROUP // len(rows) + 1
    with open_sink(tmp_path / "a.parquet", tmp_path / "a.csv", METRIC_COLUMNS, "1") as sink:
        piece = pq.read_table(video.folder / "metrics.parquet").cast(sink.schema)
        for _ in range(n_pieces):
            sink.add(piece)
        waiting = next(tmp_path.glob(".*.part.csv"))
        assert waiting.read_text().count("\n") == 1 + n_pieces * len(rows) // ROWS_PER_GROUP * ROWS_PER_GROUP
    written = pq.ParquetFile(tmp_path / "a.parquet").metadata
    assert (written.num_row_groups, written.num_rows) == (3, n_pieces * len(rows))


def test_an_error_on_the_way_leaves_the_old_files(tmp_path):
    write_cohort(tmp_path, [made_video(tmp_path, "a.mp4")])
    before = {name: (tmp_path / name).read_bytes() for name in COHORT_FILES}

    def videos():
        yield made_video(tmp_path, "b.mp4")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        write_cohort(tmp_path, videos())
    assert {name: (tmp_path / name).read_bytes() for name in COHORT_FILES} == before
    assert not list(tmp_path.glob(".*.part*"))


def test_a_name_that_is_not_utf8_is_written_out(tmp_path):
    fatal = Finding("not_a_video", "what \udcff is this", "fatal")
    _, exclusions, _ = cohort(tmp_path, [CohortVideo("a\udcff.mp4", tmp_path, "quarantined", (fatal,))])
    assert exclusions.video_id[0] == "a\\udcff.mp4"


def test_median_visibility_comes_from_the_summary_when_it_has_one(tmp_path):
    video = made_video(tmp_path, "a.mp4")
    path = video.folder / "summary.json"
    summary = json.loads(path.read_text())
    summary["people"][0]["median_visibility"] = 0.875
    path.write_text(json.dumps(summary))
    rows, *_ = cohort(tmp_path, [replace(video, state="skipped_unchanged")])
    assert set(rows.median_visibility) == {0.875}


@pytest.mark.parametrize("name", ["=1+1.mp4", "+x.mp4", "-dash.mp4", "@SUM(A1).mp4", "\tx.mp4"])
def test_no_name_is_a_formula_for_a_spreadsheet(tmp_path, name):
    fatal = Finding("empty_file", "0 bytes", "fatal")
    rows, exclusions, _ = cohort(
        tmp_path, [made_video(tmp_path, name), CohortVideo(name, tmp_path / "nothing", "quarantined", (fatal,))]
    )
    assert set(rows.video_id) == set(exclusions.video_id) == {name}  # Parquet has the name itself
    written = [tmp_path / COHORT_FILES[1], tmp_path / COHORT_FILES[3], tmp_path / "videos" / name / "metrics.csv"]
    for path in written:
        assert set(pd.read_csv(path).video_id) == {"'" + name}

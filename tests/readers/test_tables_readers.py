"""Tables as pandas and pyarrow read them, in versions other than those that wrote them."""

import pytest

pd = pytest.importorskip("pandas")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(params=["csv", "parquet"])
def read(request, files):
    def open_table(name):
        path = files / "cohort" / f"{name}.{request.param}"
        return pd.read_csv(path) if request.param == "csv" else pd.read_parquet(path)

    return open_table


def test_metrics_say_value_unit_and_reason(read):
    table = read("é.mp4/metrics").set_index(["metric", "side"])
    given = table.loc["knee_range", "left"]
    assert (given.value, given.uncertainty, given.unit, given.status, given.n) == (65.0, 1.5, "°", "ok", 90)
    assert (given.start_s, given.end_s) == (0.0, 3.0)
    absent = table.loc["knee_range", "right"]
    assert pd.isna(absent.value)
    assert absent.status == "view"
    assert absent.reason
    assert table.loc["jump_height", "none"].status == "no_height"


def test_events_have_times_between_frames(read):
    table = read("é.mp4/events")
    assert table.event.tolist() == ["foot_strike", "toe_off"]
    assert table.time_s.tolist() == [0.51234, 0.9]
    assert table.frame.tolist() == [15, 27]
    assert table.uncertainty_s.isna().tolist() == [False, True]


def test_the_cohort_joins_all_videos_with_their_quality(read, meant):
    table = read("cohort")
    assert table.video_id.tolist() == ["one,two.mp4"] * 3 + ["é.mp4"] * 3
    assert table.value.notna().sum() == 2
    assert set(table.frame_rate_hz) == {29.97}
    assert set(table.found_share) == {0.9}
    assert set(table.facing_right_share) == {1.0}
    assert set(table.video_sha256) == {meant["sha256"]}


def test_the_exclusions_name_the_broken_video(read):
    table = read("cohort_exclusions")
    broken = table[table.video_id == "broken.mp4"]
    assert broken.code.tolist() == ["empty_file"]
    assert broken.metric.isna().all()
    assert table[table.video_id == "é.mp4"].code.tolist() == ["view", "no_height"]


def test_angles_are_what_was_meant(read, meant):
    table = read("é.mp4/angles")
    if "angle" in table:
        table = table.pivot(index="frame", columns="angle", values="value_deg")
    else:
        table = table.set_index("frame").rename(columns=lambda name: name.removesuffix("_deg"))
    angle = meant["angles"].index("knee_flexion_r")
    values = table["knee_flexion_r"].to_numpy()
    lost = slice(*meant["lost"])
    assert pd.isna(values[lost]).all()
    assert abs(values[:60] - meant["ntsc_deg"][:60, angle]).max() < 0.006


def test_parquet_names_its_origin(files, meant):
    for name in ("metrics", "events"):
        metadata = pq.read_schema(files / "cohort" / "é.mp4" / f"{name}.parquet").metadata
        assert metadata[b"vidpose.schema_version"] == b"1.1.0"
        assert metadata[b"vidpose.video_sha256"].decode() == meant["sha256"]

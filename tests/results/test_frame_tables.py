import dataclasses

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_results import CASES, LOST_FRAME, N_ANGLES, made_provenance, made_result

from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.validity.best import BEST_IDS
from vidpose.results.frame_tables import TABLE_FILES, write_tables
from vidpose.results.table_columns import (
    ANGLE_COLUMNS,
    ANGLE_CSV_COLUMNS,
    BEST_COLUMNS,
    BODY_COLUMNS,
    LANDMARK_COLUMNS,
    LANDMARK_CSV_COLUMNS,
)
from vidpose.types.skeleton import LANDMARK_NAMES, N_LANDMARKS

COLUMNS = dict(
    zip(
        TABLE_FILES,
        (LANDMARK_COLUMNS, ANGLE_COLUMNS, BEST_COLUMNS, BODY_COLUMNS, LANDMARK_CSV_COLUMNS, ANGLE_CSV_COLUMNS),
        strict=True,
    )
)
ROWS_PER_FRAME = dict(zip(TABLE_FILES, (N_LANDMARKS, N_ANGLES, len(BEST_IDS), 1, 1, 1), strict=True))


def read(path):
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_case_has_all_columns_and_rows_in_order(tmp_path, case):
    result = CASES[case]()
    paths = write_tables(tmp_path, result, made_provenance())
    assert [path.name for path in paths] == list(TABLE_FILES)
    for path in paths:
        table = read(path)
        assert list(table.columns) == [column.name for column in COLUMNS[path.name]]
        assert len(table) == len(result.people) * result.n_frames * ROWS_PER_FRAME[path.name]
        expected = [
            (person.id, frame)
            for person in result.people
            for frame in range(result.n_frames)
            for _ in range(ROWS_PER_FRAME[path.name])
        ]
        assert list(zip(table["person"], table["frame"], strict=True)) == expected


def test_parquet_types_and_metadata(tmp_path):
    for case in ("usual", "nobody"):
        write_tables(tmp_path, CASES[case](), made_provenance())
        for name in ("landmarks.parquet", "angles.parquet"):
            schema = pq.read_schema(tmp_path / name)
            assert schema.field("frame").type == pa.int32()
            assert schema.field("time_s").type == pa.float64()
            assert schema.field("video_id").type == pa.dictionary(pa.int8(), pa.string())
            assert schema.metadata[b"vidpose.schema_version"] == b"1.3.0"
            assert schema.metadata[b"vidpose.config_sha256"].decode() == made_provenance().config_sha256
            assert schema.metadata[b"vidpose.video_sha256"] == b"ab" * 32
            group = pq.ParquetFile(tmp_path / name).metadata
            for k in range(group.num_row_groups):
                assert {group.row_group(k).column(c).compression for c in range(group.num_columns)} == {"ZSTD"}


def test_the_config_hash_follows_the_settings_and_not_their_order():
    same = made_provenance(config={"a": 1, "b": 2}).config_sha256
    assert same == made_provenance(config={"b": 2, "a": 1}).config_sha256
    assert same != made_provenance(config={"a": 1, "b": 3}).config_sha256


def test_landmark_rows_say_what_the_track_says(tmp_path):
    write_tables(tmp_path, CASES["usual"](), made_provenance())
    table = pd.read_parquet(tmp_path / "landmarks.parquet")
    row = table[(table.frame == 3) & (table.keypoint == "left_eye")].iloc[0]
    assert row.x_raw_px == 103.25
    assert row.y_raw_px == 103.75
    assert row.x_filtered_px == 103.5
    assert row.world_y_raw_m == np.float32(-0.1032)
    assert row.world_z_filtered_m == np.float32(0.0516)
    assert row.visibility == 0.875
    assert row.status == "measured"
    assert row.speed_bh_s == 0.25
    assert row.speed_m_s == np.float32(0.45)
    assert row.facing == "right"
    assert row.video_id == "squats/clip.mp4"
    assert row.time_s == pytest.approx(3 * 1001 / 30000, abs=1e-6)
    assert list(table.keypoint[:33]) == list(LANDMARK_NAMES)


def test_angle_rows_are_in_degrees(tmp_path):
    write_tables(tmp_path, CASES["usual"](), made_provenance())
    table = pd.read_parquet(tmp_path / "angles.parquet")
    row = table[(table.frame == 3) & (table.angle == "knee_flexion_r")].iloc[0]
    assert row.value_deg == 3 + ANGLE_IDS.index("knee_flexion_r")
    assert row.velocity_deg_s == 30.0
    assert row.status == "measured"


def test_missing_is_null_in_parquet_and_an_empty_cell_in_csv(tmp_path):
    write_tables(tmp_path, made_result(3), made_provenance())
    angles = pq.read_table(tmp_path / "angles.parquet")
    lost = angles.filter(pa.compute.equal(angles["frame"], LOST_FRAME))
    assert lost["value_deg"].null_count == lost["velocity_deg_s"].null_count == N_ANGLES
    assert set(lost["status"].to_pylist()) == {"rejected"}
    landmarks = pq.read_table(tmp_path / "landmarks.parquet")
    assert landmarks["x_filtered_px"].null_count == landmarks["x_raw_px"].null_count == N_LANDMARKS
    assert landmarks["speed_m_s"].null_count == len(landmarks)
    for table in (angles, landmarks):
        for name in ("video_id", "frame", "status", "facing"):
            assert table[name].null_count == 0
    line = (tmp_path / "angles.csv").read_text().splitlines()[1 + LOST_FRAME]
    assert line == "0,1,0.033367,right,true" + "," * N_ANGLES


def test_frames_that_were_left_out_are_marked(tmp_path):
    write_tables(tmp_path, CASES["sampled"](), made_provenance())
    for name in TABLE_FILES:
        table = read(tmp_path / name)
        assert table["estimated"].dtype == bool
        assert (table["estimated"] == (table["frame"] % 2 == 0)).all(), name


def test_csv_opens_with_bare_headers_and_short_numbers(tmp_path):
    write_tables(tmp_path, made_result(2, lost=()), made_provenance())
    header, first, *_ = (tmp_path / "angles.csv").read_text("utf-8-sig").splitlines()
    assert header.startswith("person,frame,time_s,facing,estimated,ankle_dorsiflexion_r_deg,ankle_dorsiflexion_l_deg,")
    assert first.startswith("0,0,0,right,true,0,1,2,3,")
    header, first, *_ = (tmp_path / "landmarks.csv").read_text("utf-8-sig").splitlines()
    assert header.startswith(
        "person,frame,time_s,facing,estimated,nose_x_px,nose_y_px,nose_visibility,left_eye_inner_x_px,"
    )
    assert first.startswith("0,0,0,right,true,100.25,100.75,0.875,100.38,")


def test_wide_and_long_say_the_same(tmp_path):
    write_tables(tmp_path, made_result(1805, n_people=2), made_provenance())
    long = pd.read_parquet(tmp_path / "angles.parquet")
    wide = pd.read_csv(tmp_path / "angles.csv")
    values = long.value_deg.to_numpy().reshape(len(wide), N_ANGLES)
    np.testing.assert_allclose(wide[[f"{name}_deg" for name in ANGLE_IDS]].to_numpy(), values, rtol=1e-6)


def test_row_groups_hold_1800_frames(tmp_path):
    write_tables(tmp_path, made_result(3601), made_provenance())
    metadata = pq.ParquetFile(tmp_path / "landmarks.parquet").metadata
    rows = [metadata.row_group(k).num_rows for k in range(metadata.num_row_groups)]
    assert rows == [1800 * 33, 1800 * 33, 33]


def test_writing_again_gives_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        write_tables(tmp_path / folder, CASES["several_chunks"](), made_provenance())
    for name in TABLE_FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert sorted(item.name for item in (tmp_path / "a").iterdir()) == sorted(TABLE_FILES)


def test_a_failed_write_leaves_nothing_half_done(tmp_path):
    result = made_result(3)
    bad = dataclasses.replace(result.people[0].analysis, facing=np.full(3, 200, np.uint8))  # no such word
    broken = dataclasses.replace(result, people=(dataclasses.replace(result.people[0], analysis=bad),))
    with pytest.raises((IndexError, ValueError, OverflowError)):
        write_tables(tmp_path, broken, made_provenance())
    assert list(tmp_path.iterdir()) == []


def test_results_that_do_not_fit_together_are_refused():
    result = made_result(3, n_people=2)
    one, other = result.people
    with pytest.raises(ValueError, match="increasing ids"):
        dataclasses.replace(result, people=(other, one))
    with pytest.raises(ValueError, match="expected 3 frames"):
        dataclasses.replace(result, people=(made_result(4).people[0],))
    angles = dataclasses.replace(one.analysis.angles, ids=tuple(reversed(ANGLE_IDS)))
    moved = dataclasses.replace(one, analysis=dataclasses.replace(one.analysis, angles=angles))
    with pytest.raises(ValueError, match="angles of the conventions"):
        dataclasses.replace(result, people=(moved,))

import json
import struct
from dataclasses import replace

import numpy as np
import pytest
from made_results import CASES, LOST_FRAME, made_provenance, made_result, made_track

from vidpose.biomech.body_size import world_height_m
from vidpose.biomech.conventions import ANGLE_IDS, ANGLES
from vidpose.results.exports.angle_series import MODEL_COORDINATES, frame_angles, model_angles, uniform_angles
from vidpose.results.exports.c3d import write_c3d
from vidpose.results.exports.coco import CATEGORY, COCO_LANDMARKS, image_id
from vidpose.results.exports.export_settings import EXPORTERS, ExportSettings
from vidpose.results.exports.markers import BodyScale, body_scale, flat_markers, world_markers
from vidpose.results.exports.opensim_tables import AngleTable, write_mot
from vidpose.results.exports.resampling import uniform_times
from vidpose.results.exports.write_exports import NOTE_FILE, write_exports
from vidpose.results.video_result import Person, VideoResult
from vidpose.types.motion import AngleSeries
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

SCALE = {0: BodyScale(0.01, 300.0, 1.0), 1: BodyScale(0.01, 300.0, 1.0)}
EVERYTHING = ExportSettings(kinds=tuple(EXPORTERS), gaps="nan", opensim_model="rajagopal2016", min_run_s=0.0)


def exported(folder, result, settings=EVERYTHING, scales=SCALE):
    paths = write_exports(folder, result, made_provenance(), settings, scales)
    note = json.loads((folder / NOTE_FILE).read_text())
    assert [path.name for path in paths] == [*(entry["file"] for entry in note["files"]), NOTE_FILE]
    assert all(path.is_file() for path in paths)
    return {entry["file"]: entry for entry in note["files"]}, {entry["file"]: entry for entry in note["absent"]}


def body(path):
    """Rows of numbers below the header of a TRC, MOT or STO file."""
    lines = path.read_text().splitlines()
    first = 6 if path.suffix == ".trc" else lines.index("endheader") + 2
    return [line.split("\t") for line in lines[first:]]


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_case_has_its_files_or_a_reason(tmp_path, case):
    result = CASES[case]()
    files, absent = exported(tmp_path, result)
    for person in result.people:
        mine = {name for name in (*files, *absent) if name.startswith(f"person_{person.id}")}
        assert {name.rpartition(".")[2] for name in mine} == {"trc", "mot", "sto", "c3d"}
    assert "coco_images.json" in files
    assert all(entry["meaning"] for entry in absent.values())


@pytest.mark.parametrize(("case", "reason"), [("one_frame", "too_short"), ("never_found", "no_data")])
def test_a_file_that_cannot_be_made_says_why(tmp_path, case, reason):
    files, absent = exported(tmp_path, CASES[case]())
    assert not [name for name in files if name.endswith((".trc", ".mot", ".c3d"))]
    assert {entry["reason"] for name, entry in absent.items() if name.endswith((".trc", ".mot", ".c3d"))} == {reason}


def test_the_same_result_gives_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        exported(tmp_path / folder, CASES["two_people"]())
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_files_of_an_earlier_call_go(tmp_path):
    exported(tmp_path, made_result(5))
    stranger = tmp_path / "notes.txt"
    stranger.write_text("mine")
    files, _ = exported(tmp_path, made_result(5), ExportSettings(kinds=("coco",)))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*files, NOTE_FILE, "notes.txt"])


@pytest.mark.parametrize("text", ["", "[]", '{"files": [{"file": "../stranger.txt"}]}', '{"files": 3}', "\xff"])
def test_a_spoilt_note_removes_nothing_else(tmp_path, text):
    folder = tmp_path / "video"
    folder.mkdir()
    stranger = tmp_path / "stranger.txt"
    stranger.write_text("mine")
    (folder / NOTE_FILE).write_bytes(text.encode("latin-1"))
    exported(folder, made_result(3))
    assert stranger.read_text() == "mine"


# --- TRC ----------------------------------------------------------------------------------------------------------


def test_trc_has_the_layout_that_opensim_wants(tmp_path):
    files, _ = exported(tmp_path, made_result(4))
    path = tmp_path / "person_0_2d_m.trc"
    lines = path.read_text().splitlines()
    assert lines[0] == "PathFileType\t4\t(X/Y/Z)\tperson_0_2d_m.trc"
    facts = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    assert facts["Units"] == "m"
    assert facts["NumFrames"] == "4"
    assert facts["NumMarkers"] == "33"
    assert facts["OrigDataStartFrame"] == "1"
    assert float(facts["DataRate"]) == pytest.approx(30000 / 1001, abs=1e-6)
    assert [name for name in lines[3].split("\t")[2:] if name] == list(LANDMARK_NAMES)
    assert lines[4].split("\t")[2:5] == ["X1", "Y1", "Z1"]
    assert lines[5] == ""
    rows = body(path)
    assert {len(row) for row in rows} == {2 + 99}
    # frame 2, landmark 0: x = 102.25 px, y = 102.75 px down, the floor at 300 px, 1 cm per pixel
    assert rows[2][:5] == ["3", "0.06673333", "1.0225", "1.9725", "0"]
    assert rows[LOST_FRAME][2:] == ["nan"] * 99
    assert files[path.name]["gap_free_s"] == [[0.066733, 0.1001]]


def test_trc_in_the_world_is_right_handed_and_of_the_athletes_size(tmp_path):
    exported(tmp_path, made_result(3, lost=()), scales={0: BodyScale(world_factor=2.0)})
    row = body(tmp_path / "person_0_3d_m.trc")[1]
    # landmark 0: x = 0.101, y = -0.101 down, z = 0.0505 away
    assert [float(value) for value in row[2:5]] == pytest.approx([0.202, 0.202, -0.101], abs=1e-5)


def test_a_default_trc_has_no_gaps_which_opensim_refuses(tmp_path):
    files, _ = exported(tmp_path, made_result(90, n_people=1), ExportSettings(min_run_s=0.0))
    written = [name for name in files if name.endswith(".trc")]
    assert any("3d_m" in name for name in written)
    for name in written:
        rows = body(tmp_path / name)
        assert len({len(row) for row in rows}) == 1
        assert np.isfinite(np.array(rows, float)).all()


def test_trc_without_a_height_is_in_pixels_and_says_so(tmp_path):
    files, absent = exported(tmp_path, made_result(3), scales=None)
    assert "person_0_2d_m.trc" not in files
    assert files["person_0_2d_px.trc"]["unit"] == "px"
    assert absent["person_0_2d.c3d"]["reason"] == "no_height"
    row = body(tmp_path / "person_0_2d_px.trc")[0]
    assert row[2:4] == ["100.25", "259.25"]  # 100.75 px down in a picture of 360 px


def test_a_marker_that_is_never_there_is_left_out_and_listed(tmp_path):
    result = made_result(4, lost=())
    (person,) = result.people
    filtered = person.analysis.filtered
    image_px, status = filtered.image_px.copy(), filtered.status.copy()
    heel = LANDMARK_INDEX["left_heel"]
    image_px[:, heel] = np.nan
    status[:, heel] = 0
    analysis = replace(person.analysis, filtered=replace(filtered, image_px=image_px, status=status))
    result = replace(result, people=(replace(person, analysis=analysis),))
    files, _ = exported(tmp_path, result)
    assert files["person_0_2d_m.trc"]["absent"] == {"left_heel": "missing"}
    assert "left_heel" not in files["person_0_2d_m.trc"]["names"]
    assert "left_heel" in files["person_0_3d_m.trc"]["names"]


def test_why_a_series_is_absent_is_asked_where_the_person_is(tmp_path):
    result = made_result(6, lost=(0, 1, 2, 3))
    (person,) = result.people
    filtered, heel = person.analysis.filtered, LANDMARK_INDEX["left_heel"]
    image_px, status = filtered.image_px.copy(), filtered.status.copy()
    image_px[:, heel] = np.nan
    status[4:, heel] = Status.REJECTED  # and missing in the four frames without the person
    analysis = replace(person.analysis, filtered=replace(filtered, image_px=image_px, status=status))
    files, _ = exported(tmp_path, replace(result, people=(replace(person, analysis=analysis),)))
    assert files["person_0_2d_m.trc"]["absent"] == {"left_heel": "rejected"}


def test_without_world_landmarks_there_is_no_file_in_three_dimensions(tmp_path):
    result = made_result(4, lost=())
    (person,) = result.people
    world_m = np.full_like(person.analysis.filtered.world_m, np.nan)
    analysis = replace(person.analysis, filtered=replace(person.analysis.filtered, world_m=world_m))
    files, absent = exported(tmp_path, replace(result, people=(replace(person, analysis=analysis),)))
    assert absent["person_0_3d_m.trc"]["reason"] == "no_world"
    assert "person_0_2d_m.trc" in files


def test_the_file_begins_with_the_person(tmp_path):
    files, _ = exported(tmp_path, made_result(6, lost=(0, 1)))
    note = files["person_0_2d_m.trc"]
    assert (note["first_frame"], note["rows"]) == (2, 4)
    rows = body(tmp_path / "person_0_2d_m.trc")
    assert [row[0] for row in rows] == ["3", "4", "5", "6"]
    assert float(rows[0][1]) == pytest.approx(2 * 1001 / 30000, abs=1e-7)


def test_split_files_have_no_gap(tmp_path):
    split = ExportSettings(kinds=("trc",), gaps="split", min_run_s=0.0)
    files, _ = exported(tmp_path, made_result(8, lost=(3,)), split)
    assert [name for name in files if "2d" in name] == ["person_0_2d_m_part_001.trc", "person_0_2d_m_part_002.trc"]
    assert not any("nan" in (tmp_path / name).read_text() for name in files)
    assert [row[0] for row in body(tmp_path / "person_0_2d_m_part_002.trc")] == ["5", "6", "7", "8"]


def test_the_scale_follows_from_height_and_feet():
    (person,) = made_result(5).people
    scale = body_scale(person.analysis, 1.7126)
    assert scale.metres_per_px == pytest.approx(0.01)
    lowest_px = person.analysis.filtered.image_px[:, LANDMARK_INDEX["right_foot_index"], 1]
    assert np.nanmin(lowest_px) < scale.floor_y_px <= np.nanmax(lowest_px)
    assert np.isnan(body_scale(person.analysis, None).metres_per_px)


def test_the_world_comes_to_the_athletes_size_once(tmp_path):
    (person,) = made_result(5).people
    once = body_scale(person.analysis, 1.80)
    assert once.world_factor == pytest.approx(1.80 / world_height_m(person.analysis.filtered.world_m))
    filtered = replace(person.analysis.filtered, world_m=person.analysis.filtered.world_m * once.world_factor)
    again = body_scale(replace(person.analysis, filtered=filtered), 1.80)
    assert again.world_factor == pytest.approx(1.0)
    assert np.isnan(body_scale(person.analysis, None).world_factor)


def test_the_note_says_whose_size_it_is(tmp_path):
    for name, scales, words in (("own", SCALE, "the athlete's size"), ("model", None, "that the pose model gives")):
        files, _ = exported(tmp_path / name, made_result(3), scales=scales)
        assert words in files["person_0_3d_m.trc"]["content"]


# --- MOT and STO --------------------------------------------------------------------------------------------------


def test_mot_counts_the_time_as_a_column_and_has_no_gap(tmp_path):
    files, _ = exported(tmp_path, made_result(6))
    (name,) = [name for name in files if name.startswith("person_0_angles") and name.endswith(".mot")]
    lines = (tmp_path / name).read_text().splitlines()
    assert lines[1:7] == ["version=1", "nRows=4", f"nColumns={1 + len(ANGLE_IDS)}", "inDegrees=yes", "", "endheader"]
    assert lines[7].split("\t") == ["time", *ANGLE_IDS]
    assert "nan" not in (tmp_path / name).read_text()
    rows = body(tmp_path / name)
    assert len(rows) == 4
    assert [float(value) for value in rows[0][:3]] == pytest.approx([2 * 1001 / 30000, 2.0, 3.0], abs=1e-7)


def test_mot_refuses_a_missing_value(tmp_path):
    table = AngleTable(np.arange(2.0), ("a",), np.array([[0.0], [np.nan]]), (0,))
    with pytest.raises(ValueError, match="no missing value"):
        write_mot(tmp_path / "a.mot", table)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("names", [("a b",), ("a", "a"), ("",)])
def test_names_are_one_word_and_different(names):
    with pytest.raises(ValueError, match="names: expected"):
        AngleTable(np.arange(2.0), names, np.zeros((2, len(names))), tuple(range(len(names))))


def test_sto_keeps_every_frame_and_lists_what_is_never_there(tmp_path):
    result = made_result(5)
    (person,) = result.people
    angles = person.analysis.angles
    values, status = angles.values_rad.copy(), angles.status.copy()
    values[:, 3], status[:, 3] = np.nan, 4
    series = AngleSeries(angles.ids, values, angles.velocity_rad_s, status)
    person = replace(person, analysis=replace(person.analysis, angles=series))
    files, _ = exported(tmp_path, replace(result, people=(person,)))
    note = files["person_0_angles.sto"]
    assert note["absent"] == {ANGLE_IDS[3]: "withheld_view"}
    lines = (tmp_path / "person_0_angles.sto").read_text().splitlines()
    assert lines[1:6] == ["version=2", "DataType=double", "nRows=5", f"nColumns={len(ANGLE_IDS)}", "inDegrees=yes"]
    assert body(tmp_path / "person_0_angles.sto")[LOST_FRAME][1:] == ["nan"] * (len(ANGLE_IDS) - 1)


@pytest.mark.parametrize("model", sorted(MODEL_COORDINATES))
def test_a_model_gets_its_own_names_and_signs(model):
    (person,) = made_result(3, lost=()).people
    table = model_angles(frame_angles(person), model)
    degrees = np.degrees(table.values_rad)
    sign = {"gait2392": -1, "rajagopal2016": 1}[model]
    assert degrees[2, table.names.index("knee_angle_r")] == pytest.approx(
        sign * (2 + ANGLE_IDS.index("knee_flexion_r"))
    )
    assert degrees[1, table.names.index("hip_flexion_l")] == pytest.approx(1 + ANGLE_IDS.index("hip_flexion_l"))
    assert degrees[1, table.names.index("ankle_angle_l")] == pytest.approx(1 + ANGLE_IDS.index("ankle_dorsiflexion_l"))


@pytest.mark.parametrize("row", ANGLES, ids=lambda row: row.id)
def test_an_angle_goes_the_short_way_over_its_border(row):
    """Uneven times around the border of the range: no value lands on the far side between two frames."""
    times = np.cumsum(np.where(np.arange(40) % 2, 0.03, 0.05))
    wraps = row.kind != "included_3d"
    middle = row.lower_deg if wraps else 90.0
    degrees = middle + 20 * np.sin(2 * times)
    wrapped = row.lower_deg + row.period_deg - np.mod(row.lower_deg + row.period_deg - degrees, row.period_deg)
    (person,) = made_result(40, lost=()).people
    values = np.full_like(person.analysis.angles.values_rad, np.nan)
    column = ANGLE_IDS.index(row.id)
    values[:, column] = np.radians(wrapped if wraps else degrees)
    angles = replace(person.analysis.angles, values_rad=values)
    filtered = replace(person.analysis.filtered, timestamps_s=times)
    person = replace(person, analysis=replace(person.analysis, angles=angles, filtered=filtered))
    uniform = uniform_times(times, 50.0)
    table = uniform_angles(person, uniform)
    truth = middle + 20 * np.sin(2 * table.times_s)
    found = np.degrees(table.values_rad[:, column])
    assert np.isfinite(found).all()
    off = np.mod(found - truth + row.period_deg / 2, row.period_deg) - row.period_deg / 2
    assert np.abs(off).max() < 0.1
    if wraps:
        assert ((found > row.lower_deg - 1e-9) & (found <= row.lower_deg + row.period_deg + 1e-9)).all()


# --- C3D ----------------------------------------------------------------------------------------------------------


def c3d_data(path, n_markers):
    content = path.read_bytes()
    (data_block,) = struct.unpack_from("<H", content, 16)
    return content, np.frombuffer(content[(data_block - 1) * 512 :], "<f4")


def test_c3d_is_in_millimetres_and_marks_what_is_missing(tmp_path):
    exported(tmp_path, made_result(4))
    content, data = c3d_data(tmp_path / "person_0_2d.c3d", 33)
    assert len(content) % 512 == 0
    first, last, rate = *struct.unpack_from("<HH", content, 6), struct.unpack_from("<f", content, 20)[0]
    assert (first, last) == (1, 4)
    assert rate == pytest.approx(30000 / 1001, abs=1e-5)
    points = data[: 4 * 33 * 4].reshape(4, 33, 4)
    assert points[2, 0].tolist() == pytest.approx([1022.5, 1972.5, 0.0, 0.0])
    assert np.isnan(points[LOST_FRAME, :, :3]).all()
    assert (points[LOST_FRAME, :, 3] == -1).all()


def test_c3d_refuses_pixels(tmp_path):
    result = made_result(3, lost=())
    markers = flat_markers(result.people[0], uniform_times(result.timestamps_s), BodyScale(), 360)
    with pytest.raises(ValueError, match="expected metres, got px"):
        write_c3d(tmp_path / "a.c3d", markers, slice(0, 3), markers.columns)


def test_c3d_begins_with_the_frame_in_which_the_person_does(tmp_path):
    exported(tmp_path, made_result(6, lost=(0, 1)))
    content, _ = c3d_data(tmp_path / "person_0_3d.c3d", 33)
    assert struct.unpack_from("<HH", content, 6) == (3, 6)


# --- COCO ---------------------------------------------------------------------------------------------------------


def test_coco_results_are_predictions_of_found_people(tmp_path):
    exported(tmp_path, CASES["two_people"]())
    results = json.loads((tmp_path / "coco_predictions.json").read_text())
    assert len(results) == 2 * 3
    first = results[0]
    assert set(first) == {"image_id", "category_id", "keypoints", "score"}
    assert first["category_id"] == CATEGORY["id"]
    assert len(first["keypoints"]) == 51
    assert first["keypoints"][:3] == [100.0, 100.5, 0.875]  # raw, not filtered
    assert first["keypoints"][3:6] == [100.25, 100.75, 0.875]  # landmark 2, x = 100 + 2 / 8
    assert first["score"] == 0.875
    assert [entry["image_id"] & 0xFFFFFF for entry in results] == [0, 0, 2, 2, 3, 3]


def test_coco_images_say_video_frame_and_time(tmp_path):
    exported(tmp_path, CASES["sampled"]())
    table = json.loads((tmp_path / "coco_images.json").read_text())
    assert [entry["frame"] for entry in table["images"]] == [0, 2, 4]  # the others were left out on request
    assert table["images"][1] == {
        "id": image_id("ab" * 32, 2),
        "file_name": "squats/clip.mp4/000002.jpg",
        "width": 640,
        "height": 360,
        "video": "squats/clip.mp4",
        "frame": 2,
        "time_s": 0.066733,
    }


def test_a_keypoint_that_the_model_does_not_give_is_zero(tmp_path):
    track = made_track(2, lost=())
    image_px = track.image_px.copy()
    image_px[:, 0] = np.nan
    result = made_result(2, lost=())
    person = Person(0, replace(track, image_px=image_px), result.people[0].analysis)
    exported(tmp_path, VideoResult.of_people(result.index, (person,)), ExportSettings(kinds=("coco",)))
    first = json.loads((tmp_path / "coco_predictions.json").read_text())[0]
    assert first["keypoints"][:3] == [0.0, 0.0, 0.0]
    assert first["score"] == pytest.approx(0.875 * 16 / 17, abs=1e-4)


def test_cocos_order():
    assert [LANDMARK_NAMES[number] for number in COCO_LANDMARKS] == [
        "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
        "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
        "right_ankle",
    ]  # fmt: skip


def test_ids_of_two_videos_do_not_meet():
    ids = {image_id(sha, frame) for sha in ("ab" * 32, "ac" * 32) for frame in range(1000)}
    assert len(ids) == 2000
    assert image_id("ff" * 32, 2**24 - 1) < 2**53


# --- DeepLabCut ---------------------------------------------------------------------------------------------------


def test_there_are_no_poses_of_nobody(tmp_path):
    files, absent = exported(tmp_path, made_result(3, lost=(0, 1, 2)))
    assert "poses_dlc.csv" not in files
    assert not (tmp_path / "poses_dlc.csv").exists()
    assert absent["poses_dlc.csv"]["reason"] == "no_data"


def test_dlc_has_four_header_rows_and_a_row_per_frame(tmp_path):
    exported(tmp_path, CASES["two_people"]())
    lines = (tmp_path / "poses_dlc.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines[:4]] == ["scorer", "individuals", "bodyparts", "coords"]
    assert lines[1].split(",")[1::99] == ["person_0", "person_1"]
    assert lines[4].split(",")[:4] == ["0", "100", "100.5", "0.875"]
    assert set(lines[4 + LOST_FRAME].split(",")[1:]) == {"nan"}
    assert len(lines) == 4 + 4


# --- cost ---------------------------------------------------------------------------------------------------------


def test_markers_are_views_of_the_track_when_the_rate_is_constant():
    result = made_result(100, lost=())
    uniform = uniform_times(result.timestamps_s)
    (person,) = result.people
    assert np.shares_memory(flat_markers(person, uniform, SCALE[0], 360).samples, person.analysis.filtered.image_px)
    assert np.shares_memory(world_markers(person, uniform, SCALE[0]).samples, person.analysis.filtered.world_m)

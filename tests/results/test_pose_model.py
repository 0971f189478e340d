import copy
import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from made_results import CASES, LOST_FRAME, made_provenance, made_result

from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.results.pose_model import SCHEMA, SCHEMA_VERSION, write_pose_model
from vidpose.results.reference_docs import load_schema
from vidpose.results.video_result import ANGLE_STATUS_WORDS, BEST_SOURCE_WORDS, FACING_WORDS, STATUS_WORDS
from vidpose.types.skeleton import LANDMARK_NAMES

RAW = ("x_px", "y_px", "z_rel", "visibility", "presence", "world_x_m", "world_y_m", "world_z_m")
VALIDATOR = jsonschema.Draft202012Validator(load_schema("pose_model"))


def document_of(tmp_path, result, **changes):
    path = tmp_path / "pose_model.json"
    write_pose_model(path, result, made_provenance(**changes))

    def refuse(token):
        raise AssertionError(f"{token} is not JSON")

    return json.loads(path.read_text(), parse_constant=refuse)


def test_the_schema_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(load_schema("pose_model"))


@pytest.mark.parametrize("case", sorted(set(CASES) - {"several_chunks"}))
def test_every_document_follows_the_schema(tmp_path, case):
    result = CASES[case]()
    document = document_of(tmp_path, result)
    VALIDATOR.validate(document)
    assert (document["schema"], document["schema_version"]) == (SCHEMA, SCHEMA_VERSION)
    assert len(document["people"]) == len(result.people)
    assert document["video"]["n_frames"] == len(document["timestamps_s"]) == result.n_frames
    for person in document["people"]:
        columns = [*person["raw"].values(), *person["filtered"].values(), person["facing"], *person["angles"].values()]
        assert {len(column) for column in columns} == {result.n_frames}
        assert {len(row) for row in person["angles"]["value_deg"]} <= {len(ANGLE_IDS)}


def test_numbers_are_where_they_belong(tmp_path):
    document = document_of(tmp_path, made_result(5))
    (person,) = document["people"]
    assert person["raw"]["x_px"][3][2] == 103.25
    assert person["raw"]["y_px"][3][2] == 103.75
    assert person["filtered"]["x_px"][3][2] == 103.5
    assert person["raw"]["world_z_m"][0][0] == 0.05
    assert person["raw"]["z_rel"][0][8] == -0.101
    assert person["angles"]["value_deg"][3][4] == 7.0
    assert person["body_height_px"] == 171.26
    assert document["timestamps_s"][2] == 0.066733
    assert document["corrupt_frames"] == [2]
    assert document["landmarks"][24] == "right_hip"
    assert document["angles"][2]["id"] == "knee_flexion_r"
    assert document["angles"][2]["label"] == "Right knee flexion"


def test_missing_is_null_with_a_status_that_says_why(tmp_path):
    document = document_of(tmp_path, made_result(5))
    (person,) = document["people"]
    legends = document["legends"]
    assert person["raw"]["x_px"][LOST_FRAME] == [None] * 33
    assert person["filtered"]["world_x_m"][LOST_FRAME] == [None] * 33
    assert set(person["angles"]["value_deg"][LOST_FRAME]) == {None}
    assert legends["landmark_status"][person["filtered"]["status"][LOST_FRAME][0]] == "missing"
    assert legends["angle_status"][person["angles"]["status"][LOST_FRAME][0]] == "rejected"
    assert legends["facing"][person["facing"][0]] == "right"


def test_the_legends_of_the_schema_are_those_of_the_types():
    properties = load_schema("pose_model")["properties"]
    legends = {name: node["const"] for name, node in properties["legends"]["properties"].items()}
    assert legends == {
        "landmark_status": list(STATUS_WORDS),
        "angle_status": list(ANGLE_STATUS_WORDS),
        "facing": list(FACING_WORDS),
        "best_source": list(BEST_SOURCE_WORDS),
    }
    person = properties["people"]["items"]["properties"]
    assert person["facing"]["items"]["maximum"] == len(FACING_WORDS) - 1
    assert person["filtered"]["properties"]["status"]["items"]["items"]["maximum"] == len(STATUS_WORDS) - 1
    assert person["angles"]["properties"]["status"]["items"]["items"]["maximum"] == len(ANGLE_STATUS_WORDS) - 1


def every_definition(node, where="$"):
    for name, child in node.get("properties", {}).items():
        yield f"{where}.{name}", child
        yield from every_definition(child, f"{where}.{name}")
    if isinstance(node.get("items"), dict):
        yield from every_definition(node["items"], f"{where}[]")
    for name, child in node.get("$defs", {}).items():
        yield from every_definition(child, f"{where}#{name}")


def test_every_property_of_the_schema_has_a_description():
    bare = [where for where, node in every_definition(load_schema("pose_model")) if not node.get("description")]
    assert bare == []


def remove(*keys):
    def change(document):
        for key in keys[:-1]:
            document = document[key]
        del document[keys[-1]]

    return change


def put(value, *keys):
    def change(document):
        for key in keys[:-1]:
            document = document[key]
        document[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    "damage",
    [
        remove("provenance"),
        remove("provenance", "config_sha256"),
        remove("people", 0, "raw", "presence"),
        remove("landmarks", 0),
        remove("people", 0, "raw", "x_px", 0, 0),
        put("vidpose.other", "schema"),
        put("2.0.0", "schema_version"),
        put("abc", "provenance", "input_sha256"),
        put("/home/me/clip.mp4", "provenance", "input_name"),
        put("today", "provenance", "made_at"),
        put(45, "video", "rotation_deg"),
        put([1, 0], "video", "time_base"),
        put([1, 30, 5], "video", "time_base"),
        put("NaN", "people", 0, "raw", "x_px", 0, 0),
        put(1.5, "people", 0, "raw", "visibility", 0, 0),
        put(99, "people", 0, "filtered", "status", 0, 0),
        put(99, "people", 0, "angles", "status", 0, 0),
        put(1.5, "pts", 0),
        put(1, "people", 0, "raw", "estimated", 0),
        put(["right"], "legends", "facing"),
        put(None, "timestamps_s", 0),
    ],
)
def test_a_broken_document_is_refused(tmp_path, damage):
    document = document_of(tmp_path, made_result(2))
    broken = copy.deepcopy(document)
    damage(broken)
    assert VALIDATOR.is_valid(document)
    assert not VALIDATOR.is_valid(broken)


def test_equal_results_give_equal_bytes_without_path_or_order_of_packages(tmp_path):
    packages = made_provenance().packages
    write_pose_model(tmp_path / "a.json", made_result(5), made_provenance())
    write_pose_model(tmp_path / "b.json", made_result(5), made_provenance(packages=dict(reversed(packages.items()))))
    text = (tmp_path / "a.json").read_bytes()
    assert text == (tmp_path / "b.json").read_bytes()
    assert b"somewhere" not in text


@pytest.mark.parametrize("case", sorted(CASES))
def test_landmarks_are_written_as_estimated(tmp_path, case):
    result = CASES[case]()
    document = document_of(tmp_path, result)
    assert len(document["people"]) == len(result.people)
    for entry, person in zip(document["people"], result.people, strict=True):
        track = person.track
        shape = track.z_rel.shape
        raw = {name: np.array(entry["raw"][name], np.float32).reshape(shape) for name in RAW}
        np.testing.assert_array_equal(document["pts"], track.pts)
        np.testing.assert_array_equal(document["corrupt_frames"], np.flatnonzero(track.corrupt))
        np.testing.assert_array_equal(entry["raw"]["estimated"], track.estimated)
        np.testing.assert_allclose(np.stack([raw["x_px"], raw["y_px"]], axis=2), track.image_px, atol=0.0051)
        world = np.stack([raw["world_x_m"], raw["world_y_m"], raw["world_z_m"]], axis=2)
        np.testing.assert_allclose(world, track.world_m, atol=0.000051)
        np.testing.assert_allclose(raw["z_rel"], track.z_rel, atol=0.000051)
        np.testing.assert_allclose(raw["visibility"], track.visibility, atol=0.00051)
        np.testing.assert_allclose(raw["presence"], track.presence, atol=0.00051)


def test_frames_that_were_left_out_are_marked(tmp_path):
    document = document_of(tmp_path, CASES["sampled"]())
    assert document["people"][0]["raw"]["estimated"] == [True, False, True, False, True]


def test_a_failed_write_leaves_the_earlier_document(tmp_path):
    path = tmp_path / "pose_model.json"
    write_pose_model(path, made_result(3), made_provenance())
    before = path.read_bytes()
    with pytest.raises(TypeError):
        write_pose_model(path, made_result(3), made_provenance(segments=({"start": object()},)))
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["pose_model.json"]


def test_an_absolute_input_name_is_refused():
    for name in ("/home/me/clip.mp4", "C:\\videos\\clip.mp4"):
        with pytest.raises(ValueError, match="input_name"):
            made_provenance(input_name=name)


def test_a_name_that_is_not_utf_8_is_written_out(tmp_path):
    document = document_of(tmp_path, made_result(1), input_name="clip\udcff.mp4")
    assert document["provenance"]["input_name"] == "clip\\udcff.mp4"


def test_the_schema_lies_in_the_package():
    import vidpose.results

    shipped = Path(vidpose.results.__file__).parent / "schemas" / "pose_model.schema.json"
    assert json.loads(shipped.read_text())["properties"]["schema"]["const"] == SCHEMA
    assert len(LANDMARK_NAMES) == load_schema("pose_model")["properties"]["landmarks"]["maxItems"]

import json
from math import radians

import pytest
from made_results import CASES, made_provenance, made_result

from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.results.video_summary import summarise_video, write_summary


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_case_gives_valid_json_twice_the_same(tmp_path, case):
    result = CASES[case]()
    for name in ("a.json", "b.json"):
        write_summary(tmp_path / name, result, made_provenance())
    text = (tmp_path / "a.json").read_bytes()
    assert text == (tmp_path / "b.json").read_bytes()
    assert b"NaN" not in text
    assert b"somewhere" not in text
    document = json.loads(text)
    assert document["schema"] == "vidpose.summary"
    assert [person["id"] for person in document["people"]] == list(range(len(result.people)))
    assert document["video"]["n_frames"] == result.n_frames


def test_numbers_of_five_frames_with_one_lost():
    document = summarise_video(made_result(5), made_provenance())
    (person,) = document["people"]
    assert person["found_share"] == 0.8
    assert person["frames_with_any_angle_share"] == 0.8
    assert person["body_height_px"] == 171.3
    assert person["facing_share"] == {"unknown": 0.0, "right": 1.0, "left": 0.0, "front": 0.0, "back": 0.0}
    knee = next(angle for angle in person["angles"] if angle["id"] == "knee_flexion_r")
    assert knee == {
        "id": "knee_flexion_r",
        "label": "Right knee flexion",
        "min_deg": 2.0,
        "max_deg": 6.0,
        "mean_deg": 4.25,
        "range_of_motion_deg": 4.0,
        "valid_share": 0.8,
        "value_share": 0.8,
        "measured_share": 0.8,
        "withheld_frames": {"rejected": 1},
    }
    assert [angle["id"] for angle in person["angles"]] == list(ANGLE_IDS)
    assert person["right_minus_left"] == [
        {"joint": "knee_flexion", "mean_deg": 2.5, "range_of_motion_deg": -1.0, "frames": 4},
        {"joint": "hip_flexion", "mean_deg": None, "range_of_motion_deg": None, "frames": 0},
    ]
    assert document["corrupt_frames"] == 1
    assert radians(person["right_minus_left"][0]["mean_deg"]) == pytest.approx(0.0436332)


def test_what_was_left_out_is_no_loss():
    (person,) = summarise_video(CASES["sampled"](), made_provenance())["people"]
    assert (person["estimated_share"], person["found_share"]) == (0.6, 1.0)
    assert person["frames_with_any_angle_share"] == 1.0
    assert person["facing_share"]["right"] == 1.0


def test_what_is_withheld_is_null():
    (person,) = summarise_video(CASES["never_found"](), made_provenance())["people"]
    assert person["found_share"] == 0.0
    assert person["body_height_px"] is None
    assert {angle["range_of_motion_deg"] for angle in person["angles"]} == {None}
    (person,) = summarise_video(CASES["no_frames"](), made_provenance())["people"]
    assert person["found_share"] is None
    assert person["facing_share"]["right"] is None


def test_findings_come_with_advice():
    document = summarise_video(made_result(5), made_provenance())
    (finding,) = document["findings"]
    assert finding["code"] == "corrupt_frames"
    assert finding["advice"]
    (finding,) = document["people"][0]["findings"]
    assert finding["code"] == "view_frontal"

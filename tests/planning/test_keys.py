"""Keys of the stages: what belongs to a stage changes its key and those after it, and nothing else does."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.biomech.analysis import AnalysisSettings
from vidpose.planning.joining import SeamSettings
from vidpose.planning.keys import analysis_key, fingerprint, plain, pose_key, render_key
from vidpose.planning.segments import SegmentSettings

BASE = {
    "video_sha256": "ab" * 32,
    "estimator": {
        "name": "mediapipe",
        "version": "0.10.21",
        "models": {"pose_detection.tflite": "11", "pose_landmark_full.tflite": "22"},
        "settings": {"min_detection_confidence": 0.5},
    },
    "segments": (SegmentSettings(), SeamSettings()),
    "decoder": "av 18.1.0",
    "analysis": AnalysisSettings(),
    "height_m": None,
    "render": {"crf": 23},
    "encoder": "av 18.1.0",
}


def keys_of(**changes):
    parts = BASE | changes
    pose = pose_key(parts["video_sha256"], parts["estimator"], parts["segments"], parts["decoder"])
    analysis = analysis_key(pose, parts["analysis"], parts["height_m"])
    return pose, analysis, render_key(analysis, parts["render"], parts["encoder"])


def other_values(value):
    """Values unlike ``value`` that a range check may accept."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value + 2, value - 1, value - 2]
    if isinstance(value, float):
        return [value * 1.01, value * 0.99]
    if isinstance(value, str):
        return [value + "x", "kalman"]
    if value and isinstance(value[-1], float):
        return [(*value[:-1], value[-1] * 1.01)]
    return [value[:-1]]


def variants(settings, path=""):
    """Yield ``(field, settings with that one field changed)`` for every field at every depth."""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if dataclasses.is_dataclass(value):
            for name, inner in variants(value, f"{path}{field.name}."):
                yield name, dataclasses.replace(settings, **{field.name: inner})
            continue
        for other in other_values(value):
            try:
                yield path + field.name, dataclasses.replace(settings, **{field.name: other})
            except ValueError:
                continue  # outside its range
            break


def named(settings):
    return [pytest.param(changed, id=name) for name, changed in variants(settings)]


def count_leaves(settings):
    values = [getattr(settings, field.name) for field in dataclasses.fields(settings)]
    return sum(count_leaves(value) if dataclasses.is_dataclass(value) else 1 for value in values)


@pytest.mark.parametrize("settings", [SegmentSettings(), SeamSettings(), AnalysisSettings()])
def test_these_tests_change_every_field(settings):
    assert len(list(variants(settings))) == count_leaves(settings)


def assert_changed(keys, which):
    """``which`` says for pose, analysis and render whether the key must differ from the base."""
    assert [now != then for now, then in zip(keys, keys_of(), strict=True)] == which


@pytest.mark.parametrize("changed", named(SegmentSettings()))
def test_every_segment_setting_changes_all_keys(changed):
    assert_changed(keys_of(segments=(changed, SeamSettings())), [True, True, True])


@pytest.mark.parametrize("changed", named(SeamSettings()))
def test_every_seam_setting_changes_all_keys(changed):
    assert_changed(keys_of(segments=(SegmentSettings(), changed)), [True, True, True])


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "yolo"},
        {"version": "0.10.22"},
        {"models": {"pose_detection.tflite": "11", "pose_landmark_full.tflite": "23"}},
        {"models": {"pose_detection.tflite": "11"}},
        {"settings": {"min_detection_confidence": 0.51}},
    ],
)
def test_every_part_of_the_estimator_changes_all_keys(changes):
    assert_changed(keys_of(estimator=BASE["estimator"] | changes), [True, True, True])


@pytest.mark.parametrize("changes", [{"video_sha256": "cd" * 32}, {"decoder": "av 19.0.0"}])
def test_video_and_decoder_change_all_keys(changes):
    assert_changed(keys_of(**changes), [True, True, True])


@pytest.mark.parametrize("changed", named(AnalysisSettings()))
def test_every_analysis_setting_leaves_the_poses_alone(changed):
    assert_changed(keys_of(analysis=changed), [False, True, True])


@pytest.mark.parametrize("height_m", [1.7, 1.71])
def test_the_height_leaves_the_poses_alone(height_m):
    assert_changed(keys_of(height_m=height_m), [False, True, True])


@pytest.mark.parametrize("changes", [{"render": {"crf": 24}}, {"encoder": "av 19.0.0"}])
def test_the_picture_leaves_the_numbers_alone(changes):
    assert_changed(keys_of(**changes), [False, False, True])


def test_stages_never_share_a_key_and_all_are_sha256():
    keys = keys_of()
    assert len(set(keys)) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def reversed_everywhere(value):
    if isinstance(value, dict):
        return {key: reversed_everywhere(value[key]) for key in reversed(value)}
    return [reversed_everywhere(item) for item in value] if isinstance(value, list) else value


@pytest.mark.thorough
@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_the_order_of_a_mapping_does_not_matter(parts):
    assert fingerprint(parts=parts) == fingerprint(parts=reversed_everywhere(parts))


def test_the_order_of_a_list_does():
    assert fingerprint(a=[1, 2]) != fingerprint(a=[2, 1])


def test_the_known_fingerprint():
    """By hand: ``printf '{"a":[1,2.5],"b":{"c":null}}' | sha256sum``."""
    assert fingerprint(b={"c": None}, a=(1, 2.5)) == "adfb39326b7f1bd88c33d4012660d3384b2d01c29b0fbcba0cb63cd69a6f6d75"


def test_not_a_number_is_refused_because_it_has_no_json():
    with pytest.raises(ValueError, match="Out of range float"):
        fingerprint(a=float("nan"))


def test_plain_turns_dataclasses_tuples_and_paths_into_json_values(tmp_path):
    assert plain({1: (SegmentSettings(), tmp_path)}) == {
        "1": [
            {"chain_s": 120.0, "length_s": 60.0, "warmup_s": 1.0, "min_warmup_frames": 15, "unbroken_s": 45.0},
            str(tmp_path),
        ]
    }

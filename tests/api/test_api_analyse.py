"""Landmarks of other tools: layouts, datasets, what is missing, what is refused."""

import dataclasses

import numpy as np
import pytest
from biomech_bodies import squats, track_of

import vidpose
from vidpose.api.landmarks import as_track
from vidpose.api.tables import angle_table, best_flexion_table, event_table, metric_table
from vidpose.biomech.analysis import AnalysisSettings
from vidpose.biomech.analysis import analyse as analyse_track
from vidpose.results.metric_tables import EVENT_COLUMNS, METRIC_COLUMNS
from vidpose.results.table_columns import ANGLE_COLUMNS, BEST_COLUMNS


@pytest.fixture(scope="module")
def track():
    return track_of(squats(2))


def as_layout(track, name):
    """Return the keypoints of a layout, NaN where it has one that is no landmark."""
    keypoints = vidpose.LAYOUTS[name]
    result = np.full((track.n_frames, len(keypoints.keypoints), 2), np.nan)
    for column, landmark in enumerate(keypoints.landmarks):
        if landmark is not None:
            result[:, column] = track.image_px[:, vidpose.LANDMARK_NAMES.index(landmark)]
    return result


@pytest.mark.parametrize("name", vidpose.LAYOUTS)
def test_every_layout_gives_the_same_knee_and_withholds_what_it_lacks(track, name):
    analysis = vidpose.analyse(as_layout(track, name), track.timestamps_s, layout=name, frame_size=(1280, 720))
    knee = analysis.angle("knee_flexion_r")
    assert knee.value_deg.max() == pytest.approx(93.0, abs=1.5)  # thigh 0, shank -93 at the bottom
    assert knee.valid.mean() > 0.9
    assert (knee.expected_error_deg[knee.valid] < 10).all()
    has_feet = "left_heel" not in vidpose.LAYOUTS[name].missing
    ankle = analysis.angle("ankle_dorsiflexion_r")
    assert ankle.value_deg.notna().any() == has_feet
    cadence = analysis.metrics.set_index("metric").loc["cadence"]
    assert cadence.status == ("not_cyclic" if has_feet else "no_feet")
    assert [one.code for one in analysis.findings].count("landmarks_not_estimated") == (name != "blazepose33")
    ankles = analysis.metrics[analysis.metrics.metric.isin(["smoothness_ankle_sparc", "consistency_ankle_sd"])]
    assert (set(ankles.status) == {"no_feet"}) != has_feet
    assert ("no_feet" in set(analysis.metrics.status)) != has_feet


HEEL = vidpose.Metric(
    id="heel_height",
    label="Height of the heel",
    definition="Largest height of the heel",
    formula="max(-y)",
    unit="none",
    positive="higher",
    zero="upper edge",
    landmarks=("heel",),
    source="this test",
    sides=("left", "right", "none"),
    compute=lambda movement, side: vidpose.Outcome(1.0),
)


def test_a_metric_is_withheld_where_the_layout_lacks_its_landmarks(track):
    metrics = [HEEL, dataclasses.replace(HEEL, id="left", landmarks=("knee",)), dataclasses.replace(HEEL, id="free")]
    metrics[2] = dataclasses.replace(metrics[2], landmarks=())
    one_leg = [name if name != "right_knee" else None for name in vidpose.LAYOUTS["coco17"].landmarks]
    got = vidpose.analyse(as_layout(track, "coco17"), track.timestamps_s, layout=one_leg, metrics=metrics).metrics
    got = got.set_index(["metric", "side"]).status
    assert got["heel_height"].tolist() == ["no_feet"] * 3
    assert got["left"].tolist() == ["ok", "no_data", "no_data"]
    assert got["free"].tolist() == ["ok"] * 3


@pytest.mark.parametrize("metrics", [HEEL, [lambda movement, side: None], "hand", 3])
def test_metrics_are_a_list_of_metrics(track, metrics):
    with pytest.raises(vidpose.UsageError, match=r"metrics: expected a list of vidpose.Metric, got"):
        vidpose.analyse(track.image_px, track.timestamps_s, metrics=metrics)


@pytest.mark.parametrize(
    ("pixels", "times", "size", "code"),
    [
        (lambda px: px, lambda s: s, (1280, 800), None),
        (lambda px: px, lambda s: s, (1280, 720), "cut_by_edge"),
        (lambda px: [0, 800] + px * [1, -1], lambda s: s, (1280, 800), "upside_down"),
        (lambda px: px, lambda s: 1000 * s, (1280, 800), "times_doubtful"),
    ],
)
def test_a_finding_says_where_landmarks_may_be_in_another_frame_or_unit(track, pixels, times, size, code):
    doubts = {"cut_by_edge", "upside_down", "times_doubtful"}
    found = vidpose.analyse(pixels(track.image_px), times(track.timestamps_s), frame_size=size).findings
    assert doubts & {one.code for one in found} == ({code} if code else set())


def test_the_numbers_are_those_of_a_run(track):
    expected = analyse_track(track, AnalysisSettings(), 1.75)
    found = vidpose.analyse(
        track.image_px, track.timestamps_s, confidence=track.visibility, world_m=track.world_m, height_m=1.75
    )
    np.testing.assert_array_equal(found.motion.angles.values_rad, expected.angles.values_rad)
    np.testing.assert_array_equal(found.motion.angles.expected_error_rad, expected.angles.expected_error_rad)
    assert [str(value) for value in found.motion.metrics] == [str(value) for value in expected.metrics]


def test_tables_have_the_columns_of_the_files(track):
    motion = analyse_track(track, AnalysisSettings())
    files = (ANGLE_COLUMNS, BEST_COLUMNS, METRIC_COLUMNS, EVENT_COLUMNS)
    for make, columns in zip((angle_table, best_flexion_table, metric_table, event_table), files, strict=True):
        expected = [column.name for column in columns if column.name not in ("video_id", "person", "estimated")]
        assert make(motion).columns.tolist() == expected


def test_confidence_behind_the_coordinates_is_used(track):
    keypoints = np.concatenate([as_layout(track, "coco17"), np.ones((track.n_frames, 17, 1))], axis=2)
    keypoints[:, 14, 2] = 0.1  # the right knee is hardly seen
    analysis = vidpose.analyse(keypoints, track.timestamps_s, layout="coco17")
    assert analysis.angle("knee_flexion_r").status.unique().tolist() == ["rejected"]
    assert analysis.angle("knee_flexion_l").value_deg.notna().any()


def test_settings_are_those_of_a_run(track):
    slow = vidpose.analyse(track.image_px, track.timestamps_s, slow_motion=2.0, cutoff_hz=8)
    usual = vidpose.analyse(track.image_px, track.timestamps_s, cutoff_hz=4)
    assert slow.angle("knee_flexion_r").velocity_deg_s.max() > 1.5 * usual.angle("knee_flexion_r").velocity_deg_s.max()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layout": "coco18"}, "expected one of blazepose33, coco17"),
        ({"layout": "coco17"}, r"expected shape \(frames, 17, coordinates\)"),
        ({"layout": ["left_knee", "knee"]}, "not among the 33 landmarks: knee"),
        ({"time_s": np.zeros(3)}, "one time per frame"),
        ({"time_s": None}, "expected the time of every frame"),
        ({"time_s": np.zeros(120)}, "strictly increasing"),
        ({"confidence": np.full((120, 33), 2.0)}, "confidence: expected 0 to 1"),
        ({"frame_size": (20, 20)}, "lie outside a frame of 20 x 20"),
        ({"cutoff": 3}, "unknown argument cutoff"),
        ({"height_m": 178}, "^height_m: expected less than 2.8 metres, got 178$"),
        ({"layout": "coco_17"}, "did you mean coco17"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(track, change, message):
    given = {"landmarks": track.image_px, "time_s": track.timestamps_s} | change
    with pytest.raises(vidpose.UsageError, match=message):
        vidpose.analyse(given.pop("landmarks"), given.pop("time_s"), **given)


def test_shares_of_the_frame_are_no_pixels(track):
    with pytest.raises(vidpose.UsageError, match="multiply x by its width"):
        vidpose.analyse(track.image_px / 1280, track.timestamps_s)


def movement_poses(track, names, keypoints, **attributes):
    xarray = pytest.importorskip("xarray")
    columns = [vidpose.LANDMARK_NAMES.index(name) for name in names]
    position = track.image_px[:, columns].transpose(0, 2, 1)[..., None].astype(float)
    return xarray.Dataset(
        {
            "position": (("time", "space", "keypoints", "individuals"), position),
            "confidence": (("time", "keypoints", "individuals"), np.ones((track.n_frames, len(names), 1))),
        },
        coords={
            "time": track.timestamps_s,
            "space": ["x", "y"],
            "keypoints": list(keypoints),
            "individuals": ["athlete"],
        },
        attrs={"ds_type": "poses", "time_unit": "seconds", **attributes},
    )


PARTS = ("ear", "shoulder", "hip", "knee", "ankle")
JOINTS = ("nose", *(f"{side}_{part}" for side in ("left", "right") for part in PARTS))


def test_a_dataset_of_movement_is_analysed_by_the_names_of_its_keypoints(track):
    poses = movement_poses(track, JOINTS, JOINTS)
    knee = vidpose.analyse(poses).angle("knee_flexion_r")
    assert knee.value_deg.max() == pytest.approx(93.0, abs=1.5)
    own = movement_poses(track, JOINTS, [f"my {name}" for name in JOINTS])
    with pytest.raises(vidpose.UsageError, match="none of the keypoints my nose"):
        vidpose.analyse(own)
    named = vidpose.analyse(own, layout={f"my {name}": name for name in JOINTS})
    np.testing.assert_array_equal(named.angle("knee_flexion_r").value_deg, knee.value_deg)
    with pytest.raises(vidpose.UsageError, match="expected the time of every frame"):
        vidpose.analyse(poses.assign_attrs(time_unit="frames"))


def test_one_individual_is_analysed_at_a_time(track):
    xarray = pytest.importorskip("xarray")
    one = movement_poses(track, JOINTS, JOINTS)
    two = xarray.concat([one, one.assign_coords(individuals=["coach"])], dim="individuals")
    with pytest.raises(vidpose.UsageError, match="expected one individual, got athlete, coach"):
        vidpose.analyse(two)
    assert vidpose.analyse(two.sel(individuals=["coach"])).metrics.status.eq("ok").any()


def test_what_is_missing_stays_missing(track):
    image_px = track.image_px.copy()
    image_px[20:40] = np.nan
    knee = vidpose.analyse(image_px, track.timestamps_s).angle("knee_flexion_r")
    assert knee.value_deg.iloc[22:38].isna().all()
    empty = as_track(image_px * np.nan, track.timestamps_s, None, None, {})[0]
    assert not empty.found.any()


def own_metric(name, compute):
    return vidpose.Metric(
        id=name,
        label="Own",
        definition="Own",
        formula="1",
        unit="s",
        positive="more",
        zero="none",
        landmarks=("knee",),
        source="a test",
        compute=compute,
    )


def test_a_metric_of_your_own_stands_behind_ours(track):
    metric = own_metric("own", lambda movement, side: vidpose.Outcome(movement.recording.times_s[-1], 0.1, n=3))
    analysis = vidpose.analyse(track.image_px, track.timestamps_s, metrics=[metric])
    last = analysis.metrics.iloc[-1]
    assert (last.metric, last.unit, last.status, last.n) == ("own", "s", "ok", 3)
    assert last.value == pytest.approx(track.timestamps_s[-1], abs=0.01)
    with pytest.raises(vidpose.UsageError, match=r"metrics: .*'cadence' again"):
        vidpose.analyse(track.image_px, track.timestamps_s, metrics=[own_metric("cadence", metric.compute)])

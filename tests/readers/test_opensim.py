"""TRC, MOT and STO as OpenSim reads them."""

import numpy as np
import pytest

opensim = pytest.importorskip("opensim")
opensim.Logger.removeFileSink()  # it would leave opensim.log where the tests are run

M_STEP, DEG_STEP, TIME_STEP = 1e-5, 1e-4, 1e-8


def markers(path):
    """Times, names and positions, shape (rows, markers, 3)."""
    table = opensim.TimeSeriesTableVec3(str(path))
    rows = [table.getRowAtIndex(i) for i in range(table.getNumRows())]
    values = [[[row.getElt(0, j).get(k) for k in range(3)] for j in range(table.getNumColumns())] for row in rows]
    return np.array(table.getIndependentColumn()), list(table.getColumnLabels()), np.array(values), table


def series(path):
    table = opensim.TimeSeriesTable(str(path))
    return (
        np.array(table.getIndependentColumn()),
        list(table.getColumnLabels()),
        table.getMatrix().to_numpy(),
        table,
    )


def storage(path):
    """The reader behind the GUI's "Load Motion"."""
    store = opensim.Storage(str(path))
    labels = [store.getColumnLabels().get(i) for i in range(store.getColumnLabels().getSize())]
    rows = [store.getStateVector(i) for i in range(store.getSize())]
    values = [[row.getData().get(j) for j in range(len(labels) - 1)] for row in rows]
    return np.array([row.getTime() for row in rows]), labels, np.array(values), store


@pytest.mark.parametrize("kind", ["2d_m", "3d_m"])
def test_trc_has_the_right_times_markers_units_and_gaps(files, meant, kind):
    times_s, names, values, table = markers(files / "ntsc" / f"person_0_{kind}.trc")
    truth = meant[f"ntsc_{kind}"]
    assert names == meant["markers"]
    assert table.getTableMetaDataString("Units") == "m"
    assert float(table.getTableMetaDataString("DataRate")) == pytest.approx(30000 / 1001, abs=1e-6)
    np.testing.assert_allclose(times_s, meant["ntsc_s"], atol=TIME_STEP)
    missing = np.zeros(truth.shape[:2], bool)
    missing[slice(*meant["gap"]), names.index(meant["gap_marker"])] = True
    missing[slice(*meant["lost"])] = True
    assert np.array_equal(np.isnan(values).any(axis=2), missing)
    assert np.array_equal(np.isnan(values).all(axis=2), missing)
    np.testing.assert_allclose(values[~missing], truth[~missing], atol=M_STEP)


def test_trc_is_read_as_marker_data_too(files, meant):
    data = opensim.MarkerData(str(files / "split" / "person_0_3d_m_part_001.trc"))
    assert data.getNumFrames() == meant["lost"][0]
    assert data.getUnits().getAbbreviation() == "m"
    assert data.getDataRate() == pytest.approx(30000 / 1001, abs=1e-6)


@pytest.mark.parametrize("kind", ["2d_m", "3d_m"])
def test_trc_parts_have_no_gap_and_keep_their_times(files, meant, note_of, kind):
    total = 0
    for part, first in ((1, 0), (2, meant["lost"][1])):
        name = f"person_0_{kind}_part_{part:03d}.trc"
        times_s, names, values, _ = markers(files / "split" / name)
        assert meant["gap_marker"] not in names
        assert set(note_of("split")[name]["absent"]) == {meant["gap_marker"]}
        frames = slice(first, first + len(times_s))
        np.testing.assert_allclose(times_s, meant["ntsc_s"][frames], atol=TIME_STEP)
        columns = [meant["markers"].index(marker) for marker in names]
        np.testing.assert_allclose(values, meant[f"ntsc_{kind}"][frames][:, columns], atol=M_STEP)
        total += len(times_s)
    assert total == 90


def test_trc_of_an_uneven_clip_is_even(files, meant):
    times_s, _, values, _ = markers(files / "uneven" / "person_0_2d_m.trc")
    np.testing.assert_allclose(np.diff(times_s), 0.04, atol=1e-7)
    np.testing.assert_allclose(values, meant["uneven_2d_m"], atol=2e-4)  # PCHIP over 60 ms of a 1 m wave of 1 rad/s


def test_trc_in_pixels_says_so(files):
    *_, table = markers(files / "pixels" / "person_0_2d_px.trc")
    assert table.getTableMetaDataString("Units") == "px"


@pytest.mark.parametrize("read", [series, storage])
def test_mot_has_the_right_times_names_and_values(files, meant, note_of, read):
    for name, note in note_of("ntsc").items():
        if not name.startswith("person_0_angles_part"):
            continue
        times_s, names, values, opened = read(files / "ntsc" / name)
        if read is series:
            assert opened.getTableMetaDataString("inDegrees") == "yes"
        else:
            assert opened.isInDegrees()
            assert names.pop(0) == "time"
        assert names == note["names"]
        assert names == [angle for angle in meant["angles"] if angle != meant["gap_angle"]]
        frames = slice(note["first_frame"], note["first_frame"] + note["rows"])
        np.testing.assert_allclose(times_s, meant["ntsc_s"][frames], atol=TIME_STEP)
        columns = [meant["angles"].index(angle) for angle in names]
        np.testing.assert_allclose(values, meant["ntsc_deg"][frames][:, columns], atol=DEG_STEP)


def test_mot_of_an_uneven_clip_is_even(files, meant):
    times_s, _, values, _ = series(files / "uneven" / "person_0_angles.mot")
    np.testing.assert_allclose(np.diff(times_s), 0.04, atol=1e-7)
    np.testing.assert_allclose(values, meant["uneven_deg"], atol=0.02)  # PCHIP over 60 ms of a 60 degree wave


@pytest.mark.parametrize("read", [series, storage])
def test_sto_keeps_all_frames_and_gaps(files, meant, read):
    times_s, names, values, _ = read(files / "ntsc" / "person_0_angles.sto")
    names = [name for name in names if name != "time"]
    assert names == meant["angles"]
    np.testing.assert_allclose(times_s, meant["ntsc_s"], atol=TIME_STEP)
    missing = np.zeros(values.shape, bool)
    missing[slice(*meant["angle_gap"]), names.index(meant["gap_angle"])] = True
    missing[slice(*meant["lost"])] = True
    assert np.array_equal(np.isnan(values), missing)
    np.testing.assert_allclose(values[~missing], meant["ntsc_deg"][~missing], atol=DEG_STEP)


def test_sto_of_an_uneven_clip_keeps_its_times(files, meant):
    times_s, *_ = series(files / "uneven" / "person_0_angles.sto")
    np.testing.assert_allclose(times_s, meant["uneven_frame_s"], atol=TIME_STEP)


def test_a_model_moves_by_its_own_coordinates(files, meant):
    """Bones with the coordinates of gait2392's right leg take their angles from the file, knee flexion negative."""
    model = opensim.Model()
    parent = model.getGround()
    for name in ("hip_flexion_r", "knee_angle_r"):
        body = opensim.Body(f"body_{name}", 1.0, opensim.Vec3(0), opensim.Inertia(1, 1, 1))
        joint = opensim.PinJoint(
            f"joint_{name}", parent, opensim.Vec3(0), opensim.Vec3(0), body, opensim.Vec3(0, 1, 0), opensim.Vec3(0)
        )
        joint.updCoordinate().setName(name)
        model.addBody(body)
        model.addJoint(joint)
        parent = body
    model.initSystem()
    motion = opensim.Storage(str(files / "uneven" / "person_0_opensim_gait2392.mot"))
    states = opensim.Storage()
    model.getSimbodyEngine().convertDegreesToRadians(motion)
    model.formStateStorage(motion, states, False)
    labels = [states.getColumnLabels().get(i) for i in range(states.getColumnLabels().getSize())]
    for coordinate, angle, sign in (("hip_flexion_r", "hip_flexion_r", 1), ("knee_angle_r", "knee_flexion_r", -1)):
        (column,) = [i for i, label in enumerate(labels) if label.endswith(f"{coordinate}/value")]
        moved = [states.getStateVector(i).getData().get(column - 1) for i in range(states.getSize())]
        truth = sign * meant["uneven_deg"][:, meant["angles"].index(angle)]
        np.testing.assert_allclose(np.degrees(moved), truth, atol=0.02)

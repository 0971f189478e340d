"""Poses as the ``movement`` package reads them."""

import numpy as np
import pytest

load_poses = pytest.importorskip("movement.io.load_poses")


def test_poses_load_with_names_positions_confidence_and_gaps(files, meant):
    poses = load_poses.from_dlc_file(files / "ntsc" / "poses_dlc.csv", fps=30000 / 1001)
    assert poses.sizes == {"time": 100, "space": 2, "keypoints": 33, "individuals": 1}
    assert poses.keypoints.values.tolist() == meant["markers"]
    assert poses.individuals.values.tolist() == ["person_0"]
    np.testing.assert_allclose(poses.time.values, meant["ntsc_s"], atol=1e-6)
    positions = poses.position.sel(individuals="person_0").transpose("time", "keypoints", "space").values
    lost = np.zeros(100, bool)
    lost[slice(*meant["lost"])] = True
    assert np.array_equal(np.isnan(positions).any(axis=(1, 2)), lost)
    np.testing.assert_allclose(positions[~lost], meant["raw_px"][~lost], atol=0.006)
    assert np.unique(poses.confidence.values[~lost]).tolist() == [0.75]

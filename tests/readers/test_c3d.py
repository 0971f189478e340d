"""C3D as ezc3d reads it."""

import numpy as np
import pytest

ezc3d = pytest.importorskip("ezc3d")

MM_STEP = 1e-3


@pytest.mark.parametrize("kind", ["2d", "3d"])
def test_points_units_rate_and_gaps(files, meant, kind):
    read = ezc3d.c3d(str(files / "ntsc" / f"person_0_{kind}.c3d"))
    point = read["parameters"]["POINT"]
    assert point["LABELS"]["value"] == meant["markers"]
    assert point["UNITS"]["value"] == ["mm"]
    assert point["RATE"]["value"][0] == pytest.approx(30000 / 1001, abs=1e-5)
    assert read["header"]["points"]["frame_rate"] == pytest.approx(30000 / 1001, abs=1e-5)
    values = read["data"]["points"][:3].transpose(2, 1, 0)
    truth = meant[f"ntsc_{kind}_m"] * 1000
    missing = np.zeros(truth.shape[:2], bool)
    missing[slice(*meant["gap"]), meant["markers"].index(meant["gap_marker"])] = True
    missing[slice(*meant["lost"])] = True
    assert np.array_equal(np.isnan(values).any(axis=2), missing)
    assert np.array_equal(read["data"]["meta_points"]["residuals"][0].T == -1, missing)
    np.testing.assert_allclose(values[~missing], truth[~missing], atol=MM_STEP)


def test_more_frames_than_sixteen_bits_count(files, meant):
    read = ezc3d.c3d(str(files / "long" / "person_0_2d.c3d"))
    n = meant["long_frames"]
    assert read["data"]["points"].shape == (4, len(meant["markers"]), n)
    assert (read["header"]["points"]["first_frame"], read["header"]["points"]["last_frame"]) == (0, n - 1)
    for name, frame in (("ACTUAL_START_FIELD", 1), ("ACTUAL_END_FIELD", n)):  # low word, high word
        low, high = (int(word) & 0xFFFF for word in read["parameters"]["TRIAL"][name]["value"])
        assert low + (high << 16) == frame
    x_mm = (200 + 100 * np.sin((n - 1) / 50)) * 5
    assert read["data"]["points"][0, 0, -1] == pytest.approx(x_mm, abs=1e-2)


def test_an_uneven_clip_is_resampled(files, meant):
    read = ezc3d.c3d(str(files / "uneven" / "person_0_3d.c3d"))
    assert read["parameters"]["POINT"]["RATE"]["value"][0] == 25.0
    np.testing.assert_allclose(read["data"]["points"][:3].transpose(2, 1, 0), meant["uneven_3d_m"] * 1000, atol=0.2)

import dataclasses

import numpy as np
import pytest
from made_results import made_analysis, made_track

from vidpose.errors import OutputError
from vidpose.state.motion_store import load_motion, save_motion
from vidpose.state.pose_store import save_segment
from vidpose.types.mapped_arrays import release


def same_value(one, other):
    """Compare nested dataclasses; NaN equals NaN, types and bits must agree."""
    assert type(one) is type(other)
    if dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            same_value(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, strict=True)
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            same_value(a, b)
    elif isinstance(one, float):
        assert one == other or (np.isnan(one) and np.isnan(other))
    else:
        assert one == other


def as_drawn(analysis):
    """Return what the render stage needs of an analysis."""
    unseen = dict.fromkeys(("yaw_rad", "com_px", "com_velocity_bh_s"), np.empty(0))
    return dataclasses.replace(analysis, **unseen, best=None, metrics=(), events=())


@pytest.mark.parametrize("height_m", [None, 1.8])
@pytest.mark.parametrize("track", [made_track(5), made_track(0), made_track(1), made_track(3, lost=range(3))])
def test_analyses_come_back_bit_for_bit(tmp_path, track, height_m):
    analyses = [made_analysis(track, height_m=height_m), made_analysis(track)]
    save_motion(tmp_path / "m.npz", analyses)
    again = load_motion(tmp_path / "m.npz")
    same_value(tuple(again), tuple(as_drawn(analysis) for analysis in analyses))
    assert again[1].speed_m_s is None


def test_nobody_is_an_empty_list(tmp_path):
    save_motion(tmp_path / "m.npz", [])
    assert load_motion(tmp_path / "m.npz") == []


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for name in ("a.npz", "b.npz"):
        save_motion(tmp_path / name, [made_analysis(made_track(5))])
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_damage_and_other_kinds_are_output_errors(tmp_path):
    path = tmp_path / "motion.npz"
    save_motion(path, [made_analysis(made_track(5))])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(OutputError, match=r"motion\.npz"):
        load_motion(path)
    save_segment(path, [made_track(5)], np.zeros(5, bool), {})
    with pytest.raises(OutputError, match=r"vidpose\.motion/2.*vidpose\.pose_segment/1"):
        load_motion(path)


def test_one_wrong_byte_in_a_series_is_noticed(tmp_path):
    path = tmp_path / "motion.npz"
    analysis = made_analysis(made_track(50))
    save_motion(path, [analysis])
    content = bytearray(path.read_bytes())
    place = content.index(analysis.filtered.world_m.tobytes())
    content[place + 1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(OutputError, match=r"motion\.npz.*remove it and run again"):
        load_motion(path)


def test_series_are_in_memory_only_while_they_are_used(tmp_path, resident_bytes):
    save_motion(tmp_path / "m.npz", [made_analysis(made_track(2000))])
    (again,) = load_motion(tmp_path / "m.npz")
    series = (again.filtered.image_px, again.filtered.world_m, again.angles.values_rad)
    release()
    assert sum(resident_bytes()) == 0
    assert sum(float(np.nansum(one)) for one in series) != 0
    assert sum(resident_bytes()) >= sum(one.nbytes for one in series)
    release()
    assert sum(resident_bytes()) == 0


def test_the_file_may_be_replaced_while_its_series_are_used(tmp_path):
    path, analysis = tmp_path / "m.npz", made_analysis(made_track(50))
    save_motion(path, [analysis])
    (before,) = load_motion(path)
    save_motion(path, [])
    np.testing.assert_array_equal(before.filtered.image_px, analysis.filtered.image_px)

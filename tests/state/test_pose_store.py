import dataclasses
import os

import numpy as np
import pytest
from made_results import made_track

from vidpose.errors import OutputError
from vidpose.state.archive import load_archive, save_archive
from vidpose.state.pose_store import is_usable, load_header, load_segment, save_segment
from vidpose.types.pose import PoseTrack

META = {"key": "ab" * 32, "segment": 3, "decode": {"n_frames": 5, "gaps_s": [[0.5, 1.0]]}}


def save_track(path, track, meta):
    save_segment(path, [track], np.zeros(track.n_frames, bool), meta)


def load_track(path):
    content = load_segment(path)
    (track,) = content.tracks
    return track, content.meta


def same_track(one, other):
    for field in dataclasses.fields(PoseTrack):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), strict=True)


@pytest.mark.parametrize("track", [made_track(5), made_track(0), made_track(1), made_track(4, lost=range(4))])
def test_a_track_comes_back_bit_for_bit(tmp_path, track):
    save_track(tmp_path / "a.npz", track, META)
    again, meta = load_track(tmp_path / "a.npz")
    same_track(again, track)
    assert meta == META


@pytest.mark.parametrize("n_people", [0, 1, 3])
def test_a_segment_keeps_people_and_warmup(tmp_path, n_people):
    tracks = [made_track(6, shift_px=10.0 * k) for k in range(n_people)]
    warmup = np.array([True, True, False, False, False, False])
    save_segment(tmp_path / "s.npz", tracks, warmup, META)
    content = load_segment(tmp_path / "s.npz")
    assert len(content.tracks) == n_people
    for one, other in zip(content.tracks, tracks, strict=True):
        same_track(one, other)
    np.testing.assert_array_equal(content.warmup, warmup)
    assert content.meta == META


def test_the_same_content_gives_the_same_bytes_at_any_time(tmp_path):
    for name, mtime in (("a.npz", 0), ("b.npz", 2**31)):
        save_track(tmp_path / name, made_track(5), META)
        os.utime(tmp_path / name, (mtime, mtime))
    save_track(tmp_path / "c.npz", made_track(5), dict(reversed(META.items())))
    first = (tmp_path / "a.npz").read_bytes()
    assert first == (tmp_path / "b.npz").read_bytes() == (tmp_path / "c.npz").read_bytes()


@pytest.mark.parametrize("warmup", [np.zeros(4, bool), np.zeros((5, 1), bool)])
def test_warmup_of_another_length_is_refused(tmp_path, warmup):
    with pytest.raises(ValueError, match=r"frames|warmup"):
        save_segment(tmp_path / "s.npz", [made_track(5)], warmup, META)
    assert list(tmp_path.iterdir()) == []


def test_people_with_other_frames_are_refused(tmp_path):
    late = dataclasses.replace(made_track(5), pts=7 + 1001 * np.arange(5))
    with pytest.raises(ValueError, match="track 1"):
        save_segment(tmp_path / "s.npz", [made_track(5), late], np.zeros(5, bool), META)


def test_every_truncation_is_an_output_error_that_names_the_file(tmp_path):
    path = tmp_path / "segment_00007.npz"
    save_track(path, made_track(2), META)
    whole = path.read_bytes()
    for length in range(0, len(whole), 211):
        path.write_bytes(whole[:length])
        with pytest.raises(OutputError, match="segment_00007"):
            load_track(path)


def test_a_flipped_byte_is_noticed_or_without_effect(tmp_path):
    path = tmp_path / "s.npz"
    track = made_track(1, lost=())
    save_track(path, track, META)
    whole = path.read_bytes()
    noticed = 0
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            again, meta = load_track(path)
        except OutputError:
            noticed += 1
        else:  # a byte that carries no content, such as the date of an entry
            same_track(again, track)
            assert meta == META
    assert noticed > len(whole) / 7 / 2


def test_a_missing_file_and_another_kind_are_output_errors(tmp_path):
    with pytest.raises(OutputError, match=r"gone\.npz"):
        load_segment(tmp_path / "gone.npz")
    save_archive(tmp_path / "other.npz", "vidpose.other/1", {}, {"warmup": np.zeros(0, bool)})
    with pytest.raises(OutputError, match=r"other\.npz.*vidpose\.other/1"):
        load_segment(tmp_path / "other.npz")


def test_pickles_and_plain_arrays_are_refused(tmp_path):
    np.save(tmp_path / "plain.npy", np.zeros(3))
    (tmp_path / "plain.npy").rename(tmp_path / "plain.npz")
    np.savez(tmp_path / "pickle.npz", header=np.array([{"a": 1}], dtype=object))
    for name in ("plain.npz", "pickle.npz"):
        with pytest.raises(OutputError, match=name):
            load_segment(tmp_path / name)


def test_the_header_is_read_without_the_arrays_unless_they_are_to_be_verified(tmp_path):
    path = tmp_path / "two.npz"
    save_segment(path, [made_track(30), made_track(30)], np.zeros(30, bool), META)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.write_bytes(content)
    assert (load_header(path).n_tracks, load_header(path).meta) == (2, META)
    assert is_usable(path, META["key"])
    assert not is_usable(path, "another key")
    assert not is_usable(path, META["key"], verify=True)


def test_arrays_that_come_back_are_read_only(tmp_path):
    save_archive(tmp_path / "a.npz", "k/1", {"x": 1}, {"values": np.arange(3.0)})
    header, arrays = load_archive(tmp_path / "a.npz", "k/1")
    assert header == {"x": 1}
    assert not arrays["values"].flags.writeable

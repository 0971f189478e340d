"""Files that exist whole or not at all."""

import pytest

from vidpose.hashing import file_sha256
from vidpose.state.atomic import atomic_path, sweep_parts, write_bytes


def test_a_file_appears_when_the_block_ends_well(tmp_path):
    final = tmp_path / "deep" / "video.mp4"
    with atomic_path(final) as temporary:
        assert temporary.suffix == ".mp4"
        temporary.write_bytes(b"new")
        assert not final.exists()
    assert final.read_bytes() == b"new"
    assert list(final.parent.iterdir()) == [final]


def test_an_error_leaves_the_old_file_and_no_other(tmp_path):
    final = tmp_path / "table.csv"
    write_bytes(final, b"old")
    with pytest.raises(RuntimeError), atomic_path(final) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert final.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [final]


def test_only_our_own_leftovers_are_swept(tmp_path):
    (tmp_path / "sub").mkdir()
    ours = tmp_path / "sub" / f".{'0123456789abcdef' * 2}.part.mp4"
    others = [tmp_path / ".x.party", tmp_path / "a.part", tmp_path / ".cache.part.mp4"]
    for path in (ours, *others):
        path.write_bytes(b"x")
    assert sweep_parts(tmp_path) == 1
    assert not ours.exists()
    assert all(path.exists() for path in others)


def test_hash_of_known_bytes(tmp_path):
    write_bytes(tmp_path / "f", b"abc")
    assert file_sha256(tmp_path / "f") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

"""Finding videos in trees with links, hidden files and hostile names."""

import os

import pytest

from vidpose.errors import UsageError
from vidpose.video.discover import find_videos


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def relatives(folder, **options):
    return [found.relative for found in find_videos(folder, **options).videos]


def test_known_endings_in_a_fixed_order(tmp_path):
    for name in (
        "b.MP4",
        "a.mov",
        "sub/c.h265",
        "sub/deep/d.mts",
        "notes.txt",
        ".hidden.mp4",
        "._a.mov",
        ".trash/e.mp4",
    ):
        touch(tmp_path / name)
    assert relatives(tmp_path) == ["a.mov", "b.MP4", "sub/c.h265", "sub/deep/d.mts"]
    found = find_videos(tmp_path).videos[0]
    assert found.path == (tmp_path / "a.mov").resolve()
    assert found.output_name == "a.mov"


def test_link_loops_end_and_each_folder_is_entered_once(tmp_path):
    touch(tmp_path / "real" / "a.mp4")
    (tmp_path / "real" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "alias").symlink_to(tmp_path / "real", target_is_directory=True)
    assert relatives(tmp_path) == ["real/a.mp4"]


def test_hard_links_and_copies_are_all_listed_links_to_files_once(tmp_path):
    original = touch(tmp_path / "in" / "sub" / "m.mp4")
    os.link(original, tmp_path / "in" / "b.mp4")
    (tmp_path / "in" / "a.mp4").symlink_to(original)
    elsewhere = touch(tmp_path / "elsewhere.mp4")
    (tmp_path / "in" / "d.mp4").symlink_to(elsewhere)
    (tmp_path / "in" / "c.mp4").symlink_to(elsewhere)
    assert relatives(tmp_path / "in") == ["b.mp4", "c.mp4", "sub/m.mp4"]


def test_a_link_to_itself_costs_itself_only(tmp_path):
    touch(tmp_path / "a.mp4")
    (tmp_path / "self.mp4").symlink_to(tmp_path / "self.mp4")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "ring").symlink_to(tmp_path / "gnir")
    (tmp_path / "gnir").symlink_to(tmp_path / "ring")
    touch(tmp_path / "z" / "b.mp4")
    assert relatives(tmp_path) == ["a.mp4", "self.mp4", "z/b.mp4"]


def test_a_dangling_link_is_listed_so_that_it_is_reported(tmp_path):
    (tmp_path / "gone.mp4").symlink_to(tmp_path / "nowhere.mp4")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    assert relatives(tmp_path) == ["gone.mp4"]


def test_pipes_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    assert relatives(tmp_path) == []


def test_excluded_folders_are_not_entered(tmp_path):
    touch(tmp_path / "a.mp4")
    touch(tmp_path / "output" / "a.mp4")
    assert relatives(tmp_path, exclude=[tmp_path / "output", tmp_path / "absent"]) == ["a.mp4"]


def test_names_that_are_not_utf8_survive(tmp_path):
    raw = os.fsencode(tmp_path) + b"/caf\xe9.mp4"
    os.close(os.open(raw, os.O_CREAT | os.O_WRONLY))
    (found,) = find_videos(tmp_path).videos
    assert os.fsencode(found.path).endswith(b"caf\xe9.mp4")
    assert found.path.exists()
    assert found.output_name == "caf%E9.mp4"


def test_something_else_than_a_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="expected a folder"):
        find_videos(touch(tmp_path / "a.mp4"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_without_permission_is_reported(tmp_path):
    touch(tmp_path / "a.mp4")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    told = []
    assert relatives(tmp_path, on_unreadable=told.append) == ["a.mp4"]
    assert told == [closed]
    with pytest.raises(UsageError, match="cannot be listed"):
        find_videos(tmp_path)


def test_results_of_other_runs_are_not_entered(tmp_path):
    touch(tmp_path / "a.mp4")
    touch(tmp_path / "results" / "a.mp4" / "annotated.mp4")
    touch(tmp_path / "results" / ".lock")
    assert relatives(tmp_path) == ["a.mp4", "results/a.mp4/annotated.mp4"]
    assert relatives(tmp_path, skip_marker=".lock") == ["a.mp4"]
    touch(tmp_path / ".lock")
    assert relatives(tmp_path, skip_marker=".lock") == ["a.mp4"], "the folder that was asked for is always searched"

"""The index of known files: what is remembered, when it is no longer believed, and that losing it is harmless."""

import math
import os
import sqlite3
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from vidpose.errors import OutputError
from vidpose.state.ledger import Ledger, stat_mark
from vidpose.types.findings import Finding
from vidpose.types.video import VideoIndex

SHA = "ab" * 32


@pytest.fixture
def place(tmp_path):
    return tmp_path / "state" / "ledger.sqlite"


@pytest.fixture
def ledger(place):
    with Ledger(place) as opened:
        yield opened


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"some bytes")
    return path


def index_of(path, **changes):
    facts = {
        "path": path,
        "sha256": SHA,
        "size_bytes": 123,
        "container": "mov,mp4",
        "codec": "h264",
        "pixel_format": "yuv420p",
        "width_px": 640,
        "height_px": 360,
        "rotation_deg": 90,
        "time_base": Fraction(1001, 30000),
        "pts": np.array([-7, 0, 5, 2**40]),
        "timing": "assumed",
        "assumed_period": 1001,
        "audio_codec": "aac",
        "declared_duration_s": 12.34,
        "key_pts": [0, 3000],
        "jump_pts": [5],
        "origin_pts": -7,
        "recorded_at": "2026-11-03T10:20:30+00:00",
        "findings": (Finding("ends_early", "12 of 20 s", "warning", {"decoded_s": 12.0}),),
    }
    return VideoIndex(**facts | changes)


def assert_same_index(left, right):
    for name in VideoIndex.__slots__:
        ours, theirs = getattr(left, name), getattr(right, name)
        if isinstance(ours, float) and math.isnan(ours):
            assert math.isnan(theirs), name
        elif name in ("pts", "key_pts", "jump_pts"):
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)
        else:
            assert ours == theirs, name


# --- hashes -------------------------------------------------------------------------------------------------------


def test_a_hash_is_reused_while_the_file_stays_as_it_was(place, video):
    with Ledger(place) as ledger:
        assert ledger.known_hash(video) is None
        ledger.remember_hash(video, stat_mark(video), SHA)
        assert ledger.known_hash(video) == SHA
    with Ledger(place) as later:
        assert later.known_hash(video) == SHA


def grow(path):
    path.write_bytes(path.read_bytes() + b"!")


def touch(path):
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))


def replace_by_equal_size_and_times(path):
    stat = path.stat()
    other = path.with_suffix(".new")
    other.write_bytes(b"other byte")
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [grow, touch, replace_by_equal_size_and_times])
def test_a_hash_is_forgotten_when_the_file_changes(ledger, video, change):
    ledger.remember_hash(video, stat_mark(video), SHA)
    change(video)
    assert ledger.known_hash(video) is None


def test_reading_a_file_does_not_change_its_mark(video):
    mark = stat_mark(video)
    os.utime(video, ns=(1, video.stat().st_mtime_ns))
    assert stat_mark(video) == mark


def test_names_that_are_no_utf8_are_kept_apart(ledger, tmp_path):
    names = [b"caf\xe9.mp4", b"caf\xe8.mp4", "café.mp4".encode(), b"tab\there.mp4"]
    paths = [Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)) for name in names]
    for number, path in enumerate(paths):
        path.write_bytes(b"x")
        ledger.remember_hash(path, stat_mark(path), str(number))
    assert [ledger.known_hash(path) for path in paths] == ["0", "1", "2", "3"]


# --- probes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"declared_duration_s": float("nan"), "audio_codec": None, "findings": (), "timing": "container"},
        {"pts": np.array([5])},
        {"pts": np.array([], dtype=np.int64)},
    ],
)
def test_an_index_comes_back_as_it_was(ledger, video, changes):
    index = index_of(video, **changes)
    ledger.remember_probe(SHA, "av 18", index)
    assert_same_index(ledger.known_probe(SHA, "av 18", video), index)


def test_an_index_takes_the_path_of_the_file_that_is_asked_for(ledger, video):
    ledger.remember_probe(SHA, "av 18", index_of(video))
    copy = video.with_name("copy.mp4")
    assert ledger.known_probe(SHA, "av 18", copy).path == copy


def test_a_failure_to_probe_comes_back_as_it_was(ledger, video):
    finding = Finding("no_video_stream", "only sound", "fatal", {"streams": ["audio"]})
    ledger.remember_probe(SHA, "av 18", finding)
    assert ledger.known_probe(SHA, "av 18", video) == finding


def test_a_probe_counts_for_its_bytes_and_its_prober_only(ledger, video):
    ledger.remember_probe(SHA, "av 18", index_of(video))
    assert ledger.known_probe("cd" * 32, "av 18", video) is None
    assert ledger.known_probe(SHA, "av 19", video) is None


def test_the_later_probe_wins(ledger, video):
    ledger.remember_probe(SHA, "av 18", Finding("not_a_video", "text", "fatal"))
    ledger.remember_probe(SHA, "av 18", index_of(video))
    assert isinstance(ledger.known_probe(SHA, "av 18", video), VideoIndex)


# --- verdicts and speeds ------------------------------------------------------------------------------------------


def test_a_verdict_stands_until_it_is_forgotten(place):
    finding = Finding("worker_lost", "died 3 times", "fatal", {"tries": 3})
    with Ledger(place) as ledger:
        assert ledger.verdict("key") is None
        ledger.remember_verdict("key", finding)
    with Ledger(place) as later:
        assert later.verdict("key") == finding
        assert later.verdict("other") is None
        later.forget_verdict("key")
        later.forget_verdict("never there")
        assert later.verdict("key") is None


def test_speeds_by_kind_the_last_one_counts(ledger):
    assert ledger.speed("pose") is None
    ledger.remember_speed("pose", 0.02)
    ledger.remember_speed("pose", 0.03)
    ledger.remember_speed("render", 0.5)
    assert (ledger.speed("pose"), ledger.speed("render")) == (0.03, 0.5)


def test_other_threads_may_read_and_write(ledger, video):
    def work(number):
        for k in range(20):
            ledger.remember_hash(video.with_name(f"{number}-{k}"), "mark", str(k))
            ledger.speed("pose")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(20):
        path = video.with_name(f"3-{k}")
        path.write_bytes(b"")
        assert ledger.known_hash(path) is None, "its mark is none of a real file"
        ledger.remember_hash(path, stat_mark(path), "x")
        assert ledger.known_hash(path) == "x"


# --- damage -------------------------------------------------------------------------------------------------------


def fill(place, n_rows=400):
    with Ledger(place) as ledger:
        for k in range(n_rows):
            ledger.remember_hash(Path(f"/videos/{k:04d}.mp4"), "mark", SHA)
        ledger.remember_speed("pose", 0.02)


def text(content):
    return b"this is no database at all, " * 40


def cut_in_half(content):
    return content[: len(content) // 2]


def overwritten_inside(content):
    middle = len(content) // 2
    return content[: middle - 9000] + b"\x07" * 18000 + content[middle + 9000 :]


def one_entry_lost(content):
    entry = content.index(b"/videos/0007.mp4")
    page = entry // 4096 * 4096
    return content[: page + 8] + bytes(8) + content[page + 16 :]


@pytest.mark.parametrize("damage", [text, cut_in_half, overwritten_inside, one_entry_lost])
def test_a_damaged_ledger_is_begun_anew(place, damage):
    fill(place)
    whole = place.read_bytes()
    assert len(whole) > 40_000
    place.write_bytes(damage(whole))
    with Ledger(place) as ledger:
        assert ledger.speed("pose") is None
        ledger.remember_speed("pose", 0.5)
        assert ledger.speed("pose") == 0.5
    with Ledger(place) as again:
        assert again.speed("pose") == 0.5, "the new one is sound"


def test_an_empty_file_becomes_a_ledger(place):
    place.parent.mkdir()
    place.touch()
    with Ledger(place) as ledger:
        ledger.remember_speed("pose", 0.5)
        assert ledger.speed("pose") == 0.5


def test_a_sound_ledger_survives_a_kill_between_two_writes(place):
    ledger = Ledger(place)
    ledger.remember_speed("pose", 0.5)
    copies = {path.name: path.read_bytes() for path in place.parent.iterdir()}  # what a kill would leave
    ledger.__exit__(None, None, None)
    elsewhere = place.parent.with_name("after_kill")
    elsewhere.mkdir()
    for name, content in copies.items():
        (elsewhere / name).write_bytes(content)
    with Ledger(elsewhere / place.name) as later:
        assert later.speed("pose") == 0.5


@pytest.mark.parametrize("blocked", ["folder_is_a_file", "ledger_is_a_folder"])
def test_a_place_where_nothing_can_be_written_is_named(place, blocked):
    if blocked == "folder_is_a_file":
        place.parent.write_bytes(b"")
    else:
        place.mkdir(parents=True)
    with pytest.raises(OutputError, match=r"ledger\.sqlite: cannot be opened"):
        Ledger(place)


@pytest.mark.slow  # SQLite waits five seconds for the other one
def test_a_ledger_that_somebody_else_locks_is_not_thrown_away(place):
    fill(place)
    holder = sqlite3.connect(place)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("UPDATE speeds SET seconds_per_megapixel = 0.07")
    try:
        with pytest.raises(OutputError, match="locked"):
            Ledger(place)
        holder.commit()
    finally:
        holder.close()
    with Ledger(place) as ledger:
        assert ledger.speed("pose") == 0.07


def test_a_ledger_that_fails_later_knows_nothing_and_costs_nothing(ledger, video):
    ledger.remember_speed("pose", 2.0)
    ledger._db.execute("PRAGMA query_only = ON")  # as a full disk: every write fails
    ledger.remember_speed("pose", 3.0)
    ledger.remember_hash(video, stat_mark(video), SHA)
    assert ledger.speed("pose") == 2.0
    assert ledger.known_hash(video) is None
    ledger._db.close()
    assert ledger.speed("pose") is None

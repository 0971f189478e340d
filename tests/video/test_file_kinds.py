"""Which files of a folder are videos, and why others are left out."""

import shutil

import av
import pytest

from vidpose.types.left_out import LEFT_OUT_REASONS
from vidpose.video.discover import find_videos
from vidpose.video.file_kinds import VIDEO_SUFFIXES, begins_as_video
from vidpose.video.picture_series import picture_series

NAMED_FOR_PEOPLE = {".mp4", ".mov", ".avi", ".mkv", ".wmv", ".3gp", ".mpg", ".m2ts", ".mts", ".flv", ".mxf", ".gif"}


def left_out(folder, **options):
    return [(one.name, one.code) for one in find_videos(folder, **options).left_out]


def names(folder):
    return [found.relative for found in find_videos(folder).videos]


def put(folder, *files, content=b"x"):
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_usual_endings_are_videos_whatever_their_case(tmp_path):
    put(tmp_path, *(f"{k}{suffix.upper()}" for k, suffix in enumerate(sorted(NAMED_FOR_PEOPLE | {".ogv", ".qt"}))))
    assert len(names(tmp_path)) == len(NAMED_FOR_PEOPLE) + 2
    assert not left_out(tmp_path)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in VIDEO_SUFFIXES)


@pytest.mark.parametrize("ending", ["", ".bak", ".mp4_old", ".dat", ".360", ".MOD", ".vid"])
def test_an_ending_that_says_nothing_is_decided_by_the_content(ending, tmp_path, shared_data):
    shutil.copy(shared_data / "cases/formats/clip.mpg", tmp_path / f"clip{ending}")
    put(tmp_path, f"other{ending}", content=b"module example.org/x\n")
    assert names(tmp_path) == [f"clip{ending}"]


def test_the_first_bytes_of_every_kind_are_known(shared_data):
    clips = sorted((shared_data / "cases/formats").iterdir())
    assert clips
    assert all(begins_as_video(clip.read_bytes()[:1024]) for clip in clips)


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("mp4", "mpeg4"),
        ("matroska", "mpeg4"),
        ("avi", "mpeg4"),
        ("flv", "flv1"),
        ("asf", "msmpeg4v3"),
        ("mpegts", "mpeg2video"),
        ("mpeg", "mpeg1video"),
        ("mxf", "mpeg2video"),
        ("nut", "mpeg4"),
        ("gif", "gif"),
        ("rm", "rv10"),
    ],
)
def test_files_that_ffmpeg_writes_are_recognised_without_their_ending(container, codec, tmp_path):
    path = tmp_path / "clip"
    with av.open(str(path), "w", format=container) as file:
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb8" if codec == "gif" else "yuv420p"
        for packet in [*stream.encode(av.VideoFrame(64, 64, stream.pix_fmt)), *stream.encode(None)]:
            file.mux(packet)
    assert begins_as_video(path.read_bytes()[:1024])


def test_sound_and_still_pictures_are_no_videos(tmp_path):
    put(tmp_path, "a.x", content=b"\0\0\0\x18ftypM4A \0\0\0\0")
    put(tmp_path, "b.x", content=b"\0\0\0\x18ftypheic\0\0\0\0")
    put(tmp_path, "c.x", content=b"RIFF\x24\0\0\0WAVEfmt ")
    put(tmp_path, "d.mka", content=b"\x1a\x45\xdf\xa3 matroska")
    assert not names(tmp_path)
    assert not left_out(tmp_path)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("A001.BRAW", "raw_camera_format"),
        ("b.r3d", "raw_camera_format"),
        ("c.mp4.part", "unfinished_download"),
        ("d.mov.crdownload", "unfinished_download"),
        ("live.m3u8", "playlist"),
        ("dvd.iso", "disc_image"),
        ("cut.prproj", "edit_project"),
        (".e.mp4", "hidden"),
        ("._f.mov", "apple_companion"),
    ],
)
def test_what_looks_like_a_video_is_named_with_its_reason(name, code, tmp_path):
    put(tmp_path, f"sub/{name}", "sub/notes.txt", "sub/.DS_Store")
    assert left_out(tmp_path) == [(f"sub/{name}", code)]
    assert LEFT_OUT_REASONS[code].endswith(".")
    assert not names(tmp_path)


def test_a_cameras_small_copy_is_left_out_beside_its_video_only(tmp_path):
    put(tmp_path, "GL010042.LRV", "GX010042.MP4", "DJI_0001.LRF", "DJI_0001.MP4", "alone.LRV")
    assert names(tmp_path) == ["DJI_0001.MP4", "GX010042.MP4", "alone.LRV"]
    assert left_out(tmp_path) == [("DJI_0001.LRF", "camera_copy"), ("GL010042.LRV", "camera_copy")]


def test_second_links_and_other_results_are_named(tmp_path):
    put(tmp_path, "b.mp4", "old/.marker", "old/c.mp4")
    (tmp_path / "a.mp4").symlink_to(tmp_path / "b.mp4")
    assert left_out(tmp_path, skip_marker=".marker") == [("a.mp4", "second_link"), ("old/", "other_results")]


def test_numbered_pictures_are_one_series_and_photographs_none(tmp_path):
    put(tmp_path, *(f"run/img{k:03d}.PNG" for k in range(95, 107)), "run/cover.png", "run/a1.jpg", "run/a2.jpg")
    assert left_out(tmp_path) == [("run/img%03d.PNG", "numbered_pictures")]


def test_a_series_ends_at_a_missing_number_and_goes_on_above_its_padding():
    padded, plain = picture_series([*(f"{k:02d}.jpg" for k in range(5, 112)), *(f"a{k}.jpg" for k in range(200, 212))])
    assert (padded.pattern, padded.names[0], padded.names[-1]) == ("%02d.jpg", "05.jpg", "111.jpg")
    assert (plain.pattern, len(plain.names)) == ("a%d.jpg", 12)
    first, second = picture_series(f"{k:03d}.png" for k in (*range(10), *range(20, 30)))
    assert (first.names[-1], second.names[0]) == ("009.png", "020.png")

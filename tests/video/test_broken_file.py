"""Broken files are told apart, each with what helps."""

import errno
import gzip
import shutil

import av
import pytest

from vidpose.errors import InputError
from vidpose.types.findings import CODES
from vidpose.video.broken_file import unreadable
from vidpose.video.probe import probe

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"
ANNEX = b"/annex/objects/SHA256E-s104857600--4d7a2146.mp4\n"
PAGE = b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body>Please log in</body></html>\n"
DENIED = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'


def refused(path):
    with pytest.raises(InputError) as error:
        probe(path, "")
    assert path.name in error.value.message
    assert error.value.message.endswith(CODES[error.value.context["code"]])
    return error.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PAGE, "web_page"),
        (b"\xef\xbb\xbf\r\n  " + PAGE, "web_page"),
        ("\ufeff".encode("utf-16-le") + PAGE.decode().encode("utf-16-le"), "web_page"),
        (b"<!-- saved -->" + PAGE.upper(), "web_page"),
        (DENIED, "web_page"),
        (b'{"error": "not found"}', "web_page"),
        (LFS, "content_not_fetched"),
        (LFS.replace(b"\n", b"\r\n"), "content_not_fetched"),
        (ANNEX, "content_not_fetched"),
        (bytes(100_000), "content_missing"),
        (b"PK\x03\x04" + bytes(range(256)) * 20, "other_content"),
        (gzip.compress(b"video" * 999, mtime=0), "other_content"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "other_content"),
        (b"only some words\n" * 50, "not_a_video"),
        (bytes(range(256)) * 20, "not_a_video"),
    ],
)
@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_other_content_is_told_as_what_it_is(name, content, code, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path).context["code"] == code


def test_a_git_lfs_pointer_is_called_by_its_name(tmp_path):
    path = tmp_path / "run.mov"
    path.write_bytes(LFS)
    assert "a Git LFS pointer" in refused(path).message


def test_a_recording_that_was_not_finished(shared_data):
    error = refused(shared_data / "cases/cut_off_while_recording.mp4")
    assert error.context["code"] == "recording_not_finished"
    assert "moov" in error.message
    assert "untrunc" in error.message


def write(path, **options):
    with av.open(str(path), "w", options=options) as file:
        stream = file.add_stream("mpeg4", rate=25)
        stream.width, stream.height = 64, 64
        for _ in range(20):
            file.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        file.mux(stream.encode(None))
    return path.read_bytes()


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.3gp"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_a_cut_file_with_its_index_at_the_end(name, share, tmp_path):
    content = write(tmp_path / name)
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    assert refused(tmp_path / name).context["code"] == "recording_not_finished"


def test_a_cut_index_at_the_end_says_how_much_is_there(tmp_path):
    content = write(tmp_path / "a.mp4")
    (tmp_path / "a.mp4").write_bytes(content[:-400])
    assert "cut off" in refused(tmp_path / "a.mp4").message


def test_a_cut_file_with_its_index_in_front_keeps_what_is_there(tmp_path):
    content = write(tmp_path / "a.mp4", movflags="faststart")
    (tmp_path / "a.mp4").write_bytes(content[:-30])
    assert probe(tmp_path / "a.mp4", "").n_frames > 0


def test_what_the_system_refuses_is_told_apart(tmp_path):
    path = tmp_path / "a.mp4"
    for number in (errno.EACCES, errno.EPERM):
        assert unreadable(path, OSError(number, "denied")).context["code"] == "no_access"
    assert unreadable(path, OSError(errno.EIO, "Input/output error")).context["code"] == "unreadable"
    path.symlink_to(".git/annex/objects/x/y/SHA256E-s1.mp4")
    assert refused(path).context["code"] == "content_not_fetched"
    (tmp_path / "b.mp4").symlink_to("nowhere.mp4")
    assert "nowhere.mp4" in refused(tmp_path / "b.mp4").message


def test_a_video_with_another_ending_is_read(tmp_path, shared_data):
    shutil.copy(shared_data / "cases/formats/clip.wmv", tmp_path / "clip.mp4")
    assert probe(tmp_path / "clip.mp4", "").n_frames == 24

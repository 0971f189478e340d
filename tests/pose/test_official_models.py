"""What is fetched is kept when its SHA-256 is the expected one, and leaves nothing behind when not."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vidpose.errors import EstimatorError
from vidpose.pose.official_models import OFFICIAL, OfficialTask, fetch_task, known_network, known_task

CONTENT = b"network " * 100_000


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/missing.task":
            self.send_error(404, "no such file")
            return
        content = {"/good.task": CONTENT, "/other.task": CONTENT[:-1] + b"X", "/long.task": CONTENT * 3}.get(
            self.path, CONTENT
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content[:1000] if self.path == "/cut.task" else content)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as service:
        thread = threading.Thread(target=service.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{service.server_port}"
        service.shutdown()
        thread.join()


def task_at(url):
    return OfficialTask("full", url, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def test_the_expected_file_is_kept(server, tmp_path):
    file = tmp_path / "cache" / "full.task"
    fetch_task(task_at(f"{server}/good.task"), file)
    assert file.read_bytes() == CONTENT
    assert list(file.parent.iterdir()) == [file]


def test_another_address_may_be_given(server, tmp_path):
    fetch_task(task_at("http://127.0.0.1:9/never_asked"), tmp_path / "full.task", f"{server}/good.task")
    assert (tmp_path / "full.task").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/other.task", "expected SHA-256 .* got .* nothing was kept"),
        ("/long.task", "expected SHA-256"),
        ("/cut.task", "the download failed|expected SHA-256"),
        ("/missing.task", "the server answered 404"),
    ],
)
def test_anything_else_leaves_what_was_there(server, tmp_path, path, sentence):
    file = tmp_path / "full.task"
    file.write_bytes(b"an older one")
    with pytest.raises(EstimatorError, match=sentence):
        fetch_task(task_at(server + path), file)
    assert file.read_bytes() == b"an older one"
    assert list(tmp_path.iterdir()) == [file]


def test_without_network_a_way_out_is_named(tmp_path):
    with pytest.raises(EstimatorError, match=r"download failed.*--pose_model FILE"):
        fetch_task(task_at("http://127.0.0.1:9/full.task"), tmp_path / "full.task")
    assert list(tmp_path.iterdir()) == []


def test_only_addresses_of_the_web_are_followed(tmp_path):
    with pytest.raises(EstimatorError, match="https://"):
        fetch_task(task_at("file:///etc/hostname"), tmp_path / "full.task")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "blocked").write_text("a file")
    with pytest.raises(EstimatorError, match=r"blocked.*cannot be written"):
        fetch_task(task_at("http://127.0.0.1:9/full.task"), tmp_path / "blocked" / "full.task")


def test_the_pinned_files_are_whole_hashes_at_addresses_that_name_them():
    assert list(OFFICIAL) == ["lite", "full", "heavy"]
    for variant, task in OFFICIAL.items():
        assert task.url.startswith("https://")
        assert task.url.endswith(f"/float16/1/pose_landmarker_{variant}.task")
        assert len(bytes.fromhex(task.sha256)) == 32
        assert known_task(task.sha256) == f"official {variant}"
    assert len({task.sha256 for task in OFFICIAL.values()}) == 3
    assert known_task("0" * 64) is None
    assert known_network("0" * 64) is None

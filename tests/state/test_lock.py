"""One run per folder: the second is refused by name, a killed one leaves its run id and no lock."""

import errno
import json
import os
import signal
import subprocess
import sys

import pytest

from vidpose.errors import OutputError, OutputInUseError
from vidpose.state.lock import LOCK_NAME, EarlierRun, folder_identity, lock_folders

ONE, TWO, THREE = ("1" * 32, "2" * 32, "3" * 32)
HOLDER = """
import sys, time
from pathlib import Path
from vidpose.state.lock import lock_folders
with lock_folders([Path(folder) for folder in sys.argv[2:]], sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def start_holder():
    """Return a function that starts a process which holds folders until its stdin closes."""
    started = []

    def start(run_id, *folders):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, run_id, *map(str, folders)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        started.append(process)
        assert process.stdout.readline() == b"held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_run_is_refused_and_names_the_first(start_holder, tmp_path):
    first = start_holder(ONE, tmp_path / "output", tmp_path / "models")
    with pytest.raises(OutputInUseError, match=f"another run \\(process {first.pid}\\)") as refused:  # noqa: SIM117
        with lock_folders([tmp_path / "models"], TWO):
            pass
    assert str(tmp_path / "models") in str(refused.value)


def test_the_refused_run_leaves_the_first_ones_mark_and_lets_go_of_what_it_held(start_holder, tmp_path):
    first = start_holder(ONE, tmp_path / "models")
    for _ in range(2):  # a second time: the first refusal left nothing locked
        with pytest.raises(OutputInUseError), lock_folders([tmp_path / "output", tmp_path / "models"], TWO):
            pass
    assert json.loads((tmp_path / "models" / LOCK_NAME).read_text()) == {"pid": first.pid, "run_id": ONE}


def test_a_run_that_ended_well_leaves_nothing(start_holder, tmp_path):
    first = start_holder(ONE, tmp_path)
    first.communicate(b"")
    assert first.returncode == 0
    with lock_folders([tmp_path], TWO) as earlier:
        assert earlier == []


def test_a_killed_run_frees_its_folders_and_is_reported(start_holder, tmp_path):
    folders = [tmp_path / "output", tmp_path / "models"]
    first = start_holder(ONE, *folders)
    first.send_signal(signal.SIGKILL)
    first.wait()
    with lock_folders(folders, TWO) as earlier:
        assert earlier == [EarlierRun(ONE, folder_identity(folder)) for folder in folders]
        assert json.loads((folders[0] / LOCK_NAME).read_text()) == {"pid": os.getpid(), "run_id": TWO}
    with lock_folders(folders, THREE) as earlier:
        assert earlier == [], "the run in between ended well"


def test_a_run_that_failed_is_reported_like_a_killed_one(tmp_path):
    with pytest.raises(KeyboardInterrupt), lock_folders([tmp_path], ONE):
        raise KeyboardInterrupt
    with lock_folders([tmp_path], TWO) as earlier:
        assert earlier == [EarlierRun(ONE, folder_identity(tmp_path))]


def test_one_folder_under_two_names_is_locked_once(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with lock_folders([tmp_path / "real", tmp_path / "link", tmp_path / "real" / ".." / "real"], "run"):
        pass


def test_folders_are_made(tmp_path):
    with lock_folders([tmp_path / "a" / "b" / "c"], "run"):
        assert (tmp_path / "a" / "b" / "c" / LOCK_NAME).is_file()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"pid": 1}', b'{"run_id": "*/../*"}', b"[" * 100_000]
)
def test_a_damaged_mark_is_no_earlier_run(tmp_path, content):
    (tmp_path / LOCK_NAME).write_bytes(content)
    with lock_folders([tmp_path], "run") as earlier:
        assert earlier == []


def test_a_file_where_a_folder_should_be_is_named_with_the_way_out(tmp_path):
    (tmp_path / "output").write_bytes(b"")
    with pytest.raises(OutputError, match=r"output: cannot be written .*--output, --models"):  # noqa: SIM117
        with lock_folders([tmp_path / "output"], "run"):
            pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="Permission denied"), lock_folders([tmp_path], "run"):
            pass
    finally:
        tmp_path.chmod(0o700)


def test_a_file_system_without_locks_is_named(tmp_path, monkeypatch):
    def no_locks(descriptor, operation):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", no_locks)
    with pytest.raises(OutputError, match="does not lock files"), lock_folders([tmp_path], "run"):
        pass


def test_a_lock_that_is_a_link_is_refused_and_its_target_left_alone(tmp_path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / LOCK_NAME).symlink_to(tmp_path / "precious")
    with pytest.raises(OutputError, match="is a link"), lock_folders([tmp_path / "output"], ONE):
        pass
    assert (tmp_path / "precious").read_text() == "mine"

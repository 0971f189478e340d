import os
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import psutil
import pytest
from waiting import wait_for

from vidpose.engines import orphan_watcher_child
from vidpose.engines.orphan_watcher import (
    FOLDERS_VARIABLE,
    KEEP_ENVIRON_VARIABLE,
    RUN_ID_VARIABLE,
    end_processes_of,
    start_orphan_watcher,
)
from vidpose.governor.sizes import MIB
from vidpose.state.lock import folder_identity

pytestmark = pytest.mark.slow

SLEEPER = "import time; print('ready', flush=True); time.sleep(900)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
PARENT = (
    "import subprocess, sys\n"
    f"child = subprocess.Popen([sys.executable, '-S', '-c', {SLEEPER!r}], stdout=subprocess.PIPE, text=True)\n"
    "child.stdout.readline(); print('ready', flush=True); child.wait()"
)
DRIVER = f"""
import os, subprocess, sys, time
from vidpose.engines.orphan_watcher import start_orphan_watcher

watcher = start_orphan_watcher(sys.argv[1])
children = [
    subprocess.Popen([sys.executable, "-S", "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=alone)
    for code, alone in (({SLEEPER!r}, False), ({STUBBORN!r}, False), ({STUBBORN!r}, True), ({PARENT!r}, True))
]
for child in children:
    child.stdout.readline()
if "fork" in sys.argv and os.fork() == 0:  # holds the pipe open, carries no mark
    while not os.path.exists(sys.argv[3]):
        time.sleep(0.05)
    os._exit(0)
print(watcher.pid, flush=True)
time.sleep(900)
"""

RAY_DRIVER = """
import os, sys, time
from vidpose.engines.orphan_watcher import start_orphan_watcher

if __name__ == "__main__":
    watcher = start_orphan_watcher(sys.argv[1])
    os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN="0" * 64, RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0")
    import ray
    from distributed import LocalCluster

    cluster = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, memory_limit=0)
    ray.init(
        address="local",
        num_cpus=1,
        include_dashboard=False,
        object_store_memory=78643200,
        _temp_dir=sys.argv[2],
        log_to_driver=False,
        logging_level="ERROR",
    )

    @ray.remote(num_cpus=0)
    class Actor:
        def pid(self):
            return os.getpid()

    actor = Actor.remote()
    ray.get(actor.pid.remote())
    print(watcher.pid, flush=True)
    time.sleep(900)
"""


@pytest.fixture
def run_id():
    name = uuid.uuid4().hex
    yield name
    end_processes_of(name)


@pytest.fixture
def driver(run_id):
    """Start a driver with five children; give it and its watcher's pid."""
    started = []

    def _start(*arguments: str) -> tuple[subprocess.Popen[str], int]:
        command = [sys.executable, "-c", DRIVER, run_id, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return process, int(process.stdout.readline())

    yield _start
    for process in started:
        process.kill()
        process.communicate()


def sleeper(run_id: str, folder: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-S", "-c", SLEEPER]
    environment = {**os.environ, RUN_ID_VARIABLE: run_id, FOLDERS_VARIABLE: folder}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_nothing_is_left_when_the_driver_is_killed(driver, run_id):
    process, watcher = driver()
    # four children and one grandchild; the watcher was started before the mark was set
    assert len(orphan_watcher_child.carriers(run_id)) == 5
    process.kill()
    process.wait()
    wait_for(lambda: not orphan_watcher_child.carriers(run_id))
    wait_for(lambda: is_gone(watcher))


def test_the_temporary_folders_of_the_run_are_removed_and_no_others(driver, run_id, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process, watcher = driver()
    ours, of_another, link = (
        Path(folder) for folder in orphan_watcher_child.temporary_folders(str(tmp_path), run_id)[:3]
    )
    for folder, owner in ((ours, run_id), (of_another, uuid.uuid4().hex), (tmp_path / "target", run_id)):
        folder.mkdir()
        (folder / orphan_watcher_child.MARK).write_text(f"{owner} 1-2")
    link.symlink_to(tmp_path / "target", target_is_directory=True)
    process.kill()
    process.wait()
    wait_for(lambda: is_gone(watcher))
    assert not ours.exists()
    assert of_another.exists()
    assert link.exists()


@pytest.mark.thorough
def test_nothing_of_ray_and_dask_is_left(run_id, tmp_path):
    script = tmp_path / "driver.py"
    script.write_text(RAY_DRIVER)
    # the path of Ray's sockets may have 107 bytes, less than a test's own folder leaves
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as ray_folder:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(script), run_id, ray_folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        watcher = int(process.stdout.readline())
        pids = {child.pid for child in psutil.Process(process.pid).children(recursive=True)} - {watcher}
        assert pids == set(orphan_watcher_child.carriers(run_id))  # also the helpers that rename themselves
        process.kill()
        process.communicate()
        wait_for(lambda: all(is_gone(pid) for pid in pids | {watcher}))


def test_a_forked_child_that_holds_the_pipe_does_not_hide_the_death(driver, run_id, tmp_path):
    end = tmp_path / "the forked child may end"
    process, watcher = driver("fork", str(end))
    try:
        process.kill()
        process.wait()
        wait_for(lambda: not orphan_watcher_child.carriers(run_id))
        wait_for(lambda: is_gone(watcher))
    finally:
        end.touch()


def test_signals_to_the_watchman_do_not_end_it(driver, run_id):
    process, watcher = driver()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        os.kill(watcher, number)
    assert not is_gone(watcher)
    process.kill()
    wait_for(lambda: not orphan_watcher_child.carriers(run_id))


def test_the_watchman_is_small(driver):
    _, watcher = driver()
    assert psutil.Process(watcher).memory_info().rss <= 12 * MIB


def test_release_ends_the_watchman_only(run_id, monkeypatch):
    monkeypatch.delenv(RUN_ID_VARIABLE, raising=False)
    monkeypatch.setenv(KEEP_ENVIRON_VARIABLE, "before")
    with start_orphan_watcher(run_id) as watcher:
        assert os.environ[RUN_ID_VARIABLE] == run_id
        assert os.environ[KEEP_ENVIRON_VARIABLE] == "1"
        own = sleeper(run_id)
    assert is_gone(watcher.pid)
    assert own.poll() is None  # released: what still runs is the driver's business
    assert RUN_ID_VARIABLE not in os.environ
    assert os.environ[KEEP_ENVIRON_VARIABLE] == "before"
    watcher.release()
    own.kill()
    own.communicate()


def test_release_survives_a_watchman_that_is_dead(run_id):
    with start_orphan_watcher(run_id) as watcher:
        os.kill(watcher.pid, signal.SIGKILL)
        wait_for(lambda: is_gone(watcher.pid))


def test_the_janitor_ends_one_run_and_leaves_the_other(run_id):
    other_id = uuid.uuid4().hex
    ours, other = sleeper(run_id), sleeper(other_id)
    try:
        assert end_processes_of(run_id) == [ours.pid]
        assert ours.wait() == -signal.SIGTERM
        assert other.poll() is None
        assert end_processes_of(run_id) == []
    finally:
        assert end_processes_of(other_id) == [other.pid]
        for process in (ours, other):
            process.communicate()


def test_a_copied_result_folder_harms_no_run(run_id, tmp_path):
    real, copy = tmp_path / "real", tmp_path / "copy"
    real.mkdir()
    copy.mkdir()
    running = sleeper(run_id, folder_identity(real))
    with running:
        assert end_processes_of(run_id, folder_identity(copy)) == []
        assert running.poll() is None
        assert end_processes_of(run_id, folder_identity(real)) == [running.pid]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a process of another user")
def test_a_process_of_another_user_is_left_alone(run_id):
    environment = {**os.environ, RUN_ID_VARIABLE: run_id}
    with subprocess.Popen(["sleep", "900"], env=environment, user=65534, group=65534, extra_groups=[]) as other:
        wait_for(lambda: psutil.Process(other.pid).name() == "sleep")
        assert end_processes_of(run_id) == []
        assert other.poll() is None
        other.kill()


def test_the_janitor_gives_up_in_time(run_id):
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", STUBBORN],
        stdout=subprocess.PIPE,
        env={**os.environ, RUN_ID_VARIABLE: run_id},
    )
    assert process.stdout is not None
    process.stdout.readline()
    assert end_processes_of(run_id, timeout_s=0.3) == [process.pid]  # shorter than the grace
    assert process.poll() is None
    process.kill()
    process.communicate()


def test_the_watchman_imports_nothing_of_ours():
    source = Path(orphan_watcher_child.__file__).read_text()
    assert "import vidpose" not in source
    assert "from vidpose" not in source


@pytest.mark.parametrize("run_id", ["", "a\0b", "*/../*", "A" * 32])
def test_bad_ids_are_refused(run_id):
    with pytest.raises(ValueError, match="run_id"):
        start_orphan_watcher(run_id)

"""What another user of the machine gets of a run: nothing."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from fake_pools import unit
from waiting import wait_for

from vidpose.engines.dask_pose import DaskPool
from vidpose.engines.orphan_watcher import remove_folders_of
from vidpose.engines.ray_biomech import RayPool
from vidpose.engines.secrets import secrets_withheld
from vidpose.engines.temporary_folder import new_temporary_folder

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]
ATTACKER = Path(__file__).with_name("attacker.py")


@pytest.fixture(scope="module")
def pools():
    """Return Dask with one worker and Ray with one actor, both at work once, with a key in the user's environment."""
    os.environ["EXAMPLE_API_KEY"] = "sk-secret"
    dask_pool, ray_pool = DaskPool(1, lambda unit_id, n: None), RayPool(1)
    with secrets_withheld():
        dask_pool.start()
        ray_pool.start()
        wait_for(lambda: dask_pool.capacity, "a worker")
        ray_pool.submit(unit("empty", kind="analyse"))
        wait_for(ray_pool.collect, "the unit's outcome")
    yield dask_pool, ray_pool
    for pool in (dask_pool, ray_pool):
        pool.close()
    del os.environ["EXAMPLE_API_KEY"]


def listening() -> list[tuple[str, int]]:
    """Return the addresses at which this process and its children listen."""
    pids = {os.getpid(), *(child.pid for child in psutil.Process().children(recursive=True))}
    sockets = [socket for socket in psutil.net_connections("inet") if socket.status == psutil.CONN_LISTEN]
    return [(socket.laddr.ip, socket.laddr.port) for socket in sockets if socket.pid in pids]


def test_everything_listens_on_the_loopback_address_only(pools):
    assert {address for address, _ in listening()} <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def test_children_have_no_keys_of_the_user(pools):
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended
            assert "EXAMPLE_API_KEY" not in child.environ()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can try as another user")
@pytest.mark.parametrize(
    "ray_environment",
    [{"RAY_AUTH_MODE": "disabled"}, {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0" * 64}],
    ids=["without a token", "with a wrong token"],
)
def test_another_user_is_refused_everywhere(pools, ray_environment):
    dask_pool, ray_pool = pools
    cluster, session = dask_pool._cluster, ray_pool._session
    targets = {
        "dask": [cluster.scheduler_address, *cluster.scheduler.workers, *(n.address for n in cluster.workers.values())],
        "ports": sorted({port for _, port in listening()}),
        "files": [
            str(session._folder),
            str(dask_pool._folder),
            *(f"/proc/{child.pid}/environ" for child in psutil.Process().children(recursive=True)),
            *(str(path) for path in Path("/dev/shm").iterdir() if path.is_file() and path.owner() == "root"),
        ],
        "ray": session._node.gcs_address,
    }
    assert len(targets["dask"]) == 3
    assert len(targets["ports"]) > 5
    attack = subprocess.run(  # noqa: PLW1510
        [sys.executable, str(ATTACKER), json.dumps(targets)],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | ray_environment,
    )
    assert attack.returncode == 0, attack.stderr
    assert json.loads(attack.stdout.splitlines()[-1]) == {"uid": 65534, "got": []}


def test_only_the_folder_of_that_very_run_is_removed(tmp_path, monkeypatch):
    for room in ("orphan_watcher", "temporary_folder"):
        monkeypatch.setattr(f"vidpose.engines.{room}.temporary_parents", lambda: [str(tmp_path)])
    run_id, folder = "a" * 32, "1-2"
    monkeypatch.setenv("VIDPOSE_RUN_ID", run_id)
    monkeypatch.setenv("VIDPOSE_RUN_FOLDERS", f"{folder} 1-3")
    ours, later = new_temporary_folder(), new_temporary_folder()
    others = [tmp_path / "vidpose-bystander", tmp_path / "vidpose-aaaaaaaaaaaa-5"]
    for other in others:
        other.mkdir()
    (others[1] / "run").write_text(f"{'a' * 31}b {folder}")
    for wrong in ((run_id, "7-7"), ("*", folder), ("*/../*", folder), ("", folder)):
        remove_folders_of(*wrong)
    assert all(path.is_dir() for path in (ours, later, *others))
    assert ours.stat().st_mode & 0o777 == 0o700
    remove_folders_of(run_id, folder)
    assert sorted(tmp_path.iterdir()) == sorted(others)

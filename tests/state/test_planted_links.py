"""Links that somebody planted in a result folder redirect nothing, and are named."""

import ast
import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import vidpose
from vidpose.cli.terminal import terminal_for_us
from vidpose.engines.run_unit import run_unit
from vidpose.engines.tasks import AnalyseTask, Unit
from vidpose.errors import OutputError
from vidpose.results.run_report import RunReport, write_run_report
from vidpose.state.archive import save_archive
from vidpose.state.atomic import atomic_path, make_folder, remove_file, remove_folder, write_bytes
from vidpose.state.layout import Layout
from vidpose.state.ledger import Ledger
from vidpose.state.lock import lock_folders
from vidpose.state.log_files import keep_earlier_logs
from vidpose.state.receipts import StageFacts, read_receipt, why_not_current, write_receipt

REPORT = RunReport("0", {}, "inline", "then", "now", 1.0, ())


@pytest.fixture
def place(tmp_path):
    """A result folder, and beside it one that belongs to somebody else."""
    (tmp_path / "output").mkdir()
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("mine")
    return tmp_path


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def log_to(path):
    with terminal_for_us(path):
        pass


def lock(path):
    with lock_folders([path.parent], "ab" * 16):
        pass


def earlier_log(path):
    log = path.with_name("vidpose.log")
    log.write_text("before")
    keep_earlier_logs(log)


IN_PLACE = {
    "vidpose.log": log_to,
    ".vidpose.lock": lock,
    "ledger.sqlite": Ledger,
    "ledger.sqlite-wal": lambda path: Ledger(path.with_name("ledger.sqlite")),
}
WHOLE = {
    "vidpose.log.1": earlier_log,
    "table.csv": lambda path: write_bytes(path, b"1,2\n"),
    "run_report.json": lambda path: write_run_report(path, REPORT),
    "analysis.receipt.json": lambda path: write_receipt(path, "key", [], StageFacts((), 1)),
    "poses.npz": lambda path: save_archive(path, "poses", {}, {"a": np.zeros(2)}),
}


@pytest.mark.parametrize("name", IN_PLACE)
@pytest.mark.parametrize("target", ["file", "absent"])
def test_a_link_in_the_place_of_a_file_that_is_written_in_place_is_refused_by_name(place, name, target):
    (place / "output" / name).symlink_to(place / "precious" / target)
    with pytest.raises(OutputError, match=rf"{name}: is a link"):
        IN_PLACE[name](place / "output" / name)
    assert content(place / "precious") == {"file": b"mine"}


@pytest.mark.parametrize("name", WHOLE)
def test_a_link_in_the_place_of_any_other_file_is_replaced(place, name):
    path = place / "output" / name
    path.symlink_to(place / "precious" / "file")
    WHOLE[name](path)
    assert not path.is_symlink()
    assert content(place / "precious") == {"file": b"mine"}


@pytest.mark.parametrize("name", [*WHOLE, *IN_PLACE])
@pytest.mark.parametrize("below", ["", "deep/er"])
def test_a_link_in_the_place_of_a_folder_is_refused_by_name(place, name, below):
    if name == ".vidpose.lock":
        pytest.skip("the folder that is locked is the one that the user names")
    (place / "output" / "clip.mp4").symlink_to(place / "precious", target_is_directory=True)
    if name == "vidpose.log.1":
        (place / "precious" / below).mkdir(parents=True, exist_ok=True)
    before = sorted(place.joinpath("precious").rglob("*"))
    with pytest.raises(OutputError, match=r"clip\.mp4: is a link"):
        (WHOLE | IN_PLACE)[name](place / "output" / "clip.mp4" / below / name)
    after = [path for path in sorted(place.joinpath("precious").rglob("*")) if path.name != "vidpose.log"]
    assert after == before


def test_nothing_is_removed_through_a_link(place):
    (place / "output" / "link").symlink_to(place / "precious", target_is_directory=True)
    for remove in (remove_file, remove_folder, make_folder):
        with pytest.raises(OutputError, match="link: is a link"):
            remove(place / "output" / "link" / "file")
    remove_folder(place / "output" / "link")
    remove_file(place / "output" / "absent" / "file")
    assert content(place / "precious") == {"file": b"mine"}
    assert not (place / "output" / "absent").exists()
    remove_file(place / "output" / "link")
    assert content(place / "precious") == {"file": b"mine"}


def test_a_folder_that_is_exchanged_for_a_link_while_a_file_is_written_redirects_nothing(place):
    clip = place / "output" / "clip.mp4"
    with atomic_path(clip / "table.csv") as temporary:
        clip.rename(place / "output" / "moved")
        clip.symlink_to(place / "precious", target_is_directory=True)
        if Path("/proc/self/fd").is_dir():
            temporary.write_bytes(b"1,2\n")
    assert content(place / "precious") == {"file": b"mine"}
    assert list(content(place / "output" / "moved")) == ["table.csv"]


def test_links_on_the_way_to_the_result_folder_are_the_users(place, monkeypatch):
    from vidpose.config import Settings
    from vidpose.workflow.run import layout_of

    (place / "data").symlink_to(place / "output", target_is_directory=True)
    layout = layout_of(Settings(output=place / "data" / "results", models=place / "data" / "models"))
    assert layout == Layout(place / "output" / "results", place / "output" / "models")


@pytest.mark.parametrize("name", ["../../precious/file", "/etc/passwd", "..", "sub/file"])
def test_a_receipt_names_no_file_outside_its_folder(place, name):
    path = place / "output" / "receipt.json"
    facts = {"findings": [], "n_frames": 1}
    path.write_text(json.dumps({"key": "k", "files": {name: {"sha256": "", "bytes": 4}}, "facts": facts}))
    assert read_receipt(path) is None
    assert why_not_current(path, "k") == "not done yet"


def test_an_error_names_the_file_that_could_not_be_written_not_its_passing_name(place, monkeypatch):
    with pytest.raises(OSError, match="full") as failed, atomic_path(place / "output" / "table.csv") as temporary:
        raise OSError(28, "full", str(temporary))
    assert failed.value.filename == str(place / "output" / "table.csv")
    assert list((place / "output").iterdir()) == []


WRITES = {"write_text", "write_bytes", "mkdir", "rmtree", "copyfile", "truncate", "unlink", "symlink_to"}
ALLOWED = {
    "state/atomic.py": WRITES,
    "state/log_files.py": {"unlink"},  # of a name in a folder that is resolved
    "state/ledger.py": {"unlink"},
    "cli/models.py": {"write_bytes"},  # into a passing folder
}
ROOMS = ("state", "results", "video", "workflow", "engines/analyse_unit.py", "engines/render_unit.py", "cli")


def test_rooms_that_write_results_write_through_one_module():
    package = Path(vidpose.__file__).parent
    found = {}
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if name.startswith(ROOMS):
            calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
            used = {call.attr for call in calls if isinstance(call, ast.Attribute)} & WRITES
            if used - ALLOWED.get(name, set()):
                found[name] = used
    assert found == {}


def test_a_unit_of_work_says_which_link_is_in_its_way(place):
    (place / "output" / "motion").symlink_to(place / "precious", target_is_directory=True)
    nothing = dict.fromkeys(field.name for field in fields(AnalyseTask))
    task = AnalyseTask(**nothing | {"motion": place / "output" / "motion" / "a.npz"})
    finding = run_unit(Unit("analyse", "analyse", task, "clip.mp4")).result.finding
    assert finding.code == "link_in_results"
    assert finding.message == f"{place}/output/motion: is a link. {finding.advice}"

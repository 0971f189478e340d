"""Files that would fill the memory are refused before they are unpacked, and nothing that is read runs code."""

import ast
import io
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import vidpose
from vidpose.config import load_settings
from vidpose.corpus.facts.read_facts import read_assignment
from vidpose.errors import ConfigError, EstimatorError, OutputError, UsageError
from vidpose.pose.models import DETECTOR_MEMBER, LANDMARKS_MEMBER, read_task
from vidpose.state.archive import load_archive, save_archive
from vidpose.state.bounded_reading import MAX_YAML_BYTES, read_bounded, read_yaml
from vidpose.state.ledger import Ledger, stat_mark
from vidpose.types.findings import Finding
from vidpose.types.video import VideoIndex

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LAUGHS, "more than 20000 values"),
        ("a: &a [*a]", "nested deeper than 32 levels"),
        ("analysis: &a {analysis: *a}", "nested deeper than 32 levels"),
        ("[" * 33 + "]" * 33, "nested deeper than 32 levels"),
        ("[" * 5000, "nested deeper than 32 levels"),
        ("a: " + "x" * MAX_YAML_BYTES, "more than the 1 MiB that are read"),
        ("!!python/object/apply:os.system [echo]", "could not determine a constructor"),
        ("a: [", "while parsing"),
        ("\0", "special characters"),
    ],
)
def test_a_configuration_that_would_blow_up_is_refused(tmp_path, text, why):
    path = tmp_path / "run.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=why):
        load_settings(path, {})


def test_aliases_are_welcome_where_they_are_few(tmp_path):
    path = tmp_path / "run.yaml"
    path.write_text("a: &a {b: [1, 2]}\nc: *a\nd: *a\n")
    assert read_yaml(path) == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": {"b": [1, 2]}}
    path.write_text("")
    assert read_yaml(path) is None


def test_no_more_of_a_file_is_read_than_allowed(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    assert read_bounded(path, 10) == b"x" * 10
    with pytest.raises(ValueError, match="more than"):
        read_bounded(path, 9)


def test_a_list_of_athletes_without_end_is_refused(tmp_path):
    path = tmp_path / "athletes.csv"
    with path.open("wb") as stream:
        stream.write(b"video,athlete\n")
        stream.truncate(1 << 30)  # takes no space on the disk
    with pytest.raises(UsageError, match="more than the 16 MiB"):
        read_assignment(path)


def test_a_network_that_unpacks_to_gigabytes_is_refused_by_its_stated_size(tmp_path):
    path = tmp_path / "pose.task"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(LANDMARKS_MEMBER, b"network")
        with archive.open(DETECTOR_MEMBER, "w") as member:
            for _ in range(257):
                member.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(EstimatorError, match="unpacks to 257 MiB, at most 256 MiB"):
        read_task(path)


def test_an_array_that_claims_more_than_the_file_holds_is_refused(tmp_path):
    path = tmp_path / "poses.npz"
    save_archive(path, "poses", {}, {"a": np.zeros(2)})
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (1 << 50,)})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("b.npy", header.getvalue() + bytes(8))
    with pytest.raises(OutputError, match="as many as its header says"):
        load_archive(path, "poses")
    load_archive(path, "poses", only=("a",))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
CELLS = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=40) | st.binary(max_size=40)
GOOD = VideoIndex(Path("/clip.mp4"), "ab" * 32, 9, "mp4", "h264", "yuv420p", 64, 48, 0, 1, [0, 1, 2], "container")


@pytest.fixture(scope="module")
def ledger_file(tmp_path_factory):
    return tmp_path_factory.mktemp("ledger") / "ledger.sqlite"


@given(cells=st.lists(CELLS, min_size=5, max_size=5))
@example(cells=["[" * 100_000, b"", "[" * 100_000, "x", 1])
@example(cells=['{"failure": {"code": "x"}}', b"", '{"code": "empty_file"}', "x", float("nan")])
def test_entries_of_a_ledger_that_vidpose_did_not_write_do_not_count(ledger_file, cells):
    facts, pts, finding, sha256, speed = cells
    with Ledger(ledger_file) as ledger:
        for statement, values in (
            ("INSERT OR REPLACE INTO probes VALUES ('a', 'v', ?, ?)", (facts, pts)),
            ("INSERT OR REPLACE INTO verdicts VALUES ('a', ?)", (finding,)),
            ("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (str(ledger_file), stat_mark(ledger_file), sha256)),
            ("INSERT OR REPLACE INTO speeds VALUES ('pose', ?)", (speed,)),
        ):
            try:
                with ledger._db:
                    ledger._db.execute(statement, values)
            except (sqlite3.Error, UnicodeEncodeError):
                continue  # SQLite itself refuses it
        assert isinstance(ledger.known_probe("a", "v", ledger_file), Finding | None)
        assert isinstance(ledger.verdict("a"), Finding | None)
        assert isinstance(ledger.known_hash(ledger_file), str | None)
        assert ledger.speed("pose") is None or ledger.speed("pose") > 0


@example(name="findings", value="")
@given(name=st.sampled_from(["width_px", "codec", "time_base", "key_pts", "findings", "timing", "pts"]), value=JSON)
def test_a_probe_with_a_value_of_another_kind_does_not_count(ledger_file, name, value):
    with Ledger(ledger_file) as ledger:
        ledger.remember_probe("b", "v", GOOD)
        assert ledger.known_probe("b", "v", ledger_file).n_frames == 3
        with ledger._db:
            change = "UPDATE probes SET facts = json_set(facts, '$.' || ?, ?) WHERE sha256 = 'b'"
            ledger._db.execute(change, (name, str(value)))
        found = ledger.known_probe("b", "v", ledger_file)
        assert found is None or name in ("codec", "timing", "pts")


FORBIDDEN = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}


def test_nothing_in_the_package_unpickles():
    package, found = Path(vidpose.__file__).parent, []
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                found += [path.name for name in names if name.split(".")[0] in FORBIDDEN]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                given_words = {word.arg: word.value for word in node.keywords}
                owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                allowed = getattr(given_words.get("allow_pickle"), "value", None)
                if (owner, node.func.attr) == ("np", "load") and allowed is not False:
                    found.append(path.name)
                if node.func.attr in {"read_pickle", "unsafe_load", "full_load"} or allowed is True:
                    found.append(path.name)
                if (owner, node.func.attr) in {("yaml", "load"), ("torch", "load")}:
                    found.append(path.name)
    assert found == []

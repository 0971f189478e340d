"""A dataset is replaced whole, whenever the machine stops."""

import os

import orjson
import pytest

from vidpose.corpus.dataset.publish import (
    COMPLETE,
    MANIFEST,
    UNFINISHED,
    finish_publication,
    manifest_files,
    publication,
    write_manifest,
)
from vidpose.errors import OutputError


def put(target, **files):
    with publication(target) as folder:
        for name, text in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        write_manifest(folder, {"made": "here"})


def files_of(target):
    return {str(path.relative_to(target)): path.read_text() for path in target.rglob("*") if path.is_file()}


def test_the_new_files_replace_the_old_ones_and_strange_ones_stay(tmp_path):
    target = tmp_path / "data"
    put(target, a="1", sub__b="1", sub__c="1")
    (target / "mine.txt").write_text("kept")
    put(target, a="2", other__b="2")
    found = files_of(target)
    assert set(found) == {"a", "other/b", "mine.txt", MANIFEST}
    assert found["a"] == "2"
    assert manifest_files(target) == {"a", "other/b"}
    assert not (target / "sub").exists()


def test_an_error_while_writing_leaves_the_old_dataset(tmp_path):
    target = tmp_path / "data"
    put(target, a="1")
    before = files_of(target)
    with pytest.raises(RuntimeError), publication(target) as folder:
        (folder / "a").write_text("half")
        raise RuntimeError("stopped")
    assert files_of(target) == before


def test_a_full_disk_is_named_and_leaves_the_old_dataset(tmp_path):
    target = tmp_path / "data"
    put(target, a="1")
    before = files_of(target)
    with pytest.raises(OutputError, match=r"data: .*No space left.*unchanged"), publication(target) as folder:
        (folder / "a").write_text("half")
        raise OSError(28, "No space left on device")
    assert files_of(target) == before


def test_killed_before_completion_is_as_if_nothing_was_written(tmp_path):
    target = tmp_path / "data"
    put(target, a="1")
    (target / UNFINISHED).mkdir()
    (target / UNFINISHED / "a").write_text("half")
    assert not finish_publication(target)
    put(target, a="2")
    assert files_of(target)["a"] == "2"
    assert not (target / UNFINISHED).exists()


@pytest.mark.parametrize("n_moved", [0, 1, 2, 3])
def test_killed_while_files_are_moved_is_finished_by_the_next_one(tmp_path, n_moved):
    target, other = tmp_path / "data", tmp_path / "other"
    put(target, a="1", b="1", old="1")
    put(other, a="2", b="2", c="2")
    wanted = files_of(other)
    complete = target / COMPLETE
    complete.mkdir()
    for name in wanted:
        (complete / name).write_bytes((other / name).read_bytes())
    for name in sorted(wanted, key=lambda name: (name == MANIFEST, name))[:n_moved]:
        (complete / name).replace(target / name)
    assert finish_publication(target)
    assert files_of(target) == wanted
    assert not finish_publication(target)


def test_an_edited_manifest_reaches_no_file_outside(tmp_path):
    target = tmp_path / "data"
    put(target, a="1")
    outside = tmp_path / "precious"
    outside.write_text("kept")
    (target / MANIFEST).write_bytes(orjson.dumps({"files": {"../precious": {}, str(outside): {}}}))
    put(target, a="2")
    assert outside.read_text() == "kept"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        put(tmp_path / "data", a="1")

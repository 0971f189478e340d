"""The bundle for a bug report: useful, and without names, paths and addresses."""

import getpass
import json
import zipfile

import pytest
from click.testing import CliRunner

from vidpose.cli import main
from vidpose.cli.support_bundle import Redactor, write_bundle

LOG = """\
anna lopez/squat 1.mp4: not one frame could be decoded
Traceback (most recent call last):
  File "/home/anna/.venv/lib/python3.12/site-packages/ray/worker.py", line 8, in run
  File "/home/anna/my tools/vidpose/video/decode.py", line 41, in read
OSError: [Errno 28] No space left on device: '/mnt/lab disk/anna lopez/squat 1.mp4'
mail anna.lopez@lab.example, C:\\Users\\anna\\clips, 5 of 8 frames, 3 m/s, and/or
"""


@pytest.fixture
def output(tmp_path):
    folder = tmp_path / "output"
    folder.mkdir()
    (folder / "vidpose.log").write_text(LOG)
    video = {"name": "anna lopez/squat 1.mp4", "outputs": ["models/anna lopez/squat 1.mp4/angles.csv"]}
    report = {"options": {"input": str(tmp_path), "batch_size": 5}, "videos": [video]}
    (folder / "run_report.json").write_text(json.dumps(report))
    return folder


def members(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_names_paths_and_addresses_are_taken_out_and_the_rest_stays(output, tmp_path):
    names = write_bundle(tmp_path / "b.zip", output, ["ok    disk: 5 GiB free in /home/anna"])
    content = members(tmp_path / "b.zip")
    assert list(content) == names == ["doctor.txt", "packages.txt", "run_report.json", "vidpose.log"]
    whole = "\n".join(content[name] for name in names if name != "packages.txt")
    for private in ("anna", "lopez", "squat", "/home", "/mnt", "Users", "lab", str(tmp_path)):
        assert private not in whole, private
    assert content["vidpose.log"] == (
        "video_001.mp4: not one frame could be decoded\n"
        "Traceback (most recent call last):\n"
        '  File "ray/worker.py", line 8, in run\n'
        '  File "vidpose/video/decode.py", line 41, in read\n'
        "OSError: [Errno 28] No space left on device: '<path>'\n"
        "mail <address>, <path>, 5 of 8 frames, 3 m/s, and/or\n"
    )
    assert json.loads(content["run_report.json"])["options"] == {"input": "<path>", "batch_size": 5}
    assert "numpy==" in content["packages.txt"]


def test_the_same_video_keeps_its_substitute():
    redact = Redactor(["a.mp4", "sub/a.mov", "longer_a.mp4"], [getpass.getuser()])
    assert redact("longer_a.mp4 and sub/a.mov") == "video_003.mp4 and video_002.mov"


def test_without_a_run_the_checks_are_there(tmp_path):
    assert write_bundle(tmp_path / "b.zip", tmp_path, ["ok"]) == ["doctor.txt", "packages.txt"]
    (tmp_path / "run_report.json").write_text("[")
    assert write_bundle(tmp_path / "b.zip", tmp_path, ["ok"]) == ["doctor.txt", "packages.txt"]


def test_the_command_writes_it_and_says_what_to_do_with_it(output, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(main, ["doctor", "--no_selftest", "--report", "--output", str(output)])
    assert "vidpose-report.zip" in said.output
    assert "Python" in members(tmp_path / "vidpose-report.zip")["doctor.txt"]

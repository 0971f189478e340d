"""The image is small, runs as nobody special, and holds what a run needs; read here, since no engine builds it."""

import fnmatch
import json
import re
from pathlib import Path

from click.testing import CliRunner

from vidpose.cli import main

PROJECT = Path(__file__).resolve().parents[2]


def instructions():
    """Words of the Dockerfile as (instruction, rest), continued lines joined."""
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def last_stage():
    found = instructions()
    start = max(number for number, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def test_both_stages_are_slim_and_of_a_supported_python():
    bases = [rest for word, rest in instructions() if word == "FROM"]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.1[1-4]-slim( AS build)?", base) for base in bases)


def test_it_does_not_run_as_root_and_may_write_where_results_go():
    words = dict(last_stage())
    assert words["USER"] == "vidpose"
    assert words["WORKDIR"] == "/out"
    made = " ".join(rest for word, rest in last_stage() if word == "RUN")
    assert "chown vidpose /out" in made


def test_what_is_copied_exists_and_is_not_ignored():
    ignore = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    sent = {line[1:] for line in ignore if line.startswith("!")}
    copied = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    for name in (one for names in copied for one in names):
        assert (PROJECT / name).exists(), name
        assert any(fnmatch.fnmatch(name, pattern) for pattern in sent), name


def test_the_networks_are_inside_and_found_by_the_command():
    fetched = next(rest for word, rest in instructions() if word == "RUN" and "models fetch full" in rest)
    cache = re.search(r"XDG_CACHE_HOME=(\S+)", fetched)[1]
    assert any(rest.split() == ["--from=build", cache, cache] for word, rest in last_stage() if word == "COPY")
    assert any(f"XDG_CACHE_HOME={cache}" in rest.split() for word, rest in last_stage() if word == "ENV")


def test_the_command_is_one_that_vidpose_knows(tmp_path):
    words = dict(last_stage())
    assert json.loads(words["ENTRYPOINT"]) == ["vidpose"]
    command = json.loads(words["CMD"])
    assert {"/in", "/out/output", "/out/models"} <= set(command)
    said = CliRunner().invoke(main, [word.replace("/in", str(tmp_path / "in")) for word in command])
    assert said.exit_code == 2
    assert "expected a folder with videos" in said.output, "every option was understood"

"""Commands of plug-ins are found, listed without being loaded, and cannot break or replace ours."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import click
from click.testing import CliRunner

from vidpose.cli import main

LOADED = """
import sys
from vidpose.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(sorted(name for name in sys.modules if name.startswith("vidpose.corpus")))
"""
LIGHT = ["vidpose.corpus", "vidpose.corpus.plugin"]
_PARTS = ("", ".settings", ".settings.dataset", ".settings.synthesis", ".settings.training")
SETTINGS = [f"vidpose.corpus{part}" for part in _PARTS]


def corpus_modules(*arguments):
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    return eval(done.stdout.splitlines()[-1])


def test_a_run_imports_nothing_of_the_corpus_but_its_settings(tmp_path):
    assert corpus_modules("--help") == LIGHT
    assert corpus_modules("run", "--help") == []
    (tmp_path / "in").mkdir()
    folders = ["--output", str(tmp_path / "out"), "--models", str(tmp_path / "models")]
    assert corpus_modules("run", "--dry_run", "--input", str(tmp_path / "in"), *folders) == SETTINGS


def test_installed_plugins_add_commands_and_broken_ones_do_no_harm(monkeypatch):
    found = [EntryPoint("one", f"{__name__}:COMMANDS", "vidpose.commands"), EntryPoint("two", "nowhere:X", "")]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: found)
    listed = CliRunner().invoke(main, ["--help"]).output
    assert "greet    Say hello." in listed
    assert "replaced" not in listed
    assert CliRunner().invoke(main, ["greet"]).output == "hello\n"


@click.command()
def command():
    click.echo("hello")


COMMANDS = {"greet": (__name__, "Say hello."), "run": (__name__, "replaced")}

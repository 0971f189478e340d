"""A corpus as the command builds it, once for all tests that only read it."""

import pytest
from click.testing import CliRunner
from made_tables import make_folder

from vidpose.cli import main


@pytest.fixture(scope="session")
def command_corpus(tmp_path_factory):
    """Folder with ``models`` and ``data``, and what ``vidpose corpus build`` said; nobody may change the files."""
    folder = tmp_path_factory.mktemp("command_corpus")
    for number in range(3):
        make_folder(folder / "models", f"clip {number}.mp4", people=1 + number % 2)
    words = ("corpus", "build", "--models", folder / "models", "--llm_data", folder / "data")
    return folder, CliRunner().invoke(main, [str(word) for word in words], prog_name="vidpose")

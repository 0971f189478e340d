"""Files that the main environment wrote, and what they were meant to say."""

import importlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

READERS = ("opensim", "ezc3d", "pycocotools", "movement", "pandas", "pyarrow")

if os.environ.get("VIDPOSE_READERS_FILES"):  # here no reader may be missing: its tests would be skipped unnoticed
    for reader in READERS:
        importlib.import_module(reader)


@pytest.fixture(scope="session")
def files():
    """Folder that ``made_files.py`` wrote."""
    folder = os.environ.get("VIDPOSE_READERS_FILES")
    if not folder:
        pytest.skip("set VIDPOSE_READERS_FILES to what tests/readers/made_files.py wrote, or run make test-readers")
    return Path(folder)


@pytest.fixture(scope="session")
def meant(files):
    """Numbers and words that the files should hold."""
    with np.load(files / "expected.npz") as numbers:
        return dict(numbers) | json.loads((files / "expected.json").read_text())


@pytest.fixture(scope="session")
def note_of(files):
    """Entries of a folder's note by file name."""

    def read(folder):
        return {entry["file"]: entry for entry in json.loads((files / folder / "exports.json").read_text())["files"]}

    return read

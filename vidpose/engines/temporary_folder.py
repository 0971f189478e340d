"""Folders for what Ray and Dask write while they run: entered by this user only, gone after the run however it ends."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from vidpose.engines.orphan_watcher import temporary_parents
from vidpose.engines.orphan_watcher_child import FOLDERS_VARIABLE, MARK, RUN_ID_VARIABLE, temporary_folders

_LONGEST_PARENT: Final = 17
"""Characters; the folder's own name, Ray's session and its sockets need the other 90."""


def new_temporary_folder() -> Path:
    """Make a folder of this run, where the paths of Ray's sockets stay within 107 characters wherever TMPDIR points."""
    usual, *others = temporary_parents()
    short = next((path for path in (usual, *others) if len(path) <= _LONGEST_PARENT), usual)
    run_id = os.environ.get(RUN_ID_VARIABLE) or secrets.token_hex(16)
    for name in temporary_folders(short, run_id):
        folder = Path(name)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        (folder / MARK).write_text(f"{run_id} {os.environ.get(FOLDERS_VARIABLE, '')}", encoding="utf-8")
        return folder
    raise FileExistsError(f"{short}: this run has made all of its temporary folders there")

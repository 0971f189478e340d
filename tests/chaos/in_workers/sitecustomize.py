"""Makes chosen units of work go wrong, in whichever process does them; found by Python itself through PYTHONPATH.

``VIDPOSE_FAULT`` holds JSON: ``video`` and ``kind`` of the unit, ``what`` happens, and how many ``times`` (None:
always), counted by the files in the folder ``counted``. ``VIDPOSE_CLOCK`` makes the wall clock jump by a day.
"""

from __future__ import annotations

import ctypes
import importlib.abc
import importlib.machinery
import itertools
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MODULE = "vidpose.engines.run_unit"
_KEPT: list[bytearray] = []


def _raise() -> None:
    raise LookupError("made to go wrong")


def _take_memory(n_pieces: int) -> None:
    for _ in range(n_pieces):
        _KEPT.append(bytearray(os.urandom(1 << 20)) * 12)
        time.sleep(0.01)


_FAULTS: dict[str, Callable[[], object]] = {
    "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: ctypes.string_at(0),
    "hang": lambda: time.sleep(3600),
    "hang with the GIL": lambda: ctypes.PyDLL(None).sleep(3600),
    "raise": _raise,
    "leak": lambda: _take_memory(1),
    "hog": lambda: _take_memory(250),
}


def _is_due(fault: dict[str, Any], unit: Any) -> bool:
    if unit.kind != fault["kind"] or fault["video"] not in ("*", unit.video):
        return False
    folder = Path(fault["counted"])
    number = next(n for n in itertools.count() if not (folder / str(n)).exists())
    if fault["times"] is not None and number >= fault["times"]:
        return False
    (folder / str(number)).touch()
    return True


class _Finder(importlib.abc.MetaPathFinder):
    """Wraps the module that does the units when it is imported."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != _MODULE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            work, fault = module._work, json.loads(os.environ["VIDPOSE_FAULT"])

            def faulty(unit: Any) -> Any:
                if _is_due(fault, unit):
                    _FAULTS[fault["what"]]()
                return work(unit)

            module._work = faulty

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if "VIDPOSE_FAULT" in os.environ:
    sys.meta_path.insert(0, _Finder())
if "VIDPOSE_CLOCK" in os.environ:
    true_time, started = time.time, time.monotonic()
    time.time = lambda: true_time() + 86400 * (int(time.monotonic() - started) % 3 - 1)

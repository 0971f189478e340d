"""Runs of the command in forks of one process that has everything imported: a fifth of the time of a fresh start.

As a script it is that process: it reads requests as lines of JSON, and answers each when its run has ended.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
DIED = 86
"""Exit code of a run that was ended at its fatal step."""


class Fault(IntEnum):
    """What happens at a step, see ``disk_faults.c``."""

    COUNT = 0
    DIE = 1
    DIE_IN_THE_MIDDLE_OF_A_WRITE = 2
    DIE_AND_LOSE_WHAT_WAS_NOT_SYNCED = 3
    FULL_FROM_THEN_ON = 4
    FULL_ONCE = 5
    READ_ONLY_FROM_THEN_ON = 6


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it said."""

    code: int
    said: str
    steps: list[str]

    @property
    def died(self) -> bool:
        return self.code == DIED


def build_faults(folder: Path) -> Path:
    """Compile the library that counts and fails."""
    library = folder / "disk_faults.so"
    command = ["cc", "-O1", "-w", "-shared", "-fPIC", "-o", str(library), str(HERE / "disk_faults.c"), "-ldl"]
    subprocess.run([*command, "-lpthread"], check=True)
    return library


class WarmRuns:
    """A handle on the process that forks runs."""

    def __init__(self, process: subprocess.Popen[str], scratch: Path) -> None:
        self._process = process
        self._scratch = scratch

    def run(self, root: Path, arguments: list[str], fault: Fault = Fault.COUNT, step: int = 0) -> Ended:
        """Run the command with a fault at one of its steps below ``root``; the first run's imports are kept."""
        said, trace = self._scratch / "said.txt", self._scratch / "steps.txt"
        request = {
            "root": os.path.realpath(root),
            "arguments": arguments,
            "fault": int(fault),
            "step": step,
            "said": str(said),
            "trace": str(trace),
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process that forks runs has died"
        return Ended(int(answer), said.read_text(errors="replace"), trace.read_text().splitlines())


@contextmanager
def warm_runs(scratch: Path) -> Iterator[WarmRuns]:
    """Start the process that forks runs; the library and what runs say lie in ``scratch``."""
    environment = os.environ | {"LD_PRELOAD": str(build_faults(scratch)), "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, str(HERE / "warm_runs.py"), str(scratch / "modules.txt")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=scratch
    ) as process:
        try:
            yield WarmRuns(process, scratch)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _serve() -> None:
    faults, modules = ctypes.CDLL(None), Path(sys.argv[1])  # the library is preloaded
    warm = False
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(faults, json.loads(line), modules)
        _, status = os.waitpid(child, 0)
        if not warm:
            _import_all(modules.read_text().split())
            warm = True
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _import_all(modules: list[str]) -> None:
    for module in modules:
        if module not in sys.modules:
            with suppress(ImportError):
                importlib.import_module(module)
    gc.freeze()  # what is here now is looked through by no run


def _run(faults: ctypes.CDLL, request: dict[str, Any], modules: Path) -> None:
    code = 1
    try:
        said, trace = (os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in ("said", "trace"))
        for number, target in enumerate((os.open(os.devnull, os.O_RDONLY), said, said)):
            os.dup2(target, number)
        root, step = os.fsencode(request["root"]), ctypes.c_long(request["step"])
        faults.faults_arm(root, request["fault"], step, ctypes.c_int(trace))
        from vidpose.cli.run import command

        command(request["arguments"], prog_name="pipeline.py")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if not modules.exists():
            modules.write_text("\n".join(name for name in sys.modules if name != "__main__"))
        os._exit(code)


if __name__ == "__main__":
    _serve()

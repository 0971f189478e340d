"""Probing in a process of its own: a file that brings it down, or wants gigabytes, costs itself only.

A frame is decoded to learn a video's pixel format and turn, and a file of a megabyte can decode to gigabytes. So the
process may use a share of the memory limit for that and no more, and too long a silence ends it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Final, Self

from vidpose.errors import InputError
from vidpose.types.findings import Finding
from vidpose.types.video import VideoIndex

SHARE: Final = 0.25
"""Of the memory limit, for what probing decodes. Ours: an 8K frame and its references take 0.3 GiB."""
LEAST_BYTES: Final = 256 << 20
"""Enough for 4K, however small the limit."""
PATIENCE_S: Final = 120.0
"""A file that is not probed after this time and that of reading it slowly is given up (ours)."""
SLOW_BYTES_PER_S: Final = 5e6
"""A slow network drive."""


class Prober:
    """A context manager around a process that probes one video after the other; started with the first.

    Parameters
    ----------
    limit_bytes
        Memory limit of the run.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._max_bytes = max(LEAST_BYTES, int(SHARE * limit_bytes))
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._end()

    def probe(self, path: Path, sha256: str) -> VideoIndex:
        """Index a video, see :func:`vidpose.video.probe.probe`.

        Raises
        ------
        InputError
            As there, and with ``code`` ``too_large``, ``worker_lost`` or ``stalled``.
        """
        connection = self._started()
        patience_s = PATIENCE_S + path.stat().st_size / SLOW_BYTES_PER_S
        try:
            connection.send((str(path), sha256))
            if not connection.poll(patience_s):
                self._end()
                raise InputError(f"{path.name}: could not be probed within {patience_s:.0f} s", code="stalled")
            answer: VideoIndex | Finding = connection.recv()
        except (EOFError, OSError) as error:
            code = self._process.exitcode if self._process is not None else None
            self._end()
            message = f"{path.name}: the process that probed it died (exit code {code})"
            raise InputError(message, code="worker_lost") from error
        if isinstance(answer, Finding):
            raise InputError(answer.message, code=answer.code, details=answer.details)
        return answer

    def _started(self) -> Connection:
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, other = context.Pipe()
            self._process = context.Process(target=_serve, args=(other, self._max_bytes), name="prober", daemon=True)
            self._process.start()
            other.close()
        return self._connection

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        process, self._connection, self._process = self._process, None, None
        if process is not None and process.pid is not None:
            process.kill()
            process.join()


def _serve(connection: Connection, max_bytes: int) -> None:
    """Answer with the index of each video, or with the finding why there is none, until the other end is closed."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # of the terminal: the parent decides
    from vidpose.video.probe import probe

    _limit_memory(max_bytes)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            path, sha256 = connection.recv()
            answer: Any
            try:
                answer = probe(Path(path), sha256, max_bytes)
            except InputError as error:
                answer = Finding(error.context["code"], error.message, "fatal")
            except MemoryError:
                most = f"{max_bytes / 2**20:.0f} MiB, a quarter of the memory limit"
                said = f"{Path(path).name}: decoding one frame needs more than what probing may use ({most})"
                answer = Finding("too_large", said, "fatal", {"max_bytes": max_bytes})
            except Exception as error:  # noqa: BLE001 - the boundary that keeps one bad file from costing another
                answer = Finding("failed", f"{Path(path).name}: {type(error).__name__}: {error}", "fatal")
            connection.send(answer)


def _limit_memory(max_bytes: int) -> None:
    """Let this process take so many more bytes; elsewhere than on Linux, only the size of a frame is checked."""
    sizes = Path("/proc/self/statm")
    if sizes.exists():
        import resource

        most_bytes = int(sizes.read_text().split()[0]) * resource.getpagesize() + max_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))

"""Probing in processes of its own: a file that brings one down, or wants gigabytes, costs itself only.

A frame is decoded to learn a video's pixel format and turn, and a file of a megabyte can decode to gigabytes. So all
processes together may use a share of the memory limit for that and no more, and too long a silence ends one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Self

from vidpose.engines.patience import stretched_s
from vidpose.errors import InputError
from vidpose.types.findings import Finding
from vidpose.types.video import VideoIndex
from vidpose.video.broken_file import unreadable
from vidpose.video.probe_limits import ProbeSettings
from vidpose.video.reading import ReadingSettings

LEAST_BYTES: Final = 256 << 20
"""Enough for 4K, however small the limit."""
VIDEOS_PER_PROCESS: Final = 50
"""One more process pays from so many videos on: starting it takes as long as probing some of them (ours)."""
BYTES_PER_PROCESS: Final = 1 << 30
"""Of the memory limit: each takes 84 MiB, and only one is part of the fixed cost of a run (ours)."""
_TOO_LARGE: Final = "too_large"
# The terminal's signals are the parent's affair.
_PROGRAM: Final = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    "from vidpose.engines.prober import serve; serve(int(sys.argv[1]))"
)


def n_probers(n_videos: int, n_cores: int, limit_bytes: int) -> int:
    """Return how many processes shall probe so many videos under this memory limit.

    Examples
    --------
    >>> n_probers(10, 8, 16 << 30), n_probers(120, 8, 16 << 30), n_probers(10_000, 8, 4 << 30)
    (1, 2, 4)
    """
    return max(1, min(n_cores, n_videos // VIDEOS_PER_PROCESS, limit_bytes // BYTES_PER_PROCESS))


class Prober:
    """A context manager around processes that probe; each is started when it is first needed.

    Parameters
    ----------
    settings
        Limits on what is probed.
    limit_bytes
        Memory limit of the run.
    n_processes
        How many threads call :meth:`probe` at once.
    reading
        Which picture is read, and how.
    """

    def __init__(
        self,
        settings: ProbeSettings,
        limit_bytes: int,
        n_processes: int = 1,
        reading: ReadingSettings = ReadingSettings(),  # noqa: B008 - frozen
    ) -> None:
        self._settings = settings
        self._reading = reading
        self._max_bytes = max(LEAST_BYTES, int(settings.memory_share * limit_bytes))
        self._n_processes = n_processes
        self._permits = threading.Semaphore(n_processes)
        self._alone = threading.Lock()
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; a file that is being probed gets no answer."""
        self._closed = True
        for process in list(self._busy):
            process.kill()  # its thread finds that out
        with contextlib.suppress(IndexError):  # another thread may take the last one
            while True:
                self._idle.pop().end()

    def probe(self, path: Path, sha256: str) -> VideoIndex:
        """Index a video, see :func:`vidpose.video.probe.probe`; from as many threads as there are processes.

        The answer does not depend on their number: a file for which a process's part of the memory is not enough is
        probed again while the others wait.

        Raises
        ------
        InputError
            As there, and with ``code`` ``too_large``, ``worker_lost`` or ``stalled``.
        """
        with self._permits:
            answer = self._ask(path, sha256, self._max_bytes // self._n_processes)
        if isinstance(answer, Finding) and answer.code == _TOO_LARGE and self._n_processes > 1:
            with self._others_waiting():
                answer = self._ask(path, sha256, self._max_bytes)
        if isinstance(answer, Finding):
            raise InputError(answer.message, code=answer.code, details=answer.details)
        return answer

    @contextmanager
    def _others_waiting(self) -> Iterator[None]:
        with self._alone, contextlib.ExitStack() as permits:
            for _ in range(self._n_processes):
                permits.enter_context(self._permits)
            yield

    def _ask(self, path: Path, sha256: str, max_bytes: int) -> VideoIndex | Finding:
        try:
            patience_s = stretched_s(self._settings.patience_s(path.stat().st_size))
        except OSError as error:
            raise unreadable(path, error) from error
        process = self._take()
        try:
            answer = process.ask((str(path), sha256, self._settings, max_bytes, self._reading), patience_s)
        except TimeoutError as error:
            process.end()
            what = f"not probed within {patience_s:.0f} s (probing.max_probe_s and the time to read the file)"
            raise InputError(f"{path.name}: {what}", code="stalled") from error
        except (EOFError, OSError) as error:
            code = process.end()
            message = f"{path.name}: the process that probed it died (exit code {code})"
            raise InputError(message, code="worker_lost") from error
        finally:
            self._busy.discard(process)
        self._idle.append(process)
        if self._closed:
            self.close()
        return answer

    def _take(self) -> _Process:
        try:
            process = self._idle.pop()
        except IndexError:
            process = _Process()
        self._busy.add(process)
        return process


class _Process:
    """One process that probes; it inherits what imports need, and none of the caller's program."""

    def __init__(self) -> None:
        self._connection, other = multiprocessing.Pipe()
        paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, str(other.fileno())],
            pass_fds=[other.fileno()],
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": paths},
        )
        other.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._popen.pid

    def ask(self, request: tuple[Any, ...], patience_s: float) -> VideoIndex | Finding:
        """Return the answer.

        Raises
        ------
        TimeoutError
            When there is none in time.
        OSError, EOFError
            When the process is gone.
        """
        self._connection.send(request)
        if not self._connection.poll(patience_s):
            raise TimeoutError
        answer: VideoIndex | Finding = self._connection.recv()
        return answer

    def kill(self) -> None:
        """End it while another thread waits for its answer."""
        self._popen.kill()

    def end(self) -> int:
        """End it; return its exit code."""
        self._popen.kill()
        self._connection.close()
        return self._popen.wait()


def serve(descriptor: int) -> None:
    """Answer with the index of each video, or with the finding why there is none, until the other end is closed."""
    from vidpose.video.probe import probe

    connection: Connection[Any, Any] = Connection(descriptor)
    base_bytes = _own_bytes()
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            path, sha256, limits, max_bytes, reading = connection.recv()
            _limit_memory(base_bytes + max_bytes)
            answer: Any
            try:
                answer = probe(Path(path), sha256, limits, max_bytes, reading)
            except InputError as error:
                answer = Finding(error.context["code"], error.message, "fatal")
            except MemoryError:
                most = f"{max_bytes / 2**20:.0f} MiB: {limits.memory_share:g} of the memory limit, probing.memory_share"
                what = f"decoding a frame, or listing all, needs more memory than probing may use ({most})"
                said = f"{Path(path).name}: {what}"
                answer = Finding(_TOO_LARGE, said, "fatal", {"max_bytes": max_bytes})
            except Exception as error:  # noqa: BLE001 - the boundary that keeps one bad file from costing another
                answer = Finding("failed", f"{Path(path).name}: {type(error).__name__}: {error}", "fatal")
            connection.send(answer)


def _own_bytes() -> int:
    """Return the address space that this process takes now; 0 elsewhere than on Linux."""
    sizes = Path("/proc/self/statm")
    return int(sizes.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if sizes.exists() else 0


def _limit_memory(most_bytes: int) -> None:
    """Let this process take no more; elsewhere than on Linux, only the size of a frame is checked."""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

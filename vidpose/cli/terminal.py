"""Reserve the terminal for the user: everything that libraries print goes to the log file."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from vidpose.errors import OutputError
from vidpose.state.atomic import open_file


@contextlib.contextmanager
def terminal_for_us(log: Path) -> Iterator[tuple[TextIO, TextIO]]:
    """Send file descriptors 1 and 2 to ``log``; give the terminal's own stdout and stderr.

    MediaPipe, ffmpeg and every child process write to the descriptors themselves, so replacing ``sys.stderr`` is not
    enough. The log is only appended to, because it may belong to another run until the folder is locked.

    Raises
    ------
    OutputError
        When the log cannot be written.
    """
    try:
        descriptor = open_file(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    except OSError as error:
        raise OutputError(f"{log}: cannot be written ({error.strerror}); choose another --output") from error
    sys.stdout.flush()
    sys.stderr.flush()
    saved_out, saved_err = os.dup(1), os.dup(2)
    try:
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        _log_to_stderr()
        with _terminal(saved_out) as out, _terminal(saved_err) as err:
            yield out, err
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(saved_out, 1)
        os.dup2(saved_err, 2)
        for number in (saved_out, saved_err, descriptor):
            os.close(number)


class _Terminal(io.TextIOWrapper):
    """A terminal or pipe that may be closed: what cannot be shown is dropped, and the run continues."""

    def write(self, text: str, /) -> int:
        """See the base class."""
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """See the base class."""
        with contextlib.suppress(OSError):
            super().flush()

    def close(self) -> None:
        """See the base class."""
        with contextlib.suppress(OSError):
            super().close()


def _terminal(descriptor: int) -> _Terminal:
    return _Terminal(os.fdopen(os.dup(descriptor), "wb"), encoding="utf-8", errors="backslashreplace")


def _log_to_stderr() -> None:
    """Give the log records of all libraries a time and a name; they end in the log file."""
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.WARNING, force=True)
    logging.captureWarnings(True)

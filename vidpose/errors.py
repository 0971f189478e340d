"""Every error that vidpose raises on purpose.

::

    VidposeError              nothing was done (exit code 4)
    ├── UsageError            refused before any work (exit code 2)
    │   └── ConfigError       one message that lists every bad setting
    ├── InputError            one input is unusable; it is quarantined, the others go on
    ├── DecodeError           a stretch of one video could not be decoded
    ├── EstimatorError        the pose model is missing or refuses its input
    ├── MemoryLimitError      the limit cannot be kept, with the arithmetic (exit code 2)
    ├── OutputError           an output cannot be written or does not match its receipt
    └── OutputInUseError      another run holds the output folder (exit code 75)

The message comes first, context as keywords, so an error survives pickling between processes.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from typing import Any, ClassVar

from vidpose.exit_codes import ExitCode

_MAX_SUGGESTIONS = 4


class VidposeError(Exception):
    """Base of all errors raised by vidpose.

    Parameters
    ----------
    message
        What was expected, what came, and what to do next.
    context
        Where it happened: ``video``, ``segment``, ``code`` and so on; plain values only.

    Attributes
    ----------
    exit_code
        What a command returns that ends with this error.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.NOTHING_DONE

    def __init__(self, message: str, **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.context = context

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.context)


def _rebuild(kind: type[VidposeError], message: str, context: dict[str, Any]) -> VidposeError:
    return kind(message, **context)


def did_you_mean(given: object, known: Iterable[str]) -> str:
    """Return the known names that are close to an unknown one, as the end of a sentence; empty when none is.

    Parameters
    ----------
    given
        What was given.
    known
        What could have been given.
    """
    import difflib

    word, names = str(given), list(known)
    close = [name for name in names if len(word) > 2 and word.lower() in name.lower()]
    if not 0 < len(close) <= _MAX_SUGGESTIONS:
        close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return f" (did you mean {' or '.join(close)}?)" if close else ""


def is_disk_full(error: BaseException) -> bool:
    """Return whether an error says that a disk is full, or the user's share of it.

    Examples
    --------
    >>> is_disk_full(OSError(28, "No space left on device")), is_disk_full(OSError(2, "No such file"))
    (True, False)
    """
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


class UsageError(VidposeError):
    """An option, path or setting is refused before any work."""

    exit_code = ExitCode.USAGE


class ConfigError(UsageError):
    """The configuration holds unknown keys or values out of range; the message lists all of them."""


class InputError(VidposeError):
    """One input cannot be processed.

    ``context`` carries ``code`` (a reason code of :mod:`vidpose.types.findings`) and ``advice``.
    """


class DecodeError(VidposeError):
    """A video stopped decoding where frames were expected."""


class EstimatorError(VidposeError):
    """The pose estimator is not available or its model file is wrong."""


class MemoryLimitError(VidposeError):
    """The work cannot be done within the memory limit; the message shows the arithmetic."""

    exit_code = ExitCode.USAGE


class OutputError(VidposeError):
    """An output file cannot be written or does not match its receipt."""


class OutputInUseError(VidposeError):
    """Another run holds the output folder."""

    exit_code = ExitCode.IN_USE

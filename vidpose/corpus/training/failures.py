"""How training fails, and how the child process reports it to the parent: by exit code and a small file.

::

    VidposeError
    └── TrainingError         training ended without a model
        ├── MissingExtraError the training libraries are not installed
        └── BaseModelError    no base model can be had (exit code 5)
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.errors import MemoryLimitError, VidposeError
from vidpose.exit_codes import ExitCode
from vidpose.state.atomic import write_bytes

EXIT_SHRINK: Final = 75
"""Between child and parent only: a checkpoint is saved, memory was nearly used up (``EX_TEMPFAIL``: try again)."""
EXIT_DISK_FULL: Final = errno.ENOSPC
"""Between child and parent only: with a full disk the file with the reason may not be writable either."""

FAILURE_FILE: Final = "failure.json"


class TrainingError(VidposeError):
    """Training ended without a model; the corpus is untouched."""

    exit_code = ExitCode.FAILED


class MissingExtraError(TrainingError):
    """The training libraries are not installed."""


class BaseModelError(TrainingError):
    """No base model can be had; the message names the three ways out."""

    exit_code = ExitCode.NO_BASE_MODEL


KINDS: Final[dict[str, type[VidposeError]]] = {
    kind.__name__: kind for kind in (TrainingError, MissingExtraError, BaseModelError, MemoryLimitError)
}


def is_disk_full(error: BaseException) -> bool:
    """Return whether ``error`` means a full disk.

    ``torch`` and ``safetensors`` write in native code and raise errors of their own, so their words are looked at too:
    ``torch.save`` notices only that its place in the file is not where it should be.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    words = str(error)
    return any(sign in words for sign in ("No space left", "os error 28", "PytorchStreamWriter", "inline_container.cc"))


def report_failure(folder: Path, error: BaseException) -> int:
    """Write why the child fails beside its job; return the exit code to leave with."""
    if is_disk_full(error):
        return EXIT_DISK_FULL
    name = type(error).__name__
    message = str(error) if name in KINDS else f"{name}: {error}"
    write_bytes(folder / FAILURE_FILE, orjson.dumps({"kind": name, "message": message}))
    return error.exit_code if isinstance(error, TrainingError) else ExitCode.FAILED


def raised_by_child(folder: Path, exit_code: int) -> VidposeError:
    """Return the error that a child which ended with ``exit_code`` stands for."""
    if exit_code == EXIT_DISK_FULL:
        return TrainingError(
            f"the disk of {folder} is full: free space and start again; training resumes from its last checkpoint",
            code="disk_full",
        )
    try:
        failure: dict[str, Any] = orjson.loads((folder / FAILURE_FILE).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        how = f"signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
        return TrainingError(f"the training process ended with {how} and gave no reason; see {folder / 'child.log'}")
    return KINDS.get(failure["kind"], TrainingError)(str(failure["message"]))

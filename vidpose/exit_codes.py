"""The exit codes of every command, and what each means."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """What a command returns to the shell; ``meaning`` says it in words.

    After a signal it is 128 + the signal's number, as shells expect: SIGTERM gives 143, SIGHUP 129.
    """

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Build a member from its number and its meaning."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    DONE = 0, "done, or up to date"
    FAILED = 1, "training failed, or a check found problems"
    USAGE = 2, "an option, setting or path was refused before any work"
    SOME_QUARANTINED = 3, "some videos could not be processed; the others are done"
    NOTHING_DONE = 4, "no video was done"
    NO_BASE_MODEL = 5, "there is no base model to train; the corpus is saved"
    TEXTS_ENDED_EARLY = 6, "writing texts through an API ended early; the corpus is saved"
    IN_USE = 75, "another run is writing to the same folder"
    INTERRUPTED = 130, "stopped by Ctrl-C (143: by SIGTERM, 129: its terminal was closed); run it again to resume"


def exit_code_help(*codes: ExitCode) -> str:
    r"""Return the codes and their meanings as the end of a command's help (``\b`` makes click keep the lines)."""
    return "\n".join(["\b", "Exit codes:", *(f"{code:5d}  {code.meaning}" for code in codes)])

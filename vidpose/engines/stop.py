"""Ctrl-C and other signals: after the first, running work may finish for a while; the second ends it at once."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_S = 10.0
KEPT = "every finished segment and file is kept, run the same command again to continue"
LATE_S = 20.0
"""Time that cancelled units are given beyond the grace time; then the run ends without them."""


class StopRequest:
    """Installed for the time of a run; remembers the first signal. One that was ignored before (nohup) stays ignored.

    Parameters
    ----------
    announce
        Called with the sentences that the user sees, one per signal or end of the grace time; from any thread.
    """

    def __init__(self, announce: Callable[[str], None], grace_s: float = GRACE_S) -> None:
        self.signal_number: int | None = None
        self._announce = announce
        self._grace_s = grace_s
        self._cancel: Callable[[], None] | None = None
        self._timer: threading.Timer | None = None
        self._asked_s: float | None = None
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                self._previous[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *details: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    @property
    def requested(self) -> bool:
        """True after the first signal."""
        return self.signal_number is not None

    @property
    def overdue(self) -> bool:
        """True when running units had their time to end, and more."""
        return self._asked_s is not None and time.monotonic() - self._asked_s > self._grace_s + LATE_S

    @property
    def exit_code(self) -> int:
        """128 + signal, as shells expect: 130 for Ctrl-C, 143 for SIGTERM."""
        return 128 + (self.signal_number or 0)

    def on_cancel(self, cancel: Callable[[], None]) -> None:
        """Set what stops running units when the grace time is over."""
        self._cancel = cancel

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        # Ray's handler for SIGTERM, which calls ours, has set an alarm that aborts the process after three seconds.
        signal.alarm(0)
        if self.requested:
            self._cancel_now()
            raise KeyboardInterrupt
        self.signal_number, self._asked_s = number, time.monotonic()
        self._timer = threading.Timer(self._grace_s, self._cancel_now)
        self._timer.daemon = True
        self._timer.start()
        name = signal.Signals(number).name
        self._say(
            f"{name}: finishing what is running (at most {self._grace_s:.0f} s); {KEPT}. Press again to stop now."
        )

    def _cancel_now(self) -> None:
        """End what is running: with the second signal in the main thread, after the grace time in another one."""
        self._say("stopping what is running; unfinished segments and videos start again in the next run")
        if self._cancel is not None:
            self._cancel()

    def _say(self, sentence: str) -> None:
        """Announce a sentence, later where the signal came while this very thread was writing to the terminal."""
        try:
            self._announce(sentence)
        except RuntimeError:
            threading.Thread(target=self._announce, args=(sentence,), name="vidpose-signal").start()

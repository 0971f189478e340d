"""Keeps the user's keys and passwords out of the processes that a run starts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SECRET: Final = re.compile(r"API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL", re.IGNORECASE)


@contextmanager
def secrets_withheld() -> Iterator[None]:
    """Take variables named after keys, tokens or passwords out of the environment; put them back at the end.

    Processes that are started meanwhile decode files from anywhere and need none of them.

    Examples
    --------
    >>> import os
    >>> os.environ["EXAMPLE_API_KEY"] = "sk-1"
    >>> with secrets_withheld():
    ...     "EXAMPLE_API_KEY" in os.environ
    False
    >>> os.environ.pop("EXAMPLE_API_KEY")
    'sk-1'
    """
    withheld = {name: os.environ.pop(name) for name in list(os.environ) if _SECRET.search(name)}
    try:
        yield
    finally:
        os.environ.update(withheld)

"""What may leave the machine, and what may never be written down."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Final

LOGGERS: Final = ("openai", "anthropic", "httpx2", "httpcore2", "httpx", "httpcore")
"""The SDKs log whole requests at DEBUG, and the environment can ask them to."""

_KEYS = re.compile(r"\b(?:sk|key|pk)-[A-Za-z0-9_\-*]{6,}|\bBearer\s+\S+", re.IGNORECASE)
_NEVER: Final = {
    "path": re.compile(r"(?:^|[\s\"'(])(?:[A-Za-z]:\\|~?/)[\w.\-]{2,}|\w[\\/]\w+[\\/]\w"),
    "file": re.compile(r"\.(?:mp4|mov|avi|mkv|webm|m4v|jpe?g|png|json|csv|parquet|npz)\b", re.IGNORECASE),
    "mail": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "hash": re.compile(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{12,}\b", re.IGNORECASE),
    "date": re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b"),
}
"""What a text for a vendor never holds: paths, file names, addresses, hashes of videos, absolute times."""


def redact(text: str, secret: str = "") -> str:
    """Take the key, and everything that looks like one, out of a text."""
    if secret:
        text = text.replace(secret, "[key]")
    return _KEYS.sub("[key]", text)


def quiet_loggers() -> None:
    """Hold the SDKs' loggers at WARNING, whatever ``OPENAI_LOG`` and ``ANTHROPIC_LOG`` say.

    Called after the SDKs are imported, because importing them reads those variables.
    """
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name, logger in logging.root.manager.loggerDict.items():
        if name.startswith(tuple(f"{one}." for one in LOGGERS)) and isinstance(logger, logging.Logger):
            logger.setLevel(logging.NOTSET)


def finding(texts: Iterable[str], forbidden: Iterable[str] = ()) -> str:
    """Return what forbids sending these texts, empty when nothing does.

    Parameters
    ----------
    texts
        Everything in the request that did not come from this package.
    forbidden
        Words that must not leave either: names of athletes and files.
    """
    whole = "\n".join(texts)
    for name, pattern in _NEVER.items():
        if pattern.search(whole):
            return name
    lowered = whole.casefold()
    words = (word.casefold() for word in forbidden if len(word.strip()) > 1)
    return "forbidden" if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lowered) for word in words) else ""

"""Personal data: what must not stand in a corpus, what must not be sent to a vendor, and what must not be logged."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Final

PATTERNS: Final[dict[str, re.Pattern[str]]] = {
    "e_mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "path": re.compile(
        r"(?:(?<![\w/°])(?:~|\.{1,2})?/(?:[\w.-]+/)+[\w.-]*\w)"  # /home/anna/run.mp4, ./a/b
        r"|(?:\b[A-Za-z]:\\[\w .-]+)|(?:\\\\[\w.-]+\\[\w.-]+)"  # C:\clips, \\server\share
        r"|(?:\bfile://\S+)"
    ),
    "file_name": re.compile(r"\b[\w-]+\.(?:mp4|mov|avi|mkv|webm|m4v|mpg|mpeg|jpe?g|png|heic)\b", re.IGNORECASE),
    "telephone": re.compile(
        r"(?<![\w.,])(?:"
        r"(?:\+|00)[1-9]\d{0,2}[ /.(-]{0,2}\d[\d ()/-]{6,}\d"  # +49 30 1234567
        r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}"  # (555) 123-4567
        r"|0\d{2,4}[ /-]\d{5,8}"  # 030 1234567
        r")(?![\w.,]\d)"
    ),
    "secret": re.compile(r"\b(?:sk|pk|hf|ghp|xox[abp])[-_][A-Za-z0-9_-]{16,}"),
}
"""Kind -> pattern, for a corpus. Measurements, dates and sources of the literature must not match."""
LOGGERS: Final = ("openai", "anthropic", "httpx2", "httpcore2", "httpx", "httpcore")
"""The SDKs log whole requests at DEBUG, and the environment can ask them to."""

_KEYS = re.compile(r"\b(?:sk|key|pk)-[A-Za-z0-9_\-*]{6,}|\bBearer\s+\S+", re.IGNORECASE)
_NEVER: Final = {
    "path": re.compile(r"(?:^|[\s\"'(])(?:[A-Za-z]:\\|~?/)[\w.\-]{2,}|\w[\\/]\w+[\\/]\w"),
    "file": re.compile(r"\.(?:mp4|mov|avi|mkv|webm|m4v|jpe?g|png|json|csv|parquet|npz)\b", re.IGNORECASE),
    "mail": PATTERNS["e_mail"],
    "hash": re.compile(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{12,}\b", re.IGNORECASE),
    "date": re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b"),
}
"""Kind -> pattern, for vendors; stricter, since a text that is not sent costs nothing."""


def find_personal_data(text: str) -> list[tuple[str, str]]:
    """Return kind and text of everything that looks like personal data, in the order of the kinds."""
    return [(kind, found.group()) for kind, pattern in PATTERNS.items() for found in pattern.finditer(text)]


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


def reason_not_to_send(texts: Iterable[str], forbidden: Iterable[str] = ()) -> str:
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

"""Personal data that has no business in a corpus: addresses, paths and file names, telephone numbers, web addresses."""

from __future__ import annotations

import re
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
"""Kind -> pattern. Measurements, dates and sources of the literature must not match."""


def find_personal_data(text: str) -> list[tuple[str, str]]:
    """Return kind and text of everything that looks like personal data, in the order of the kinds."""
    return [(kind, found.group()) for kind, pattern in PATTERNS.items() for found in pattern.finditer(text)]

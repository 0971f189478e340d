"""``vidpose doctor --report``: what a maintainer needs to see, without names, paths and results."""

from __future__ import annotations

import getpass
import json
import platform
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any, Final

from vidpose.state.bounded_reading import read_bounded

LOG_LINES: Final = 2000
"""Lines that are taken from the end of the log."""
_LOG_BYTES: Final = 4 << 20
"""From the end of the log, in which these lines are looked for (ours)."""
_NAME: Final = r"[\w.@%+~<>-]+"
_PATH: Final = re.compile(rf"(?<![\w/\\>])(?:[A-Za-z]:|~)?[/\\](?:{_NAME}(?: {_NAME})*[/\\])*{_NAME}[/\\]?")
_CODE: Final = re.compile(r"(?:.*(?:site-packages|lib/python[\d.]+)/|.*(?=vidpose/\w+))(?P<inside>.*\.(?:py|so)\b.*)")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Redactor:
    """Takes names and paths out of texts; the same video gets the same substitute everywhere.

    Parameters
    ----------
    names
        Names of videos, relative to the input folder.
    private
        Other words that must not appear: user and host name, folders.

    Examples
    --------
    >>> redact = Redactor(["anna/squat.mp4"], ["anna"])
    >>> redact("anna/squat.mp4: read from /home/anna/videos/anna/squat.mp4")
    'video_001.mp4: read from <path>'
    """

    def __init__(self, names: Sequence[str], private: Iterable[str] = ()) -> None:
        words: dict[str, str] = {}
        for number, name in enumerate(names, start=1):
            path = PurePosixPath(name)
            substitute = f"video_{number:03d}"
            words |= {path.stem: substitute, path.name: substitute + path.suffix, name: substitute + path.suffix}
            words |= dict.fromkeys(path.parts[:-1], "<folder>") | words
        words |= {word: "<private>" for word in private if len(word) > 1 and word not in words}
        self._words = words
        longest_first = sorted(words, key=len, reverse=True)
        self._pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in longest_first) or r"(?!)")

    def __call__(self, text: str) -> str:
        """Return the text without them."""
        text = _ADDRESS.sub("<address>", text)
        text = self._pattern.sub(lambda found: self._words[found.group()], text)
        return _PATH.sub(_shortened, text)

    def plain(self, value: Any) -> Any:
        """Return JSON values with every text redacted, keys included."""
        if isinstance(value, Mapping):
            return {self(str(key)): self.plain(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.plain(inner) for inner in value]
        return self(value) if isinstance(value, str) else value


def write_bundle(file: Path, output: Path, checks: Sequence[str]) -> list[str]:
    """Write the archive; return the names of its members.

    Parameters
    ----------
    file
        The archive; replaced when it exists.
    output
        Folder of run reports (``--output`` of the run); what is missing there is left out.
    checks
        Lines that ``vidpose doctor`` printed.
    """
    report = _read_report(output / "run_report.json")
    names = [video["name"] for video in report.get("videos", [])]
    redact = Redactor(names, [getpass.getuser(), platform.node()])
    members = {"doctor.txt": redact("\n".join(checks)) + "\n", "packages.txt": _packages()}
    if report:
        members["run_report.json"] = json.dumps(redact.plain(report), indent=1, ensure_ascii=False) + "\n"
    log = output / "vidpose.log"
    if log.is_file():
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - _LOG_BYTES))
            lines = stream.read(_LOG_BYTES).decode("utf-8", "replace").splitlines()[-LOG_LINES:]
        members["vidpose.log"] = redact("\n".join(lines)) + "\n"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return list(members)


def _shortened(found: re.Match[str]) -> str:
    """Return a path inside Python's own libraries or vidpose from there on; nothing of others."""
    code = _CODE.search(found.group().replace("\\", "/"))
    return code["inside"] if code else "<path>"


def _read_report(path: Path) -> dict[str, Any]:
    try:
        report = json.loads(read_bounded(path))
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}


def _packages() -> str:
    installed = sorted({f"{one.name}=={one.version}" for one in metadata.distributions()}, key=str.casefold)
    return "\n".join([f"Python {platform.python_version()}, {platform.platform()}", *installed]) + "\n"

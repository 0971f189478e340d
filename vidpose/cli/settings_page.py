"""Makes the page of all settings from ``configs/default.yaml``: ``python -m vidpose.cli.settings_page docs``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidpose.resources import DEFAULT_CONFIG
from vidpose.short_names import SHORT_NAMES
from vidpose.state.atomic import write_bytes

PAGE: Final = "settings.md"
_KEY: Final = re.compile(r"^( *)([a-z_0-9]+):(?: ([^#]*?))?(?: ?# (.*))?$")
_ITEM: Final = re.compile(r"^ *- (.*)$")
_FLAGS: Final = {path: f"--{name}" for name, path in SHORT_NAMES.items()} | {
    ("fresh",): "--fresh",
    ("no_pose",): "vidpose analyse",
}


@dataclass(slots=True)
class DocumentedSetting:
    """One setting of the default file: where it is, its default, and what it means."""

    path: tuple[str, ...]
    default: str
    meaning: str

    @property
    def flag(self) -> str | None:
        """Its option on the command line; None for settings of the configuration file only."""
        return _FLAGS.get(self.path, f"--{self.path[0]}" if len(self.path) == 1 else None)


def documented_settings(text: str) -> Iterator[DocumentedSetting]:
    """Yield every setting of a configuration file whose lines end with a comment, in the order of the file."""
    groups: list[str] = []
    listed: DocumentedSetting | None = None
    for line in text.splitlines():
        item, key = _ITEM.match(line), _KEY.match(line)
        if item and listed is not None:
            listed.default = f"{listed.default}, {item[1]}".removeprefix(", ")
            continue
        if listed is not None:
            yield listed
            listed = None
        if not key:
            continue
        groups[len(key[1]) // 2 :] = [key[2]]
        if key[4]:
            setting = DocumentedSetting(tuple(groups), (key[3] or "").strip(), key[4])
            if setting.default:
                yield setting
            else:
                listed = setting
    if listed is not None:
        yield listed


def settings_page() -> str:
    """Return the page: settings with an option first, then those for experts."""
    settings = list(documented_settings(DEFAULT_CONFIG.read_text(encoding="utf-8")))
    lines = [
        "<!-- Made by `python -m vidpose.cli.settings_page docs`. Do not edit. -->",
        "# Settings",
        "",
        "Every setting can be given in a YAML file with `--config`; `configs/default.yaml` holds all of them with",
        "their defaults. The command line overrides the file, the file overrides the sport (`--sport_type`), and the",
        "sport overrides the defaults. Words such as chain and seam are explained in the [glossary](glossary.md).",
        "",
        "## Settings with an option",
        "",
        "| setting | option | default | meaning |",
        "|---|---|---|---|",
        *(
            f"| `{'.'.join(one.path)}` | `{one.flag}` | {_code(one.default)} | {_cell(one.meaning)} |"
            for one in settings
            if one.flag
        ),
        "",
        "## Expert settings",
        "",
        "In a configuration file only. Their defaults were chosen with the evidence in [accuracy.md](accuracy.md) and",
        "[decisions.md](decisions.md); change them to study their effect.",
        "",
        "| setting | default | meaning |",
        "|---|---|---|",
        *(
            f"| `{'.'.join(one.path)}` | {_code(one.default)} | {_cell(one.meaning)} |"
            for one in settings
            if not one.flag
        ),
    ]
    return "\n".join(lines) + "\n"


def _code(default: str) -> str:
    return f"`{_cell(default)}`" if len(default) < 80 else "see `configs/default.yaml`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: Sequence[str]) -> None:
    """Write the page into the folder that is given, by default ``docs``."""
    write_bytes(Path(arguments[0] if arguments else "docs") / PAGE, settings_page().encode())


if __name__ == "__main__":
    main(sys.argv[1:])

"""Reading files that may come from anybody: size, depth and number of values are limited before they are unpacked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

MAX_YAML_BYTES: Final = 1 << 20
"""Ours: the file of all settings takes 30 KB."""
MAX_YAML_VALUES: Final = 20_000
"""Keys and values, those behind aliases counted as often as they are referred to (ours)."""
MAX_YAML_DEPTH: Final = 32
"""Ours: settings are nested five deep."""
MAX_JSON_BYTES: Final = 64 << 20
"""Ours: the report of a run over 10 000 videos takes 30 MB."""


def read_bounded(path: Path, most_bytes: int = MAX_JSON_BYTES) -> bytes:
    """Return the content of a file.

    Raises
    ------
    ValueError
        When it is larger than ``most_bytes``.
    OSError
        When it cannot be read.
    """
    with path.open("rb") as stream:
        content = stream.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError(f"{path.name}: more than the {most_bytes / 2**20:g} MiB that are read")
    return content


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file: plain values, nothing that runs code.

    Raises
    ------
    ValueError
        When it is no YAML in UTF-8, is too large or too deep, or holds itself or too many values behind its aliases.
    OSError
        When it cannot be read.
    """
    import yaml

    text = read_bounded(path, MAX_YAML_BYTES).decode("utf-8")
    try:
        _n_values(yaml.compose(text, yaml.SafeLoader), MAX_YAML_DEPTH, {})
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError(f"nested deeper than {MAX_YAML_DEPTH} levels") from error


def _n_values(node: Any, depth: int, known: dict[int, int]) -> int:
    """Count the values in a node; one behind an alias again wherever it is referred to."""
    if not depth:  # also where a node holds itself
        raise ValueError(f"nested deeper than {MAX_YAML_DEPTH} levels")
    if id(node) not in known:
        inside = node.value if hasattr(node, "value") and isinstance(node.value, list) else []
        parts = [part for item in inside for part in (item if isinstance(item, tuple) else (item,))]
        known[id(node)] = 1 + sum(_n_values(part, depth - 1, known) for part in parts)
        if known[id(node)] > MAX_YAML_VALUES:
            raise ValueError(f"more than {MAX_YAML_VALUES} values")
    return known[id(node)]

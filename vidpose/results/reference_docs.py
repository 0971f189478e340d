"""Reference pages made from the JSON Schema and the columns: ``python -m vidpose.results.reference_docs docs``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.results.metric_tables import EVENT_COLUMNS, METRIC_COLUMNS
from vidpose.results.table_columns import (
    ANGLE_COLUMNS,
    ANGLE_CSV_COLUMNS,
    BEST_COLUMNS,
    BODY_COLUMNS,
    LANDMARK_COLUMNS,
    LANDMARK_CSV_COLUMNS,
    TABLES_VERSION,
    Column,
)
from vidpose.results.video_result import CHUNK_FRAMES
from vidpose.state.atomic import write_bytes

_MADE: Final = "<!-- Made by `python -m vidpose.results.reference_docs docs`. Do not edit. -->"
_COLUMN_TYPES: Final = {
    "words": "text",
    "whole": "whole number, 32 bits",
    "time": "number, 64 bits",
    "number": "number, 32 bits",
    "flag": "true or false",
}


def load_schema(name: str) -> dict[str, Any]:
    """Return one of the JSON Schemas that are shipped with the package, for example ``"pose_model"``."""
    text = resources.files("vidpose.results").joinpath("schemas", f"{name}.schema.json").read_bytes()
    schema: dict[str, Any] = orjson.loads(text)
    return schema


def reference_pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {"pose-model.md": _schema_page(load_schema("pose_model")), "tables.md": _tables_page()}


def _schema_page(schema: dict[str, Any]) -> str:
    rows = [
        f"| `{where}` | {_type_words(node)} | {node['description']} |"
        for where, node in _properties(schema, schema, "")
    ]
    lines = [
        _MADE,
        f"# {schema['title']}",
        "",
        schema["description"],
        "",
        "`[]` stands for each element of a list. T is the number of decoded frames.",
        "",
        "| where | type | meaning |",
        "|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def _properties(node: dict[str, Any], root: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path and the definition of everything that has a name, in the order of the schema."""
    for name, child in node.get("properties", {}).items():
        resolved = _resolve(child, root)
        yield f"{prefix}{name}", resolved
        yield from _properties(resolved, root, f"{prefix}{name}.")
        items = resolved.get("items")
        if isinstance(items, dict):
            yield from _properties(_resolve(items, root), root, f"{prefix}{name}[].")


def _resolve(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Put the definition that ``$ref`` names below the node's own keys."""
    if "$ref" not in node:
        return node
    own = {key: value for key, value in node.items() if key != "$ref"}
    definition: dict[str, Any] = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return definition | own


def _type_words(node: dict[str, Any]) -> str:
    if "const" in node:
        return f"always `{orjson.dumps(node['const']).decode()}`"
    if "enum" in node:
        return "one of " + ", ".join(f"`{orjson.dumps(value).decode()}`" for value in node["enum"])
    kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
    return " or ".join(_array_words(node) if kind == "array" else str(kind) for kind in kinds)


def _array_words(node: dict[str, Any]) -> str:
    items = node.get("items")
    if not isinstance(items, dict) or "type" not in items:
        return "array"
    return f"array of {_type_words(items)}"


def _tables_page() -> str:
    lines = [
        _MADE,
        "# Tables",
        "",
        f"Version {TABLES_VERSION}. One set per video, sorted by person and frame. Angles are in degrees.",
        "Missing is null in Parquet and an empty cell in CSV, never 0.",
        "",
        f"Parquet files are zstd-compressed, with row groups of {CHUNK_FRAMES} frames. Their key-value metadata hold",
        "`vidpose.schema_version`, `vidpose.version`, `vidpose.video_id`, `vidpose.video_sha256` and",
        "`vidpose.config_sha256`. Text is dictionary coded. CSV files are UTF-8 with a byte order mark, by which Excel",
        "knows signs such as °, with commas and decimal points; `--csv_style` chooses others.",
        *_table("landmarks.parquet", "One row per person, frame and landmark.", LANDMARK_COLUMNS),
        *_table("angles.parquet", "One row per person, frame and angle.", ANGLE_COLUMNS),
        *_table(
            "best_flexion.parquet",
            "One row per person, frame and joint: its flexion from the source with the smallest expected error.",
            BEST_COLUMNS,
        ),
        *_table("body.parquet", "One row per person and frame.", BODY_COLUMNS),
        *_table("metrics.parquet and metrics.csv", "One row per person, metric and side.", METRIC_COLUMNS),
        *_table("events.parquet and events.csv", "One row per event.", EVENT_COLUMNS),
        *_table("landmarks.csv", "One row per person and frame: filtered pixels and visibility.", LANDMARK_CSV_COLUMNS),
        *_table("angles.csv", "One row per person and frame.", ANGLE_CSV_COLUMNS),
    ]
    return "\n".join(lines) + "\n"


def _table(file: str, rows: str, columns: Sequence[Column]) -> list[str]:
    return [
        "",
        f"## `{file}`",
        "",
        rows,
        "",
        "| column | type | rounded to | meaning |",
        "|---|---|---|---|",
        *(f"| `{c.name}` | {_COLUMN_TYPES[c.type]} | {_step(c)} | {c.meaning} |" for c in columns),
    ]


def _step(column: Column) -> str:
    return f"{10.0**-column.decimals:.{column.decimals}f}" if column.decimals else ""


def main(arguments: Sequence[str]) -> None:
    """Write all pages into the folder that is given, by default ``docs``."""
    if len(arguments) > 1 or any(word.startswith("-") for word in arguments):
        raise SystemExit(
            "usage: python -m vidpose.results.reference_docs [FOLDER]; writes into docs when none is given"
        )
    folder = Path(arguments[0]) if arguments else Path("docs")
    for name, text in reference_pages().items():
        write_bytes(folder / name, text.encode())


if __name__ == "__main__":
    main(sys.argv[1:])

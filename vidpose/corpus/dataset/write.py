"""The folder ``llm_training_data``: Parquet for Hugging Face, JSONL for others, card, statistics, splits, manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow.parquet as pq

from vidpose.corpus.dataset.card import render_card
from vidpose.corpus.dataset.content import GRAMMAR_PART, Content
from vidpose.corpus.dataset.formats import anthropic, axolotl, llamafactory, openai, trl
from vidpose.corpus.dataset.publish import json_page, publication, write_manifest
from vidpose.corpus.dataset.splits import SPLITS, Split
from vidpose.corpus.dataset.statistics import describe
from vidpose.corpus.dataset.tables import CORPUS_VERSION, RowMaker, rejects_table, write_parts
from vidpose.corpus.example import Message
from vidpose.errors import OutputError

SPLITS_FILE: Final = "splits.json"
SCHEMA: Final = "vidpose.corpus"

_PairRow = Callable[[Sequence[Message], str, str], dict[str, Any]]
_PAIR_FORMATS: Final[dict[str, tuple[_PairRow, Callable[[Any], list[str]]]]] = {
    "openai": (openai.preference_row, openai.preference_errors),
    "trl": (trl.preference_row, trl.preference_errors),
    "messages": (llamafactory.preference_row, trl.preference_errors),
}


def write_dataset(target: Path, content: Content) -> tuple[list[str], dict[str, Any]]:
    """Write a dataset atomically; return the names of its files and its statistics.

    Parameters
    ----------
    target
        The folder; a dataset that is there is replaced, other files stay.
    content
        What to write.

    Raises
    ------
    OutputError
        When the folder cannot be written, or a line would break the rules of its own format.
    """
    stats = describe(content)
    with publication(target) as folder:
        configs = _write_data(folder / "data", content)
        _write_exports(folder / "exports", content)
        pq.write_table(rejects_table(content.rejects), folder / "rejects.parquet", compression="zstd")
        (folder / SPLITS_FILE).write_bytes(_splits_page(content))
        (folder / "stats.json").write_bytes(json_page(stats))
        card = render_card(stats, configs, content.split_sentence, content.vidpose_version)
        (folder / "README.md").write_text(card, encoding="utf-8")
        head = {
            "schema": SCHEMA,
            "schema_version": CORPUS_VERSION,
            "vidpose_version": content.vidpose_version,
            "settings": content.settings,
            "facts_sha256": content.facts_sha256,
            "split": content.split_sentence,
        }
        write_manifest(folder, head)
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return names, stats


def read_splits(target: Path) -> dict[str, Split]:
    """Return the assignment of groups that an earlier build left in a folder; empty without one.

    Raises
    ------
    OutputError
        When there is one and it cannot be read: assigning anew would move groups between splits; or when the target is
        no folder.
    """
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target}: expected a folder for the dataset, found a file; choose another path")
    path = target / SPLITS_FILE
    try:
        groups = orjson.loads(path.read_bytes())["groups"]
        if not all(split in SPLITS for split in groups.values()):
            raise ValueError("a split that does not exist")  # noqa: TRY301 - reported below like any other damage
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(
            f"{path}: the split of earlier groups cannot be read ({error}); restore it, or delete it to split anew "
            "(then a model that was trained before must not be evaluated on the new test split)",
            path=str(path),
        ) from error
    return dict(groups)


def _splits_page(content: Content) -> bytes:
    components = [list(component) for component in content.plan.components if len(component) > 1]
    return json_page({"groups": dict(content.plan.of_group), "joined": components})


def _write_data(folder: Path, content: Content) -> dict[str, list[str]]:
    """Write all Parquet files; return the splits of each part that has any."""
    rows = RowMaker(content.facts, content.vidpose_version, content.count)
    configs: dict[str, list[str]] = {}
    for part, splits in content.parts.items():
        for split in SPLITS:
            if write_parts(folder / part, split, rows.sft(splits.get(split, ()))):
                configs.setdefault(part, []).append(split)
    for split in SPLITS:
        if write_parts(folder / "preference", split, rows.preference(content.pairs.get(split, ()))):
            configs.setdefault("preference", []).append(split)
    for path in folder.glob("*"):
        if not any(path.iterdir()):
            path.rmdir()
    return configs


def _write_exports(folder: Path, content: Content) -> None:
    folder.mkdir()
    chats, pairs = [], []
    for part, splits in content.parts.items():
        for split, examples in splits.items():
            if examples:
                name = f"{part}.openai.{split}.jsonl"
                write_lines(folder / name, map(openai.chat_row, examples), openai_line_errors)
                chats.append(name)
                name = f"{part}.anthropic.{split}.jsonl"
                write_lines(folder / name, map(anthropic.bedrock_row, examples), anthropic.bedrock_errors)
    for split, made in content.pairs.items():
        for kind, (to_row, errors) in _PAIR_FORMATS.items() if made else ():
            name = f"dpo.{kind}.{split}.jsonl"
            write_lines(folder / name, (to_row(pair.prompt, pair.chosen, pair.rejected) for pair in made), errors)
            pairs.append(name)
    dpo = [name for name in pairs if name.startswith("dpo.messages.")]
    (folder / "dataset_info.json").write_bytes(json_page(llamafactory.dataset_info(chats, dpo)))
    _write_axolotl(folder, chats, dpo)


def _write_axolotl(folder: Path, chats: Sequence[str], dpo: Sequence[str]) -> None:
    train, validation = (f"{GRAMMAR_PART}.openai.{split}.jsonl" for split in ("train", "validation"))
    if train in chats:
        text = axolotl.tuning_yaml(train, validation if validation in chats else "")
        (folder / "axolotl.yaml").write_text(text, encoding="utf-8")
    if "dpo.messages.train.jsonl" in dpo:
        text = axolotl.preference_yaml("dpo.messages.train.jsonl")
        (folder / "axolotl.dpo.yaml").write_text(text, encoding="utf-8")


def openai_line_errors(row: Any) -> list[str]:
    """Return the rules of OpenAI's checker that a line breaks, else those of ours."""
    return openai.chat_errors(row) or openai.strict_errors(row)


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]], errors: Callable[[Any], list[str]]) -> None:
    """Write JSON lines: UTF-8 without mark, one object per line, each checked by the format's own rules.

    Parameters
    ----------
    path
        The file.
    rows
        The lines.
    errors
        Gives the names of the rules that a line breaks.

    Raises
    ------
    OutputError
        When a line breaks one: an error of this program, so nothing is written.
    """
    with path.open("wb") as stream:
        for number, row in enumerate(rows, 1):
            broken = errors(row)
            if broken:
                raise OutputError(f"{path.name}, line {number}: breaks {', '.join(broken)}; please report this")
            stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

"""The dataset card: YAML that ``load_dataset`` reads, and what a person must know before training on the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from vidpose.corpus.dataset.splits import SPLITS

_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))

_TERMS: Final = {
    "sft_openai": "written with OpenAI's models; OpenAI's terms forbid using output to develop models that compete",
    "sft_claude": "written with Claude; Anthropic's terms forbid using output to train models that compete",
}

LIMITS: Final = """\
* The numbers come from one camera and a pose model. Angles can be off by several degrees, more where the movement
  leaves the picture plane; uncertainties are those of the measurement noise (precision), not of such bias.
* A metric that the view, the frame rate or the confidence did not allow is never stated; the texts say why instead.
* The texts name no fault and no repetition unless a detector gave it as a fact, and nothing here is medical advice.
* No names, no pictures, no paths: people are numbers, videos are hashes. Whoever was filmed has to agree before a
  corpus about them is given to others.
"""


def render_card(
    stats: Mapping[str, Any], configs: Mapping[str, Sequence[str]], split_sentence: str, version: str
) -> str:
    """Return the text of ``README.md``.

    Parameters
    ----------
    stats
        As :func:`~vidpose.corpus.dataset.statistics.describe` gives them.
    configs
        Folder below ``data`` -> its splits, for those with files.
    split_sentence
        How it was split.
    version
        Version of vidpose that built it.
    """
    head = yaml.safe_dump(_head(stats, configs), sort_keys=False, allow_unicode=True)
    body = "\n\n".join(
        (
            "# Coaching corpus from pose measurements",
            f"{stats['n_examples']} conversations about measured movement, built by vidpose {version}. Every number, "
            "unit, side and comparison in an assistant's turn was read back from the text and matched with a measured "
            "fact; what did not match was left out.",
            "## Parts\n\n" + _parts(stats, configs),
            f"## Splits\n\n{split_sentence}",
            "## Content\n\n" + _content(stats),
            "## Quality\n\n" + _quality(stats),
            "## What was left out\n\n" + _rejects(stats["rejects"]),
            "## Columns\n\n" + _COLUMNS,
            "## Limits\n\n" + LIMITS.rstrip(),
            "## Rebuild\n\n`vidpose corpus build` with the same results and settings (both in `manifest.json`) "
            "gives the same bytes; `splits.json` keeps every group in its split when videos are added. "
            "`vidpose corpus verify` checks the folder.",
        )
    )
    return f"---\n{head}---\n\n{body}\n"


_COLUMNS: Final = """\
`messages` (or `prompt`, `chosen`, `rejected`, and `corruption`: what is wrong with the rejected answer); `id`, `task`,
`language`, `group` (what no split may divide), `generator`, `parent` (the example that this one rephrases or
corrupts); `facts`: JSON list of every fact that the texts may state, with value, unit, uncertainty and time span;
`spans`: JSON list of the stretches of text that state them; `n_statements`, `n_tokens`, `vidpose_version`."""


def _head(stats: Mapping[str, Any], configs: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    n = stats["n_examples"]
    return {
        "language": sorted(stats["by_language"]),
        "license": "other",
        "license_name": "owner-of-the-videos",
        "pretty_name": "Coaching corpus from pose measurements",
        "size_categories": [next((name for most, name in _SIZES if n < most), "n>1M")],
        "task_categories": ["text-generation", "question-answering"],
        "tags": ["synthetic", "pose", "biomechanics", "sports"],
        "configs": [
            {
                "config_name": name,
                **({"default": True} if name == "sft" else {}),
                "data_files": [{"split": split, "path": f"data/{name}/{split}-*.parquet"} for split in splits],
            }
            for name, splits in sorted(configs.items(), key=lambda item: (item[0] != "sft", item[0]))
        ],
    }


def _parts(stats: Mapping[str, Any], configs: Mapping[str, Sequence[str]]) -> str:
    rows = []
    for name in sorted(configs, key=lambda one: (one != "sft", one)):
        counts = stats["pairs"] if name == "preference" else stats["examples"][name]
        made = _TERMS.get(name, "right and wrong answers" if name == "preference" else "written by grammar, no API")
        rows.append([name, *(counts[split] for split in SPLITS), made])
    return _table(("part", *SPLITS, "how it was made"), rows)


def _content(stats: Mapping[str, Any]) -> str:
    tokens = stats["tokens"]
    return "\n\n".join(
        (
            _table(("task", "examples"), stats["by_task"].items()),
            _table(("language", "examples"), stats["by_language"].items()),
            f"Tokens ({tokens['counted_by']}): {tokens['total']} in all, {tokens['median']} in the median "
            f"conversation, {tokens['p95']} at the 95 % quantile, {tokens['max']} at most. "
            f"Stretches of text that state a fact: {stats['statements']}.",
        )
    )


def _quality(stats: Mapping[str, Any]) -> str:
    near = stats["near_duplicates"]
    lines = [
        f"Near-duplicates (conversation and answer alike, Jaccard similarity of {near['shingle_words']}-word shingles "
        f"at least {near['similarity']}): {near['share']} of the examples. Further "
        f"{near['share_of_alike_conversations_with_other_answers']} share most of their question's table with another "
        "example and have another answer.",
    ]
    if stats["diversity_of_answers"]:
        names = list(next(iter(stats["diversity_of_answers"].values())))
        rows = [[language, *found.values()] for language, found in stats["diversity_of_answers"].items()]
        lines.append(_table(("answers in", *names), rows))
    if stats["corruptions"]:
        rows = [[kind, found["tried"], found["caught"]] for kind, found in stats["corruptions"].items()]
        lines.append("Answers made wrong on purpose, and how many of them the check refused:")
        lines.append(_table(("what is wrong", "tried", "refused"), rows))
    return "\n\n".join(lines)


def _rejects(rejects: Mapping[str, Mapping[str, int]]) -> str:
    rows = [[stage, reason, n] for stage, reasons in rejects.items() for reason, n in reasons.items()]
    return _table(("step", "reason", "examples"), rows) if rows else "Nothing."


def _table(titles: Sequence[str], rows: Any) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)

"""How well the check of texts tells right from wrong, on a built corpus.

``python -m benchmarks.corpus_grounding CORPUS [--limit N] [--with_spans]`` reads the rows of ``data/*/*.parquet`` that
are conversations with evidence, checks each, makes each wrong in up to five ways and checks these. Bars: at least 99 %
of the corruptions caught, at most 0.5 % of the good texts rejected. Spans are dropped unless asked for, so that words
alone must tell.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
from pyarrow import parquet as pq

from benchmarks.corpus_mutations import KINDS, mutations
from vidpose.corpus.dataset.evidence_json import read_facts_json, read_spans_json
from vidpose.corpus.example import Example, Fact, Message
from vidpose.corpus.grounding.check import check_text

LEAST_CAUGHT: Final = 0.99
MOST_REJECTED: Final = 0.005
_COLUMNS: Final = ("id", "task", "language", "group", "messages", "generator", "facts", "spans")


def examples_of(corpus: Path) -> Iterator[tuple[Example, dict[str, Fact]]]:
    """Yield the conversations of a corpus with their facts, in the order of the files."""
    for path in sorted(corpus.glob("data/*/*.parquet")):
        with pq.ParquetFile(path) as table:
            if set(_COLUMNS) <= set(table.schema_arrow.names):
                for batch in table.iter_batches(columns=list(_COLUMNS), batch_size=1024):
                    yield from map(_example, batch.to_pylist())


def _example(row: Mapping[str, Any]) -> tuple[Example, dict[str, Fact]]:
    facts = read_facts_json(row["facts"])
    example = Example(
        id=row["id"],
        task=row["task"],
        language=row["language"],
        group=row["group"],
        messages=tuple(Message(turn["role"], turn["content"]) for turn in row["messages"]),
        facts=tuple(sorted(facts)),
        spans=read_spans_json(row["spans"]),
        generator=row["generator"],
    )
    return example, facts


@click.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--limit", default=0, help="Most conversations; 0 for all.")
@click.option("--with_spans", is_flag=True, help="Check good texts with their spans as well.")
def main(corpus: Path, limit: int, with_spans: bool) -> None:
    """Print the share of corruptions caught and of good texts rejected; exit code 1 below the bars."""
    n_good, rejected, made, caught = 0, Counter[str](), Counter[str](), Counter[str]()
    for example, facts in examples_of(corpus):
        if limit and n_good >= limit:
            break
        n_good += 1
        seen = example if with_spans else _without_spans(example)
        verdict = check_text(seen, facts)
        rejected.update({failure.reason for failure in verdict.failures} and {example.task})
        for kind, wrong in mutations(example, random.Random(example.id)) if verdict.ok else ():
            made[kind] += 1
            caught[kind] += not check_text(wrong, facts).ok
    n_rejected, n_made, n_caught = (sum(counts.values()) for counts in (rejected, made, caught))
    click.echo(f"good texts: {n_good}, rejected {n_rejected} {dict(rejected)}")
    for kind in KINDS:
        click.echo(f"{kind}: {caught[kind]} of {made[kind]} caught")
    click.echo(f"all: {n_caught} of {n_made} caught")
    good = n_good > 0 and n_made > 0
    raise SystemExit(0 if good and n_caught >= LEAST_CAUGHT * n_made and n_rejected <= MOST_REJECTED * n_good else 1)


def _without_spans(example: Example) -> Example:
    return Example(**{name: getattr(example, name) for name in Example.__slots__ if name != "spans"})


if __name__ == "__main__":
    main()

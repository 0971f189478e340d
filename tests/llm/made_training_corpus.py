"""A small data set with the columns of the real one: questions about facts, answered from them."""

import random

import pyarrow as pa
import pyarrow.parquet as pq

from vidpose.corpus.dataset.evidence_json import facts_json
from vidpose.corpus.example import Fact
from vidpose.corpus.facts.derived import side_differences
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY

TURNS = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("id", "task", "language", "group", "generator", "facts")] + [("messages", TURNS)]
)
SYSTEM = "You are a movement coach. State only numbers that are given."
METRIC = "peak_stance_knee_flexion"


def made_facts(group, left, right):
    """Two sides and their difference."""
    sides = [
        Fact(
            id=f"{group}-{number}",
            group=group,
            subject=f"{group}/0",
            metric=METRIC,
            label=FACT_DICTIONARY[METRIC].label,
            kind="metric",
            side=side,
            value=value,
            unit="°",
            decimals=1,
            uncertainty=1.0,
            n=10,
        )
        for number, (side, value) in enumerate((("left", left), ("right", right)))
    ]
    return [*sides, *side_differences(sides)]


def made_row(number, group, task, turns, facts):
    return {
        "id": f"{number:04d}",
        "task": task,
        "language": "en",
        "group": group,
        "generator": "grammar",
        "facts": facts_json(facts),
        "messages": [
            {"role": role, "content": text} for role, text in zip(("system", "user", "assistant"), turns, strict=True)
        ],
    }


def group_rows(group, first, n, seed):
    draw = random.Random(seed)
    rows = []
    for number in range(first, first + n):
        left = round(draw.uniform(30, 60), 1)
        right = round(left + draw.choice((-1, 1)) * draw.uniform(4, 20), 1)
        facts = made_facts(group, left, right)
        name = "peak knee flexion in stance"
        table = f"{name}, left: {left}°\n{name}, right: {right}°"
        if number % 2:
            side, value = draw.choice((("left", left), ("right", right)))
            question = f"{table}\n\nWhat is the {side} {name}?"
            rows.append(made_row(number, group, "read_metric", (SYSTEM, question, f"It is {value}°."), facts))
        else:
            word = "larger" if left > right else "smaller"
            question = f"{table}\n\nOn which side is the {name} larger?"
            answer = f"The {name} is {word} on the left than on the right: left {left}°, right {right}°."
            rows.append(made_row(number, group, "compare_sides", (SYSTEM, question, answer), facts))
    return rows


def write_corpus(folder, n_train=96, n_held_out=16, splits=("train", "validation", "test")):
    """Write the splits; every split has athletes of its own."""
    target = folder / "data" / "sft"
    target.mkdir(parents=True)
    first = 0
    for number, split in enumerate(splits):
        n = n_train if split == "train" else n_held_out
        rows = group_rows(f"athlete{number}", first, n, seed=number)
        first += n
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), target / f"{split}-00000-of-00001.parquet")
    return folder

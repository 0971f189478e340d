"""A corpus of a thousand rows, read again by a parser that shares nothing with the grounding check."""

import random

import pytest
from made_tables import make_folder
from pyarrow import parquet as pq
from second_parser import NUMBER, unsupported

from vidpose.corpus.build import build_corpus


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(14):
        make_folder(folder / "models", f"clip {number}.mp4", people=1 + number % 2)
    build_corpus(folder / "models", folder / "data")
    return [
        row for path in sorted((folder / "data/data/sft").glob("*.parquet")) for row in pq.read_table(path).to_pylist()
    ]


@pytest.mark.slow
def test_no_number_is_unsupported(rows):
    assert len(rows) >= 1000
    assert [(row["id"], unsupported(row)) for row in rows if unsupported(row)] == []


@pytest.mark.slow
def test_that_parser_sees_wrong_numbers(rows):
    chance = random.Random(0)
    seen = caught = 0
    for row in rows:
        answer = row["messages"][-1]["content"]
        places = [found for found in NUMBER.finditer(answer) if len(found[2]) > 2]
        if not places:
            continue
        found = chance.choice(places)
        digit = str((int(found[2][0]) + chance.randint(2, 7)) % 9 + 1)
        wrong = answer[: found.start(2)] + digit + found[2][1:] + answer[found.end(2) :]
        seen += 1
        caught += bool(
            unsupported({**row, "messages": [*row["messages"][:-1], {"role": "assistant", "content": wrong}]})
        )
    assert seen > 300
    assert caught / seen > 0.9

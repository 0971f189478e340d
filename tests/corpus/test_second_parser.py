"""A built corpus, read again by a parser that shares nothing with the grounding check."""

import random

import pytest
from pyarrow import parquet as pq
from second_parser import NUMBER, unsupported

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def rows(command_corpus):
    files = sorted((command_corpus[0] / "data/data/sft").glob("*.parquet"))
    return [row for path in files for row in pq.read_table(path).to_pylist()]


def test_no_number_is_unsupported(rows):
    assert len(rows) >= 300
    assert [(row["id"], unsupported(row)) for row in rows if unsupported(row)] == []


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
    assert seen > 100
    assert caught / seen > 0.9

"""Answers judged: numbers read from texts, rates with intervals, rows of the data set."""

import math
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_training_corpus import SCHEMA, group_rows, write_corpus

from vidpose.corpus.training.evaluate import assess_answers, baselines, rate, wilson_interval
from vidpose.corpus.training.examples import held_out_split, part_of, read_split
from vidpose.corpus.training.quantities import Quantity, compares, quantities, same_numbers
from vidpose.errors import InputError


def quantity(text, unit=""):
    number = Decimal(text)
    return Quantity(number, max(0, -number.as_tuple().exponent), unit)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("It is 92.3°.", "en", [quantity("92.3", "°")]),
        ("Es sind 92,3 Grad.", "de", [quantity("92.3", "°")]),
        ("1,876 ms", "en", [quantity("1876", "ms")]),
        ("1.876 ms", "de", [quantity("1876", "ms")]),
        ("80 to 95 degrees", "en", [quantity("80", "°"), quantity("95", "°")]),
        ("80-95°", "en", [quantity("80", "°"), quantity("95", "°")]),
        ("from \u221212.3° up", "en", [quantity("-12.3", "°")]),
        ("3 steps, 170 per minute", "en", [quantity("3"), quantity("170", "per minute")]),
        ("0.35 m/s, not 0.35 m", "en", [quantity("0.35", "m/s"), quantity("0.35", "m")]),
        ("BlazePose33 and v2.0 in 3-D", "en", []),
        ("no number", "en", []),
    ],
)
def test_numbers_are_read_with_their_units(text, language, expected):
    assert quantities(text, language) == expected


@pytest.mark.parametrize(
    ("said", "wanted", "same"),
    [
        ("92.3°", "92.3°", True),
        ("92°", "92.3°", True),
        ("92.4°", "92.3°", False),
        ("93°", "92.3°", False),
        ("92.3", "92.3°", False),
        ("92.3° and 92.3°", "92.3°", False),
        ("", "92.3°", False),
        ("right 40°, left 50°", "50° left against 40° right", True),
        ("1876 ms", "1.876 s", True),
        ("1.9 s", "1.876 s", True),
        ("0 m", "0.4 m", False),
        ("-12°", "12°", False),
    ],
)
def test_answers_hold_all_the_numbers_and_no_others(said, wanted, same):
    assert same_numbers(said, wanted, "en", signed=True) is same


def test_in_comparisons_the_words_carry_the_sign():
    assert same_numbers("-12°", "12°", "en", signed=False)


@given(st.decimals(-999, 999, places=2, allow_nan=False), st.integers(0, 2))
def test_a_rounded_number_is_the_same_unless_the_rounding_loses_too_much(value, places):
    rounded = round(value, places)
    lost = abs(rounded - value)
    same = same_numbers(f"{rounded:.{places}f}°", f"{value:.2f}°", "en", signed=True)
    assert same is (lost <= Decimal("0.005") or lost <= Decimal("0.05") * abs(value))


def test_comparisons_are_known_by_their_words():
    assert compares("The left knee bends more than the right.", "en")
    assert compares("Links ist der Wert größer als rechts.", "de")
    assert not compares("The largest knee flexion is 92°.", "en")
    assert not compares("", "en")


# --- rates --------------------------------------------------------------------------------------------------------


def test_wilson_intervals_agree_with_published_ones():
    """81 of 263 and 0 of 20: Newcombe 1998, table I, method 3."""
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_hold_the_share_and_mirror(pair):
    hits, n = pair
    low, high = wilson_interval(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1
    mirrored = wilson_interval(n - hits, n)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high))


def test_nothing_judged_is_no_rate():
    assert rate(0, 0)["rate"] is None


# --- rows ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("made") / "corpus", n_train=12, n_held_out=6)


def test_rows_are_read_with_their_facts(corpus):
    rows = read_split(corpus, ("sft",), "train")
    assert len(rows) == 12
    first = rows[0]
    assert [turn["role"] for turn in first.chat] == ["system", "user", "assistant"]
    assert first.prompt == first.chat[:-1]
    assert first.answer == first.chat[-1]["content"]
    assert {fact.side for fact in first.facts} == {"left", "right", "both"}
    assert math.isnan(first.facts[0].start_s)
    assert first.example.facts == tuple(fact.id for fact in first.facts)
    assert repr(read_split(corpus, ("sft", "sft_openai"), "train")) == repr(rows)  # NaN is not equal to itself


def test_the_test_split_is_held_out_first(corpus, tmp_path):
    assert held_out_split(corpus, ("sft",))[0] == "test"
    two = write_corpus(tmp_path / "two", 4, 4, splits=("train", "validation"))
    assert held_out_split(two, ("sft",))[0] == "validation"
    assert held_out_split(tmp_path, ("sft",)) == (None, ())


def test_the_part_of_a_split_is_spread_and_does_not_depend_on_its_order(corpus):
    rows = read_split(corpus, ("sft",), "train")
    part = part_of(rows, 4)
    assert part == part_of(rows[::-1], 4)
    assert [row.example.task for row in part] == ["compare_sides"] * 2 + ["read_metric"] * 2
    assert len(part_of(rows, 100)) == 12


def spoil(rows, **changes):
    rows[1] |= changes
    return rows


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"messages": []}, "turns, got"),
        ({"messages": [{"role": "user", "content": "?"}]}, "turns, got"),
        ({"messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": ""}]}, "turns, got"),
        ({"facts": "no json"}, "not a conversation"),
        ({"facts": '[{"id": "a"}]'}, "not a conversation"),
        ({"facts": None}, "not a conversation"),
    ],
)
def test_a_broken_row_is_named(tmp_path, changes, words):
    folder = tmp_path / "data" / "sft"
    folder.mkdir(parents=True)
    rows = spoil(group_rows("athlete", 0, 3, 0), **changes)
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), folder / "train-00000-of-00001.parquet")
    with pytest.raises(InputError, match=f"train-00000-of-00001.parquet, row 1: .*{words}.*vidpose corpus verify"):
        read_split(tmp_path, ("sft",), "train")


def test_a_file_that_is_none_is_named(tmp_path):
    folder = tmp_path / "data" / "sft"
    folder.mkdir(parents=True)
    (folder / "train-00000-of-00001.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(InputError, match="not a readable corpus file"):
        read_split(tmp_path, ("sft",), "train")


def test_a_file_without_the_columns_is_named(tmp_path):
    folder = tmp_path / "data" / "sft"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"text": ["a"]}), folder / "train-00000-of-00001.parquet")
    with pytest.raises(InputError, match="lacks the columns facts, generator"):
        read_split(tmp_path, ("sft",), "train")


# --- answers ------------------------------------------------------------------------------------------------------


def test_the_corpus_s_own_answers_are_the_best_and_babble_is_not_grounded(corpus):
    rows = read_split(corpus, ("sft",), "test")
    best = assess_answers(rows, [(row.answer, True) for row in rows])
    assert {best["all"][key]["rate"] for key in ("numeric_exact", "grounded_numbers", "grounded_answers", "ended")} == {
        1
    }
    assert best["all"]["direction"] == rate(3, 3)
    assert set(best["by_task"]) == {"compare_sides", "read_metric"}
    assert best["by_language"]["en"]["n"] == 6
    assert [one["wanted"] for one in best["transcripts"]] == [row.answer for row in rows]
    babble = assess_answers(rows, [("knee knee the", False) for _ in rows])["all"]
    assert [babble[key]["hits"] for key in ("numeric_exact", "grounded_answers", "direction", "ended")] == [0] * 4
    assert babble["grounded_numbers"]["n"] == 0


def turned(text):
    return text.replace("larger", "?").replace("smaller", "larger").replace("?", "smaller")


def test_a_turned_comparison_is_wrong_though_its_numbers_are_right(corpus):
    rows = [row for row in read_split(corpus, ("sft",), "test") if row.example.task == "compare_sides"]
    found = assess_answers(rows, [(turned(row.answer), True) for row in rows])["all"]
    assert found["numeric_exact"]["rate"] == 1
    assert found["direction"] == rate(0, 3)
    assert found["grounded_answers"]["rate"] == 0


def test_swapped_sides_are_wrong_too(corpus):
    rows = [row for row in read_split(corpus, ("sft",), "test") if row.example.task == "compare_sides"]
    swapped = [row.answer.replace("left", "?").replace("right", "left").replace("?", "right") for row in rows]
    found = assess_answers(rows, [(text, True) for text in swapped])["all"]
    assert found["direction"]["rate"] == found["grounded_numbers"]["rate"] == found["grounded_answers"]["rate"] == 0
    assert found["numeric_exact"]["rate"] == 1


def test_another_number_is_neither_exact_nor_grounded(corpus):
    rows = [row for row in read_split(corpus, ("sft",), "test") if row.example.task == "read_metric"]
    found = assess_answers(rows, [("It is 3.1°.", True) for _ in rows])["all"]
    assert found["numeric_exact"]["rate"] == found["grounded_numbers"]["rate"] == found["grounded_answers"]["rate"] == 0


def test_the_constant_answer_is_the_commonest_of_training(corpus):
    train, test = read_split(corpus, ("sft",), "train"), read_split(corpus, ("sft",), "test")
    found = baselines(test, train)
    assert found["reference"]["all"]["numeric_exact"]["rate"] == 1
    assert found["constant"]["all"]["numeric_exact"]["rate"] == 0

"""Near-duplicates: what the sketch finds against the exact answer, and what is none."""

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_corpus import made_corpus, made_example, made_fact, made_video

from vidpose.corpus.dataset.deduplicate import find_duplicates, jaccard, minhash, near_pairs, shingles
from vidpose.corpus.dataset.same_movement import find_same_movement
from vidpose.corpus.example import Message
from vidpose.corpus.settings.dataset import DuplicateSettings


def test_shingles_of_words_and_numbers():
    assert shingles("One two, three 4.5 six", 3) == {"one two ,", "two , three", ", three 4.5", "three 4.5 six"}
    assert shingles("Two words", 5) == {"two words"}
    assert shingles("  ", 5) == frozenset()


def test_jaccard_by_hand():
    assert jaccard(frozenset("abcd"), frozenset("cdef")) == 2 / 6
    assert jaccard(frozenset(), frozenset()) == 1.0
    assert jaccard(frozenset("a"), frozenset()) == 0.0


@given(st.frozensets(st.text(max_size=5), max_size=30))
def test_equal_sets_have_equal_signatures(elements):
    assert np.array_equal(minhash(elements), minhash(sorted(elements)))


def sets_of(similarity, n, seed):
    """Pairs of sets of 60 with that Jaccard similarity."""
    shared = round(60 * 2 * similarity / (1 + similarity))
    draw = random.Random(seed)
    for _ in range(n):
        names = [f"{draw.random()}" for _ in range(120)]
        yield frozenset(names[:60]), frozenset(names[60 - shared : 120 - shared])


def test_signatures_estimate_the_similarity():
    """126 rows: the mean over 40 pairs of similarity 0.5 is within three standard errors."""
    shares = [np.mean(minhash(one) == minhash(other)) for one, other in sets_of(0.5, 40, 1)]
    exact = [jaccard(one, other) for one, other in sets_of(0.5, 40, 1)]
    assert np.mean(shares) == pytest.approx(np.mean(exact), abs=3 * 0.5 / np.sqrt(126 * 40))


def test_the_bands_find_what_is_similar_and_nothing_else():
    sets = [one for pair in sets_of(0.85, 200, 2) for one in pair] + [
        one for pair in sets_of(0.7, 50, 3) for one in pair
    ]
    exact = {(a, b) for a, b in itertools.combinations(range(len(sets)), 2) if jaccard(sets[a], sets[b]) >= 0.8}
    found = set(near_pairs(sets, 0.8))
    assert found <= exact
    assert len(exact) == 200
    assert len(found) >= 0.99 * len(exact)


def reworded(example, old, new):
    messages = tuple(Message(one.role, one.content.replace(old, new)) for one in example.messages)
    return replace(example, id=example.id + new, messages=messages, spans=())


LONG = (
    "What was measured here? The table of this recording holds the left knee, the right knee, the left hip, the right "
    "hip, the trunk and both ankles, each with value and uncertainty."
)


def test_a_conversation_that_says_the_same_goes_and_the_earlier_one_stays():
    first = made_example(made_fact("a"), more=LONG)
    second = reworded(first, "each with value", "all with value")
    assert find_duplicates([first, second]) == {second.id: first.id}
    assert find_duplicates([second, first]) == {first.id: second.id}


def test_another_answer_to_the_same_table_is_no_duplicate():
    first = made_example(made_fact("a"), more=LONG)
    other = made_example(made_fact("a", "hip_range", 31.0, side="right"), more=LONG)
    assert find_duplicates([first, other], DuplicateSettings(similarity=0.5)) == {}


def test_the_same_words_in_another_language_column_are_no_duplicate():
    first = made_example(made_fact("a"), more=LONG)
    assert find_duplicates([first, replace(first, id="other", language="de")]) == {}


def test_after_it_nothing_is_left_to_find():
    _, examples = made_corpus(3, n_words=4)
    gone = find_duplicates(examples, DuplicateSettings(similarity=0.6))
    left = [example for example in examples if example.id not in gone]
    assert gone
    assert find_duplicates(left, DuplicateSettings(similarity=0.6)) == {}


def test_a_video_stored_twice_is_found():
    facts = made_video(1)
    again = [
        replace(fact, id="x" + fact.id, group="again", subject="again/0", value=fact.value * 1.004) for fact in facts
    ]
    other = made_video(2)
    assert find_same_movement([*facts, *again, *other]) == [tuple(sorted(("again", facts[0].group)))]


def test_too_few_values_tell_no_video_from_another():
    facts = made_video(1, n_metrics=2)
    again = [replace(fact, id="x" + fact.id, group="again", subject="again/0") for fact in facts]
    assert find_same_movement([*facts, *again]) == []


@pytest.mark.parametrize(("changes", "name"), [({"similarity": 0.4}, "similarity"), ({"shingle_words": 0}, "shingle")])
def test_bad_settings_are_named(changes, name):
    with pytest.raises(ValueError, match=name):
        DuplicateSettings(**changes)

"""Whole groups, never moved, never shared."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_corpus import made_corpus, made_example, made_fact

from vidpose.corpus.dataset.splits import SPLITS, assign_splits, groups_of
from vidpose.corpus.settings.dataset import SplitSettings


def examples_of(sizes):
    """So many examples of each group."""
    return [
        made_example(made_fact(group, f"metric_{number}")) for group, size in sizes.items() for number in range(size)
    ]


def test_three_groups_fill_three_splits():
    plan = assign_splits(examples_of({"a": 5, "b": 5, "c": 5}))
    assert Counter(plan.of_group.values()) == {"train": 1, "validation": 1, "test": 1}
    assert plan.holds_out


@pytest.mark.parametrize("names", ["a", "ab"])
def test_fewer_than_three_groups_are_trained_on(names):
    plan = assign_splits(examples_of(dict.fromkeys(names, 20)))
    assert set(plan.of_group.values()) == {"train"}
    assert not plan.holds_out


def test_the_shares_are_those_asked_for():
    plan = assign_splits(examples_of({f"group_{number}": 10 for number in range(100)}))
    counts = Counter(plan.of_group.values())
    assert (counts["test"], counts["validation"]) == (10, 10)


def test_the_largest_group_is_not_held_out():
    plan = assign_splits(examples_of({"large": 60, **{f"small_{number}": 2 for number in range(20)}}))
    assert plan.of_group["large"] == "train"


def test_old_groups_stay_when_videos_are_added():
    first = assign_splits(examples_of({f"group_{number}": 4 for number in range(12)}))
    more = examples_of({f"group_{number}": 4 for number in range(40)})
    second = assign_splits(more, previous=first.of_group)
    assert {group: second.of_group[group] for group in first.of_group} == dict(first.of_group)
    assert Counter(second.of_group.values())["test"] == 4


def test_groups_that_are_gone_are_remembered():
    first = assign_splits(examples_of({f"group_{number}": 4 for number in range(12)}))
    second = assign_splits(examples_of({"group_1": 4}), previous=first.of_group)
    assert second.of_group == first.of_group


def test_twins_share_a_split_and_a_new_one_follows_the_old():
    sizes = {f"group_{number:02d}": 4 for number in range(12)}
    plan = assign_splits(examples_of(sizes), same_movement=[("group_03", "group_07"), ("group_07", "group_09")])
    assert len({plan.of_group[f"group_{number}"] for number in ("03", "07", "09")}) == 1
    held = next(group for group, split in plan.of_group.items() if split == "test")
    later = assign_splits(examples_of({**sizes, "new": 4}), same_movement=[("new", held)], previous=plan.of_group)
    assert later.of_group["new"] == "test"


def test_a_new_twin_of_two_old_splits_is_trained_on():
    old = {"a": "test", "b": "train"}
    plan = assign_splits(examples_of({"a": 4, "b": 4, "c": 4}), [("a", "c"), ("b", "c")], old)
    assert plan.of_group == {"a": "test", "b": "train", "c": "train"}


def compared(one, other):
    return made_example(made_fact(one, "difference"), task="compare_videos", group=f"{one}|{other}")


def test_comparing_all_videos_does_not_join_all():
    names = [f"group_{number:02d}" for number in range(20)]
    every = examples_of(dict.fromkeys(names, 5))
    every += [compared(one, other) for one in names for other in names if one < other]
    plan = assign_splits(every)
    assert plan.holds_out
    assert len(plan.components) == 10
    kept = [example for example in every if "|" in example.group and plan.split_of(example)]
    assert {plan.split_of(example) for example in kept} == set(SPLITS)
    assert all(len({plan.of_group[group] for group in groups_of(example)}) == 1 for example in kept)


def test_a_comparison_across_splits_has_no_split():
    plan = assign_splits([*examples_of({"a": 5, "b": 5, "c": 5}), compared("a", "b")])
    assert plan.split_of(compared("a", "b")) is None
    assert plan.split_of(compared("a", "a")) == plan.of_group["a"]


def test_the_order_of_examples_plays_no_part():
    _, examples = made_corpus(15)
    assert assign_splits(examples).of_group == assign_splits(examples[::-1]).of_group


def test_another_seed_draws_other_groups():
    examples = examples_of({f"group_{number}": 3 for number in range(60)})
    one, other = (assign_splits(examples, settings=SplitSettings(seed=seed)).of_group for seed in (0, 1))
    assert one != other


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.integers(1, 6), min_size=1),
    st.lists(st.tuples(st.sampled_from("abcdefghijklmnop"), st.sampled_from("abcdefghijklmnop")), max_size=6),
    st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.sampled_from(SPLITS), max_size=5),
)
def test_every_group_has_one_split_and_old_ones_keep_theirs(sizes, same_movement, previous):
    plan = assign_splits(examples_of(sizes), same_movement, previous)
    assert set(plan.of_group) == set(sizes) | set(previous)
    assert {group: plan.of_group[group] for group in previous} == previous
    assert sorted(group for component in plan.components for group in component) == sorted(sizes)
    if not previous and len(plan.components) >= 3:
        assert plan.holds_out
    if not previous:
        assert all(len({plan.of_group[group] for group in component}) == 1 for component in plan.components)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"test_share": 0.0}, "test_share"),
        ({"validation_share": 0.6}, "validation_share"),
        ({"pair_above_components": 2}, "pair"),
    ],
)
def test_bad_settings_are_named(changes, name):
    with pytest.raises(ValueError, match=name):
        replace(SplitSettings(), **changes)

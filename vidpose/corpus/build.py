"""From results to a dataset: facts, examples, check, de-duplication, balance, split, pairs, files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidpose import __version__
from vidpose.corpus.dataset.balance import find_surplus
from vidpose.corpus.dataset.content import GRAMMAR_PART, Content, part_of
from vidpose.corpus.dataset.deduplicate import find_duplicates
from vidpose.corpus.dataset.evidence_json import facts_json
from vidpose.corpus.dataset.preference import make_pairs
from vidpose.corpus.dataset.publish import finish_publication
from vidpose.corpus.dataset.row_checks import Failures, failures_of
from vidpose.corpus.dataset.same_movement import find_same_movement
from vidpose.corpus.dataset.splits import SPLITS, Split, SplitPlan, assign_splits, groups_of
from vidpose.corpus.dataset.tokens import CountTokens, estimate_tokens
from vidpose.corpus.dataset.write import read_splits, write_dataset
from vidpose.corpus.example import Example, Fact
from vidpose.corpus.example_filter import ExampleFilter, refuse_without_examples, refuse_without_facts
from vidpose.corpus.facts.fact_table import FactTable
from vidpose.corpus.facts.read_facts import HASH_DIGITS, read_facts
from vidpose.corpus.facts.references import reference_facts
from vidpose.corpus.grounding.vocabulary import VOCABULARIES
from vidpose.corpus.settings.dataset import (
    CorpusSettings,
    FactSettings,
    TextSettings,
)
from vidpose.corpus.tasks.make_examples import make_examples
from vidpose.errors import OutputError
from vidpose.planning.keys import fingerprint, plain

ATHLETE_GROUPS: Final = "athlete-"
"""Prefix of a group that is an athlete, not a video."""


@dataclass(frozen=True, slots=True)
class CorpusParts:
    """The steps that other rooms of the corpus own; tests put simple ones in their place.

    Attributes
    ----------
    read_facts
        Models folder and settings -> fact table.
    make_examples
        Facts by id and settings -> examples.
    failures
        Example and facts -> reasons against it.
    """

    read_facts: Callable[[Path, FactSettings], FactTable] = read_facts
    make_examples: Callable[[Mapping[str, Fact], TextSettings], Iterable[Example]] = make_examples
    failures: Failures = failures_of


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What was built.

    Attributes
    ----------
    counts
        ``examples``, ``pairs``, ``rejects``, ``facts``, ``videos``, ``groups``, and the examples of each part.
    rejects
        Step and reason, as ``check: unknown_number`` -> examples.
    splits
        Examples of all parts by split.
    files
        Names of the files below the target.
    notices
        Sentences for people: how it was split, and what was skipped.
    holds_out
        Whether there is a test split that an evaluation can be honest with.
    """

    counts: Mapping[str, int]
    rejects: Mapping[str, int]
    splits: Mapping[str, int]
    files: tuple[str, ...]
    notices: tuple[str, ...]
    holds_out: bool


def build_corpus(
    models_folder: Path,
    target: Path,
    settings: CorpusSettings | None = None,
    *,
    extra: Iterable[Example] = (),
    count: CountTokens = estimate_tokens,
    parts: CorpusParts | None = None,
) -> BuildResult:
    """Build the corpus of a models folder and write it, atomically.

    Parameters
    ----------
    models_folder
        Holds the results, one folder per video.
    target
        Folder of the dataset; its ``splits.json`` is kept to, other files of other programs stay.
    settings
        What the corpus is made of.
    extra
        Examples that an API wrote; checked like all others and kept in parts of their own.
    count
        Counts tokens; an estimate unless the base model's tokenizer is given.
    parts
        Steps to put in the place of the project's own.

    Raises
    ------
    InputError
        When nothing can be learnt from the results: no videos, nothing but withheld metrics, or no text that passed.
        Nothing is written then.
    OutputError
        When the target cannot be written or its former split cannot be read.
    """
    settings, parts = settings or CorpusSettings(), parts or CorpusParts()
    finish_publication(target)
    previous = read_splits(target)
    table = parts.read_facts(models_folder, settings.facts)
    refuse_without_facts(table, models_folder)
    table = table.with_facts(reference_facts(settings.references, table.facts))
    sieve = ExampleFilter(table.by_id, [*parts.make_examples(table.by_id, settings.text), *extra])
    sieve.check(parts.failures)
    sieve.leave_out("deduplicate", "near_duplicate", find_duplicates(sieve.kept, settings.duplicates))
    surplus = find_surplus(sieve.kept, table.by_id, settings.balance)
    sieve.leave_out("balance", "over_cap", surplus)
    videos = _groups_of_videos(table)
    plan = assign_splits(sieve.kept, find_same_movement(table.facts), _renamed(previous, videos), settings.splits)
    plan = _with_videos(plan, videos)
    homeless = {one.id: one.group for one in sieve.kept if plan.split_of(one) is None}
    sieve.leave_out("split", "across_splits", homeless)
    refuse_without_examples(sieve)
    content = _content(table, sieve, plan, settings, parts, count)
    assert_leak_free(content)
    files, stats = write_dataset(target, content)
    return _result(content, table, files, stats)


def _groups_of_videos(table: FactTable) -> dict[str, str]:
    """Return the group of every video: itself, or the athlete who is in it."""
    own = {fact.subject: fact.group for fact in table.facts if fact.kind == "metric"}
    return {sha256[:HASH_DIGITS]: own[subject] for subject, sha256 in table.video_sha256.items() if subject in own}


def _renamed(previous: Mapping[str, Split], videos: Mapping[str, str]) -> dict[str, Split]:
    """Return the former split for groups that were called otherwise: athletes named since, or no longer.

    An athlete whose videos were in several splits is trained on: what was trained on once cannot become a test.
    """
    found: dict[str, Split] = {}
    for video, group in sorted(videos.items()):
        if video in previous and group not in previous:
            found[group] = min(previous[video], found.get(group, previous[video]), key=SPLITS.index)
    return {**previous, **found}


def _with_videos(plan: SplitPlan, videos: Mapping[str, str]) -> SplitPlan:
    """Return the plan with the split of every video beside that of its athlete."""
    known = {video: plan.of_group[group] for video, group in videos.items() if group in plan.of_group}
    return SplitPlan({**plan.of_group, **known}, plan.components)


def _content(
    table: FactTable,
    sieve: ExampleFilter,
    plan: SplitPlan,
    settings: CorpusSettings,
    parts: CorpusParts,
    count: CountTokens,
) -> Content:
    """Return everything that goes into the dataset."""
    by_part: dict[str, dict[Split, list[Example]]] = {GRAMMAR_PART: {split: [] for split in SPLITS}}
    for example in sorted(sieve.kept, key=lambda one: one.id):
        split = plan.split_of(example)
        if split is not None:
            by_part.setdefault(part_of(example.generator), {name: [] for name in SPLITS})[split].append(example)

    def accepts(example: Example) -> bool:
        return not parts.failures(example, table.by_id)

    grammar = by_part[GRAMMAR_PART]
    sources = [one for split in SPLITS for one in grammar[split]]
    made, attempts = make_pairs(sources, table.by_id, accepts, VOCABULARIES, settings.preference)
    pairs: dict[Split, list[Any]] = {split: [] for split in SPLITS}
    for pair in made:
        split = plan.split_of(pair.example)
        if split is not None:
            pairs[split].append(pair)
    return Content(
        parts={part: by_part[part] for part in sorted(by_part)},
        pairs=pairs,
        rejects=sieve.rejects,
        plan=plan,
        split_sentence=split_sentence(plan),
        facts=table.by_id,
        attempts=attempts,
        duplicates=settings.duplicates,
        settings=_settings_values(settings),
        facts_sha256=fingerprint(facts=facts_json(table.facts)),
        vidpose_version=__version__,
        count=count,
    )


def split_sentence(plan: SplitPlan) -> str:
    """Return how a corpus was split, and what that guarantees, for people."""
    groups = [group for component in plan.components for group in component]
    athletes = sum(group.startswith(ATHLETE_GROUPS) for group in groups)
    n = f"{len(plan.components)} {'group' if len(plan.components) == 1 else 'independent groups'}"
    unknown = len(groups) - athletes
    made = f"{n} ({_counted(athletes, 'athlete')}, {_counted(unknown, 'video')} whose athlete is unknown)"
    if not plan.holds_out:
        return (
            f"There is no complete held-out part: {made}, but a valid evaluation on new people needs three or more "
            "groups that were not used for training; add videos of others and build again."
        )
    known = (
        "No athlete is in two splits."
        if athletes == len(groups)
        else "No video is in two splits. Athletes are not known for all videos, so the same person may be in two "
        "splits; name them to rule that out."
    )
    return f"Whole groups are held out: {made}. {known} Recordings with nearly the same values share a split."


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _settings_values(settings: CorpusSettings) -> dict[str, Any]:
    """Return the settings as plain values; who is in which video is given as a hash, because the keys are names."""
    values: dict[str, Any] = plain(settings)
    for name in ("athletes", "exercises"):
        values["facts"][name] = fingerprint(assignment=dict(getattr(settings.facts, name)))
    return values


def assert_leak_free(content: Content) -> None:
    """Refuse a dataset in which two splits share a group, an example, or an example and what it rephrases.

    Parameters
    ----------
    content
        The dataset.

    Raises
    ------
    OutputError
        When they do: an error of this program; nothing is written.
    """
    homes: dict[str, set[str]] = defaultdict(set)
    for splits in content.parts.values():
        for split, examples in splits.items():
            for example in examples:
                for name in (*groups_of(example), example.id, example.parent):
                    homes[name].add(split)
    for split, pairs in content.pairs.items():
        for pair in pairs:
            homes[pair.example.id].add(split)
    homes.pop("", None)
    shared = sorted(name for name, splits in homes.items() if len(splits) > 1)
    if shared:
        raise OutputError(f"splits share {shared[0]} (and {len(shared) - 1} more); please report this")


def _result(content: Content, table: FactTable, files: Sequence[str], stats: Mapping[str, Any]) -> BuildResult:
    splits: dict[str, int] = {split: sum(counts[split] for counts in stats["examples"].values()) for split in SPLITS}
    counts = {
        "examples": stats["n_examples"],
        "pairs": sum(stats["pairs"].values()),
        "rejects": len(content.rejects),
        "facts": len(table.facts),
        "videos": len(set(table.video_sha256.values())),
        "groups": sum(len(component) for component in content.plan.components),
        **{part: sum(found.values()) for part, found in stats["examples"].items()},
    }
    notices = [content.split_sentence]
    notices += [f"{one.name}: skipped, {one.reason}" for one in table.skipped]
    rejects = Counter(f"{one.stage}: {one.reason}" for one in content.rejects)
    return BuildResult(
        counts, dict(sorted(rejects.items())), splits, tuple(files), tuple(notices), content.plan.holds_out
    )

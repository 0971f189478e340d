"""Which split an example belongs to: whole groups only, the same group for ever in the same split.

A group is an athlete, or a video whose athlete is unknown. Groups that hold the same movement (one video stored twice,
or cut differently) are joined into one component first. A comparison of two groups joins them too, two by two and only
as long as enough components remain; every other comparison is kept when both groups happen to share a split, and is
left out otherwise. Were every comparison to join, comparing all videos with each other would leave one component and
nothing to hold out.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from vidpose.corpus.example import Example
from vidpose.corpus.settings.dataset import MIN_COMPONENTS, SplitSettings

Split = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")
_OVERSHOOT: Final = 1.5
"""Ours: what is left of a share may be passed by half, else only the smallest components would ever be held out."""


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Where every group goes.

    Attributes
    ----------
    of_group
        Split of each group, those of earlier builds included.
    components
        Groups of this build that belong together, each and all sorted.
    """

    of_group: Mapping[str, Split]
    components: tuple[tuple[str, ...], ...]

    @property
    def holds_out(self) -> bool:
        """Whether groups of this build lie in all three splits."""
        return {self.of_group[group] for component in self.components for group in component} == set(SPLITS)

    def split_of(self, example: Example) -> Split | None:
        """Return the example's split; None when it speaks of groups that lie in different splits."""
        found = {self.of_group[group] for group in groups_of(example)}
        return found.pop() if len(found) == 1 else None


def groups_of(example: Example) -> tuple[str, ...]:
    """Return the groups that an example speaks of: one, or those that a comparison joins by ``|``."""
    return tuple(sorted(set(example.group.split("|"))))


@dataclass(slots=True)
class _Components:
    """Union-find over names."""

    parent: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str:
        self.parent.setdefault(name, name)
        while self.parent[name] != name:
            self.parent[name] = self.parent[self.parent[name]]
            name = self.parent[name]
        return name

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self.parent[second] = first

    def members(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.parent):
            found[self.find(name)].append(name)
        return found


def assign_splits(
    examples: Iterable[Example],
    same_movement: Iterable[tuple[str, str]] = (),
    previous: Mapping[str, Split] | None = None,
    settings: SplitSettings | None = None,
) -> SplitPlan:
    """Assign every group of the examples to a split.

    Groups that were assigned before stay; new ones that belong to them follow. The others are drawn in the order of a
    hash of their name until test and validation are filled. With fewer than three components all new ones go to train.

    Parameters
    ----------
    examples
        All examples that are to be split.
    same_movement
        Pairs of groups that show the same movement.
    previous
        Assignment of earlier builds.
    settings
        How much is held out.
    """
    settings, previous = settings or SplitSettings(), dict(previous or {})
    # a video in which nothing could be measured gives refusals only: it must not be all that a test consists of
    weights: dict[str, int] = defaultdict(int)
    compared: set[tuple[str, ...]] = set()
    for example in examples:
        groups = groups_of(example)
        if len(groups) == 1:
            weights[groups[0]] += bool(example.spans)
        else:
            compared.add(groups)
            for group in groups:
                weights.setdefault(group, 0)
    components = _components(weights, same_movement, sorted(compared), settings)
    of_group = _draw(components, weights, previous, settings)
    return SplitPlan({**previous, **of_group}, tuple(components))


def _components(
    weights: Mapping[str, int],
    same_movement: Iterable[tuple[str, str]],
    compared: Iterable[tuple[str, ...]],
    settings: SplitSettings,
) -> list[tuple[str, ...]]:
    """Return the components: groups that show the same movement always, comparisons two by two while enough remain."""
    joined = _Components()
    for group in sorted(weights):
        joined.find(group)
    for one, other in sorted(same_movement):
        if one in weights and other in weights:
            joined.join(one, other)
    n, paired = len(joined.members()), set[str]()
    for groups in compared:
        roots = {joined.find(group) for group in groups}
        if len(roots) == 2 and n > settings.pair_above_components and not roots & paired:
            joined.join(*roots)
            paired |= {*roots, joined.find(groups[0])}
            n -= 1
    return sorted(tuple(members) for members in joined.members().values())


def _draw(
    components: Iterable[tuple[str, ...]],
    weights: Mapping[str, int],
    previous: Mapping[str, Split],
    settings: SplitSettings,
) -> dict[str, Split]:
    """Return the split of every group of the components."""
    of_group: dict[str, Split] = {}
    filled: dict[Split, int] = dict.fromkeys(SPLITS, 0)
    present: set[Split] = set()
    drawn: list[tuple[str, tuple[str, ...]]] = []
    components = list(components)
    for component in components:
        known = sorted({previous[group] for group in component if group in previous}, key=SPLITS.index)
        if not known:
            drawn.append((hashlib.sha256(f"{settings.seed}:{component[0]}".encode()).hexdigest(), component))
            continue
        for group in component:  # should two old splits meet, a new group follows the one that is trained on
            of_group[group] = previous.get(group, known[0])
            filled[of_group[group]] += weights[group]
        present |= set(known)
    waiting = [component for _, component in sorted(drawn)]
    if len(components) >= MIN_COMPONENTS:
        total = sum(weights.values())
        wanted: tuple[tuple[Split, float], ...] = (
            ("test", settings.test_share),
            ("validation", settings.validation_share),
        )
        for place, (split, share) in enumerate(wanted):
            later = {name for name, _ in wanted[place + 1 :]} | {"train"}
            keep = len(later - present)  # one component for each split that has none yet
            room = round(share * total) - filled[split]
            taken = _take(waiting, weights, room, len(waiting) - keep, split not in present)
            of_group.update({group: split for component in taken for group in component})
            waiting = [component for component in waiting if component not in taken]
    return {**of_group, **{group: "train" for component in waiting for group in component}}


def _take(
    waiting: list[tuple[str, ...]], weights: Mapping[str, int], room: int, n_max: int, at_least_one: bool
) -> list[tuple[str, ...]]:
    """Return the components that about fit into the room, in their order; the smallest if none does and one must."""
    taken: list[tuple[str, ...]] = []
    sizes = {component: sum(weights[group] for group in component) for component in waiting}
    for component in waiting:
        if len(taken) < n_max and 0 < sizes[component] <= _OVERSHOOT * room:
            taken.append(component)
            room -= sizes[component]
    if not taken and at_least_one and n_max > 0:
        taken = [min(waiting, key=lambda component: (sizes[component] == 0, sizes[component], component))]
    return taken

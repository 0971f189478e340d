"""Which texts are asked for: requests, and the examples that each answer will be filled into."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from vidpose.corpus.example import Example, Fact
from vidpose.corpus.privacy import reason_not_to_send
from vidpose.corpus.settings.synthesis import SynthesisSettings
from vidpose.corpus.synthesis import generation, slots
from vidpose.corpus.synthesis.environment import Check
from vidpose.corpus.synthesis.prompts import free_prompt, slots_prompt
from vidpose.corpus.synthesis.providers.protocol import Prompt, Provider, Request
from vidpose.planning.keys import fingerprint

Source = slots.Template | generation.FreePlan


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request.

    Attributes
    ----------
    request
        What is sent.
    uses
        Examples that the answer serves, with what was taken out of each.
    """

    request: Request
    uses: tuple[tuple[Example, Source], ...]

    @property
    def language(self) -> str:
        """Language of the texts."""
        return self.uses[0][0].language


def plan_requests(
    examples: Iterable[Example],
    facts: Mapping[str, Fact],
    settings: SynthesisSettings,
    provider: Provider,
    check: Check,
    counts: Counter[str],
) -> list[PlannedRequest]:
    """Choose requests, the same ones whatever the order of the examples.

    Examples that are alike but for their numbers make one request. Of each task and language the ``n_per_task`` first
    requests are taken, in the order of their keys, which is as good as drawn.

    Parameters
    ----------
    examples
        Originals; texts with mistakes made on purpose and texts of other models are passed over.
    facts
        Facts by id.
    settings
        Mode and numbers.
    provider
        Who writes.
    check
        The grounding check; no money is spent on an original that does not pass it.
    counts
        Gets what was passed over, by reason.
    """
    uses: dict[str, list[tuple[Example, Source]]] = defaultdict(list)
    requests: dict[str, Request] = {}
    for example in sorted(examples, key=lambda one: one.id):
        made = _prompt(example, facts, settings, counts)
        if made is None:
            continue
        request = provider.request(made[0], settings.max_output_tokens, settings.effort)
        requests[request.key] = request
        uses[request.key].append((example, made[1]))
    taken: Counter[tuple[str, str]] = Counter()
    jobs: list[PlannedRequest] = []
    for key in sorted(requests):
        kind = (uses[key][0][0].task, uses[key][0][0].language)
        if taken[kind] >= settings.n_per_task:
            counts["left_out:n_per_task"] += 1
            continue
        sound = (one for one in _drawn(uses[key], key) if check(one[0], facts).ok)
        chosen = tuple(islice(sound, settings.n_per_answer))
        if chosen:
            taken[kind] += 1
            jobs.append(PlannedRequest(requests[key], chosen))
        else:
            counts["left_out:ungrounded"] += 1
    return jobs


def _drawn(uses: list[tuple[Example, Source]], key: str) -> list[tuple[Example, Source]]:
    """Order examples by a hash, taking groups in turn, so that one video does not take every place."""
    ordered = sorted(uses, key=lambda one: fingerprint(key=key, example=one[0].id))
    seen: Counter[str] = Counter()
    turns: list[int] = []
    for example, _ in ordered:
        turns.append(seen[example.group])
        seen[example.group] += 1
    return [use for _, _, use in sorted((turn, place, ordered[place]) for place, turn in enumerate(turns))]


def _prompt(
    example: Example, facts: Mapping[str, Fact], settings: SynthesisSettings, counts: Counter[str]
) -> tuple[Prompt, Source] | None:
    if example.corruption or example.generator != "grammar":
        counts["left_out:no_original"] += 1
        return None
    made = _slots(example, facts) if settings.mode == "slots" else _free(example, facts, settings.send == "values")
    if made is None:
        counts["left_out:no_prose"] += 1
        return None
    # the originals too: a file name whose digit has become a placeholder looks like none
    role = "assistant" if settings.mode == "slots" else "user"
    originals = [one.content for one in example.messages if one.role == role]
    problem = reason_not_to_send([*_leaves(json.loads(made[0].user)), *originals], settings.forbidden)
    if problem:
        counts[f"withheld:{problem}"] += 1
        return None
    return made


def _slots(example: Example, facts: Mapping[str, Fact]) -> tuple[Prompt, Source] | None:
    template = slots.make_template(example, facts)
    if template is None:
        return None
    return slots_prompt(example.language, example.task, template.turns, template.meanings()), template


def _free(example: Example, facts: Mapping[str, Fact], values: bool) -> tuple[Prompt, Source] | None:
    plan = generation.make_plan(example, facts, values=values)
    if plan is None:
        return None
    return free_prompt(example.language, example.task, plan.question, plan.meanings), plan


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)

"""Originals, facts and settings for the tests of synthetic texts; no model, no video."""

from __future__ import annotations

from dataclasses import dataclass

from fake_servers import KEY

from vidpose.corpus.example import Example, Fact, Message, Span
from vidpose.corpus.settings.synthesis import RetrySettings, SynthesisSettings
from vidpose.corpus.synthesis.environment import Environment

LABELS = ("Knee flexion", "Hip flexion", "Trunk lean", "Cadence", "Step time", "Sway", "Contact time", "Flight time")
SHORT = RetrySettings(tries=4, first_wait_s=0.01, longest_wait_s=0.5, total_wait_s=2.0)


@dataclass(frozen=True)
class Verdict:
    ok: bool
    failures: tuple = ()


def accept_all(example, facts):
    return Verdict(True)


def made_fact(number, value=None):
    label = LABELS[number % len(LABELS)]
    return Fact(
        id=f"fact{number}",
        group=f"g{number % 3}",
        subject=f"g{number % 3}/p",
        metric=f"metric{number}",
        label=f"{label} {'abcdefghijklmnopqrstuvwxyz'[number // len(LABELS)]}",
        kind="metric",
        side="left",
        value=92.34 + number if value is None else value,
        unit="°",
        decimals=1,
    )


def made_example(number):
    fact = made_fact(number)
    shown = f"{fact.value:.1f}°"
    text = f"The left {fact.label.lower()} was {shown} in this recording."
    start = text.index(shown)
    return Example(
        id=f"{number:032x}",
        task="read_metric",
        language="en",
        group=fact.group,
        messages=(
            Message("user", f"{fact.label}, left: {shown}\nWhat was it?"),
            Message("assistant", text),
        ),
        facts=(fact.id,),
        spans=(Span(1, start, start + len(shown), fact.id),),
    )


def made_cases(n):
    return [made_example(one) for one in range(n)], {f"fact{one}": made_fact(one) for one in range(n)}


def settings_for(openai=None, claude=None, **more):
    fakes = {"openai": openai, "claude": claude}
    urls = {"openai": openai and f"{openai.url}/v1", "claude": claude and claude.url}
    given = {
        "vendors": tuple(name for name, fake in fakes.items() if fake),
        "base_urls": {name: url for name, url in urls.items() if url},
        "retry": SHORT,
        "poll_s": 0.02,
        "adopt_pause_s": 0.02,
        "batch_wait_s": 5.0,
        "timeout_s": 5.0,
        "n_per_task": 1000,
    }
    return SynthesisSettings(**(given | more))


def environment(check=accept_all, said=None, slept=None):
    return Environment(
        check=check,
        environ={"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY},
        say=(said if said is not None else []).append,
        **({"sleep": slept.append} if slept is not None else {}),
    )

"""What the session asks of a vendor, in words that no vendor owns: requests, replies, batches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal, Protocol

from vidpose.corpus.settings.synthesis import Vendor
from vidpose.corpus.synthesis.providers.faults import Fault
from vidpose.planning.keys import fingerprint

Outcome = Literal["done", "refused", "truncated", "malformed"]


@dataclass(frozen=True)
class Request:
    """One question to a model; equal requests have equal keys, and one key is paid once.

    Attributes
    ----------
    vendor, model, api
        Where it goes, and in which wire format.
    purpose
        ``slots``, ``free`` or ``judge``.
    body
        JSON body, as it travels.
    output_field
        Where ``body`` holds the most output tokens.
    """

    vendor: Vendor
    model: str
    api: str
    purpose: str
    body: dict[str, Any]
    output_field: str

    @cached_property
    def key(self) -> str:
        """Key of the ledger and custom id in batches; both vendors take 64 of ``[A-Za-z0-9_-]``."""
        return "k_" + fingerprint(vendor=self.vendor, api=self.api, purpose=self.purpose, body=self.body)[:40]

    @cached_property
    def n_bytes(self) -> int:
        """Length of the body in UTF-8."""
        return len(json.dumps(self.body, ensure_ascii=False).encode())

    @property
    def max_output_tokens(self) -> int:
        """Most tokens that may be written, hidden reasoning included."""
        return int(self.body[self.output_field])

    def with_room(self, max_output_tokens: int) -> dict[str, Any]:
        """Return the body with another limit; the key stays that of the first one."""
        return {**self.body, self.output_field: max_output_tokens}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a request says, before it has a vendor's shape.

    Attributes
    ----------
    purpose
        ``slots``, ``free`` or ``judge``.
    system
        The rules; identical for all requests of one purpose and language, so vendors can cache them.
    user
        The case.
    schema
        JSON schema of the answer: every object closed, every field required, no limits (the vendors' dialects differ
        in everything else; limits are checked here).
    """

    purpose: str
    system: str
    user: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a vendor counted; ``input_tokens`` holds the cached ones too."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that arrived.

    Attributes
    ----------
    outcome
        Whether it can be used.
    text
        What the model wrote; empty when refused.
    usage
        None when the vendor gave none; it then counts as costly as it could have been.
    response_id
        The vendor's name for it.
    detail
        Why it was refused or cut.
    """

    outcome: Outcome
    text: str
    usage: Usage | None
    response_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """``ended`` batches have results, perhaps not for every line; ``problem`` says why one was turned down whole."""

    ended: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BatchIntent:
    """A batch as it was meant, written down before it was handed in.

    Attributes
    ----------
    key
        Its own key, made from ``request_keys``.
    request_keys
        Keys of its lines, in order.
    made_s
        When it was written down, s since 1970.
    known_ids
        Vendor's ids of the batches that belong to other intents.
    """

    key: str
    request_keys: tuple[str, ...]
    made_s: float
    known_ids: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class FoundBatch:
    """What a look at the vendor's list showed: the batch's id, or that it is not known yet."""

    batch_id: str = ""
    undecided: bool = False


class Provider(Protocol):
    """One model of one vendor in one wire format. Methods raise :class:`Fault` and nothing else."""

    vendor: ClassVar[Vendor]
    api: ClassVar[str]
    has_batches: ClassVar[bool]
    model: str
    host: str

    def request(self, prompt: Prompt, max_output_tokens: int, effort: str) -> Request:
        """Give a prompt this vendor's shape; needs neither key nor SDK."""

    def preflight(self) -> tuple[str, ...]:
        """Ask for the model, which is free, and return warnings."""

    def send(self, body: dict[str, Any], key: str) -> Reply:
        """Send one request once."""

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""


class BatchProvider(Provider, Protocol):
    """A provider whose ``has_batches`` is true."""

    def stage_batch(self, requests: Sequence[Request]) -> str:
        """Upload what a batch needs; harmless to repeat. Returns a handle for :meth:`create_batch`."""

    def create_batch(self, requests: Sequence[Request], handle: str, intent: BatchIntent) -> str:
        """Hand the batch in, once; returns the vendor's id."""

    def find_batch(self, intent: BatchIntent) -> FoundBatch:
        """Look for a batch that was handed in without our learning its id."""

    def batch_status(self, batch_id: str) -> BatchStatus:
        """Return how far it is."""

    def batch_replies(self, batch_id: str) -> Iterator[tuple[str, Reply | Fault]]:
        """Yield request keys with replies or faults, in any order, of all its result files."""

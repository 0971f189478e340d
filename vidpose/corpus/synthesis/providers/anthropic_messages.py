"""Anthropic's Messages API, with its Message Batches."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from vidpose.corpus.settings.synthesis import Vendor
from vidpose.corpus.synthesis.providers.client import LOOK_BACK_S, VendorClient, count, json_lines
from vidpose.corpus.synthesis.providers.faults import Fault, fault, fault_of_status
from vidpose.corpus.synthesis.providers.protocol import (
    BatchIntent,
    BatchStatus,
    FoundBatch,
    Prompt,
    Reply,
    Request,
    Usage,
)

STATUS_OF: Final[dict[str, int]] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}
"""Error types of batch lines, as the HTTP status that they have elsewhere."""


class AnthropicMessages(VendorClient):
    """``POST /v1/messages``; no temperature, no prefill, no forced tool: today's models refuse them."""

    package = "anthropic"
    sdk_class = "Anthropic"
    own_host = "https://api.anthropic.com"
    options: ClassVar[Mapping[str, Any]] = {"open_telemetry": False}
    vendor: ClassVar[Vendor] = "claude"
    api: ClassVar[str] = "messages"
    has_batches: ClassVar[bool] = True

    def request(self, prompt: Prompt, max_output_tokens: int, effort: str) -> Request:
        """Give a prompt this format's shape."""
        output: dict[str, Any] = {"format": {"type": "json_schema", "schema": prompt.schema}}
        if effort:
            output["effort"] = effort
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": max_output_tokens,
            "system": prompt.system,
            "messages": [{"role": "user", "content": prompt.user}],
            "output_config": output,
        }
        return Request(self.vendor, self.model, self.api, prompt.purpose, body, "max_tokens")

    def preflight(self) -> tuple[str, ...]:
        """Ask for the model, which is free, and return warnings."""
        body = self._described()
        life = body.get("lifecycle", "active")
        if life == "retired":
            raise fault("no_model", f"model {self.model} is retired", self._access.key)
        if life == "deprecated":
            return (f"Anthropic will retire model {self.model} ({body.get('retires_at')}): choose another one soon",)
        return ()

    def send(self, body: dict[str, Any], key: str) -> Reply:
        """Send one request once; the format has no place for our key."""
        del key
        with self._faults():
            return read_message(self._plain(self._client.messages.with_raw_response.create(**body)))

    def stage_batch(self, requests: Sequence[Request]) -> str:
        """Do nothing: the lines travel with the batch itself."""
        del requests
        return ""

    def create_batch(self, requests: Sequence[Request], handle: str, intent: BatchIntent) -> str:
        """Hand the batch in, once; batches have no metadata here, so the lines' own ids must do."""
        del handle, intent
        lines = [{"custom_id": one.key, "params": one.body} for one in requests]
        with self._faults():
            return str(self._plain(self._client.messages.batches.with_raw_response.create(requests=lines))["id"])

    def find_batch(self, intent: BatchIntent) -> FoundBatch:
        """Look for a batch of the right time and size, and recognise it by the keys in its results.

        Batches have no metadata here, so one that still runs cannot be distinguished from another: that is *undecided*.
        """
        undecided = False
        for row in self._listed(intent.made_s - LOOK_BACK_S):
            if row["id"] in intent.known_ids or sum(map(count, row["request_counts"].values())) != len(
                intent.request_keys
            ):
                continue
            if row.get("processing_status") != "ended" or not row.get("results_url"):
                undecided = True
                continue
            first = next((str(line.get("custom_id")) for line in self._results(str(row["id"]))), "")
            if first in intent.request_keys:
                return FoundBatch(str(row["id"]))
        return FoundBatch(undecided=undecided)

    def batch_status(self, batch_id: str) -> BatchStatus:
        """Return how far it is."""
        with self._faults():
            body = self._plain(self._client.messages.batches.with_raw_response.retrieve(batch_id))
        return BatchStatus(body.get("processing_status") == "ended")

    def batch_replies(self, batch_id: str) -> Iterator[tuple[str, Reply | Fault]]:
        """Yield what the result file says."""
        for line in self._results(batch_id):
            yield str(line.get("custom_id")), self._line(line.get("result") or {})

    def _listed(self, since_s: float) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        while True:
            with self._faults():
                page = self._plain(self._client.messages.batches.with_raw_response.list(limit=100, **after))
            for row in page.get("data") or []:
                made = datetime.datetime.fromisoformat(str(row["created_at"]).replace("Z", "+00:00"))
                if made.timestamp() < since_s:
                    return
                yield row
            if not page.get("has_more"):
                return
            after = {"after_id": str(page["last_id"])}

    def _results(self, batch_id: str) -> Iterator[dict[str, Any]]:
        with self._faults():
            raw = self._client.messages.batches.with_raw_response.results(batch_id)
            text = raw.http_response.read().decode("utf-8", errors="replace")
        return json_lines(text)

    def _line(self, result: dict[str, Any]) -> Reply | Fault:
        kind = result.get("type")
        if kind == "succeeded" and isinstance(result.get("message"), dict):
            return read_message(result["message"])
        if kind == "errored":
            error = result.get("error") or {}
            status = STATUS_OF.get(str((error.get("error") or {}).get("type")), 500)
            return fault_of_status(status, {}, json.dumps(error), self._access.key)
        return fault("expired", f"the line is {kind}", self._access.key)


def read_message(body: dict[str, Any]) -> Reply:
    """Read a Message object: usage, refusal, truncation, text; thinking blocks are passed over."""
    given = body.get("usage")
    usage = None
    if isinstance(given, dict):
        cached = count(given.get("cache_read_input_tokens"))
        whole = count(given.get("input_tokens")) + cached + count(given.get("cache_creation_input_tokens"))
        usage = Usage(whole, count(given.get("output_tokens")), cached)
    blocks = body.get("content") or []
    text = "".join(str(block.get("text") or "") for block in blocks if block.get("type") == "text")
    name, why = str(body.get("id") or ""), str(body.get("stop_reason") or "")
    if why == "refusal":
        return Reply("refused", "", usage, name, str((body.get("stop_details") or {}).get("category") or why))
    if why in ("max_tokens", "model_context_window_exceeded"):
        return Reply("truncated", text, usage, name, why)
    return Reply("done" if text else "malformed", text, usage, name, "" if text else why or "empty")

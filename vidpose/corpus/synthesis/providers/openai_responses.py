"""OpenAI's Responses API, with its Files and Batches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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

INTENT_FIELD: Final = "vidpose_batch_key"
WINDOW: Final = "24h"
ENDED: Final = ("completed", "expired", "cancelled", "failed")


class OpenAIClient(VendorClient):
    """What the two OpenAI formats share."""

    package = "openai"
    sdk_class = "OpenAI"
    own_host = "https://api.openai.com/v1"
    vendor: ClassVar[Vendor] = "openai"

    def preflight(self) -> tuple[str, ...]:
        """Ask for the model, which is free, and return warnings."""
        ends = self._described().get("shutdown_date")
        return (f"OpenAI shuts model {self.model} down on {ends}: choose another one soon",) if ends else ()


class OpenAIResponses(OpenAIClient):
    """``POST /v1/responses``; ``store`` is always false, temperature is not sent."""

    api: ClassVar[str] = "responses"
    has_batches: ClassVar[bool] = True

    def request(self, prompt: Prompt, max_output_tokens: int, effort: str) -> Request:
        """Give a prompt this format's shape."""
        body: dict[str, Any] = {
            "model": self.model,
            "input": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
            "store": False,
            "max_output_tokens": max_output_tokens,
            "text": {
                "format": {"type": "json_schema", "name": prompt.purpose, "strict": True, "schema": prompt.schema}
            },
        }
        if effort:
            body["reasoning"] = {"effort": effort}
        return Request(self.vendor, self.model, self.api, prompt.purpose, body, "max_output_tokens")

    def send(self, body: dict[str, Any], key: str) -> Reply:
        """Send one request once."""
        with self._faults():
            raw = self._client.responses.with_raw_response.create(**body, extra_headers={"X-Client-Request-Id": key})
            return read_response(self._plain(raw))

    def stage_batch(self, requests: Sequence[Request]) -> str:
        """Upload the lines; a second upload costs nothing and disappears by itself."""
        lines = [{"custom_id": one.key, "method": "POST", "url": "/v1/responses", "body": one.body} for one in requests]
        content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        with self._faults():
            made = self._client.files.with_raw_response.create(
                file=("requests.jsonl", content, "application/jsonl"),
                purpose="batch",
                expires_after={"anchor": "created_at", "seconds": 7 * 24 * 3600},
            )
            return str(self._plain(made)["id"])

    def create_batch(self, requests: Sequence[Request], handle: str, intent: BatchIntent) -> str:
        """Hand the batch in, once; the intent's key travels in its metadata."""
        del requests  # they are in the file that ``handle`` names
        with self._faults():
            made = self._client.batches.with_raw_response.create(
                completion_window=WINDOW,
                endpoint="/v1/responses",
                input_file_id=handle,
                metadata={INTENT_FIELD: intent.key},
            )
            return str(self._plain(made)["id"])

    def find_batch(self, intent: BatchIntent) -> FoundBatch:
        """Look through the vendor's list, newest first, for the intent's key."""
        after: dict[str, str] = {}
        while True:
            with self._faults():
                page = self._plain(self._client.batches.with_raw_response.list(limit=100, **after))
            rows = page.get("data") or []
            for row in rows:
                if (row.get("metadata") or {}).get(INTENT_FIELD) == intent.key:
                    return FoundBatch(str(row["id"]))
            if not rows or not page.get("has_more") or count(rows[-1].get("created_at")) < intent.made_s - LOOK_BACK_S:
                return FoundBatch()
            after = {"after": str(rows[-1]["id"])}

    def batch_status(self, batch_id: str) -> BatchStatus:
        """Return how far it is."""
        body = self._batch(batch_id)
        status = str(body.get("status"))
        problem = ""
        if status == "failed":
            errors = ((body.get("errors") or {}).get("data")) or [{}]
            problem = str(errors[0].get("message") or "the vendor gave no reason")
        return BatchStatus(status in ENDED, problem)

    def batch_replies(self, batch_id: str) -> Iterator[tuple[str, Reply | Fault]]:
        """Yield what both result files say; expired and cancelled batches have them too."""
        body = self._batch(batch_id)
        for name in ("output_file_id", "error_file_id"):
            if body.get(name):
                with self._faults():
                    text = self._client.files.content(str(body[name])).text
                for line in json_lines(text):
                    yield str(line.get("custom_id")), self._line(line)

    def _batch(self, batch_id: str) -> dict[str, Any]:
        with self._faults():
            return self._plain(self._client.batches.with_raw_response.retrieve(batch_id))

    def _line(self, line: dict[str, Any]) -> Reply | Fault:
        response = line.get("response") or {}
        status = count(response.get("status_code"))
        if status == 200 and isinstance(response.get("body"), dict):
            return read_response(response["body"])
        if status >= 400:
            return fault_of_status(status, {}, json.dumps(response.get("body")), self._access.key)
        error = line.get("error") or {}
        return fault("expired", str(error.get("message") or error.get("code") or "no result"), self._access.key)


def read_response(body: dict[str, Any]) -> Reply:
    """Read a Response object: usage, refusal, truncation, text."""
    given = body.get("usage")
    usage = None
    if isinstance(given, dict):
        cached = count((given.get("input_tokens_details") or {}).get("cached_tokens"))
        usage = Usage(count(given.get("input_tokens")), count(given.get("output_tokens")), cached)
    parts = [
        part
        for item in body.get("output") or []
        if isinstance(item, dict) and item.get("type") == "message"
        for part in item.get("content") or []
    ]
    text = "".join(str(part.get("text") or "") for part in parts if part.get("type") == "output_text")
    name = str(body.get("id") or "")
    refusal = next((str(part.get("refusal")) for part in parts if part.get("type") == "refusal"), "")
    reason = str((body.get("incomplete_details") or {}).get("reason") or "")
    if refusal or reason == "content_filter":
        return Reply("refused", "", usage, name, refusal or reason)
    if body.get("status") == "incomplete":
        return Reply("truncated", text, usage, name, reason)
    return Reply("done" if text else "malformed", text, usage, name, "" if text else str(body.get("error") or "empty"))

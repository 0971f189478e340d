"""OpenAI's Chat Completions, which local servers offer too; it has no batches."""

from __future__ import annotations

from typing import Any, ClassVar

from vidpose.corpus.synthesis.providers.client import count
from vidpose.corpus.synthesis.providers.faults import Fault
from vidpose.corpus.synthesis.providers.openai_responses import OpenAIClient
from vidpose.corpus.synthesis.providers.protocol import Prompt, Reply, Request, Usage


class OpenAIChat(OpenAIClient):
    """``POST /v1/chat/completions``; reasoning effort is not sent, since few servers know it."""

    api: ClassVar[str] = "chat"
    has_batches: ClassVar[bool] = False

    def request(self, prompt: Prompt, max_output_tokens: int, effort: str) -> Request:
        """Give a prompt this format's shape."""
        del effort
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
            "max_completion_tokens": max_output_tokens,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": prompt.purpose, "strict": True, "schema": prompt.schema},
            },
        }
        if self.host.startswith("https://api.openai.com"):
            body["store"] = False  # its own word; other servers may not know it, and they keep nothing of ours
        return Request(self.vendor, self.model, self.api, prompt.purpose, body, "max_completion_tokens")

    def preflight(self) -> tuple[str, ...]:
        """Ask for the model; servers that have no list of models are let pass."""
        try:
            return super().preflight()
        except Fault as found:
            if found.kind != "no_model" or self.host.startswith("https://api.openai.com"):
                raise
        return (f"the server at {self.host} does not list model {self.model}; continuing without that check",)

    def send(self, body: dict[str, Any], key: str) -> Reply:
        """Send one request once."""
        with self._faults():
            raw = self._client.chat.completions.with_raw_response.create(
                **body, extra_headers={"X-Client-Request-Id": key}
            )
            return read_completion(self._plain(raw))


def read_completion(body: dict[str, Any]) -> Reply:
    """Read a ChatCompletion object: usage, refusal, truncation, text."""
    given = body.get("usage")
    usage = None
    if isinstance(given, dict):
        cached = count((given.get("prompt_tokens_details") or {}).get("cached_tokens"))
        usage = Usage(count(given.get("prompt_tokens")), count(given.get("completion_tokens")), cached)
    choices = body.get("choices") or [{}]
    message = choices[0].get("message") or {}
    why = str(choices[0].get("finish_reason") or "")
    name, text = str(body.get("id") or ""), str(message.get("content") or "")
    if message.get("refusal") or why == "content_filter":
        return Reply("refused", "", usage, name, str(message.get("refusal") or why))
    if why == "length":
        return Reply("truncated", text, usage, name, why)
    return Reply("done" if text else "malformed", text, usage, name, "" if text else "empty")

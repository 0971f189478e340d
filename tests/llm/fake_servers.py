"""Servers on this machine that speak the vendors' real wire formats, count what they charge, and fail on command.

A fault is a word in ``script[place]``, taken one per call; an empty script answers well. Places: ``generate``, ``line``
(one line of a batch), ``files``, ``batches``, ``models``, ``results``.
"""

from __future__ import annotations

import email.parser
import json
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-sentinel-0123456789abcdef"


@dataclass
class Call:
    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def rephrase(asked):
    """Answer as a well-behaved model does: ``asked`` is the user's JSON."""
    if "turns" in asked:
        return {"turns": [f"Put differently, {turn[:1].lower()}{turn[1:]}" for turn in asked["turns"]]}
    if "second" in asked:
        return {"same_meaning": True, "adds_claims": False, "natural": "good"}
    first = next(iter(asked["placeholders"]))
    label = asked["placeholders"][first].split(":")[0].split(",")[0]
    return {"answer": f"The {label} was {{{{{first}}}}}.", "follow_up_question": None, "follow_up_answer": None}


@dataclass
class Answer:
    text: str
    stop: str = "done"  # done, refused, truncated
    input_tokens: int = 0
    output_tokens: int = 0
    usage: bool = True
    thinking: bool = False


@dataclass
class Fake:
    """What both vendors have in common: a script, a log, a bill."""

    answer: object = rephrase
    script: dict = field(default_factory=lambda: defaultdict(deque))
    calls: list = field(default_factory=list)
    charges: list = field(default_factory=list)  # (input, output, in a batch)
    batch_polls: int = 1
    hang_s: float = 2.0
    shutdown: str | None = None
    delay_s: float = 0.0
    batches: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def plan(self, place, *faults):
        self.script[place].extend(faults)

    def next_fault(self, place):
        with self.lock:
            return self.script[place].popleft() if self.script[place] else ""

    def paths(self, method="POST"):
        return [call.path for call in self.calls if call.method == method]

    def generated(self):
        return [call for call in self.calls if call.method == "POST" and call.path == self.generate_path]

    def cost_nano(self, input_nano, output_nano):
        full = [(i * input_nano + o * output_nano, batch) for i, o, batch in self.charges]
        return sum(-(-cost // 2) if batch else cost for cost, batch in full)

    def make_answer(self, body, fault, *, batch):
        """Write, and charge for it."""
        user = self.user_of(body)
        text = json.dumps(self.answer(json.loads(user)), ensure_ascii=False)
        made = Answer(text, thinking=fault == "thinking", usage=fault != "no_usage")
        if fault == "refusal":
            made = Answer("", "refused")
        elif fault == "truncated":
            made = Answer(text[: len(text) // 2], "truncated")
        elif fault == "model_bad_json":
            made.text = text[:-3]
        elif fault == "off_schema":
            made.text = '{"something": "else"}'
        elif fault == "prose":
            made.text = f"Sure! {text}"
        made.input_tokens = len(json.dumps(body)) // 4
        made.output_tokens = len(made.text) // 4 + 10
        with self.lock:
            self.charges.append((made.input_tokens, made.output_tokens, batch))
        return made


class OpenAIFake(Fake):
    generate_path = "/v1/responses"

    @staticmethod
    def user_of(body):
        return (body.get("input") or body.get("messages"))[1]["content"]

    def key_of(self, headers):
        return headers.get("authorization", "").removeprefix("Bearer ")

    @staticmethod
    def error(kind, message):
        return {"error": {"message": message, "type": kind, "param": None, "code": kind}}

    def response(self, body, fault, *, batch=False):
        made = self.make_answer(body, fault, batch=batch)
        content = [{"type": "output_text", "text": made.text, "annotations": []}]
        if made.stop == "refused":
            content = [{"type": "refusal", "refusal": "I cannot help with that."}]
        output = [{"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": content}]
        if made.thinking:
            output.insert(0, {"type": "reasoning", "id": "r", "summary": []})
        usage = {
            "input_tokens": made.input_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": made.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": made.input_tokens + made.output_tokens,
        }
        cut = made.stop == "truncated"
        return {
            "id": f"resp_{len(self.charges)}",
            "object": "response",
            "created_at": int(time.time()),
            "model": body["model"],
            "status": "incomplete" if cut else "completed",
            "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
            "output": output,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": usage if made.usage else None,
        }

    def completion(self, body, fault):
        made = self.make_answer(body, fault, batch=False)
        message = {"role": "assistant", "content": made.text or None, "refusal": None}
        if made.stop == "refused":
            message["refusal"] = "I cannot help with that."
        return {
            "id": "chatcmpl_1",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body["model"],
            "choices": [
                {"index": 0, "message": message, "finish_reason": "length" if made.stop == "truncated" else "stop"}
            ],
            "usage": {
                "prompt_tokens": made.input_tokens,
                "completion_tokens": made.output_tokens,
                "total_tokens": made.input_tokens + made.output_tokens,
            },
        }

    def post(self, path, call, fault):
        if path == "/v1/responses":
            return self.response(call.json, fault)
        if path == "/v1/chat/completions":
            return self.completion(call.json, fault)
        if path == "/v1/files":
            return self.take_file(call)
        if path == "/v1/batches":
            return self.take_batch(call.json)
        return None

    def take_file(self, call):
        head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
        parts = email.parser.BytesParser().parsebytes(head + call.body).get_payload()
        content = next(part for part in parts if part.get_filename()).get_payload(decode=True)
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return {"id": name, "object": "file", "bytes": len(content), "created_at": 1, "filename": "requests.jsonl",
                "purpose": "batch", "status": "processed"}  # fmt: skip

    def take_batch(self, asked):
        lines = [json.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
        name = f"batch_{len(self.batches) + 1}"
        good, bad, whole = [], [], self.next_fault("batch_whole")
        for line in reversed(lines) if whole != "failed" else []:  # results come in no order
            fault = self.next_fault("line")
            reply = {"id": f"l_{line['custom_id']}", "custom_id": line["custom_id"], "error": None}
            if fault == "missing":
                continue
            if fault == "expired":
                bad.append({**reply, "response": None, "error": {"code": "batch_expired", "message": "too late"}})
            elif fault == "500":
                body = self.error("server_error", "broken")
                bad.append({**reply, "response": {"status_code": 500, "request_id": "r", "body": body}})
            else:
                body = self.response(line["body"], fault, batch=True)
                good.append({**reply, "response": {"status_code": 200, "request_id": "r", "body": body}})
        good += good[:1]  # and sometimes twice
        good.append({"id": "x", "custom_id": "k_of_somebody_else", "response": None, "error": {"message": "?"}})
        made = {
            "id": name,
            "object": "batch",
            "completion_window": "24h",
            "created_at": int(time.time()),
            "endpoint": asked["endpoint"],
            "input_file_id": asked["input_file_id"],
            "metadata": asked.get("metadata"),
            "polls": 0,
            "status": "in_progress",
            "end": whole or "completed",
        }
        for kind, rows in (("output", good), ("error", bad)):
            self.files[f"{name}-{kind}"] = "".join(json.dumps(row) + "\n" for row in rows).encode()
            made[f"{kind}_file_id"] = f"{name}-{kind}" if rows and whole != "failed" else None
        if whole == "failed":
            made["errors"] = {"object": "list", "data": [{"code": "invalid", "message": "line 1 is odd", "line": 1}]}
        self.batches[name] = made
        return self.shown(made)

    def shown(self, made):
        return {name: value for name, value in made.items() if name not in ("polls", "end")}

    def get(self, path, query):
        parts = path.strip("/").split("/")
        if parts[1] == "models":
            model = {"id": parts[2], "object": "model", "created": 1, "owned_by": "fake"}
            return {**model, "shutdown_date": self.shutdown} if parts[2] != "unknown" else None
        if parts[1:] == ["batches"]:
            rows = [self.shown(made) for made in reversed(self.batches.values())]
            return {"object": "list", "data": rows, "has_more": False}
        if parts[1] == "batches":
            made = self.batches[parts[2]]
            made["polls"] += 1
            if made["polls"] >= self.batch_polls:
                made["status"] = made["end"]
            return self.shown(made)
        return self.files[parts[2]]


class AnthropicFake(Fake):
    generate_path = "/v1/messages"

    @staticmethod
    def user_of(body):
        return body["messages"][0]["content"]

    def key_of(self, headers):
        return headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")

    @staticmethod
    def error(kind, message):
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}

    def message(self, body, fault, *, batch=False):
        made = self.make_answer(body, fault, batch=batch)
        content = [{"type": "text", "text": made.text}] if made.stop != "refused" else []
        if made.thinking:
            content.insert(0, {"type": "thinking", "thinking": "hm", "signature": "s"})
        usage = {"input_tokens": made.input_tokens - 3, "output_tokens": made.output_tokens,
                 "cache_read_input_tokens": 3, "cache_creation_input_tokens": 0}  # fmt: skip
        return {
            "id": f"msg_{len(self.charges)}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": {"done": "end_turn", "refused": "refusal", "truncated": "max_tokens"}[made.stop],
            "stop_sequence": None,
            "usage": usage if made.usage else None,
        }

    def post(self, path, call, fault):
        if path == "/v1/messages":
            return self.message(call.json, fault)
        if path == "/v1/messages/batches":
            return self.take_batch(call.json)
        return None

    def take_batch(self, asked):
        name = f"msgbatch_{len(self.batches) + 1}"
        lines = []
        for line in reversed(asked["requests"]):
            fault = self.next_fault("line")
            if fault == "missing":
                continue
            if fault == "expired":
                result = {"type": "expired"}
            elif fault == "500":
                result = {"type": "errored", "error": self.error("api_error", "broken")}
            else:
                result = {"type": "succeeded", "message": self.message(line["params"], fault, batch=True)}
            lines.append({"custom_id": line["custom_id"], "result": result})
        self.files[name] = "".join(json.dumps(line) + "\n" for line in lines).encode()
        self.batches[name] = {
            "id": name,
            "n": len(asked["requests"]),
            "polls": 0,
            "made": datetime.now(UTC).isoformat(),
        }
        return self.shown(self.batches[name])

    def shown(self, made):
        ended = made["polls"] >= self.batch_polls
        counts = {"processing": 0 if ended else made["n"], "succeeded": made["n"] if ended else 0,
                  "errored": 0, "canceled": 0, "expired": 0}  # fmt: skip
        return {
            "id": made["id"],
            "type": "message_batch",
            "processing_status": "ended" if ended else "in_progress",
            "request_counts": counts,
            "created_at": made["made"],
            "expires_at": made["made"],
            "ended_at": made["made"] if ended else None,
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"{self.url}/v1/messages/batches/{made['id']}/results" if ended else None,
        }

    def get(self, path, query):
        parts = path.strip("/").split("/")
        if parts[1] == "models":
            life = "deprecated" if self.shutdown else "active"
            model = {"id": parts[2], "type": "model", "display_name": "Fake", "created_at": "2026-01-01T00:00:00Z"}
            return {**model, "lifecycle": life, "retires_at": self.shutdown} if parts[2] != "unknown" else None
        if len(parts) == 3:
            for made in self.batches.values():
                made["polls"] += 1
            rows = [self.shown(made) for made in reversed(self.batches.values())]
            return {"data": rows, "has_more": False, "first_id": None, "last_id": rows[-1]["id"] if rows else None}
        if parts[-1] == "results":
            return self.files[parts[3]]
        self.batches[parts[3]]["polls"] += 1
        return self.shown(self.batches[parts[3]])


HTTP_FAULTS = {
    "400": ("invalid_request_error", "schema is odd"),
    "401": ("authentication_error", f"Incorrect API key provided: {KEY}"),
    "402": ("billing_error", "pay first"),
    "403": ("permission_error", "not yours"),
    "404": ("not_found_error", "no such model"),
    "413": ("request_too_large", "too large"),
    "429": ("rate_limit_error", "slow down"),
    "500": ("api_error", "broken"),
    "503": ("api_error", "away"),
    "529": ("overloaded_error", "busy"),
    "credit": ("insufficient_quota", "You exceeded your current quota"),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.answer("POST", body)

    def do_GET(self):
        self.answer("GET", b"")

    def answer(self, method, body):
        fake = self.server.fake
        path, _, query = self.path.partition("?")
        call = Call(method, path, {name.lower(): value for name, value in self.headers.items()}, body)
        with fake.lock:
            fake.calls.append(call)
        if fake.key_of(call.headers) != KEY:
            return self.send(401, fake.error(*HTTP_FAULTS["401"]))
        place = self.place(method, path)
        fault = fake.next_fault(place)
        if method == "POST" and fake.delay_s:
            time.sleep(fake.delay_s)
        word, _, extra = fault.partition(";")
        if word in ("hang", "html") or word in HTTP_FAULTS:
            return self.fail(word, extra)
        with fake.lock:
            found = fake.post(path, call, word) if method == "POST" else fake.get(path, query)
        if found is None:
            return self.fail("404", "")
        return self.deliver(found, word)

    def fail(self, word, extra):
        """Answer without having done anything."""
        fake = self.server.fake
        if word == "hang":
            time.sleep(fake.hang_s)
            return self.send(500, {})
        if word == "html":
            return self.send(200, b"<html>a proxy</html>", {"content-type": "text/html"})
        headers = dict([extra.split("=", 1)]) if extra else {}
        return self.send(429 if word == "credit" else int(word), fake.error(*HTTP_FAULTS[word]), headers)

    def deliver(self, found, word):
        """Answer after it was done, perhaps badly."""
        content = found if isinstance(found, bytes) else json.dumps(found).encode()
        if word == "slow":
            time.sleep(self.server.fake.hang_s)
        if word == "lost":
            self.close_connection = True
            return None
        if word == "bad_json":
            return self.send(200, content[: len(content) // 2])
        kind = {"content-type": "application/binary"} if isinstance(found, bytes) else {}
        return self.send(200, content, kind, cut=word == "cut")

    @staticmethod
    def place(method, path):
        for word in ("models", "files", "results", "batches"):
            if word in path:
                return word if method == "POST" or word in ("models", "results") else f"get_{word}"
        return "generate"

    def send(self, status, content, headers=None, *, cut=False):
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        try:
            self.send_response(status)
            merged = {"content-type": "application/json", "x-request-id": "req_1", "request-id": "req_1"}
            for name, value in (merged | (headers or {})).items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
            if cut:
                self.close_connection = True
        except (BrokenPipeError, ConnectionResetError):  # the client has gone
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        pass  # killed clients are part of the game


class Running:
    """A fake behind a port, as a context."""

    def __init__(self, fake):
        self.fake = fake
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.fake = fake
        fake.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self.fake

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

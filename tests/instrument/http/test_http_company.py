"""HTTP taps beside SDKs, exporters, redirects and retries: one call is one span, and nobody notices."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import aiohttp
import anthropic
import httpx
import openai
import pytest
import requests
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.trace import StatusCode
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from spanwise.cost import Cost, CostConfig
from spanwise.instrument import (
    AiohttpInstrumentor,
    AnthropicInstrumentor,
    Httpx2Instrumentor,
    HttpxInstrumentor,
    OpenAIInstrumentor,
    RequestsInstrumentor,
)
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap import http as http_tap
from spanwise.instrument.tap.endpoint import Endpoints
from spanwise.record.sdk import from_readable
from tests.emulator import Emulator
from tests.instrument.http.bodies import MESSAGES, MODEL, body
from tests.instrument.http.drivers import DRIVERS
from tests.instrument.telemetry import Telemetry, instrumented


TAPS = pytest.mark.parametrize("library", ["requests", "httpx2", "httpx-async", "aiohttp"])


def chat_url(emulator: Emulator) -> str:
    """Where a chat completion is asked for."""
    return f"{emulator.openai_url}/chat/completions"


def test_sdks_have_their_own(plain: Telemetry, emulator: Emulator) -> None:
    """A call of an SDK that is instrumented is the SDK's; of one that is not, it is a plain request."""
    with (
        openai.OpenAI(base_url=emulator.openai_url, api_key="k") as sdk,
        anthropic.Anthropic(base_url=emulator.anthropic_url, api_key="k") as claude,
    ):
        for watched in (True, False):
            if watched:
                OpenAIInstrumentor().instrument(tracer_provider=plain.provider)
                AnthropicInstrumentor().instrument(tracer_provider=plain.provider)
            sdk.chat.completions.create(model=MODEL, messages=MESSAGES)  # type: ignore[arg-type]
            list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))  # type: ignore[arg-type]
            claude.messages.create(model="claude-haiku-4-5", max_tokens=9, messages=MESSAGES)  # type: ignore[arg-type]
            if watched:
                OpenAIInstrumentor().uninstrument()
                AnthropicInstrumentor().uninstrument()
    scopes = [span.instrumentation_scope and span.instrumentation_scope.name for span in plain.spans()]
    assert scopes == [
        *["spanwise.instrument.openai"] * 2,
        "spanwise.instrument.anthropic",
        *[f"spanwise.instrument.{'httpx2' if openai.VERSION >= '3' else 'httpx'}"] * 2,
        f"spanwise.instrument.{'httpx2' if anthropic.__version__ >= '2' else 'httpx'}",
    ]


def test_exporters_are_not_seen(plain: Telemetry, emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    """What telemetry itself sends is no call."""
    with plain.provider.get_tracer("application").start_as_current_span("work"):
        requests.post(chat_url(emulator), json=body(), timeout=5)
    exporter = OTLPSpanExporter(endpoint=f"{emulator.url}/v1/traces", timeout=1)
    exporter.export(plain.spans())
    exporter.shutdown()  # type: ignore[no-untyped-call]
    assert emulator.requests[-1].path == "/v1/traces"
    assert "404" in caplog.text
    assert len(plain.spans()) == 2


@contextmanager
def redirecting(target: str) -> Iterator[str]:
    """A server that sends every POST elsewhere with its body."""

    class Redirect(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(307)
            self.send_header("location", target)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirect) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/chat/completions"
        server.shutdown()


async def test_redirects(plain: Telemetry, emulator: Emulator) -> None:
    """A call that is redirected is one span with the answer of the last server."""
    with redirecting(chat_url(emulator)) as url:
        assert requests.post(url, json=body(), timeout=5).json()["choices"]
        with httpx.Client(follow_redirects=True) as client:
            assert client.post(url, json=body()).json()["choices"]
        async with aiohttp.ClientSession() as session, session.post(url, json=body()) as answer:
            assert (await answer.json())["choices"]
    spans = plain.spans()
    assert len(spans) == 3
    assert all(dict(span.attributes or {})["gen_ai.response.id"] for span in spans)


def test_retries_of_the_transport(plain: Telemetry, emulator: Emulator) -> None:
    """What `urllib3` tries again by itself is one span that counts it."""
    retry = Retry(total=3, status_forcelist=[503], allowed_methods=None, backoff_factor=0)
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        headers = {"x-emulator": "error_503;times=2;retry_after_ms=0"}
        assert session.post(chat_url(emulator), json=body(), headers=headers, timeout=5).ok
    found = plain.attributes()
    assert found["http.request.resend_count"] == 2
    assert "error.type" not in found


async def test_exceptions_for_a_status(plain: Telemetry, emulator: Emulator) -> None:
    """A session that raises for a status gives its own exception; the span its class and the status."""
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        with pytest.raises(aiohttp.ClientResponseError):
            await session.post(chat_url(emulator), json=body(), headers={"x-emulator": "error_404"})
    found = plain.attributes()
    assert found["error.type"] == "ClientResponseError"
    assert found["http.response.status_code"] == 404


async def test_base_url(plain: Telemetry, emulator: Emulator) -> None:
    """Relative URLs are those of the session or client."""
    async with (
        aiohttp.ClientSession(emulator.url) as session,
        session.post("/v1/chat/completions", json=body()) as answer,
    ):
        await answer.read()
    with httpx.Client(base_url=emulator.openai_url) as client:
        client.post("/chat/completions", json=body())
    assert [span.name for span in plain.spans()] == [f"chat {MODEL}"] * 2


def test_the_span_of_others_is_a_child(plain: Telemetry, emulator: Emulator) -> None:
    """While the request is made our span is current, for whoever watches the transport."""
    seen: list[int] = []

    def note(*_: object, **__: object) -> None:
        seen.append(trace.get_current_span().get_span_context().span_id)

    with httpx.Client(event_hooks={"request": [note]}) as client:
        client.post(chat_url(emulator), json=body())
    requests.post(chat_url(emulator), json=body(), hooks={"response": note}, timeout=5)
    assert seen == [span.context.span_id for span in plain.spans() if span.context]


@pytest.mark.parametrize(
    ("path", "asked", "provider", "name"),
    [
        ("/api/chat", {"model": "llama3.2", "messages": MESSAGES}, "ollama", "chat llama3.2"),
        (
            "/v1beta/models/gemini-2.5-flash:generateContent",
            {"contents": [{"role": "user", "parts": [{"text": "Where?"}]}]},
            "gcp.gemini",
            "generate_content gemini-2.5-flash",
        ),
        (
            "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
            {"contents": [{"role": "user", "parts": [{"text": "Where?"}]}]},
            "gcp.gemini",
            "generate_content gemini-2.5-flash",
        ),
    ],
)
@TAPS
async def test_other_dialects(
    plain: Telemetry, emulator: Emulator, library: str, path: str, asked: dict[str, Any], provider: str, name: str
) -> None:
    """Lines of JSON, and models that stand in the path, are read as their APIs write them."""
    answer = await DRIVERS[library](emulator.url + path, headers={"x-goog-api-key": "k"}, stream=True, json=asked)
    assert answer.status == 200
    span = plain.one()
    found: dict[str, Any] = dict(span.attributes or {})
    assert span.name == name
    assert found["gen_ai.provider.name"] == provider
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0
    assert span.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize(
    ("host", "model"),
    [("api.deepseek.com", "deepseek-chat"), ("api.x.ai", "grok-4"), ("openrouter.ai", "openai/gpt-4.1-mini")],
)
def test_price(plain: Telemetry, host: str, model: str) -> None:
    """A call of a known host is priced from what the span says."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    said = {"id": "x", "model": model, "choices": [{"index": 0, "finish_reason": "stop"}], "usage": usage}
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=said))) as client:
        client.post(f"https://{host}/v1/chat/completions", json={"model": model, "messages": MESSAGES})
    record = Cost(CostConfig())(from_readable(plain.one()))
    assert record.attributes["gen_ai.usage.cost.amount"] > 0  # type: ignore[operator]
    assert record.attributes["spanwise.cost.status"] == "exact"


SCENARIOS = ("text;text=all%20good", "error_400", "gzip", "malformed_body", "disconnect", "drop", "stream_error")


async def outcome(library: str, emulator: Emulator, scenario: str, *, stream: bool) -> tuple[object, ...]:
    """What an application gets: status, text without ids and type, or the class and cause of an exception."""
    try:
        answer = await DRIVERS[library](
            chat_url(emulator), headers={"x-emulator": scenario}, stream=stream, json=body(stream=stream)
        )
    except Exception as error:
        return type(error), type(error.__cause__), type(error.__context__)
    return answer.status, len(answer.text), answer.text.count("emu"), answer.kind


@TAPS
@pytest.mark.parametrize("stream", [False, True])
async def test_nothing_changes(bare: Telemetry, emulator: Emulator, library: str, *, stream: bool) -> None:
    """With and without us an application gets the same answers and exceptions, and the server the same requests."""

    async def run() -> tuple[object, object]:
        emulator.requests.clear()
        found = [await outcome(library, emulator, scenario, stream=stream) for scenario in SCENARIOS]
        return found, [(sent.path, sent.body, sorted(sent.headers)) for sent in emulator.requests]

    without = await run()
    instrumentors = (AiohttpInstrumentor(), HttpxInstrumentor(), Httpx2Instrumentor(), RequestsInstrumentor())
    with instrumented(*instrumentors) as telemetry:
        assert await run() == without
        assert len(telemetry.spans()) == len(SCENARIOS)
    assert await run() == without
    assert bare.spans() == []


@TAPS
async def test_our_failures_do_not_reach_the_caller(
    plain: Telemetry, emulator: Emulator, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every hook of ours broken the caller's answers are the same."""
    from spanwise.instrument.body import aiohttp as aiohttp_body
    from spanwise.instrument.body import feed
    from spanwise.instrument.body import requests as requests_body
    from spanwise.instrument.core.call import Call
    from spanwise.instrument.tap import aiohttp as aiohttp_tap
    from spanwise.instrument.tap import httpx as httpx_tap
    from spanwise.instrument.tap import requests as requests_tap

    monkeypatch.delenv("SPANWISE_RAISE")

    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError("broken")

    for owner, name in (
        (Endpoints, "may_have"), (Endpoints, "find"), (Tap, "begin"), (http_tap.HttpTap, "call"),
        (httpx_tap, "learn"), (requests_tap, "learn"), (aiohttp_tap, "learn"), (Call, "say"), (Call, "end"),
        (feed.EventFeed, "feed"), (feed.EventFeed, "flush"), (feed.JsonFeed, "settle"),
        (aiohttp_body.Progress, "taken"), (aiohttp_body.Progress, "settled"),
        (requests_body.ObservedFile, "_show"), (requests_body.ObservedFile, "_ends"),
        (requests_body.ObservedFile, "chunk_begins"),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, broken)
            for stream in (False, True):
                headers = {"x-emulator": "text;text=all%20good;chunks=1"}
                answer = await DRIVERS[library](
                    chat_url(emulator), headers=headers, stream=stream, json=body(stream=stream)
                )
                assert answer.status == 200, name
                assert "all good" in answer.text, name
    gc.collect()
    plain.spans()


def test_uninstrument_undoes_everything(emulator: Emulator) -> None:
    """After uninstrument the libraries' methods are their own, and one held by an application falls through."""
    before = vars(requests.Session)["send"], vars(httpx.Client)["send"], vars(aiohttp.ClientSession)["_request"]
    instrumentors = (AiohttpInstrumentor(), HttpxInstrumentor(), RequestsInstrumentor())
    with requests.Session() as session:
        with instrumented(*instrumentors) as telemetry:
            assert vars(requests.Session)["send"] is not before[0]
            session.send = session.send  # type: ignore[method-assign]
        assert session.post(chat_url(emulator), json=body()).ok
        assert telemetry.spans() == []
    after = vars(requests.Session)["send"], vars(httpx.Client)["send"], vars(aiohttp.ClientSession)["_request"]
    assert after == before


def test_switched_off(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the switch off the libraries are not touched at all."""
    monkeypatch.setenv("SPANWISE_HTTP", "off")
    before = vars(requests.Session)["send"]
    with instrumented(RequestsInstrumentor()) as telemetry:
        assert vars(requests.Session)["send"] is before
        requests.post(chat_url(emulator), json=body(), timeout=5)
        assert telemetry.spans() == []

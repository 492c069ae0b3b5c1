"""The codec of interactions, without the SDK: what a span is told of requests, interactions and their events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.instrument.codec import Codec, Json
from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.gemini_interaction_fetch import GeminiInteractionFetch
from spanwise.instrument.codec.gemini_interaction_path import InteractionPaths
from spanwise.instrument.codec.gemini_interaction_stream import InteractionReducer
from spanwise.instrument.codec.gemini_interactions import GeminiAgentInteractions, GeminiInteractions


CODEC = GeminiInteractions()
USAGE = {"total_tokens": 346, "total_input_tokens": 11, "total_output_tokens": 90, "total_thought_tokens": 245}
DONE: Json = {"id": "v1_1", "status": "completed", "model": "gemini-3.8-flash", "usage": USAGE}
PICTURE = {"type": "image", "mime_type": "image/png", "data": "QUJD" * 1000}


def counted(found: Json) -> bool:
    """Whether there is usage, or anything of it."""
    return any(".usage." in name for name in found)


def messages(given_input: Any) -> Any:
    """The messages of an input."""
    return json.loads(str(CODEC.request_content({"input": given_input})["gen_ai.input.messages"]))


def parts(*steps: Json) -> Any:
    """The parts of an answer in these steps; nothing where it has none."""
    found = CODEC.response_content({"steps": list(steps)}).get("gen_ai.output.messages")
    return json.loads(str(found))[0]["parts"] if found else []


def reduced(*events: Json) -> tuple[Json, str | None]:
    """What events come to."""
    reducer = InteractionReducer()
    for event in events:
        reducer.add(event)
    return reducer.body(), reducer.error


def test_thoughts_and_tools_are_counted_beside_all_else() -> None:
    """The counts of Google's own example add up to its total."""
    found = CODEC.response(DONE)
    assert found["gen_ai.usage.input_tokens"] == 11
    assert found["gen_ai.usage.output_tokens"] == 335
    assert found["gen_ai.usage.reasoning.output_tokens"] == 245
    assert USAGE["total_tokens"] == 11 + 335


def test_unknown_is_absent() -> None:
    """What an interaction does not say is no attribute, and never a zero."""
    assert CODEC.response({"id": "v1_1", "status": "completed"}) == {
        "gen_ai.response.id": "v1_1",
        "gen_ai.response.status": "completed",
        "gen_ai.response.finish_reasons": ["stop"],
    }
    assert CODEC.request({}) == {}
    assert CODEC.response({}) == {}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("completed", "stop"),
        ("requires_action", "tool_call"),
        ("incomplete", "length"),
        ("requires_continuation", "length"),
        ("budget_exceeded", "budget_exceeded"),
        ("failed", "error"),
        ("cancelled", "error"),
        ("in_progress", None),
        ("queued", None),
        ("idle", None),
        ("of_tomorrow", None),
    ],
)
def test_statuses(status: str, reason: str | None) -> None:
    """Each end has a finish reason; what is no end, or unknown, has none."""
    found = CODEC.response({"status": status})
    assert found.get("gen_ai.response.finish_reasons") == ([reason] if reason else None)
    assert found["gen_ai.response.status"] == status


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"response_format": {"type": "text", "mime_type": "application/json", "schema": {"type": "object"}}}, "json"),
        ({"response_format": {"type": "text", "mime_type": "application/json"}}, "json"),
        ({"response_format": [{"type": "text"}, {"type": "image"}]}, "image"),
        ({"response_format": {"type": "audio"}}, "speech"),
        ({"response_format": {"type": "object", "properties": {}}, "response_mime_type": "application/json"}, "json"),
        ({"response_mime_type": "text/plain"}, "text"),
        ({"response_modalities": ["text", "image"]}, "image"),
        ({"response_format": {"type": "video"}}, None),
        ({}, None),
    ],
)
def test_output_types(body: Json, kind: str | None) -> None:
    """The output that was asked for, by format, schema, media type or modality."""
    assert CODEC.request(body).get("gen_ai.output.type") == kind


@pytest.mark.parametrize("wanted", [{"type": "text", "schema": {"type": "object"}}, {"type": "object"}])
def test_the_schema_of_the_answer(wanted: Json) -> None:
    """A schema is content, whether in a format or in its place."""
    found = CODEC.request_content({"input": "x", "response_format": wanted})
    assert json.loads(str(found["spanwise.request.output_schema"])) == {"type": "object"}


def test_inputs() -> None:
    """A text, a content, contents and steps are messages; contents beside each other are one."""
    text = {"role": "user", "parts": [{"type": "text", "content": "a"}]}
    said = {"type": "text", "text": "a"}
    assert messages("a") == messages(said) == messages([said]) == [text]
    steps = [
        {"type": "user_input", "content": [said]},
        {"type": "model_output", "content": [said]},
        {"type": "function_result", "call_id": "c", "result": [said, PICTURE]},
        said,
        {"type": "document", "uri": "https://x.example/a.pdf", "mime_type": "application/pdf"},
    ]
    first, answer, result, last = messages(steps)
    assert first == text
    assert answer == {**text, "role": "assistant"}
    assert result["role"] == "tool"
    assert result["parts"][0]["id"] == "c"
    assert result["parts"][0]["response"][1]["content"].startswith("[image/png, 3000 bytes")
    assert last["parts"][1] == {
        "type": "uri", "modality": "document", "mime_type": "application/pdf", "uri": "https://x.example/a.pdf",
    }  # fmt: skip


def test_steps_of_an_answer() -> None:
    """Thoughts, calls, results of the provider's tools and unknown steps are parts; signatures are left out."""
    found = parts(
        {"type": "thought", "signature": "opaque", "summary": [{"type": "text", "text": "hm"}]},
        {"type": "thought", "signature": "opaque"},
        {"type": "code_execution_call", "id": "c", "signature": "opaque", "arguments": {"code": "1"}},
        {"type": "code_execution_result", "call_id": "c", "result": "1", "signature": "opaque"},
        {"type": "mcp_server_tool_call", "id": "m", "name": "find", "server_name": "shop", "arguments": {}},
        {"type": "function_call", "id": "f", "name": "g", "arguments": {"a": 1}},
        {"type": "of_tomorrow", "said": "x"},
        {"type": "model_output", "content": [{"type": "text", "text": "a"}, PICTURE]},
    )
    assert [part["type"] for part in found] == [
        *("reasoning", "server_tool_call", "server_tool_call_response", "server_tool_call", "tool_call"),
        *("of_tomorrow", "text", "blob"),
    ]
    assert found[1]["server_tool_call"] == {"type": "code_execution", "arguments": {"code": "1"}}
    assert found[2] == {
        "type": "server_tool_call_response",
        "name": "code_execution",
        "server_tool_call_response": {"type": "code_execution", "result": "1"},
        "id": "c",
    }
    assert found[3]["name"] == "find"
    assert found[4] == {"type": "tool_call", "name": "g", "arguments": {"a": 1}, "id": "f"}
    assert found[7]["content"].startswith("[image/png, 3000 bytes")
    assert "opaque" not in json.dumps(found)


def test_what_the_user_said_is_no_answer() -> None:
    """An interaction that repeats its input answers with what comes behind it."""
    asked = {"type": "user_input", "content": [{"type": "text", "text": "a"}]}
    answer = {"type": "model_output", "content": [{"type": "text", "text": "b"}]}
    assert parts(answer, asked, answer) == [{"type": "text", "content": "b"}]
    assert parts(asked) == []


@pytest.mark.parametrize(
    ("error", "word"),
    [
        ({"code": "invalid_request", "message": "m"}, "invalid_request"),
        ({"code": 429, "status": "RESOURCE_EXHAUSTED"}, "RESOURCE_EXHAUSTED"),
        ({"code": "https://errors.example/a?secret=b"}, None),
        ({"code": 500}, None),
        ("down", None),
    ],
)
def test_words_of_errors(error: Any, word: str | None) -> None:
    """Google's word is the class of an error; what a gateway writes in its place is not."""
    assert CODEC.response({"error": error}).get("error.type") == word
    assert reduced({"event_type": "error", "error": error})[1] == (word or "provider_error")
    assert reduced({"error": error})[1] == (word or "provider_error")


def test_events_of_tomorrow() -> None:
    """An event that nobody knows says nothing, and is no error because it has room for one."""
    assert reduced({"event_type": "of.tomorrow", "error": None, "index": 0}) == ({}, None)
    assert reduced({"event_type": "error"})[1] == "provider_error"


def test_a_failed_interaction() -> None:
    """It is an error by its first fault's word, or by one of ours; to fetch it is no error."""
    failed = {"id": "v1_1", "status": "failed"}
    assert CODEC.response(failed)["error.type"] == "interaction_failed"
    assert CODEC.response({**failed, "errors": [{"code": "internal"}]})["error.type"] == "internal"
    assert "error.type" not in GeminiInteractionFetch("v1_1", Accounts()).response(failed)
    assert reduced({"event_type": "interaction.completed", "interaction": failed})[1] == "interaction_failed"


def test_searches() -> None:
    """They are what the usage counts, else the queries of the steps; models before Gemini 3 pay once for all."""
    step = {"type": "google_search_call", "arguments": {"queries": ["a", "b", ""]}}
    counts = [{"type": "google_search", "count": 5}, {"type": "google_maps", "count": 7}]
    assert CODEC.response({**DONE, "steps": [step]})["spanwise.usage.web_searches"] == 2
    told = {**DONE, "usage": {**USAGE, "grounding_tool_count": counts}, "steps": [step]}
    assert CODEC.response(told)["spanwise.usage.web_searches"] == 5
    assert CODEC.response({**told, "model": "gemini-2.5-flash"})["spanwise.usage.web_searches"] == 1
    assert "spanwise.usage.web_searches" not in CODEC.response(DONE)


class TestStream:
    """Events as the interaction that would have come whole."""

    def test_every_kind_of_delta(self) -> None:
        """Text and thoughts are joined, arguments parsed, media kept, results taken over."""
        body, error = reduced(
            {"event_type": "interaction.created", "interaction": {"id": "v1_1", "status": "in_progress"}},
            {"event_type": "step.start", "index": 0, "step": {"type": "thought"}},
            delta(0, {"type": "thought_summary", "content": {"type": "text", "text": "h"}}),
            delta(0, {"type": "thought_summary", "content": {"type": "text", "text": "m"}}),
            delta(0, {"type": "thought_signature", "signature": "opaque"}),
            {"event_type": "step.start", "index": 1, "step": {"type": "function_call", "name": "f", "arguments": {}}},
            delta(1, {"type": "arguments_delta", "arguments": '{"a":'}),
            delta(1, {"type": "arguments_delta", "arguments": " 1}"}),
            {"event_type": "step.start", "index": 2, "step": {"type": "google_search_call", "id": "g"}},
            delta(2, {"type": "google_search_call", "arguments": {"queries": ["q"]}}),
            {"event_type": "step.start", "index": 3, "step": {"type": "model_output"}},
            delta(3, {"type": "text", "text": "a"}),
            delta(3, {"type": "text", "text": "b"}),
            delta(3, {"type": "text_annotation_delta", "annotations": []}),
            delta(3, PICTURE),
            delta(9, {"type": "text", "text": "of a step that never began"}),
            {"event_type": "interaction.completed", "interaction": dict(DONE)},
        )
        assert error is None
        assert body == {
            **DONE,
            "steps": [
                {"type": "thought", "summary": [{"type": "text", "text": "hm"}]},
                {"type": "function_call", "name": "f", "arguments": {"a": 1}},
                {"type": "google_search_call", "id": "g", "arguments": {"queries": ["q"]}},
                {"type": "model_output", "content": [{"type": "text", "text": "ab"}, PICTURE]},
            ],
        }

    @given(st.lists(st.text(max_size=5), min_size=1, max_size=8))
    def test_text_is_the_same_however_it_is_cut(self, pieces: list[str]) -> None:
        """The answer of a stream is the text of its pieces."""
        body, _ = reduced(
            {"event_type": "step.start", "index": 0, "step": {"type": "model_output"}},
            *(delta(0, {"type": "text", "text": piece}) for piece in pieces),
        )
        assert parts(*body["steps"]) == [{"type": "text", "content": "".join(pieces)}]

    @pytest.mark.parametrize(
        "event",
        [
            {"event_type": "step.stop", "index": 0, "usage": USAGE, "step_usage": {"total_tokens": 1}},
            {"event_type": "step.delta", "index": 0, "delta": {}, "metadata": {"total_usage": USAGE}},
            {"event_type": "interaction.status_update", "interaction_id": "v1_1", "status": "x", "usage": USAGE},
        ],
    )
    def test_usage_so_far(self, event: Json) -> None:
        """A stream that ends before its last event has the usage that an agent told on the way."""
        body, _ = reduced(
            {"event_type": "interaction.created", "interaction": {"id": "v1_1", "status": "in_progress"}}, event
        )
        assert GeminiInteractions(Accounts()).response(body)["gen_ai.usage.output_tokens"] == 335

    @pytest.mark.parametrize(
        "event",
        [
            b'data: {"interaction":{"id":"v1_1"},"event_type":"interaction.created"}',
            b'data: {"index": 0, "event_type": "step.stop", "usage": {"total_tokens": 1}}',
            b'data: {"index":0,"delta":{},"metadata":{"total_usage":{"total_tokens":1}},"event_type":"step.delta"}',
            b'data: {"index":0,"step":{"type":"function_call"},"event_type":"step.start"}',
            b'data: {"error":{"code":"internal"},"event_type":"error"}',
            b'{"error": {"code": 500}}',
        ],
    )
    def test_the_gate_lets_through_what_counts(self, event: bytes) -> None:
        """Whatever has an attribute in it is read without content, too."""
        assert CODEC.gate.search(event)

    def test_the_gate_holds_text_back(self) -> None:
        """Text is not read without content, whatever the model wrote."""
        said = json.dumps('"event_type":"interaction.completed" "usage":{"error":{')
        assert not CODEC.gate.search(b'data: {"delta":{"text":%b,"type":"text"}}' % said.encode())

    def test_the_last_event(self) -> None:
        """The end of a stream is known by its event, not by what a result has in it."""
        assert CODEC.last.search(b"event: interaction.completed\ndata: {}\n\n")
        assert CODEC.last.search(b'data: {"event_type":"error"}\n\n')
        assert not CODEC.last.search(b'event: step.delta\ndata: {"a":{"event_type":"interaction.completed"}}\n\n')
        assert not CODEC.last.search(b"event: interaction.created\ndata: {}\n\n")


def delta(index: int, said: Json) -> Json:
    """A piece of a step."""
    return {"event_type": "step.delta", "index": index, "delta": said}


class TestAccounts:
    """Usage is counted once, whoever tells it."""

    @pytest.mark.parametrize("usage", [None, {}, {"total_tokens": 0, "total_input_tokens": 0}])
    def test_what_is_at_work_has_no_usage(self, usage: Json | None) -> None:
        """Zeros of what is at work are not its usage, which the first fetch of it finished has."""
        accounts = Accounts()
        made = GeminiInteractions(accounts)
        assert not counted(made.response({"id": "v1_1", "status": "in_progress", "usage": usage}))
        fetch = GeminiInteractionFetch("v1_1", accounts)
        assert not counted(fetch.response({"id": "v1_1", "status": "queued", "usage": usage}))
        assert counted(fetch.response(DONE))
        assert not counted(fetch.response(DONE))

    def test_zeros_of_what_is_finished_are_its_usage(self) -> None:
        """An interaction that took nothing says so."""
        found = CODEC.response({"id": "v1_1", "status": "completed", "usage": {"total_output_tokens": 0}})
        assert found["gen_ai.usage.output_tokens"] == 0

    def test_what_others_made_is_theirs(self) -> None:
        """A fetch that finds finished what this process never saw supposes that it was counted."""
        fetch = GeminiInteractionFetch("v1_1", Accounts())
        fetch.response({"error": {"code": "internal"}})
        assert not counted(fetch.response(DONE))

    def test_what_others_made_and_this_process_waited_for_is_counted(self) -> None:
        """Who polls an interaction until it is finished counts it, though another process made it."""
        fetch = GeminiInteractionFetch("v1_1", Accounts())
        fetch.response({"id": "v1_1", "status": "in_progress"})
        assert counted(fetch.response(DONE))

    def test_usage_so_far_is_not_counted_again(self) -> None:
        """A stream that broke off with usage has that; a fetch of the whole adds nothing."""
        accounts = Accounts()
        assert counted(GeminiInteractions(accounts).response({**DONE, "status": "in_progress"}))
        assert not counted(GeminiInteractionFetch("v1_1", accounts).response(DONE))


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("post", "/v1beta/interactions", GeminiInteractions),
        ("post", "/v1beta1/projects/p/locations/l/interactions", GeminiInteractions),
        ("get", "/v1/interactions/v1_abc", GeminiInteractionFetch),
        ("post", "/v1/interactions/v1_abc/cancel", None),
        ("post", "/v1/interactions/v1_abc", None),
        ("delete", "/v1/interactions/v1_abc", None),
        ("get", "/v1/interactions", None),
        ("post", "/v1/agents", None),
        ("get", "/v1/interactions/" + "a" * 257, None),
    ],
)
def test_paths(method: str, path: str, kind: type[Codec] | None) -> None:
    """Making and fetching have codecs; all other methods of the API are left alone."""
    found = InteractionPaths().codec(method, path)
    assert type(found) is (kind or type(None))


def test_the_body_tells_agents_from_models() -> None:
    """An interaction that names an agent is its invocation; to fetch it stays a fetch."""
    paths = InteractionPaths()
    model, fetch = paths.codec("post", "/v1/interactions"), paths.codec("get", "/v1/interactions/v1_1")
    assert model is not None
    assert fetch is not None
    assert type(paths.of(model, {"agent": "a"})) is GeminiAgentInteractions
    assert paths.of(model, {"model": "m"}) is model
    assert paths.of(fetch, {"agent": "a"}) is fetch
    assert GeminiAgentInteractions().request({"agent": "a"}) == {"gen_ai.agent.id": "a", "gen_ai.agent.name": "a"}

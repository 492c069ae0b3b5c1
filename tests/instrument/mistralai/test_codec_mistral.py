"""The codecs of Mistral over plain JSON: what the wire says, and nothing it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spanwise.instrument.codec.mistral_chat import MistralChat
from spanwise.instrument.codec.mistral_conversations import MistralConversations
from spanwise.instrument.codec.mistral_embeddings import MistralEmbeddings
from spanwise.instrument.codec.mistral_fim import MistralFim
from spanwise.instrument.codec.mistral_moderations import MistralModerations
from spanwise.instrument.codec.mistral_ocr import MistralOcr


CHAT, CONVERSATIONS, OCR = MistralChat(), MistralConversations(), MistralOcr()


def test_entries_do_not_allocate() -> None:
    """Thousands of entries in a stream cost no memory in proportion."""
    reducer = CONVERSATIONS.reducer()
    for index in range(5000):
        reducer.add({"type": "message.output.delta", "id": str(index), "content": "x"})
    assert len(reducer.body()["outputs"]) == 1024


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens_details": {"cached_tokens": 8}},
        {"prompt_token_details": {"cached_tokens": 8}},
        {"num_cached_tokens": 8},
    ],
)
def test_cached_tokens(usage: dict[str, Any]) -> None:
    """Tokens read from the cache are found in each of the places they have had, and are part of the input."""
    found = CHAT.response({"usage": {"prompt_tokens": 10, "completion_tokens": 2, **usage}})
    assert found["gen_ai.usage.input_tokens"] == 10
    assert found["gen_ai.usage.cache_read.input_tokens"] == 8


def test_unknown_is_not_zero() -> None:
    """A body without usage gives no counts."""
    assert not any("usage" in name for name in CHAT.response({"id": "a", "choices": []}))


def test_audio_input() -> None:
    """Seconds of audio are counted, and the audio of a message is a part of it, as a reference where it is long."""
    found = CHAT.response({"usage": {"prompt_tokens": 5, "prompt_audio_seconds": 12}})
    assert found["spanwise.usage.input_audio_seconds"] == 12.0
    audio = {"type": "input_audio", "input_audio": "QUJD" * 3000}
    content = CHAT.request_content({"messages": [{"role": "user", "content": [audio]}]})
    (part,) = json.loads(str(content["gen_ai.input.messages"]))[0]["parts"]
    assert (part["type"], part["modality"]) == ("blob", "audio")
    assert "9000 bytes" in part["content"]
    linked = CHAT.request_content({"messages": [{"content": [{"type": "input_audio", "input_audio": "https://x/a"}]}]})
    assert json.loads(str(linked["gen_ai.input.messages"]))[0]["parts"] == [
        {"type": "uri", "modality": "audio", "uri": "https://x/a"}
    ]


def test_chunks_of_content() -> None:
    """Images, documents, files, references and thinking are parts of the convention, or stand as they came."""
    chunks: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {"type": "image_url", "image_url": "https://x/i.png"},
        {"type": "document_url", "document_url": "https://x/d.pdf"},
        {"type": "file", "file_id": "f1"},
        {"type": "reference", "reference_ids": [1]},
    ]
    content = CHAT.request_content({"messages": [{"role": "assistant", "content": chunks, "prefix": True}]})
    parts = json.loads(str(content["gen_ai.input.messages"]))[0]["parts"]
    assert parts == [
        {"type": "reasoning", "content": "ab"},
        {"type": "uri", "modality": "image", "uri": "https://x/i.png"},
        {"type": "uri", "modality": "document", "uri": "https://x/d.pdf"},
        {"type": "file", "modality": "document", "file_id": "f1"},
        {"type": "reference", "reference_ids": [1]},
    ]


def test_arguments_given_as_an_object() -> None:
    """A call whose arguments come as an object, as some releases of the API send them, is read like any other."""
    reducer = CHAT.reducer()
    call = {"id": "c", "function": {"name": "f", "arguments": {"id": "1"}}}
    reducer.add({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]})
    body = reducer.body()
    (message,) = json.loads(str(CHAT.response_content(body)["gen_ai.output.messages"]))
    assert message["parts"] == [{"type": "tool_call", "id": "c", "name": "f", "arguments": {"id": "1"}}]
    assert CHAT.response(body)["gen_ai.response.finish_reasons"] == ["tool_call"]


@pytest.mark.parametrize(("reason", "word"), [("model_length", "length"), ("error", "error"), ("stop", "stop")])
def test_finish_reasons(reason: str, word: str) -> None:
    """Reasons are the convention's."""
    found = CHAT.response({"choices": [{"finish_reason": reason, "message": {}}]})
    assert found["gen_ai.response.finish_reasons"] == [word]


def test_agent() -> None:
    """A completion by an agent names the agent in place of a model."""
    found = CHAT.request({"agent_id": "ag_1", "messages": []})
    assert found == {"gen_ai.agent.id": "ag_1"}


def test_middle_is_asked_for_with_both_ends() -> None:
    """The beginning and the end of a completion in the middle are told apart."""
    content = MistralFim().request_content({"prompt": "def f(", "suffix": "return"})
    assert json.loads(str(content["gen_ai.input.messages"])) == [
        {"role": "user", "parts": [{"type": "text", "content": "def f("}, {"type": "suffix", "content": "return"}]}
    ]


def test_vector_length_and_type() -> None:
    """The length and the type of a vector are on the span."""
    found = MistralEmbeddings().request({"model": "codestral-embed", "output_dimension": 256, "output_dtype": "int8"})
    assert found["gen_ai.embeddings.dimension.count"] == 256
    assert found["gen_ai.request.encoding_formats"] == ["int8"]


def test_pages() -> None:
    """Pages are counted, all as annotated where the document is, else those with an annotated image."""
    pages = [{"images": [{"image_annotation": "{}"}]}, {"images": []}, {}]
    body: dict[str, Any] = {"model": "m", "pages": pages, "usage_info": {"pages_processed": 3}}
    assert OCR.response(body)["spanwise.usage.input_pages"] == 3
    assert OCR.response(body)["spanwise.usage.input_annotated_pages"] == 1
    assert OCR.response({**body, "document_annotation": "{}"})["spanwise.usage.input_annotated_pages"] == 3
    assert "spanwise.usage.input_annotated_pages" not in OCR.response({**body, "pages": []})


def test_moderations() -> None:
    """What was met is named and flagged; texts and messages, of one conversation or of several, are the input."""
    codec = MistralModerations()
    results = [{"categories": {"pii": True, "law": False}}, {"categories": {"law": False}}]
    found = codec.response({"model": "m", "results": results})
    assert found["spanwise.moderation.flagged"] is True
    assert found["spanwise.moderation.categories"] == ["pii"]
    assert codec.response({"results": results[1:]})["spanwise.moderation.flagged"] is False
    assert "spanwise.moderation.flagged" not in codec.response({})
    message = {"role": "user", "content": "a"}
    for given_input in (["a"], "a", [message], [[message]]):
        content = codec.request_content({"input": given_input})
        assert json.loads(str(content["gen_ai.input.messages"])) == [
            {"role": "user", "parts": [{"type": "text", "content": "a"}]}
        ]


def test_entries_of_a_conversation() -> None:
    """Entries that were asked and answered are messages with the roles they stand for."""
    asked = [
        {"type": "message.input", "role": "user", "content": "Where?"},
        {"type": "function.call", "tool_call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function.result", "tool_call_id": "c", "result": '{"a": 1}'},
        {"type": "agent.handoff", "previous_agent_name": "a", "next_agent_name": "b"},
    ]
    content = CONVERSATIONS.request_content({"inputs": asked})
    messages = json.loads(str(content["gen_ai.input.messages"]))
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "assistant"]
    assert messages[2]["parts"] == [{"type": "tool_call_response", "response": {"a": 1}, "id": "c"}]
    assert messages[3]["parts"][0]["type"] == "agent.handoff"


def test_stream_of_a_conversation() -> None:
    """Deltas of text and of thinking are joined; the model is that of the last entry; a call ends it as one."""
    reducer = CONVERSATIONS.reducer()
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "x"}]}
    for event in (
        {"type": "conversation.response.started", "conversation_id": "conv"},
        {"type": "message.output.delta", "id": "m", "model": "a", "content": thought},
        {"type": "message.output.delta", "id": "m", "model": "a", "content": thought},
        {"type": "message.output.delta", "id": "m", "model": "a", "content": "It "},
        {"type": "message.output.delta", "id": "m", "model": "a", "content": {"type": "text", "text": "is"}},
        {"type": "function.call.delta", "id": "f", "model": "b", "name": "g", "tool_call_id": "c", "arguments": '{"a"'},
        {"type": "function.call.delta", "id": "f", "model": "b", "name": "g", "tool_call_id": "c", "arguments": ": 1}"},
        {"type": "conversation.response.done", "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
    ):
        reducer.add(event)
    body = reducer.body()
    found = CONVERSATIONS.response(body)
    assert found["gen_ai.conversation.id"] == "conv"
    assert found["gen_ai.response.model"] == "b"
    assert found["gen_ai.response.finish_reasons"] == ["tool_call"]
    assert found["gen_ai.usage.input_tokens"] == 3
    (message,) = json.loads(str(CONVERSATIONS.response_content(body)["gen_ai.output.messages"]))
    assert message["parts"] == [
        {"type": "reasoning", "content": "xx"},
        {"type": "text", "content": "It is"},
        {"type": "tool_call", "id": "c", "name": "g", "arguments": {"a": 1}},
    ]


def test_gates_let_text_lie() -> None:
    """What a model wrote passes no gate, whatever it wrote; what ends a stream or carries its usage does."""
    said = json.dumps('"usage": {"type":"conversation.response.done"} [DONE] "object":"error"')
    text = f'data: {{"choices":[{{"delta":{{"content":{said.replace("[DONE]", "")}}},"finish_reason":null}}]}}'.encode()
    assert CHAT.gate.search(text) is None
    assert CHAT.gate.search(b'data: {"object":"error","message":"m"}')
    assert CONVERSATIONS.last.search(f'data: {{"type":"message.output.delta","content":{said}}}'.encode()) is None
    assert CONVERSATIONS.last.search(b'event: conversation.response.done\ndata: {"type":"conversation.response.done"}')

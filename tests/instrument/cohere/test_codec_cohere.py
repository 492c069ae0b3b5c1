"""The codecs of Cohere over plain JSON: what the wire says, and nothing it does not."""

from __future__ import annotations

import json

import pytest

from spanwise.instrument.codec.cohere_chat import CohereChat
from spanwise.instrument.codec.cohere_chat_v1 import CohereChatV1
from spanwise.instrument.codec.cohere_embed import CohereEmbed
from spanwise.instrument.codec.cohere_rerank import CohereRerank


CHAT, CHAT_V1, EMBED, RERANK = CohereChat(), CohereChatV1(), CohereEmbed(), CohereRerank()


def test_indices_do_not_allocate() -> None:
    """An index of a billion, or thousands of indices, cost no memory in proportion."""
    reducer = CHAT.reducer()
    for index in (10**9, *range(5000)):
        reducer.add({"type": "content-delta", "index": index, "delta": {"message": {"content": {"text": "x"}}}})
        reducer.add({"type": "tool-call-start", "index": index, "delta": {"message": {"tool_calls": {"id": "x"}}}})
    message = reducer.body()["message"]
    assert len(message["content"]) == len(message["tool_calls"]) == 1024


def test_what_is_billed_is_the_usage() -> None:
    """Where tokens are counted and billed apart, those that are billed are on the span."""
    usage = {"billed_units": {"input_tokens": 5.0, "output_tokens": 2.0}, "tokens": {"input_tokens": 70.0}}
    found = CHAT.response({"id": "c", "usage": usage})
    assert found["gen_ai.usage.input_tokens"] == 5
    assert found["gen_ai.usage.output_tokens"] == 2
    counted = CHAT.response({"usage": {"tokens": {"input_tokens": 70, "output_tokens": 3}}})
    assert counted["gen_ai.usage.input_tokens"] == 70
    assert not any("usage" in name for name in CHAT.response({"id": "c"}))


@pytest.mark.parametrize(("cached", "is_known"), [(3, True), (5, True), (9, False)])
def test_cached_tokens(cached: int, is_known: bool) -> None:
    """Cached tokens are part of the input; more of them than are billed say nothing of what is billed."""
    found = CHAT.response({"usage": {"billed_units": {"input_tokens": 5}, "cached_tokens": cached}})
    assert ("gen_ai.usage.cache_read.input_tokens" in found) is is_known


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("COMPLETE", "stop"),
        ("STOP_SEQUENCE", "stop"),
        ("MAX_TOKENS", "length"),
        ("TOOL_CALL", "tool_call"),
        ("ERROR", "error"),
        ("ERROR_TOXIC", "content_filter"),
        ("ERROR_LIMIT", "length"),
        ("TIMEOUT", "error"),
    ],
)
def test_finish_reasons(reason: str, word: str) -> None:
    """Reasons are the convention's, in both versions."""
    for codec in (CHAT, CHAT_V1):
        assert codec.response({"finish_reason": reason})["gen_ai.response.finish_reasons"] == [word]


def test_searches_of_a_chat() -> None:
    """Search units that a chat is billed are searches of the web."""
    meta = {"billed_units": {"search_units": 2}}
    assert CHAT_V1.response({"meta": meta})["spanwise.usage.web_searches"] == 2
    assert CHAT.response({"usage": meta})["spanwise.usage.web_searches"] == 2


def test_searches_of_a_reranking() -> None:
    """Search units of a reranking are what it is billed by."""
    found = RERANK.response({"meta": {"billed_units": {"search_units": 1}}})
    assert found == {"spanwise.usage.rerank_searches": 1}


def test_documents_of_a_reranking() -> None:
    """Documents have place and score, and their text from the request or from the response, whichever has it."""
    results = [
        {"index": 1, "relevance_score": 0.9},
        {"index": 0, "relevance_score": 0.5, "document": {"text": "sent back"}},
        {"index": 7, "relevance_score": 0.1},
    ]
    content = CohereRerank(["a", {"title": "t", "body": "b"}]).response_content({"results": results})
    assert json.loads(str(content["gen_ai.retrieval.documents"])) == [
        {"id": "1", "score": 0.9, "content": {"title": "t", "body": "b"}},
        {"id": "0", "score": 0.5, "content": "sent back"},
        {"id": "7", "score": 0.1},
    ]


def test_images_of_an_embedding() -> None:
    """Tokens of images are billed beside those of texts; the input is both."""
    found = EMBED.response({"meta": {"billed_units": {"input_tokens": 5, "image_tokens": 258, "images": 1}}})
    assert found["gen_ai.usage.input_tokens"] == 263
    assert found["gen_ai.usage.image.input_tokens"] == 258
    only = EMBED.response({"meta": {"billed_units": {"image_tokens": 258}}})
    assert only["gen_ai.usage.input_tokens"] == 258


def test_documents_and_citations() -> None:
    """Documents to answer from are part of the input, what the answer cites is part of it."""
    body = {"messages": [{"role": "user", "content": "q"}], "documents": ["d", {"id": "x", "data": {"text": "e"}}]}
    asked = json.loads(str(CHAT.request_content(body)["gen_ai.input.messages"]))
    assert asked[1]["parts"] == [
        {"type": "document", "content": "d"},
        {"type": "document", "content": {"text": "e"}, "id": "x"},
    ]
    cited = {"start": 0, "end": 1, "text": "a", "sources": []}
    answer = {"message": {"content": [{"type": "text", "text": "a"}], "citations": [cited]}}
    (message,) = json.loads(str(CHAT.response_content(answer)["gen_ai.output.messages"]))
    assert message["parts"] == [{"type": "text", "content": "a"}, {"type": "citation", "content": cited}]


def test_image_and_tool_result() -> None:
    """An image is a part with its address, a tool's answer is one with its documents."""
    image = {"type": "image_url", "image_url": {"url": "https://x/i.png"}}
    result = {"role": "tool", "tool_call_id": "c", "content": [{"type": "document", "document": {"data": {"a": 1}}}]}
    body = {"messages": [{"role": "user", "content": [image]}, result]}
    messages = json.loads(str(CHAT.request_content(body)["gen_ai.input.messages"]))
    assert messages[0]["parts"] == [{"type": "uri", "modality": "image", "uri": "https://x/i.png"}]
    assert messages[1]["parts"] == [
        {"type": "tool_call_response", "response": [{"type": "document", "content": {"a": 1}}], "id": "c"}
    ]


def test_version_1() -> None:
    """History, message, results of tools and preamble are read as what they are."""
    call = {"name": "f", "parameters": {"id": "1"}}
    body = {
        "preamble": "Be brief.",
        "chat_history": [{"role": "USER", "message": "a"}, {"role": "CHATBOT", "message": "b", "tool_calls": [call]}],
        "message": "c",
        "tool_results": [{"call": call, "outputs": [{"a": 1}]}],
        "conversation_id": "conv",
    }
    assert CHAT_V1.request(body)["gen_ai.conversation.id"] == "conv"
    content = CHAT_V1.request_content(body)
    messages = json.loads(str(content["gen_ai.input.messages"]))
    assert [message["role"] for message in messages] == ["user", "assistant", "user", "tool"]
    assert messages[1]["parts"][1] == {"type": "tool_call", "name": "f", "arguments": {"id": "1"}}
    assert messages[3]["parts"] == [{"type": "tool_call_response", "name": "f", "response": [{"a": 1}]}]
    assert json.loads(str(content["gen_ai.system_instructions"])) == [{"type": "text", "content": "Be brief."}]


def test_stream_of_version_1_cut_short() -> None:
    """Of a stream that breaks off the text so far is known."""
    reducer = CHAT_V1.reducer()
    reducer.add({"event_type": "stream-start", "generation_id": "g"})
    for piece in ("It ", "is"):
        reducer.add({"event_type": "text-generation", "text": piece})
    body = reducer.body()
    assert CHAT_V1.response(body) == {"gen_ai.response.id": "g"}
    (message,) = json.loads(str(CHAT_V1.response_content(body)["gen_ai.output.messages"]))
    assert message["parts"] == [{"type": "text", "content": "It is"}]


def test_stream_that_ends_with_an_error() -> None:
    """The class of an error in a stream is the reason it ended for, not the sentence."""
    reducer = CHAT.reducer()
    reducer.add({"type": "message-end", "delta": {"finish_reason": "ERROR", "error": "about your prompt ..."}})
    assert reducer.error == "error"


def test_gates_let_text_lie() -> None:
    """What a model wrote passes no gate, whatever it wrote; what ends a stream does."""
    said = json.dumps('"type":"message-end" "is_finished": true "event_type":"stream-end"')
    assert CHAT.gate.search(f'data: {{"type":"content-delta","delta":{said}}}'.encode()) is None
    assert CHAT_V1.gate.search(f'{{"event_type":"text-generation","text":{said}}}'.encode()) is None
    assert CHAT.last.search(b'event: message-end\ndata: {"type":"message-end"}')
    assert CHAT_V1.last.search(b'{"is_finished":true,"event_type":"stream-end"}')

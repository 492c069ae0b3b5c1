"""Codecs of Groq, Cerebras, Together and Writer: what they have beside OpenAI's wire."""

from __future__ import annotations

import json
from typing import Any

from spanwise.instrument.codec.timed_completion import TimedChat, TimedCompletions
from spanwise.instrument.codec.together_rerank import TogetherRerank
from spanwise.instrument.codec.writer_chat import WriterChat
from spanwise.instrument.codec.writer_completions import WriterCompletions


USAGE: dict[str, Any] = {"prompt_tokens": 5, "completion_tokens": 7}


def test_usage_of_a_groq_stream() -> None:
    """The usage of a stream is in an object of Groq's own, with the times."""
    reducer = TimedChat().reducer()
    reducer.add({"id": "a", "model": "m", "choices": [{"index": 0, "delta": {"content": "Hi"}}], "x_groq": {"id": "r"}})
    usage = {**USAGE, "queue_time": 0.5, "total_time": 1.5}
    reducer.add(
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "x_groq": {"id": "r", "usage": usage}}
    )
    found = TimedChat().response(reducer.body())
    assert found["gen_ai.usage.input_tokens"] == 5
    assert found["gen_ai.usage.output_tokens"] == 7
    assert found["spanwise.response.queue_s"] == 0.5
    assert found["spanwise.response.latency_s"] == 1.5
    assert found["gen_ai.response.finish_reasons"] == ["stop"]


def test_an_openai_usage_wins_over_that_of_groq() -> None:
    """Where a caller asked for the usage as OpenAI has it, both stand in the stream, and count once."""
    reducer = TimedChat().reducer()
    reducer.add({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "x_groq": {"usage": USAGE}})
    reducer.add({"choices": [], "usage": USAGE})
    assert TimedChat().response(reducer.body())["gen_ai.usage.input_tokens"] == 5


def test_error_of_a_groq_stream() -> None:
    """A stream that Groq stops early says so in the same object, whose text is not passed on."""
    reducer = TimedChat().reducer()
    reducer.add({"choices": [], "x_groq": {"error": "over capacity: the prompt was ..."}})
    assert reducer.error == "provider_error"


def test_tools_that_groq_runs() -> None:
    """What a tool of a compound system did comes before the text, whole and streamed alike."""
    tool = {"index": 0, "type": "search", "arguments": '{"query": "parcel"}', "output": "found"}
    reducer = TimedChat().reducer()
    reducer.add({"choices": [{"index": 0, "delta": {"executed_tools": [{**tool, "output": None}]}}]})
    reducer.add({"choices": [{"index": 0, "delta": {"content": "Here.", "executed_tools": [tool]}}]})
    whole = {"choices": [{"message": {"role": "assistant", "content": "Here.", "executed_tools": [tool]}}]}
    for body in (whole, reducer.body()):
        (said,) = json.loads(str(TimedChat().response_content(body)["gen_ai.output.messages"]))
        assert [part["type"] for part in said["parts"]] == ["server_tool_call", "text"]
        assert said["parts"][0]["server_tool_call"] == {**tool, "arguments": {"query": "parcel"}}


def test_times_of_cerebras() -> None:
    """Times stand beside the usage, whole and streamed."""
    times = {"queue_time": 0.25, "total_time": 1}
    reducer = TimedCompletions().reducer()
    reducer.add({"choices": [{"index": 0, "text": "Hi", "finish_reason": "stop"}], "usage": USAGE, "time_info": times})
    for body in ({"usage": USAGE, "time_info": times}, reducer.body()):
        found = TimedCompletions().response(body)
        assert found["spanwise.response.queue_s"] == 0.25
        assert found["spanwise.response.latency_s"] == 1.0
        assert found["gen_ai.usage.output_tokens"] == 7


def test_tools_that_writer_runs() -> None:
    """What a tool of Writer's found comes before the text, as a call that the server made."""
    message = {"role": "assistant", "content": "30 days.", "graph_data": {"sources": [{"file_id": "f"}]}}
    found = WriterChat().response_content({"choices": [{"message": message}]})
    (said,) = json.loads(str(found["gen_ai.output.messages"]))
    graph, text = said["parts"]
    assert (graph["type"], graph["name"]) == ("server_tool_call", "graph")
    assert graph["server_tool_call"]["sources"] == [{"file_id": "f"}]
    assert text == {"type": "text", "content": "30 days."}


def test_streamed_tools_that_writer_runs() -> None:
    """In a stream the last word on a tool counts."""
    reducer = WriterChat().reducer()
    for status in ("processing", "finished"):
        reducer.add({"choices": [{"index": 0, "delta": {"content": "a", "graph_data": {"status": status}}}]})
    (said,) = json.loads(str(WriterChat().response_content(reducer.body())["gen_ai.output.messages"]))
    assert said["parts"][0]["server_tool_call"]["status"] == "finished"
    assert said["parts"][1]["content"] == "aa"


def test_cache_of_writer() -> None:
    """Tokens read from the cache stand under a name that only Writer has."""
    usage = {**USAGE, "prompt_token_details": {"cached_tokens": 3}}
    assert WriterChat().response({"usage": usage})["gen_ai.usage.cache_read.input_tokens"] == 3


def test_completions_of_writer() -> None:
    """Chunks are a value each; nothing says why it ended, so the span does not either."""
    reducer = WriterCompletions().reducer()
    for value in ("Once ", "upon"):
        reducer.add({"value": value})
    (said,) = json.loads(str(WriterCompletions().response_content(reducer.body())["gen_ai.output.messages"]))
    assert said["parts"] == [{"type": "text", "content": "Once upon"}]
    assert "gen_ai.response.finish_reasons" not in WriterCompletions().response(reducer.body())


def test_rerank_of_together() -> None:
    """Tokens are OpenAI's usage, documents Cohere's results."""
    body = {"model": "m", "usage": USAGE, "results": [{"index": 1, "relevance_score": 0.5, "document": {"text": "b"}}]}
    assert TogetherRerank().response(body)["gen_ai.usage.input_tokens"] == 5
    found = TogetherRerank().response_content(body)
    assert json.loads(str(found["gen_ai.retrieval.documents"])) == [{"id": "1", "score": 0.5, "content": "b"}]

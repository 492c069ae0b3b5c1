"""Messages of the Model Context Protocol: what they say of a span."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from spanwise.instrument.codec import Attributes
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Message: TypeAlias = Any
"""A request, a result or an error of the SDK: pydantic models, wrapped in another one that says whose they are."""

_LONGEST: Final = 1024
_TOOL_ERROR: Final = "tool_error"
_CALLERS_FAULT: Final = frozenset((-32700, -32600, -32601, -32602, -32002))
"""JSON-RPC codes that a server answers to a request that was wrong: no error of the server, says the convention."""


def unwrapped(message: Message) -> Message:
    """The message itself, out of the model around it."""
    return getattr(message, "root", message)


def method_of(request: Message) -> str:
    """The JSON-RPC method of a request; empty where there is none."""
    method = getattr(unwrapped(request), "method", "")
    return method if isinstance(method, str) else ""


def named(request: Message) -> tuple[str, Attributes]:
    """The name of the span of a request, and its attributes. Neither holds arguments.

    The URI of a resource is an attribute, never part of the name, which would have too many values.
    """
    method = method_of(request)
    params = getattr(unwrapped(request), "params", None)
    said: Attributes = {attr.MCP_METHOD_NAME: method}
    subject = ""
    if method == values.MCP_METHOD_NAME_TOOLS_CALL:
        said[attr.GEN_AI_OPERATION_NAME] = values.GEN_AI_OPERATION_NAME_EXECUTE_TOOL
        subject = _text(params, "name")
        said[attr.GEN_AI_TOOL_NAME] = subject
    elif method == values.MCP_METHOD_NAME_PROMPTS_GET:
        subject = _text(params, "name")
        said[attr.GEN_AI_PROMPT_NAME] = subject
    elif uri := _text(params, "uri"):
        said[attr.MCP_RESOURCE_URI] = uri
    return f"{method} {subject}".rstrip(), said


def arguments(request: Message) -> Message:
    """What a tool is called with; `None` for any other request. This is content."""
    if method_of(request) != values.MCP_METHOD_NAME_TOOLS_CALL:
        return None
    return getattr(getattr(unwrapped(request), "params", None), "arguments", None)


def made(result: Message) -> Message:
    """What a tool gave back, as it is on the wire; `None` for any other result. This is content."""
    result = unwrapped(result)
    if not hasattr(result, "isError"):
        return None
    return result.model_dump(by_alias=True, mode="json", exclude_none=True).get("content")


def failure(answer: Message, *, serves: bool) -> Attributes:
    """What an answer says of a failure; empty where it is none.

    Args:
        answer: a result, or an error of JSON-RPC with its code.
        serves: whether the span is that of the side which answered. What the caller did wrong is none of its errors,
            and has a code alone.
    """
    answer = unwrapped(answer)
    if getattr(answer, "isError", False) is True:
        return {attr.ERROR_TYPE: _TOOL_ERROR}
    code = getattr(answer, "code", None)
    if not isinstance(code, int) or not hasattr(answer, "message"):
        return {}
    said: Attributes = {attr.RPC_RESPONSE_STATUS_CODE: str(code)}
    if not (serves and code in _CALLERS_FAULT):
        said[attr.ERROR_TYPE] = str(code)
    return said


def protocol_version(result: Message) -> str:
    """The version that the answer to `initialize` settles; empty for any other answer."""
    return _text(unwrapped(result), "protocolVersion")


def _text(thing: Message, name: str) -> str:
    value = getattr(thing, name, None)
    return "" if value is None else str(value)[:_LONGEST]

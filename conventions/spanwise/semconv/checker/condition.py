"""Conditions of the registry that a sample itself can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.semconv.checker.sample import Attributes
from spanwise.semconv.descriptor import Level, Use


class Facts(NamedTuple):
    """What is known of a sample. `kind` is empty where the sample is no span."""

    attributes: Attributes
    failed: bool
    kind: str = ""

    def has(self, name: str) -> bool:
        """Whether the attribute `name` is set."""
        return self.attributes.get(name) is not None

    @property
    def unfinished(self) -> bool:
        """Whether there was no whole response: the call failed, works on, or its stream was not read to the end."""
        outcome = self.attributes.get(attr.SPANWISE_STREAM_OUTCOME)
        if self.attributes.get(attr.GEN_AI_RESPONSE_STATUS) in _AT_WORK:
            return True
        return self.failed or (outcome is not None and outcome != values.SPANWISE_STREAM_OUTCOME_DRAINED)


_OF_THE_RESPONSE: Final = ("gen_ai.response.", "gen_ai.usage.", "openai.response.")
_AT_WORK: Final = (values.GEN_AI_RESPONSE_STATUS_QUEUED, values.GEN_AI_RESPONSE_STATUS_IN_PROGRESS)
_PROMPT_METHODS: Final = frozenset({values.MCP_METHOD_NAME_PROMPTS_GET})
_TOOL_METHODS: Final = frozenset({values.MCP_METHOD_NAME_TOOLS_CALL})
_RESOURCE_METHODS: Final = frozenset(
    {
        values.MCP_METHOD_NAME_RESOURCES_READ,
        values.MCP_METHOD_NAME_RESOURCES_SUBSCRIBE,
        values.MCP_METHOD_NAME_RESOURCES_UNSUBSCRIBE,
        values.MCP_METHOD_NAME_NOTIFICATIONS_RESOURCES_UPDATED,
    }
)
_NO_NETWORK: Final = "pipe"


def applies(use: Use, facts: Facts) -> bool | None:
    """Whether the convention wants `use` here; `None` when the sample cannot tell.

    What comes from the response is not wanted of a call without a whole response, and no server's address of a call
    that stays in the process.
    """
    if use.level is not Level.REQUIRED:
        if facts.unfinished and use.attribute.startswith(_OF_THE_RESPONSE):
            return False
        if facts.kind == "internal" and use.attribute == attr.SERVER_ADDRESS:
            return False
    if not use.condition:
        return True
    decide = CONDITIONS.get(use.condition)
    return None if decide is None else decide(facts)


def _streams(facts: Facts) -> bool:
    return facts.attributes.get(attr.GEN_AI_REQUEST_STREAM) is True or any(
        facts.has(name) for name in (attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, attr.SPANWISE_STREAM_OUTCOME)
    )


def _method(facts: Facts, wanted: frozenset[str]) -> bool:
    return facts.attributes.get(attr.MCP_METHOD_NAME) in wanted


def _request(facts: Facts) -> bool:
    return not str(facts.attributes.get(attr.MCP_METHOD_NAME, "")).startswith("notifications/")


def _network(facts: Facts) -> bool | None:
    return False if facts.attributes.get(attr.NETWORK_TRANSPORT) == _NO_NETWORK else None


CONDITIONS: Final[Mapping[str, Callable[[Facts], bool | None]]] = {
    "the operation failed": lambda facts: facts.failed,
    "the call streams": _streams,
    "server.address is set": lambda facts: facts.has(attr.SERVER_ADDRESS),
    "client.address is set": lambda facts: facts.has(attr.CLIENT_ADDRESS),
    "exception.message is not set": lambda facts: not facts.has(attr.EXCEPTION_MESSAGE),
    "exception.type is not set": lambda facts: not facts.has(attr.EXCEPTION_TYPE),
    "gen_ai.prompt.name is set and the version is known": lambda f: None if f.has(attr.GEN_AI_PROMPT_NAME) else False,
    "the message is about a tool": lambda facts: _method(facts, _TOOL_METHODS),
    "a tool is called": lambda facts: _method(facts, _TOOL_METHODS),
    "the message is about a prompt": lambda facts: _method(facts, _PROMPT_METHODS),
    "the message names a resource": lambda facts: _method(facts, _RESOURCE_METHODS),
    "the message is a request": _request,
    "the answer carries an error code": lambda facts: None if facts.failed else False,
    "there is a network": _network,
    "the transport has an application protocol": _network,
}
"""The decidable conditions, by the words of the registry."""

"""Every place of a span that can hold text, against every kind of value."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import orjson
import pytest
from opentelemetry.trace import StatusCode

from spanwise.record import AttributeValue, Event, Link, Resource, Scope, SpanRecord
from spanwise.redact import RedactConfig, Redactor
from spanwise.redact.kinds import DROPPED, label


REDACTOR = Redactor()
CANARIES = {
    "email": "canary.user@example.com", "phone": "+1 415 555 0132", "card": "4111 1111 1111 1111",
    "iban": "DE89 3704 0044 0532 0130 00", "ssn": "123-45-6789", "ipv4": "203.0.113.77",
    "ipv6": "2001:db8::8a2e:370:7334",
    "openai_key": "sk-proj-" + "aB3dE5gH7jK9" * 4, "anthropic_key": "sk-ant-api03-" + "aB3dE5gH7jK9" * 4,
    "aws_key": "AKIAIOSFODNN7EXAMPLE", "github_token": "ghp_" + "aB3dE5gH7" * 4,
    "slack_token": "xoxb-123456789012-abcdefABCDEF", "google_key": "AIzaSyD3x_9-kLmNoPqRsTuVwXyZ0123456789a",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27uhbUJU1p",
    "private_key": "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn\n-----END PRIVATE KEY-----",
    "url_credentials": "https://canary:hunter2@db.example.com", "url_secret": "https://example.com/?api_key=hunter2",
}  # fmt: skip
SECRET = {"url_credentials": "canary:hunter2", "url_secret": "hunter2"}


def dumped(value: object) -> str:
    """`value` as JSON."""
    return orjson.dumps(value).decode()


def messages(text: str) -> str:
    """A chat history that holds `text` in a text part, a tool call and its result."""
    inner = orjson.dumps({"note": [text]}).decode()
    parts: list[dict[str, object]] = [
        {"type": "text", "content": f"before {text} after"},
        {"type": "tool_call", "id": "call_1", "name": "look", "arguments": {"who": {"deep": [1, text]}}},
        {"type": "tool_call_response", "id": "call_1", "result": inner},
        {"type": "reasoning", "content": text},
    ]
    return orjson.dumps([{"role": "user", "parts": parts}]).decode()


def escaped(text: str) -> str:
    """`text` in JSON with every character as an escape."""
    return '{"a":"' + "".join(f"\\u{ord(letter):04x}" for letter in text) + '"}'


def nested(text: str) -> str:
    """`text` in JSON in JSON in JSON."""
    return json.dumps({"a": json.dumps({"b": json.dumps([text])})})


def attribute(name: str, make: Callable[[str], AttributeValue] = str) -> Callable[[str], SpanRecord]:
    """A span with one attribute that holds the text."""
    return lambda text: SpanRecord("chat", 1, 2, attributes={name: make(text)})


def event(**attributes: str) -> Callable[[str], SpanRecord]:
    """A span with one event whose attributes hold the text."""
    return lambda text: SpanRecord(
        "chat",
        1,
        2,
        events=[
            Event("exception", 1, {name.replace("__", "."): value.format(text) for name, value in attributes.items()})
        ],
    )


CARRIERS: dict[str, Callable[[str], SpanRecord]] = {
    "name": lambda text: SpanRecord(f"chat {text}", 1, 2),
    "status": lambda text: SpanRecord("chat", 1, 2, status=StatusCode.ERROR, status_description=f"failed: {text}"),
    "attribute": attribute("app.note"),
    "attribute list": attribute("app.list", lambda text: ["a", text]),
    "attribute tuple": attribute("app.list", lambda text: ("a", text)),
    "attribute map": attribute("app.map", lambda text: {"a": {"b": [text, {"c": text}]}}),
    "attribute bytes": attribute("app.raw", lambda text: text.encode()),
    "attribute key": lambda text: SpanRecord("chat", 1, 2, attributes={text: 1}),
    "map key": attribute("app.map", lambda text: {text: True}),
    "system": attribute("gen_ai.system_instructions", lambda text: dumped([{"type": "text", "content": text}])),
    "input": attribute("gen_ai.input.messages", messages),
    "output": attribute("gen_ai.output.messages", messages),
    "messages as values": attribute("gen_ai.input.messages", lambda text: orjson.loads(messages(text))),
    "tool arguments": attribute("gen_ai.tool.call.arguments", lambda text: dumped({"q": text})),
    "tool result": attribute("gen_ai.tool.call.result", lambda text: dumped({"rows": [[text]]})),
    "documents": attribute("gen_ai.retrieval.documents", lambda text: dumped([{"content": text, "id": 1}])),
    "json key": attribute("gen_ai.tool.call.arguments", lambda text: dumped({text: 1})),
    "escaped": attribute("gen_ai.input.messages", escaped),
    "nested": attribute("gen_ai.input.messages", nested),
    "ascii json": attribute("gen_ai.input.messages", lambda text: json.dumps(["naïve", text])),
    "cut json": attribute("gen_ai.input.messages", lambda text: messages(text)[:-4]),
    "cut string": attribute("gen_ai.input.messages", lambda text: json.dumps(["é\n" + text])[:-2]),
    "json lines": attribute("app.log", lambda text: '{"a":1}\n{"b":' + json.dumps(text) + "}"),
    "duplicate key": attribute("app.note", lambda text: '{"a":' + json.dumps(text) + ',"a":"x"}'),
    "indented": attribute("app.note", lambda text: json.dumps({"a": [text]}, indent=4)),
    "user": attribute("user.id"),
    "url": attribute("url.full", lambda text: f"https://example.com/x?q={text}"),
    "sql": attribute("db.query.text", lambda text: f"SELECT * FROM t WHERE x = '{text}'"),
    "client": attribute("client.address"),
    "event name": lambda text: SpanRecord("chat", 1, 2, events=[Event(text, 1)]),
    "exception": event(exception__message="bad value {}", exception__stacktrace='File "a.py", line 3\n{}'),
    "event content": event(gen_ai__input__messages="[]", body="{}"),
    "repr in exception": event(exception__message="Error: {{'a': '{}'}}"),
    "link": lambda text: SpanRecord("chat", 1, 2, links=[Link(3, 4, {"why": text})]),
    "resource": lambda text: SpanRecord("chat", 1, 2, resource=Resource({"process.command_args": ("x", text)})),
    "scope": lambda text: SpanRecord("chat", 1, 2, scope=Scope("lib", attributes={"note": text})),
    "scope name": lambda text: SpanRecord("chat", 1, 2, scope=Scope(f"lib {text}", text)),
}  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("kind", CANARIES)
def test_no_carrier_lets_a_value_through(carrier: str, kind: str) -> None:
    """Whatever place holds a value of whatever kind: nothing of it is left anywhere in the record."""
    canary, secret = CANARIES[kind], SECRET.get(kind, CANARIES[kind])
    span = REDACTOR(CARRIERS[carrier](canary))
    whole = repr(span)
    for text in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], secret.replace("\n", "\\\\n")):
        assert text not in whole
    kinds = span.attributes["spanwise.redaction.kinds"]
    assert isinstance(kinds, list)
    assert kind in kinds
    assert isinstance(span.attributes["spanwise.redaction.count"], int)
    assert label(kind) in json.dumps(json.loads(json.dumps(whole)))
    before = repr(span)
    assert repr(REDACTOR(span)) == before


@pytest.mark.parametrize("carrier", [name for name in CARRIERS if name not in ("cut json", "cut string", "json lines")])
def test_json_stays_json(carrier: str) -> None:
    """Redaction of an attribute that was JSON leaves JSON with the same shape."""
    for canary in CANARIES.values():
        before = CARRIERS[carrier](canary).attributes.values()
        after = REDACTOR(CARRIERS[carrier](canary)).attributes.values()
        for old, new in zip(before, after, strict=False):
            if isinstance(old, str) and old[:1] in "{[":
                assert isinstance(new, str)
                assert shape(orjson.loads(new)) == shape(orjson.loads(old))


def shape(value: object) -> object:
    """The structure of a JSON value without its leaves."""
    if isinstance(value, dict):
        return [shape(item) for item in value.values()]
    return [shape(item) for item in value] if isinstance(value, list) else 0


def test_clean_values_keep_every_byte() -> None:
    """White space, number formats and order of JSON without values stay, also when a neighbour changes."""
    odd = '{ "b" : 1.0 ,"a":1e5, "big":123456789012345678901234567890,\n "t":"caf\\u00e9 \\/ \\ud83d" }'
    span = REDACTOR(SpanRecord("chat", 1, 2, attributes={"a": odd, "b": "joe@example.com", "c": "plain"}))
    assert span.attributes["a"] == odd
    text = REDACTOR.text(odd[:-1] + ', "m":"joe@example.com"}')
    assert text == odd[:-1] + ', "m":"[EMAIL]"}'


def test_clean_span_is_not_marked() -> None:
    """A span without values carries no count, no kinds, and the same objects as before."""
    attributes: dict[str, AttributeValue] = {"a": "x" * 100, "n": 12, "f": 0.5, "l": ["a", "b"], "m": {"k": 1}}
    resource = Resource({"service.name": "shop"})
    span = REDACTOR(SpanRecord("chat", 1, 2, attributes=dict(attributes), resource=resource))
    assert span.attributes == attributes
    assert span.resource is resource


def test_numbers_that_are_cards_become_labels() -> None:
    """A card number that arrives as a number is taken out, in attributes and in JSON; other numbers stay."""
    attributes: dict[str, AttributeValue] = {
        "card": 4111111111111111, "as_double": 4111111111111111.0, "time": 1732406400000000000, "n": 1234567890123456,
        "args": '{"card":4111111111111111,"n":-12,"f":4111111111111111.25,"phone":4155550132,"x":[4111111111111111]}',
    }  # fmt: skip
    span = REDACTOR(SpanRecord("chat", 1, 2, attributes=attributes))
    assert span.attributes["card"] == span.attributes["as_double"] == "[CARD]"
    assert span.attributes["time"] == 1732406400000000000
    assert span.attributes["n"] == 1234567890123456
    assert span.attributes["args"] == (
        '{"card":"[CARD]","n":-12,"f":4111111111111111.25,"phone":"[PHONE]","x":["[CARD]"]}'
    )


def test_key_gives_a_number_its_meaning() -> None:
    """Nine digits under `ssn`, ten under `phone` and forty characters under `SecretAccessKey` are values."""
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    span = REDACTOR(
        SpanRecord("chat", 1, 2, attributes={
            "customer.ssn": "123456789", "order.total": "123456789", "homePhone": 4155550132, "n": 4155550132,
            "creds": {"SecretAccessKey": secret}, "plain": {"hash": secret},
            "args": '{"SSN": "123456789", "n": "123456789"}',
        })
    )  # fmt: skip
    assert span.attributes["customer.ssn"] == "[SSN]"
    assert span.attributes["order.total"] == "123456789"
    assert span.attributes["homePhone"] == "[PHONE]"
    assert span.attributes["n"] == 4155550132
    assert span.attributes["creds"] == {"SecretAccessKey": "[AWS_KEY]"}
    assert span.attributes["plain"] == {"hash": secret}
    assert span.attributes["args"] == '{"SSN": "[SSN]", "n": "123456789"}'


def test_addresses_of_own_hosts_stay() -> None:
    """The called host and the user's own machines keep their addresses; the client's is taken out."""
    own = {
        "host.ip": ["10.0.0.7"],
        "server.address": "10.0.0.8",
        "network.peer.address": "10.0.0.9",
        "net.host.ip": "10.0.0.6",
    }
    span = SpanRecord("chat", 1, 2, attributes={**own, "client.address": "10.0.0.5"}, resource=Resource({**own}))
    REDACTOR(span)
    assert span.attributes["client.address"] == "[IPV4]"
    assert {key: span.attributes[key] for key in own} == own
    assert span.resource.attributes == own
    assert (
        REDACTOR(SpanRecord("a", 1, 2, attributes={"host.name": "joe@example.com"})).attributes["host.name"]
        == "[EMAIL]"
    )


def test_counts_are_added_up() -> None:
    """A second host that finds more adds to the count and the kinds of the first."""
    span = SpanRecord("chat", 1, 2, attributes={"a": "joe@example.com, ann@example.com"})
    REDACTOR(span)
    assert span.attributes["spanwise.redaction.count"] == 2
    span.attributes["b"] = "123-45-6789"
    REDACTOR(span)
    assert span.attributes["spanwise.redaction.count"] == 3
    assert span.attributes["spanwise.redaction.kinds"] == ["email", "ssn"]


def test_shared_resource_is_replaced_not_changed() -> None:
    """The resource of other spans stays as it is; spans that share one get the same clean copy."""
    attributes = {"owner": "joe@example.com"}
    first = REDACTOR(SpanRecord("a", 1, 2, resource=Resource(attributes)))
    second = REDACTOR(SpanRecord("b", 1, 3, resource=Resource(attributes)))
    assert attributes == {"owner": "joe@example.com"}
    assert first.resource.attributes == {"owner": "[EMAIL]"}
    assert first.resource.attributes is second.resource.attributes
    assert second.attributes["spanwise.redaction.count"] == 1


def test_keys_that_become_equal_keep_their_values() -> None:
    """Two e-mail addresses as keys leave two entries."""
    span = REDACTOR(SpanRecord("a", 1, 2, attributes={"m": {"joe@example.com": 1, "ann@example.com": 2}}))
    value = span.attributes["m"]
    assert isinstance(value, dict)
    assert sorted(value.values()) == [1, 2]
    assert "example" not in repr(value)


def deep(levels: int, leaf: AttributeValue) -> AttributeValue:
    """`leaf` in `levels` lists."""
    value = leaf
    for _ in range(levels):
        value = [value]
    return value


def test_what_is_too_deep_or_too_long_is_dropped() -> None:
    """Content over a bound is replaced, never passed on unread, and the span says why."""
    span = REDACTOR(SpanRecord("a", 1, 2, attributes={"deep": deep(200, "joe@example.com"), "ok": deep(60, "x")}))
    assert "joe" not in repr(span)
    assert DROPPED in repr(span)
    assert span.attributes["ok"] == deep(60, "x")
    assert "deep" in str(span.attributes["spanwise.content.dropped"])
    small = Redactor(RedactConfig(max_span_bytes=2048))
    span = small(SpanRecord("a", 1, 2, attributes={"first": "fits", "long": "joe@example.com " * 500}))
    assert span.attributes["first"] == "fits"
    assert span.attributes["long"] == DROPPED
    assert "max_span_bytes" in str(span.attributes["spanwise.content.dropped"])
    assert REDACTOR.value(10**30) == DROPPED
    hostile = REDACTOR(SpanRecord("a", 1, 2, attributes={"x": "a@" * 200_000 + "joe@example.com", "ok": "fine"}))
    assert hostile.attributes["x"] == DROPPED
    assert hostile.attributes["ok"] == "fine"
    assert hostile.attributes["spanwise.content.dropped"] in {"too many candidates", "too much time"}
    five = "joe@example.com"
    for _ in range(7):
        five = json.dumps([five])
    assert "joe" not in str(REDACTOR.value(five))


def test_time_is_a_bound_too() -> None:
    """A span that takes longer than it may loses what was not read; what is certain to be clean stays."""
    hasty = Redactor(RedactConfig(max_span_s=0.001))
    texts = {f"t{number}": f"mail {number}@example.com " * 200 for number in range(20)}
    span = hasty(SpanRecord("a", 1, 2, attributes={**texts, "ok": "fine"}))
    assert "example" not in repr(span)
    assert DROPPED in span.attributes.values()
    assert span.attributes["ok"] == "fine"
    assert span.attributes["spanwise.content.dropped"] == "too much time"


def test_values_outside_spans() -> None:
    """Log bodies and labels get the same treatment; the caller may ask for the count."""
    kinds: Counter[str] = Counter()
    body: AttributeValue = {
        "event": {"content": ["joe@example.com", b"joe@example.com", b"\xff joe@example.com", None, True, 1.5]}
    }
    clean = REDACTOR.value(body, kinds)
    assert clean == {"event": {"content": ["[EMAIL]", b"[EMAIL]", b"\xff [EMAIL]", None, True, 1.5]}}
    assert kinds == {"email": 3}
    assert REDACTOR.text("gpt-4.1") == "gpt-4.1"
    assert REDACTOR.value(float("nan")) != REDACTOR.value(float("nan"))
    assert REDACTOR.value(float("inf")) == float("inf")

"""Any text, value or span is taken, what is clean stays, and a second run changes nothing."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import fields
from random import Random
from typing import Any, TypeAlias

import orjson

from spanwise.record import AttributeValue, Event, Link, Resource, Scope, SpanRecord
from spanwise.redact import Redactor, drop_content
from tests.fuzz.broken import Broken
from tests.fuzz.pieces import text


Part: TypeAlias = tuple[str, object]
"""Something in a span: where, and a text, a name with a value, or a list of texts."""

ENGINE = Redactor()
_TEXTS = ("name", "status", "state", "scope")


def any_text(chance: Random) -> None:
    """No exception; a second run finds nothing more; JSON stays JSON; nothing found means nothing changed."""
    whole = text(chance)
    promise = broken_promise(whole)
    if promise:
        raise Broken(promise, whole, lambda shorter: broken_promise(shorter) == promise)


def broken_promise(whole: str) -> str:
    """Which promise `whole` breaks; empty when it breaks none."""
    try:
        found = ENGINE.find(whole)
        again = ENGINE.find(found.text)
    except Exception as error:
        return f"no exception, but {type(error).__name__}"
    if again.text != found.text:
        return f"a second run changes nothing, but finds {', '.join(sorted(again.kinds)) or 'something'}"
    if not found.kinds and found.text != whole and "[DROPPED]" not in found.text:
        return "what holds nothing stays as it is"
    if is_json(whole) and not is_json(found.text):
        return "JSON stays JSON"
    return ""


def is_json(whole: str) -> bool:
    """Whether a strict parser accepts `whole` as an array or object."""
    if whole.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        orjson.loads(whole)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return False
    return True


def any_span(chance: Random) -> None:
    """No span of any content raises, also not where redaction failed, and a second run changes nothing."""
    parts = _parts(chance)
    promise = broken_span(parts)
    if promise:
        alone = next((part for part in parts if broken_span([part]) == promise), None)
        shown = [alone] if alone is not None else parts
        raise Broken(promise, repr(shown), detail=" ".join(where for where, _ in shown))


def broken_span(parts: Sequence[Part]) -> str:
    """Which promise a span of `parts` breaks; empty when it breaks none."""
    span = _span(parts)
    try:
        once = _in_any_order(ENGINE(span))
        twice = _in_any_order(ENGINE(span))
        drop_content(span, "fuzz")
    except Exception as error:
        return f"no exception from a span, but {type(error).__name__}"
    return "" if once == twice else "a second run over a span changes nothing"


def _parts(chance: Random) -> list[Part]:
    parts: list[Part] = [(where, text(chance, most=3)) for where in _TEXTS if chance.randrange(3) == 0]
    parts += [("attribute", (_name(chance), _value(chance, 0))) for _ in range(chance.randrange(5))]
    parts += [("link", (_name(chance), _value(chance, 0))) for _ in range(chance.randrange(2))]
    parts += [("resource", (_name(chance), _value(chance, 0))) for _ in range(chance.randrange(2))]
    chunks: list[AttributeValue] = [text(chance, most=3) for _ in range(chance.randrange(3))]
    return [*parts, ("chunks", chunks)]


def _span(parts: Sequence[Part]) -> SpanRecord:
    texts = {where: str(what) for where, what in parts if where in _TEXTS}
    pairs: dict[str, Any] = {
        where: dict([copy.deepcopy(what) for place, what in parts if place == where and isinstance(what, tuple)])
        for where in ("attribute", "link", "resource")
    }
    scope = texts.get("scope", "")
    chunks = next((what for where, what in parts if where == "chunks" and isinstance(what, list)), [])
    return SpanRecord(
        texts.get("name", ""), 1, 2, attributes=pairs["attribute"], status_description=texts.get("status", ""),
        trace_state=texts.get("state", ""), scope=Scope(scope, attributes={"a": scope}),
        events=[Event("delta", 1, {"delta": chunk}) for chunk in chunks], links=[Link(1, 2, pairs["link"])],
        resource=Resource(pairs["resource"]),
    )  # fmt: skip


def _name(chance: Random) -> str:
    names = ("gen_ai.input.messages", "gen_ai.tool.call.arguments", "user.id", "password", "url.full", "client.address")
    return chance.choice(names) if chance.randrange(3) else text(chance, most=2)


def _value(chance: Random, depth: int) -> AttributeValue:
    kind = chance.randrange(8 if depth < 4 else 6)
    if kind < 3:
        return text(chance, most=8)
    if kind == 3:
        return chance.choice((None, True, 0, -1, 4111111111111111, 1 << 70, 1.5, float("nan"), 1e300, 1e17))
    if kind == 4:
        return text(chance, most=3).encode("utf-8", "surrogatepass") + chance.choice((b"", b"\xff"))
    if kind == 5:
        return [text(chance, most=2) for _ in range(chance.randrange(4))]
    if kind == 6:
        return [_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {_name(chance): _value(chance, depth + 1) for _ in range(chance.randrange(4))}


def _in_any_order(span: SpanRecord) -> tuple[list[str], str]:
    rest = {field.name: getattr(span, field.name) for field in fields(span) if field.name != "attributes"}
    return sorted(map(repr, span.attributes.items())), repr(rest)

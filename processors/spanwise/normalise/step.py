"""`Normalise`: spans of other suites in the words of the current convention."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from opentelemetry.trace import StatusCode

from spanwise.normalise.coerce import Coerce, to_bool, to_float, to_int, to_texts
from spanwise.normalise.config import NormaliseConfig
from spanwise.normalise.content import Content
from spanwise.normalise.dialects import COMMON, Dialects
from spanwise.normalise.table import place_of
from spanwise.record import OWN_SCOPE, AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import flavour as flavours
from spanwise.semconv import values


_OTHER: Final = "_OTHER"
_USAGE: Final = ("gen_ai.usage.", "spanwise.usage.")

_EXPECTED: Final[dict[str, tuple[type, Coerce]]] = {
    attr.GEN_AI_REQUEST_MAX_TOKENS: (int, to_int),
    attr.GEN_AI_REQUEST_TOP_K: (int, to_int),
    attr.GEN_AI_REQUEST_SEED: (int, to_int),
    attr.GEN_AI_REQUEST_CHOICE_COUNT: (int, to_int),
    attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT: (int, to_int),
    attr.GEN_AI_USAGE_INPUT_TOKENS: (int, to_int),
    attr.GEN_AI_USAGE_OUTPUT_TOKENS: (int, to_int),
    attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: (int, to_int),
    attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS: (int, to_int),
    attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: (int, to_int),
    attr.SERVER_PORT: (int, to_int),
    attr.GEN_AI_REQUEST_TEMPERATURE: (float, to_float),
    attr.GEN_AI_REQUEST_TOP_P: (float, to_float),
    attr.GEN_AI_REQUEST_FREQUENCY_PENALTY: (float, to_float),
    attr.GEN_AI_REQUEST_PRESENCE_PENALTY: (float, to_float),
    attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: (float, to_float),
    attr.GEN_AI_REQUEST_STREAM: (bool, to_bool),
    attr.GEN_AI_REQUEST_STOP_SEQUENCES: (list, to_texts),
    attr.GEN_AI_REQUEST_ENCODING_FORMATS: (list, to_texts),
    attr.GEN_AI_RESPONSE_FINISH_REASONS: (list, to_texts),
}
"""Types that the convention gives these names, and how other types become them."""

_TYPED: Final = frozenset(_EXPECTED)


class Normalise:
    """Translates a span into the current convention, in two halves.

    Calling it translates everything but content: cheap, on the thread that ends the span. `content` translates
    messages, tools and documents, where content work is done. Neither overwrites a name of the convention that is
    there, so a second run changes nothing; what has no translation stays where it was. A span of our own or of no
    known dialect costs about 1 us.
    """

    def __init__(self, config: NormaliseConfig | None = None) -> None:
        self._config = config or NormaliseConfig()

    @cached_property
    def _dialects(self) -> Dialects:
        return Dialects()

    @cached_property
    def _content(self) -> Content:
        return Content(self._dialects.values["role"])

    def concerns(self, scope: str, attributes: Mapping[str, object]) -> bool:
        """Whether a span of the instrumentation `scope` with `attributes` is a GenAI operation in any dialect."""
        if attr.GEN_AI_OPERATION_NAME in attributes:
            return True
        return self._config.enabled and self._dialects.pick(scope, attributes) is not None

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span` with the convention's names for all but its content."""
        name = self._dialect(span)
        if name is None:
            return span
        if attr.SPANWISE_DUPLICATE_OF in span.attributes:
            return self._translate_duplicate(span, name)
        return self._translate(span, name)

    def _translate_duplicate(self, span: SpanRecord, name: str) -> SpanRecord:
        """A span that lost its usage to another does not get it back out of what it still holds."""
        before = {key for key in span.attributes if key.startswith(_USAGE)}
        self._translate(span, name)
        for key in [key for key in span.attributes if key.startswith(_USAGE) and key not in before]:
            del span.attributes[key]
        return span

    def _translate(self, span: SpanRecord, name: str) -> SpanRecord:
        used = []
        if name != COMMON:
            used = self._dialects.table(name).apply(span)
            span.attributes.setdefault(attr.SPANWISE_DIALECT, name)
        used += self._dialects.table(COMMON).apply(span)
        if attr.GEN_AI_OPERATION_NAME not in span.attributes:
            _infer_operation(span)
        self._settle(span.attributes)
        _explain_failure(span)
        self._forget(span, used)
        return span

    def content(self, span: SpanRecord, /) -> SpanRecord:
        """`span` with the convention's names for its content as well."""
        name = self._dialect(span)
        if name is None:
            return span
        names = (COMMON,) if name == COMMON else (name, COMMON)
        used = self._content.apply(span, [self._dialects.table(each) for each in names])
        self._forget(span, used)
        return span

    def _dialect(self, span: SpanRecord) -> str | None:
        if not self._config.enabled:
            return None
        # Ours need nothing, unless they left their host in an older flavour.
        if span.scope.name.startswith(OWN_SCOPE) and flavours.SYSTEM not in span.attributes:
            return None
        return self._dialects.pick(span.scope.name, span.attributes)

    def _settle(self, attributes: dict[str, AttributeValue]) -> None:
        """Give names of the convention the types and the words it has for them."""
        for name in _TYPED.intersection(attributes):
            kind, convert = _EXPECTED[name]
            if type(attributes[name]) is not kind and (value := convert(attributes[name])) is not None:
                attributes[name] = value
        provider = attributes.get(attr.GEN_AI_PROVIDER_NAME)
        if isinstance(provider, str):
            if found := self._dialects.values["provider"].get(provider):
                attributes[attr.GEN_AI_PROVIDER_NAME] = found
            elif provider in self._dialects.values["framework"]:
                # The framework is named by the span's scope; as a provider it would hide that none is known.
                del attributes[attr.GEN_AI_PROVIDER_NAME]
        address = attributes.get(attr.SERVER_ADDRESS)
        if isinstance(address, str) and "://" in address:
            _set_host(attributes, address)
        reasons = attributes.get(attr.GEN_AI_RESPONSE_FINISH_REASONS)
        if isinstance(reasons, list):
            words = self._dialects.values["finish_reason"]
            attributes[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [words.get(text, text) for text in reasons]

    def _forget(self, span: SpanRecord, used: list[str]) -> None:
        if not self._config.keep_originals:
            for name in used:
                if name not in self._dialects.registered:
                    span.attributes.pop(name, None)


def _set_host(attributes: dict[str, AttributeValue], url: str) -> None:
    """Host and port out of a URL that stands where the host belongs; the rest of it may hold a secret."""
    del attributes[attr.SERVER_ADDRESS]
    if (place := place_of(url)) is not None:
        attributes[attr.SERVER_ADDRESS], port = place
        attributes.setdefault(attr.SERVER_PORT, port)


def _infer_operation(span: SpanRecord) -> None:
    """The operation in a span's name: conventions before 1.30 wrote it nowhere else on some spans."""
    word = span.name.partition(" ")[0]
    if word in values.GEN_AI_OPERATION_NAME:
        span.attributes[attr.GEN_AI_OPERATION_NAME] = word


def _explain_failure(span: SpanRecord) -> None:
    """An `error.type` for a failed span: the class of the exception it recorded, where it recorded one."""
    if span.status is not StatusCode.ERROR or attr.ERROR_TYPE in span.attributes:
        return
    found = next((event for event in reversed(span.events) if event.name == "exception"), None)
    kind = found.attributes.get(attr.EXCEPTION_TYPE) if found else None
    name = kind.rpartition(".")[2] if isinstance(kind, str) else ""
    span.attributes[attr.ERROR_TYPE] = name if 0 < len(name) <= 128 else _OTHER

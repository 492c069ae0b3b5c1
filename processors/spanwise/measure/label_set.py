"""`LabelSets`: the labels of calls, worked out once for each kind of call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from spanwise.measure.extra_labels import ExtraLabels
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr


Labels: TypeAlias = Mapping[str, str | int]

_TEXTS: Final = (
    attr.GEN_AI_OPERATION_NAME,
    attr.GEN_AI_PROVIDER_NAME,
    attr.GEN_AI_REQUEST_MODEL,
    attr.GEN_AI_RESPONSE_MODEL,
    attr.SERVER_ADDRESS,
    attr.ERROR_TYPE,
)
_MOST_SETS: Final = 2048
_MOST_NARROWED: Final = 32
_LONGEST_KEY: Final = 256


class LabelSet:
    """The labels of one kind of call.

    Attributes:
        whole: all of them.
        plain: those without `error.type`, which some metrics of the convention do not carry.
    """

    __slots__ = ("_narrowed", "plain", "whole")

    def __init__(self, whole: dict[str, str | int]) -> None:
        self.whole: Labels = whole
        self.plain: Labels = {key: value for key, value in whole.items() if key != attr.ERROR_TYPE}
        self._narrowed: dict[tuple[str, str], Labels] = {}

    def estimated(self) -> LabelSet:
        """The labels of token counts that are an estimate, which no count shares a series with."""
        return LabelSet({**self.whole, attr.SPANWISE_USAGE_ESTIMATED: True})

    def narrowed(self, name: str, value: str) -> Labels:
        """The plain labels and one more."""
        made = self._narrowed.get((name, value))
        if made is None:
            made = {**self.plain, name: value}
            if len(self._narrowed) < _MOST_NARROWED:
                self._narrowed[name, value] = made
        return made


class LabelSets:
    """The labels of calls by what stands on their spans. 2048 kinds of call are remembered; a known one takes 3 us.

    Args:
        clean: cleans a text that callers chose.
        extra: the labels that a policy adds.
        first: is called with the labels of a kind of call that is not remembered, and its operation.
    """

    def __init__(self, clean: Callable[[str], str], extra: ExtraLabels, first: Callable[[LabelSet, str], None]) -> None:
        self._clean = clean
        self._extra = extra
        self._first = first
        self._made: dict[tuple[object, ...], LabelSet] = {}

    def of(self, span: SpanRecord) -> LabelSet:
        """The labels of the call `span`."""
        texts = tuple([span.text(name) for name in _TEXTS])
        port = span.count(attr.SERVER_PORT) if texts[4] is not None else None
        extra = self._extra.values(span.attributes, span.resource.attributes)
        key = (texts, port, extra)
        found = self._made.get(key)
        if found is not None:
            return found
        whole: dict[str, str | int] = {
            name: self._clean(text) for name, text in zip(_TEXTS, texts, strict=True) if text is not None
        }
        if port is not None:
            whole[attr.SERVER_PORT] = port
        made = LabelSet({**self._extra.labels(extra, span.resource.attributes), **whole})
        # Names that strangers chose are not kept when they are long.
        if all(text is None or len(text) <= _LONGEST_KEY for text in texts):
            if len(self._made) >= _MOST_SETS:
                self._made.clear()
            self._made[key] = made
        self._first(made, texts[0] or "")
        return made

"""`Regime`: the settings of one environment, compiled: what is looked for, and what stands in for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Final

from spanwise.record import AttributeValue, Resource, Scope, SpanRecord
from spanwise.redact.config import RedactConfig
from spanwise.redact.names import NameFinder
from spanwise.redact.names_config import NamesConfig
from spanwise.redact.replacement import Replacement
from spanwise.redact.scanner import scanner
from spanwise.redact.tally import Tally
from spanwise.redact.walk import Walk


_KEPT_SHARED: Final = 64

_Shared = tuple[Mapping[str, AttributeValue], str, Mapping[str, AttributeValue], Walk]


@lru_cache(maxsize=8)
def finder(config: NamesConfig) -> NameFinder:
    """The finder of names that `config` describes; one for all regimes, because a model takes 100 MB and more."""
    return NameFinder(language=config.language, model=config.model or None, least_score=config.least_score)


class Regime:
    """What holds for spans of one environment. Thread-safe.

    Attributes:
        config: The settings.
        scanner: Finds the kinds that the settings name.
        replacement: What stands in for a value.
        names: Finds names of people and places, or `None`.
    """

    def __init__(self, config: RedactConfig) -> None:
        self.config = config
        self.replacement = Replacement(config)
        self.scanner = scanner(config.wanted())
        self.names = None if config.names is None else finder(config.names)
        self._shared: dict[int, _Shared] = {}

    def walk(self, tenant: str = "", *, explain: bool = False, tally: Tally | None = None) -> Walk:
        """A walk over something of `tenant`; with `explain` it remembers what it found where.

        It counts into `tally` where one is given.
        """
        return Walk(
            self.scanner,
            self.replacement,
            self.names,
            max_bytes=self.config.max_span_bytes,
            seconds=self.config.max_span_s,
            tenant=tenant,
            tally=tally or Tally(partial(self.replacement.of, tenant=tenant), explain=explain),
        )

    def resource_and_scope(self, span: SpanRecord, walk: Walk) -> None:
        """Give `span` clean copies of the attributes that other spans share with it, where they hold something."""
        resource, scope = span.resource, span.scope
        attributes = self._copy(resource.attributes, walk)
        if attributes is not resource.attributes:
            span.resource = Resource(attributes, resource.schema_url, resource.dropped_attributes)
        attributes = self._copy(scope.attributes, walk)
        if attributes is not scope.attributes:
            span.scope = Scope(scope.name, scope.version, scope.schema_url, attributes, scope.dropped_attributes)

    def _copy(self, values: Mapping[str, AttributeValue], walk: Walk) -> Mapping[str, AttributeValue]:
        """A clean copy of `values`, or `values` when they are clean; remembered by identity and tenant, 64 of them.

        The entry holds on to `values`, so the identity cannot be taken over by another object.
        """
        if not values:
            return values
        entry = self._shared.get(id(values))
        if entry is None or entry[0] is not values or entry[1] != walk.tenant:
            own = self.walk(walk.tenant)
            clean: Mapping[str, AttributeValue] = own.attributes(values)
            entry = (values, walk.tenant, clean if own.tally.kinds or own.dropped else values, own)
            if len(self._shared) >= _KEPT_SHARED:
                self._shared.clear()
            self._shared[id(values)] = entry
        walk.tally.kinds.update(entry[3].tally.kinds)
        walk.dropped = walk.dropped or entry[3].dropped
        return entry[2]

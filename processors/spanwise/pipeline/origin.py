"""`Origins`: resources and scopes of logs and metrics, cleaned once for all that share them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.util.types import Attributes

from spanwise.record import AttributeValue
from spanwise.redact import safe_service


if TYPE_CHECKING:
    from spanwise.pipeline.driver import Pipeline


_REMEMBERED: Final = 256
_REMEMBERED_TEXTS: Final = 1024


class Origins:
    """Clean copies of the SDK's resources and scopes; the same object where there was nothing to clean.

    Remembered by identity, 256 of each. When cleaning fails, of a resource the service's name stays if it is one word,
    and of a scope its name if that is clean.

    Args:
        pipeline: what cleans them.

    Attributes:
        text: a clean text for one of few: names, descriptions, severities; 1024 are remembered.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.text = lru_cache(maxsize=_REMEMBERED_TEXTS)(pipeline.clean_text)
        # An entry holds on to its original, so that the identity cannot be taken over by another object.
        self._resources: dict[int, tuple[Resource, Resource]] = {}
        self._scopes: dict[tuple[int, int], tuple[InstrumentationScope, Resource, InstrumentationScope]] = {}

    def resource(self, resource: Resource) -> Resource:
        """`resource` without secrets and personal data."""
        entry = self._resources.get(id(resource))
        if entry is None:
            attributes = plain(resource.attributes)
            clean = self._pipeline.clean_attributes(attributes, attributes)
            if clean is None:
                clean = safe_service(attributes)
            same = clean == attributes
            entry = (resource, resource if same else Resource(sdk(clean) or {}, resource.schema_url))
            if len(self._resources) >= _REMEMBERED:
                self._resources.clear()
            self._resources[id(resource)] = entry
        return entry[1]

    def scope(self, scope: InstrumentationScope, resource: Resource) -> InstrumentationScope:
        """`scope`, which belongs to `resource`, without secrets and personal data."""
        entry = self._scopes.get((id(scope), id(resource)))
        if entry is None:
            entry = (scope, resource, self._clean_scope(scope, resource))
            if len(self._scopes) >= _REMEMBERED:
                self._scopes.clear()
            self._scopes[id(scope), id(resource)] = entry
        return entry[2]

    def _clean_scope(self, scope: InstrumentationScope, resource: Resource) -> InstrumentationScope:
        attributes = plain(scope.attributes)
        clean = self._pipeline.clean_attributes(attributes, plain(resource.attributes)) if attributes else attributes
        name = self.text(scope.name)
        version = self.text(scope.version or "") or None
        if (clean, name, version) == (attributes, scope.name, scope.version):
            return scope
        return InstrumentationScope(name, version, scope.schema_url, sdk(clean or {}))


def plain(attributes: Attributes) -> dict[str, AttributeValue]:
    """Attributes of the SDK as a dictionary of ours."""
    return dict(cast("Mapping[str, AttributeValue]", attributes or {}))


def sdk(attributes: Mapping[str, AttributeValue]) -> Attributes:
    """Attributes of ours under the SDK's type; the same object."""
    return cast("Attributes", attributes)

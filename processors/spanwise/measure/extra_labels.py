"""`ExtraLabels`: the labels that a policy adds to metrics, with a bound on their values."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from spanwise.record import AttributeValue
from spanwise.semconv import attributes as attr


Attributes: TypeAlias = Mapping[str, AttributeValue]
Clean: TypeAlias = Callable[[Attributes, Attributes], Attributes]
"""Cleans labels as the redaction settings say of their attributes: the labels, and the resource they belong to."""
Values: TypeAlias = tuple[str | None, ...]
"""One value for each label, `None` where there is none; then the environment that decides how they are cleaned."""

OTHER: Final = "other"
"""Stands for every value beyond the bound."""

_LONGEST: Final = 256
_MOST_SETS: Final = 4096

log = logging.getLogger("spanwise.measure")


class ExtraLabels:
    """The labels `names` of a policy, each with at most `most` values in a process; all others become `other`.

    Args:
        names: attributes of spans, or else of their resources.
        most: values of each.
        clean: what cleans them before they are recorded.
        replaced: is told the name of a label each time that one of its values became `other`.
    """

    def __init__(
        self,
        names: tuple[str, ...],
        most: int,
        clean: Clean | None = None,
        replaced: Callable[[str], object] | None = None,
    ) -> None:
        self._seen: dict[str, set[str]] = {name: set() for name in names}
        self._most = most
        self._clean = clean
        self._replaced = replaced
        self._warned: set[str] = set()
        self._made: dict[Values, dict[str, str]] = {}

    def values(self, attributes: Attributes, resource: Attributes) -> Values:
        """The values in `attributes`, else in `resource`, within the bound; about 0.5 us for each label."""
        if not self._seen:
            return ()
        found = [self._value(name, attributes.get(name), resource) for name in self._seen]
        environment = resource.get(attr.DEPLOYMENT_ENVIRONMENT_NAME)
        return (*found, environment if isinstance(environment, str) else None)

    def labels(self, values: Values, resource: Attributes) -> Mapping[str, str]:
        """`values` as clean labels; those without a value are left out."""
        made = self._made.get(values)
        if made is None:
            given = {name: value for name, value in zip(self._seen, values, strict=False) if value is not None}
            clean = self._clean(given, resource) if self._clean and given else given
            made = {name: value for name, value in clean.items() if isinstance(value, str)}
            if len(self._made) >= _MOST_SETS:
                self._made.clear()
            self._made[values] = made
        return made

    def _value(self, name: str, value: AttributeValue, resource: Attributes) -> str | None:
        if value is None or value == "":
            value = resource.get(name)
        if isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, int):
            value = str(value) if -(2**63) <= value < 2**63 else OTHER
        if not isinstance(value, str) or not value:
            return None
        seen = self._seen[name]
        if value in seen:
            return value
        if len(seen) < self._most and len(value) <= _LONGEST:
            seen.add(value)
            return value
        self._tell(name)
        return OTHER

    def _tell(self, name: str) -> None:
        if self._replaced is not None:
            self._replaced(name)
        if name not in self._warned:
            self._warned.add(name)
            log.warning(
                "spanwise: the metric label %s has more than %d values, or one of more than %d characters; they count"
                " as %s. Raise measure.most_label_values or take the label out of measure.labels.",
                name,
                self._most,
                _LONGEST,
                OTHER,
            )

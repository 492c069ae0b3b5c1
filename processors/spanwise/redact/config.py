"""`RedactConfig`: what to take out, what to put in its place, and how much to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Self, TypeVar

from spanwise.policy import Reader, dotted
from spanwise.policy.problem import listed
from spanwise.redact.action import ACTIONS, KEEP, PSEUDONYM
from spanwise.redact.kinds import every_kind, expanded, families
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.redact.names_config import NamesConfig
    from spanwise.redact.pseudonym_config import PseudonymConfig

MAX_SPAN_BYTES = 64 * 1024 * 1024
"""Upper end of `max_span_bytes`: one span may not occupy a thread for longer than about a second."""

DEFAULT: Final = "default"
"""The name under `actions` that stands for all kinds and families that are not named."""

ANY: Final = "any"
"""The name under `allow` for values that stay whatever kind they are."""

PEOPLE: Final[Mapping[str, str]] = {attr.USER_ID: PSEUDONYM, attr.ENDUSER_ID: PSEUDONYM}
"""Attributes that are pseudonymised as soon as there is a key, unless the policy says otherwise."""

_MOST_PATTERN_CHARACTERS: Final = 64 * 1024
_LEAST_PATTERN: Final = 3
_KEY: Final = (
    "Where the key of pseudonyms is. With a key, users' ids become pseudonyms unless the policy says otherwise."
)
_MODEL: Final = "Finds names of people and places with a language model; needs the extra ner."
_ENVIRONMENT: Final = "What is different in environments of this deployment.environment.name."
_CALLED: Final = "a kind or family"
_NO_KEY: Final = "a pseudonym needs a key. Add pseudonym: {key_file: FILE}; spanwise redact --new-key makes one."


@dataclass(frozen=True, slots=True)
class RedactConfig:
    """Settings of the redactor.

    Attributes:
        kinds: Kinds to take out, see `spanwise.redact.kinds`; `None` for every kind.
        max_span_bytes: Bytes of text read per span; what is beyond is dropped, never passed on unread.
        max_span_s: Seconds of the processor that the reading of one span may take; past it, content is dropped.
        actions: What is done with a value, by kind, by family or `default`; a kind beats its family. Without any,
            values are masked.
        allow: Values that stay, exact or with `*`, by kind, by family or `any`.
        attributes: What is done with the whole value of an attribute, by its name, exact or with `*`.
        environments: The settings of single environments, by `deployment.environment.name`.
        pseudonym: How pseudonyms are made; `None` without a key.
        names: How names of people and places are found; `None` to leave them.
    """

    kinds: tuple[str, ...] | None = None
    max_span_bytes: int = 4 * 1024 * 1024
    max_span_s: float = 0.5
    actions: Mapping[str, str] = field(default_factory=dict)
    allow: Mapping[str, Sequence[str]] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    environments: Mapping[str, RedactConfig] = field(default_factory=dict)
    pseudonym: PseudonymConfig | None = None
    names: NamesConfig | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`.

        The key of pseudonyms is read here, so that a policy without a usable key is refused before it is needed.
        """
        keyed = reader.has("pseudonym")
        pseudonym = _pseudonym(reader.section("pseudonym", about=_KEY)) if keyed else None
        names = _names(reader.section("names", about=_MODEL)) if reader.has("names") else None
        start = cls(pseudonym=pseudonym, names=names, attributes=PEOPLE if keyed else {})
        base = _layer(reader, start, keyed=keyed)
        environments: dict[str, RedactConfig] = {}
        for name, inner in reader.named("environments", about=_ENVIRONMENT, defaults="as in redact").items():
            environments[name] = _layer(inner, base, keyed=keyed)
            inner.finish()
        reader.finish()
        return replace(base, environments=environments)

    def wanted(self) -> frozenset[str]:
        """The kinds to take out. The names of all kinds are read when first needed, not when a process starts."""
        return frozenset(every_kind() if self.kinds is None else self.kinds)

    def within(self, environment: object) -> RedactConfig:
        """The settings that hold in `environment`: these, with what the policy overrides there."""
        return self.environments.get(environment, self) if isinstance(environment, str) else self

    def validate(self) -> list[str]:
        """One sentence per mistake, naming the key, what was found and what is accepted; empty when all is well."""
        kinds: object = self.kinds
        if kinds is not None and not isinstance(kinds, tuple | list):
            return [f"kinds: found {kinds!r}, accepted is a list of: {listed(every_kind())}."]
        if (inner := [name for name, each in self.environments.items() if each.environments]) != []:
            return [f"environments.{inner[0]}: an environment has no environments."]
        problems: list[str] = []
        for name, each in (("", self), *self.environments.items()):
            reader = Reader(each._as_options())
            _layer(reader, each, keyed=each.pseudonym is not None)
            prefix = ("environments", name) if name else ()
            problems += [f"{dotted((*prefix, *problem.path))}: {problem.message}" for problem in reader.problems]
        return problems

    def _as_options(self) -> dict[str, object]:
        kinds = {} if self.kinds is None else {"kinds": list(self.kinds)}
        return kinds | {
            "max_span_bytes": self.max_span_bytes,
            "max_span_s": self.max_span_s,
            "actions": self.actions,
            "allow": self.allow,
            "attributes": self.attributes,
        }


Config = TypeVar("Config", bound=RedactConfig)


def _pseudonym(section: Reader) -> PseudonymConfig | None:
    from spanwise.redact.pseudonym_config import PseudonymConfig  # most processes have no key

    return PseudonymConfig.read(section)


def _names(section: Reader) -> NamesConfig | None:
    from spanwise.redact.names_config import NamesConfig  # most processes have no model

    return NamesConfig.read(section)


def _layer(reader: Reader, base: Config, *, keyed: bool) -> Config:
    """`base` with what `reader` overrides: lists in whole, mappings key by key."""
    return replace(
        base,
        kinds=_kinds(reader, base.kinds),
        max_span_bytes=reader.integer(
            "max_span_bytes",
            base.max_span_bytes,
            least=1024,
            most=MAX_SPAN_BYTES,
            about="Bytes of text read per span; what is beyond is dropped, never passed on unread.",
        ),
        max_span_s=reader.number(
            "max_span_s",
            base.max_span_s,
            least=0.001,
            most=60.0,
            about="Seconds of the processor that the reading of one span may take; past it, content is dropped.",
        ),
        actions={
            **base.actions,
            **_actions(
                reader.section("actions", about="What is done with a value, by its kind or family."), keyed=keyed
            ),
        },
        allow=_allow(reader) if reader.has("allow") else base.allow,
        attributes={
            **base.attributes,
            **_attributes(
                reader.section("attributes", about="What is done with the whole value of an attribute, by its name."),
                keyed=keyed,
            ),
        },
    )


def _kinds(reader: Reader, default: tuple[str, ...] | None) -> tuple[str, ...] | None:
    given = reader.texts(
        "kinds",
        (),
        accepted=lambda: (*families(), *every_kind()),
        called=_CALLED,
        about="Kinds and families of values to take out; without it, all of them.",
    )
    if not reader.has("kinds"):
        return default
    return tuple(kind for kind in expanded(given) if kind in every_kind())


def _actions(section: Reader, *, keyed: bool) -> dict[str, str]:
    names = section.names(lambda: (DEFAULT, *families(), *every_kind()), called=_CALLED)
    about = "What is done with values of this kind; a kind beats its family, and default stands for all others."
    actions = {name: _action(section, name, about, keyed=keyed) for name in names}
    return {name: action for name, action in actions.items() if action}


def _attributes(section: Reader, *, keyed: bool) -> dict[str, str]:
    actions: dict[str, str] = {}
    about = "What is done with the values of attributes of this name, exact or with *."
    for name in section.keys():  # noqa: SIM118 - a reader is no mapping
        action = _action(section, name, about, keyed=keyed)
        if action == KEEP and len(name.replace("*", "")) < _LEAST_PATTERN:
            section.complain(name, f"keeps too much; accepted are patterns with {_LEAST_PATTERN} characters beside *.")
        elif action:
            actions[name] = action
    return actions


def _action(section: Reader, name: str, about: str, *, keyed: bool) -> str | None:
    action = section.choice(name, ACTIONS, None, about=about)
    if action == PSEUDONYM and not keyed:
        section.complain(name, _NO_KEY)
        return None
    return action


def _allow(reader: Reader) -> dict[str, tuple[str, ...]]:
    return reader.either(
        "allow",
        mapping=_allowed_by_kind,
        otherwise=lambda: {ANY: _patterns(reader, "allow", "Values that stay whatever kind they are.")},
        about="Values that stay, exact or with *: a list for all kinds, or lists by kind, by family or under any.",
    )


def _allowed_by_kind(section: Reader) -> dict[str, tuple[str, ...]]:
    names = section.names(lambda: (ANY, *families(), *every_kind()), called=_CALLED)
    return {name: _patterns(section, name, "Values of this kind that stay.") for name in names}


def _patterns(reader: Reader, key: str, about: str) -> tuple[str, ...]:
    patterns = reader.texts(key, about=about)
    for index, pattern in enumerate(patterns):
        if "*" in pattern and len(pattern.replace("*", "")) < _LEAST_PATTERN:
            what = f"allows too much; accepted are patterns with {_LEAST_PATTERN} characters beside *."
            reader.complain(key, what, item=index)
    if (total := sum(map(len, patterns))) > _MOST_PATTERN_CHARACTERS:
        reader.complain(key, f"found {total} characters; accepted are at most {_MOST_PATTERN_CHARACTERS} together.")
    return patterns

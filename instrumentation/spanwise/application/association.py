"""`context`: who and what the calls inside are for."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from contextvars import Token
from typing import Final, ParamSpec, Self, TypeAlias, TypeVar, cast
from uuid import UUID

from opentelemetry import context as context_api
from opentelemetry.util.types import AttributeValue

from spanwise.application import stamp
from spanwise.application.around import around
from spanwise.application.leaving import leave
from spanwise.application.outgoing import OUTGOING
from spanwise.application.threads import follow
from spanwise.application.value import complain, identity, plain
from spanwise.instrument.core.association import KEY
from spanwise.semconv import attributes as attr


P = ParamSpec("P")
R = TypeVar("R")

Identity: TypeAlias = str | int | UUID
"""What names somebody or something."""

_KEY: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,63}")
_MOST_METADATA: Final = 32
_MOST_TAGS: Final = 32


def context(  # noqa: PLR0913 - one keyword for each thing that can be said
    *,
    user: Identity | None = None,
    session: Identity | None = None,
    tenant: Identity | None = None,
    conversation: Identity | None = None,
    prompt: str | tuple[str, str] | object | None = None,
    feature: str | None = None,
    tags: Iterable[str] = (),
    metadata: Mapping[str, object] | None = None,
) -> Association:
    """A context whose spans, and so whose metrics and reports, say who and what they are for.

    `with context(user="u-7", session="s-42"):`, `async with`, or a decorator of a function, coroutine function or
    generator function. Contexts nest: what the inner one says goes before what the outer one said, tags and metadata
    are added. A value that cannot be used is left out with one warning that names the place; nothing is raised.

    Args:
        user: `user.id`. It is pseudonymised where the policy says so.
        session: `session.id`.
        tenant: `spanwise.tenant`, the customer that the cost is for.
        conversation: `gen_ai.conversation.id`.
        prompt: name and version of a prompt: `"triage@12"`, a pair, or an object with `name` and `version`.
        feature: `spanwise.feature`, a short name of the part of the application.
        tags: words to group by, at most 32.
        metadata: anything else, `spanwise.metadata.<key>`; at most 32 keys of letters, digits, `_`, `.` and `-`.
    """
    found: dict[str, AttributeValue] = {}
    for name, key, value in (
        (attr.USER_ID, "user", user),
        (attr.SESSION_ID, "session", session),
        (attr.SPANWISE_TENANT, "tenant", tenant),
        (attr.GEN_AI_CONVERSATION_ID, "conversation", conversation),
        (attr.SPANWISE_FEATURE, "feature", feature),
    ):
        if value is not None and (text := identity(f"context({key}=)", value)) is not None:
            found[name] = text
    if prompt is not None:
        found.update(_prompt(prompt))
    words = _tags(tags)
    for name, anything in (metadata or {}).items():
        _put_metadata(found, name, anything)
    return Association(found, words)


class Association:
    """What `context` returns: a context manager, also an asynchronous one, and a decorator. It may be entered again."""

    __slots__ = ("_attributes", "_tags", "_tokens")

    def __init__(self, attributes: Mapping[str, AttributeValue], tags: tuple[str, ...]) -> None:
        self._attributes = attributes
        self._tags = tags
        self._tokens: list[Token[context_api.Context]] = []

    def __enter__(self) -> Self:
        stamp.ensure()
        follow()
        OUTGOING.ensure()
        self._tokens.append(context_api.attach(self._within(context_api.get_current())))
        return self

    def __exit__(self, *_: object) -> None:
        leave(self._tokens.pop())

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """`function` with each of its calls inside this context; a generator only while its own code runs."""
        return cast("Callable[P, R]", around(function, lambda _args, _kwargs: self))

    @contextmanager
    def inside(self) -> Generator[None]:
        """This context, apart from what others who use this object at the same time do."""
        stamp.ensure()
        follow()
        OUTGOING.ensure()
        token = context_api.attach(self._within(context_api.get_current()))
        try:
            yield
        finally:
            leave(token)

    def ended(self, result: object, error: BaseException | None) -> None:
        """A function that this decorates has ended: nothing is left to do."""

    def _within(self, outer: context_api.Context) -> context_api.Context:
        said = outer.get(KEY)
        merged = {**(said if isinstance(said, Mapping) else {}), **self._attributes}
        if self._tags:
            before = merged.get(attr.SPANWISE_TAGS)
            kept = tuple(before) if isinstance(before, tuple) else ()
            merged[attr.SPANWISE_TAGS] = tuple(dict.fromkeys((*kept, *self._tags)))[:_MOST_TAGS]
        return context_api.set_value(KEY, merged, outer)


def _prompt(prompt: object) -> dict[str, AttributeValue]:
    version: object = None
    if isinstance(prompt, str):
        name, _, version = prompt.rpartition("@") if "@" in prompt else (prompt, "", None)
    elif isinstance(prompt, tuple) and len(prompt) == 2:
        name, version = prompt
    elif hasattr(prompt, "name") and hasattr(prompt, "version"):
        name, version = prompt.name, prompt.version
    else:
        complain("context(prompt=)", f"a value of type {type(prompt).__name__}", "'name@version' or a prompt")
        return {}
    found: dict[str, AttributeValue] = {}
    if (text := identity("context(prompt=)", name)) is not None:
        found[attr.GEN_AI_PROMPT_NAME] = text
        if version is not None and (text := identity("context(prompt=)", version)) is not None:
            found[attr.GEN_AI_PROMPT_VERSION] = text
    return found


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    if isinstance(tags, str):
        tags = (tags,)
    words = [text for tag in list(tags)[:_MOST_TAGS] if (text := identity("context(tags=)", tag)) is not None]
    return tuple(dict.fromkeys(words))


def _put_metadata(found: dict[str, AttributeValue], key: object, value: object) -> None:
    if value is None:
        return
    if not isinstance(key, str) or _KEY.fullmatch(key) is None:
        complain("context(metadata=)", "a key of another form", "letters, digits, '_', '.' and '-', at most 64")
        return
    if sum(name.startswith(f"{attr.SPANWISE_METADATA}.") for name in found) >= _MOST_METADATA:
        complain("context(metadata=)", f"more than {_MOST_METADATA} keys", f"at most {_MOST_METADATA}")
        return
    if (made := plain(f"context(metadata={{{key!r}: }})", value)) is not None:
        found[f"{attr.SPANWISE_METADATA}.{key}"] = made

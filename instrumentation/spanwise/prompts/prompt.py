"""`Prompt`: one version of a prompt, and the texts it makes."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from spanwise.prompts.error import PromptError
from spanwise.prompts.text import PromptText


Setting: TypeAlias = Any
"""One setting of a model, as YAML says it."""

VARIABLE: Final = re.compile(r"\{\{[ \t]{0,8}([A-Za-z_][A-Za-z0-9_]{0,63})[ \t]{0,8}\}\}")
"""`{{ name }}`: braces of JSON and of Python stay what they are."""

_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat prompt: who says it, and the template of what is said."""

    role: str
    template: str


@dataclass(frozen=True)
class Prompt:
    """One version of a prompt.

    Attributes:
        name: of the prompt.
        messages: one without a role for a text, else those of a chat.
        version: as the file says; `None` where nobody versions it.
        labels: names for the version, as `production`.
        model: settings of the model, as `{"name": "gpt-4.1-mini", "temperature": 0}`; passed on as they are.
        defaults: values of variables that need not be given.
        source: where it stands, for messages.
    """

    name: str
    messages: tuple[Message, ...]
    version: str | None = None
    labels: tuple[str, ...] = ()
    model: Mapping[str, Setting] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    @property
    def is_chat(self) -> bool:
        """Whether it makes messages rather than one text."""
        return bool(self.messages[0].role)

    @functools.cached_property
    def variables(self) -> tuple[str, ...]:
        """The variables of its templates, in the order in which they first stand there."""
        found = (name for message in self.messages for name in VARIABLE.findall(message.template))
        return tuple(dict.fromkeys(found))

    @functools.cached_property
    def hash(self) -> str:
        """16 hexadecimal digits that change when a template does, whatever the version says."""
        said = json.dumps([[message.role, message.template] for message in self.messages], ensure_ascii=False)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]

    def compile(self, **values: str | float) -> PromptText:
        """The text of the prompt with these values in place of its variables. Costs a few us.

        Raises:
            PromptError: a variable is missing or unknown, a value is no text or number, or this is a chat prompt.
        """
        if self.is_chat:
            raise PromptError(f"{self._called()} is a chat prompt; accepted is compile_chat, which makes messages.")
        given = self._given(values)
        return PromptText(_filled(self.messages[0].template, given), self, given)

    def compile_chat(self, **values: str | float) -> list[dict[str, PromptText | str]]:
        """The messages of the prompt, `{"role": ..., "content": ...}`, as chat APIs take them; a text is the user's.

        Raises:
            PromptError: as `compile`.
        """
        given = self._given(values)
        return [
            {"role": message.role or "user", "content": PromptText(_filled(message.template, given), self, given)}
            for message in self.messages
        ]

    def _given(self, values: Mapping[str, str | float]) -> dict[str, str]:
        if unknown := [name for name in values if name not in self.variables]:
            close = get_close_matches(unknown[0], self.variables, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            accepted = ", ".join(self.variables) or "none"
            raise PromptError(f"{self._called()}: {unknown[0]} is not a variable of it.{hint} Accepted: {accepted}.")
        missing = [name for name in self.variables if name not in values and name not in self.defaults]
        if missing:
            got = ", ".join(values) or "none"
            raise PromptError(f"{self._called()}: no value for {', '.join(missing)}; found: {got}.")
        return {name: self._text(name, values.get(name, self.defaults.get(name, ""))) for name in self.variables}

    def _text(self, name: str, value: object) -> str:
        if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
            return str(value)
        kind = type(value).__name__
        raise PromptError(f"{self._called()}: {name}: found a value of type {kind}; accepted is text or a number.")

    def _called(self) -> str:
        version = f"@{self.version}" if self.version else ""
        return f"prompt {self.name}{version}" + (f" ({self.source})" if self.source else "")


def _filled(template: str, values: Mapping[str, str]) -> str:
    """`template` with `values`; what a value holds is never read as a variable."""
    return VARIABLE.sub(lambda found: values[found[1]], template)

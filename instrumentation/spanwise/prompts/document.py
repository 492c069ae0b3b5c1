"""A prompt as JSON: what the registry keeps, and reads back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from spanwise.prompts.prompt import Message, Prompt


Json: TypeAlias = Any
"""A value that JSON can say."""


def document_of(prompt: Prompt) -> dict[str, Json]:
    """All of `prompt` that makes what it says; not its labels, which move, and not where it stands."""
    return {
        "name": prompt.name,
        "version": prompt.version,
        "hash": prompt.hash,
        "messages": [{"role": message.role, "template": message.template} for message in prompt.messages],
        "model": dict(prompt.model),
        "defaults": dict(prompt.defaults),
    }


def prompt_of(document: Json, *, labels: tuple[str, ...], source: str) -> Prompt:
    """The prompt that `document` describes.

    Raises:
        ValueError: it describes none, or its hash is not that of its templates.
    """
    if not isinstance(document, Mapping):
        raise ValueError("a prompt is no mapping")  # noqa: TRY004 - of the file, not of the caller
    try:
        messages = tuple(Message(str(said["role"]), str(said["template"])) for said in document["messages"])
        model, defaults = dict(document["model"]), dict(document["defaults"])
        prompt = Prompt(str(document["name"]), messages, str(document["version"]), labels, model, defaults, source)
    except (KeyError, TypeError) as error:
        raise ValueError(f"a prompt lacks a field ({type(error).__name__})") from None
    if not messages or prompt.hash != document.get("hash"):
        raise ValueError(f"the hash of {prompt.name} is not that of its templates")
    return prompt


def is_same(prompt: Prompt, other: Prompt) -> bool:
    """Whether both make the same texts with the same settings, whatever their labels are."""
    return _settled(prompt) == _settled(other)


def _settled(prompt: Prompt) -> tuple[str, dict[str, str], dict[str, str]]:
    return prompt.hash, {key: str(value) for key, value in prompt.model.items()}, dict(prompt.defaults)

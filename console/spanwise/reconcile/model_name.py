"""Model names of invoices and of spans, made comparable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final


MAX_NAME: Final = 256
"""Characters of a name that are looked at."""

_SEPARATORS: Final = re.compile(r"[\s_./|]+")
_DATE: Final = re.compile(r"-(?:20[0-9]{2}-?[01][0-9]-?[0-3][0-9]|20[0-9]{4})(?=-|$)")
_MONTH_DAY: Final = re.compile(r"-(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$")
_VERSION: Final = re.compile(r"-v[0-9]{1,2}:[0-9]{1,2}$")
_CLAUDE: Final = "claude"
_WORD: Final = re.compile(r"[a-z]+|[0-9]+")
_NOT_ALNUM: Final = re.compile(r"[^a-z0-9]+")
_FAMILIES: Final = ("gpt-", "chatgpt-", "o1", "o3", "o4", "text-embedding-", "gemini-", "whisper-", "tts-")


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """The model that `name` is a spelling or a snapshot of.

    `gpt-4o-2024-08-06`, `openai/gpt-4o` and `gpt-4o-latest` are `gpt-4o`; `claude-3-5-haiku-20241022`, `Claude Haiku
    3.5` and `us.anthropic.claude-3-5-haiku-20241022-v1:0` are one model. A name of no known form is only lowered.
    """
    text = name[:MAX_NAME].strip().lower()
    if text.startswith("ft:"):
        return f"ft-{canonical(text[3:].partition(':')[0])}"
    if text.startswith("ft-"):
        return f"ft-{canonical(text[3:])}"
    text = text.rpartition("/")[2].partition("@")[0] if "@" in text else text.rpartition("/")[2]
    text = _VERSION.sub("", text)
    if _CLAUDE in text:
        return _claude(text[text.index(_CLAUDE) :])
    return _undated(_SEPARATORS.sub("-", text) if " " in text else text)


def known_in(text: str, models: Iterable[str]) -> str | None:
    """The longest of `models` (canonical names) whose letters and digits stand in `text`, however it separates them."""
    squeezed = _squeezed(text[:MAX_NAME])
    found = [model for model in models if any(form in squeezed for form in _forms(model))]
    return max(found, key=len, default=None)


def looks_like_model(text: str) -> bool:
    """Whether `text` begins as names of models do; a Claude model may stand behind its maker and region."""
    lowered = text.strip().lower().rpartition("/")[2]
    return lowered.startswith(_FAMILIES) or f"{_CLAUDE}-" in lowered


def _undated(text: str) -> str:
    text = _DATE.sub("", text)
    for ending in ("-latest", "-preview-latest"):
        text = text.removesuffix(ending)
    return _MONTH_DAY.sub("", text)


def _claude(text: str) -> str:
    """`claude-FAMILY-VERSION`, whichever of the two stands first in the name."""
    words = _WORD.findall(_undated(_SEPARATORS.sub("-", text)))
    letters = [word for word in words if word.isalpha() and word not in {_CLAUDE, "v"}]
    digits = [word for word in words if word.isdigit()]
    if digits[-1:] == ["0"]:
        digits.pop()
    return "-".join([_CLAUDE, *letters, *digits])


def _squeezed(text: str) -> str:
    return _NOT_ALNUM.sub("", text.lower())


@lru_cache(maxsize=4096)
def _forms(model: str) -> tuple[str, ...]:
    """Ways to write `model` without separators; Claude models are also written with the version first."""
    forms = [_squeezed(model)]
    if model.startswith(f"{_CLAUDE}-"):
        words = model.split("-")[1:]
        letters = [word for word in words if not word.isdigit()]
        digits = [word for word in words if word.isdigit()]
        forms.append(_CLAUDE + "".join(digits) + "".join(letters))
    return tuple(form for form in forms if len(form) > 1)

"""A prompt of the registry as a file with front matter."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from spanwise.prompts import Prompt, PromptError
from spanwise.prompts.document import is_same
from spanwise.prompts.file import read_prompt


_FENCE: Final = "---"
_UNPRINTABLE: Final = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
"""What YAML does not read as it is, of what JSON writes so."""

_PLAIN: Final = re.compile("[A-Za-z][A-Za-z0-9_-]{0,127}")
_WORDS: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
"""Names that YAML 1.1 takes for something else."""


def prompt_file(prompt: Prompt) -> tuple[str, str]:
    """The ending and the text of a file that reads as `prompt`: Markdown, or YAML where Markdown cannot say it.

    Raises:
        PromptError: no file reads so, as where a template is larger than files may be.
    """
    for ending, text in ((".md", _markdown(prompt)), (".yaml", _yaml(prompt))):
        with TemporaryDirectory(prefix="spanwise-prompt-") as folder:
            file = Path(folder, f"prompt{ending}")
            file.write_text(text, encoding="utf-8", newline="")
            try:
                if is_same(read_prompt(file), prompt):
                    return ending, text
            except PromptError:
                continue
    raise PromptError(f"prompt {prompt.name}@{prompt.version}: no file can hold it as the registry does.")


def _markdown(prompt: Prompt) -> str:
    lines = [_FENCE, *_head(prompt), _FENCE]
    for message in prompt.messages:
        lines += [f"<!-- {message.role} -->"] if message.role else []
        lines.append(message.template)
    return "\n".join(lines) + "\n"


def _yaml(prompt: Prompt) -> str:
    lines = _head(prompt)
    if prompt.is_chat:
        lines.append("messages:")
        lines += [f"  - {{role: {message.role}, content: {_json(message.template)}}}" for message in prompt.messages]
    else:
        lines.append(f"text: {_json(prompt.messages[0].template)}")
    return "\n".join(lines) + "\n"


def _head(prompt: Prompt) -> list[str]:
    """Front matter. JSON is YAML, so values are written as JSON."""
    version = prompt.version or ""
    plain = version.isdigit() and version == str(int(version))
    lines = [f"name: {_key(prompt.name)}", f"version: {version if plain else _json(version)}"]
    if prompt.labels:
        lines.append(f"labels: {_json(list(prompt.labels))}")
    for key, values in (("model", prompt.model), ("variables", prompt.defaults)):
        if values:
            lines.append(f"{key}:")
            lines += [f"  {_key(name)}: {_json(value)}" for name, value in values.items()]
    return lines


def _key(name: str) -> str:
    """A name as people write it, where YAML takes it for a text."""
    return name if _PLAIN.fullmatch(name) and name.lower() not in _WORDS else _json(name)


def _json(value: object) -> str:
    """As JSON that is YAML, too: that has no pairs of surrogates."""
    said = json.dumps(value, ensure_ascii=False, default=str)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", said)

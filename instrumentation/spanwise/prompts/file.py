"""Reading prompt files: Markdown with front matter, or YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from spanwise.policy import Form, PolicyError, Reader
from spanwise.policy.policy import policy_of
from spanwise.prompts.error import PromptError
from spanwise.prompts.prompt import VARIABLE, Message, Prompt, Setting


ENDINGS: Final = (".md", ".yaml", ".yml")
MOST_BYTES: Final = 1 << 20

ROLES: Final = ("system", "developer", "user", "assistant")

_FENCE: Final = "---"
_ROLE: Final = re.compile(rf"^<!--[ ]?({'|'.join(ROLES)})[ ]?-->[ ]?$", re.MULTILINE)
NAME: Final = Form("[A-Za-z0-9][A-Za-z0-9_.\\-]{0,127}", "letters, digits, '_', '.' and '-', at most 128")
_LONGEST_TEMPLATE: Final = 1 << 20
_MOST_MESSAGES: Final = 100


def read_prompt(file: Path) -> Prompt:
    """The prompt in `file`.

    Markdown begins with front matter between two lines `---` and goes on with the template; lines as `<!-- system -->`
    make it a chat. In YAML the template is `text`, or `messages` with `role` and `content`.

    Raises:
        PromptError: the file cannot be read or has mistakes; each is a line with file, line and key.
    """
    try:
        data = file.read_bytes()[: MOST_BYTES + 1]
    except OSError as error:
        raise PromptError(f"{file}: cannot be read ({error.strerror or type(error).__name__}).") from None
    if len(data) > MOST_BYTES:
        raise PromptError(f"{file}: larger than {MOST_BYTES} bytes; the file is not read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PromptError(f"{file}: not UTF-8 at byte {error.start}.") from None
    text = text.replace("\r\n", "\n")
    if file.suffix == ".md":
        head, body = _parts(text, file)
    else:
        head, body = text, None
    try:
        policy = policy_of(head.encode(), source=str(file), directory=file.parent)
        return policy.read(lambda reader: _prompt(reader, body, file))
    except PolicyError as error:
        raise PromptError(str(error)) from None


def _parts(text: str, file: Path) -> tuple[str, str]:
    """Front matter, on the lines where it stands, and template."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return "", text
    for index, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return "\n".join(["", *lines[1:index]]), "\n".join(lines[index + 1 :])
    raise PromptError(f"{file}:1: front matter: found no line --- that ends it; accepted: --- alone on its line.")


def _prompt(reader: Reader, body: str | None, file: Path) -> Prompt:
    name = reader.text("name", file.stem, form=NAME, about="Name of the prompt; by default that of the file.")
    version = _version(reader)
    labels = reader.texts("labels", called="a label", form=NAME, about="Names of this version, as production.")
    model = _settings(reader)
    messages = _messages(reader, body)
    defaults = _defaults(reader, messages)
    reader.finish()
    return Prompt(name, messages, version, tuple(labels), model, defaults, str(file))


def _version(reader: Reader) -> str | None:
    if isinstance(reader.anything("version"), int):
        return str(reader.integer("version", None, least=0, most=1_000_000_000, about="Version of the prompt."))
    return reader.text("version", None, form=NAME, about="Version of the prompt.")


def _settings(reader: Reader) -> Mapping[str, Setting]:
    section = reader.section("model", about="Settings of the model, passed on as they are.")
    return {key: section.anything(key) for key in section.keys()}  # noqa: SIM118 - a reader is no mapping


def _messages(reader: Reader, body: str | None) -> tuple[Message, ...]:
    if body is not None:
        return _chat(body) or (Message("", body.strip("\n")),)
    messages = [
        Message(
            str(item.choice("role", ROLES, "user", required=f"one of {', '.join(ROLES)}")),
            str(item.text("content", "", longest=_LONGEST_TEMPLATE, required="the template of the message")),
        )
        for item in reader.sections("messages", most=_MOST_MESSAGES, about="The messages of a chat.")
    ]
    text = reader.text("text", "", longest=_LONGEST_TEMPLATE, about="The template.")
    if bool(text) == bool(messages):
        reader.complain(None, "accepted is either text, the template, or messages, those of a chat.")
    return tuple(messages) or (Message("", text.strip("\n")),)


def _chat(body: str) -> tuple[Message, ...]:
    pieces = _ROLE.split(body)
    return tuple(Message(role, template.strip("\n")) for role, template in zip(pieces[1::2], pieces[2::2], strict=True))


def _defaults(reader: Reader, messages: tuple[Message, ...]) -> Mapping[str, str]:
    """Values of variables that need not be given. A variable that no template has is a mistake of typing."""
    section = reader.section("variables", about="Variables by name; the value is what holds where none is given.")
    known = {name for message in messages for name in VARIABLE.findall(message.template)}
    found: dict[str, str] = {}
    for name in section.keys():  # noqa: SIM118 - a reader is no mapping
        if name not in known:
            section.complain(name, f"no template has this variable. Accepted: {', '.join(sorted(known)) or 'none'}.")
        elif (value := section.anything(name)) is not None:
            found[name] = str(value)
    return found

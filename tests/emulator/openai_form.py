"""Multipart forms, as OpenAI takes them for files: fields as JSON, files by name and size."""

from __future__ import annotations

from collections.abc import Mapping
from email import policy
from email.parser import BytesParser

from tests.emulator.document import Json
from tests.emulator.route import read_json


_PARSER = BytesParser(policy=policy.HTTP)


def read_form(headers: Mapping[str, str], raw: bytes) -> Json | None:
    """The fields of a form; a JSON body is read as well, and `None` is a body that is neither."""
    kind = headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return read_json(headers, raw)
    message = _PARSER.parsebytes(b"content-type: " + kind.encode("latin-1") + b"\r\n\r\n" + raw)
    if not message.is_multipart():
        return None
    body: Json = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        filename = part.get_filename()
        value: object = _value(data.decode()) if filename is None else {"filename": filename, "size": len(data)}
        if name.endswith("[]"):
            body.setdefault(name[:-2], []).append(value)
        else:
            body[name] = value
    return body


def _value(text: str) -> str | bool | int:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isascii() and text.isdecimal() else text
